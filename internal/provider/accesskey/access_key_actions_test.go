package accesskey_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const (
	disableAction = "ram_access_key_disable"
	restoreAction = "ram_access_key_restore"
	purgeAction   = "ram_access_key_purge"
)

// act plans and invokes in one new process, as terraform apply -invoke does, and returns
// what was said, with KEY for the key's id.
func (w *world) act(action, accessKeyID string) []string {
	w.t.Helper()
	w.restart()
	w.Emulator.ResetRequests()
	target := map[string]any{"access_key_id": accessKeyID}
	if diags := w.PlanAction(action, target); diags.HasError() {
		w.t.Fatalf("plan: %q", diags.Errors())
	}
	progress, diags := w.InvokeAction(action, target)
	if diags.HasError() {
		w.t.Fatalf("invoke: %q", diags.Errors())
	}
	for i, text := range progress {
		progress[i] = strings.ReplaceAll(text, accessKeyID, "KEY")
	}
	return append(progress, diags.Warnings()...)
}

func (w *world) wantSaid(got []string, want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("said (-want +got):\n%s", diff)
	}
}

// wantRefused plans and invokes: both must fail with one error that has all the parts,
// and nothing may change.
func (w *world) wantRefused(action string, config map[string]any, parts ...string) {
	w.t.Helper()
	w.wantPlanRefused(action, config, parts...)
	w.wantInvokeRefused(action, config, parts...)
}

func (w *world) wantPlanRefused(action string, config map[string]any, parts ...string) {
	w.t.Helper()
	w.restart()
	w.wantOneError("plan", w.PlanAction(action, config), parts)
}

func (w *world) wantInvokeRefused(action string, config map[string]any, parts ...string) {
	w.t.Helper()
	w.restart()
	_, diags := w.InvokeAction(action, config)
	w.wantOneError("invoke", diags, parts)
}

func (w *world) wantOneError(step string, diags acctest.Diagnostics, parts []string) {
	w.t.Helper()
	errs := diags.Errors()
	lacks := func(part string) bool { return !strings.Contains(errs[0], part) }
	if len(errs) != 1 || slices.ContainsFunc(parts, lacks) {
		w.t.Errorf("%s: got errors %q; want one with %q", step, errs, parts)
	}
	for _, request := range w.Emulator.Requests() {
		switch request.Operation {
		case "UpdateAccessKey", "RestoreAccessKeyFromRecycleBin", "DeleteAccessKeyInRecycleBin":
			w.t.Errorf("%s: called %s", step, request.Operation)
		}
	}
}

func TestDisableAction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key, other := w.colleagueKey(), w.colleagueKey()

	w.wantSaid(w.act(disableAction, key),
		`Disabling AccessKey KEY of RAM user "ci".`, `AccessKey KEY of RAM user "ci" is disabled: requests that are signed with it are refused.`)
	w.wantCalls("GetCallerIdentity", "GetUser", "GetDefaultDomain", "ListAccessKeys", // plan
		"GetUser", "ListAccessKeys", "UpdateAccessKey", "ListAccessKeys")
	w.wantLive(map[string]ramclient.AccessKeyStatus{key: ramclient.AccessKeyInactive, other: ramclient.AccessKeyActive})

	w.wantSaid(w.act(disableAction, key), `AccessKey KEY of RAM user "ci" is disabled already.`)
	w.recycleKey(key)
	w.wantSaid(w.act(disableAction, key), `AccessKey KEY of RAM user "ci" is in the recycle bin, where it cannot sign. There is nothing to do.`)
}

// TestDisableAction_emergency disables a key that a configuration manages, which then
// plans nothing.
func TestDisableAction_emergency(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	object := w.apply(gone, config())
	w.act(disableAction, w.text(object, "access_key_id"))
	object = w.wantEmptyPlan(object, config())
	if got := w.text(object, "status"); got != "Inactive" {
		t.Errorf("the status is %s, want Inactive", got)
	}
}

func TestDisableAction_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	w.makeUser("other")
	key := w.colleagueKey()
	w.Emulator.ResetRequests()
	w.wantRefused(disableAction, map[string]any{"access_key_id": "LTAIexample000000000001"},
		"Cannot disable AccessKey LTAIexample000000000001", "No user of the account has this key", "Next step: correct access_key_id")
	w.wantRefused(disableAction, map[string]any{"access_key_id": key, "user_name": "other"},
		"Cannot disable AccessKey "+key+` of RAM user "other"`, `RAM user "other" has no such key`, "leave user_name out")
	w.wantRefused(disableAction, map[string]any{"access_key_id": key, "user_name": "nobody"},
		`RAM user "nobody" has no such key`)
	w.wantRefused(disableAction, map[string]any{"access_key_id": w.Admin.ID},
		"Refusing to disable AccessKey "+w.Admin.ID, "the provider signs with this key", "allow_self_change = true")
	w.wantLive(map[string]ramclient.AccessKeyStatus{key: ramclient.AccessKeyActive})

	w.arguments["allow_self_change"] = true
	w.restart()
	if diags := w.PlanAction(disableAction, map[string]any{"access_key_id": w.Admin.ID}); diags.HasError() {
		t.Errorf("allow_self_change = true: %q", diags.Errors())
	}
}

