package connection

import (
	"sync"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// latelyFor is how long an answer about who bears a name serves those who attach policies
// to it: many attachments of one user, which Terraform creates in any order, are few
// questions. Whoever is given another's name in that time has another id, and the next
// plan sees it.
const latelyFor = time.Minute

// lately remembers answers by name.
type lately[T any] struct {
	clock clock.Clock
	mu    sync.Mutex
	known map[string]*answer[T]
}

// An answer is asked for by one at a time.
type answer[T any] struct {
	asking sync.Mutex
	value  T
	at     time.Time
}

func newLately[T any](c clock.Clock) *lately[T] {
	return &lately[T]{clock: c, known: map[string]*answer[T]{}}
}

// get gives the answer of the last minute, or else asks.
func (l *lately[T]) get(name string, ask func() (T, error)) (T, error) {
	known := l.about(name)
	known.asking.Lock()
	defer known.asking.Unlock()
	if !known.at.IsZero() && l.clock.Now().Sub(known.at) < latelyFor {
		return known.value, nil
	}
	value, err := ask()
	if err == nil {
		known.value, known.at = value, l.clock.Now()
	}
	return value, err
}

func (l *lately[T]) about(name string) *answer[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known[name] == nil {
		l.known[name] = &answer[T]{}
	}
	return l.known[name]
}

// forget drops the answer about a name: somebody else bears it now, or nobody.
func (l *lately[T]) forget(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.known, name)
}
