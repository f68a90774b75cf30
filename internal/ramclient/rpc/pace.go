package rpc

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

const (
	headroom    = 0.975       // share of the documented rate that is used: at the whole of it, a request that takes a little less long than the one before lands in the same second, one too many
	slowdown    = 0.85        // factor on the rate after a refusal
	slowdownGap = time.Second // refusals within it are echoes of the same excess
	minShare    = 0.05        // the rate never falls under this share of the full one
	safeShare   = 0.95        // of the refused rate, to which one returns fast
	fastGain    = 0.10        // share of the full rate regained per second up to there
	slowGain    = 0.005       // and beyond, to find out whether there is room again
)

// A pacer lets requests through at just under the documented rate of their operation,
// evenly spaced (bursts are what a quota per second refuses), and slows down where the
// service still throttles: others may be using up the account's quota.
type pacer struct {
	clock  clock.Clock
	all    *rate.Limiter // nil if the client as a whole is not bounded
	mu     sync.Mutex
	byName map[string]*pace
}

func newPacer(c clock.Clock, maxPerSecond float64) *pacer {
	p := &pacer{clock: c, byName: map[string]*pace{}}
	if maxPerSecond > 0 {
		p.all = rate.NewLimiter(rate.Limit(maxPerSecond), 1)
	}
	return p
}

// wait blocks until it is the operation's turn, or until ctx ends.
func (p *pacer) wait(ctx context.Context, op Operation) error {
	if op.Rate > 0 {
		if err := p.take(ctx, p.of(op).limiter); err != nil {
			return err
		}
	}
	if p.all != nil {
		return p.take(ctx, p.all)
	}
	return ctx.Err()
}

// take reserves a token and sleeps until it is due. The limiter's own Wait would use
// the machine's clock.
func (p *pacer) take(ctx context.Context, limiter *rate.Limiter) error {
	now := p.clock.Now()
	token := limiter.ReserveN(now, 1)
	if err := p.clock.Sleep(ctx, token.DelayFrom(now)); err != nil {
		token.CancelAt(p.clock.Now())
		return err
	}
	return nil
}

// learn adapts the operation's rate to what the service made of a request.
func (p *pacer) learn(op Operation, wasThrottled bool) {
	if op.Rate > 0 {
		p.of(op).learn(p.clock.Now(), wasThrottled)
	}
}

func (p *pacer) of(op Operation) *pace {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := op.Product + "." + op.Name
	if p.byName[key] == nil {
		p.byName[key] = newPace(float64(op.Rate) * headroom)
	}
	return p.byName[key]
}

// pace is the adaptive rate of one operation.
type pace struct {
	limiter *rate.Limiter
	full    float64 // requests per second as long as nothing is refused

	mu       sync.Mutex
	now      float64 // requests per second
	refused  float64 // the rate at which the service last refused
	slowedAt time.Time
	updated  time.Time
}

func newPace(full float64) *pace {
	return &pace{limiter: rate.NewLimiter(rate.Limit(full), 1), full: full, now: full}
}

func (p *pace) learn(at time.Time, wasThrottled bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if wasThrottled {
		if at.Sub(p.slowedAt) < slowdownGap {
			return
		}
		p.refused = p.now
		p.now = max(p.now*slowdown, p.full*minShare)
		p.slowedAt, p.updated = at, at
	} else {
		if p.now == p.full {
			return
		}
		p.recover(at.Sub(p.updated).Seconds())
		p.updated = at
	}
	p.limiter.SetLimitAt(at, rate.Limit(p.now))
}

func (p *pace) recover(seconds float64) {
	if safe := p.refused * safeShare; p.now < safe {
		needed := (safe - p.now) / (p.full * fastGain)
		if seconds < needed {
			p.now += seconds * p.full * fastGain
			return
		}
		p.now, seconds = safe, seconds-needed
	}
	p.now = min(p.now+seconds*p.full*slowGain, p.full)
}
