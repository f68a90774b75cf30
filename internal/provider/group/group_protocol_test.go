package group_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	groupresource "github.com/ramprovider/terraform-provider-ram/internal/provider/group"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type attributes = map[string]any

// group is the configuration of a group called dev, with more attributes or others.
func group(more attributes) attributes {
	all := attributes{"name": "dev"}
	maps.Copy(all, more)
	return all
}

func TestGroup_callsAreCounted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	var made acctest.Object
	for _, step := range []struct {
		name string
		run  func(*acctest.Protocol)
		want []string
	}{
		{"plan of a create", func(p *acctest.Protocol) { p.Plan("ram_group", made, group(nil)) }, nil},
		{"create", func(p *acctest.Protocol) { made = p.MustCreate("ram_group", group(nil)) }, []string{"GetCallerIdentity", "CreateGroup"}},
		{"plan of one group", func(p *acctest.Protocol) {
			made, _ = p.Read(made)
			p.Plan("ram_group", made, group(nil))
		}, []string{"GetCallerIdentity", "GetGroup"}},
		{"rename", func(p *acctest.Protocol) { made = p.MustApply("ram_group", made, group(attributes{"name": "ops"})) }, []string{"GetCallerIdentity", "GetGroup", "UpdateGroup"}},
		{"change of force_destroy", func(p *acctest.Protocol) {
			made = p.MustApply("ram_group", made, group(attributes{"name": "ops", "force_destroy": false}))
		}, []string{"GetCallerIdentity"}},
		{"destroy", func(p *acctest.Protocol) { p.MustDestroy(made) }, []string{"GetCallerIdentity", "GetGroup", "DeleteGroup"}},
	} {
		env.Emulator.ResetRequests()
		step.run(env.Protocol(t, nil))
		got := env.TakeCalls()
		if !slices.Equal(got, step.want) {
			t.Errorf("%s: got calls %v, want %v", step.name, got, step.want)
		}
	}
}

func TestGroup_renameInPlace(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_group", group(attributes{"display_name": "Developers", "comments": "c"}))
	id := groupNamed(t, env, "dev").GroupID

	config := group(attributes{"name": "ops", "comments": "new"})
	planned := p.Plan("ram_group", made, config)
	if len(planned.Replace) > 0 {
		t.Fatalf("a rename plans a replacement for %v", planned.Replace)
	}
	renamed, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	got := groupNamed(t, env, "ops")
	if got.GroupID != id || got.DisplayName != "" || got.Comments != "new" {
		t.Errorf("got %+v, want group %s without display name", got, id)
	}
	want := attributes{"name": "ops", "account_id": env.AccountID}
	if diff := cmp.Diff(want, p.IdentityAttributes(renamed)); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	if got, want := p.Attributes(renamed.Value)["arn"], "acs:ram::"+env.AccountID+":group/ops"; got != want {
		t.Errorf("got ARN %v, want %s", got, want)
	}
	env.RequireSettled(t, renamed, config)
}

func TestGroup_outsideRenameIsFollowed(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_group", group(nil))
	id := groupNamed(t, env, "dev").GroupID
	env.Clock.Advance(settled)
	renameOutside(t, env, "dev", "elsewhere")
	env.MakeGroup(t, "dev") // a namesake

	read := env.Protocol(t, nil).MustRead(made)
	if got := p.Attributes(read.Value); got["name"] != "elsewhere" || got["group_id"] != id {
		t.Errorf("got %v, want the same group under its new name", got)
	}
	if got := p.IdentityAttributes(read)["name"]; got != "elsewhere" {
		t.Errorf("identity has the name %v", got)
	}
	planned := p.Plan("ram_group", read, group(nil))
	if planned.IsEmpty() || len(planned.Replace) > 0 {
		t.Errorf("the rename back is not planned in place: empty %t, replace %v", planned.IsEmpty(), planned.Replace)
	}
	_, diags := p.Apply(planned)
	acctest.RequireOne(t, diags.Errors(), "EntityAlreadyExists.Group", `Cannot update RAM group "elsewhere"`)
}

