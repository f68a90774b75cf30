package ramclient

import (
	"context"
	"sync"
)

const (
	// singleOwnersFirst is how many owners are read singly before the list is begun.
	singleOwnersFirst = 3
	// pagesAhead is how many pages more than owners may be read.
	pagesAhead = 5
)

// An attachmentList is the list of all attachments of the account, read page by page, as
// far as it pays. How many owners (principals, or resource groups) will be asked for is
// never known in advance. So the first ones are read singly; from then on, for each owner
// asked for, one page of the list may be read in the hope that it shows more than this
// owner. However many come, that is at most twice as many calls as owners, or twice as
// many as pages, whichever is less, and pagesAhead.
//
// The list proves only that something is there: pages move while others attach and
// detach. What it does not show is read singly.
type attachmentList struct {
	// page reads one page, counted from 1, and how many attachments there are in all.
	page func(ctx context.Context, number int) (items []PolicyAttachment, total int, err error)
	// turn is held by who reads pages.
	turn chan struct{}

	mu     sync.Mutex
	owners map[string]bool // asked for; true for those that are read singly
	listed map[AttachmentRef]AttachedPolicy
	pages  int  // read so far
	items  int  // on them
	closed bool // nothing more is to be read: all is, the list was refused, or writes have begun
}

func newAttachmentList(page func(context.Context, int) ([]PolicyAttachment, int, error)) *attachmentList {
	return &attachmentList{page: page, turn: make(chan struct{}, 1), owners: map[string]bool{}, listed: map[AttachmentRef]AttachedPolicy{}}
}

// find looks the attachment up, and reads on in the list for it as far as that may go. It
// reports false for what has to be read singly, with everything else of the owner.
func (l *attachmentList) find(ctx context.Context, owner string, wanted AttachmentRef) (AttachedPolicy, bool) {
	if found, isListed, isSettled := l.look(owner, wanted); isSettled {
		return found, isListed
	}
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return AttachedPolicy{}, false
	}
	for {
		found, isListed, isSettled := l.look(owner, wanted)
		if isSettled || ctx.Err() != nil {
			return found, isListed
		}
		l.readOn(ctx)
	}
}

// look says what is known without another call: where the attachment is listed, or that
// its owner is read singly. Anything else is not settled.
func (l *attachmentList) look(owner string, wanted AttachmentRef) (found AttachedPolicy, isListed, isSettled bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	singly, isKnown := l.owners[owner]
	if !isKnown {
		singly = len(l.owners) < singleOwnersFirst
		l.owners[owner] = singly
	}
	if singly {
		return AttachedPolicy{}, false, true
	}
	if found, isListed = l.listed[wanted.inScope()]; isListed {
		return found, true, true
	}
	if l.closed || l.pages >= len(l.owners)+pagesAhead {
		l.owners[owner] = true
		return AttachedPolicy{}, false, true
	}
	return AttachedPolicy{}, false, false
}

// readOn reads the next page. A failure ends the list for good, but not that nobody waits
// for it any more.
func (l *attachmentList) readOn(ctx context.Context) {
	l.mu.Lock()
	next := l.pages + 1
	l.mu.Unlock()
	items, total, err := l.page(ctx, next)

	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return
	case err != nil, l.closed: // refused, or a write may have overtaken the page
		l.closed = true
		return
	}
	for _, item := range items {
		ref := AttachmentRef{
			PolicyRef: PolicyRef{PolicyName: item.PolicyName, PolicyType: item.PolicyType},
			Principal: item.principal(), ResourceGroupID: item.ResourceGroupID,
		}
		l.listed[ref] = item.attached()
	}
	l.pages++
	l.items += len(items)
	l.closed = len(items) == 0 || l.items >= total
}

// inScope spells the attachment as the list does, where the whole account is a resource
// group called like the account.
func (r AttachmentRef) inScope() AttachmentRef {
	r.ResourceGroupID = orElse(r.ResourceGroupID, r.AccountID)
	r.AccountID = ""
	return r
}

// forget drops what was read and ends reading on.
func (l *attachmentList) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	clear(l.listed)
}