// TestActions_unknown plans without a call what is known only after apply.
func TestActions_unknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	for _, action := range []string{disableAction, restoreAction, purgeAction} {
		if diags := w.PlanAction(action, map[string]any{"access_key_id": acctest.Unknown}); len(diags) > 0 {
			t.Errorf("%s: %q", action, diags.Errors())
		}
	}
	w.wantCalls()
}

func TestRestoreAction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.colleagueKey()
	w.recycleKey(key)

	w.wantSaid(w.act(restoreAction, key),
		`Restoring AccessKey KEY of RAM user "ci".`, `AccessKey KEY of RAM user "ci" is restored. It is Inactive.`)
	w.wantLive(map[string]ramclient.AccessKeyStatus{key: ramclient.AccessKeyInactive})
	w.wantRecycled()
	w.wantSaid(w.act(restoreAction, key), `AccessKey KEY of RAM user "ci" is not in the recycle bin: it is Inactive. There is nothing to do.`)
}

func TestRestoreAction_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.colleagueKey()
	w.recycleKey(key)
	first, second := w.colleagueKey(), w.colleagueKey()
	w.Emulator.ResetRequests()
	w.wantRefused(restoreAction, map[string]any{"access_key_id": key},
		"Cannot restore AccessKey "+key+` of RAM user "ci"`, "the user has 2 AccessKeys, and may have no more", first+"  Active", second+"  Active", "never used", "Next step: disable one")
	w.wantRefused(restoreAction, map[string]any{"access_key_id": "LTAIexample000000000001"}, "No user of the account has this key")

	// A slot that a managed key holds may be free by the time that the action runs.
	object, diags := w.Import(resourceType, first)
	wantNone(t, "errors", diags.Errors())
	w.MustRead(object)
	if diags := w.PlanAction(restoreAction, map[string]any{"access_key_id": key}); diags.HasError() {
		t.Errorf("with a managed key in the way: %q", diags.Errors())
	}
}

// TestRestoreAction_ownerRecycled restores nothing to a user who is in the recycle bin.
func TestRestoreAction_ownerRecycled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.colleagueKey()
	w.recycleKey(key)
	w.must(w.Client.DeleteUser(t.Context(), w.user.UserID))
	w.Emulator.ResetRequests()
	w.wantInvokeRefused(restoreAction, map[string]any{"access_key_id": key},
		"The user is in the recycle bin itself", "aliyun ims RestoreUserFromRecycleBin --UserId "+w.user.UserID)
}

func TestPurgeAction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.colleagueKey()
	w.recycleKey(key)

	w.wantSaid(w.act(purgeAction, key),
		`Purging AccessKey KEY of RAM user "ci" from the recycle bin.`, `AccessKey KEY of RAM user "ci" is gone for good.`)
	w.wantRecycled()
	w.wantLive(map[string]ramclient.AccessKeyStatus{})
	w.wantSaid(w.act(purgeAction, key),
		"AccessKey "+key+" is nowhere to be found\nIt is neither in use nor in the recycle bin: it was purged already, or the ID is not right. Nothing was changed.")
}

func TestPurgeAction_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	active, disabled := w.colleagueKey(), w.colleagueKey()
	w.must(w.Client.UpdateAccessKey(t.Context(), w.ref(disabled), ramclient.AccessKeyInactive))
	w.Emulator.ResetRequests()
	for key, status := range map[string]string{active: "Active", disabled: "Inactive"} {
		w.wantRefused(purgeAction, map[string]any{"access_key_id": key},
			"Cannot purge AccessKey "+key+` of RAM user "ci"`, "not in the recycle bin: it is "+status, "Nothing was changed.", "Next step: disable it")
	}
	w.wantLive(map[string]ramclient.AccessKeyStatus{active: ramclient.AccessKeyActive, disabled: ramclient.AccessKeyInactive})
}

// TestActions_lag takes a key from its birth to its end with actions, in one process,
// while the service's lists are a second behind.
func TestActions_lag(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second }))
	w.Clock.Advance(time.Minute)
	object := w.apply(gone, config())
	key := w.text(object, "access_key_id")
	invoke := func(action string) {
		t.Helper()
		if _, diags := w.InvokeAction(action, map[string]any{"access_key_id": key}); diags.HasError() {
			t.Fatalf("%s: %q", action, diags.Errors())
		}
	}
	invoke(disableAction)
	w.Clock.Advance(time.Minute)
	w.recycleKey(key)
	w.Clock.Advance(time.Minute)
	invoke(restoreAction)
	w.wantLive(map[string]ramclient.AccessKeyStatus{key: ramclient.AccessKeyInactive})
	w.recycleKey(key)
	w.Clock.Advance(time.Minute)
	invoke(purgeAction)
	w.wantRecycled()
	w.wantLive(map[string]ramclient.AccessKeyStatus{})
}
