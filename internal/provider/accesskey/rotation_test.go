package accesskey_test

import (
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const day = 24 * time.Hour

func TestAccessKey_rotationPeriod(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		age  time.Duration
		want bool
	}{
		"new":        {0, false},
		"not yet":    {90*day - time.Minute, false},
		"just now":   {90 * day, true},
		"overdue":    {400 * day, true},
		"in between": {45 * day, false},
	}
	for name, test := range tests {
		for _, options := range [][]acctest.ApplyOption{nil, {acctest.CreateBeforeDestroy}} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, acctest.New(t))
				written := config("rotation_period", "90d")
				key := w.apply(gone, written)
				id, created := w.text(key, "access_key_id"), w.Clock.Now()
				w.Clock.Advance(test.age)
				if !test.want {
					w.wantEmptyPlan(key, written)
					return
				}
				w.restart()
				key = w.MustRead(key)
				planned := w.plan(key, written)
				if !replaces(planned, "access_key_id") {
					t.Fatalf("the plan replaces for %v", planned.Replace)
				}
				acctest.RequireAmong(t, planned.Diagnostics.Warnings(), id, "is due for rotation", created.Format(time.RFC3339), "90d", created.Add(90*day).Format(time.RFC3339))
				// A saved plan, applied much later by another process.
				w.Clock.Advance(30 * day)
				w.restart()
				renewed, diags := w.Apply(planned, options...)
				if diags.HasError() {
					t.Fatalf("apply: %q", diags.Errors())
				}
				w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(renewed, "access_key_id"): "Active"})
				w.wantRecycled(id)
				w.wantEmptyPlan(renewed, written)
			})
		}
	}
}

// A plan for something else stays what it is when the key falls due before it is applied.
func TestAccessKey_dueBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config("rotation_period", "90d"))
	w.Clock.Advance(90*day - time.Minute)
	w.restart()
	key = w.MustRead(key)
	changed := config("rotation_period", "90d", "status", "Inactive")
	planned := w.plan(key, changed)
	w.Clock.Advance(day)
	w.restart()
	key, diags := w.Apply(planned)
	if diags.HasError() {
		t.Fatalf("apply: %q", diags.Errors())
	}
	// Without a refresh nobody looked at the clock.
	if planned := w.plan(key, changed); !planned.IsEmpty() {
		t.Errorf("-refresh=false plans %v", w.Attributes(planned.Value))
	}
	w.restart()
	if planned := w.plan(w.MustRead(key), changed); !replaces(planned, "access_key_id") {
		t.Error("after a refresh the key is not replaced")
	}
}

// The period counts from when the key was made, whoever made it, and whenever the
// period was written.
func TestAccessKey_rotationPeriodOfAnOldKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	id := w.colleagueKey()
	w.Clock.Advance(100 * day)
	key, diags := w.Import(resourceType, id)
	wantNone(t, "error", diags.Errors())
	if planned := w.plan(key, config("rotation_period", "101d")); len(planned.Replace) > 0 {
		t.Errorf("a key of 100 days is replaced for %v", planned.Replace)
	}
	planned := w.plan(key, config("rotation_period", "99d"))
	if !replaces(planned, "access_key_id") {
		t.Error("a key of 100 days is not replaced")
	}
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), id, "is due for rotation", "99d")
}

func TestAccessKey_rotationPeriodNotKnownYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	unknown := config("rotation_period", acctest.Unknown)
	w.plan(gone, unknown)
	planned := w.Plan(resourceType, w.apply(gone, config()), unknown)
	acctest.RequireAmong(t, planned.Diagnostics.Errors(), "rotation_period is not known yet")
}
