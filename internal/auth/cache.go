package auth

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

const (
	// A credential with less than keepWhileLeft is not used when its renewal failed:
	// it might end before the request arrives.
	keepWhileLeft = 30 * time.Second
	// refreshPause keeps a failing renewal from being tried on every call.
	refreshPause = 10 * time.Second
)

// A Cache keeps the credentials of a source and renews them before they end, once for
// all who ask. It is safe for concurrent use.
type Cache struct {
	source rpc.CredentialsProvider
	clock  clock.Clock

	mu      sync.Mutex
	current rpc.Credentials
	valid   bool // current holds credentials
	// renewFrom is when current is due for renewal.
	renewFrom time.Time
	flight    *flight
}

// flight is one renewal under way. Callers wait for it together; it is cancelled only
// when the last of them has left.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int
	fresh   rpc.Credentials // valid once done is closed, unless err is set
	err     error
}

// Cached puts a cache before source, which is then asked only when needed.
func Cached(source rpc.CredentialsProvider, c clock.Clock) *Cache {
	return &Cache{source: source, clock: c}
}

// Credentials implements rpc.CredentialsProvider. Callers wait for an early renewal
// rather than leaving it in the background, so that the process does not end in the
// middle of one that rotates a token.
func (c *Cache) Credentials(ctx context.Context) (rpc.Credentials, error) {
	if err := ctx.Err(); err != nil {
		return rpc.Credentials{}, err
	}
	c.mu.Lock()
	if c.valid && (c.current.Expiration.IsZero() || c.clock.Now().Before(c.renewFrom)) {
		defer c.mu.Unlock()
		return c.current, nil
	}
	f := c.join(ctx)
	c.mu.Unlock()

	select {
	case <-f.done:
	case <-ctx.Done():
		c.leave(f)
		return rpc.Credentials{}, ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case f.err == nil:
		return f.fresh, nil
	case c.valid && c.left() > keepWhileLeft:
		return c.current, nil
	default:
		return rpc.Credentials{}, f.err
	}
}

// Refresh implements rpc.Refresher: stale is forgotten unless it has been replaced already.
func (c *Cache) Refresh(_ context.Context, stale rpc.Credentials) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current.AccessKeyID == stale.AccessKeyID && c.current.SecurityToken == stale.SecurityToken {
		c.current, c.valid = rpc.Credentials{}, false
	}
	return true
}

// join returns the renewal under way, beginning one if there is none.
func (c *Cache) join(ctx context.Context) *flight {
	if c.flight == nil {
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		c.flight = &flight{done: make(chan struct{}), cancel: cancel}
		go c.renew(ctx, c.flight)
	}
	c.flight.waiting++
	return c.flight
}

// leave gives up waiting. A renewal that nobody waits for is abandoned.
func (c *Cache) leave(f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f.waiting--
	if f.waiting == 0 && c.flight == f {
		f.cancel()
		c.flight = nil
	}
}

func (c *Cache) renew(ctx context.Context, f *flight) {
	defer f.cancel()
	fresh, err := c.source.Credentials(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(f.done)
	now := c.clock.Now()
	if err == nil && !fresh.Expiration.IsZero() && !fresh.Expiration.After(now) {
		err = fmt.Errorf("the credentials received ended at %s already; compare this machine's clock", fresh.Expiration.UTC().Format(time.RFC3339))
	}
	if c.flight != f {
		return // abandoned; somebody else may have begun anew
	}
	c.flight = nil
	f.fresh, f.err = fresh, err
	if err == nil {
		c.current, c.valid = fresh, true
		c.renewFrom = fresh.Expiration.Add(-earlyWindow(fresh.Expiration.Sub(now)))
	}
	// A failure, or an answer that is due for renewal already, is not repeated at once,
	// as long as what we have can be used meanwhile.
	if pause := now.Add(refreshPause); c.valid && c.renewFrom.Before(pause) && c.left() > keepWhileLeft {
		c.renewFrom = pause
	}
}

// left is how long the current credentials still last.
func (c *Cache) left() time.Duration { return c.current.Expiration.Sub(c.clock.Now()) }

// earlyWindow is how long before their end credentials of this lifetime are renewed:
// a quarter of it, at least 3 and at most 15 minutes.
func earlyWindow(lifetime time.Duration) time.Duration {
	return max(3*time.Minute, min(15*time.Minute, lifetime/4))
}
