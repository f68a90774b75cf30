package networkpolicy_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/networkpolicy"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const resourceType = "ram_access_key_network_policy"

type attributes = map[string]any

// world is an account with a user "demo" who has one key.
type world struct {
	*acctest.Env
	key ramclient.AccessKeyRef
}

func newWorld(t *testing.T) world {
	t.Helper()
	env := acctest.New(t)
	key := env.UserKey(t, "demo")
	env.Clock.Advance(time.Minute)
	env.Emulator.ResetRequests()
	return world{env, ramclient.AccessKeyRef{UserPrincipalName: env.PrincipalName("demo"), AccessKeyID: key.ID}}
}

func (w world) config(more attributes) attributes {
	all := attributes{"access_key_id": w.key.AccessKeyID, "statements": []any{public("203.0.113.0/24", "2001:db8::1"), within("vpc-1", "172.16.0.0/16")}}
	maps.Copy(all, more)
	return all
}

func public(networks ...string) attributes {
	return attributes{"type": "ClassicWhiteList", "ip_list": networks}
}

func within(vpcID string, networks ...string) attributes {
	return attributes{"type": "VPCWhiteList", "vpc_id": vpcID, "ip_list": networks}
}

// onServer is the policy that the key has.
func (w world) onServer(t *testing.T) ramclient.AccessKeyPolicy {
	t.Helper()
	policy, err := w.Client.GetAccessKeyPolicy(t.Context(), w.key)
	acctest.Must(t, err)
	return policy
}

// setOutside sets the policy in the console.
func (w world) setOutside(t *testing.T, status ramclient.AccessKeyPolicyStatus, statements ...ramclient.AccessKeyPolicyStatement) {
	t.Helper()
	_, err := w.Client.SetAccessKeyPolicy(t.Context(), w.key, ramclient.AccessKeyPolicy{Status: status, Statements: statements})
	acctest.Must(t, err)
	w.Clock.Advance(time.Minute)
}

var reset = ramclient.AccessKeyPolicy{Status: ramclient.AccessKeyPolicyInactive, Statements: []ramclient.AccessKeyPolicyStatement{}}

func TestNetworkPolicy_life(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Protocol(t, nil)
	made := p.MustCreate(resourceType, w.config(nil))
	want := ramclient.AccessKeyPolicy{Status: ramclient.AccessKeyPolicyActive, Statements: []ramclient.AccessKeyPolicyStatement{
		{Type: ramclient.NetworkPublic, IPList: []string{"2001:db8::1", "203.0.113.0/24"}},
		{Type: ramclient.NetworkVPC, VPC: "vpc-1", IPList: []string{"172.16.0.0/16"}},
	}}
	if diff := cmp.Diff(want, w.onServer(t)); diff != "" {
		t.Errorf("after create (-want +got):\n%s", diff)
	}
	p = w.Protocol(t, nil)
	made = p.MustRead(made)
	reordered := w.config(attributes{"statements": []any{within("vpc-1", "172.16.0.0/16"), public("2001:db8::1", "203.0.113.0/24")}})
	if !p.Plan(resourceType, made, reordered).IsEmpty() {
		t.Error("another order plans a change")
	}

	made = p.MustApply(resourceType, made, w.config(attributes{"status": "Inactive", "statements": []any{within("AllowAllVPC", "10.0.0.0/8")}}))
	want = ramclient.AccessKeyPolicy{Status: ramclient.AccessKeyPolicyInactive, Statements: []ramclient.AccessKeyPolicyStatement{
		{Type: ramclient.NetworkVPC, VPC: ramclient.AllVPCs, IPList: []string{"10.0.0.0/8"}},
	}}
	if diff := cmp.Diff(want, w.onServer(t)); diff != "" {
		t.Errorf("after update (-want +got):\n%s", diff)
	}
	p.MustDestroy(made)
	if diff := cmp.Diff(reset, w.onServer(t)); diff != "" {
		t.Errorf("after destroy (-want +got):\n%s", diff)
	}
}

