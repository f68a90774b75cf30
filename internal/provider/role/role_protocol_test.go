package role_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	roleresource "github.com/ramprovider/terraform-provider-ram/internal/provider/role"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type attributes = map[string]any

func role(more attributes) attributes {
	all := attributes{"name": "demo", "assume_role_policy_document": trustSpaced}
	maps.Copy(all, more)
	return all
}

func TestRole_callsAreCounted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	config := role(attributes{"tags": map[string]string{"team": "a"}})

	planned := p.Plan("ram_role", acctest.Object{}, config)
	// It trusts an account, and whether that is the own one only the service can say.
	if got := env.Emulator.Total(); got != 1 || env.Emulator.Count("GetCallerIdentity") != 1 {
		t.Errorf("planning a create made %d calls, want GetCallerIdentity alone", got)
	}
	made, _ := p.Apply(planned)
	if got := env.Emulator.Total(); got != 2 {
		t.Errorf("create made %d calls, want 2: GetCallerIdentity and CreateRole", got)
	}
	env.Emulator.ResetRequests()
	read := env.Protocol(t, nil).MustRead(made)
	if got := env.Emulator.Total(); got != 3 {
		t.Errorf("a refresh made %d calls, want 3: GetCallerIdentity, GetRole, ListTagResources", got)
	}
	env.Emulator.ResetRequests()
	if again := p.Plan("ram_role", read, config); !again.IsEmpty() || env.Emulator.Total() != 0 {
		t.Errorf("the plan after it is empty: %t, with %d calls; want empty with none", again.IsEmpty(), env.Emulator.Total())
	}
	if _, diags := p.Apply(p.Plan("ram_role", read, nil)); diags.HasError() || env.Emulator.Total() != 1 {
		t.Errorf("destroy made %d calls (%q), want 1", env.Emulator.Total(), diags.Errors())
	}
}

func TestRole_importsByNameAndByIdentity(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	config := role(attributes{"description": "d", "max_session_duration": 7200})
	made := p.MustCreate("ram_role", config)
	want := attributes{"name": "demo", "account_id": env.AccountID}
	if diff := cmp.Diff(want, p.IdentityAttributes(made)); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}

	imports := map[string]func() (acctest.Object, acctest.Diagnostics){
		"by name":     func() (acctest.Object, acctest.Diagnostics) { return p.Import("ram_role", "demo") },
		"by identity": func() (acctest.Object, acctest.Diagnostics) { return p.ImportByIdentity("ram_role", want) },
		"by identity, name only": func() (acctest.Object, acctest.Diagnostics) {
			return p.ImportByIdentity("ram_role", attributes{"name": "demo"})
		},
	}
	for how, run := range imports {
		imported, diags := run()
		if diags.HasError() {
			t.Errorf("%s: %q", how, diags.Errors())
			continue
		}
		if !p.Plan("ram_role", imported, config).IsEmpty() {
			t.Errorf("%s: the plan after the import is not empty", how)
		}
		if diff := cmp.Diff(want, p.IdentityAttributes(imported)); diff != "" {
			t.Errorf("%s: identity (-want +got):\n%s", how, diff)
		}
	}

	_, diags := p.ImportByIdentity("ram_role", attributes{"name": "demo", "account_id": "1000000000000009"})
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "Wrong Alibaba Cloud account") {
		t.Errorf("importing from another account: %q", errs)
	}
}

func TestRole_documentsCompareByMeaning(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.RespaceDocuments = true })
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_role", role(nil))
	read := p.MustRead(made)
	for _, spelling := range []string{trustSpaced, trustCompact} {
		if !p.Plan("ram_role", read, role(attributes{"assume_role_policy_document": spelling})).IsEmpty() {
			t.Errorf("a document that the service respaced plans a change for %s", spelling)
		}
	}
}

func TestRole_renameReplaces(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_role", role(nil))
	planned := p.Plan("ram_role", made, role(attributes{"name": "other"}))
	if len(planned.Replace) != 1 {
		t.Fatalf("a change of name plans %v, want a replacement", planned.Replace)
	}
	renamed, diags := p.Apply(planned)
	if diags.HasError() || p.IdentityAttributes(renamed)["name"] != "other" {
		t.Errorf("got identity %v, errors %q", p.IdentityAttributes(renamed), diags.Errors())
	}
	if _, err := env.Client.GetRole(t.Context(), "demo"); !ramclient.IsNotFound(err) {
		t.Errorf("the old role is still there: %v", err)
	}
}

