package accesskey_test

import (
	"context"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// use signs a request with the key in state.
func (w *world) use(key acctest.Object) {
	w.t.Helper()
	_, err := w.ClientFor(acctest.Key{ID: w.text(key, "access_key_id"), Secret: w.text(key, "secret")}).GetCallerIdentity(w.t.Context())
	w.must(err)
}

func promptly(c *emulator.Config) { c.LastUsedLag = time.Second }

// A key that was used too recently is not touched, whether it is destroyed or replaced.
func TestAccessKey_requireIdle(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		used    time.Duration // before the destroy; 0 for never
		refused bool
	}{
		"never used":       {0, false},
		"used an hour ago": {time.Hour, true},
		"used just within": {24*time.Hour - 2*time.Second, true},
		"used a day ago":   {24 * time.Hour, false},
	}
	for name, test := range tests {
		for kind, next := range map[string]map[string]any{
			"destroy": nil, "replace": config("require_idle", "24h", "rotate_when_changed", month("2")),
		} {
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, acctest.New(t, promptly))
				key := w.apply(gone, config("require_idle", "24h"))
				id, usedAt := w.text(key, "access_key_id"), w.Clock.Now()
				if test.used > 0 {
					w.use(key)
				}
				w.Clock.Advance(test.used)
				w.restart()
				key = w.MustRead(key)
				left, diags := w.Apply(w.plan(key, next))
				if !test.refused {
					wantNone(t, "error", diags.Errors())
					w.wantRecycled(id)
					return
				}
				acctest.RequireAmong(t, diags.Errors(), "Cannot retire AccessKey "+id, "last used on "+usedAt.Format(time.RFC3339), "ago) with STS",
					`require_idle = "24h"`, "Nothing was changed", usedAt.Add(24*time.Hour).Format(time.RFC3339))
				w.wantLive(map[string]ramclient.AccessKeyStatus{id: "Active"})
				w.wantEmptyPlan(left, config("require_idle", "24h"))
			})
		}
	}
}

// Who cannot find out whether the key is idle does not touch it.
func TestAccessKey_requireIdleUnanswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config("require_idle", "24h"))
	planned := w.plan(key, nil)
	w.Emulator.Fail("GetAccessKeyLastUsed", emulator.Refuse(403, "NoPermission", "You are not authorized."))
	_, diags := w.Apply(planned)
	acctest.RequireAmong(t, diags.Errors(), "Cannot retire AccessKey", "NoPermission", "RequestId")
	w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(key, "access_key_id"): "Active"})
}

func TestAccessKey_requireIdleOfARenamedUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t, promptly))
	key := w.apply(gone, config("require_idle", "24h"))
	w.use(key)
	w.Clock.Advance(time.Hour)
	w.rename()
	_, diags := w.Apply(w.plan(key, nil)) // not refreshed
	acctest.RequireAmong(t, diags.Errors(), "Cannot retire AccessKey", "(1 hour ago) with STS")
	w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(key, "access_key_id"): "Active"})
}

func TestAccessKey_quarantine(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config("quarantine", "10m"))
	planned := w.plan(key, nil)
	began := w.Clock.Now()
	w.calls()
	if _, diags := w.Apply(planned); len(diags) > 0 {
		t.Errorf("destroy: %q %q", diags.Errors(), diags.Warnings())
	}
	w.wantCalls("GetAccessKeyLastUsed", "UpdateAccessKey", "ListAccessKeys", "ListAccessKeys", "GetAccessKeyLastUsed", "DeleteAccessKey", "ListAccessKeysInRecycleBin")
	if waited := w.Clock.Now().Sub(began); waited.Truncate(time.Minute) != 10*time.Minute {
		t.Errorf("the key was recycled after %s, want 10m", waited)
	}
	w.wantRecycled(w.text(key, "access_key_id"))
}

// interrupted is a clock on which a quarantine is cut short after a while, as by Ctrl-C.
type interrupted struct {
	*clock.Fake
	after time.Duration
	also  func()
}

func (i interrupted) Sleep(ctx context.Context, d time.Duration) error {
	if d < time.Minute {
		return i.Fake.Sleep(ctx, d)
	}
	i.Advance(i.after)
	if i.also != nil {
		i.also()
		return nil
	}
	return context.Canceled
}

// A cancelled run leaves a disabled key in state; the next one waits only for the rest.
func TestAccessKey_quarantineCancelled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config("quarantine", "10m"))
	id, began := w.text(key, "access_key_id"), w.Clock.Now()
	w.Machine.Clock = interrupted{Fake: w.Clock, after: 4 * time.Minute}
	w.restart()
	left, diags := w.Apply(w.plan(key, nil))
	acctest.RequireAmong(t, diags.Errors(), "Cannot sit out the quarantine of AccessKey "+id, began.Add(10*time.Minute).Format(time.RFC3339), "The key is disabled")
	if w.text(left, "status") != "Inactive" || w.text(left, "secret") == "" {
		t.Errorf("left in state: status %q", w.text(left, "status"))
	}
	w.wantLive(map[string]ramclient.AccessKeyStatus{id: "Inactive"})

	w.Machine.Clock = w.Clock
	w.restart()
	w.apply(w.MustRead(left), nil)
	if took := w.Clock.Now().Sub(began); took.Truncate(time.Minute) != 10*time.Minute {
		t.Errorf("the key was recycled after %s in all, want 10m", took)
	}
	w.wantRecycled(id)
}