func TestNetworkPolicy_import(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Protocol(t, nil)
	identity := attributes{"access_key_id": w.key.AccessKeyID, "account_id": w.AccountID}
	if none, diags := p.Import(resourceType, w.key.AccessKeyID); diags.HasError() || none.Exists() {
		t.Errorf("import of a key without a policy: %q, exists: %t", diags.Errors(), none.Exists())
	}
	made := p.MustCreate(resourceType, w.config(nil))
	if diff := cmp.Diff(identity, p.IdentityAttributes(made)); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	imports := map[string]func() (acctest.Object, acctest.Diagnostics){
		"by key ID":   func() (acctest.Object, acctest.Diagnostics) { return p.Import(resourceType, w.key.AccessKeyID) },
		"by identity": func() (acctest.Object, acctest.Diagnostics) { return p.ImportByIdentity(resourceType, identity) },
		"by identity, key only": func() (acctest.Object, acctest.Diagnostics) {
			return p.ImportByIdentity(resourceType, attributes{"access_key_id": w.key.AccessKeyID})
		},
	}
	for how, run := range imports {
		imported, diags := run()
		if diags.HasError() || !p.Plan(resourceType, imported, w.config(nil)).IsEmpty() {
			t.Errorf("%s: %q, or a plan that is not empty", how, diags.Errors())
		}
	}
	elsewhere := attributes{"access_key_id": w.key.AccessKeyID, "account_id": "1000000000000009"}
	if _, diags := p.ImportByIdentity(resourceType, elsewhere); len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0], "Wrong Alibaba Cloud account") {
		t.Errorf("import from another account: %q", diags.Errors())
	}
}

func TestNetworkPolicy_drift(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.Protocol(t, nil).MustCreate(resourceType, w.config(nil))
	tests := map[string]ramclient.AccessKeyPolicy{
		"disabled":      {Status: ramclient.AccessKeyPolicyInactive, Statements: w.onServer(t).Statements},
		"opened wide":   {Status: ramclient.AccessKeyPolicyActive, Statements: []ramclient.AccessKeyPolicyStatement{{Type: ramclient.NetworkPublic, IPList: []string{"0.0.0.0/0"}}}},
		"closed to all": {Status: ramclient.AccessKeyPolicyActive},
	}
	for name, outside := range tests {
		w.setOutside(t, outside.Status, outside.Statements...)
		p := w.Protocol(t, nil)
		seen := p.MustRead(made)
		if !seen.Exists() || p.Plan(resourceType, seen, w.config(nil)).IsEmpty() {
			t.Errorf("%s outside: nothing is planned", name)
		}
		made = p.MustApply(resourceType, seen, w.config(nil))
		w.Clock.Advance(time.Minute)
	}
}

func TestNetworkPolicy_disappears(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*testing.T, world){
		"reset":               func(t *testing.T, w world) { t.Helper(); w.setOutside(t, ramclient.AccessKeyPolicyInactive) },
		"key in the bin":      func(t *testing.T, w world) { t.Helper(); acctest.Must(t, w.Client.DeleteAccessKey(t.Context(), w.key)) },
		"policy says 404":     failReads("EntityNotExist.AccessKeyPolicy"),
		"key unknown to both": failReads("EntityNotExist.User.AccessKey"),
	}
	for name, remove := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made := w.Protocol(t, nil).MustCreate(resourceType, w.config(nil))
			w.Clock.Advance(time.Minute)
			remove(t, w)
			if w.Protocol(t, nil).MustRead(made).Exists() {
				t.Error("it is still in state")
			}
		})
	}
}

func failReads(code string) func(*testing.T, world) {
	return func(_ *testing.T, w world) {
		w.Emulator.Fail("GetAccessKeyPolicy", emulator.Refuse(404, code, "Not found."))
	}
}