func TestRole_disappears(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_role", role(nil))
	env.Clock.Advance(time.Minute)
	if err := env.Client.DeleteRole(t.Context(), "demo"); err != nil {
		t.Fatal(err)
	}
	if _, diags := p.Apply(p.Plan("ram_role", made, nil)); diags.HasError() {
		t.Errorf("destroying what is gone: %q", diags.Errors())
	}
	if read := p.MustRead(made); read.Exists() {
		t.Errorf("still in state: %s", read.Value)
	}
}

func TestRole_drift(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	config := role(attributes{"description": "ours", "tags": map[string]string{"team": "a"}})
	made := p.MustCreate("ram_role", config)
	env.Clock.Advance(time.Minute)

	theirs := "theirs"
	if _, err := env.Client.UpdateRole(t.Context(), ramclient.UpdateRoleInput{RoleName: "demo", NewDescription: &theirs}); err != nil {
		t.Fatal(err)
	}
	if err := env.Client.TagResources(t.Context(), ramclient.TaggedRole, []string{"demo"}, ramclient.Tags{"extra": "1"}); err != nil {
		t.Fatal(err)
	}
	read := env.Protocol(t, nil).MustRead(made)
	planned := p.Plan("ram_role", read, config)
	got := p.Attributes(planned.Value)
	if got["description"] != "ours" || planned.IsEmpty() {
		t.Errorf("drift is not planned back: %v", got)
	}
	fixed, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	if diff := cmp.Diff(attributes{"team": "a"}, p.Attributes(fixed.Value)["tags_all"]); diff != "" {
		t.Errorf("tags_all (-want +got):\n%s", diff)
	}
}

func TestRole_wrongAccountKeepsState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_role", role(nil))
	other := env.Emulator.Accounts()[1].RootKey
	elsewhere := env.Protocol(t, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret})
	read, diags := elsewhere.Read(made)
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "Wrong Alibaba Cloud account") || !read.Exists() {
		t.Errorf("reading with a key of another account: %q, still in state: %t", errs, read.Exists())
	}
	if _, diags = elsewhere.Apply(elsewhere.Plan("ram_role", made, nil)); len(diags.Errors()) != 1 {
		t.Errorf("destroying with a key of another account: %q", diags.Errors())
	}
	if _, err := env.Client.GetRole(t.Context(), "demo"); err != nil {
		t.Errorf("the role is gone: %v", err)
	}
}

func TestRole_lostAnswerIsAdopted(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"reset after commit": emulator.CommitThenReset(), "500 after commit": emulator.CommitThen500(),
		"reset before": emulator.ResetBefore(), "HTML": emulator.HTML502(), "empty": emulator.EmptyBody(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			p := env.Protocol(t, nil)
			env.Emulator.Fail("CreateRole", fault)
			config := role(attributes{"tags": map[string]string{"team": "a"}})
			made := p.MustCreate("ram_role", config)
			if !p.Plan("ram_role", p.MustRead(made), config).IsEmpty() {
				t.Error("the plan after it is not empty")
			}
		})
	}
}

func TestRole_takenNameShowsTheImportBlock(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	p.MustCreate("ram_role", role(nil))
	made, diags := p.Apply(p.Plan("ram_role", acctest.Object{}, role(nil)))
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], `id = "demo"`) || made.Exists() {
		t.Errorf("got %q and an object in state: %t", errs, made.Exists())
	}
}

func TestRole_lagOfASecond(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	p := env.Protocol(t, nil)
	config := role(nil)
	made := p.MustCreate("ram_role", config)
	read := env.Protocol(t, nil).MustRead(made)
	if !read.Exists() || !p.Plan("ram_role", read, config).IsEmpty() {
		t.Fatal("a role just made does not read back as made")
	}
	changed := role(attributes{"description": "new"})
	updated, diags := p.Apply(p.Plan("ram_role", read, changed))
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	if !p.Plan("ram_role", env.Protocol(t, nil).MustRead(updated), changed).IsEmpty() {
		t.Error("a role just changed does not read back as changed")
	}
}

