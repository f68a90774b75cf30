package ramclient

import (
	"context"
	"maps"
	"sync"
)

const (
	// singlesFirst is how many owners are read singly before a list is begun.
	singlesFirst = 3
	// pagesAhead is how many pages more than owners may be read.
	pagesAhead = 5
)

// A catalogue is a list of everything of one kind in the account, read page by page, as
// far as it pays. How much of it will be asked for is never known in advance. So the first
// ones are read singly; from then on, for each owner asked for, one page of the list may
// be read in the hope that it shows more than this owner. However many come, that is at
// most twice as many calls as owners, or twice as many as pages, whichever is less, and
// pagesAhead. (An owner is what one single read shows all of: a user, or the principal
// that policies are attached to.)
//
// The list proves only that something is there: pages move while others write. What it
// does not show is read singly.
type catalogue[K comparable, V any] struct {
	// page reads the page after the one whose marker is given, "" for the first. The
	// last page gives no marker.
	page func(ctx context.Context, marker string) (entries map[K]V, next string, err error)
	// turn is held by who reads pages.
	turn chan struct{}

	mu     sync.Mutex
	owners map[string]bool // asked for; true for those that are read singly
	listed map[K]V
	pages  int    // read so far
	marker string // of the next one
	closed bool   // nothing more is to be read: all is, the list was refused, or writes have begun
}

func newCatalogue[K comparable, V any](page func(ctx context.Context, marker string) (entries map[K]V, next string, err error)) *catalogue[K, V] {
	return &catalogue[K, V]{page: page, turn: make(chan struct{}, 1), owners: map[string]bool{}, listed: map[K]V{}}
}

// find looks an entry up, and reads on in the list for it as far as that may go. It
// reports false for what has to be read singly, with everything else of the owner.
func (c *catalogue[K, V]) find(ctx context.Context, owner string, wanted K) (V, bool) {
	if found, isListed, isSettled := c.look(owner, wanted); isSettled {
		return found, isListed
	}
	var none V
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return none, false
	}
	for {
		found, isListed, isSettled := c.look(owner, wanted)
		if isSettled || ctx.Err() != nil {
			return found, isListed
		}
		c.readOn(ctx)
	}
}

// look says what is known without another call: where the entry is listed, or that its
// owner is read singly. Anything else is not settled.
func (c *catalogue[K, V]) look(owner string, wanted K) (found V, isListed, isSettled bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	singly, isKnown := c.owners[owner]
	if !isKnown {
		singly = len(c.owners) < singlesFirst
		c.owners[owner] = singly
	}
	if singly {
		return found, false, true
	}
	if found, isListed = c.listed[wanted]; isListed {
		return found, true, true
	}
	if c.closed || c.pages >= len(c.owners)+pagesAhead {
		c.owners[owner] = true
		return found, false, true
	}
	return found, false, false
}

// readOn reads the next page. A failure ends the list for good, but not that nobody waits
// for it any more.
func (c *catalogue[K, V]) readOn(ctx context.Context) {
	c.mu.Lock()
	marker := c.marker
	c.mu.Unlock()
	entries, next, err := c.page(ctx, marker)

	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return
	case err != nil, c.closed: // refused, or a write may have overtaken the page
		c.closed = true
		return
	}
	maps.Copy(c.listed, entries)
	c.pages++
	c.marker = next
	c.closed = next == ""
}

// forget drops what was read and ends reading on.
func (c *catalogue[K, V]) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	clear(c.listed)
}
