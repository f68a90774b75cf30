package policy_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	policyresource "github.com/ramprovider/terraform-provider-ram/internal/provider/policy"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type attributes = map[string]any

// settled is longer than a read doubts what contradicts the last write.
const settled = time.Minute

// policy is the configuration of the test's policy, with other and further arguments.
func policy(more attributes) attributes {
	all := attributes{"name": "demo", "policy_document": allowSpaced}
	maps.Copy(all, more)
	return all
}

// allowing is a document that differs from those for other actions.
func allowing(action string) string {
	return fmt.Sprintf(`{"Version":"1","Statement":[{"Effect":"Allow","Action":%q,"Resource":"*"}]}`, action)
}

func TestPolicy_callsAreCounted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	config := policy(attributes{"tags": map[string]string{"team": "a"}})
	count := func(what string, want int) {
		t.Helper()
		if got := env.Emulator.Total(); got != want {
			t.Errorf("%s made %d calls, want %d: %v", what, got, want, env.Emulator.Requests())
		}
		env.Emulator.ResetRequests()
	}

	planned := p.Plan("ram_policy", acctest.Object{}, config)
	count("planning a create", 0)
	made, _ := p.Apply(planned)
	count("create", 2) // GetCallerIdentity, CreatePolicy
	read := env.Protocol(t, nil).MustRead(made)
	count("a refresh", 3) // GetCallerIdentity, GetPolicy, ListTagResources
	if again := p.Plan("ram_policy", read, config); !again.IsEmpty() {
		t.Errorf("the plan after it is not empty: %v", p.Attributes(again.Value))
	}
	count("the plan after it", 0)
	changed := p.MustApply("ram_policy", read, policy(attributes{"policy_document": allowing("ecs:*"), "tags": config["tags"]}))
	count("a change of the document", 1) // CreatePolicyVersion
	if _, diags := p.Apply(p.Plan("ram_policy", changed, nil)); diags.HasError() {
		t.Errorf("destroy: %q", diags.Errors())
	}
	count("destroy", 1) // DeletePolicy
}

func TestPolicy_importsByNameAndByIdentity(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	config := policy(attributes{"description": "d", "keep_versions": nil})
	made := p.MustCreate("ram_policy", config)
	want := attributes{"name": "demo", "account_id": env.AccountID}
	if diff := cmp.Diff(want, p.IdentityAttributes(made)); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}

	imports := map[string]func() (acctest.Object, acctest.Diagnostics){
		"by name":     func() (acctest.Object, acctest.Diagnostics) { return p.Import("ram_policy", "demo") },
		"by identity": func() (acctest.Object, acctest.Diagnostics) { return p.ImportByIdentity("ram_policy", want) },
		"by identity, name only": func() (acctest.Object, acctest.Diagnostics) {
			return p.ImportByIdentity("ram_policy", attributes{"name": "demo"})
		},
	}
	for how, run := range imports {
		imported, diags := run()
		if diags.HasError() {
			t.Errorf("%s: %q", how, diags.Errors())
			continue
		}
		if !p.Plan("ram_policy", imported, config).IsEmpty() {
			t.Errorf("%s: the plan after the import is not empty", how)
		}
		if diff := cmp.Diff(want, p.IdentityAttributes(imported)); diff != "" {
			t.Errorf("%s: identity (-want +got):\n%s", how, diff)
		}
	}

	_, diags := p.ImportByIdentity("ram_policy", attributes{"name": "demo", "account_id": "1000000000000009"})
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "Wrong Alibaba Cloud account") {
		t.Errorf("importing from another account: %q", errs)
	}
}

func TestPolicy_systemPoliciesAreNotManaged(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	for _, name := range []string{"AdministratorAccess", "AliyunOSSReadOnlyAccess"} {
		_, diags := p.Import("ram_policy", name)
		planned := p.Plan("ram_policy", acctest.Object{}, policy(attributes{"name": name}))
		for how, errs := range map[string][]string{"import": diags.Errors(), "plan": planned.Diagnostics.Errors()} {
			if len(errs) != 1 || !strings.Contains(errs[0], fmt.Sprintf("Cannot manage the system policy %q", name)) {
				t.Errorf("%s of %s: got %q", how, name, errs)
			}
		}
	}
	if _, diags := p.Import("ram_policy", "nobody-made-this"); diags.HasError() {
		t.Errorf("a policy that does not exist is Terraform's to report: %q", diags.Errors())
	}
	p.MustCreate("ram_policy", policy(attributes{"name": "AliyunLookAlike"}))
}

