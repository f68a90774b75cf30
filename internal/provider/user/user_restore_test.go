package user_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A user whose name is in the bin comes back as what is configured.
func TestUser_createRestores(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	binned := env.MakeUser(t, "ci")
	tagOutside(t, env, "ci", ramclient.Tags{"old": "1"})
	deleteOutside(t, env, "ci")
	env.Clock.Advance(settled)
	config := user(attributes{"restore_if_recycled": true, "comments": "back", "tags": map[string]string{"team": "a"}})

	env.Emulator.ResetRequests()
	p := env.Protocol(t, nil)
	planned := p.Plan("ram_user", acctest.Object{}, config)
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), `RAM user "ci" will be restored`, "ID "+binned.UserID, "deleted on 2026-01-02T03:04:05Z")
	made, diags := p.Apply(planned)
	acctest.RequireAmong(t, diags.Warnings(), `RAM user "ci" was restored`, "ID "+binned.UserID, "no AccessKeys, policies, groups, console login or MFA device")
	if diags.HasError() {
		t.Fatalf("create: %q", diags.Errors())
	}
	if got := idOf(t, made); got != binned.UserID {
		t.Errorf("got user %s, want %s restored", got, binned.UserID)
	}
	if got, want := writes(env), []string{"RestoreUserFromRecycleBin", "UpdateUser", "TagResources", "UntagResources"}; !slices.Equal(got, want) {
		t.Errorf("got writes %v, want %v", got, want)
	}
	env.RequireSettled(t, made, config)
}

// Without anything in the bin, restore_if_recycled costs a look at plan and at apply.
func TestUser_createWithNothingToRestore(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	config := user(attributes{"restore_if_recycled": true})
	env.Emulator.ResetRequests()
	p := env.Protocol(t, nil)
	planned := p.Plan("ram_user", acctest.Object{}, config)
	if got, want := env.TakeCalls(), []string{"GetCallerIdentity", "GetDefaultDomain", "ListUsersInRecycleBin"}; !slices.Equal(got, want) {
		t.Errorf("plan: got calls %v, want %v", got, want)
	}
	made, diags := p.Apply(planned)
	if len(diags) > 0 {
		t.Errorf("create: errors %q, warnings %q", diags.Errors(), diags.Warnings())
	}
	env.RequireSettled(t, made, config)
}

// Which of two is meant, only a person can tell.
func TestUser_createWithSeveralToRestore(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	config := user(attributes{"restore_if_recycled": true})
	p := env.Protocol(t, nil)
	early := p.Plan("ram_user", acctest.Object{}, config)
	var ids []string
	for range 2 {
		ids = append(ids, env.MakeUser(t, "ci").UserID)
		deleteOutside(t, env, "ci")
		env.Clock.Advance(settled)
	}
	want := []string{"holds 2 users of this name", "ID " + ids[0], "ID " + ids[1], "RestoreUserFromRecycleBin --UserId", "DeleteUserInRecycleBin"}
	acctest.RequireOne(t, p.Plan("ram_user", acctest.Object{}, config).Diagnostics.Errors(), append(want, `Cannot restore RAM user "ci"`)...)

	// The second one may have come since the plan.
	env.Emulator.Fail("ListUsersInRecycleBin", emulator.Refuse(403, "NoPermission", "You are not authorized.")) // at the plan before the apply
	made, diags := p.Apply(early)
	acctest.RequireOne(t, diags.Errors(), append(want, `Cannot look for RAM user "ci" in the recycle bin`)...)
	if made.Exists() {
		t.Error("one of them is in state")
	}
}

// A user deleted elsewhere comes back in place.
func TestUser_updateRestores(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	config := user(attributes{"restore_if_recycled": true, "comments": "c", "tags": map[string]string{"team": "a"}})
	made := env.Protocol(t, nil).MustCreate("ram_user", config)
	renameOutside(t, env, "ci", "away")
	deleteOutside(t, env, "away")

	p := env.Protocol(t, nil)
	read := p.MustRead(made)
	requireRecycled(t, read)
	planned := p.Plan("ram_user", read, config)
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), `RAM user "away" will be restored`, idOf(t, made))
	if len(planned.Replace) > 0 {
		t.Fatalf("a replacement is planned for %v", planned.Replace)
	}
	back, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatalf("restore: %q", diags.Errors())
	}
	if got, want := idOf(t, back), idOf(t, made); got != want {
		t.Errorf("got user %s, want %s", got, want)
	}
	env.RequireSettled(t, back, config)
}

// What came back with a user is named: somebody has to know.
func TestUser_restoreNamesWhatCameBack(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	config := user(attributes{"restore_if_recycled": true})
	made := env.Protocol(t, nil).MustCreate("ram_user", config)
	deleteOutside(t, env, "ci")
	env.Clock.Advance(settled)
	p := env.Protocol(t, nil)
	planned := p.Plan("ram_user", p.MustRead(made), config)
	acctest.Must(t, env.Client.RestoreUserFromRecycleBin(t.Context(), idOf(t, made)))
	env.GiveLogin(t, "ci")
	env.Emulator.Fail("RestoreUserFromRecycleBin", emulator.CommitThenReset()) // as it were: the answer is lost, the user there
	_, diags := p.Apply(planned)
	acctest.RequireAmong(t, diags.Warnings(), "this came back with it:\n- console login", "check that it may have all of that")
}

