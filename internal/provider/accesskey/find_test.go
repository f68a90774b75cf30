package accesskey_test

import (
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A key that somebody deleted is in the recycle bin: it stays in state and is replaced.
func TestAccessKey_recycledOutside(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	id := w.text(key, "access_key_id")
	w.Clock.Advance(time.Hour)
	w.recycleKey(id)

	w.restart()
	key = w.MustRead(key)
	if got := w.text(key, "status"); got != "Recycled" {
		t.Fatalf("status is %q, want Recycled", got)
	}
	if w.text(key, "secret") == "" {
		t.Error("the secret is lost, though the key can be restored")
	}
	planned := w.plan(key, config())
	if !replaces(planned, "access_key_id") {
		t.Fatalf("the plan replaces for %v", planned.Replace)
	}
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), id, "is in the recycle bin", "RestoreAccessKeyFromRecycleBin --UserId "+w.user.UserID)
	created, diags := w.Apply(planned)
	if diags.HasError() {
		t.Fatalf("apply: %q", diags.Errors())
	}
	w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(created, "access_key_id"): "Active"})
	w.wantRecycled(id)
	w.wantEmptyPlan(created, config())
}

func TestAccessKey_recycledAndRestoredOutside(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	id := w.text(key, "access_key_id")
	w.Clock.Advance(time.Hour)
	w.recycleKey(id)
	w.restart()
	key = w.MustRead(key)
	w.must(w.Client.RestoreAccessKeyFromRecycleBin(t.Context(), w.binRef(id)))
	key = w.wantEmptyPlan(key, config())
	if got := w.text(key, "status"); got != "Inactive" {
		t.Errorf("status is %q, want Inactive", got)
	}
}

func TestAccessKey_purgedOutside(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	id := w.text(key, "access_key_id")
	w.Clock.Advance(time.Hour)
	w.recycleKey(id)
	w.must(w.Client.DeleteAccessKeyInRecycleBin(t.Context(), w.binRef(id)))
	w.restart()
	if left := w.MustRead(key); left.Exists() {
		t.Errorf("a purged key is still in state: %v", w.Attributes(left.Value))
	}
}

// A caller who may not look into the bin learns that, instead of losing the key.
func TestAccessKey_binNotReadable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	w.Clock.Advance(time.Hour)
	w.recycleKey(w.text(key, "access_key_id"))
	w.restart()
	w.Emulator.Fail("ListAccessKeysInRecycleBin", emulator.Refuse(403, "NoPermission", "You are not authorized."))
	left, diags := w.Read(key)
	acctest.RequireAmong(t, diags.Errors(), "Cannot read AccessKey", "NoPermission", "ListAccessKeysInRecycleBin")
	if !left.Exists() {
		t.Error("the key has left the state")
	}
}

// Within the window after a write, a list that does not show the key is asked again.
func TestAccessKey_staleList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	w.Emulator.Fail("ListAccessKeys", emulator.StaleReads(4))
	key := w.apply(gone, config())
	w.restart()
	key = w.MustRead(key)
	if !key.Exists() || w.text(key, "status") != "Active" {
		t.Errorf("after a stale list: %v", w.Attributes(key.Value))
	}
}

// A user that was seen a moment ago, but is unknown to the create, is lag.
func TestAccessKey_ownerNotKnownEverywhereYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	unknown := emulator.Refuse(404, "EntityNotExist.User", "The user does not exist.")
	w.Emulator.Fail("CreateAccessKey", unknown, unknown, unknown)
	w.wantEmptyPlan(w.apply(gone, config()), config())
}

func TestAccessKey_ownerUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	_, diags := w.Apply(w.plan(gone, config("user_name", "nobody")))
	acctest.RequireAmong(t, diags.Errors(), `Cannot create an AccessKey for RAM user "nobody"`, "EntityNotExist.User", "Next step: check the user name")
	if waited := w.Clock.Now().Sub(acctest.Start); waited >= time.Second { // the pace of requests is not a wait
		t.Errorf("a user that nobody made or saw was waited for, %s", waited)
	}
}