func TestNetworkPolicy_aParentUnknownIsNotGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.Protocol(t, nil).MustCreate(resourceType, w.config(nil))
	w.Clock.Advance(time.Minute)
	failReads("EntityNotExist.User")(t, w)
	if got, diags := w.Protocol(t, nil).Read(made); !diags.HasError() || !got.Exists() {
		t.Errorf("got errors %q, still in state: %t", diags.Errors(), got.Exists())
	}
}

func TestNetworkPolicy_destroyOfAKeyInTheBinIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Protocol(t, nil)
	made := p.MustCreate(resourceType, w.config(nil))
	acctest.Must(t, w.Client.DeleteAccessKey(t.Context(), w.key))
	p.MustDestroy(made)
}

func TestNetworkPolicy_followsARenamedOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.Protocol(t, nil).MustCreate(resourceType, w.config(nil))
	owner, err := w.Client.GetUser(t.Context(), ramclient.GetUserInput{UserPrincipalName: w.key.UserPrincipalName})
	acctest.Must(t, err)
	renamed := w.PrincipalName("renamed")
	_, err = w.Client.UpdateUser(t.Context(), ramclient.UpdateUserInput{UserID: owner.UserID, NewUserPrincipalName: &renamed})
	acctest.Must(t, err)
	p := w.Protocol(t, nil)
	made = p.MustRead(made)
	if !p.Plan(resourceType, made, w.config(nil)).IsEmpty() {
		t.Error("a rename of the owner plans a change")
	}
	p.MustApply(resourceType, made, w.config(attributes{"status": "Inactive"}))
}

func TestNetworkPolicy_oneSetOutsideIsNotOverwritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setOutside(t, ramclient.AccessKeyPolicyActive, ramclient.AccessKeyPolicyStatement{Type: ramclient.NetworkPublic, IPList: []string{"198.51.100.1"}})
	before := w.onServer(t)
	p := w.Protocol(t, nil)
	made, diags := p.Apply(p.Plan(resourceType, acctest.Object{}, w.config(nil)))
	errs := diags.Errors()
	if len(errs) != 1 || !strings.Contains(errs[0], fmt.Sprintf("id = %q", w.key.AccessKeyID)) || made.Exists() {
		t.Errorf("got %q, want one error with an import block", errs)
	}
	if diff := cmp.Diff(before, w.onServer(t)); diff != "" {
		t.Errorf("the policy was touched (-before +after):\n%s", diff)
	}
	// One that is the same already, perhaps from a run that was stopped, is taken over.
	p.MustCreate(resourceType, w.config(attributes{"statements": []any{public("198.51.100.1")}}))
}

func TestNetworkPolicy_unknownKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Protocol(t, nil)
	_, diags := p.Apply(p.Plan(resourceType, acctest.Object{}, w.config(attributes{"access_key_id": "LTAIexample000000000001"})))
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "no RAM user has this AccessKey") {
		t.Errorf("got %q", errs)
	}
	if n := w.Emulator.Count("GetUser"); n != 1 {
		t.Errorf("an unknown key was looked for %d times, want once", n)
	}
}

func TestNetworkPolicy_anotherKeyReplaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second, err := w.Client.CreateAccessKey(t.Context(), w.key.UserPrincipalName)
	acctest.Must(t, err)
	p := w.Protocol(t, nil)
	made := p.MustCreate(resourceType, w.config(nil))
	planned := p.Plan(resourceType, made, w.config(attributes{"access_key_id": second.AccessKeyID}))
	if len(planned.Replace) != 1 {
		t.Fatalf("another key plans %v, want a replacement", planned.Replace)
	}
	if _, diags := p.Apply(planned); diags.HasError() {
		t.Errorf("replace: %q", diags.Errors())
	}
	if diff := cmp.Diff(reset, w.onServer(t)); diff != "" {
		t.Errorf("the first key's policy (-want +got):\n%s", diff)
	}
}