func TestPolicy_documentsCompareByMeaning(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.RespaceDocuments = true })
	p := env.Protocol(t, nil)
	read := p.MustRead(p.MustCreate("ram_policy", policy(nil)))
	for _, spelling := range []string{allowSpaced, allowCompact} {
		if !p.Plan("ram_policy", read, policy(attributes{"policy_document": spelling})).IsEmpty() {
			t.Errorf("a document that the service respaced plans a change for %s", spelling)
		}
	}
	// Beside a real change, a respelling still is none.
	planned := p.Plan("ram_policy", read, policy(attributes{"policy_document": allowCompact, "description": "d"}))
	got := p.Attributes(planned.Value)
	if got["default_version"] != "v1" || got["attachment_count"] != 0.0 || got["arn"] != "acs:ram::"+env.AccountID+":policy/demo" {
		t.Errorf("computed values got lost in the plan: %v", got)
	}
}

func TestPolicy_attachmentsFromOutsidePlanNothing(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_policy", policy(nil))
	attachToUser(t, env, "")

	// The count is that of the last read: an update must not contradict its plan.
	config := policy(attributes{"description": "d", "policy_document": allowing("ecs:*")})
	object := p.MustApply("ram_policy", made, config)
	read := env.Protocol(t, nil).MustRead(object)
	if got := p.Attributes(read.Value)["attachment_count"]; got != 1.0 {
		t.Errorf("attachment_count is %v after a refresh, want 1", got)
	}
	if !p.Plan("ram_policy", read, config).IsEmpty() {
		t.Error("an attachment from outside plans a change")
	}
}

func TestPolicy_renameReplaces(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	planned := p.Plan("ram_policy", p.MustCreate("ram_policy", policy(nil)), policy(attributes{"name": "other"}))
	if len(planned.Replace) != 1 {
		t.Fatalf("a change of name plans %v, want a replacement", planned.Replace)
	}
	renamed, diags := p.Apply(planned)
	if diags.HasError() || p.IdentityAttributes(renamed)["name"] != "other" {
		t.Errorf("got identity %v, errors %q", p.IdentityAttributes(renamed), diags.Errors())
	}
	if _, err := env.Client.GetPolicy(t.Context(), ref); !ramclient.IsNotFound(err) {
		t.Errorf("the old policy is still there: %v", err)
	}
}

func TestPolicy_drift(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	config := policy(attributes{"description": "ours", "tags": map[string]string{"team": "a"}})
	made := p.MustCreate("ram_policy", config)
	env.Clock.Advance(settled)
	_, err := env.Client.UpdatePolicyDescription(t.Context(), "demo", "theirs")
	acctest.Must(t, err)
	acctest.Must(t, env.Client.TagResources(t.Context(), ramclient.TaggedPolicy, []string{"demo"}, ramclient.Tags{"extra": "1"}))

	read := env.Protocol(t, nil).MustRead(made)
	planned := p.Plan("ram_policy", read, config)
	if got := p.Attributes(planned.Value)["description"]; got != "ours" || planned.IsEmpty() {
		t.Errorf("drift is not planned back: the description is %v", got)
	}
	fixed := p.MustApply("ram_policy", read, config)
	if diff := cmp.Diff(attributes{"team": "a"}, p.Attributes(fixed.Value)["tags_all"]); diff != "" {
		t.Errorf("tags_all (-want +got):\n%s", diff)
	}
	env.RequireSettled(t, fixed, config)
}

func TestPolicy_theDescriptionCanBeRemoved(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	object := p.MustApply("ram_policy", p.MustCreate("ram_policy", policy(attributes{"description": "d"})), policy(nil))
	if got := p.Attributes(object.Value)["description"]; got != nil {
		t.Errorf("the description is %q, want none", got)
	}
	env.RequireSettled(t, object, policy(nil))
}

func TestPolicy_defaultTags(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	defaults := attributes{"default_tags": attributes{"tags": map[string]string{"team": "a", "env": "test"}}}
	p := env.Protocol(t, defaults)
	config := policy(attributes{"tags": map[string]string{"team": "b"}})
	made := p.MustCreate("ram_policy", config)
	if diff := cmp.Diff(attributes{"team": "b", "env": "test"}, p.Attributes(made.Value)["tags_all"]); diff != "" {
		t.Errorf("tags_all (-want +got):\n%s", diff)
	}
	p = env.Protocol(t, defaults)
	if !p.Plan("ram_policy", p.MustRead(made), config).IsEmpty() {
		t.Error("the plan after it is not empty")
	}
	without := env.Protocol(t, nil)
	object := without.MustApply("ram_policy", without.MustRead(made), config)
	if diff := cmp.Diff(attributes{"team": "b"}, without.Attributes(object.Value)["tags_all"]); diff != "" {
		t.Errorf("tags_all without the defaults (-want +got):\n%s", diff)
	}
}

func TestPolicy_unknownProviderArgumentsPlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_policy", policy(attributes{"force_destroy": true}))
	env.Emulator.ResetRequests()

	p := env.Protocol(t, attributes{"access_key_secret": acctest.Unknown})
	for what, planned := range map[string]acctest.Planned{
		"a create":                              p.Plan("ram_policy", acctest.Object{}, policy(nil)),
		"a create under a system policy's name": p.Plan("ram_policy", acctest.Object{}, policy(attributes{"name": "ReadOnlyAccess"})),
		"an update":                             p.Plan("ram_policy", made, policy(attributes{"description": "d"})),
		"a forced destroy":                      p.Plan("ram_policy", made, nil),
	} {
		if planned.Diagnostics.HasError() {
			t.Errorf("%s cannot be planned: %q", what, planned.Diagnostics.Errors())
		}
	}
	if got := env.Emulator.Total(); got != 0 {
		t.Errorf("the plans made %d calls, want none", got)
	}
}

func TestPolicy_wrongAccountKeepsState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_policy", policy(attributes{"force_destroy": true}))
	other := env.Emulator.Accounts()[1].RootKey
	elsewhere := env.Protocol(t, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret})
	read, diags := elsewhere.Read(made)
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "Wrong Alibaba Cloud account") || !read.Exists() {
		t.Errorf("reading with a key of another account: %q, still in state: %t", errs, read.Exists())
	}
	if errs := elsewhere.Plan("ram_policy", made, nil).Diagnostics.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "Wrong Alibaba Cloud account") {
		t.Errorf("planning a forced destroy with a key of another account: %q", errs)
	}
	changed := policy(attributes{"description": "d", "force_destroy": true})
	if _, diags = elsewhere.Apply(elsewhere.Plan("ram_policy", made, changed)); len(diags.Errors()) != 1 {
		t.Errorf("updating with a key of another account: %q", diags.Errors())
	}
	if _, err := env.Client.GetPolicy(t.Context(), ref); err != nil {
		t.Errorf("the policy is gone: %v", err)
	}
}

func TestPolicy_takenNameShowsTheImportBlock(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	p.MustCreate("ram_policy", policy(nil))
	made, diags := p.Apply(p.Plan("ram_policy", acctest.Object{}, policy(nil)))
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], `id = "demo"`) || made.Exists() {
		t.Errorf("got %q and an object in state: %t", errs, made.Exists())
	}
}

func TestPolicy_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	acctest.RequireExactPermissions(t, acctest.Life{
		Type:        "ram_policy",
		Permissions: policyresource.NewResource().(permission.Declarer).Permissions(),
		Create:      policy(attributes{"keep_versions": 1, "tags": map[string]string{"team": "a", "old": "1"}}),
		Update: policy(attributes{
			"keep_versions": 1, "policy_document": allowing("ecs:*"), "description": "new", "tags": map[string]string{"team": "b"},
		}),
	})
}

func TestPolicy_invalidConfig(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	tests := map[string]struct {
		config attributes
		want   string
	}{
		"a name with an underscore": {policy(attributes{"name": "a_b"}), "letters, digits or '-'"},
		"an empty description":      {policy(attributes{"description": ""}), "leave the argument out"},
		"a long description":        {policy(attributes{"description": strings.Repeat("x", 1025)}), "it has 1025"},
		"no versions":               {policy(attributes{"keep_versions": 0}), "between 1 and 5"},
		"too many versions":         {policy(attributes{"keep_versions": 6}), "between 1 and 5"},
		"a broken document":         {policy(attributes{"policy_document": "{\n  oops"}), "line 2"},
		"a trust policy":            {policy(attributes{"policy_document": strings.Replace(allowing("sts:AssumeRole"), `"Resource"`, `"Principal":{"RAM":"*"},"Resource"`, 1)}), "Principal in a permission policy"},
		"a document that is too long": {
			policy(attributes{"policy_document": allowing("ecs:" + strings.Repeat("x", 6144))}), "at most 6144",
		},
		"a reserved tag": {policy(attributes{"tags": map[string]string{"acs:x": "1"}}), "reserved"},
	}
	for name, test := range tests {
		errs := p.Validate("ram_policy", test.config).Errors()
		if len(errs) != 1 || !strings.Contains(errs[0], test.want) {
			t.Errorf("%s: got %q, want one error with %q", name, errs, test.want)
		}
	}
}