// A caller who may not list groups takes a group renamed elsewhere for gone.
func TestGroup_outsideRenameWithoutTheList(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_group", group(nil))
	env.Clock.Advance(settled)
	renameOutside(t, env, "dev", "elsewhere")
	env.As(env.Allowed(t, "limited", ramclient.OpGetGroup))
	if read := env.Protocol(t, nil).MustRead(made); read.Exists() {
		t.Errorf("still in state: %s", read.Value)
	}
}

// Another group of the same name is none of the resource's business.
func TestGroup_namesakeIsNotTakenForTheGroup(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_group", group(attributes{"force_destroy": true}))
	env.Clock.Advance(settled)
	acctest.Must(t, env.Client.DeleteGroup(t.Context(), "dev"))
	namesake := env.MakeGroup(t, "dev")

	if read := env.Protocol(t, nil).MustRead(made); read.Exists() {
		t.Errorf("the namesake is taken for the group: %s", read.Value)
	}
	_, diags := p.Apply(p.Plan("ram_group", made, group(attributes{"comments": "ours", "force_destroy": true})))
	acctest.RequireOne(t, diags.Errors(), `Cannot update RAM group "dev"`, "there is no group with ID")
	planned := p.Plan("ram_group", made, nil)
	if warnings := planned.Diagnostics.Warnings(); len(warnings) > 0 {
		t.Errorf("the plan of the destroy warns: %q", warnings)
	}
	if _, diags := p.Apply(planned); diags.HasError() {
		t.Errorf("destroy: %q", diags.Errors())
	}
	if diff := cmp.Diff(namesake, groupNamed(t, env, "dev")); diff != "" {
		t.Errorf("the namesake was touched (-before +after):\n%s", diff)
	}
}

func TestGroup_nameKnownAfterApply(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	planned := p.Plan("ram_group", acctest.Object{}, attributes{"name": acctest.Unknown})
	made, diags := p.Apply(p.Resolve(planned, group(nil)))
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	planned = p.Plan("ram_group", made, attributes{"name": acctest.Unknown})
	got := p.Attributes(planned.Value)
	if got["arn"] != any(acctest.Unknown) || got["group_id"] == any(acctest.Unknown) {
		t.Errorf("a name known after apply plans %v", got)
	}
	renamed, diags := p.Apply(p.Resolve(planned, group(attributes{"name": "ops"})))
	if diags.HasError() || p.Attributes(renamed.Value)["arn"] != "acs:ram::"+env.AccountID+":group/ops" {
		t.Errorf("got %v, errors %q", p.Attributes(renamed.Value), diags.Errors())
	}
}

func TestGroup_imports(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	config := group(attributes{"display_name": "Developers", "comments": "c"})
	want := p.IdentityAttributes(p.MustCreate("ram_group", config))
	for how, run := range map[string]func() (acctest.Object, acctest.Diagnostics){
		"by name":     func() (acctest.Object, acctest.Diagnostics) { return p.Import("ram_group", "dev") },
		"by identity": func() (acctest.Object, acctest.Diagnostics) { return p.ImportByIdentity("ram_group", want) },
		"by identity, name only": func() (acctest.Object, acctest.Diagnostics) {
			return p.ImportByIdentity("ram_group", attributes{"name": "dev"})
		},
	} {
		imported, diags := run()
		if diags.HasError() {
			t.Errorf("%s: %q", how, diags.Errors())
			continue
		}
		if !p.Plan("ram_group", imported, config).IsEmpty() {
			t.Errorf("%s: the plan after the import is not empty", how)
		}
		if diff := cmp.Diff(want, p.IdentityAttributes(imported)); diff != "" {
			t.Errorf("%s: identity (-want +got):\n%s", how, diff)
		}
	}
	_, diags := p.ImportByIdentity("ram_group", attributes{"name": "dev", "account_id": "1000000000000009"})
	acctest.RequireOne(t, diags.Errors(), "Wrong Alibaba Cloud account", "1000000000000009")
	if gone, diags := p.Import("ram_group", "nobody"); gone.Exists() || diags.HasError() {
		t.Errorf("importing an unknown name: exists %t, %q; core says that it does not exist", gone.Exists(), diags.Errors())
	}
}

