package user_test

import (
	"maps"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// ambiguous are the failures after which nobody knows whether the request has acted.
func ambiguous() map[string]emulator.Fault {
	return map[string]emulator.Fault{
		"reset before": emulator.ResetBefore(), "commit then reset": emulator.CommitThenReset(), "commit then 500": emulator.CommitThen500(),
		"HTML": emulator.HTML502(), "empty body": emulator.EmptyBody(), "truncated body": emulator.TruncatedBody(),
	}
}

// Every write of a user's life loses its answer once: each apply succeeds all the same,
// and the service has what was planned.
func TestUser_lostAnswers(t *testing.T) {
	t.Parallel()
	before := user(attributes{"comments": "c", "on_destroy": "purge", "tags": map[string]string{"team": "a", "old": "1"}})
	after := user(attributes{"name": "deploy", "on_destroy": "purge", "tags": map[string]string{"team": "b"}})
	for _, operation := range []string{"CreateUser", "UpdateUser", "TagResources", "UntagResources", "DeleteUser", "DeleteUserInRecycleBin"} {
		for name, fault := range ambiguous() {
			t.Run(operation+" "+name, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				p := env.Protocol(t, nil)
				env.Emulator.Fail(operation, fault)
				made := p.MustCreate("ram_user", before)
				env.RequireSettled(t, made, before)
				id := userNamed(t, env, "ci").UserID

				changed := p.MustApply("ram_user", made, after)
				env.RequireSettled(t, changed, after)
				got := userNamed(t, env, "deploy")
				if got.UserID != id || got.Comments != "" || !maps.Equal(got.Tags, ramclient.Tags{"team": "b"}) {
					t.Errorf("got user %+v, want %s with one tag and no comments", got, id)
				}

				p.MustDestroy(changed)
				if _, err := env.Client.GetUserInRecycleBin(t.Context(), ramclient.GetRecycledUserInput{UserID: id}); !ramclient.IsNotFound(err) {
					t.Errorf("the user is not purged: %v", err)
				}
			})
		}
	}
}

// The answers to all attempts are lost: an update is read back before it counts as failed.
func TestUser_updateWhoseAnswersAreAllLost(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, attributes{"max_retries": 0})
	made := p.MustCreate("ram_user", user(nil))
	config := user(attributes{"name": "deploy", "comments": "new", "tags": map[string]string{"team": "a"}})
	env.Emulator.Fail("UpdateUser", emulator.CommitThen500())
	env.RequireSettled(t, p.MustApply("ram_user", made, config), config)

	env.Emulator.Fail("UpdateUser", emulator.HTML502())
	left, diags := p.Apply(p.Plan("ram_user", env.Protocol(t, nil).MustRead(made), user(nil)))
	acctest.RequireOne(t, diags.Errors(), `Cannot update RAM user "deploy"`, "may have taken effect")
	if got := p.Attributes(left.Value); got["name"] != "deploy" || got["comments"] != "new" {
		t.Errorf("an update that failed leaves %v in state", got)
	}
}

// Tags that fail after an update leave the update in state.
func TestUser_tagsFailAfterTheUpdate(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user", user(nil))
	config := user(attributes{"name": "deploy", "tags": map[string]string{"team": "a"}})
	env.Emulator.Fail("TagResources", emulator.Refuse(403, "NoPermission", "You are not authorized."))
	left, diags := p.Apply(p.Plan("ram_user", made, config))
	acctest.RequireOne(t, diags.Errors(), `Cannot change the tags of RAM user "ci"`, "NoPermission")
	got := p.Attributes(left.Value)
	if got["name"] != "deploy" || len(got["tags_all"].(map[string]any)) != 0 {
		t.Errorf("got state %v, want the new name and no tags", got)
	}
	env.RequireSettled(t, p.MustApply("ram_user", left, config), config)
}

// A create whose answer was lost adopts only what it made: a user that somebody else
// made before stays theirs.
func TestUser_lostAnswerToATakenName(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.MakeUser(t, "ci")
	env.Clock.Advance(settled)
	env.Emulator.Fail("CreateUser", emulator.ResetBefore())
	p := env.Protocol(t, nil)
	made, diags := p.Apply(p.Plan("ram_user", acctest.Object{}, user(nil)))
	acctest.RequireOne(t, diags.Errors(), "EntityAlreadyExists.User", `id = "ci"`)
	if made.Exists() {
		t.Error("somebody else's user was adopted")
	}
}

// A throttled or expired request has not acted: it is simply sent again.
func TestUser_throttled(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	for _, operation := range []string{"CreateUser", "GetUser", "DeleteUser"} {
		env.Emulator.Fail(operation, emulator.Throttle(0))
	}
	made := p.MustCreate("ram_user", user(nil))
	env.RequireSettled(t, made, user(nil))
	p.MustDestroy(made)
}
