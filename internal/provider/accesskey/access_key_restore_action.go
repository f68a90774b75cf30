package accesskey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ action.ActionWithConfigure  = (*restoreAction)(nil)
	_ action.ActionWithModifyPlan = (*restoreAction)(nil)
	_ permission.Declarer         = (*restoreAction)(nil)
)

// NewRestoreAction makes the action ram_access_key_restore.
func NewRestoreAction() action.Action { return &restoreAction{} }

type restoreAction struct{ keyAction }

// Permissions implements permission.Declarer.
func (a *restoreAction) Permissions() permission.Table {
	return permission.Table{
		Invoke: []rpc.Operation{
			ramclient.OpGetUser, ramclient.OpListAccessKeys, ramclient.OpGetAccessKeyInfoInRecycleBin, ramclient.OpListAccessKeysInRecycleBin,
			ramclient.OpRestoreAccessKeyFromRecycleBin,
		},
		Optional: []rpc.Operation{ramclient.OpGetDefaultDomain, ramclient.OpGetAccountSummary, ramclient.OpGetAccessKeyLastUsed},
	}
}

// Metadata implements action.Action.
func (a *restoreAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_key_restore"
}

// Schema implements action.Action.
func (a *restoreAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = keyActionSchema("Takes an AccessKey out of the recycle bin, which keeps the latest three of a user for 30 days. Its old secret works again once somebody enables it: it comes back `Inactive`, and this action leaves it so. " +
		"The user needs a free slot for it. A key that is not in the recycle bin stays as it is. For a key that Terraform manages, `on_recycled = \"restore\"` of `ram_access_key` does the same.")
}

// ModifyPlan implements action.ActionWithModifyPlan. A slot that a managed key holds may
// be free by the time that the action runs.
func (a *restoreAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	key, seen, ok, err := a.foretell(ctx, req.Config, &resp.Diagnostics)
	switch {
	case !ok:
	case err != nil:
		resp.Diagnostics.Append(failure("restore", key, err))
	case seen.status == statusRecycled:
		isManaged := func(live ramclient.AccessKey) bool { return a.Keys.IsManaged(live.AccessKeyID) }
		if principalName, live, err := a.inUse(ctx, key); err == nil && !slices.ContainsFunc(live, isManaged) {
			a.requireSlot(ctx, key, principalName, live, &resp.Diagnostics)
		}
	}
}

// Invoke implements action.Action.
func (a *restoreAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config keyActionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := a.Begin(ctx, &resp.Diagnostics); !ok {
		return
	}
	tell := telling(resp)
	key, seen, err := a.locate(ctx, config.key())
	if err != nil {
		resp.Diagnostics.Append(failure("restore", key, err))
		return
	}
	if seen.status != statusRecycled {
		tell("%s is not in the recycle bin: it is %s. There is nothing to do.", key, seen.status)
		return
	}

	tell("Restoring %s.", key)
	unlock, err := a.Keys.Lock(ctx, key.userID)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("restore "+key.String(), err))
		return
	}
	defer unlock()
	principalName, live, err := a.inUse(ctx, key)
	if ramclient.IsNotFound(err) {
		resp.Diagnostics.AddError("Cannot restore "+key.String(), fmt.Sprintf(
			"The user is in the recycle bin itself. Nothing was changed.\nNext step: restore the user first, then invoke the action again:\naliyun ims RestoreUserFromRecycleBin --UserId %s", key.userID))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("restore "+key.String(), err))
		return
	}
	if !a.requireSlot(ctx, key, principalName, live, &resp.Diagnostics) {
		return
	}
	answer := a.Client.RestoreAccessKeyFromRecycleBin(ctx, ramclient.RecycledAccessKeyRef{UserID: key.userID, AccessKeyID: key.accessKeyID})
	if answer != nil && !ramclient.IsAmbiguous(answer) && !ramclient.IsNotFound(answer) {
		resp.Diagnostics.Append(apidiag.Error("restore "+key.String(), answer))
		return
	}
	if seen, err = a.awaitRestored(ctx, key); err != nil {
		resp.Diagnostics.Append(apidiag.Error("restore "+key.String(), cmp.Or(answer, err)))
		return
	}
	tell("%s is restored. It is %s.", key, seen.status)
}

// inUse are the keys of the owner that are not in the recycle bin.
func (a *restoreAction) inUse(ctx context.Context, key heldKey) (principalName string, live []ramclient.AccessKey, err error) {
	if principalName, err = a.PrincipalName(ctx, key.userName); err != nil {
		return "", nil, err
	}
	keys, err := a.Client.ListAccessKeys(ctx, principalName)
	return principalName, a.live(keys), err
}

// requireSlot reports false, with an error in diags, if the owner has no room for one more.
func (a *restoreAction) requireSlot(ctx context.Context, key heldKey, principalName string, live []ramclient.AccessKey, diags *diag.Diagnostics) bool {
	if len(live) < usualSlots || len(live) < a.slots(ctx) {
		return true
	}
	diags.AddAttributeError(path.Root("access_key_id"), "Cannot restore "+key.String(), fmt.Sprintf(
		"A key comes back from the recycle bin only into a free slot, but the user has %d AccessKeys, and may have no more:\n%s\nNothing was changed.\n"+
			"Next step: disable one that nothing uses any more, and delete it when nobody misses it; then invoke the action again.",
		len(live), a.described(ctx, principalName, live)))
	return false
}

// awaitRestored waits until the owner has the key again, as long as the service may lag.
func (a *restoreAction) awaitRestored(ctx context.Context, key heldKey) (seen sighting, err error) {
	isRestored := false
	err = consistency.Until(ctx, a.Clock, a.Clock.Now().Add(consistency.Window), func(ctx context.Context) (bool, error) {
		seen, err = a.find(ctx, direct{a.Client}, key)
		if isGone(err) {
			return false, nil
		}
		isRestored = err == nil && seen.status != statusRecycled
		return isRestored, err
	})
	if err == nil && !isRestored {
		err = errors.New("the service accepted the request, but does not list the key among those of the user. Next step: invoke the action again")
	}
	return seen, err
}
