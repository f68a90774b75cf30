package ramclient

import (
	"context"
	"sync"
)

// maxGathered is how many resources one call of the tag operations may name.
const maxGathered = 50

// A gathering makes one call of what many want done to different resources at once: while
// a call is under way, or waits for its turn at the documented rate, all who come for the
// same wait for the next one together. Terraform changes resources one by one, ten at a
// time; a tag that changes on all of them costs a fraction of the calls this way.
type gathering struct {
	mu sync.Mutex
	// waiting are the batches for the next calls, by what is to be done. An entry
	// exists as long as a call for it is under way.
	waiting map[string][]*batch
}

// A batch is one call and those who wait for it.
type batch struct {
	ids  []string
	sent chan struct{} // closed when err is there
	err  error
}

// do has what done to the resources, by send. If a call for many fails, each of them is
// tried alone: the fault of one must not become that of all. A call that has been begun
// ends even if ctx does.
func (g *gathering) do(ctx context.Context, what string, ids []string, send func(ctx context.Context, ids []string) error) error {
	own := g.join(what, ids, func(ids []string) error { return send(context.WithoutCancel(ctx), ids) })
	select {
	case <-own.sent:
	case <-ctx.Done():
		return ctx.Err()
	}
	if own.err != nil && len(own.ids) > len(ids) {
		return send(ctx, ids)
	}
	return own.err
}

func (g *gathering) join(what string, ids []string, send func(ids []string) error) *batch {
	g.mu.Lock()
	defer g.mu.Unlock()
	batches, isUnderWay := g.waiting[what]
	if !isUnderWay {
		if g.waiting == nil {
			g.waiting = map[string][]*batch{}
		}
		g.waiting[what] = nil
		first := &batch{ids: ids, sent: make(chan struct{})}
		go g.run(what, first, send)
		return first
	}
	if last := len(batches) - 1; last >= 0 && len(batches[last].ids)+len(ids) <= maxGathered {
		batches[last].ids = append(batches[last].ids, ids...)
		return batches[last]
	}
	next := &batch{ids: append([]string(nil), ids...), sent: make(chan struct{})}
	g.waiting[what] = append(batches, next)
	return next
}

// run sends the batch, and then what has come in the meantime.
func (g *gathering) run(what string, next *batch, send func(ids []string) error) {
	for next != nil {
		next.err = send(next.ids)
		close(next.sent)
		next = g.take(what)
	}
}

// take gives the batch for the next call; nil, if nobody waits.
func (g *gathering) take(what string) *batch {
	g.mu.Lock()
	defer g.mu.Unlock()
	batches := g.waiting[what]
	if len(batches) == 0 {
		delete(g.waiting, what)
		return nil
	}
	g.waiting[what] = batches[1:]
	return batches[0]
}