func TestAccessKey_ownerRenamedOutside(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	w.Clock.Advance(time.Hour)
	w.rename()
	key = w.wantEmptyPlan(key, config("user_name", "deploy"))
	if got := w.text(key, "user_name"); got != "deploy" {
		t.Errorf("user_name is %q, want deploy", got)
	}
	// A configuration that still has the old name cannot be followed, and harms nothing.
	_, diags := w.Apply(w.plan(key, config()))
	acctest.RequireAmong(t, diags.Errors(), `Cannot find the owner of AccessKey `, "EntityNotExist.User")
	w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(key, "access_key_id"): "Active"})
}

// ram_user and its key are renamed in one apply; the identity stays.
func TestAccessKey_ownerRenamedInTheConfiguration(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	user, diags := w.Import("ram_user", "ci")
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	key := w.apply(gone, config())

	w.restart()
	userPlan := w.Plan("ram_user", user, map[string]any{"name": "deploy"})
	keyPlan := w.plan(key, config("user_name", "deploy", "status", "Inactive"))
	if len(keyPlan.Replace) > 0 {
		t.Fatalf("a rename replaces the key for %v", keyPlan.Replace)
	}
	w.restart()
	if _, diags := w.Apply(userPlan); diags.HasError() {
		t.Fatal(diags.Errors())
	}
	after, diags := w.Apply(keyPlan)
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	w.rename() // to the same: it updates what the test knows
	w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(key, "access_key_id"): "Inactive"})
	w.wantEmptyPlan(after, config("user_name", "deploy", "status", "Inactive"))
}

func TestAccessKey_anotherUsersName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	w.makeUser("other")
	key := w.apply(gone, config())
	planned := w.plan(key, config("user_name", "other"))
	if !replaces(planned, "user_name") {
		t.Fatalf("the plan replaces for %v", planned.Replace)
	}
	created, diags := w.Apply(planned)
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	w.wantRecycled(w.text(key, "access_key_id"))
	w.wantEmptyPlan(created, config("user_name", "other"))
}

// The name will be borne by a user that this plan creates.
func TestAccessKey_nameOfAUserToBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	userPlan := w.Plan("ram_user", acctest.Object{}, map[string]any{"name": "deploy"})
	planned := w.plan(key, config("user_name", "deploy"))
	if !replaces(planned, "user_name") {
		t.Fatalf("the plan replaces for %v", planned.Replace)
	}
	if _, diags := w.Apply(userPlan); diags.HasError() {
		t.Fatal(diags.Errors())
	}
	created, diags := w.Apply(planned)
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	w.wantEmptyPlan(created, config("user_name", "deploy"))
}

// The user is made anew under its own name: its keys go with the old one.
func TestAccessKey_userRecreated(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	w.Plan("ram_user", acctest.Object{}, map[string]any{"name": "ci"})
	if planned := w.plan(key, config()); !replaces(planned, "access_key_id") {
		t.Errorf("the plan replaces for %v", planned.Replace)
	}
}

// A name that turns out to be another user's only at apply stops it before anything is done.
func TestAccessKey_nameGivenToAnotherAfterThePlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	to := newRelay(t, w)
	key := w.apply(gone, config())
	// Asked by the plan, by the plan of the apply, and by the apply.
	to.at("GetUser", pass, pass, and(func() { w.makeUser("deploy") }, pass))
	left, diags := w.Apply(w.plan(key, config("user_name", "deploy", "status", "Inactive")))
	acctest.RequireAmong(t, diags.Errors(), "The AccessKey belongs to another user", `RAM user "deploy"`, w.user.UserID, "Nothing was changed")
	if w.text(left, "status") != "Active" || w.text(left, "user_name") != "ci" {
		t.Errorf("state after the failure: %v", w.Attributes(left.Value))
	}
	w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(key, "access_key_id"): "Active"})
}