func TestRole_forceDestroyListsAndDetaches(t *testing.T) {
	t.Parallel()
	const wholeAccount = "\n- policy AliyunOSSReadOnlyAccess (System)"
	for name, test := range map[string]struct {
		scopes []string
		caller func(env *acctest.Env)
		want   string
	}{
		"for the account and a resource group": {
			[]string{"", acctest.ResourceGroup},
			func(*acctest.Env) {},
			wholeAccount + "\n- policy AliyunECSReadOnlyAccess (System) for resource group " + acctest.ResourceGroup,
		},
		"by a caller who may not ask ResourceManager": {
			[]string{""}, func(env *acctest.Env) {
				table := roleresource.NewResource().(permission.Declarer).Permissions()
				env.As(env.Allowed(t, "limited", append(table.Delete, ramclient.OpListPoliciesForRole, ramclient.OpDetachPolicyFromRole)...))
			}, wholeAccount,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithResourceGroup)
			made := env.Protocol(t, nil).MustCreate("ram_role", role(attributes{"force_destroy": true}))
			for i, scope := range test.scopes {
				attach := ramclient.RolePolicy{
					RoleName: "demo", PolicyType: ramclient.PolicySystem, ResourceGroupID: scope,
					PolicyName: []string{"AliyunOSSReadOnlyAccess", "AliyunECSReadOnlyAccess"}[i],
				}
				if err := env.Client.AttachPolicyToRole(t.Context(), attach); err != nil {
					t.Fatal(err)
				}
			}
			env.Clock.Advance(time.Minute)
			test.caller(env)
			p := env.Protocol(t, nil)
			planned := p.Plan("ram_role", made, nil)
			if warnings := planned.Diagnostics.Warnings(); len(warnings) != 1 || !strings.HasSuffix(warnings[0], "before the role does:"+test.want) {
				t.Errorf("the plan does not list the policies: %q", warnings)
			}
			if _, diags := p.Apply(planned); diags.HasError() {
				t.Errorf("destroy: %q", diags.Errors())
			}
		})
	}
}

func TestRole_withoutForceAConflictIsExplained(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_role", role(nil))
	attach := ramclient.RolePolicy{RoleName: "demo", PolicyName: "AliyunOSSReadOnlyAccess", PolicyType: ramclient.PolicySystem}
	if err := env.Client.AttachPolicyToRole(t.Context(), attach); err != nil {
		t.Fatal(err)
	}
	left, diags := p.Apply(p.Plan("ram_role", made, nil))
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "force_destroy = true") || !left.Exists() {
		t.Errorf("got %q, still in state: %t", errs, left.Exists())
	}
}

func TestRole_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	acctest.RequireExactPermissions(t, acctest.Life{
		Type:        "ram_role",
		Permissions: roleresource.NewResource().(permission.Declarer).Permissions(),
		Create:      role(attributes{"tags": map[string]string{"team": "a", "old": "1"}}),
		Update:      role(attributes{"description": "new", "tags": map[string]string{"team": "b"}}),
	})
}

func TestRole_invalidConfig(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	tests := map[string]struct {
		config attributes
		want   string
	}{
		"a name with an underscore": {role(attributes{"name": "a_b"}), "no underscore"},
		"a service-linked role":     {role(attributes{"name": "AliyunServiceRoleForX"}), "managed by the service"},
		"an empty description":      {role(attributes{"description": ""}), "leave the argument out"},
		"too short a session":       {role(attributes{"max_session_duration": 900}), "between 3600 and 43200"},
		"a broken document":         {role(attributes{"assume_role_policy_document": "{\n  oops"}), "line 2"},
		"a principal that is none":  {role(attributes{"assume_role_policy_document": strings.Replace(trustCompact, "acs:ram::1000000000000001:root", "somebody", 1)}), "somebody"},
		"a reserved tag":            {role(attributes{"tags": map[string]string{"acs:x": "1"}}), "reserved"},
	}
	for name, test := range tests {
		errs := p.Validate("ram_role", test.config).Errors()
		if len(errs) != 1 || !strings.Contains(errs[0], test.want) {
			t.Errorf("%s: got %q, want one error with %q", name, errs, test.want)
		}
	}
}