func TestGroup_drift(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	config := group(attributes{"comments": "ours"})
	made := p.MustCreate("ram_group", config)
	env.Clock.Advance(settled)
	theirs := "theirs"
	_, err := env.Client.UpdateGroup(t.Context(), ramclient.UpdateGroupInput{GroupName: "dev", NewComments: &theirs, NewDisplayName: &theirs})
	acctest.Must(t, err)
	p.MustApply("ram_group", env.Protocol(t, nil).MustRead(made), config)
	if got := groupNamed(t, env, "dev"); got.Comments != "ours" || got.DisplayName != "" {
		t.Errorf("the drift is not undone: %+v", got)
	}
}

func TestGroup_disappears(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_group", group(nil))
	env.Clock.Advance(settled)
	acctest.Must(t, env.Client.DeleteGroup(t.Context(), "dev"))
	if _, diags := p.Apply(p.Plan("ram_group", made, nil)); diags.HasError() {
		t.Errorf("destroying what is gone: %q", diags.Errors())
	}
	if read := env.Protocol(t, nil).MustRead(made); read.Exists() {
		t.Errorf("still in state: %s", read.Value)
	}
}

func TestGroup_wrongAccountKeepsState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_group", group(nil))
	other := env.Emulator.Accounts()[1].RootKey
	elsewhere := env.Protocol(t, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret})
	read, diags := elsewhere.Read(made)
	acctest.RequireOne(t, diags.Errors(), "Wrong Alibaba Cloud account", env.AccountID)
	if !read.Exists() {
		t.Error("the group has left the state")
	}
	_, diags = elsewhere.Apply(elsewhere.Plan("ram_group", made, group(attributes{"name": "ops"})))
	acctest.RequireOne(t, diags.Errors(), "Wrong Alibaba Cloud account")
	_, diags = elsewhere.Apply(elsewhere.Plan("ram_group", made, nil))
	acctest.RequireOne(t, diags.Errors(), "Wrong Alibaba Cloud account")
	groupNamed(t, env, "dev")
}

func TestGroup_lagOfASecond(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	made := env.Protocol(t, nil).MustCreate("ram_group", group(attributes{"comments": "c"}))
	env.RequireSettled(t, made, group(attributes{"comments": "c"}))
	changed := group(attributes{"name": "ops", "comments": "new"})
	updated := env.Protocol(t, nil).MustApply("ram_group", env.Protocol(t, nil).MustRead(made), changed)
	env.RequireSettled(t, updated, changed)
}

func TestGroup_takenName(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.MakeGroup(t, "dev")
	p := env.Protocol(t, nil)
	made, diags := p.Apply(p.Plan("ram_group", acctest.Object{}, group(nil)))
	acctest.RequireOne(t, diags.Errors(), `Cannot create RAM group "dev"`, "import {", `id = "dev"`)
	if made.Exists() {
		t.Error("the other group is in state")
	}
}

// Every write of a group's life loses its answer once: each apply succeeds all the
// same, and the service has what was planned.
func TestGroup_lostAnswers(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"CreateGroup", "UpdateGroup", "DeleteGroup"} {
		for name, fault := range map[string]emulator.Fault{
			"reset before": emulator.ResetBefore(), "commit then reset": emulator.CommitThenReset(), "commit then 500": emulator.CommitThen500(),
			"HTML": emulator.HTML502(), "empty body": emulator.EmptyBody(), "truncated body": emulator.TruncatedBody(),
		} {
			t.Run(operation+" "+name, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				p := env.Protocol(t, nil)
				env.Emulator.Fail(operation, fault)
				made := p.MustCreate("ram_group", group(attributes{"comments": "c"}))
				renamed := group(attributes{"name": "ops", "comments": "new"})
				changed := p.MustApply("ram_group", made, renamed)
				env.RequireSettled(t, changed, renamed)
				p.MustDestroy(changed)
				if _, err := env.Client.GetGroup(t.Context(), "ops"); !ramclient.IsNotFound(err) {
					t.Errorf("the group is still there: %v", err)
				}
			})
		}
	}
}

func TestGroup_forceDestroy(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithResourceGroup)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_group", group(attributes{"force_destroy": true}))
	env.Clock.Advance(settled)
	burden(t, env)
	planned := p.Plan("ram_group", made, nil)
	want := "- member " + env.PrincipalName("ci") + "\n- policy AliyunOSSReadOnlyAccess (System)\n- policy AliyunOSSReadOnlyAccess (System) for resource group " + acctest.ResourceGroup
	if warnings := planned.Diagnostics.Warnings(); len(warnings) != 1 || !strings.Contains(warnings[0], want) {
		t.Errorf("the plan does not list what goes: got %q, want\n%s", warnings, want)
	}
	if _, diags := p.Apply(planned); diags.HasError() {
		t.Fatalf("destroy: %q", diags.Errors())
	}
	if _, err := env.Client.GetGroup(t.Context(), "dev"); !ramclient.IsNotFound(err) {
		t.Errorf("the group is still there: %v", err)
	}
}

