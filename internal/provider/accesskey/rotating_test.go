package accesskey_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const rotatingType = "ram_rotating_access_key"

// series is a world whose provider works on ram_rotating_access_key.
type series struct{ *world }

func newSeries(t *testing.T, options ...func(*emulator.Config)) series {
	t.Helper()
	return series{newWorld(t, acctest.New(t, options...))}
}

// quarterly is rotated every 90 days; a week of overlap, two days of quarantine.
func quarterly(pairs ...any) map[string]any {
	return config(append([]any{"rotation_period", "90d", "overlap", "7d", "quarantine", "2d"}, pairs...)...)
}

func (s series) planAny(prior acctest.Object, config map[string]any) acctest.Planned {
	s.t.Helper()
	return s.Plan(rotatingType, prior, config)
}

func (s series) plan(prior acctest.Object, config map[string]any) acctest.Planned {
	s.t.Helper()
	planned := s.planAny(prior, config)
	if planned.Diagnostics.HasError() {
		s.t.Fatalf("plan: %q", planned.Diagnostics.Errors())
	}
	return planned
}

func (s series) apply(prior acctest.Object, config map[string]any) acctest.Object {
	s.t.Helper()
	return s.MustApply(rotatingType, prior, config)
}

func (s series) applied(planned acctest.Planned) acctest.Object {
	s.t.Helper()
	after, diags := s.Apply(planned)
	if diags.HasError() {
		s.t.Fatalf("apply: %q", diags.Errors())
	}
	return after
}

// later is a new process some time later, which refreshes first.
func (s series) later(object acctest.Object, after time.Duration) acctest.Object {
	s.t.Helper()
	s.Clock.Advance(after)
	s.restart()
	return s.MustRead(object)
}

func (s series) wantEmptyPlan(object acctest.Object, config map[string]any) acctest.Object {
	s.t.Helper()
	object = s.later(object, 0)
	if planned := s.plan(object, config); !planned.IsEmpty() {
		s.t.Errorf("the plan is not empty: %v", s.Attributes(planned.Value))
	}
	return object
}

// in is an attribute of the key in a slot; empty if there is no key.
func (s series) in(object acctest.Object, slot, attribute string) string {
	s.t.Helper()
	key, _ := s.Attributes(object.Value)[slot].(map[string]any)
	text, _ := key[attribute].(string)
	return text
}

// shown is the series at a glance: the status of each slot, and what is next.
func (s series) shown(object acctest.Object) string {
	s.t.Helper()
	status := func(slot string) string {
		if status := s.in(object, slot, "status"); status != "" {
			return status
		}
		return "none"
	}
	return fmt.Sprintf("%s, %s; %s at %s", status("current"), status("previous"), s.text(object, "next_action"), s.text(object, "next_action_at"))
}

func (s series) wantShown(object acctest.Object, want string) {
	s.t.Helper()
	if got := s.shown(object); got != want {
		s.t.Errorf("the series is %q, want %q", got, want)
	}
}

// on is a day of the test, as next_action_at shows it.
func on(after time.Duration) string { return acctest.Start.Add(after).Format(time.RFC3339) }

// signs says whether requests signed with the secret in state work.
func (s series) signs(object acctest.Object, slot string) bool {
	s.t.Helper()
	client := s.ClientFor(acctest.Key{ID: s.in(object, slot, "access_key_id"), Secret: s.in(object, slot, "secret")})
	_, err := client.GetCallerIdentity(s.t.Context())
	return err == nil
}

