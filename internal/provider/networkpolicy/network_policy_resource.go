// Package networkpolicy is ram_access_key_network_policy. The service has no operation
// that makes or deletes a network policy: every AccessKey has one, and one that is
// inactive and without statements is the same as none.
package networkpolicy

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ resource.ResourceWithConfigure      = (*networkPolicyResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*networkPolicyResource)(nil)
	_ resource.ResourceWithValidateConfig = (*networkPolicyResource)(nil)
	_ resource.ResourceWithImportState    = (*networkPolicyResource)(nil)
	_ resource.ResourceWithIdentity       = (*networkPolicyResource)(nil)
	_ permission.Declarer                 = (*networkPolicyResource)(nil)
)

// NewResource makes ram_access_key_network_policy.
func NewResource() resource.Resource { return &networkPolicyResource{} }

type networkPolicyResource struct{ connection.ForResource }

// Permissions implements permission.Declarer.
func (r *networkPolicyResource) Permissions() permission.Table {
	return permission.Table{
		Read:   []rpc.Operation{ramclient.OpGetUser, ramclient.OpGetAccessKeyPolicy},
		Create: []rpc.Operation{ramclient.OpSetAccessKeyPolicy},
		Update: []rpc.Operation{ramclient.OpSetAccessKeyPolicy},
		Delete: []rpc.Operation{ramclient.OpSetAccessKeyPolicy},
	}
}

// Metadata implements resource.Resource.
func (r *networkPolicyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_key_network_policy"
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *networkPolicyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"access_key_id": schemakit.IdentityName("ID of the AccessKey."),
		"account_id":    schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *networkPolicyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "From which networks requests signed with an AccessKey of a RAM user are accepted. It overrides the network policy of the account, and does not bind STS sessions that are opened with the key. " +
			"Destroying the resource resets the policy: the key is then bound by that of the account alone. A key has one network policy, so use one resource for each key.",
		Attributes: map[string]schema.Attribute{
			"access_key_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "ID of the AccessKey. A change replaces the resource.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"status": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString(string(ramclient.AccessKeyPolicyActive)),
				MarkdownDescription: "`Active`, or `Inactive` to keep the statements without effect. Default: `Active`.",
				Validators:          []validator.String{stringvalidator.OneOf(string(ramclient.AccessKeyPolicyActive), string(ramclient.AccessKeyPolicyInactive))},
			},
			"statements": schema.SetNestedAttribute{
				Required:            true,
				MarkdownDescription: fmt.Sprintf("What is allowed: 1 to %d statements, with at most %d addresses and blocks together. A request is accepted if one of them matches. Their order does not matter.", maxStatements, maxNetworks),
				Validators:          []validator.Set{setvalidator.SizeBetween(1, maxStatements)},
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"type": schema.StringAttribute{
						Required:            true,
						MarkdownDescription: "`ClassicWhiteList` for requests from the Internet, `VPCWhiteList` for those from within a VPC.",
						Validators:          []validator.String{stringvalidator.OneOf(string(ramclient.NetworkPublic), string(ramclient.NetworkVPC))},
					},
					"vpc_id": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "ID of the VPC, or `AllowAllVPC`. Required with `VPCWhiteList`, not allowed with `ClassicWhiteList`.",
					},
					"ip_list": schema.SetAttribute{
						Required: true, ElementType: types.StringType,
						MarkdownDescription: "IPv4 and IPv6 addresses and CIDR blocks, such as `203.0.113.1` or `2001:db8::/32`. A block is written with its first address. The order does not matter.",
						Validators:          []validator.Set{setvalidator.SizeAtLeast(1)},
					},
				}},
			},
			"account_id": schemakit.AccountID(),
		},
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan. It refuses to restrict the key
// that Terraform itself runs with.
func (r *networkPolicyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // a reset restricts nobody
	}
	var accessKeyID, status types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("access_key_id"), &accessKeyID)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("status"), &status)...)
	isActive := status.IsUnknown() || status.ValueString() == string(ramclient.AccessKeyPolicyActive)
	if resp.Diagnostics.HasError() || accessKeyID.IsUnknown() || !isActive || isWider(ctx, req, &resp.Diagnostics) {
		return
	}
	r.RefuseOnSelf(ctx, connection.Change{
		What: "restrict AccessKey " + accessKeyID.ValueString() + " to networks", AccessKeyID: accessKeyID.ValueString(),
	}, &resp.Diagnostics)
}

