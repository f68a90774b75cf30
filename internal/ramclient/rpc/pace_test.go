package rpc

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestPacerSpacesRequestsEvenly(t *testing.T) {
	t.Parallel()
	fake := clock.NewFake(start)
	pacer := newPacer(fake, 0)
	op := Operation{Product: "P", Name: "Attach", Rate: 10}
	for range 101 {
		if err := pacer.wait(t.Context(), op); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := fake.Now().Sub(start).Round(time.Millisecond), 10256*time.Millisecond; got != want {
		t.Errorf("101 requests at 9.75/s took %s, want %s", got, want)
	}
}

func TestPacerCountsOperationsApartAndTheClientAsAWhole(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		maxPerSecond float64
		want         time.Duration
	}{
		"each operation has its own quota": {0, 1026 * time.Millisecond},
		"the client's bound holds for all": {4, 5 * time.Second},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				pacer := newPacer(clock.System, test.maxPerSecond)
				done := make(chan error)
				for range 7 {
					for _, op := range []Operation{{Name: "A", Rate: 6}, {Name: "B", Rate: 6}, {Name: "C", Rate: 0}} {
						go func() { done <- pacer.wait(t.Context(), op) }()
					}
				}
				for range 21 {
					if err := <-done; err != nil {
						t.Error(err)
					}
				}
				if got := time.Since(begin).Round(time.Millisecond); got != test.want {
					t.Errorf("took %s, want %s", got, test.want)
				}
			})
		})
	}
}

func TestPacerEndsWithTheContextAndGivesTheTurnBack(t *testing.T) {
	t.Parallel()
	fake := clock.NewFake(start)
	pacer := newPacer(fake, 0)
	op := Operation{Name: "A", Rate: 1}
	if err := pacer.wait(t.Context(), op); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pacer.wait(ended, op); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if err := pacer.wait(t.Context(), op); err != nil {
		t.Fatal(err)
	}
	if got, want := fake.Now().Sub(start).Round(time.Millisecond), 1026*time.Millisecond; got != want {
		t.Errorf("the next turn came after %s, want %s", got, want)
	}
}

func TestPaceLearns(t *testing.T) {
	t.Parallel()
	p := newPace(10)
	at := start
	steps := []struct {
		what      string
		after     time.Duration
		throttled bool
		want      float64
	}{
		{"an answer leaves the documented rate", time.Second, false, 10},
		{"a refusal slows down", time.Second, true, 8.5},
		{"its echoes do not", 900 * time.Millisecond, true, 8.5},
		{"then it comes back fast", 500 * time.Millisecond, false, 9.52},
		{"beyond 95 % of the refused rate slowly", 2 * time.Second, false, 9.62},
		{"up to the documented rate", time.Hour, false, 10},
		{"another refusal", time.Second, true, 8.5},
		{"and a lower one", time.Second, true, 7.225},
		{"comes back to 95 % of that", 850 * time.Millisecond, false, 8.075},
	}
	for _, step := range steps {
		at = at.Add(step.after)
		p.learn(at, step.throttled)
		if got := float64(p.limiter.Limit()); math.Abs(got-step.want) > 0.02 {
			t.Errorf("%s: got %.3f/s, want %.3f/s", step.what, got, step.want)
		}
	}
	for range 200 {
		at = at.Add(time.Second)
		p.learn(at, true)
	}
	if got, want := float64(p.limiter.Limit()), 0.5; got != want {
		t.Errorf("after refusals without end: got %g/s, want %g/s", got, want)
	}
}
