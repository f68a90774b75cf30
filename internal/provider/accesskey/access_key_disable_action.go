package accesskey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ action.ActionWithConfigure  = (*disableAction)(nil)
	_ action.ActionWithModifyPlan = (*disableAction)(nil)
	_ permission.Declarer         = (*disableAction)(nil)
)

// NewDisableAction makes the action ram_access_key_disable.
func NewDisableAction() action.Action { return &disableAction{} }

type disableAction struct{ keyAction }

// Permissions implements permission.Declarer.
func (a *disableAction) Permissions() permission.Table {
	return permission.Table{
		Invoke:   []rpc.Operation{ramclient.OpGetUser, ramclient.OpListAccessKeys, ramclient.OpUpdateAccessKey},
		Optional: []rpc.Operation{ramclient.OpGetDefaultDomain, ramclient.OpGetAccessKeyInfoInRecycleBin, ramclient.OpListAccessKeysInRecycleBin},
	}
}

// Metadata implements action.Action.
func (a *disableAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_key_disable"
}

// Schema implements action.Action.
func (a *disableAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = keyActionSchema("Disables an AccessKey of a RAM user, and waits until the service shows it as `Inactive`: the first thing to do when a key has leaked. Nothing is deleted; whoever may can enable it again. " +
		"A key that is disabled already, or in the recycle bin, stays as it is. A `ram_access_key` that leaves `status` out follows. " +
		"The key that Terraform itself signs with is refused, unless the provider says `allow_self_change = true`.")
}

// ModifyPlan implements action.ActionWithModifyPlan.
func (a *disableAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	key, _, ok, err := a.foretell(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || key.accessKeyID == "" || !a.sparesSelf(ctx, "disable", key, &resp.Diagnostics) {
		return
	}
	if ok && err != nil {
		resp.Diagnostics.Append(failure("disable", key, err))
	}
}

// Invoke implements action.Action.
func (a *disableAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config keyActionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := a.Begin(ctx, &resp.Diagnostics); !ok || !a.sparesSelf(ctx, "disable", config.key(), &resp.Diagnostics) {
		return
	}
	tell := telling(resp)
	key, seen, err := a.locate(ctx, config.key())
	if err != nil {
		resp.Diagnostics.Append(failure("disable", key, err))
		return
	}
	switch seen.status {
	case statusRecycled:
		tell("%s is in the recycle bin, where it cannot sign. There is nothing to do.", key)
		return
	case string(ramclient.AccessKeyInactive):
		tell("%s is disabled already.", key)
		return
	}

	tell("Disabling %s.", key)
	retired := retirement{keyring: &a.keyring, key: key, seen: seen.status, diags: &resp.Diagnostics}
	err = retired.disable(ctx)
	if ramclient.IsAmbiguous(err) && retired.confirmDisabled(ctx) == nil {
		err = nil
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("disable "+key.String(), err))
		return
	}
	tell("%s is disabled: requests that are signed with it are refused.", key)
}
