package emulator

import "time"

// history holds what the state was, for reads that lag behind. It stays empty
// without a lag.
type history []snapshot

type snapshot struct {
	at    time.Time
	state *state
}

// remember notes the state after a change and forgets what no read can ask for.
func (e *Emulator) remember(now time.Time) {
	if e.config.Lag == 0 {
		return
	}
	e.history = append(e.history, snapshot{now, e.state.clone()})
	for len(e.history) > 1 && !e.history[1].at.After(now.Add(-e.config.Lag)) {
		e.history = e.history[1:]
	}
}

// asOf is the state at a time; before the first change, the first state.
func (e *Emulator) asOf(t time.Time) *state {
	if len(e.history) == 0 {
		return e.state
	}
	seen := e.history[0].state
	for _, s := range e.history[1:] {
		if s.at.After(t) {
			break
		}
		seen = s.state
	}
	return seen
}
