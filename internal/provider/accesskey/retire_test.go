package accesskey_test

import (
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

func TestAccessKey_onDestroy(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		live   ramclient.AccessKeyStatus // empty if the key is not the user's any more
		binned bool
	}{
		"":        {"", true},
		"recycle": {"", true},
		"purge":   {"", false},
		"disable": {"Inactive", false},
		"retain":  {"Active", false},
	}
	for choice, want := range tests {
		t.Run("on_destroy "+choice, func(t *testing.T) {
			t.Parallel()
			// The strict service takes no active key.
			w := newWorld(t, acctest.New(t, func(c *emulator.Config) { c.StrictIMSDeleteAccessKey = true }))
			written := config()
			if choice != "" {
				written = config("on_destroy", choice)
			}
			key := w.apply(gone, written)
			id := w.text(key, "access_key_id")
			if left := w.apply(key, nil); left.Exists() && !left.Value.IsNull() {
				t.Errorf("still in state: %v", w.Attributes(left.Value))
			}
			if got := w.live()[id]; got != want.live {
				t.Errorf("status %q, want %q", got, want.live)
			}
			if binned := len(w.recycled()) == 1; binned != want.binned {
				t.Errorf("in the bin: %t, want %t", binned, want.binned)
			}
		})
	}
}

// Whatever somebody did to the key before, destroying gets to the same end.
func TestAccessKey_destroyAfterOthersWereThere(t *testing.T) {
	t.Parallel()
	before := map[string]func(*world, string){
		"disabled": func(w *world, id string) {
			w.must(w.Client.UpdateAccessKey(w.t.Context(), w.ref(id), ramclient.AccessKeyInactive))
		},
		"recycled": func(w *world, id string) { w.recycleKey(id) },
		"purged": func(w *world, id string) {
			w.recycleKey(id)
			w.must(w.Client.DeleteAccessKeyInRecycleBin(w.t.Context(), w.binRef(id)))
		},
		"owner renamed":  func(w *world, _ string) { w.rename() },
		"owner recycled": func(w *world, id string) { w.recycleKey(id); w.must(w.Client.DeleteUser(w.t.Context(), w.user.UserID)) },
	}
	for name, happens := range before {
		for _, refreshed := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, acctest.New(t))
				key := w.apply(gone, config("on_destroy", "purge"))
				id := w.text(key, "access_key_id")
				w.Clock.Advance(time.Hour)
				happens(w, id)
				w.restart()
				if refreshed {
					if key = w.MustRead(key); !key.Exists() {
						return
					}
				}
				w.apply(key, nil)
				if name != "owner recycled" {
					w.wantLive(map[string]ramclient.AccessKeyStatus{})
				}
				w.wantRecycled()
			})
		}
	}
}

// A key in the bin that somebody restored between refresh and apply is retired again.
func TestAccessKey_destroyAfterARestore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	id := w.text(key, "access_key_id")
	w.Clock.Advance(time.Hour)
	w.recycleKey(id)
	w.restart()
	key = w.MustRead(key)
	w.must(w.Client.RestoreAccessKeyFromRecycleBin(t.Context(), w.binRef(id)))
	w.must(w.Client.UpdateAccessKey(t.Context(), w.ref(id), ramclient.AccessKeyActive))
	w.apply(key, nil)
	w.wantLive(map[string]ramclient.AccessKeyStatus{})
	w.wantRecycled(id)
}

// A step that fails leaves the key in state as far as it got, disabled at least, and the
// next run goes on from there.
func TestAccessKey_destroyInterrupted(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ attempt, status string }{
		"UpdateAccessKey":             {"Cannot disable AccessKey", "Active"},
		"DeleteAccessKey":             {"Cannot recycle AccessKey", "Inactive"},
		"DeleteAccessKeyInRecycleBin": {"Cannot purge AccessKey", "Recycled"},
	}
	for operation, want := range tests {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, acctest.New(t))
			key := w.apply(gone, config("on_destroy", "purge"))
			w.Emulator.Fail(operation, emulator.Refuse(403, "NoPermission", "You are not authorized."))
			left, diags := w.Apply(w.plan(key, nil))
			acctest.RequireAmong(t, diags.Errors(), want.attempt, w.text(key, "access_key_id"), "NoPermission", "RequestId")
			if got := w.text(left, "status"); got != want.status || w.text(left, "secret") == "" {
				t.Errorf("status in state is %q, want %q", got, want.status)
			}
			w.restart()
			left = w.MustRead(left)
			if got := w.text(left, "status"); got != want.status {
				t.Errorf("status after the refresh is %q, want %q", got, want.status)
			}
			w.apply(left, nil)
			w.wantLive(map[string]ramclient.AccessKeyStatus{})
			w.wantRecycled()
		})
	}
}

// The service says yes, but still shows the key active: it is not deleted unconfirmed.
func TestAccessKey_destroyWithoutConfirmation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	w.Emulator.Fail("ListAccessKeys", emulator.StaleReads(9)) // as often as it is asked in ten seconds
	w.calls()
	left, diags := w.Apply(w.plan(key, nil))
	acctest.RequireAmong(t, diags.Errors(), "Cannot disable AccessKey", "still shows it as Active", "Next step")
	if !left.Exists() || w.Emulator.Count("DeleteAccessKey") > 0 {
		t.Error("the key was deleted all the same")
	}
}