// A whole round: each step is planned when it is due and not before, the plan shows it,
// and it can be applied much later by another process.
func TestRotating_round(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]time.Duration{"applied at once": 0, "applied a day later": day, "applied a month later": 30 * day} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSeries(t)
			object := s.apply(gone, quarterly())
			first := s.in(object, "current", "access_key_id")
			s.wantShown(object, "Active, none; rotate at "+on(90*day))
			object = s.wantEmptyPlan(object, quarterly())

			step := func(due time.Duration, planned, after string) {
				t.Helper()
				at := acctest.Start.Add(due)
				object = s.later(object, at.Sub(s.Clock.Now())-time.Second)
				if early := s.plan(object, quarterly()); !early.IsEmpty() {
					t.Errorf("a second before it is due, the plan is %v", s.Attributes(early.Value))
				}
				object = s.later(object, time.Second)
				saved := s.plan(object, quarterly())
				if got := s.shown(acctest.Object{Type: rotatingType, Value: saved.Value}); got != planned {
					t.Errorf("planned %q, want %q", got, planned)
				}
				s.Clock.Advance(wait)
				s.restart()
				object = s.applied(saved)
				s.wantShown(object, after)
			}
			at := 90 * day
			step(at, "none, Active; disable at ", "Active, Active; disable at "+on(at+wait+7*day))
			second := s.in(object, "current", "access_key_id")
			if s.in(object, "previous", "access_key_id") != first || !s.signs(object, "current") || !s.signs(object, "previous") {
				t.Error("in the overlap, not both keys work")
			}
			at += wait + 7*day
			step(at, "Active, Inactive; recycle at ", "Active, Inactive; recycle at "+on(at+wait+2*day))
			s.wantLive(map[string]ramclient.AccessKeyStatus{first: "Inactive", second: "Active"})
			at += wait + 2*day
			rotation := on(90*day + wait + 90*day)
			step(at, "Active, none; rotate at "+rotation, "Active, none; rotate at "+rotation)
			s.wantLive(map[string]ramclient.AccessKeyStatus{second: "Active"})
			s.wantRecycled(first)
		})
	}
}

// For 200 days somebody applies every day, and misses some. At every moment a key works,
// no third slot is needed, and whoever reads `current` has the whole overlap to move.
func TestRotating_twoHundredDays(t *testing.T) {
	t.Parallel()
	for name, skips := range map[string]func(day int) bool{
		"every day":       func(int) bool { return false },
		"on Mondays":      func(day int) bool { return day%7 != 0 },
		"with a long gap": func(day int) bool { return day%3 != 0 || day > 60 && day < 120 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSeries(t)
			const overlap = 5 * day
			monthly := config("rotation_period", "30d", "overlap", "5d", "quarantine", "3d")
			object := s.apply(gone, monthly)
			replacedAt := map[string]time.Time{} // by id: when it stopped being current
			rotations := 0
			for today := range 200 {
				if !skips(today) {
					object = s.later(object, 0)
					before := s.in(object, "current", "access_key_id")
					if planned := s.plan(object, monthly); !planned.IsEmpty() {
						object = s.applied(planned)
					}
					if s.in(object, "current", "access_key_id") != before {
						replacedAt[before] = s.Clock.Now()
						rotations++
					}
				}
				for half := range 2 {
					live := s.live()
					if len(live) > 2 || live[s.in(object, "current", "access_key_id")] != "Active" {
						t.Fatalf("day %d, hour %d: keys %v, of which %s is current", today, 12*half, live, s.in(object, "current", "access_key_id"))
					}
					for id, at := range replacedAt {
						if s.Clock.Now().Sub(at) < overlap && live[id] != "Active" {
							t.Fatalf("day %d: %s is %q only %s after it was replaced", today, id, live[id], s.Clock.Now().Sub(at))
						}
					}
					s.Clock.Advance(12 * time.Hour)
				}
			}
			if rotations < 3 {
				t.Errorf("%d rotations in 200 days", rotations)
			}
		})
	}
}

func TestRotating_withoutQuarantine(t *testing.T) {
	t.Parallel()
	s := newSeries(t)
	weekly := config("rotation_period", "7d", "overlap", "1d")
	object := s.apply(gone, weekly)
	first := s.in(object, "current", "access_key_id")
	object = s.apply(s.later(object, 7*day), weekly)
	s.wantShown(object, "Active, Active; recycle at "+on(8*day))
	s.calls()
	object = s.apply(s.later(object, day), weekly)
	s.wantCalls("GetCallerIdentity", "GetDefaultDomain", "ListAccessKeys", // refresh
		"ListAccessKeysInRecycleBin", // plan: is it full?
		"UpdateAccessKey", "ListAccessKeys", "DeleteAccessKey", "ListAccessKeysInRecycleBin")
	s.wantShown(object, "Active, none; rotate at "+on(14*day))
	s.wantRecycled(first)
}

