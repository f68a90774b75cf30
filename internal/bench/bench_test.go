package main

import (
	"strings"
	"testing"
	"time"
)

func TestFloor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		needed map[string]int
		want   time.Duration
	}{
		"the quota of one operation": {map[string]int{"AttachPolicyToUser": 1000, "CreateUser": 1000}, 100 * time.Second},
		"the ten lines":              {map[string]int{"GetRole": 90, "GetPolicy": 91, "ListAccessKeys": 100}, 1450 * time.Millisecond},
		"nothing":                    {nil, 0},
	} {
		if got := floor(test.needed, parallelism); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

func TestInTurn(t *testing.T) {
	t.Parallel()
	if got, want := inTurn(map[string]int{"AttachPolicyToUser": 1000, "CreateUser": 1000, "GetRole": 100}), 151*time.Second; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The smallest account, with a real Terraform: what is created, tagged and deleted costs
// exactly the calls that it needs, and reads stay few.
func TestAccBench(t *testing.T) {
	t.Parallel()
	if !strings.Contains(strings.Join(environment(), " "), "TF_ACC=1") {
		t.Skip("set TF_ACC=1 to run Terraform")
	}
	tools, err := prepare(t.Context(), "../..", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := report{progress: t.Output()}
	w := mix(10)
	if err := measureMix(t.Context(), tools, w, &r); err != nil {
		t.Fatal(err)
	}
	reads := map[phase]int{create: 12, plan: 29, retag: 30, destroy: 70}
	for _, m := range r.mixes {
		needed := w.needed(m.phase)
		others := m.total - m.refused
		for operation, count := range needed {
			if perSecond(operation) == readsPerSecond {
				continue
			}
			if got := m.calls[operation] - m.refusedOf[operation]; m.phase != retag && got != count {
				t.Errorf("%s: %d calls of %s, want %d", m.phase, got, operation, count)
			}
			others -= m.calls[operation] - m.refusedOf[operation]
		}
		if others > reads[m.phase] {
			t.Errorf("%s: %d calls that change nothing, want at most %d: %v", m.phase, others, reads[m.phase], m.calls)
		}
	}
	page, chart := r.markdown(), r.chart()
	if !strings.Contains(page, "| 10 | 43 | create |") || strings.Count(chart, "<rect") != 3+2*len(phases) {
		t.Errorf("the report is not complete:\n%s\n%s", page, chart)
	}
}
