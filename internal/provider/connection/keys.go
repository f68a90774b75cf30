package connection

import (
	"context"
	"sync"
)

// Keys is what this process knows of AccessKeys beyond what the service lists. A user
// has only two slots for them, so who else needs one, and which are about to be free,
// matters to every resource that makes or deletes keys.
type Keys struct {
	mu      sync.Mutex
	managed map[string]bool
	deleted map[string]bool
	turns   map[string]chan struct{}
}

func newKeys() *Keys {
	return &Keys{managed: map[string]bool{}, deleted: map[string]bool{}, turns: map[string]chan struct{}{}}
}

// Manage notes that a state which this process works on holds the key.
func (k *Keys) Manage(accessKeyID string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.managed[accessKeyID] = true
}

// IsManaged says whether Manage was told of the key.
func (k *Keys) IsManaged(accessKeyID string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.managed[accessKeyID]
}

// Delete notes that this process moved the key to the recycle bin. A list that lags
// behind may show it for some seconds more, but its slot is free.
func (k *Keys) Delete(accessKeyID string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.deleted[accessKeyID] = true
}

// IsDeleted says whether Delete was told of the key.
func (k *Keys) IsDeleted(accessKeyID string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.deleted[accessKeyID]
}

// Lock waits until nobody else in this process changes which keys the user has, or
// until ctx ends. Call unlock when done.
func (k *Keys) Lock(ctx context.Context, userID string) (unlock func(), err error) {
	k.mu.Lock()
	turn, ok := k.turns[userID]
	if !ok {
		turn = make(chan struct{}, 1)
		k.turns[userID] = turn
	}
	k.mu.Unlock()

	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