// A change of rotate_when_changed or of the recipients rotates ahead of the schedule. A
// key that still is in its overlap goes for it, and the plan says which.
func TestRotating_forced(t *testing.T) {
	t.Parallel()
	s := newSeries(t)
	object := s.apply(gone, quarterly())
	first := s.in(object, "current", "access_key_id")
	forced := quarterly("rotate_when_changed", month("1"))
	planned := s.plan(object, forced)
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), first, "will be rotated", "rotate_when_changed changes", first+" stays active as the previous one for the overlap of 7d")
	object = s.wantEmptyPlan(s.applied(planned), forced)
	second := s.in(object, "current", "access_key_id")
	s.wantLive(map[string]ramclient.AccessKeyStatus{first: "Active", second: "Active"})

	identity := newIdentity(t)
	forced = quarterly("rotate_when_changed", month("1"), "age_recipients", to(identity))
	planned = s.plan(object, forced)
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), "age_recipients changes", "AccessKey "+first+" (active) is moved to the recycle bin first", second+" stays active")
	object = s.wantEmptyPlan(s.applied(planned), forced)
	s.wantRecycled(first)
	third := s.in(object, "current", "access_key_id")
	s.wantLive(map[string]ramclient.AccessKeyStatus{second: "Active", third: "Active"})
	if s.in(object, "current", "secret") != "" || s.in(object, "current", "encrypted_secret") == "" || s.in(object, "previous", "secret") == "" {
		t.Error("the new key's secret is not encrypted, or the old one's was lost")
	}
	// The same recipients, spelled otherwise, rotate nothing.
	turned := quarterly("rotate_when_changed", month("1"), "age_recipients", []string{to(identity)[0] + "\n"})
	object = s.apply(object, turned)
	if got := s.in(object, "current", "access_key_id"); got != third {
		t.Errorf("current is %s, want %s", got, third)
	}
}

// A key that is in use is not taken away: its end is put off on schedule, and a forced
// rotation is refused.
func TestRotating_requireIdle(t *testing.T) {
	t.Parallel()
	guarded := quarterly("require_idle", "24h")
	s := newSeries(t, promptly)
	object := s.apply(gone, guarded)
	first := s.in(object, "current", "access_key_id")
	object = s.apply(s.later(object, 90*day), guarded)
	s.Clock.Advance(7*day - time.Hour)
	if !s.signs(object, "previous") {
		t.Fatal("the previous key does not work in its overlap")
	}
	usedAt := s.Clock.Now()
	object = s.later(object, time.Hour)
	planned := s.plan(object, guarded)
	if !planned.IsEmpty() {
		t.Errorf("a key in use: planned %v", s.Attributes(planned.Value))
	}
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), first, "is still in use", usedAt.Format(time.RFC3339)+" with STS", `require_idle = "24h"`)
	s.wantShown(object, "Active, Active; disable at "+usedAt.Add(day).Format(time.RFC3339))

	refused := s.planAny(object, quarterly("require_idle", "24h", "rotate_when_changed", month("2")))
	acctest.RequireAmong(t, refused.Diagnostics.Errors(), "Cannot retire AccessKey "+first, "with STS")

	// Used after the plan was made: the apply refuses, and the next plan waits.
	object = s.later(object, day)
	saved := s.plan(object, guarded)
	s.signs(object, "previous")
	s.Clock.Advance(time.Minute)
	left, diags := s.Apply(saved)
	acctest.RequireAmong(t, diags.Errors(), "Cannot retire AccessKey "+first, "Nothing was changed")
	s.wantLive(map[string]ramclient.AccessKeyStatus{first: "Active", s.in(left, "current", "access_key_id"): "Active"})
	object = s.wantEmptyPlan(left, guarded)
	object = s.apply(s.later(object, day), guarded)
	if got := s.in(object, "previous", "status"); got != "Inactive" {
		t.Errorf("an idle key is %s, want it disabled", got)
	}
}