// isWider says whether the plan keeps an active policy that is in force, or only adds
// networks to it. What is not known yet is taken for narrower.
func isWider(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) bool {
	var plan, state networkPolicyModel
	if req.State.Raw.IsNull() || !req.Plan.Raw.IsFullyKnown() {
		return false
	}
	diags.Append(req.Plan.Get(ctx, &plan)...)
	diags.Append(req.State.Get(ctx, &state)...)
	sameKey := plan.AccessKeyID.Equal(state.AccessKeyID)
	return sameKey && state.Status.ValueString() == string(ramclient.AccessKeyPolicyActive) && covers(plan.policy(), state.policy())
}

// Create implements resource.Resource.
func (r *networkPolicyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan networkPolicyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	accessKeyID := plan.AccessKeyID.ValueString()

	err := r.create(ctx, accessKeyID, plan.policy())
	if errors.Is(err, errOther) {
		resp.Diagnostics.AddError("The AccessKey has another network policy already", fmt.Sprintf(
			"AccessKey %s has a network policy that differs from this one, so somebody set it outside this configuration. Nothing was changed.\n"+
				"Next step: import it, and the plan shows what would change:\n\n"+
				"import {\n  to = ram_access_key_network_policy.<name of the resource>\n  id = %q\n}", accessKeyID, accessKeyID))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("access_key_id"), "set the "+object(accessKeyID), err))
		return
	}

	plan.AccountID = types.StringValue(caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Read implements resource.Resource.
func (r *networkPolicyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state networkPolicyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	accessKeyID := state.AccessKeyID.ValueString()
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), "The "+object(accessKeyID), &resp.Diagnostics)
	if !ok {
		return
	}

	policy, err := consistency.Reading[ramclient.AccessKeyPolicy]{
		Shared: func(ctx context.Context) (ramclient.AccessKeyPolicy, error) {
			return r.findAndRead(ctx, accessKeyID, r.Reads.User)
		},
		Direct: func(ctx context.Context) (ramclient.AccessKeyPolicy, error) {
			return r.findAndRead(ctx, accessKeyID, r.Client.GetUser)
		},
		IsNotFound: isGone,
		Agrees:     state.agrees,
	}.Read(ctx, r.Clock, writtenAt)
	if isGone(err) {
		schemakit.Gone(ctx, state.identity(), resp)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read the "+object(accessKeyID), err))
		return
	}

	state.fromAPI(policy, caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// Update implements resource.Resource.
func (r *networkPolicyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan networkPolicyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	accessKeyID := plan.AccessKeyID.ValueString()
	if _, ok := r.InAccount(ctx, plan.AccountID.ValueString(), "The "+object(accessKeyID), &resp.Diagnostics); !ok {
		return
	}

	if err := r.set(ctx, accessKeyID, plan.policy()); err != nil {
		resp.Diagnostics.Append(apidiag.Error("update the "+object(accessKeyID), err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Delete implements resource.Resource.
func (r *networkPolicyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state networkPolicyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	accessKeyID := state.AccessKeyID.ValueString()
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), "The "+object(accessKeyID), &resp.Diagnostics); !ok {
		return
	}

	err := r.set(ctx, accessKeyID, ramclient.AccessKeyPolicy{Status: ramclient.AccessKeyPolicyInactive})
	if err != nil && !isGone(err) {
		resp.Diagnostics.Append(apidiag.Error("reset the "+object(accessKeyID), err))
	}
}

// ImportState implements resource.ResourceWithImportState.
func (r *networkPolicyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	schemakit.Import(ctx, "access_key_id", req, resp)
}

func object(accessKeyID string) string { return "network policy of AccessKey " + accessKeyID }
