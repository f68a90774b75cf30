package connection

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	start    = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	ci       = Parent{Kind: User, Name: "ci"}
	noUser   = &rpc.Error{Action: "AttachPolicyToUser", Code: "EntityNotExist.User"}
	conflict = &rpc.Error{Action: "DeleteUser", Code: "DeleteConflict.User.Policy"}
)

// failing fails the first n times, and counts.
type failing struct {
	with     error
	n, calls int
}

func (f *failing) call(context.Context) error {
	f.calls++
	if f.calls <= f.n {
		return f.with
	}
	return nil
}

func TestAwaitDoubtsOnlyNewParents(t *testing.T) {
	t.Parallel()
	missing := func(err error) (Parent, bool) { return ci, ramclient.Code(err) == "EntityNotExist.User" }
	tests := map[string]struct {
		prepare   func(*Recent, *clock.Fake)
		fail      failing
		want      error
		wantCalls int
	}{
		"never seen":         {func(*Recent, *clock.Fake) {}, failing{with: noUser, n: 9}, noUser, 1},
		"just made":          {func(r *Recent, _ *clock.Fake) { r.Saw(ci) }, failing{with: noUser, n: 3}, nil, 4},
		"made long ago":      {func(r *Recent, c *clock.Fake) { r.Saw(ci); c.Advance(time.Minute) }, failing{with: noUser, n: 3}, noUser, 1},
		"made, then deleted": {func(r *Recent, _ *clock.Fake) { r.Saw(ci); r.Gone(ci) }, failing{with: noUser, n: 3}, noUser, 1},
		"another failure":    {func(r *Recent, _ *clock.Fake) { r.Saw(ci) }, failing{with: conflict, n: 3}, conflict, 1},
		"never comes":        {func(r *Recent, _ *clock.Fake) { r.Saw(ci) }, failing{with: noUser, n: 99}, noUser, 10},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clk := clock.NewFake(start)
			recent := newRecent(clk)
			test.prepare(recent, clk)
			err := recent.Await(t.Context(), test.fail.call, missing)
			if !errors.Is(err, test.want) || test.fail.calls != test.wantCalls {
				t.Errorf("got %v after %d calls, want %v after %d", err, test.fail.calls, test.want, test.wantCalls)
			}
		})
	}
}

func TestAwaitLooseRepeatsOnlyAfterSomethingWasTakenOff(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		loosened  bool
		fail      failing
		want      error
		wantCalls int
	}{
		"nothing taken off": {false, failing{with: conflict, n: 2}, conflict, 1},
		"lag":               {true, failing{with: conflict, n: 2}, nil, 3},
		"a real conflict":   {true, failing{with: conflict, n: 99}, conflict, 10},
		"another failure":   {true, failing{with: noUser, n: 2}, noUser, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			recent := newRecent(clock.NewFake(start))
			if test.loosened {
				recent.Loosened(ci)
			}
			err := recent.AwaitLoose(t.Context(), ci, test.fail.call)
			if !errors.Is(err, test.want) || test.fail.calls != test.wantCalls {
				t.Errorf("got %v after %d calls, want %v after %d", err, test.fail.calls, test.want, test.wantCalls)
			}
		})
	}
}