// What other people do to the keys.
func TestRotating_drift(t *testing.T) {
	t.Parallel()
	disable := func(s series, id string) {
		s.must(s.Client.UpdateAccessKey(s.t.Context(), s.ref(id), ramclient.AccessKeyInactive))
	}
	bin := func(s series, id string) { s.recycleKey(id) }
	purge := func(s series, id string) {
		s.recycleKey(id)
		s.must(s.Client.DeleteAccessKeyInRecycleBin(s.t.Context(), s.binRef(id)))
	}
	type slots struct{ current, previous string }
	tests := map[string]struct {
		overlaps         bool // there is a previous key
		current, earlier func(series, string)
		warning          string
		want             slots // which of the first and second key, or a new one
	}{
		"current disabled":                    {false, disable, nil, "is disabled", slots{"new", "first"}},
		"current recycled":                    {false, bin, nil, "is in the recycle bin", slots{"new", ""}},
		"current disabled in the overlap":     {true, disable, nil, "(inactive) is moved to the recycle bin first", slots{"new", "first"}},
		"current recycled in the overlap":     {true, bin, nil, "is in the recycle bin", slots{"new", "first"}},
		"current purged in the overlap":       {true, purge, nil, "is gone", slots{"new", "first"}},
		"both disabled":                       {true, disable, disable, "(inactive) is moved to the recycle bin first", slots{"new", "second"}},
		"previous disabled":                   {true, nil, disable, "", slots{"second", "first"}},
		"previous recycled":                   {true, nil, bin, "", slots{"second", ""}},
		"previous purged":                     {true, nil, purge, "", slots{"second", ""}},
		"current disabled, previous recycled": {true, disable, bin, "is disabled", slots{"new", "second"}},
		"current recycled, previous disabled": {true, bin, disable, "is in the recycle bin", slots{"new", "first"}},
		"both recycled":                       {true, bin, bin, "is in the recycle bin", slots{"new", ""}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSeries(t)
			object := s.apply(gone, quarterly())
			ids := map[string]string{"first": s.in(object, "current", "access_key_id"), "": ""}
			if test.overlaps {
				object = s.apply(s.later(object, 90*day), quarterly())
				ids["second"] = s.in(object, "current", "access_key_id")
			}
			s.Clock.Advance(time.Hour)
			if test.earlier != nil {
				test.earlier(s, s.in(object, "previous", "access_key_id"))
			}
			if test.current != nil {
				test.current(s, s.in(object, "current", "access_key_id"))
			}
			object = s.later(object, time.Hour)
			planned := s.plan(object, quarterly())
			if test.warning != "" {
				acctest.RequireAmong(t, planned.Diagnostics.Warnings(), test.warning)
			}
			object = s.wantEmptyPlan(s.applied(planned), quarterly())
			got := slots{s.in(object, "current", "access_key_id"), s.in(object, "previous", "access_key_id")}
			if test.want.current == "new" {
				ids["new"] = got.current
				if !s.signs(object, "current") || got.current == ids["first"] || got.current == ids["second"] {
					t.Errorf("%s is no new key that works", got.current)
				}
			}
			if want := (slots{ids[test.want.current], ids[test.want.previous]}); got != want {
				t.Errorf("slots %+v, want %+v of %v", got, want, ids)
			}
			if len(s.live()) > 2 {
				t.Errorf("keys %v", s.live())
			}
		})
	}
}

func TestRotating_gone(t *testing.T) {
	t.Parallel()
	s := newSeries(t)
	object := s.apply(gone, quarterly())
	id := s.in(object, "current", "access_key_id")
	s.Clock.Advance(time.Hour)
	s.recycleKey(id)
	s.must(s.Client.DeleteAccessKeyInRecycleBin(t.Context(), s.binRef(id)))
	if object = s.later(object, time.Hour); object.Exists() {
		t.Errorf("a series without any key reads as %v", s.Attributes(object.Value))
	}
}

