package connection

import (
	"context"
	"errors"
	"sync"
	"testing"
)

func TestKeysLockIsPerUser(t *testing.T) {
	t.Parallel()
	keys := newKeys()
	unlock, err := keys.Lock(t.Context(), "1")
	if err != nil {
		t.Fatal(err)
	}
	other, err := keys.Lock(t.Context(), "2")
	if err != nil {
		t.Fatalf("another user's lock: %v", err)
	}
	other()

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := keys.Lock(ended, "1"); !errors.Is(err, context.Canceled) {
		t.Errorf("a held lock under an ended context: got %v, want %v", err, context.Canceled)
	}
	unlock()
	again, err := keys.Lock(t.Context(), "1")
	if err != nil {
		t.Fatalf("after unlock: %v", err)
	}
	again()
}

func TestKeysLockLetsOneInAtATime(t *testing.T) {
	t.Parallel()
	keys := newKeys()
	inside, most := 0, 0
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			unlock, err := keys.Lock(context.Background(), "1")
			if err != nil {
				t.Error(err)
				return
			}
			defer unlock()
			inside++ // the race detector watches these
			most = max(most, inside)
			inside--
		})
	}
	wait.Wait()
	if most != 1 {
		t.Errorf("%d were inside at once, want 1", most)
	}
}
