package ramclient

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"weak"
)

// slow is a fetch that counts its calls and ends when told to, or with its context.
type slow struct {
	calls  int
	finish chan string
}

func (s *slow) fetch(ctx context.Context) (string, error) {
	s.calls++
	select {
	case text := <-s.finish:
		return text, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

type outcome struct {
	text string
	err  error
}

func (s *slow) get(ctx context.Context, m *memo[string]) <-chan outcome {
	result := make(chan outcome, 1)
	go func() {
		text, err := m.get(ctx, "key", s.fetch)
		result <- outcome{text, err}
	}()
	synctest.Wait()
	return result
}

func TestMemoSharesAndKeeps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slow{finish: make(chan string)}
		var m memo[string]
		first, second := s.get(t.Context(), &m), s.get(t.Context(), &m)
		s.finish <- "a"
		for _, result := range []<-chan outcome{first, second, s.get(t.Context(), &m)} {
			if got := <-result; got.text != "a" || got.err != nil {
				t.Errorf("got %+v, want a", got)
			}
		}
		if s.calls != 1 {
			t.Errorf("fetched %d times, want once", s.calls)
		}
	})
}

func TestMemoKeepsNoErrors(t *testing.T) {
	t.Parallel()
	var m memo[string]
	broken := errors.New("broken")
	if _, err := m.get(t.Context(), "key", func(context.Context) (string, error) { return "", broken }); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	if got, err := m.get(t.Context(), "key", func(context.Context) (string, error) { return "a", nil }); got != "a" || err != nil {
		t.Errorf("got %q, %v, want a", got, err)
	}
}

func TestMemoOutlivesACanceledCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slow{finish: make(chan string)}
		var m memo[string]
		ctx, cancel := context.WithCancel(t.Context())
		first, second := s.get(ctx, &m), s.get(t.Context(), &m)
		cancel()
		if got := <-first; !errors.Is(got.err, context.Canceled) {
			t.Errorf("the caller that gave up got %+v", got)
		}
		s.finish <- "a"
		if got := <-second; got.text != "a" || got.err != nil {
			t.Errorf("the other one got %+v, want a", got)
		}
	})
}

func TestMemoCancelsAFetchThatNobodyWaitsFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slow{finish: make(chan string)}
		var m memo[string]
		ctx, cancel := context.WithCancel(t.Context())
		first := s.get(ctx, &m)
		cancel()
		<-first
		// The fetch has ended by itself, else the bubble would not end. A later read is
		// not infected by its cancellation.
		second := s.get(t.Context(), &m)
		s.finish <- "b"
		if got := <-second; got.text != "b" || got.err != nil || s.calls != 2 {
			t.Errorf("got %+v after %d fetches, want b after 2", got, s.calls)
		}
		if _, err := m.get(ctx, "key", s.fetch); !errors.Is(err, context.Canceled) {
			t.Errorf("a caller that has given up already got %v", err)
		}
	})
}

func TestMemoForgetCutsOffWhatIsBeingRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slow{finish: make(chan string)}
		var m memo[string]
		before := s.get(t.Context(), &m)
		m.forget()
		s.finish <- "old"
		if got := <-before; got.text != "old" {
			t.Errorf("who asked before got %+v, want old", got)
		}
		after := s.get(t.Context(), &m)
		s.finish <- "new"
		if got := <-after; got.text != "new" {
			t.Errorf("who asked after got %+v, want new", got)
		}
	})
}

// What is kept must not keep what its first reader had in its context: under Terraform
// that is the loggers of a whole request.
func TestMemoLetsGoOfTheContext(t *testing.T) {
	t.Parallel()
	var m memo[int]
	type key struct{}
	read := func() weak.Pointer[[1024]byte] {
		carried := new([1024]byte)
		got, err := m.get(context.WithValue(t.Context(), key{}, carried), "k", func(context.Context) (int, error) { return 1, nil })
		if got != 1 || err != nil {
			t.Fatal(got, err)
		}
		return weak.Make(carried)
	}
	carried := read()
	for range 100 { // the goroutine of the fetch may still be on its way out
		runtime.GC()
		if carried.Value() == nil {
			runtime.KeepAlive(&m)
			return
		}
	}
	t.Error("the context is still held")
	runtime.KeepAlive(&m)
}
