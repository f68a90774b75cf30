package consistency_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	start     = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	lost      = &rpc.Error{Action: "CreateRole", Message: "connection reset", Ambiguous: true}
	taken     = &rpc.Error{Action: "CreateRole", Code: "EntityAlreadyExists.Role"}
	takenLate = &rpc.Error{Action: "CreateRole", Code: "EntityAlreadyExists.Role", Ambiguous: true}
	missing   = &rpc.Error{Action: "GetRole", Code: "EntityNotExist.Role"}
	denied    = &rpc.Error{Action: "GetRole", Code: "NoPermission"}
)

// thing is what the tests make and read.
type thing struct {
	content string
	created time.Time
}

// script answers one call after the other; the last answer repeats.
type script struct {
	answers []answer
	calls   int
}

type answer struct {
	thing thing
	err   error
}

func (s *script) next(context.Context) (thing, error) {
	a := s.answers[min(s.calls, len(s.answers)-1)]
	s.calls++
	return a.thing, a.err
}

func TestReadWaitsOnlyWithinTheWindow(t *testing.T) {
	t.Parallel()
	fresh, stale := thing{content: "new"}, thing{content: "old"}
	tests := map[string]struct {
		sinceWrite time.Duration
		shared     answer
		direct     []answer
		want       answer
		wantDirect int
	}{
		"settled at once":             {0, answer{thing: fresh}, nil, answer{thing: fresh}, 0},
		"long ago, gone is gone":      {consistency.Window, answer{err: missing}, nil, answer{err: missing}, 0},
		"long ago, drift is drift":    {time.Hour, answer{thing: stale}, nil, answer{thing: stale}, 0},
		"not there yet":               {time.Second, answer{err: missing}, []answer{{err: missing}, {thing: fresh}}, answer{thing: fresh}, 2},
		"stale":                       {time.Second, answer{thing: stale}, []answer{{thing: stale}, {thing: fresh}}, answer{thing: fresh}, 2},
		"a failure is no lag":         {0, answer{err: denied}, nil, answer{err: denied}, 0},
		"a failure ends the wait":     {0, answer{err: missing}, []answer{{err: denied}}, answer{err: denied}, 1},
		"drift within the window":     {0, answer{thing: stale}, []answer{{thing: stale}}, answer{thing: stale}, 9},
		"gone for good in the window": {0, answer{err: missing}, []answer{{err: missing}}, answer{err: missing}, 9},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clk := clock.NewFake(start)
			direct := &script{answers: test.direct}
			got, err := consistency.Reading[thing]{
				Shared:     (&script{answers: []answer{test.shared}}).next,
				Direct:     direct.next,
				IsNotFound: ramclient.IsNotFound,
				Agrees:     func(t thing) bool { return t == fresh },
			}.Read(t.Context(), clk, start.Add(-test.sinceWrite))
			if got != test.want.thing || !errors.Is(err, test.want.err) {
				t.Errorf("got %v, %v; want %v, %v", got, err, test.want.thing, test.want.err)
			}
			if direct.calls != test.wantDirect {
				t.Errorf("asked the service directly %d times, want %d", direct.calls, test.wantDirect)
			}
			if waited := clk.Now().Sub(start); waited > consistency.Window {
				t.Errorf("waited %s, longer than the window", waited)
			}
		})
	}
}

func TestReadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := consistency.Reading[thing]{
		Shared:     func(context.Context) (thing, error) { cancel(); return thing{}, missing },
		Direct:     func(context.Context) (thing, error) { return thing{}, missing },
		IsNotFound: ramclient.IsNotFound,
		Agrees:     func(thing) bool { return true },
	}.Read(ctx, clock.NewFake(start), start)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestCreationFindsOutWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	ours := thing{"ours", start.Add(time.Second)}
	older := thing{"ours", start.Add(-time.Minute)}
	other := thing{"another", start.Add(time.Second)}
	tests := map[string]struct {
		send, find []answer
		want       answer
		wantSends  int
	}{
		"answered":                              {[]answer{{thing: ours}}, nil, answer{thing: ours}, 1},
		"refused":                               {[]answer{{err: denied}}, nil, answer{err: denied}, 1},
		"taken at first try":                    {[]answer{{err: taken}}, nil, answer{err: taken}, 1},
		"lost after it acted":                   {[]answer{{err: lost}}, []answer{{thing: ours}}, answer{thing: ours}, 1},
		"lost after it acted, seen late":        {[]answer{{err: lost}}, []answer{{err: missing}, {err: missing}, {thing: ours}}, answer{thing: ours}, 1},
		"taken, by an earlier attempt":          {[]answer{{err: takenLate}}, []answer{{thing: ours}}, answer{thing: ours}, 1},
		"taken, by somebody else":               {[]answer{{err: takenLate}}, []answer{{thing: other}}, answer{err: takenLate}, 1},
		"lost before it acted":                  {[]answer{{err: lost}, {thing: ours}}, []answer{{err: missing}}, answer{thing: ours}, 2},
		"lost twice":                            {[]answer{{err: lost}, {err: lost}}, []answer{{err: missing}}, answer{err: lost}, 2},
		"lost, late, then taken by itself":      {[]answer{{err: lost}, {err: taken}}, append(denials(9), answer{thing: ours}), answer{thing: ours}, 2},
		"an older namesake is not adopted":      {[]answer{{err: lost}, {err: taken}}, []answer{{thing: older}}, answer{err: taken}, 2},
		"another namesake is not adopted":       {[]answer{{err: lost}, {err: taken}}, []answer{{thing: other}}, answer{err: taken}, 2},
		"the look-up fails: the create's error": {[]answer{{err: lost}}, []answer{{err: denied}}, answer{err: lost}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			send, find := &script{answers: test.send}, &script{answers: test.find}
			got, err := consistency.Creation[thing]{
				Send: send.next, Find: find.next,
				IsAsSent: func(t thing) bool { return t.content == "ours" },
				Created:  func(t thing) time.Time { return t.created },
				Began:    start,
			}.Run(t.Context(), clock.NewFake(start))
			if !errors.Is(err, test.want.err) {
				t.Errorf("got error %v, want %v", err, test.want.err)
			}
			if err == nil && got != test.want.thing {
				t.Errorf("got %v, want %v", got, test.want.thing)
			}
			if send.calls != test.wantSends {
				t.Errorf("sent %d times, want %d", send.calls, test.wantSends)
			}
		})
	}
}

func denials(n int) []answer {
	list := make([]answer, n)
	for i := range list {
		list[i].err = missing
	}
	return list
}

func TestRelationConfirmsBeforeItAdopts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		send        error
		present     []bool
		wantForeign bool
		wantErr     error
		wantLists   int
	}{
		"answered":                    {nil, nil, false, nil, 0},
		"refused":                     {denied, nil, false, denied, 0},
		"there before":                {taken, []bool{true}, true, nil, 1},
		"own, from a lost attempt":    {takenLate, []bool{true}, false, nil, 1},
		"lost after it acted":         {lost, []bool{false, true}, false, nil, 2},
		"lost before it acted":        {lost, []bool{false}, false, lost, 9},
		"said to be there, but isn't": {taken, []bool{false}, false, taken, 9},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lists := 0
			foreign, err := consistency.Relation{
				Send: func(context.Context) error { return test.send },
				Present: func(context.Context) (bool, error) {
					lists++
					return test.present[min(lists, len(test.present))-1], nil
				},
			}.Run(t.Context(), clock.NewFake(start))
			if foreign != test.wantForeign || !errors.Is(err, test.wantErr) || lists != test.wantLists {
				t.Errorf("got foreign %t, error %v, %d lists; want %t, %v, %d",
					foreign, err, lists, test.wantForeign, test.wantErr, test.wantLists)
			}
		})
	}
}
