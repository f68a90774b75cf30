package user_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	userresource "github.com/ramprovider/terraform-provider-ram/internal/provider/user"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// withResourceGroup lets policies be attached for a resource group.
func withResourceGroup(c *emulator.Config) { c.ResourceGroups = []string{"rg-example"} }

// burden hangs on the user ci whatever a user can have, and lets a day pass. It returns
// the ids of its keys, the first one used, the second one disabled.
func burden(t *testing.T, env *acctest.Env) (used, disabled string) {
	t.Helper()
	ctx, principal := t.Context(), env.PrincipalName("ci")
	first, err := env.Client.CreateAccessKey(ctx, principal)
	acctest.Must(t, err)
	_, err = env.ClientFor(acctest.Key{ID: first.AccessKeyID, Secret: first.AccessKeySecret.Reveal()}).GetCallerIdentity(ctx)
	acctest.Must(t, err)
	second, err := env.Client.CreateAccessKey(ctx, principal)
	acctest.Must(t, err)
	acctest.Must(t, env.Client.UpdateAccessKey(ctx, ramclient.AccessKeyRef{UserPrincipalName: principal, AccessKeyID: second.AccessKeyID}, ramclient.AccessKeyInactive))
	for _, group := range []string{"", "rg-example"} {
		acctest.Must(t, env.Client.AttachPolicyToUser(ctx, ramclient.UserPolicy{
			UserName: "ci", PolicyName: "AliyunOSSReadOnlyAccess", PolicyType: ramclient.PolicySystem, ResourceGroupID: group,
		}))
	}
	env.JoinGroup(t, "ci", "developers")
	env.GiveLogin(t, "ci")
	env.BindMFADevice(t, "ci")
	assign(t, env, "ci")
	env.Clock.Advance(24 * time.Hour)
	return first.AccessKeyID, second.AccessKeyID
}

func TestUser_forceDestroy(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, withResourceGroup)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user", user(attributes{"force_destroy": true}))
	env.Clock.Advance(settled)
	used, disabled := burden(t, env)

	planned := p.Plan("ram_user", made, nil)
	warnings := planned.Diagnostics.Warnings()
	if len(warnings) != 1 {
		t.Fatalf("want one warning, got %q", warnings)
	}
	for _, line := range []string{
		"- AccessKey " + used + ", Active, last used 2026-01-02T03:05:05Z with STS",
		"- AccessKey " + disabled + ", Inactive, never used",
		"- policy AliyunOSSReadOnlyAccess (System)\n",
		"- policy AliyunOSSReadOnlyAccess (System) for resource group rg-example",
		"- membership of group developers",
		"- console login",
		"- MFA device acs:ram::" + env.AccountID + ":mfa/ci",
		"- assignment of application " + emulator.OfficialCLICN,
		`used within require_idle = "24h"`,
	} {
		if !strings.Contains(warnings[0], line) {
			t.Errorf("the plan does not say %q:\n%s", line, warnings[0])
		}
	}

	env.Emulator.ResetRequests()
	if _, diags := p.Apply(planned); diags.HasError() {
		t.Fatalf("destroy: %q", diags.Errors())
	}
	want := []string{
		"UpdateAccessKey", "DeleteAccessKey", "DeleteAccessKey", "DetachPolicyFromUser", "DetachPolicyFromUser",
		"RemoveUserFromGroup", "DeleteLoginProfile", "UnbindMFADevice", "DeleteApplicationAssignment", "DeleteUser",
	}
	if got := writes(env); !slices.Equal(got, want) {
		t.Errorf("got writes %v\nwant %v", got, want)
	}
}

// writes are the operations since the last reset that change something, in order.
func writes(env *acctest.Env) []string {
	var names []string
	for _, request := range env.Emulator.Requests() {
		if isWrite := !strings.HasPrefix(request.Operation, "Get") && !strings.HasPrefix(request.Operation, "List"); isWrite {
			names = append(names, request.Operation)
		}
	}
	return names
}