func TestNetworkPolicy_callsAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	counted := func(what string, want int) {
		t.Helper()
		if got := w.Emulator.Total(); got != want {
			t.Errorf("%s took %d calls, want %d", what, got, want)
		}
		w.Emulator.ResetRequests()
	}
	p := w.Protocol(t, nil)
	planned := p.Plan(resourceType, acctest.Object{}, w.config(nil))
	counted("planning a create", 0)
	made, _ := p.Apply(planned)
	counted("a create (GetCallerIdentity, GetUser, GetAccessKeyPolicy, SetAccessKeyPolicy)", 4)
	p = w.Protocol(t, nil)
	made = p.MustRead(made)
	counted("a refresh (GetCallerIdentity, GetUser, GetAccessKeyPolicy)", 3)
	p.Plan(resourceType, made, w.config(nil))
	counted("a plan", 0)
	made = p.MustApply(resourceType, made, w.config(attributes{"status": "Inactive"}))
	counted("an update (GetUser, SetAccessKeyPolicy)", 2)
	p.MustDestroy(made)
	counted("a destroy (GetUser, SetAccessKeyPolicy)", 2)
}

func TestNetworkPolicy_lagOfASecond(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	p := env.Protocol(t, attributes{"plaintext_secrets": "allow"})
	create := func(resourceType string, config attributes) acctest.Object {
		t.Helper()
		made, diags := p.Apply(p.Plan(resourceType, acctest.Object{}, config))
		if diags.HasError() {
			t.Fatalf("create %s: %q", resourceType, diags.Errors())
		}
		return made
	}
	create("ram_user", attributes{"name": "demo"})
	key := p.Attributes(create("ram_access_key", attributes{"user_name": "demo"}).Value)["access_key_id"]
	config := func(network string) attributes {
		return attributes{"access_key_id": key, "statements": []any{public(network)}}
	}
	made := create(resourceType, config("203.0.113.1"))
	requireEmptyPlan := func(config attributes) {
		t.Helper()
		next := env.Protocol(t, nil)
		made = next.MustRead(made)
		if !next.Plan(resourceType, made, config).IsEmpty() {
			t.Errorf("what was just written does not read back: %v", next.Attributes(made.Value))
		}
	}
	requireEmptyPlan(config("203.0.113.1"))
	made = p.MustApply(resourceType, made, config("203.0.113.2"))
	requireEmptyPlan(config("203.0.113.2"))
	p.MustDestroy(made)
	made = create(resourceType, config("203.0.113.3")) // the old one still shows
	requireEmptyPlan(config("203.0.113.3"))
}

func TestNetworkPolicy_lostAnswers(t *testing.T) {
	t.Parallel()
	for name, fault := range acctest.Faults() {
		if name == "refused" || name == "slow" || name == "expired token" {
			continue // no lost answers
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.Protocol(t, nil)
			w.Emulator.Fail("SetAccessKeyPolicy", fault())
			made := p.MustCreate(resourceType, w.config(nil))
			w.Emulator.Fail("SetAccessKeyPolicy", fault())
			made = p.MustApply(resourceType, made, w.config(attributes{"status": "Inactive"}))
			w.Emulator.Fail("SetAccessKeyPolicy", fault())
			p.MustDestroy(made)
			if diff := cmp.Diff(reset, w.onServer(t)); diff != "" {
				t.Errorf("after destroy (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNetworkPolicy_wrongAccountKeepsState(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.Protocol(t, nil).MustCreate(resourceType, w.config(nil))
	other := w.Emulator.Accounts()[1].RootKey
	elsewhere := w.Protocol(t, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret})
	got, diags := elsewhere.Read(made)
	if len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0], "Wrong Alibaba Cloud account") || !got.Exists() {
		t.Errorf("read: %q, still in state: %t", diags.Errors(), got.Exists())
	}
	if _, diags := elsewhere.Apply(elsewhere.Plan(resourceType, made, nil)); len(diags.Errors()) != 1 {
		t.Errorf("destroy: %q, want one error", diags.Errors())
	}
}

func TestNetworkPolicy_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	statements := []any{public("203.0.113.0/24")}
	acctest.RequireExactPermissions(t, acctest.Life{
		Type: resourceType, Permissions: networkpolicy.NewResource().(permission.Declarer).Permissions(),
		Given: func(t testing.TB, e *acctest.Env) map[string]any {
			t.Helper()
			return attributes{"access_key_id": e.UserKey(t, "demo").ID}
		},
		Create: attributes{"statements": statements},
		Update: attributes{"statements": statements, "status": "Inactive"},
	})
}

