package accesskey

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
)

// A keyAction does one thing to one key, which need not be in any state. Each finds out
// first whether it is done already: to invoke it again is safe.
type keyAction struct{ keyring }

// Configure implements action.ActionWithConfigure.
func (a *keyAction) Configure(ctx context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	var configured connection.ForAction
	configured.Configure(ctx, req, resp)
	a.Connection = configured.Connection
}

type keyActionModel struct {
	AccessKeyID types.String `tfsdk:"access_key_id"`
	UserName    types.String `tfsdk:"user_name"`
}

func keyActionSchema(description string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: description,
		Attributes: map[string]schema.Attribute{
			"access_key_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "ID of the AccessKey. It must be one of a RAM user of the account; root keys are out of reach.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"user_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the user that the key belongs to. If it is another's, nothing is done. Default: whoever the service says.",
				Validators:          []validator.String{schemakit.UserName()},
			},
		},
	}
}

// foretell looks at the key while planning. It reports false if nothing can be told:
// something is not known yet or cannot be read, or the apply may yet change the key,
// since this process manages it.
func (a *keyAction) foretell(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) (key heldKey, seen sighting, ok bool, err error) {
	var model keyActionModel
	diags.Append(config.Get(ctx, &model)...)
	key = model.key()
	if diags.HasError() || model.AccessKeyID.IsUnknown() || model.UserName.IsUnknown() || !a.CanCall() || a.Keys.IsManaged(key.accessKeyID) {
		return key, sighting{}, false, nil
	}
	if _, ok := a.Begin(ctx, diags); !ok {
		return key, sighting{}, false, nil
	}
	seen, err = a.find(ctx, direct{a.Client}, key)
	return key.at(seen), seen, err == nil || isGone(err), err
}

// locate finds the key while invoking. One that this process manages may have been made
// moments ago, so the service gets time to know it.
func (a *keyAction) locate(ctx context.Context, key heldKey) (heldKey, sighting, error) {
	deadline := a.Clock.Now()
	if a.Keys.IsManaged(key.accessKeyID) {
		deadline = deadline.Add(consistency.Window)
	}
	var seen sighting
	var found error
	err := consistency.Until(ctx, a.Clock, deadline, func(ctx context.Context) (bool, error) {
		seen, found = a.find(ctx, direct{a.Client}, key)
		return !isGone(found), nil
	})
	if err == nil {
		err = found
	}
	return key.at(seen), seen, err
}

func (m keyActionModel) key() heldKey {
	return heldKey{accessKeyID: m.AccessKeyID.ValueString(), userName: m.UserName.ValueString()}
}

// at is the key with the owner that it was found with, if it was.
func (k heldKey) at(seen sighting) heldKey {
	if seen.userID != "" {
		k.userName, k.userID = seen.userName, seen.userID
	}
	return k
}

// failure is the error of an attempt. A key that is nowhere is a mistake in the
// configuration.
func failure(attempt string, key heldKey, err error) diag.Diagnostic {
	if !isGone(err) {
		return apidiag.Error(attempt+" "+key.String(), err)
	}
	if key.userName != "" {
		return diag.NewAttributeErrorDiagnostic(path.Root("user_name"), "Cannot "+attempt+" "+key.String(), fmt.Sprintf(
			"%s has no such key, neither in use nor in the recycle bin.\nNext step: correct access_key_id, or leave user_name out: the service then says whose the key is.", user(key.userName)))
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("access_key_id"), "Cannot "+attempt+" "+key.String(),
		"No user of the account has this key, neither in use nor in the recycle bin, which keeps keys for 30 days.\nNext step: correct access_key_id, or use credentials of the account that the key belongs to.")
}

// telling sends progress messages as sentences.
func telling(resp *action.InvokeResponse) func(format string, args ...any) {
	return func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}
}
