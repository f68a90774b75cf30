package consistency

import (
	"context"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// ClockTolerance is how much earlier than the begin of a create its CreateDate may
// seem: both are cut to whole seconds, and the service has more than one clock.
const ClockTolerance = 2 * time.Second

// A Creation makes an object that has a name of its own (a user, a role, a policy),
// and finds out what became of it when the answer is lost: with a name, the object can
// be looked up, and a second request can do no harm.
type Creation[T any] struct {
	// Send sends the create once.
	Send func(context.Context) (T, error)
	// Find reads the object by its name, directly from the service.
	Find func(context.Context) (T, error)
	// IsAsSent says whether what was found is what was sent.
	IsAsSent func(T) bool
	// Created is when the service made the object, by its clock.
	Created func(T) time.Time
	// Began is when this create began, by the service's clock.
	Began time.Time
}

// Run sends the create. If the answer is lost, it looks for the object until the
// service must have come to agree with itself, and adopts it if it is what was sent and
// made since. If there is none, it sends once more. What it cannot explain it returns
// as the service's error.
func (c Creation[T]) Run(ctx context.Context, clk clock.Clock) (T, error) {
	made, err := c.Send(ctx)
	if err == nil || !ramclient.IsAmbiguous(err) {
		return made, err
	}
	if found, ok, findErr := c.find(ctx, clk); findErr != nil || ok {
		return found, orFirst(findErr, err)
	}
	if ramclient.IsAlreadyExists(err) {
		return made, err // the name is taken, by something that is not what was sent
	}
	again, secondErr := c.Send(ctx)
	if secondErr == nil {
		return again, nil
	}
	// The first request may have come through late.
	if ramclient.IsAlreadyExists(secondErr) || ramclient.IsAmbiguous(secondErr) {
		if found, ok, findErr := c.find(ctx, clk); findErr == nil && ok {
			return found, nil
		}
	}
	return again, secondErr
}

// find looks for the object until Window has passed. It reports false if there is none,
// or another one.
func (c Creation[T]) find(ctx context.Context, clk clock.Clock) (found T, ok bool, err error) {
	err = Until(ctx, clk, clk.Now().Add(Window), func(ctx context.Context) (bool, error) {
		var findErr error
		found, findErr = c.Find(ctx)
		if ramclient.IsNotFound(findErr) {
			return false, nil
		}
		ok = findErr == nil && c.IsAsSent(found) && !c.Created(found).Before(c.Began.Add(-ClockTolerance))
		return true, findErr
	})
	return found, ok, err
}

// orFirst is nil if the look-up worked; a failed look-up is reported as the create's
// own, more telling failure.
func orFirst(findErr, createErr error) error {
	if findErr == nil {
		return nil
	}
	return createErr
}