func TestNetworkPolicy_invalidConfig(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Protocol(t, nil)
	many := func(n int) (networks []string) {
		for i := range n {
			networks = append(networks, fmt.Sprintf("203.0.113.%d", i))
		}
		return networks
	}
	manyStatements := func(n int) (statements []any) {
		for _, network := range many(n) {
			statements = append(statements, public(network))
		}
		return statements
	}
	tests := map[string]struct {
		config attributes
		want   string // "" if valid
	}{
		"fifty addresses":          {attributes{"statements": []any{public(many(25)...), within("vpc-1", many(25)...)}}, ""},
		"fifty-one addresses":      {attributes{"statements": []any{public(many(25)...), within("vpc-1", many(26)...)}}, "at most 50"},
		"eight statements":         {attributes{"statements": manyStatements(8)}, ""},
		"nine statements":          {attributes{"statements": manyStatements(9)}, "at most 8"},
		"no statements":            {attributes{"statements": []any{}}, "at least 1"},
		"no addresses":             {attributes{"statements": []any{public()}}, "at least 1"},
		"another type":             {attributes{"statements": []any{attributes{"type": "Any", "ip_list": []string{"10.0.0.0/8"}}}}, "ClassicWhiteList"},
		"another status":           {attributes{"status": "On"}, "Inactive"},
		"a VPC on the Internet":    {attributes{"statements": []any{attributes{"type": "ClassicWhiteList", "vpc_id": "vpc-1", "ip_list": []string{"10.0.0.0/8"}}}}, "has no vpc_id"},
		"no VPC":                   {attributes{"statements": []any{attributes{"type": "VPCWhiteList", "ip_list": []string{"10.0.0.0/8"}}}}, "needs a vpc_id"},
		"a name for a VPC":         {attributes{"statements": []any{within("office", "10.0.0.0/8")}}, "needs a vpc_id"},
		"a VPC not known yet":      {attributes{"statements": []any{attributes{"type": "VPCWhiteList", "vpc_id": acctest.Unknown, "ip_list": []string{"10.0.0.0/8"}}}}, ""},
		"addresses not known yet":  {attributes{"statements": []any{attributes{"type": "ClassicWhiteList", "ip_list": acctest.Unknown}}}, ""},
		"an address not known yet": {attributes{"statements": []any{attributes{"type": "ClassicWhiteList", "ip_list": []any{acctest.Unknown}}}}, ""},
		"nothing known yet":        {attributes{"access_key_id": acctest.Unknown, "status": acctest.Unknown, "statements": acctest.Unknown}, ""},
		"a host name":              {attributes{"statements": []any{public("example.com")}}, "expected an address"},
		"an address with a zone":   {attributes{"statements": []any{public("fe80::1%eth0")}}, "expected an address"},
		"too long a prefix":        {attributes{"statements": []any{public("203.0.113.0/33")}}, "expected a block"},
		"bits behind the prefix":   {attributes{"statements": []any{public("203.0.113.7/24")}}, "write it as 203.0.113.0/24"},
		"capitals":                 {attributes{"statements": []any{public("2001:DB8::1")}}, "write it as 2001:db8::1"},
	}
	for name, test := range tests {
		errs := p.Validate(resourceType, w.config(test.config)).Errors()
		if test.want == "" && len(errs) > 0 || test.want != "" && (len(errs) != 1 || !strings.Contains(errs[0], test.want)) {
			t.Errorf("%s: got %q, want %q", name, errs, test.want)
		}
	}
}
