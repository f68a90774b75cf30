// Package consistency holds what the provider does because RAM is eventually
// consistent and because answers get lost on the way: it waits, within one bound,
// for the service to agree with itself, and it finds out whether a request whose
// answer never came has acted.
package consistency

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// Window is how long after a write the service may still answer from before it.
// RAM publishes no figure; public clients see lags of a few seconds and poll at
// 3 to 5 seconds, so this leaves room for two such rounds.
const Window = 10 * time.Second

// firstPause is the wait after the first unsatisfying answer; each further one
// doubles it, up to longestPause.
const (
	firstPause   = 200 * time.Millisecond
	longestPause = 2 * time.Second
)

// Until repeats attempt, pausing longer each time, until it reports done, fails, or
// the deadline has passed; the last attempt falls on the deadline itself. It returns
// attempt's error, or the context's.
func Until(ctx context.Context, c clock.Clock, deadline time.Time, attempt func(context.Context) (done bool, err error)) error {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		done, err := attempt(ctx)
		left := deadline.Sub(c.Now())
		if done || err != nil || left <= 0 {
			return err
		}
		if err := c.Sleep(ctx, min(pause, left)); err != nil {
			return err
		}
	}
}

// A Reading describes how to read an object that may have been written moments ago.
type Reading[T any] struct {
	// Shared reads through the caches that all resources of this run share.
	Shared func(context.Context) (T, error)
	// Direct asks the service itself.
	Direct func(context.Context) (T, error)
	// IsNotFound says whether an error means that the object is not there.
	IsNotFound func(error) bool
	// Agrees says whether the answer shows what was written last.
	Agrees func(T) bool
}

// Read reads once and takes the answer as it is, unless the object was written less
// than Window before: then an answer that denies the object, or contradicts what was
// written, is asked for again, directly, until it agrees or the window has passed.
func (r Reading[T]) Read(ctx context.Context, c clock.Clock, writtenAt time.Time) (T, error) {
	answer, err := r.Shared(ctx)
	deadline := writtenAt.Add(Window)
	if r.settled(answer, err) || !c.Now().Before(deadline) {
		return answer, err
	}
	waitErr := Until(ctx, c, deadline, func(ctx context.Context) (bool, error) {
		answer, err = r.Direct(ctx)
		return r.settled(answer, err), nil
	})
	if waitErr != nil {
		return answer, waitErr
	}
	return answer, err
}

func (r Reading[T]) settled(answer T, err error) bool {
	if err != nil {
		return !r.IsNotFound(err)
	}
	return r.Agrees(answer)
}

// PrivateState is the part of the framework's private state that is needed here.
// It is stored with the resource, not encrypted: nothing secret goes in.
type PrivateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

const writtenAtKey = "written_at"

// RecordWrite notes in private state when the object was written, for the next
// process that reads it.
func RecordWrite(ctx context.Context, private PrivateState, at time.Time) diag.Diagnostics {
	value, err := json.Marshal(at.UTC())
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot record the time of the write",
			"This is a bug in the provider; please report it with this text: "+err.Error())}
	}
	return private.SetKey(ctx, writtenAtKey, value)
}

// WrittenAt is the time that RecordWrite noted, zero if there is none.
func WrittenAt(ctx context.Context, private PrivateState) (time.Time, diag.Diagnostics) {
	value, diags := private.GetKey(ctx, writtenAtKey)
	var at time.Time
	if len(value) == 0 || json.Unmarshal(value, &at) != nil {
		return time.Time{}, diags
	}
	return at, diags
}
