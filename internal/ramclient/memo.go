package ramclient

import (
	"context"
	"sync"
)

// A memo shares reads by key: one fetch at a time, whose success is kept until forget.
// The zero value is ready.
type memo[T any] struct {
	mu      sync.Mutex
	flights map[string]*flight[T]
}

// A flight is one fetch and those who wait for it.
type flight[T any] struct {
	landed  chan struct{} // closed when value and err are there
	value   T
	err     error
	waiting int
	cancel  context.CancelFunc
}

// get returns what is kept for key, or joins the fetch under way, or starts one. The
// fetch outlives the context of whoever started it, and ends when nobody waits for it
// any more.
func (m *memo[T]) get(ctx context.Context, key string, fetch func(context.Context) (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	f := m.join(ctx, key, fetch)
	select {
	case <-f.landed:
		return f.value, f.err
	case <-ctx.Done():
		m.leave(key, f)
		return none, ctx.Err()
	}
}

func (m *memo[T]) join(ctx context.Context, key string, fetch func(context.Context) (T, error)) *flight[T] {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f := m.flights[key]; f != nil {
		f.waiting++
		return f
	}
	detached, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight[T]{landed: make(chan struct{}), waiting: 1, cancel: cancel}
	if m.flights == nil {
		m.flights = map[string]*flight[T]{}
	}
	m.flights[key] = f
	go func() {
		defer cancel()
		f.value, f.err = fetch(detached)
		m.land(key, f)
		close(f.landed)
	}()
	return f
}

// land keeps a success, and lets go of the context: a thousand kept reads would each hold
// all that their first reader had in its own.
func (m *memo[T]) land(key string, f *flight[T]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f.cancel = func() {}
	if f.err != nil && m.flights[key] == f {
		delete(m.flights, key)
	}
}

// leave gives up waiting. The last one to go cancels the fetch, and nobody joins it
// from then on.
func (m *memo[T]) leave(key string, f *flight[T]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f.waiting--; f.waiting == 0 {
		f.cancel()
		if m.flights[key] == f {
			delete(m.flights, key)
		}
	}
}

// forget drops everything. Fetches under way still serve those who wait for them.
func (m *memo[T]) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.flights = nil
}