// A disabled previous key that somebody enables gets another overlap, and a saved plan
// does not delete it.
func TestRotating_enabledAgain(t *testing.T) {
	t.Parallel()
	s := newSeries(t)
	object := s.apply(gone, quarterly())
	first := s.in(object, "current", "access_key_id")
	object = s.apply(s.later(object, 90*day), quarterly())
	object = s.apply(s.later(object, 7*day), quarterly())
	object = s.later(object, 2*day)
	saved := s.plan(object, quarterly())
	s.must(s.Client.UpdateAccessKey(t.Context(), s.ref(first), ramclient.AccessKeyActive))
	enabled := s.Clock.Now()
	left, diags := s.Apply(saved)
	acctest.RequireAmong(t, diags.Errors(), "Cannot recycle AccessKey "+first, "enabled it again", "Next step")
	object = s.later(left, time.Hour)
	s.wantShown(object, "Active, Active; disable at "+enabled.Add(7*day).Format(time.RFC3339))
	planned := s.plan(object, quarterly())
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), first, "was enabled again", enabled.Format(time.RFC3339))
	if !planned.IsEmpty() {
		t.Errorf("planned %v", s.Attributes(planned.Value))
	}
	object = s.apply(s.later(object, 7*day), quarterly())
	if got := s.in(object, "previous", "status"); got != "Inactive" {
		t.Errorf("after its second overlap the key is %s", got)
	}
}

// Keys of others are never touched; where they are in the way, they are named.
func TestRotating_foreignKey(t *testing.T) {
	t.Parallel()
	t.Run("before the first one", func(t *testing.T) {
		t.Parallel()
		s := newSeries(t)
		theirs := s.colleagueKey()
		planned := s.planAny(gone, quarterly())
		acctest.RequireAmong(t, planned.Diagnostics.Errors(), theirs, "does not belong to the series", "was not touched", `id = "ci"`)
		s.colleagueKey()
		s.restart()
		acctest.RequireAmong(t, s.planAny(gone, quarterly()).Diagnostics.Errors(), theirs, "no free slot")
	})
	t.Run("in the second slot", func(t *testing.T) {
		t.Parallel()
		s := newSeries(t)
		object := s.apply(gone, quarterly())
		theirs := s.colleagueKey()
		object = s.later(object, day)
		planned := s.plan(object, quarterly())
		acctest.RequireAmong(t, planned.Diagnostics.Warnings(), theirs, "takes the slot that the next rotation", on(90*day))
		if !planned.IsEmpty() {
			t.Errorf("planned %v", s.Attributes(planned.Value))
		}
		object = s.later(object, 90*day)
		acctest.RequireAmong(t, s.planAny(object, quarterly()).Diagnostics.Errors(), theirs, "never used", "was not touched", "Next step")
		s.wantLive(map[string]ramclient.AccessKeyStatus{theirs: "Active", s.in(object, "current", "access_key_id"): "Active"})
		s.recycleKey(theirs)
		object = s.apply(s.later(object, time.Hour), quarterly())
		s.wantShown(object, "Active, Active; disable at "+s.Clock.Now().Add(7*day).Format(time.RFC3339))
	})
	t.Run("made after the plan", func(t *testing.T) {
		t.Parallel()
		s := newSeries(t)
		object := s.later(s.apply(gone, quarterly()), 90*day)
		planned := s.plan(object, quarterly())
		theirs := s.colleagueKey()
		left, diags := s.Apply(planned)
		acctest.RequireAmong(t, diags.Errors(), theirs, "may have no more")
		s.wantLive(map[string]ramclient.AccessKeyStatus{theirs: "Active", s.in(left, "current", "access_key_id"): "Active"})
	})
}

