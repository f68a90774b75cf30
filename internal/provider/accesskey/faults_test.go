package accesskey_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// stalled is a clock on which long sleeps last until the sleeper is given up: a service
// that is slower than its client is patient.
type stalled struct{ clock.Clock }

func (s stalled) Sleep(ctx context.Context, d time.Duration) error {
	if d < time.Hour {
		return s.Clock.Sleep(ctx, d)
	}
	<-ctx.Done()
	return ctx.Err()
}

// Every operation that changes something goes wrong once, in every way, in the life of a
// key: after applying again the service has what the state says, no key is left that
// nobody knows of, and the secret of each key in state works.
func TestAccessKey_faults(t *testing.T) {
	t.Parallel()
	faults := map[string]func() emulator.Fault{
		"refused":           func() emulator.Fault { return emulator.Refuse(403, "NoPermission", "You are not authorized.") },
		"reset before":      emulator.ResetBefore,
		"commit then reset": emulator.CommitThenReset,
		"commit then 500":   emulator.CommitThen500,
		"HTML":              emulator.HTML502,
		"empty body":        emulator.EmptyBody,
		"truncated body":    emulator.TruncatedBody,
		"throttled":         func() emulator.Fault { return emulator.Throttle(time.Second) },
		"slow":              func() emulator.Fault { return emulator.Delay(time.Hour) },
		"expired token":     emulator.ExpireToken,
	}
	for _, operation := range []string{"CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey", "DeleteAccessKeyInRecycleBin"} {
		for name, fault := range faults {
			for _, times := range []int{1, 2} { // once, and as often as the client repeats
				t.Run(fmt.Sprintf("%s %s x%d", operation, name, times), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t, acctest.New(t, func(c *emulator.Config) { c.Clock = stalled{c.Clock} }))
					w.arguments["max_retries"] = 1
					if name == "slow" {
						w.arguments["request_timeout"] = "1s"
					}
					w.restart()
					runLife(w, operation, fault, times)
				})
			}
		}
	}
}

// runLife makes a key, switches it, and destroys it; the first run of each phase that
// uses the operation meets the fault.
func runLife(w *world, operation string, fault func() emulator.Fault, times int) {
	w.t.Helper()
	plant := func() {
		for range times {
			w.Emulator.Fail(operation, fault())
		}
	}
	uses := map[string][]string{
		"CreateAccessKey": {"create"}, "UpdateAccessKey": {"create", "switch", "destroy"},
		"DeleteAccessKey": {"destroy"}, "DeleteAccessKeyInRecycleBin": {"destroy"},
	}
	phases := []struct {
		name string
		want map[string]any
	}{
		{"create", config("status", "Inactive", "on_destroy", "purge")},
		{"switch", config("status", "Active", "on_destroy", "purge")},
		{"destroy", nil},
	}
	var key acctest.Object
	var named []string
	for _, phase := range phases {
		for _, user := range uses[operation] {
			if user == phase.name {
				plant()
			}
		}
		var texts []string
		key, texts = w.reach(key, phase.want)
		named = append(named, texts...)
		w.Clock.Advance(time.Minute)
	}
	w.wantLive(map[string]ramclient.AccessKeyStatus{})
	for _, id := range w.recycled() {
		if !strings.Contains(strings.Join(named, "\n"), id) {
			w.t.Errorf("key %s is left in the bin, and nothing named it", id)
		}
	}
}

// reach applies, refreshing in between, until it succeeds, as a person would; a new
// object whose create failed half way is destroyed first, as Terraform does with tainted
// ones. It returns what the runs said.
func (w *world) reach(key acctest.Object, want map[string]any) (acctest.Object, []string) {
	w.t.Helper()
	var texts []string
	isTainted := false
	for range 6 {
		isNew, next := !key.Exists(), want
		if isNew && want == nil {
			return gone, texts // it was gone already, only the answer said otherwise
		}
		if isTainted {
			next = nil
		}
		after, diags := w.Apply(w.plan(key, next))
		texts = slices.Concat(texts, diags.Errors(), diags.Warnings())
		switch {
		case !diags.HasError() && isTainted:
			key, isTainted = gone, false
			continue
		case !diags.HasError():
			if want != nil {
				w.wantNothingLost(after, nil)
				after = w.wantEmptyPlan(after, want)
			}
			return after, texts
		}
		isTainted = isTainted || isNew && after.Exists()
		w.Clock.Advance(time.Minute)
		w.restart()
		if key = after; key.Exists() {
			key = w.MustRead(key)
		}
	}
	w.t.Fatalf("no success in six runs: %q", texts)
	return gone, nil
}
