package accesskey

import (
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// The steps of a series, as next_action shows them.
const (
	rotateNext  = "rotate"
	disableNext = "disable"
	recycleNext = "recycle"
)

// A schedule says what is next for the keys of a series. It knows no clock: what it says
// depends on the keys, on the arguments and on what was observed, so that a plan and the
// apply that follows, perhaps days later, decide alike.
type schedule struct {
	current, previous *slot // nil if there is none
	// rotationPeriod, overlap, quarantine and requireIdle are the arguments of these
	// names; the last two are zero if left out.
	rotationPeriod, overlap, quarantine, requireIdle time.Duration
	observed                                         observation
}

// next is the next step, and when it is due. A zero time means at once.
func (s schedule) next() (action string, due time.Time) {
	switch {
	case !s.current.is(ramclient.AccessKeyActive):
		return rotateNext, time.Time{}
	case s.previous == nil:
		return rotateNext, s.current.created().Add(s.rotationPeriod)
	case s.previous.is(ramclient.AccessKeyInactive):
		return recycleNext, latest(s.overlapEnds(), s.observed.DisabledAt.Add(s.quarantine))
	}
	due = latest(s.overlapEnds(), s.idleFrom())
	if s.quarantine == 0 {
		return recycleNext, due
	}
	return disableNext, due
}

// isDue says whether the next step was due when the keys were last observed.
func (s schedule) isDue() bool {
	_, due := s.next()
	return !s.observed.At.Before(due)
}

// overlapEnds is when the previous key may be disabled, if nothing uses it. One that
// somebody enabled again seems to be needed, and gets another overlap.
func (s schedule) overlapEnds() time.Time {
	ends := s.current.created().Add(s.overlap)
	if !s.observed.EnabledAt.IsZero() {
		ends = latest(ends, s.observed.EnabledAt.Add(s.overlap))
	}
	return ends
}

// idleFrom is when the previous key has been idle for long enough; zero if it may be
// used.
func (s schedule) idleFrom() time.Time {
	if s.requireIdle == 0 || s.observed.UsedAt.IsZero() {
		return time.Time{}
	}
	return s.observed.UsedAt.Add(s.requireIdle)
}

// isHeld says that only its use keeps the previous key from being disabled.
func (s schedule) isHeld() bool {
	return s.current.is(ramclient.AccessKeyActive) && s.previous.is(ramclient.AccessKeyActive) &&
		!s.observed.At.Before(s.overlapEnds()) && s.observed.At.Before(s.idleFrom())
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