// Whatever step a forced destroy is interrupted at, no key stays active, the user stays
// in state, and the next one finishes.
func TestUser_forceDestroyInterrupted(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{
		"GetUser", "ListAccessKeys", "ListPolicyAttachments", "GetLoginProfile", "UpdateAccessKey", "DeleteAccessKey",
		"DetachPolicyFromUser", "RemoveUserFromGroup", "DeleteLoginProfile", "UnbindMFADevice", "DeleteApplicationAssignment", "DeleteUser",
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, withResourceGroup)
			p := env.Protocol(t, attributes{"max_retries": 0})
			made := p.MustCreate("ram_user", user(attributes{"force_destroy": true}))
			env.Clock.Advance(settled)
			burden(t, env)

			planned := p.Plan("ram_user", made, nil)
			env.Emulator.Fail(operation, emulator.Refuse(500, "InternalError", "Something is wrong."))
			left, diags := p.Apply(planned)
			acctest.RequireOne(t, diags.Errors(), `RAM user "ci"`, "InternalError", "Action: "+operation)
			if !left.Exists() {
				t.Fatal("the user has left the state")
			}
			env.Protocol(t, nil).MustDestroy(env.Protocol(t, nil).MustRead(left))
			requireRecycled(t, env.Protocol(t, nil).MustRead(left))
		})
	}
}

func TestUser_forceDestroyWithNothingOnIt(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user", user(attributes{"force_destroy": true}))
	planned := p.Plan("ram_user", made, nil)
	if warnings := planned.Diagnostics.Warnings(); len(warnings) > 0 {
		t.Errorf("the plan warns of nothing: %q", warnings)
	}
	if _, diags := p.Apply(planned); diags.HasError() {
		t.Errorf("destroy: %q", diags.Errors())
	}
}

func TestUser_forceDestroyOfAUserThatIsGone(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user", user(attributes{"force_destroy": true, "on_destroy": "purge"}))
	id := userNamed(t, env, "ci").UserID
	deleteOutside(t, env, "ci")
	planned := p.Plan("ram_user", made, nil)
	if warnings := planned.Diagnostics.Warnings(); len(warnings) > 0 {
		t.Errorf("the plan warns: %q", warnings)
	}
	if _, diags := p.Apply(planned); diags.HasError() {
		t.Errorf("destroy: %q", diags.Errors())
	}
	requirePurged(t, env, id)
}

// A user renamed in the console between refresh and destroy is released under the name
// it has, and a new user of the old name is left alone.
func TestUser_forceDestroyAfterARename(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user", user(attributes{"force_destroy": true}))
	renameOutside(t, env, "ci", "elsewhere")
	env.MakeUser(t, "ci")
	for _, name := range []string{"ci", "elsewhere"} {
		_, err := env.Client.CreateAccessKey(t.Context(), env.PrincipalName(name))
		acctest.Must(t, err)
	}
	p.MustDestroy(made)
	keys, err := env.Client.ListAccessKeys(t.Context(), env.PrincipalName("ci"))
	if err != nil || len(keys) != 1 || keys[0].Status != ramclient.AccessKeyActive {
		t.Errorf("the key of another user was touched: %v, %v", keys, err)
	}
}

// With a lag, the service shows keys and policies for a while after they are gone, and
// does not show yet what is new.
func TestUser_forceDestroyUnderLag(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, withResourceGroup, func(c *emulator.Config) { c.Lag = settled / 60 })
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user", user(attributes{"force_destroy": true}))
	env.Clock.Advance(settled)
	burden(t, env)
	if _, diags := p.Apply(p.Plan("ram_user", made, nil)); diags.HasError() {
		t.Errorf("destroy: %q", diags.Errors())
	}
}

func TestUser_withoutForceAConflictNamesWhatHangsOnTheUser(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, withResourceGroup)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user", user(nil))
	env.Clock.Advance(settled)
	used, disabled := burden(t, env)
	env.Emulator.ResetRequests()

	left, diags := p.Apply(p.Plan("ram_user", made, nil))
	acctest.RequireOne(t, diags.Errors(), `Cannot delete RAM user "ci"`, "DeleteConflict.User.AccessKey", "force_destroy = true",
		"AccessKey "+used+", Active", "AccessKey "+disabled+", Inactive", "rg-example", "group developers", "console login")
	if !left.Exists() {
		t.Error("the user has left the state")
	}
	if got := writes(env); !slices.Equal(got, []string{"DeleteUser"}) {
		t.Errorf("got writes %v, want only the refused DeleteUser", got)
	}
}

