package networkpolicy

import (
	"context"
	"errors"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

var (
	// errNoKey says that no user has the key. One in the recycle bin is nobody's.
	errNoKey = errors.New("no RAM user has this AccessKey: it does not exist, or is in the recycle bin, or is a root key of the account")
	// errNone says that the key is there, but no network policy is set for it.
	errNone = errors.New("the AccessKey has no network policy")
	// errOther says that the key has a network policy that is not the wanted one.
	errOther = errors.New("the AccessKey has another network policy")
)

// isGone says that there is no policy, or no key. The code EntityNotExist.User does not
// say so: the owner, just looked up, may have been renamed in between.
func isGone(err error) bool {
	code := ramclient.Code(err)
	return errors.Is(err, errNoKey) || errors.Is(err, errNone) ||
		code == "EntityNotExist.User.AccessKey" || code == "EntityNotExist.AccessKeyPolicy"
}

// getUser is how users are looked up: by way of the reads that all resources of this
// run share, or directly.
type getUser func(context.Context, ramclient.GetUserInput) (ramclient.User, error)

// find names the key together with its owner.
func find(ctx context.Context, accessKeyID string, get getUser) (ramclient.AccessKeyRef, error) {
	owner, err := get(ctx, ramclient.GetUserInput{AccessKeyID: accessKeyID})
	if ramclient.IsNotFound(err) {
		err = errNoKey
	}
	return ramclient.AccessKeyRef{UserPrincipalName: owner.UserPrincipalName, AccessKeyID: accessKeyID}, err
}

// read reads the policy of a key; errNone if it was never set, or reset.
func (r *networkPolicyResource) read(ctx context.Context, key ramclient.AccessKeyRef) (ramclient.AccessKeyPolicy, error) {
	policy, err := r.Client.GetAccessKeyPolicy(ctx, key)
	if err == nil && policy.Status == ramclient.AccessKeyPolicyInactive && len(policy.Statements) == 0 {
		err = errNone
	}
	return policy, err
}

// findAndRead is read for the ID of a key.
func (r *networkPolicyResource) findAndRead(ctx context.Context, accessKeyID string, get getUser) (ramclient.AccessKeyPolicy, error) {
	key, err := find(ctx, accessKeyID, get)
	if err != nil {
		return ramclient.AccessKeyPolicy{}, err
	}
	return r.read(ctx, key)
}

// create sets the policy of a key that has none, or has this one already: perhaps an
// earlier run set it and was stopped. Within consistency.Window two answers are
// doubted: that a key of this run's own does not exist, and that there is another
// policy, which may have been reset a moment ago.
func (r *networkPolicyResource) create(ctx context.Context, accessKeyID string, wanted ramclient.AccessKeyPolicy) error {
	var err error
	waitErr := consistency.Until(ctx, r.Clock, r.Clock.Now().Add(consistency.Window), func(ctx context.Context) (bool, error) {
		err = r.createOnce(ctx, accessKeyID, wanted)
		isMissing := errors.Is(err, errNoKey) || ramclient.IsNotFound(err)
		isDoubtful := errors.Is(err, errOther) || isMissing && r.Keys.IsManaged(accessKeyID)
		return !isDoubtful, nil
	})
	if waitErr != nil {
		return waitErr
	}
	return err
}

func (r *networkPolicyResource) createOnce(ctx context.Context, accessKeyID string, wanted ramclient.AccessKeyPolicy) error {
	key, err := find(ctx, accessKeyID, r.Client.GetUser)
	if err != nil {
		return err
	}
	switch there, err := r.read(ctx, key); {
	case errors.Is(err, errNone), ramclient.Code(err) == "EntityNotExist.AccessKeyPolicy":
	case err != nil:
		return err
	case !isSame(there, wanted):
		return errOther
	}
	_, err = r.Client.SetAccessKeyPolicy(ctx, key, wanted)
	return err
}

// set replaces the policy, whatever it is.
func (r *networkPolicyResource) set(ctx context.Context, accessKeyID string, policy ramclient.AccessKeyPolicy) error {
	key, err := find(ctx, accessKeyID, r.Client.GetUser)
	if err != nil {
		return err
	}
	_, err = r.Client.SetAccessKeyPolicy(ctx, key, policy)
	return err
}
