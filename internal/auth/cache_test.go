package auth

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// sourceFunc is a CredentialsProvider made of a func.
type sourceFunc func(context.Context) (rpc.Credentials, error)

func (f sourceFunc) Credentials(ctx context.Context) (rpc.Credentials, error) { return f(ctx) }

var errSTSDown = errors.New("STS is down")

// renewals is a source whose n-th answer is "STS.n", valid for lifetime, or errSTSDown.
type renewals struct {
	clock    clock.Clock
	lifetime time.Duration
	calls    atomic.Int64
	down     atomic.Bool
}

func (r *renewals) Credentials(context.Context) (rpc.Credentials, error) {
	n := r.calls.Add(1)
	if r.down.Load() {
		return rpc.Credentials{}, errSTSDown
	}
	return session(fmt.Sprintf("STS.%d", n), r.clock.Now().Add(r.lifetime)), nil
}

func mustCredentials(t *testing.T, p rpc.CredentialsProvider) rpc.Credentials {
	t.Helper()
	c, err := p.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEarlyWindow(t *testing.T) {
	t.Parallel()
	for lifetime, want := range map[time.Duration]time.Duration{
		600 * time.Second:   180 * time.Second,
		900 * time.Second:   225 * time.Second,
		3600 * time.Second:  900 * time.Second,
		43200 * time.Second: 900 * time.Second,
	} {
		if got := earlyWindow(lifetime); got != want {
			t.Errorf("earlyWindow(%s) = %s, want %s", lifetime, got, want)
		}
	}
}

func TestCacheRenewsInsideTheWindowOnly(t *testing.T) {
	t.Parallel()
	for _, lifetime := range []time.Duration{900 * time.Second, 3600 * time.Second, 43200 * time.Second} {
		fake := clock.NewFake(testStart)
		source := &renewals{clock: fake, lifetime: lifetime}
		cache := Cached(source, fake)
		mustCredentials(t, cache)
		fake.Advance(lifetime - earlyWindow(lifetime) - time.Second)
		if got := mustCredentials(t, cache).AccessKeyID; got != "STS.1" {
			t.Errorf("lifetime %s: a second before the window got %s, want STS.1", lifetime, got)
		}
		fake.Advance(time.Second)
		if got := mustCredentials(t, cache).AccessKeyID; got != "STS.2" {
			t.Errorf("lifetime %s: at the window got %s, want STS.2", lifetime, got)
		}
	}
}

func TestCacheKeepsValidCredentialsWhenRenewalFails(t *testing.T) {
	t.Parallel()
	fake := clock.NewFake(testStart)
	source := &renewals{clock: fake, lifetime: 15 * time.Minute}
	cache := Cached(source, fake)
	mustCredentials(t, cache)
	source.down.Store(true)

	fake.Advance(14 * time.Minute) // a minute is left
	for range 3 {
		if got := mustCredentials(t, cache).AccessKeyID; got != "STS.1" {
			t.Fatalf("got %s, want STS.1", got)
		}
	}
	if got := source.calls.Load(); got != 2 {
		t.Errorf("the source was asked %d times, want 2: once, and once before the pause", got)
	}
	fake.Advance(refreshPause)
	mustCredentials(t, cache)
	if got := source.calls.Load(); got != 3 {
		t.Errorf("after the pause the source was asked %d times, want 3", got)
	}
	fake.Advance(20 * time.Second) // 30 seconds are left
	if _, err := cache.Credentials(t.Context()); !errors.Is(err, errSTSDown) {
		t.Errorf("with 30 seconds left got error %v, want %v", err, errSTSDown)
	}
	source.down.Store(false)
	if got := mustCredentials(t, cache).AccessKeyID; got != "STS.5" {
		t.Errorf("after recovery got %s, want STS.5", got)
	}
}

func TestCacheRefusesExpiredAnswers(t *testing.T) {
	t.Parallel()
	fake := clock.NewFake(testStart)
	_, err := Cached(&renewals{clock: fake, lifetime: 0}, fake).Credentials(t.Context())
	wantError(t, err, "ended at 2026-01-02T03:04:05Z", "clock")
}

func TestCacheKeepsCredentialsWithoutAnEnd(t *testing.T) {
	t.Parallel()
	fake := clock.NewFake(testStart)
	var calls int
	cache := Cached(sourceFunc(func(context.Context) (rpc.Credentials, error) {
		calls++
		return session("LTAIexample", time.Time{}), nil
	}), fake)
	mustCredentials(t, cache)
	fake.Advance(1000 * time.Hour)
	mustCredentials(t, cache)
	if calls != 1 {
		t.Errorf("the source was asked %d times, want 1", calls)
	}
}

func TestCacheRefreshForgetsOnlyWhatIsStale(t *testing.T) {
	t.Parallel()
	fake := clock.NewFake(testStart)
	cache := Cached(&renewals{clock: fake, lifetime: time.Hour}, fake)
	stale := mustCredentials(t, cache)
	for range 2 { // the second caller complains about the same credentials, late
		if !cache.Refresh(t.Context(), stale) {
			t.Error("Refresh says false, want true")
		}
		if got := mustCredentials(t, cache).AccessKeyID; got != "STS.2" {
			t.Errorf("got %s, want STS.2", got)
		}
	}
}

func TestCacheRenewsOnceForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		cache := Cached(sourceFunc(func(context.Context) (rpc.Credentials, error) {
			calls.Add(1)
			<-time.After(time.Second)
			return session("STS.1", testStart.Add(time.Hour)), nil
		}), clock.NewFake(testStart))
		var callers sync.WaitGroup
		for range 50 {
			callers.Go(func() {
				if c, err := cache.Credentials(t.Context()); err != nil || c.AccessKeyID != "STS.1" {
					t.Errorf("got %v, %v, want STS.1", c.AccessKeyID, err)
				}
			})
		}
		callers.Wait()
		if got := calls.Load(); got != 1 {
			t.Errorf("the source was asked %d times, want 1", got)
		}
	})
}

func TestCacheRenewalOutlivesACancelledCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache := Cached(sourceFunc(func(ctx context.Context) (rpc.Credentials, error) {
			select {
			case <-time.After(time.Minute):
				return session("STS.1", testStart.Add(time.Hour)), nil
			case <-ctx.Done():
				return rpc.Credentials{}, ctx.Err()
			}
		}), clock.NewFake(testStart))
		first, cancel := context.WithCancel(t.Context())
		var callers sync.WaitGroup
		callers.Go(func() {
			if _, err := cache.Credentials(first); !errors.Is(err, context.Canceled) {
				t.Errorf("the cancelled caller got %v, want %v", err, context.Canceled)
			}
		})
		synctest.Wait()
		callers.Go(func() {
			if c, err := cache.Credentials(t.Context()); err != nil || c.AccessKeyID != "STS.1" {
				t.Errorf("the other caller got %v, %v, want STS.1", c.AccessKeyID, err)
			}
		})
		synctest.Wait()
		cancel()
		callers.Wait()
	})
}

func TestCacheAbandonsARenewalNobodyWaitsFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		stopped := make(chan struct{})
		cache := Cached(sourceFunc(func(ctx context.Context) (rpc.Credentials, error) {
			<-ctx.Done()
			close(stopped)
			return rpc.Credentials{}, ctx.Err()
		}), clock.NewFake(testStart))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := cache.Credentials(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
		<-stopped // a renewal that goes on would deadlock here
	})
}

// Half an hour of calls with sessions of a quarter of one: none may be made with a
// session that has ended.
func TestCacheThroughALongApply(t *testing.T) {
	t.Parallel()
	fake := clock.NewFake(testStart)
	source := &renewals{clock: fake, lifetime: 15 * time.Minute}
	cache := Cached(source, fake)
	for range 30 * 60 {
		if c := mustCredentials(t, cache); !c.Expiration.After(fake.Now()) {
			t.Fatalf("at %s got a session that ended at %s", fake.Now(), c.Expiration)
		}
		fake.Advance(time.Second)
	}
	if got := source.calls.Load(); got != 3 {
		t.Errorf("30 minutes took %d sessions of 15 minutes, want 3", got)
	}
}
