package accesskey

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A retirement takes a key out of use. The console refuses to delete an active key, and
// whether the API does is not documented, so it is disabled first, and the service asked
// to confirm it. Each step finds out by itself whether it is done already: a later run
// can repeat all of them.
type retirement struct {
	*keyring
	key heldKey
	// requireIdle and quarantine are the arguments of these names.
	requireIdle, quarantine types.String
	// seen is the status that the key has as far as known; empty once it is gone for good.
	seen string
	// used is when the key had last been used when the retirement began, disabledAt when
	// this or an earlier run disabled it; zero if not known.
	used, disabledAt time.Time
	diags            *diag.Diagnostics
}

// A step completes the sentence "Cannot <attempt> AccessKey …".
type step struct {
	attempt string
	do      func(context.Context) error
}

func (k *retirement) steps(onDestroy string) []step {
	steps := []step{
		{"retire", k.checkIdle},
		{"disable", k.disable},
		{"sit out the quarantine of", k.sitOutQuarantine},
		{"recycle", k.recycle},
		{"purge", k.purge},
	}
	switch onDestroy {
	case purge:
		return steps
	case disable:
		return steps[:2]
	default:
		return steps[:4]
	}
}

// do takes the steps one after the other, until one fails with an error in diags.
func (k *retirement) do(ctx context.Context, steps []step) bool {
	for _, step := range steps {
		if err := step.do(ctx); err != nil {
			k.diags.Append(apidiag.Error(step.attempt+" "+k.key.String(), err))
			return false
		}
	}
	return true
}

func (k *retirement) disable(ctx context.Context) error {
	if k.seen == statusRecycled {
		if err := k.locate(ctx); err != nil || k.isOut() {
			return err
		}
	}
	err := k.update(ctx)
	if ramclient.IsNotFound(err) {
		// The key may have been deleted since the refresh, or its owner renamed.
		if err := k.locate(ctx); err != nil || k.isOut() {
			return err
		}
		err = k.update(ctx)
	}
	if err != nil {
		return err
	}
	if k.seen != string(ramclient.AccessKeyInactive) || k.disabledAt.IsZero() {
		k.disabledAt = k.Clock.Now()
	}
	k.seen = string(ramclient.AccessKeyInactive)
	return k.confirmDisabled(ctx)
}

func (k *retirement) update(ctx context.Context) error {
	ref, err := k.ref(ctx)
	if err != nil {
		return err
	}
	return k.Client.UpdateAccessKey(ctx, ref, ramclient.AccessKeyInactive)
}

func (k *retirement) confirmDisabled(ctx context.Context) error {
	ref, err := k.ref(ctx)
	if err != nil {
		return err
	}
	shown := ramclient.AccessKeyInactive
	err = k.until(ctx, func(ctx context.Context) (bool, error) {
		keys, err := k.Client.ListAccessKeys(ctx, ref.UserPrincipalName)
		if ramclient.IsNotFound(err) {
			return true, nil
		}
		shown = ramclient.AccessKeyInactive
		for _, key := range keys {
			if key.AccessKeyID == ref.AccessKeyID {
				shown = key.Status
			}
		}
		return shown == ramclient.AccessKeyInactive, err
	})
	if err == nil && shown != ramclient.AccessKeyInactive {
		return errors.New("the service accepted to disable the key, but still shows it as " + string(shown) + "; it was not deleted. Next step: apply again")
	}
	return err
}

func (k *retirement) recycle(ctx context.Context) error {
	if k.isOut() {
		return nil
	}
	unlock, err := k.Keys.Lock(ctx, k.key.userID)
	if err != nil {
		return err
	}
	defer unlock()
	ref, err := k.ref(ctx)
	if err != nil {
		return err
	}
	if err := k.Client.DeleteAccessKey(ctx, ref); err != nil && !ramclient.IsNotFound(err) {
		return err
	}
	k.seen = statusRecycled
	k.Keys.Delete(ref.AccessKeyID)
	k.Recent.Loosened(connection.Parent{Kind: connection.User, Name: k.key.userName})
	return k.confirmRecycled(ctx, ref)
}

// confirmRecycled waits until the key is in the recycle bin. If it never shows there,
// it is enough that its owner does not have it any more. A caller who may not look into
// the bin takes the service's word.
func (k *retirement) confirmRecycled(ctx context.Context, ref ramclient.AccessKeyRef) error {
	inBin := false
	err := k.until(ctx, func(ctx context.Context) (bool, error) {
		keys, err := k.Client.ListAccessKeysInRecycleBin(ctx, k.key.userID)
		inBin = isIn(keys, ref.AccessKeyID)
		return inBin, err
	})
	if ramclient.IsNoPermission(err) {
		return nil
	}
	if err != nil || inBin {
		return err
	}
	keys, err := k.Client.ListAccessKeys(ctx, ref.UserPrincipalName)
	if err != nil && !ramclient.IsNotFound(err) {
		return err
	}
	if slices.ContainsFunc(keys, func(key ramclient.AccessKey) bool { return key.AccessKeyID == ref.AccessKeyID }) {
		k.seen = string(ramclient.AccessKeyInactive)
		return errors.New("the service accepted to delete the key, but still lists it. Next step: apply again")
	}
	k.seen = ""
	return nil
}

// purge deletes the key from the recycle bin. One that the service does not find there
// is purged already, unless the bin still lists it.
func (k *retirement) purge(ctx context.Context) error {
	if k.seen != statusRecycled {
		return nil
	}
	key := ramclient.RecycledAccessKeyRef{UserID: k.key.userID, AccessKeyID: k.key.accessKeyID}
	isPurged := false
	err := k.until(ctx, func(ctx context.Context) (bool, error) {
		err := k.Client.DeleteAccessKeyInRecycleBin(ctx, key)
		if isPurged = err == nil; !ramclient.IsNotFound(err) {
			return true, err
		}
		bin, err := k.Client.ListAccessKeysInRecycleBin(ctx, key.UserID)
		if ramclient.IsNotFound(err) {
			err = nil // the owner is gone for good, and the key with it
		}
		isPurged = err == nil && !isIn(bin, key.AccessKeyID)
		return isPurged, err
	})
	if !isPurged && err == nil {
		return errors.New("the recycle bin lists the key, but the service does not find it there. Next step: apply again")
	}
	return err
}

// locate looks where the key is, and under which name its owner.
func (k *retirement) locate(ctx context.Context) error {
	at, err := k.find(ctx, direct{k.Client}, k.key)
	if isGone(err) {
		k.seen = ""
		return nil
	}
	if err != nil {
		return err
	}
	k.seen = at.status
	k.key.userName = at.userName
	return nil
}

// isOut says that the key does not count among its owner's any more.
func (k *retirement) isOut() bool { return k.seen == statusRecycled || k.seen == "" }

func (k *retirement) ref(ctx context.Context) (ramclient.AccessKeyRef, error) {
	principalName, err := k.PrincipalName(ctx, k.key.userName)
	return ramclient.AccessKeyRef{UserPrincipalName: principalName, AccessKeyID: k.key.accessKeyID}, err
}

func (k *retirement) until(ctx context.Context, attempt func(context.Context) (bool, error)) error {
	return consistency.Until(ctx, k.Clock, k.Clock.Now().Add(consistency.Window), attempt)
}
