package accesskey

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// planRestore shows the key as it will come back from the recycle bin: Inactive unless
// the configuration says otherwise. Without a free slot the service would refuse it.
func (r *accessKeyResource) planRestore(ctx context.Context, plan *accessKeyModel, state accessKeyModel, configured types.String, diags *diag.Diagnostics) {
	if configured.IsNull() {
		plan.Status = types.StringValue(string(ramclient.AccessKeyInactive))
	}
	if !r.CanCall() {
		return
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(state), diags); !ok {
		return
	}
	principalName, err := r.PrincipalName(ctx, state.UserName.ValueString())
	if err != nil {
		return
	}
	keys, err := r.Reads.AccessKeys(ctx, principalName)
	if err != nil {
		return
	}
	if live := r.live(keys); len(live) >= usualSlots && len(live) >= r.slots(ctx) {
		diags.AddAttributeError(path.Root("on_recycled"), object(state)+" cannot be restored", r.noSlotToRestore(ctx, principalName, live))
	}
}

func (r *accessKeyResource) noSlotToRestore(ctx context.Context, principalName string, live []ramclient.AccessKey) string {
	return fmt.Sprintf("A key comes back from the recycle bin only into a free slot, but the user has %d AccessKeys, and may have no more:\n%s\n"+
		"Next step: disable one that nothing uses any more, and delete it when nobody misses it; then apply again.",
		len(live), r.described(ctx, principalName, live))
}

// restore takes the key out of the recycle bin. It reports false, with an error in
// diags, if the key is still there, or if somebody else was faster: what they want with
// it only a new plan can show.
func (r *accessKeyResource) restore(ctx context.Context, state accessKeyModel, diags *diag.Diagnostics) bool {
	attempt := "restore " + object(state)
	unlock, err := r.Keys.Lock(ctx, state.UserID.ValueString())
	if err != nil {
		diags.Append(apidiag.Error(attempt, err))
		return false
	}
	defer unlock()
	err = r.Client.RestoreAccessKeyFromRecycleBin(ctx, ramclient.RecycledAccessKeyRef{
		UserID: state.UserID.ValueString(), AccessKeyID: state.AccessKeyID.ValueString(),
	})
	switch {
	case err == nil:
		return true
	case ramclient.IsAmbiguous(err):
		if r.isRestored(ctx, state) {
			return true
		}
	case ramclient.IsNotFound(err) && r.isRestored(ctx, state):
		diags.AddError(object(state)+" is not in the recycle bin any more",
			"Somebody restored it since the plan was made. Nothing was changed.\nNext step: plan again.")
		return false
	case ramclient.IsLimitExceeded(err):
		diags.Append(apidiag.AttributeError(path.Root("on_recycled"), attempt, err))
		return false
	}
	diags.Append(apidiag.Error(attempt, err))
	return false
}

// isRestored waits until the owner has the key again, as long as the service may lag.
func (r *accessKeyResource) isRestored(ctx context.Context, state accessKeyModel) bool {
	isLive := false
	err := consistency.Until(ctx, r.Clock, r.Clock.Now().Add(consistency.Window), func(ctx context.Context) (bool, error) {
		seen, err := r.find(ctx, direct{r.Client}, state.held())
		if isGone(err) {
			return false, nil
		}
		isLive = err == nil && seen.status != statusRecycled
		return isLive, err
	})
	return err == nil && isLive
}

// setStatus waits for a key that was restored a moment ago: the service may not know it
// yet.
func (r *accessKeyResource) setStatus(ctx context.Context, plan accessKeyModel, isRestored bool) error {
	principalName, err := r.PrincipalName(ctx, plan.UserName.ValueString())
	if err != nil {
		return err
	}
	ref := ramclient.AccessKeyRef{UserPrincipalName: principalName, AccessKeyID: plan.AccessKeyID.ValueString()}
	waitErr := consistency.Until(ctx, r.Clock, r.Clock.Now().Add(consistency.Window), func(ctx context.Context) (bool, error) {
		err = r.Client.UpdateAccessKey(ctx, ref, ramclient.AccessKeyStatus(plan.Status.ValueString()))
		return !isRestored || !ramclient.IsNotFound(err), nil
	})
	return cmp.Or(waitErr, err)
}
