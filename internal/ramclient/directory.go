package ramclient

import (
	"context"
	"sync"
)

// maxListed bounds how much of an account is listed for the sake of a few objects: twice
// the users that one may hold unless raised. What lies beyond is read singly.
const maxListed = 10_000

// A directory reads single objects by key until they are many, and then lists all.
type directory[T any] struct {
	// after is how many objects are read singly first.
	after int
	// list calls found for every object with all its keys, until that returns false.
	list func(ctx context.Context, found func(value T, keys ...string) bool) error

	singles memo[T]
	all     memo[map[string]T]

	mu    sync.Mutex
	known map[string]bool // the keys that are read singly
	unfit bool            // the list was refused, or writes have begun
}

func (d *directory[T]) get(ctx context.Context, key string, single func(context.Context) (T, error)) (T, error) {
	if d.readsSingly(key) {
		return d.singles.get(ctx, key, single)
	}
	all, _ := d.all.get(ctx, "", d.listAll)
	if value, ok := all[key]; ok {
		return value, nil
	}
	// Pages move while others write, so a list does not prove that something is gone. And
	// if there is no list, a single read fails for the same reason or does without it.
	return d.singles.get(ctx, key, single)
}

// readsSingly is true of the first keys, and of all once lists are out of the question.
func (d *directory[T]) readsSingly(key string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.unfit || d.known[key] {
		return true
	}
	if len(d.known) >= d.after {
		return false
	}
	if d.known == nil {
		d.known = map[string]bool{}
	}
	d.known[key] = true
	return true
}

func (d *directory[T]) giveUpListing() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unfit = true
}

func (d *directory[T]) isUnfit() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.unfit
}

func (d *directory[T]) listAll(ctx context.Context) (map[string]T, error) {
	all := map[string]T{}
	if d.isUnfit() { // a list has failed since the reader came
		return all, nil
	}
	count := 0
	err := d.list(ctx, func(value T, keys ...string) bool {
		for _, key := range keys {
			all[key] = value
		}
		count++
		return count < maxListed
	})
	if err != nil && ctx.Err() == nil { // not just because nobody waits any more
		d.giveUpListing()
	}
	return all, err
}

// forget drops what was read and ends listing.
func (d *directory[T]) forget() {
	d.giveUpListing()
	d.singles.forget()
	d.all.forget()
}
