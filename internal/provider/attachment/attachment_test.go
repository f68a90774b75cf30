package attachment_test

import (
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/attachment"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type attributes = map[string]any

const (
	oss   = "AliyunOSSReadOnlyAccess"
	trust = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1000000000000001:root"}}]}`
	allow = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}]}`
)

// principals are the resources, with a way to make what they attach to.
var principals = map[string]struct {
	typeName, attribute string
	new                 func() resource.Resource
	make                func(testing.TB, *acctest.Env)
	operation           string
}{
	"user":  {"ram_user_policy_attachment", "user_name", attachment.NewUserResource, makeUser, "ForUser"},
	"group": {"ram_group_policy_attachment", "group_name", attachment.NewGroupResource, makeGroup, "ForGroup"},
	"role":  {"ram_role_policy_attachment", "role_name", attachment.NewRoleResource, makeRole, "ForRole"},
}

func makeUser(t testing.TB, env *acctest.Env) {
	t.Helper()
	env.MakeUser(t, "demo")
	env.Clock.Advance(time.Minute)
}

func makeGroup(t testing.TB, env *acctest.Env) {
	t.Helper()
	env.MakeGroup(t, "demo")
	env.Clock.Advance(time.Minute)
}

func makeRole(t testing.TB, env *acctest.Env) {
	t.Helper()
	_, err := env.Client.CreateRole(t.Context(), ramclient.CreateRoleInput{RoleName: "demo", AssumeRolePolicyDocument: trust})
	acctest.Must(t, err)
	env.Clock.Advance(time.Minute)
}

func config(attribute string, more attributes) attributes {
	all := attributes{attribute: "demo", "policy_name": oss, "policy_type": "System"}
	maps.Copy(all, more)
	return all
}

func TestAttachment_lifeAndImport(t *testing.T) {
	t.Parallel()
	for noun, of := range principals {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			of.make(t, env)
			p := env.Protocol(t, nil)
			wanted := config(of.attribute, nil)
			made := p.MustCreate(of.typeName, wanted)
			if !p.Plan(of.typeName, p.MustRead(made), wanted).IsEmpty() {
				t.Error("the plan after apply is not empty")
			}

			identity := attributes{of.attribute: "demo", "policy_name": oss, "policy_type": "System", "resource_group_id": nil, "account_id": env.AccountID}
			if diff := cmp.Diff(identity, p.IdentityAttributes(made)); diff != "" {
				t.Errorf("identity (-want +got):\n%s", diff)
			}
			byID, diags := p.Import(of.typeName, "demo/System/"+oss)
			if diags.HasError() || !p.Plan(of.typeName, byID, wanted).IsEmpty() {
				t.Errorf("import by string: %q, or a plan that is not empty", diags.Errors())
			}
			byIdentity, diags := p.ImportByIdentity(of.typeName, identity)
			if diags.HasError() || !p.Plan(of.typeName, byIdentity, wanted).IsEmpty() {
				t.Errorf("import by identity: %q, or a plan that is not empty", diags.Errors())
			}
			if _, diags := p.Import(of.typeName, "demo/"+oss); len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0], "Expected an import ID of the form") {
				t.Errorf("import by a wrong string: %q", diags.Errors())
			}

			if _, diags := p.Apply(p.Plan(of.typeName, made, nil)); diags.HasError() {
				t.Errorf("destroy: %q", diags.Errors())
			}
			env.Clock.Advance(time.Minute)
			if env.Protocol(t, nil).MustRead(made).Exists() {
				t.Error("a detached policy reads back as attached")
			}
		})
	}
}

func TestAttachment_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	for noun, of := range principals {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			acctest.RequireExactPermissions(t, acctest.Life{
				Type: of.typeName, Permissions: of.new().(permission.Declarer).Permissions(),
				Prepare: of.make, Create: config(of.attribute, nil),
			})
		})
	}
}

func TestAttachment_lostAnswers(t *testing.T) {
	t.Parallel()
	faults := map[string]emulator.Fault{
		"reset after commit": emulator.CommitThenReset(), "500 after commit": emulator.CommitThen500(),
		"reset before": emulator.ResetBefore(), "HTML": emulator.HTML502(), "empty": emulator.EmptyBody(),
	}
	for noun, of := range principals {
		for name, fault := range faults {
			t.Run(noun+", "+name, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				of.make(t, env)
				p := env.Protocol(t, nil)
				attach := strings.Replace(of.operation, "For", "AttachPolicyTo", 1)
				detach := strings.Replace(of.operation, "For", "DetachPolicyFrom", 1)

				env.Emulator.Fail(attach, fault)
				made, diags := p.Apply(p.Plan(of.typeName, acctest.Object{}, config(of.attribute, nil)))
				if diags.HasError() || len(diags.Warnings()) > 0 {
					t.Fatalf("create: errors %q, warnings %q", diags.Errors(), diags.Warnings())
				}
				env.Emulator.Fail(detach, fault)
				if _, diags := p.Apply(p.Plan(of.typeName, made, nil)); diags.HasError() {
					t.Errorf("destroy: %q", diags.Errors())
				}
			})
		}
	}
}

func TestAttachment_onePutThereByAnotherIsAdoptedWithAWarning(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeUser(t, env)
	acctest.Must(t, env.Client.AttachPolicyToUser(t.Context(), ramclient.UserPolicy{UserName: "demo", PolicyName: oss, PolicyType: ramclient.PolicySystem}))
	p := env.Protocol(t, nil)
	made, diags := p.Apply(p.Plan("ram_user_policy_attachment", acctest.Object{}, config("user_name", nil)))
	if diags.HasError() || !made.Exists() || len(diags.Warnings()) != 1 {
		t.Errorf("got errors %q, warnings %q", diags.Errors(), diags.Warnings())
	}
}

func TestAttachment_lagOfASecond(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	p := env.Protocol(t, nil)
	role := p.MustCreate("ram_role", attributes{"name": "demo", "assume_role_policy_document": trust})
	made := p.MustCreate("ram_role_policy_attachment", config("role_name", nil))
	refreshed := env.Protocol(t, nil)
	if !refreshed.Plan("ram_role_policy_attachment", refreshed.MustRead(made), config("role_name", nil)).IsEmpty() {
		t.Error("a policy just attached to a role just made does not read back")
	}
	if _, diags := p.Apply(p.Plan("ram_role_policy_attachment", made, nil)); diags.HasError() {
		t.Errorf("detach: %q", diags.Errors())
	}
	if _, diags := p.Apply(p.Plan("ram_role", role, nil)); diags.HasError() {
		t.Errorf("delete the role at once: %q", diags.Errors())
	}
}

func TestAttachment_thirtyPoliciesOfARoleAreOneList(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeRole(t, env)
	p := env.Protocol(t, nil)
	var made []acctest.Object
	for _, policy := range manyPolicies(t, env) {
		made = append(made, p.MustCreate("ram_role_policy_attachment", attributes{
			"role_name": "demo", "policy_name": policy.PolicyName, "policy_type": string(policy.PolicyType),
		}))
	}
	if len(made) != 30 {
		t.Fatalf("made %d attachments", len(made))
	}
	env.Clock.Advance(time.Minute)
	env.Emulator.ResetRequests()
	refreshed := env.Protocol(t, nil)
	var wait sync.WaitGroup
	for _, object := range made {
		wait.Go(func() {
			if got, diags := refreshed.Read(object); diags.HasError() || !got.Exists() {
				t.Errorf("read: %q", diags.Errors())
			}
		})
	}
	wait.Wait()
	if lists, total := env.Emulator.Count("ListPoliciesForRole"), env.Emulator.Total(); lists != 1 || total != 2 {
		t.Errorf("reading 30 attachments took %d lists and %d calls in all, want 1 and 2 (with GetCallerIdentity)", lists, total)
	}
}

// manyPolicies are 20 system policies and 10 made here, as many as a role may have.
func manyPolicies(t *testing.T, env *acctest.Env) []ramclient.PolicyRef {
	t.Helper()
	var refs []ramclient.PolicyRef
	for policy, err := range env.Client.ListPolicies(t.Context(), ramclient.PolicySystem) {
		acctest.Must(t, err)
		if len(refs) < 20 {
			refs = append(refs, ramclient.PolicyRef{PolicyName: policy.PolicyName, PolicyType: ramclient.PolicySystem})
		}
	}
	for i := range 10 {
		name := fmt.Sprintf("own-%d", i)
		_, err := env.Client.CreatePolicy(t.Context(), ramclient.CreatePolicyInput{PolicyName: name, PolicyDocument: allow})
		acctest.Must(t, err)
		refs = append(refs, ramclient.PolicyRef{PolicyName: name, PolicyType: ramclient.PolicyCustom})
	}
	return refs
}

func TestAttachment_policyTypeIsLookedUp(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeRole(t, env)
	custom := func(name string) {
		_, err := env.Client.CreatePolicy(t.Context(), ramclient.CreatePolicyInput{PolicyName: name, PolicyDocument: allow})
		acctest.Must(t, err)
	}
	custom("own")
	custom(oss) // a namesake of a system policy
	p := env.Protocol(t, nil)
	plan := func(name string) acctest.Planned {
		return p.Plan("ram_role_policy_attachment", acctest.Object{}, attributes{"role_name": "demo", "policy_name": name})
	}
	tests := map[string]any{"own": "Custom", "AliyunECSReadOnlyAccess": "System", "not-yet": acctest.Unknown}
	for name, want := range tests {
		planned := plan(name)
		if got := p.Attributes(planned.Value)["policy_type"]; got != want || planned.Diagnostics.HasError() {
			t.Errorf("policy_type of %q is planned as %v, want %v (%q)", name, got, want, planned.Diagnostics.Errors())
		}
	}
	if errs := plan(oss).Diagnostics.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "ambiguous") {
		t.Errorf("two policies of one name: %q", errs)
	}

	late := plan("not-yet")
	custom("not-yet")
	if made, diags := p.Apply(late); diags.HasError() || p.Attributes(made.Value)["policy_type"] != "Custom" {
		t.Errorf("a policy made between plan and apply: %v, %q", p.Attributes(made.Value), diags.Errors())
	}
	if _, diags := p.Apply(plan("never")); len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0], "There is no such policy") {
		t.Errorf("a policy that never comes: %q", diags.Errors())
	}
}

func TestAttachment_followsARenamedUser(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeUser(t, env)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user_policy_attachment", config("user_name", nil))
	userID, _ := p.Attributes(made.Value)["user_id"].(string)
	env.Clock.Advance(time.Minute)

	renamed := env.PrincipalName("renamed")
	_, err := env.Client.UpdateUser(t.Context(), ramclient.UpdateUserInput{UserID: userID, NewUserPrincipalName: &renamed})
	acctest.Must(t, err)

	p = env.Protocol(t, nil)
	seen := p.MustRead(made)
	if got := p.Attributes(seen.Value)["user_name"]; got != "renamed" {
		t.Fatalf("after an outside rename user_name is %v, want renamed", got)
	}
	if got := p.IdentityAttributes(seen)["user_name"]; got != "renamed" {
		t.Errorf("identity has user_name %v, want renamed", got)
	}
	planned := p.Plan("ram_user_policy_attachment", made, config("user_name", attributes{"user_name": "renamed"}))
	if len(planned.Replace) > 0 {
		t.Fatalf("following the same user plans a replacement: %v", planned.Replace)
	}
	env.Emulator.ResetRequests()
	if _, diags := p.Apply(planned); diags.HasError() {
		t.Errorf("follow: %q", diags.Errors())
	}
	for _, operation := range []string{"AttachPolicyToUser", "DetachPolicyFromUser"} {
		if n := env.Emulator.Count(operation); n != 0 {
			t.Errorf("following a rename sent %d %s", n, operation)
		}
	}
}

func TestAttachment_anotherUserIsAnotherAttachment(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeUser(t, env)
	env.MakeUser(t, "other")
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user_policy_attachment", config("user_name", nil))
	planned := p.Plan("ram_user_policy_attachment", made, config("user_name", attributes{"user_name": "other"}))
	if len(planned.Replace) != 1 {
		t.Fatalf("another user plans %v, want a replacement", planned.Replace)
	}
	moved, diags := p.Apply(planned)
	if diags.HasError() || p.Attributes(moved.Value)["user_name"] != "other" {
		t.Errorf("got %v, %q", p.Attributes(moved.Value), diags.Errors())
	}
	attached, err := env.Client.ListPoliciesForUser(t.Context(), "demo")
	acctest.Must(t, err)
	if len(attached) != 0 {
		t.Errorf("the first user still has %v", attached)
	}
}

func TestAttachment_aNamesakeOfTheUserIsNotTheUser(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeUser(t, env)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user_policy_attachment", config("user_name", nil))
	userID, _ := p.Attributes(made.Value)["user_id"].(string)
	env.Clock.Advance(time.Minute)
	acctest.Must(t, env.Client.DetachPolicyFromUser(t.Context(), ramclient.UserPolicy{UserName: "demo", PolicyName: oss, PolicyType: ramclient.PolicySystem}))
	acctest.Must(t, env.Client.DeleteUser(t.Context(), userID))
	makeUser(t, env)
	acctest.Must(t, env.Client.AttachPolicyToUser(t.Context(), ramclient.UserPolicy{UserName: "demo", PolicyName: oss, PolicyType: ramclient.PolicySystem}))
	if env.Protocol(t, nil).MustRead(made).Exists() {
		t.Error("the attachment of a namesake was taken for ours")
	}
}

func TestAttachment_wrongAccountKeepsState(t *testing.T) {
	t.Parallel()
	for noun, of := range principals {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			of.make(t, env)
			made := env.Protocol(t, nil).MustCreate(of.typeName, config(of.attribute, nil))
			other := env.Emulator.Accounts()[1].RootKey
			elsewhere := env.Protocol(t, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret})
			got, diags := elsewhere.Read(made)
			if len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0], "Wrong Alibaba Cloud account") || !got.Exists() {
				t.Errorf("read: %q, still in state: %t", diags.Errors(), got.Exists())
			}
		})
	}
}

func TestAttachment_aHundredAtTheDocumentedRate(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.EnforceRates = true })
	for i := range 10 {
		_, err := env.Client.CreateRole(t.Context(), ramclient.CreateRoleInput{RoleName: fmt.Sprintf("demo-%d", i), AssumeRolePolicyDocument: trust})
		acctest.Must(t, err)
	}
	policies := manyPolicies(t, env)[20:]
	env.Clock.Advance(time.Minute)
	p := env.Protocol(t, nil)
	began := env.Clock.Now()
	for i := range 100 {
		p.MustCreate("ram_role_policy_attachment", attributes{
			"role_name": fmt.Sprintf("demo-%d", i/10), "policy_name": policies[i%10].PolicyName, "policy_type": "Custom",
		})
	}
	if took, limit := env.Clock.Now().Sub(began), 12*time.Second; took > limit {
		t.Errorf("100 attachments took %s, want at most %s (10 a second are allowed)", took, limit)
	}
	if n := env.Emulator.Count("AttachPolicyToRole"); n > 102 {
		t.Errorf("sent %d requests for 100 attachments", n)
	}
}