// A key that Terraform disabled long ago has been in quarantine ever since; for one that
// somebody else disabled, nobody knows how long.
func TestAccessKey_quarantineCountsFromTheDisabling(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		disable func(*world, acctest.Object) acctest.Object
		want    time.Duration
	}{
		"by an earlier run": {func(w *world, key acctest.Object) acctest.Object {
			return w.apply(key, config("quarantine", "10m", "status", "Inactive"))
		}, 0},
		"by a colleague": {func(w *world, key acctest.Object) acctest.Object {
			w.must(w.Client.UpdateAccessKey(w.t.Context(), w.ref(w.text(key, "access_key_id")), ramclient.AccessKeyInactive))
			return key
		}, 10 * time.Minute},
		"by an earlier run, enabled since": {func(w *world, key acctest.Object) acctest.Object {
			return w.apply(w.apply(key, config("quarantine", "10m", "status", "Inactive")), config("quarantine", "10m", "status", "Active"))
		}, 10 * time.Minute},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, acctest.New(t))
			key := test.disable(w, w.apply(gone, config("quarantine", "10m")))
			w.Clock.Advance(time.Hour)
			w.restart()
			key = w.MustRead(key)
			began := w.Clock.Now()
			w.apply(key, nil)
			if got := w.Clock.Now().Sub(began).Truncate(time.Minute); got != test.want {
				t.Errorf("waited for %s, want %s", got, test.want)
			}
		})
	}
}

// During the quarantine it shows that the key was needed.
func TestAccessKey_quarantineBrings(t *testing.T) {
	t.Parallel()
	t.Run("somebody who enables the key", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, acctest.New(t))
		key := w.apply(gone, config("quarantine", "10m"))
		id := w.text(key, "access_key_id")
		w.Machine.Clock = interrupted{Fake: w.Clock, after: 10 * time.Minute, also: func() {
			w.must(w.Client.UpdateAccessKey(t.Context(), w.ref(id), ramclient.AccessKeyActive))
		}}
		w.restart()
		left, diags := w.Apply(w.plan(key, nil))
		acctest.RequireAmong(t, diags.Errors(), id, "enabled the key again during its quarantine", "not deleted")
		w.wantLive(map[string]ramclient.AccessKeyStatus{id: "Active"})
		if got := w.text(left, "status"); got != "Active" {
			t.Errorf("status in state is %q, want Active", got)
		}
	})
	t.Run("a use that was noted late", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, acctest.New(t, func(c *emulator.Config) { c.LastUsedLag = 5 * time.Minute }))
		key := w.apply(gone, config("quarantine", "10m", "require_idle", "2h"))
		w.use(key)
		usedAt := w.Clock.Now()
		w.Clock.Advance(time.Minute)
		_, diags := w.Apply(w.plan(key, nil))
		wantNone(t, "error", diags.Errors())
		acctest.RequireAmong(t, diags.Warnings(), "was in use until it was disabled", usedAt.Format(time.RFC3339)+" with STS", "RestoreAccessKeyFromRecycleBin")
		w.wantRecycled(w.text(key, "access_key_id"))
	})
}

// A quarantine that the time-out would always cut short is refused before any call.
func TestAccessKey_quarantineWithinTheTimeout(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	within := func(limit any) map[string]any { return map[string]any{"delete": limit} }
	tests := map[string]struct {
		config map[string]any
		valid  bool
	}{
		"within the default":         {config("quarantine", "19m59s"), true},
		"as long as the default":     {config("quarantine", "20m"), false},
		"within its own":             {config("quarantine", "1d", "timeouts", within("25h")), true},
		"beyond its own":             {config("quarantine", "10m", "timeouts", within("5m")), false},
		"time-out not known yet":     {config("quarantine", "1d", "timeouts", within(acctest.Unknown)), true},
		"quarantine not known yet":   {config("quarantine", acctest.Unknown), true},
		"none, with a short timeout": {config("timeouts", within("1s")), true},
	}
	for name, test := range tests {
		diags := w.Validate(resourceType, test.config)
		if diags.HasError() == test.valid {
			t.Errorf("%s: errors %q, want some: %t", name, diags.Errors(), !test.valid)
		}
		if !test.valid {
			acctest.RequireAmong(t, diags.Errors(), "quarantine is", "timeouts.delete")
		}
	}
	w.wantCalls()
}
