// Package clock is the only door to time: everything that reads or waits for time
// takes a Clock, so that a test can let thirty days pass in a microsecond.
package clock

import (
	"context"
	"sync"
	"time"
)

// Clock tells the time and waits for it.
type Clock interface {
	// Now is the current time.
	Now() time.Time
	// Sleep waits for d, or until ctx ends, and then returns the context's error.
	Sleep(ctx context.Context, d time.Duration) error
}

// System is the machine's own clock.
var System Clock = system{}

type system struct{}

func (system) Now() time.Time { return time.Now() }

func (system) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Fake is a clock that moves only when told to. A sleeper on it either moves the
// clock itself (NewFake) or waits for somebody to call Advance (NewManual).
type Fake struct {
	mu       sync.Mutex
	now      time.Time
	manual   bool
	sleepers []sleeper
}

type sleeper struct {
	until time.Time
	woken chan struct{}
}

// NewFake returns a clock on which every Sleep returns at once, having moved the
// clock by the time slept. It suits code whose waits should cost nothing.
func NewFake(start time.Time) *Fake { return &Fake{now: start} }

// NewManual returns a clock on which Sleep blocks until Advance reaches its end.
// It suits tests that look at what happens while somebody waits.
func NewManual(start time.Time) *Fake { return &Fake{now: start, manual: true} }

// Now implements Clock.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Sleep implements Clock.
func (f *Fake) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	if !f.manual {
		f.Advance(d)
		return nil
	}
	f.mu.Lock()
	woken := make(chan struct{})
	f.sleepers = append(f.sleepers, sleeper{f.now.Add(d), woken})
	f.mu.Unlock()
	select {
	case <-woken:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Advance moves the clock forward and wakes everybody whose wait is over.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
	waiting := f.sleepers[:0]
	for _, s := range f.sleepers {
		if s.until.After(f.now) {
			waiting = append(waiting, s)
			continue
		}
		close(s.woken)
	}
	f.sleepers = waiting
}

// Sleepers is how many calls of Sleep are waiting on a manual clock.
func (f *Fake) Sleepers() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.sleepers)
}
