package accesskey_test

import (
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// binned is a key that somebody moved to the recycle bin, as a refresh finds it.
func (w *world) binned(config map[string]any) acctest.Object {
	w.t.Helper()
	key := w.apply(gone, config)
	w.Clock.Advance(time.Hour)
	w.recycleKey(w.text(key, "access_key_id"))
	w.Clock.Advance(time.Hour)
	w.restart()
	return w.MustRead(key)
}

// The key comes back in place, with its secret, and switched off unless it is written
// that it shall be active.
func TestAccessKey_restored(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config map[string]any
		want   ramclient.AccessKeyStatus
	}{
		"status left out": {config("on_recycled", "restore"), "Inactive"},
		"Active":          {config("on_recycled", "restore", "status", "Active"), "Active"},
		"Inactive":        {config("on_recycled", "restore", "status", "Inactive"), "Inactive"},
	}
	for name, test := range tests {
		for _, lag := range []time.Duration{0, time.Second} {
			t.Run(name+" "+lag.String(), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, acctest.New(t, func(c *emulator.Config) { c.Lag = lag }))
				w.Clock.Advance(time.Minute)
				key := w.binned(test.config)
				id, secret := w.text(key, "access_key_id"), w.text(key, "secret")
				planned := w.plan(key, test.config)
				if len(planned.Replace) > 0 {
					t.Fatalf("the plan replaces for %v", planned.Replace)
				}
				wantNone(t, "warning", planned.Diagnostics.Warnings())
				if got := w.Attributes(planned.Value)["status"]; got != string(test.want) {
					t.Errorf("the planned status is %v, want %s", got, test.want)
				}
				key, diags := w.Apply(planned)
				if diags.HasError() {
					t.Fatalf("apply: %q", diags.Errors())
				}
				if w.text(key, "access_key_id") != id || w.text(key, "secret") != secret {
					t.Error("it is not the same key with the same secret")
				}
				key = w.wantEmptyPlan(key, test.config)
				w.Clock.Advance(time.Minute)
				w.wantLive(map[string]ramclient.AccessKeyStatus{id: test.want})
				w.wantRecycled()
				w.apply(key, nil)
			})
		}
	}
}

func TestAccessKey_restoredCalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.binned(config("on_recycled", "restore"))
	w.restart()
	w.calls()
	planned := w.plan(key, config("on_recycled", "restore"))
	w.wantCalls("GetCallerIdentity", "GetDefaultDomain", "ListAccessKeys")
	if _, diags := w.Apply(planned); diags.HasError() {
		t.Fatalf("apply: %q", diags.Errors())
	}
	w.wantCalls("RestoreAccessKeyFromRecycleBin", "UpdateAccessKey")
}

func TestAccessKey_restoreWithoutAFreeSlot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.binned(config("on_recycled", "restore"))
	planned := w.plan(key, config("on_recycled", "restore"))
	first, second := w.colleagueKey(), w.colleagueKey()
	w.restart()
	late := w.Plan(resourceType, key, config("on_recycled", "restore"))
	acctest.RequireAmong(t, late.Diagnostics.Errors(), w.text(key, "access_key_id"), "cannot be restored", "free slot", first, second, "never used", "Next step")
	if !replaces(w.Plan(resourceType, key, config()), "access_key_id") {
		t.Error("without on_recycled the key is not replaced")
	}
	// Another process took the slots between plan and apply.
	planned.Diagnostics = nil
	w.Emulator.Fail("RestoreAccessKeyFromRecycleBin", emulator.Refuse(409, "LimitExceeded.User.AccessKey", "2 keys at most"))
	w.must(w.Client.DeleteAccessKey(t.Context(), w.ref(second)))
	w.restart()
	left, diags := w.Apply(planned)
	acctest.RequireAmong(t, diags.Errors(), "Cannot restore AccessKey", "LimitExceeded.User.AccessKey", "RequestId")
	if got := w.text(left, "status"); got != "Recycled" {
		t.Errorf("status in state is %q, want Recycled", got)
	}
}

// Somebody was faster, and switched the key on: it is not switched off for a plan that
// did not know.
func TestAccessKey_restoredBySomebodyElseMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.binned(config("on_recycled", "restore"))
	id := w.text(key, "access_key_id")
	planned := w.plan(key, config("on_recycled", "restore"))
	w.must(w.Client.RestoreAccessKeyFromRecycleBin(t.Context(), w.binRef(id)))
	w.must(w.Client.UpdateAccessKey(t.Context(), w.ref(id), ramclient.AccessKeyActive))
	_, diags := w.Apply(planned)
	acctest.RequireAmong(t, diags.Errors(), id, "not in the recycle bin any more", "plan again")
	w.wantLive(map[string]ramclient.AccessKeyStatus{id: "Active"})
	w.Clock.Advance(time.Minute)
	w.wantEmptyPlan(key, config("on_recycled", "restore"))
}

// What else forces a replacement still does.
func TestAccessKey_restoreGivesWayToAReplacement(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.binned(config("on_recycled", "restore", "rotate_when_changed", month("1")))
	planned := w.plan(key, config("on_recycled", "restore", "rotate_when_changed", month("2")))
	if !replaces(planned, "rotate_when_changed") {
		t.Errorf("the plan replaces for %v, want rotate_when_changed", planned.Replace)
	}
}

func TestAccessKey_restoreNotKnownYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.binned(config())
	planned := w.Plan(resourceType, key, config("on_recycled", acctest.Unknown))
	acctest.RequireAmong(t, planned.Diagnostics.Errors(), "on_recycled is not known yet", w.text(key, "access_key_id"))
}
