package acctest

import (
	"net/http"
	"net/http/httptest"
	"sync"
)

// A line is the way to the service. It can be set to break at the n-th call, as when the
// process that calls is killed: nothing gets through from then on, in either direction.
type line struct {
	service http.Handler

	mu    sync.Mutex
	kill  Kill
	calls int
	armed bool
	dead  bool
}

// A Kill is the end of a provider process in the middle of an apply.
type Kill struct {
	// Call is the number of the call that it dies at, from 1; 0 is never.
	Call int
	// Arrived says that the service carries this call out; only the answer finds nobody.
	Arrived bool
}

// arm counts calls from here on, up to the kill.
func (l *line) arm(kill Kill) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kill, l.calls, l.armed, l.dead = kill, 0, true, false
}

// disarm mends the line. It tells how many calls there were and whether it broke.
func (l *line) disarm() (calls int, broke bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.armed = false
	return l.calls, l.dead
}

// ServeHTTP implements http.Handler.
func (l *line) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answered, carriedOut := l.next()
	switch {
	case answered:
		l.service.ServeHTTP(w, r)
		return
	case carriedOut:
		l.service.ServeHTTP(httptest.NewRecorder(), r)
	}
	panic(http.ErrAbortHandler) // the connection closes without an answer
}

// next says what becomes of the next call.
func (l *line) next() (answered, carriedOut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.armed {
		return true, true
	}
	if l.dead {
		return false, false
	}
	l.calls++
	if l.calls != l.kill.Call {
		return true, true
	}
	l.dead = true
	return false, l.kill.Arrived
}

// broken says whether the kill has come.
func (l *line) broken() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.armed && l.dead
}