// The user was deleted and another one made under the same name: the key is gone, and
// the namesake's keys are nobody's business.
func TestAccessKey_namesake(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	id := w.text(key, "access_key_id")
	w.Clock.Advance(time.Hour)
	w.recycleKey(id)
	w.must(w.Client.DeleteAccessKeyInRecycleBin(t.Context(), w.binRef(id)))
	w.must(w.Client.DeleteUser(t.Context(), w.user.UserID))
	w.user = w.makeUser("ci")
	w.colleagueKey()
	w.restart()
	if left := w.MustRead(key); left.Exists() {
		t.Errorf("the key is still in state: %v", w.Attributes(left.Value))
	}
}

func TestAccessKey_import(t *testing.T) {
	t.Parallel()
	written := config("on_destroy", "purge", "rotate_when_changed", month("1"))
	tests := map[string]func(w *world, id string) (acctest.Object, acctest.Diagnostics){
		"by key id": func(w *world, id string) (acctest.Object, acctest.Diagnostics) { return w.Import(resourceType, id) },
		"by user and key id": func(w *world, id string) (acctest.Object, acctest.Diagnostics) {
			return w.Import(resourceType, "ci/"+id)
		},
		"by identity": func(w *world, id string) (acctest.Object, acctest.Diagnostics) {
			return w.ImportByIdentity(resourceType, map[string]any{"access_key_id": id})
		},
		"by identity, account": func(w *world, id string) (acctest.Object, acctest.Diagnostics) {
			return w.ImportByIdentity(resourceType, map[string]any{"access_key_id": id, "account_id": w.AccountID})
		},
	}
	for name, imported := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, acctest.New(t))
			id := w.colleagueKey()
			key, diags := imported(w, id)
			if diags.HasError() {
				t.Fatalf("import: %q", diags.Errors())
			}
			if got := w.Attributes(key.Value); got["secret"] != nil || got["user_name"] != "ci" || got["user_id"] != w.user.UserID || got["secret_version"] != float64(acctest.Start.Unix()) {
				t.Errorf("imported: %v", got)
			}
			if planned := w.plan(key, config()); !planned.IsEmpty() {
				t.Errorf("the plan after the import is not empty: %v", w.Attributes(planned.Value))
			}
			// What is written along is noted, without replacing or calling anything.
			planned := w.plan(key, written)
			if len(planned.Replace) > 0 {
				t.Fatalf("the import is followed by a replacement for %v", planned.Replace)
			}
			w.calls()
			key, _ = w.Apply(planned)
			w.wantCalls()
			w.wantEmptyPlan(key, written)
			// From now on a change rotates.
			if planned := w.plan(key, config("rotate_when_changed", month("2"))); !replaces(planned, "rotate_when_changed") {
				t.Error("a change of rotate_when_changed does not replace an imported key")
			}
		})
	}
}

func TestAccessKey_importFromTheBin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	id := w.colleagueKey()
	w.recycleKey(id)
	for _, importID := range []string{id, "ci/" + id} {
		key, diags := w.Import(resourceType, importID)
		if diags.HasError() || w.text(key, "status") != "Recycled" || w.text(key, "user_id") != w.user.UserID {
			t.Errorf("%s: %v %q", importID, w.Attributes(key.Value), diags.Errors())
		}
	}
}

func TestAccessKey_importRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	w.makeUser("other")
	id := w.colleagueKey()
	for importID, want := range map[string]string{"": "", "a/b/c": "Expected an import ID of the form <user_name>/<access_key_id>", "/" + id: "Expected an import ID", "ci/": "Expected an import ID"} {
		if want == "" {
			continue
		}
		_, diags := w.Import(resourceType, importID)
		acctest.RequireAmong(t, diags.Errors(), want, importID)
	}
	for _, importID := range []string{"LTAIexample000000000009", "nobody/" + id, "other/" + id} {
		if key, diags := w.Import(resourceType, importID); key.Exists() || diags.HasError() {
			t.Errorf("%s: got %v %q, want nothing", importID, w.Attributes(key.Value), diags.Errors())
		}
	}
	_, diags := w.ImportByIdentity(resourceType, map[string]any{"access_key_id": id, "account_id": w.Emulator.Accounts()[1].ID})
	acctest.RequireAmong(t, diags.Errors(), "Wrong Alibaba Cloud account")
}
