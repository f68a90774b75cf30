package ramclient

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// sender notes what it is asked to send. Each call takes a second and fails if it names
// a bad resource.
type sender struct {
	mu    sync.Mutex
	calls []string
}

var errBad = errors.New("bad")

func (s *sender) send(ctx context.Context, ids []string) error {
	s.mu.Lock()
	named := slices.Sorted(slices.Values(ids))
	s.calls = append(s.calls, strings.Join(named, " "))
	s.mu.Unlock()
	_ = clock.System.Sleep(ctx, time.Second)
	if slices.Contains(ids, "bad") {
		return errBad
	}
	return nil
}

func TestGathering(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		asked []string // what: id, one after the other within the first second
		want  []string
		fails string // the id whose asker gets an error
	}{
		"one goes alone":              {[]string{"a: 1"}, []string{"1"}, ""},
		"those who wait go together":  {[]string{"a: 1", "a: 2", "a: 3", "a: 4"}, []string{"1", "2 3 4"}, ""},
		"different things stay apart": {[]string{"a: 1", "b: 2", "a: 3", "b: 4"}, []string{"1", "2", "3", "4"}, ""},
		"after a failure each is tried alone": {
			[]string{"a: 1", "a: 2", "a: bad", "a: 4"}, []string{"1", "2 4 bad", "2", "4", "bad"}, "bad",
		},
		"who fails alone is not tried again": {[]string{"a: bad"}, []string{"bad"}, "bad"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var g gathering
				var s sender
				var wait sync.WaitGroup
				for _, asked := range test.asked {
					what, id, _ := strings.Cut(asked, ": ")
					wait.Go(func() {
						if err := g.do(t.Context(), what, []string{id}, s.send); (err != nil) != (id == test.fails) {
							t.Errorf("%s: got %v", asked, err)
						}
					})
					synctest.Wait()
				}
				wait.Wait()
				slices.Sort(test.want)
				slices.Sort(s.calls)
				if diff := cmp.Diff(test.want, s.calls); diff != "" {
					t.Errorf("calls (-want +got)\n%s", diff)
				}
			})
		})
	}
}

func TestGathering_noMoreThanTheServiceTakes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gathering
		var s sender
		var wait sync.WaitGroup
		for i := range 121 {
			wait.Go(func() {
				if err := g.do(t.Context(), "a", []string{fmt.Sprintf("%03d", i)}, s.send); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		wait.Wait()
		var sizes []int
		for _, call := range s.calls {
			sizes = append(sizes, len(strings.Fields(call)))
		}
		if diff := cmp.Diff([]int{1, 50, 50, 20}, sizes); diff != "" {
			t.Errorf("resources in each call (-want +got)\n%s", diff)
		}
	})
}

// Who gives up waits no longer; the call that was begun for all goes on for the others.
func TestGathering_whoGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gathering
		var s sender
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- g.do(ctx, "a", []string{"1"}, s.send) }()
		synctest.Wait()
		other := make(chan error, 1)
		go func() { other <- g.do(t.Context(), "a", []string{"2"}, s.send) }()
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want %v", err, context.Canceled)
		}
		if err := <-other; err != nil {
			t.Errorf("the other: %v", err)
		}
		if diff := cmp.Diff([]string{"1", "2"}, s.calls); diff != "" {
			t.Errorf("calls (-want +got)\n%s", diff)
		}
	})
}
