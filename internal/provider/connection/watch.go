package connection

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// A Source gives credentials and renews them.
type Source interface {
	rpc.CredentialsProvider
	rpc.Refresher
}

// A Watch is the credentials of a source that may come to speak for another account
// while Terraform runs: a program, a credentials URI, the role of an ECS instance, a
// login that the person renews. Nothing in a session tells whose it is, so a Watch asks
// anew (one GetCallerIdentity) when the source has renewed it, before anything else is
// sent with it. A connection works in one account from its beginning to its end, for
// what it read and wrote there must not be taken for another's: credentials of another
// account are refused, whether there are account guards or not. Another identity of the
// same account goes on. A Watch is safe for concurrent use.
type Watch struct {
	source Source
	asking *ramclient.Client
	asked  lastUsed
	turn   chan struct{} // one asks at a time

	mu      sync.Mutex
	began   bool
	caller  ramclient.CallerIdentity
	own     rpc.Credentials // the caller's
	foreign rpc.Credentials // of another account
	refusal error           // of the foreign ones
}

// NewWatch watches the source. The client that newClient makes must do nothing beyond
// signing with the credentials it is given: the Watch asks with it.
func NewWatch(source Source, newClient func(rpc.CredentialsProvider) *ramclient.Client) *Watch {
	w := &Watch{source: source, asked: lastUsed{Source: source}, turn: make(chan struct{}, 1)}
	w.asking = newClient(&w.asked)
	return w
}

// Caller is who the credentials in use belong to; nobody before Begin.
func (w *Watch) Caller() ramclient.CallerIdentity {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.caller
}

// Begin asks who the credentials belong to. Theirs is the account to stay in.
func (w *Watch) Begin(ctx context.Context) (ramclient.CallerIdentity, error) {
	caller, used, err := w.ask(ctx)
	if err != nil {
		return caller, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.began, w.caller, w.own = true, caller, used
	return caller, nil
}

// Credentials implements rpc.CredentialsProvider.
func (w *Watch) Credentials(ctx context.Context) (rpc.Credentials, error) {
	current, err := w.source.Credentials(ctx)
	if err != nil {
		return rpc.Credentials{}, err
	}
	if known, err := w.judged(current); known {
		return current, err
	}
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return rpc.Credentials{}, ctx.Err()
	}
	// Somebody else may have asked meanwhile.
	if current, err = w.source.Credentials(ctx); err != nil {
		return rpc.Credentials{}, err
	}
	if known, err := w.judged(current); known {
		return current, err
	}
	caller, used, err := w.ask(ctx)
	if err != nil {
		return rpc.Credentials{}, fmt.Errorf("find out whose the renewed credentials are: %w", err)
	}
	return used, w.judge(caller, used)
}

// Refresh implements rpc.Refresher.
func (w *Watch) Refresh(ctx context.Context, stale rpc.Credentials) bool {
	return w.source.Refresh(ctx, stale)
}

// judged says whether it is known already what to do with the credentials.
func (w *Watch) judged(c rpc.Credentials) (known bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case !w.began:
		return true, errors.New("nobody has asked yet whom the credentials belong to; this is a bug in the provider, please report it")
	case sameKey(c, w.own):
		return true, nil
	case w.refusal != nil && sameKey(c, w.foreign):
		return true, w.refusal
	default:
		return false, nil
	}
}

// judge decides about credentials that were just found to be the caller's.
func (w *Watch) judge(caller ramclient.CallerIdentity, used rpc.Credentials) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if caller.AccountID == w.caller.AccountID {
		w.caller, w.own = caller, used
		return nil
	}
	w.foreign, w.refusal = used, fmt.Errorf(
		"%s, which gave credentials of account %s at the beginning, has renewed them with those of account %s (%s). Nothing was read or changed with them.\n"+
			"Next step: let it give credentials of one account while Terraform runs, then plan again",
		used.Source, w.caller.AccountID, caller.AccountID, caller.ARN)
	return w.refusal
}

func (w *Watch) ask(ctx context.Context) (ramclient.CallerIdentity, rpc.Credentials, error) {
	caller, err := w.asking.GetCallerIdentity(ctx)
	return caller, w.asked.get(), err
}

func sameKey(a, b rpc.Credentials) bool {
	return a.AccessKeyID == b.AccessKeyID && a.SecurityToken == b.SecurityToken
}

// lastUsed remembers what its source gave last: what an answer was signed with.
type lastUsed struct {
	Source
	mu   sync.Mutex
	last rpc.Credentials
}

// Credentials implements rpc.CredentialsProvider.
func (l *lastUsed) Credentials(ctx context.Context) (rpc.Credentials, error) {
	c, err := l.Source.Credentials(ctx)
	if err == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.last = c
	}
	return c, err
}

func (l *lastUsed) get() rpc.Credentials {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}