// Somebody who may delete users, but not look at what they have, gets the service's own
// word for it.
func TestUser_conflictThatTheCallerMayNotSee(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_user", user(nil))
	env.Clock.Advance(settled)
	_, err := env.Client.CreateAccessKey(t.Context(), env.PrincipalName("ci"))
	acctest.Must(t, err)
	env.As(env.Allowed(t, "limited", ramclient.OpGetUser, ramclient.OpDeleteUser))
	p := env.Protocol(t, nil)

	left, diags := p.Apply(p.Plan("ram_user", made, nil))
	acctest.RequireOne(t, diags.Errors(), "DeleteConflict.User.AccessKey", "AccessKeys: the caller cannot see them")
	if !left.Exists() {
		t.Error("the user has left the state")
	}
}

// A forced destroy needs its optional permissions, and nothing beyond the table.
func TestUser_forceDestroyNeedsTheOptionalPermissions(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, withResourceGroup)
	table := userresource.NewResource().(permission.Declarer).Permissions()
	config := user(attributes{"force_destroy": true, "on_destroy": "purge"})
	made := env.Protocol(t, nil).MustCreate("ram_user", config)
	env.Clock.Advance(settled)
	burden(t, env)
	env.As(env.Allowed(t, "limited", slices.Concat(table.Read, table.Delete, table.Optional)...))
	env.Protocol(t, nil).MustDestroy(made)
}

func TestUser_recycleAndPurge(t *testing.T) {
	t.Parallel()
	for onDestroy, wantBinned := range map[any]bool{nil: true, "recycle": true, "purge": false} {
		env := acctest.New(t)
		p := env.Protocol(t, nil)
		made := p.MustCreate("ram_user", user(attributes{"on_destroy": onDestroy}))
		id := userNamed(t, env, "ci").UserID
		p.MustDestroy(made)
		_, err := env.Client.GetUserInRecycleBin(t.Context(), ramclient.GetRecycledUserInput{UserID: id})
		if binned := err == nil; binned != wantBinned {
			t.Errorf("on_destroy = %v: in the recycle bin: %t, want %t", onDestroy, binned, wantBinned)
		}
	}
}

// The bin may learn of a user a moment after its deletion.
func TestUser_purgeWaitsForTheBin(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user", user(attributes{"on_destroy": "purge"}))
	id := userNamed(t, env, "ci").UserID
	env.Emulator.Fail("DeleteUserInRecycleBin", emulator.Refuse(404, "EntityNotExist.User", "The user does not exist."))
	p.MustDestroy(made)
	if _, err := env.Client.GetUserInRecycleBin(t.Context(), ramclient.GetRecycledUserInput{UserID: id}); !ramclient.IsNotFound(err) {
		t.Errorf("the user is still in the bin: %v", err)
	}
}

func TestUser_purgeRefused(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_user", user(attributes{"on_destroy": "purge"}))
	id := userNamed(t, env, "ci").UserID
	env.As(env.Allowed(t, "limited", ramclient.OpDeleteUser))
	p := env.Protocol(t, nil)
	left, diags := p.Apply(p.Plan("ram_user", made, nil))
	acctest.RequireOne(t, diags.Errors(), `Cannot purge RAM user "ci"`, "still in the recycle bin", "apply again", "DeleteUserInRecycleBin --UserId "+id, "NoPermission")

	// It is still in the state, so that the next run can purge it.
	env.As(env.Admin)
	p = env.Protocol(t, nil)
	read := p.MustRead(left)
	requireRecycled(t, read)
	p.MustDestroy(read)
	requirePurged(t, env, id)
}

// The service may hold a policy against the user for a moment after it is detached.
func TestUser_forceDestroyAwaitsTheServiceToNotice(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user", user(attributes{"force_destroy": true}))
	env.Clock.Advance(settled)
	env.JoinGroup(t, "ci", "developers")
	conflict := emulator.Refuse(409, "DeleteConflict.User.Group", "The user is still in a group.")
	env.Emulator.Fail("DeleteUser", conflict, conflict)
	if _, diags := p.Apply(p.Plan("ram_user", made, nil)); diags.HasError() {
		t.Errorf("destroy: %q", diags.Errors())
	}
}

// assign lets the user log in through an application.
func assign(t *testing.T, env *acctest.Env, name string) {
	t.Helper()
	_, err := env.Client.ProvisionExternalApplication(t.Context(), emulator.OfficialCLICN, nil)
	acctest.Must(t, err)
	env.Clock.Advance(settled)
	acctest.Must(t, env.Client.CreateApplicationAssignment(t.Context(), ramclient.ApplicationAssignment{
		AppID: emulator.OfficialCLICN, PrincipalType: ramclient.AssigneeUser, PrincipalName: env.PrincipalName(name),
	}))
}
