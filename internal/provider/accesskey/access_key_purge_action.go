package accesskey

import (
	"context"
	"errors"

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
	_ action.ActionWithConfigure  = (*purgeAction)(nil)
	_ action.ActionWithModifyPlan = (*purgeAction)(nil)
	_ permission.Declarer         = (*purgeAction)(nil)
)

// NewPurgeAction makes the action ram_access_key_purge.
func NewPurgeAction() action.Action { return &purgeAction{} }

type purgeAction struct{ keyAction }

// Permissions implements permission.Declarer.
func (a *purgeAction) Permissions() permission.Table {
	return permission.Table{
		Invoke: []rpc.Operation{
			ramclient.OpGetUser, ramclient.OpListAccessKeys, ramclient.OpGetAccessKeyInfoInRecycleBin, ramclient.OpListAccessKeysInRecycleBin,
			ramclient.OpDeleteAccessKeyInRecycleBin,
		},
		Optional: []rpc.Operation{ramclient.OpGetDefaultDomain},
	}
}

// Metadata implements action.Action.
func (a *purgeAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_key_purge"
}

// Schema implements action.Action.
func (a *purgeAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = keyActionSchema("Deletes an AccessKey from the recycle bin for good: nobody can restore it then. A key that is not in the recycle bin is never deleted; the action fails instead. " +
		"One that is nowhere any more is only warned of.")
}

// ModifyPlan implements action.ActionWithModifyPlan. A key that is gone is no error: it
// may have been purged by the run that is repeated.
func (a *purgeAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	key, seen, ok, err := a.foretell(ctx, req.Config, &resp.Diagnostics)
	if ok && err == nil && seen.status != statusRecycled {
		resp.Diagnostics.Append(notRecycled(key, seen))
	}
}

// Invoke implements action.Action.
func (a *purgeAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
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
	switch {
	case isGone(err):
		resp.Diagnostics.AddAttributeWarning(path.Root("access_key_id"), key.String()+" is nowhere to be found",
			"It is neither in use nor in the recycle bin: it was purged already, or the ID is not right. Nothing was changed.")
		return
	case err != nil:
		resp.Diagnostics.Append(failure("purge", key, err))
		return
	case seen.status != statusRecycled:
		resp.Diagnostics.Append(notRecycled(key, seen))
		return
	}

	tell("Purging %s from the recycle bin.", key)
	err = (&retirement{keyring: &a.keyring, key: key, seen: seen.status, diags: &resp.Diagnostics}).purge(ctx)
	if err == nil || ramclient.IsAmbiguous(err) {
		if left := a.awaitPurged(ctx, key); left == nil || err == nil {
			err = left
		}
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("purge "+key.String(), err))
		return
	}
	tell("%s is gone for good.", key)
}

// awaitPurged waits until the recycle bin does not list the key any more.
func (a *purgeAction) awaitPurged(ctx context.Context, key heldKey) error {
	isListed := false
	err := consistency.Until(ctx, a.Clock, a.Clock.Now().Add(consistency.Window), func(ctx context.Context) (bool, error) {
		bin, err := a.Client.ListAccessKeysInRecycleBin(ctx, key.userID)
		if ramclient.IsNotFound(err) {
			bin, err = nil, nil // the owner is gone for good, and the key with it
		}
		isListed = isIn(bin, key.accessKeyID)
		return !isListed, err
	})
	if err == nil && isListed {
		return errors.New("the recycle bin still lists the key. Next step: invoke the action again")
	}
	return err
}

func notRecycled(key heldKey, seen sighting) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("access_key_id"), "Cannot purge "+key.String(),
		"The key is not in the recycle bin: it is "+seen.status+". This action deletes none that could still be in use. Nothing was changed.\n"+
			"Next step: disable it (ram_access_key_disable) and delete it when nobody misses it; then invoke the action again.")
}
