package clock

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestFakeMovesItselfWhileSleeping(t *testing.T) {
	t.Parallel()
	fake := NewFake(start)
	if err := fake.Sleep(t.Context(), 90*time.Minute); err != nil {
		t.Fatal(err)
	}
	if got, want := fake.Now(), start.Add(90*time.Minute); !got.Equal(want) {
		t.Errorf("after the sleep it is %s, want %s", got, want)
	}
}

func TestManualWakesOnlyThoseWhoseTimeHasCome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := NewManual(start)
		woken := make(chan time.Duration, 2)
		for _, d := range []time.Duration{time.Minute, time.Hour} {
			go func() {
				if fake.Sleep(t.Context(), d) == nil {
					woken <- d
				}
			}()
		}
		synctest.Wait()
		fake.Advance(time.Minute)
		synctest.Wait()
		if got := <-woken; got != time.Minute || fake.Sleepers() != 1 {
			t.Errorf("woke the sleeper of %s with %d left, want 1m0s with 1 left", got, fake.Sleepers())
		}
		fake.Advance(time.Hour)
		if got := <-woken; got != time.Hour {
			t.Errorf("woke %s, want 1h0m0s", got)
		}
	})
}

func TestSleepEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]Clock{"system": System, "fake": NewFake(start), "manual": NewManual(start)} {
		if err := c.Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want %v", name, err, context.Canceled)
		}
	}
}
