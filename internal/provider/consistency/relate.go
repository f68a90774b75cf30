package consistency

import (
	"context"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A Relation ties two objects together: a policy attached, a user in a group. It has no
// content of its own, so one that is there already is as good as one's own.
type Relation struct {
	// Send asks for the relation.
	Send func(context.Context) error
	// Present lists, directly from the service, whether the relation is there.
	Present func(context.Context) (bool, error)
}

// Run asks for the relation. If the service says that it is there already, or the
// answer was lost, one list confirms it. Foreign is true if the relation was there
// before the first request of this run, so somebody else may have made it.
func (r Relation) Run(ctx context.Context, clk clock.Clock) (foreign bool, err error) {
	err = r.Send(ctx)
	switch {
	case err == nil:
		return false, nil
	case !ramclient.IsAlreadyExists(err) && !ramclient.IsAmbiguous(err):
		return false, err
	}
	present := false
	listErr := Until(ctx, clk, clk.Now().Add(Window), func(ctx context.Context) (bool, error) {
		var listErr error
		present, listErr = r.Present(ctx)
		return present, listErr
	})
	if listErr != nil || !present {
		return false, err
	}
	return ramclient.IsAlreadyExists(err) && !ramclient.IsAmbiguous(err), nil
}