func TestRotating_import(t *testing.T) {
	t.Parallel()
	s := newSeries(t)
	first := s.colleagueKey()
	for name, imported := range map[string]func() (acctest.Object, acctest.Diagnostics){
		"by name":    func() (acctest.Object, acctest.Diagnostics) { return s.Import(rotatingType, "ci") },
		"with a key": func() (acctest.Object, acctest.Diagnostics) { return s.Import(rotatingType, "ci/"+first) },
		"by identity": func() (acctest.Object, acctest.Diagnostics) {
			return s.ImportByIdentity(rotatingType, map[string]any{"user_id": s.user.UserID})
		},
		"by identity with its account": func() (acctest.Object, acctest.Diagnostics) {
			return s.ImportByIdentity(rotatingType, map[string]any{"user_id": s.user.UserID, "account_id": s.AccountID})
		},
	} {
		object, diags := imported()
		wantNone(t, name+": error", diags.Errors())
		if s.in(object, "current", "access_key_id") != first || s.in(object, "current", "status") != "Active" || s.in(object, "previous", "access_key_id") != "" {
			t.Fatalf("%s: imported %v", name, s.Attributes(object.Value))
		}
		object = s.apply(object, quarterly("rotate_when_changed", month("1"), "age_recipients", to(newIdentity(t))))
		s.wantShown(object, "Active, none; rotate at "+on(90*day))
	}
	for _, wrong := range []string{"ci/LTAIexample000000000001", "nobody"} {
		_, diags := s.Import(rotatingType, wrong)
		acctest.RequireAmong(t, diags.Errors(), "Cannot import", "Next step")
	}
	_, diags := s.ImportByIdentity(rotatingType, map[string]any{"user_id": s.user.UserID, "account_id": "1000000000000009"})
	acctest.RequireAmong(t, diags.Errors(), "Wrong Alibaba Cloud account")

	s.Clock.Advance(time.Hour)
	second := s.colleagueKey()
	s.restart()
	_, diags = s.Import(rotatingType, "ci")
	acctest.RequireAmong(t, diags.Errors(), "Which key is the current one?", first, second, "ci/"+first+"/"+second)
	object, diags := s.Import(rotatingType, "ci/"+second+"/"+first)
	wantNone(t, "error", diags.Errors())
	object = s.apply(object, quarterly())
	s.wantShown(object, "Active, Active; disable at "+s.Clock.Now().Add(7*day).Format(time.RFC3339))
	for _, wrong := range []string{"ci/", "ci/a/b/c", "/x"} {
		_, diags := s.Import(rotatingType, wrong)
		acctest.RequireAmong(t, diags.Errors(), "Invalid import ID", "<user_name>")
	}
}

func TestRotating_followsItsUser(t *testing.T) {
	t.Parallel()
	s := newSeries(t)
	object := s.apply(gone, quarterly())
	id := s.in(object, "current", "access_key_id")
	s.Clock.Advance(time.Hour)
	s.rename()
	object = s.later(object, 0)
	renamed := quarterly("user_name", "deploy")
	object = s.wantEmptyPlan(object, renamed)
	if got := s.in(object, "current", "access_key_id"); got != id || s.text(object, "user_name") != "deploy" {
		t.Errorf("after a rename: %v", s.Attributes(object.Value))
	}
	s.makeUser("other")
	planned := s.plan(object, quarterly("user_name", "other"))
	if !replaces(planned, "user_name") {
		t.Errorf("another user's name replaces for %v", planned.Replace)
	}
	object = s.applied(planned)
	s.wantLive(map[string]ramclient.AccessKeyStatus{})
	s.wantRecycled(id)
	s.wantEmptyPlan(object, quarterly("user_name", "other"))
}

func TestRotating_destroy(t *testing.T) {
	t.Parallel()
	for choice, want := range map[string]struct {
		live   ramclient.AccessKeyStatus
		binned int
	}{"recycle": {"", 2}, "purge": {"", 0}, "disable": {"Inactive", 0}, "retain": {"Active", 0}} {
		t.Run(choice, func(t *testing.T) {
			t.Parallel()
			s := newSeries(t, func(c *emulator.Config) { c.StrictIMSDeleteAccessKey = true })
			written := quarterly("on_destroy", choice)
			object := s.apply(s.later(s.apply(gone, written), 90*day), written)
			began := s.Clock.Now()
			s.apply(object, nil)
			for _, slot := range []string{"current", "previous"} {
				if got := s.live()[s.in(object, slot, "access_key_id")]; got != want.live {
					t.Errorf("%s is %q, want %q", slot, got, want.live)
				}
			}
			if got := len(s.recycled()); got != want.binned {
				t.Errorf("%d keys in the bin, want %d", got, want.binned)
			}
			if took := s.Clock.Now().Sub(began); took > time.Minute {
				t.Errorf("the destroy took %s: it waited for the quarantine", took)
			}
		})
	}
}