// Somebody else restored the user first.
func TestUser_restoredMeanwhile(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	config := user(attributes{"restore_if_recycled": true})
	made := env.Protocol(t, nil).MustCreate("ram_user", config)
	deleteOutside(t, env, "ci")
	env.Clock.Advance(settled)
	p := env.Protocol(t, nil)
	planned := p.Plan("ram_user", p.MustRead(made), config)
	acctest.Must(t, env.Client.RestoreUserFromRecycleBin(t.Context(), idOf(t, made)))
	left, diags := p.Apply(planned)
	acctest.RequireOne(t, diags.Errors(), `Cannot restore RAM user "ci"`, "somebody restored the user", "plan again")
	env.RequireSettled(t, left, config)
}

// Without restore_if_recycled, a user deleted elsewhere is replaced.
func TestUser_recycledIsReplaced(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	config := user(attributes{"comments": "c"})
	made := env.Protocol(t, nil).MustCreate("ram_user", config)
	deleteOutside(t, env, "ci")
	env.Clock.Advance(settled)

	p := env.Protocol(t, nil)
	planned := p.Plan("ram_user", p.MustRead(made), config)
	if len(planned.Replace) == 0 {
		t.Error("no replacement is planned")
	}
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), `RAM user "ci" is in the recycle bin`, idOf(t, made), "restore_if_recycled = true")
	replaced, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatalf("replace: %q", diags.Errors())
	}
	if idOf(t, replaced) == idOf(t, made) {
		t.Error("the user has its old id")
	}
	if _, err := env.Client.GetUserInRecycleBin(t.Context(), ramclient.GetRecycledUserInput{UserID: idOf(t, made)}); err != nil {
		t.Errorf("the old one has left the bin: %v", err)
	}
	env.RequireSettled(t, replaced, config)
}

// Who may not look into the bin takes a user in it for gone, as before there was a bin.
func TestUser_binThatTheCallerMayNotSee(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_user", user(nil))
	deleteOutside(t, env, "ci")
	env.Clock.Advance(settled)
	env.Emulator.Fail("GetUserInRecycleBin", emulator.Refuse(403, "NoPermission", "You are not authorized."))
	if read := env.Protocol(t, nil).MustRead(made); read.Exists() {
		t.Error("the user is still in state")
	}
}

// The service shows a restored user only after a while.
func TestUser_restoreUnderLag(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	env.MakeUser(t, "ci")
	env.Clock.Advance(settled)
	deleteOutside(t, env, "ci")
	env.Clock.Advance(settled)
	config := user(attributes{"restore_if_recycled": true, "comments": "back"})
	made := env.Protocol(t, nil).MustCreate("ram_user", config)
	env.RequireSettled(t, made, config)
}

// Every write of a restore loses its answer once.
func TestUser_restoreLostAnswers(t *testing.T) {
	t.Parallel()
	config := user(attributes{"restore_if_recycled": true, "comments": "back", "tags": map[string]string{"team": "a"}})
	for _, operation := range []string{"RestoreUserFromRecycleBin", "UpdateUser", "TagResources"} {
		for name, fault := range ambiguous() {
			t.Run(operation+" "+name, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				binned := env.MakeUser(t, "ci")
				deleteOutside(t, env, "ci")
				env.Clock.Advance(settled)
				env.Emulator.Fail(operation, fault)
				made := env.Protocol(t, nil).MustCreate("ram_user", config)
				if got := idOf(t, made); got != binned.UserID {
					t.Errorf("got user %s, want %s", got, binned.UserID)
				}
				env.RequireSettled(t, made, config)
			})
		}
	}
}

func TestAccUser_restore(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	restored := configUser("ci", "restore_if_recycled = true")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{Config: env.Config(restored)},
			{
				PreConfig: func() {
					env.Clock.Advance(settled)
					deleteOutside(t, env, "ci")
				},
				Config:            env.Config(restored),
				ConfigPlanChecks:  planned(updatesInPlace()),
				ConfigStateChecks: []statecheck.StateCheck{inState("recycled", knownvalue.Bool(false))},
			},
			{
				PreConfig: func() {
					env.Clock.Advance(settled)
					deleteOutside(t, env, "ci")
				},
				Config:           env.Config(configUser("ci", "")),
				ConfigPlanChecks: planned(plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate)),
			},
			{Config: env.Config(configUser("ci", "")), ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan())},
			{Config: env.Config("")},
			{
				Config:      env.Config(restored),
				ExpectError: regexp.MustCompile(`holds 2 users`),
			},
		},
	})
}
