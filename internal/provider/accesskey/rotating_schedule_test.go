package accesskey

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

const day = 24 * time.Hour

var began = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func key(id, status string, created time.Time) *slot {
	return &slot{AccessKeyID: types.StringValue(id), Status: types.StringValue(status), CreateDate: types.StringValue(created.Format(time.RFC3339))}
}

// What is next for the keys of a series of 90 days, a week of overlap and two days of
// quarantine, in every state that they can be found in.
func TestSchedule(t *testing.T) {
	t.Parallel()
	active, disabled, recycled := key("B", "Active", began), key("B", "Inactive", began), key("B", "Recycled", began)
	old, oldDisabled := key("A", "Active", began.Add(-90*day)), key("A", "Inactive", began.Add(-90*day))
	at := func(days float64) time.Time { return began.Add(time.Duration(days * float64(day))) }
	tests := map[string]struct {
		schedule   schedule
		wantAction string
		wantDue    time.Time
	}{
		"one key":                         {schedule{current: active}, rotateNext, at(90)},
		"in the overlap":                  {schedule{current: active, previous: old}, disableNext, at(7)},
		"in the quarantine":               {schedule{current: active, previous: oldDisabled, observed: observation{DisabledAt: at(7)}}, recycleNext, at(9)},
		"disabled late":                   {schedule{current: active, previous: oldDisabled, observed: observation{DisabledAt: at(30)}}, recycleNext, at(32)},
		"disabled by somebody, early":     {schedule{current: active, previous: oldDisabled, observed: observation{DisabledAt: at(1)}}, recycleNext, at(7)},
		"disabled before it was previous": {schedule{current: active, previous: oldDisabled, observed: observation{DisabledAt: at(-3)}}, recycleNext, at(7)},
		"enabled again":                   {schedule{current: active, previous: old, observed: observation{EnabledAt: at(8)}}, disableNext, at(15)},
		"used in its overlap":             {schedule{current: active, previous: old, requireIdle: 2 * day, observed: observation{UsedAt: at(3)}}, disableNext, at(7)},
		"used at the end of its overlap":  {schedule{current: active, previous: old, requireIdle: 2 * day, observed: observation{UsedAt: at(6)}}, disableNext, at(8)},
		"used, but may be":                {schedule{current: active, previous: old, observed: observation{UsedAt: at(6.5)}}, disableNext, at(7)},
		"current is disabled":             {schedule{current: disabled}, rotateNext, time.Time{}},
		"both are disabled":               {schedule{current: disabled, previous: oldDisabled}, rotateNext, time.Time{}},
		"current is in the bin":           {schedule{current: recycled, previous: old}, rotateNext, time.Time{}},
		"current is gone":                 {schedule{previous: old}, rotateNext, time.Time{}},
	}
	for name, test := range tests {
		s := test.schedule
		s.rotationPeriod, s.overlap, s.quarantine = 90*day, 7*day, 2*day
		if action, due := s.next(); action != test.wantAction || !due.Equal(test.wantDue) {
			t.Errorf("%s: next is %s at %s, want %s at %s", name, action, due, test.wantAction, test.wantDue)
		}
		for _, offset := range []time.Duration{-time.Second, 0, time.Second} {
			s.observed.At = test.wantDue.Add(offset)
			if got, want := s.isDue(), offset >= 0; got != want && !test.wantDue.IsZero() {
				t.Errorf("%s: due %s off its time: %t, want %t", name, offset, got, want)
			}
		}
	}
	withoutQuarantine := schedule{current: active, previous: old, overlap: 7 * day}
	if action, due := withoutQuarantine.next(); action != recycleNext || !due.Equal(at(7)) {
		t.Errorf("without quarantine: next is %s at %s, want %s at %s", action, due, recycleNext, at(7))
	}
}

// Whichever key has to go for a new one, no third slot is ever needed, and a key that
// works is not given up for one that does not.
func TestDecision(t *testing.T) {
	t.Parallel()
	const none = ""
	tests := map[string]struct {
		current, previous string // statuses
		others            int
		force             bool
		action            string
		retires           string // id
		noRoom            bool
	}{
		"nothing due":                             {"Active", none, 0, false, none, none, false},
		"nothing due, a foreign key":              {"Active", none, 1, false, none, none, false},
		"forced":                                  {"Active", none, 0, true, rotateNext, none, false},
		"forced, a foreign key":                   {"Active", none, 1, true, rotateNext, none, true},
		"forced, previous is active":              {"Active", "Active", 0, true, rotateNext, "A", false},
		"forced, previous is disabled":            {"Active", "Inactive", 0, true, rotateNext, "A", false},
		"current is disabled":                     {"Inactive", none, 0, false, rotateNext, none, false},
		"current is disabled, a foreign key":      {"Inactive", none, 1, false, rotateNext, none, true},
		"current is disabled, previous is active": {"Inactive", "Active", 0, false, rotateNext, "B", false},
		"both are disabled":                       {"Inactive", "Inactive", 0, false, rotateNext, "A", false},
		"current is in the bin":                   {"Recycled", none, 0, false, rotateNext, none, false},
		"current is in the bin, two foreign keys": {"Recycled", none, 2, false, rotateNext, none, true},
		"current is in the bin, previous active":  {"Recycled", "Active", 0, false, rotateNext, none, false},
		"current is in the bin, and a foreign":    {"Recycled", "Active", 1, false, rotateNext, none, true},
		"current is gone":                         {none, "Active", 0, false, rotateNext, none, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var current, previous *slot
			if test.current != none {
				current = key("B", test.current, began)
				current.Secret = types.StringValue("testsecret")
			}
			if test.previous != none {
				previous = key("A", test.previous, began)
			}
			arguments := rotatingModel{RotationPeriod: types.StringValue("90d"), Overlap: types.StringValue("7d"), RotateWhenChanged: types.MapNull(types.StringType)}
			arguments.AgeRecipients = types.ListNull(types.StringType)
			plan := arguments
			if test.force {
				plan.RotateWhenChanged = types.MapValueMust(types.StringType, nil)
			}
			seen := observation{At: began, Others: make([]string, test.others), Slots: usualSlots}
			d := decide(t.Context(), plan, arguments, current, previous, seen)
			if d.action != test.action || d.retires.id() != test.retires || d.noRoom != test.noRoom {
				t.Errorf("got %q, retires %q, no room %t; want %q, %q, %t", d.action, d.retires.id(), d.noRoom, test.action, test.retires, test.noRoom)
			}
			newCurrent, newPrevious := d.outcome(current, previous)
			if slots := taken(newCurrent, newPrevious) + test.others; slots > usualSlots && !d.noRoom {
				t.Errorf("%d slots are needed afterwards", slots)
			}
		})
	}
}