// If either key is in use, a destroy touches neither.
func TestRotating_destroyRefused(t *testing.T) {
	t.Parallel()
	for _, used := range []string{"current", "previous"} {
		t.Run(used, func(t *testing.T) {
			t.Parallel()
			s := newSeries(t, promptly)
			written := quarterly("require_idle", "24h")
			object := s.apply(s.later(s.apply(gone, written), 90*day), written)
			s.signs(object, used)
			object = s.later(object, time.Hour)
			planned := s.plan(object, nil)
			id := s.in(object, used, "access_key_id")
			acctest.RequireAmong(t, planned.Diagnostics.Warnings(), id, "would not be destroyed now", "with STS", "(1 hour ago)")
			_, diags := s.Apply(planned)
			acctest.RequireAmong(t, diags.Errors(), "Cannot retire AccessKey "+id, "Nothing was changed")
			for id, status := range s.live() {
				if status != "Active" {
					t.Errorf("%s is %s", id, status)
				}
			}
		})
	}
}

// The key that Terraform itself works with is not taken out of use.
func TestRotating_ownKey(t *testing.T) {
	t.Parallel()
	s := newSeries(t)
	object, diags := s.Import(rotatingType, "terraform")
	wantNone(t, "error", diags.Errors())
	own := quarterly("user_name", "terraform")
	object = s.apply(object, own)
	acctest.RequireAmong(t, s.planAny(object, nil).Diagnostics.Errors(), "Refusing to destroy AccessKey "+s.Admin.ID, "allow_self_change")
	object = s.apply(s.later(object, 90*day), own)
	object = s.later(object, 7*day)
	acctest.RequireAmong(t, s.planAny(object, own).Diagnostics.Errors(), "Refusing to retire AccessKey "+s.Admin.ID)
	s.arguments["allow_self_change"] = true
	s.restart()
	s.plan(object, own)
}

func TestRotating_invalidConfig(t *testing.T) {
	t.Parallel()
	s := newSeries(t)
	for name, test := range map[string]struct {
		config map[string]any
		want   []string
	}{
		"no third slot":       {config("rotation_period", "9d", "overlap", "7d", "quarantine", "2d"), []string{"rotation period is too short", "every 9d", "9d altogether"}},
		"overlap of all time": {config("rotation_period", "1d", "overlap", "36h"), []string{"rotation period is too short", "36h altogether"}},
		"no overlap":          {config("rotation_period", "1d"), []string{"overlap"}},
		"no span":             {quarterly("overlap", "a week"), []string{"overlap", "must be a span of time"}},
		"too little idle":     {quarterly("require_idle", "1h"), []string{"shorter than 2h"}},
		"two ways to encrypt": {quarterly("age_recipients", to(newIdentity(t)), "pgp_key", "x"), []string{"pgp_key"}},
		"no recipient":        {quarterly("age_recipients", []string{"me"}), []string{"age_recipients[0]"}},
		"no such end":         {quarterly("on_destroy", "delete"), []string{"on_destroy"}},
	} {
		t.Log(name)
		acctest.RequireAmong(t, s.Validate(rotatingType, test.config).Errors(), test.want...)
	}
	wantNone(t, "error", s.Validate(rotatingType, config("rotation_period", acctest.Unknown, "overlap", "7d")).Errors())
	object := s.apply(gone, quarterly())
	acctest.RequireAmong(t, s.planAny(object, quarterly("overlap", acctest.Unknown)).Diagnostics.Errors(), "overlap is not known yet")
}

// A run is killed after any of its calls, and what it would have written to the state
// with it. The next runs reach the same end, or name the key that is in the way.
func TestRotating_killedAtEveryCall(t *testing.T) {
	t.Parallel()
	written := quarterly("on_destroy", "purge")
	forced := quarterly("on_destroy", "purge", "rotate_when_changed", month("1"))
	tests := map[string]struct {
		prepare func(series) acctest.Object
		want    map[string]any
	}{
		"create": {func(series) acctest.Object { return gone }, written},
		"rotate": {func(s series) acctest.Object { return s.later(s.apply(gone, written), 90*day) }, written},
		"disable": {func(s series) acctest.Object {
			return s.later(s.apply(s.later(s.apply(gone, written), 90*day), written), 7*day)
		}, written},
		"recycle": {func(s series) acctest.Object {
			return s.later(s.apply(s.later(s.apply(s.later(s.apply(gone, written), 90*day), written), 7*day), written), 2*day)
		}, written},
		"forced": {func(s series) acctest.Object {
			return s.later(s.apply(s.later(s.apply(gone, written), 90*day), written), day)
		}, forced},
		"destroy": {func(s series) acctest.Object {
			return s.later(s.apply(s.later(s.apply(gone, written), 90*day), written), day)
		}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for calls := 1; ; calls++ {
				s := newSeries(t)
				to := newRelay(t, s.world)
				before := test.prepare(s)
				planned := s.plan(before, test.want)
				killed := false
				to.killAfter(calls, &killed)
				_, _ = s.Apply(planned)
				to.killAfter(0, nil)
				s.converge(before, test.want)
				if !killed {
					break
				}
			}
		})
	}
}

