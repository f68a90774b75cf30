package accesskey_test

import (
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A new key that nobody seems to know may be what a killed run left.
func TestAccessKey_strays(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		prepare func(w *world)
		warns   bool
	}{
		"none": {func(*world) {}, false},
		"new and unused": {func(w *world) {
			w.colleagueKey()
			w.Clock.Advance(24*time.Hour - time.Minute)
		}, true},
		"old and unused": {func(w *world) {
			w.colleagueKey()
			w.Clock.Advance(24 * time.Hour)
		}, false},
		"new and disabled": {func(w *world) {
			w.must(w.Client.UpdateAccessKey(w.t.Context(), w.ref(w.colleagueKey()), ramclient.AccessKeyInactive))
		}, true},
		"new and used": {func(w *world) {
			key, err := w.Client.CreateAccessKey(w.t.Context(), w.user.UserPrincipalName)
			w.must(err)
			_, err = w.ClientFor(acctest.Key{ID: key.AccessKeyID, Secret: key.AccessKeySecret.Reveal()}).GetCallerIdentity(w.t.Context())
			w.must(err)
			w.Clock.Advance(time.Minute)
		}, false},
		"another resource's": {func(w *world) { w.apply(gone, config()) }, false},
		"its use is secret": {func(w *world) {
			w.colleagueKey()
			w.Emulator.Fail("GetAccessKeyLastUsed", emulator.Refuse(403, "NoPermission", "no"))
		}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, acctest.New(t))
			test.prepare(w)
			before := w.live()
			key, diags := w.Apply(w.plan(gone, config()))
			wantNone(t, "error", diags.Errors())
			if !test.warns {
				wantNone(t, "warning", diags.Warnings())
				return
			}
			for id := range before {
				acctest.RequireAmong(t, diags.Warnings(), id, "new AccessKey that was never used", "not touched", "Next step")
			}
			before[w.text(key, "access_key_id")] = "Active"
			w.wantLive(before)
		})
	}
}
