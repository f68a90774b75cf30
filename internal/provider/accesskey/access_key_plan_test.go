package accesskey_test

import (
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

func month(n string) map[string]string { return map[string]string{"month": n} }

func TestAccessKey_noFreeSlot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	first, second := w.colleagueKey(), w.colleagueKey()
	w.must(w.Client.UpdateAccessKey(t.Context(), w.ref(second), ramclient.AccessKeyInactive))
	w.Clock.Advance(34 * 24 * time.Hour)
	planned := w.Plan(resourceType, gone, config())
	acctest.RequireAmong(t, planned.Diagnostics.Errors(), `RAM user "ci" has no free slot`,
		first+"  Active, created 2026-01-02T03:04:05Z (34 days ago), never used", second+"  Inactive",
		"disable one", `import { to = ram_access_key.<name of the resource>, id = "`+first+`" }`, "another user")
	if got := w.Emulator.Count("CreateAccessKey"); got != 2 {
		t.Errorf("%d keys were requested, want the colleague's 2", got)
	}
}

// Between plan and apply somebody took the last slot.
func TestAccessKey_slotTakenAfterThePlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	planned := w.plan(gone, config())
	first, second := w.colleagueKey(), w.colleagueKey()
	w.calls()
	_, diags := w.Apply(planned)
	acctest.RequireAmong(t, diags.Errors(), `Cannot create an AccessKey for RAM user "ci"`, first, second, "created 2026-01-02T03:04:05Z (less than a minute ago)")
	if got := w.Emulator.Count("CreateAccessKey"); got != 0 {
		t.Errorf("%d keys were requested, want none", got)
	}
}

// What cannot be looked up at plan is left to the apply.
func TestAccessKey_noCheckWithoutTheUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	for name, user := range map[string]any{"unknown to the service": "nobody", "not known yet": acctest.Unknown} {
		planned := w.Plan(resourceType, gone, config("user_name", user))
		if len(planned.Diagnostics) > 0 {
			t.Errorf("%s: %q %q", name, planned.Diagnostics.Errors(), planned.Diagnostics.Warnings())
		}
	}
	w.calls()
	w.arguments["access_key_id"] = acctest.Unknown
	w.restart()
	w.plan(gone, config())
	w.wantCalls()
}

// Both slots hold keys of this configuration: one of them may be about to go.
func TestAccessKey_slotsOfThisConfiguration(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	old := w.apply(gone, config())
	w.colleagueKey()
	w.restart()
	old = w.MustRead(old)
	planned := w.plan(gone, config())
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), "no free slot", "only if another resource of this configuration frees a slot")
	w.apply(old, nil)
	if _, diags := w.Apply(planned); diags.HasError() {
		t.Errorf("after the slot was freed: %q", diags.Errors())
	}
}

// The second planning call of a replacement looks like a create; it must not count the
// key that goes as somebody else's.
func TestAccessKey_replacedWithBothSlotsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	old := w.apply(gone, config("rotate_when_changed", month("1")))
	foreign := w.colleagueKey()
	w.restart()
	// Not even refreshed, as with -refresh=false.
	planned := w.plan(old, config("rotate_when_changed", month("2")))
	if !replaces(planned, "rotate_when_changed") {
		t.Fatalf("the plan replaces for %v", planned.Replace)
	}
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), "no free slot", w.text(old, "access_key_id"), foreign, "create_before_destroy")
	created, diags := w.Apply(planned)
	if diags.HasError() {
		t.Fatalf("apply: %q", diags.Errors())
	}
	if w.text(created, "secret") == w.text(old, "secret") || w.text(created, "secret") == "" {
		t.Error("the secret is not a new one")
	}
	w.wantLive(map[string]ramclient.AccessKeyStatus{foreign: "Active", w.text(created, "access_key_id"): "Active"})
	w.wantRecycled(w.text(old, "access_key_id"))
	w.wantEmptyPlan(created, config("rotate_when_changed", month("2")))
}