// converge plans and applies as a person would who reads what the errors say: a key that
// one of them names and that nobody knows is deleted.
func (s series) converge(object acctest.Object, want map[string]any) acctest.Object {
	s.t.Helper()
	for range 8 {
		s.Clock.Advance(time.Hour)
		s.restart()
		if object.Exists() {
			object = s.MustRead(object)
		}
		if !object.Exists() && want == nil {
			break
		}
		planned := s.planAny(object, want)
		if !planned.Diagnostics.HasError() {
			if planned.IsEmpty() {
				break
			}
			object = s.applied(planned)
			continue
		}
		named := false
		for id := range s.live() {
			isOurs := id == s.in(object, "current", "access_key_id") || id == s.in(object, "previous", "access_key_id")
			if !isOurs && strings.Contains(strings.Join(planned.Diagnostics.Errors(), "\n"), id) {
				named = true
				s.recycleKey(id)
			}
		}
		if !named {
			s.t.Fatalf("the plan fails and names no key: %q", planned.Diagnostics.Errors())
		}
	}
	known := map[string]ramclient.AccessKeyStatus{}
	for _, slot := range []string{"current", "previous"} {
		if id := s.in(object, slot, "access_key_id"); object.Exists() && id != "" {
			known[id] = ramclient.AccessKeyStatus(s.in(object, slot, "status"))
		}
	}
	if diff := cmp.Diff(known, s.live()); diff != "" {
		s.t.Errorf("keys of the user (-in state +at the service):\n%s", diff)
	}
	if want != nil && !s.signs(object, "current") {
		s.t.Error("the current key does not work")
	}
	return object
}

// Each operation that changes something goes wrong once in each way, in each step.
func TestRotating_faults(t *testing.T) {
	t.Parallel()
	for name, fault := range acctest.Faults() {
		for _, operation := range []string{"CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey"} {
			t.Run(operation+" "+name, func(t *testing.T) {
				t.Parallel()
				s := newSeries(t, acctest.WithStalls)
				maps.Copy(s.arguments, map[string]any{"max_retries": 0, "request_timeout": "1s"})
				s.restart()
				var object acctest.Object
				// Some time after each step is due: mending takes hours.
				for at, uses := range []struct {
					after     time.Duration
					operation string
				}{{0, "CreateAccessKey"}, {91 * day, "CreateAccessKey"}, {100 * day, "UpdateAccessKey"}, {104 * day, "DeleteAccessKey"}} {
					if at > 0 {
						object = s.later(object, acctest.Start.Add(uses.after).Sub(s.Clock.Now()))
					}
					planned := s.plan(object, quarterly())
					if uses.operation == operation {
						s.Emulator.Fail(operation, fault())
					}
					object, _ = s.Apply(planned)
					object = s.converge(object, quarterly())
				}
				if want := "Active, none"; !strings.HasPrefix(s.shown(object), want) {
					t.Errorf("after a round the series is %q, want %q", s.shown(object), want)
				}
			})
		}
	}
}

// killAfter lets so many calls through and then breaks every connection. Zero lets all
// through again.
func (r *relay) killAfter(calls int, killed *bool) {
	if calls == 0 {
		r.always(nil)
		return
	}
	r.always(func(w http.ResponseWriter, req *http.Request, forward http.Handler) {
		if calls--; calls < 0 {
			*killed = true
			panic(http.ErrAbortHandler)
		}
		forward.ServeHTTP(w, req)
	})
}
