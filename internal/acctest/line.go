package acctest

import (
	"net/http"
	"net/http/httptest"
	"sync"
)

// A line is the way to the service. It can be set to break at the n-th call, as when the
// process that calls is killed: the service carries that call out, but no answer comes
// back, and nothing else gets through.
type line struct {
	service http.Handler

	mu      sync.Mutex
	breakAt int
	calls   int
	armed   bool
	isDead  bool
}

// arm counts calls from here on, and breaks at the one of this number; 0 is never.
func (l *line) arm(breakAt int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.breakAt, l.calls, l.armed, l.isDead = breakAt, 0, true, false
}

// disarm mends the line. It tells how many calls there were and whether it broke.
func (l *line) disarm() (calls int, broke bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.armed = false
	return l.calls, l.isDead
}

// broken says whether the line is broken.
func (l *line) broken() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.armed && l.isDead
}

// ServeHTTP implements http.Handler.
func (l *line) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	arrives, answered := l.next()
	if answered {
		l.service.ServeHTTP(w, r)
		return
	}
	if arrives {
		l.service.ServeHTTP(httptest.NewRecorder(), r)
	}
	panic(http.ErrAbortHandler) // the connection closes without an answer
}

// next says what becomes of the next call.
func (l *line) next() (arrives, answered bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.armed {
		return true, true
	}
	if l.isDead {
		return false, false
	}
	l.calls++
	l.isDead = l.calls == l.breakAt
	return true, !l.isDead
}