func TestAccessKey_replacedCreateBeforeDestroy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config("rotate_when_changed", month("1")))
	for _, n := range []string{"2", "3", "4"} {
		w.Clock.Advance(24 * time.Hour)
		w.restart()
		key = w.MustRead(key)
		planned := w.plan(key, config("rotate_when_changed", month(n)))
		wantNone(t, "warning", planned.Diagnostics.Warnings())
		old := key
		var diags acctest.Diagnostics
		if key, diags = w.Apply(planned, acctest.CreateBeforeDestroy); diags.HasError() {
			t.Fatalf("apply: %q", diags.Errors())
		}
		w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(key, "access_key_id"): "Active"})
		if w.Attributes(key.Value)["secret_version"] == w.Attributes(old.Value)["secret_version"] {
			t.Error("the version of the secret is the same for both keys")
		}
	}
}

func TestAccessKey_replacementPlansNewValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	planned := w.plan(key, config("rotate_when_changed", month("1")))
	for _, attribute := range []string{"access_key_id", "secret", "secret_version", "create_date", "status"} {
		if got := w.Attributes(planned.Value)[attribute]; got != acctest.Unknown {
			t.Errorf("%s is planned as %v, want unknown", attribute, got)
		}
	}
}

// on_destroy = disable leaves the old key in its slot, so the new one finds none.
func TestAccessKey_replacedWithoutFreeingTheSlot(t *testing.T) {
	t.Parallel()
	for _, choice := range []string{"disable", "retain"} {
		w := newWorld(t, acctest.New(t))
		old := w.apply(gone, config("on_destroy", choice, "rotate_when_changed", month("1")))
		w.colleagueKey()
		planned := w.plan(old, config("on_destroy", choice, "rotate_when_changed", month("2")))
		acctest.RequireAmong(t, planned.Diagnostics.Warnings(), "no free slot", w.text(old, "access_key_id"), choice, "keeps its slot")
	}
}

func TestAccessKey_fullBin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	oldest := ""
	for range 3 {
		id := w.colleagueKey()
		w.recycleKey(id)
		w.Clock.Advance(time.Hour)
		if oldest == "" {
			oldest = id
		}
	}
	key := w.apply(gone, config())
	w.restart()
	key = w.MustRead(key)
	for name, planned := range map[string]acctest.Planned{
		"destroy": w.plan(key, nil),
		"replace": w.plan(key, config("rotate_when_changed", month("1"))),
	} {
		t.Log(name)
		acctest.RequireAmong(t, planned.Diagnostics.Warnings(), "is full", "purges the oldest, "+oldest, w.text(key, "access_key_id"))
	}
	key = w.apply(key, config("on_destroy", "disable"))
	wantNone(t, "warning", w.plan(key, nil).Diagnostics.Warnings())
}

func TestAccessKey_retainSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config("on_destroy", "retain"))
	planned := w.plan(key, nil)
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), w.text(key, "access_key_id"), "stays Active")
	w.calls()
	w.apply(key, nil)
	w.wantCalls()
	w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(key, "access_key_id"): "Active"})
}

// What forces a replacement, and what does not.
func TestAccessKey_rotateWhenChanged(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before, after map[string]any
		want          bool
	}{
		"same":          {config("rotate_when_changed", month("1")), config("rotate_when_changed", month("1")), false},
		"changed":       {config("rotate_when_changed", month("1")), config("rotate_when_changed", month("2")), true},
		"added":         {config(), config("rotate_when_changed", month("1")), true},
		"removed":       {config("rotate_when_changed", month("1")), config(), true},
		"other changes": {config("rotate_when_changed", month("1")), config("rotate_when_changed", month("1"), "on_destroy", "purge"), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, acctest.New(t))
			planned := w.plan(w.apply(gone, test.before), test.after)
			if got := replaces(planned, "rotate_when_changed"); got != test.want {
				t.Errorf("replaced: %t, want %t", got, test.want)
			}
		})
	}
}
