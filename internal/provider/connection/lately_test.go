package connection

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

func TestLately(t *testing.T) {
	t.Parallel()
	clk := clock.NewManual(start)
	names := newLately[int](clk)
	asked := 0
	ask := func() (int, error) {
		asked++
		return asked, nil
	}
	fail := func() (int, error) { return 0, errors.New("unreachable") }
	steps := []struct {
		what   string
		before func()
		name   string
		ask    func() (int, error)
		want   int // 0: a failure
	}{
		{"the first question fails", func() {}, "ci", fail, 0},
		{"so it is asked again", func() {}, "ci", ask, 1},
		{"and answered from memory", func() {}, "ci", fail, 1},
		{"another name is another question", func() {}, "cd", ask, 2},
		{"after a while still", func() { clk.Advance(latelyFor - time.Second) }, "ci", fail, 1},
		{"but not after a minute", func() { clk.Advance(time.Second) }, "ci", ask, 3},
		{"nor when the name is somebody else's", func() { names.forget("ci") }, "ci", ask, 4},
	}
	for _, step := range steps {
		step.before()
		got, err := names.get(step.name, step.ask)
		if got != step.want || (err != nil) != (step.want == 0) {
			t.Errorf("%s: got %d, %v, want %d", step.what, got, err, step.want)
		}
	}
}

func TestLately_manyAtOnceAskOnce(t *testing.T) {
	t.Parallel()
	names := newLately[int](clock.NewManual(start))
	asked := 0
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if got, err := names.get("ci", func() (int, error) {
				asked++
				return 7, nil
			}); got != 7 || err != nil {
				t.Errorf("got %d, %v", got, err)
			}
		})
	}
	wait.Wait()
	if asked != 1 {
		t.Errorf("asked %d times, want once", asked)
	}
}