// Whatever step a forced destroy is interrupted at, the group stays in state, and the
// next one finishes.
func TestGroup_forceDestroyInterrupted(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{
		"GetGroup", "ListUsersForGroup", "ListPoliciesForGroup", "ListPolicyAttachments", "RemoveUserFromGroup", "DetachPolicyFromGroup", "DeleteGroup",
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithResourceGroup)
			p := env.Protocol(t, attributes{"max_retries": 0})
			made := p.MustCreate("ram_group", group(attributes{"force_destroy": true}))
			env.Clock.Advance(settled)
			burden(t, env)
			planned := p.Plan("ram_group", made, nil)
			env.Emulator.Fail(operation, emulator.Refuse(500, "InternalError", "Something is wrong."))
			left, diags := p.Apply(planned)
			if len(env.Emulator.PendingFaults()) > 0 {
				t.Fatalf("the fault did not strike: %v", env.Emulator.PendingFaults())
			}
			acctest.RequireOne(t, diags.Errors(), `Cannot delete RAM group "dev"`, "InternalError", "Action: "+operation)
			if !left.Exists() {
				t.Fatal("the group has left the state")
			}
			env.Protocol(t, nil).MustDestroy(env.Protocol(t, nil).MustRead(left))
			if _, err := env.Client.GetGroup(t.Context(), "dev"); !ramclient.IsNotFound(err) {
				t.Errorf("the group is still there: %v", err)
			}
		})
	}
}

// A plan that may not look says that it did not.
func TestGroup_forceDestroyUnseen(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_group", group(attributes{"force_destroy": true}))
	env.Clock.Advance(settled)
	env.As(env.Allowed(t, "limited", ramclient.OpGetGroup))
	warnings := env.Protocol(t, nil).Plan("ram_group", made, nil).Diagnostics.Warnings()
	if len(warnings) != 1 || !strings.Contains(warnings[0], "whatever members and policies") {
		t.Errorf("got warnings %q", warnings)
	}
}

func TestGroup_withoutForceAConflictIsExplained(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithResourceGroup)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_group", group(nil))
	env.Clock.Advance(settled)
	burden(t, env)
	left, diags := p.Apply(p.Plan("ram_group", made, nil))
	acctest.RequireOne(t, diags.Errors(), "DeleteConflict.Group", "force_destroy = true", "- member "+env.PrincipalName("ci"), "for resource group "+acctest.ResourceGroup)
	if !left.Exists() {
		t.Error("the group has left the state")
	}
}

func TestGroup_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	acctest.RequireExactPermissions(t, acctest.Life{
		Type:        "ram_group",
		Permissions: groupresource.NewResource().(permission.Declarer).Permissions(),
		Create:      group(attributes{"comments": "c"}),
		Update:      group(attributes{"name": "ops", "comments": "new"}),
	})
}

func TestGroup_invalidConfig(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	for name, test := range map[string]struct {
		config attributes
		want   string
	}{
		"a space in the name":             {group(attributes{"name": "d v"}), "1 to 64 letters"},
		"a name that is too long":         {group(attributes{"name": strings.Repeat("a", 65)}), "1 to 64 letters"},
		"an empty display name":           {group(attributes{"display_name": ""}), "leave the argument out"},
		"a display name that is too long": {group(attributes{"display_name": strings.Repeat("x", 25)}), "it has 25"},
		"empty comments":                  {group(attributes{"comments": ""}), "leave the argument out"},
		"comments that are too long":      {group(attributes{"comments": strings.Repeat("x", 129)}), "it has 129"},
	} {
		errs := p.Validate("ram_group", test.config).Errors()
		if len(errs) != 1 || !strings.Contains(errs[0], test.want) {
			t.Errorf("%s: got %q, want one error with %q", name, errs, test.want)
		}
	}
}
