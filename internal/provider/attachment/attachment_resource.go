// Package attachment is ram_{user,group,role}_policy_attachment, one policy held by one
// principal, and ram_{user,group,role}_policy_attachments_exclusive, all that it holds. The
// principals differ in what principal.go says, and in that users and groups can be renamed.
package attachment

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/highrisk"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ resource.ResourceWithConfigure   = (*attachmentResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*attachmentResource)(nil)
	_ resource.ResourceWithImportState = (*attachmentResource)(nil)
	_ resource.ResourceWithIdentity    = (*attachmentResource)(nil)
	_ permission.Declarer              = (*attachmentResource)(nil)
)

// NewUserResource makes ram_user_policy_attachment.
func NewUserResource() resource.Resource { return &attachmentResource{granting{principal: user}} }

// NewGroupResource makes ram_group_policy_attachment.
func NewGroupResource() resource.Resource { return &attachmentResource{granting{principal: group}} }

// NewRoleResource makes ram_role_policy_attachment.
func NewRoleResource() resource.Resource { return &attachmentResource{granting{principal: role}} }

type attachmentResource struct{ granting }

// Permissions implements permission.Declarer.
func (r *attachmentResource) Permissions() permission.Table {
	read := []rpc.Operation{r.principal.listOperation}
	optional := []rpc.Operation{ramclient.OpGetPolicy, ramclient.OpListPolicyAttachments}
	if r.principal.renames != nil {
		read = append(read, r.principal.renames.readOperation)
		optional = append(optional, r.principal.renames.optional...)
	}
	return permission.Table{
		Read:     read,
		Create:   []rpc.Operation{r.principal.attachOperation},
		Delete:   []rpc.Operation{r.principal.detachOperation},
		Optional: optional,
	}
}

// Metadata implements resource.Resource.
func (r *attachmentResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.principal.noun + "_policy_attachment"
	resp.ResourceBehavior.MutableIdentity = r.principal.renames != nil
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *attachmentResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		r.principal.attribute: schemakit.IdentityName("Name of the " + r.principal.noun + "."),
		"policy_name":         schemakit.IdentityName("Name of the policy."),
		"policy_type":         schemakit.IdentityName("Custom or System."),
		"resource_group_id":   resourceGroupIdentity(),
		"account_id":          schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *attachmentResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	noun := r.principal.noun
	attributes := map[string]schema.Attribute{
		r.principal.attribute: r.nameAttribute("the attachment follows"),
		"policy_name": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Name of the policy.",
			Validators:          []validator.String{schemakit.PolicyName()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"policy_type": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "`Custom` for a policy of your own, `System` for one made by Alibaba Cloud. If left out, it is looked up by the name.",
			Validators:          []validator.String{stringvalidator.OneOf(string(ramclient.PolicyCustom), string(ramclient.PolicySystem))},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace(), stringplanmodifier.UseStateForUnknown()},
		},
		"resource_group_id": resourceGroupAttribute("ID of a resource group, such as `rg-acfmxazb4ph6aiy`. The policy then grants " +
			"something on the resources of this group only, and the plan reads the attachment through ResourceManager, for which the caller needs `ram:ListPolicyAttachments`. Default: the whole account."),
		"attach_date": schemakit.Computed("When the policy was attached, RFC 3339."),
		"account_id":  schemakit.AccountID(),
	}
	if r.principal.renames != nil {
		attributes[r.principal.renames.id] = schemakit.Computed("ID of the " + noun + ", by which the attachment is recognised through renames.")
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Attaches a policy to a RAM " + noun + ", for the whole account or for one resource group. It adds to what the " + noun +
			" has from elsewhere, and takes away only what it attached itself.",
		Attributes: attributes,
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *attachmentResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		state := r.get(ctx, req.State, &resp.Diagnostics)
		r.warnOfASet(state, &resp.Diagnostics)
		r.mayDetach(ctx, state, &resp.Diagnostics)
		return
	}
	plan := r.get(ctx, resp.Plan, &resp.Diagnostics)
	state := model{}
	if !req.State.Raw.IsNull() {
		state = r.get(ctx, req.State, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.policyType.IsUnknown() {
		r.planPolicyType(ctx, plan, resp)
	}
	if !req.State.Raw.IsNull() {
		r.planPrincipal(ctx, plan.principal, state.principal, state.principalID, resp, "attach_date")
	}
	r.warnOfASet(plan, &resp.Diagnostics)
	switch {
	case req.State.Raw.IsNull():
		r.judge(ctx, resp.Plan, &resp.Diagnostics)
	case len(resp.RequiresReplace) > 0 || r.isAnother(plan, state): // which Terraform plans by itself
		r.mayDetach(ctx, state, &resp.Diagnostics)
	}
}

// isAnother says whether a change makes another attachment, whoever bears the names.
func (r *attachmentResource) isAnother(plan, state model) bool {
	return !plan.policyName.Equal(state.policyName) || !plan.policyType.Equal(state.policyType) || !plan.resourceGroupID.Equal(state.resourceGroupID) ||
		r.principal.renames == nil && !plan.principal.Equal(state.principal)
}

// judge says if the policy gives its holder too much.
func (r *attachmentResource) judge(ctx context.Context, planned source, diags *diag.Diagnostics) {
	plan := r.get(ctx, planned, diags)
	if plan.policyName.IsUnknown() {
		return
	}
	r.HighRiskRules().JudgeGrant(highrisk.Grant{
		PolicyName: plan.policyName.ValueString(), PolicyType: plan.policyType.ValueString(), Kind: r.principal.noun, Name: plan.principal.ValueString(),
	}, path.Root("policy_name"), diags)
}

// mayDetach refuses to detach a policy from what Terraform runs as.
func (r *attachmentResource) mayDetach(ctx context.Context, state model, diags *diag.Diagnostics) bool {
	return r.refuseOnSelf(ctx, detaching(r.principal, state.grant()), state.grant().holder, state.principalID, state.accountID, diags)
}

// planPolicyType looks the type of a policy up that the configuration names without one.
// A policy that is not there yet is probably made by this very plan, so its type stays
// unknown.
func (r *attachmentResource) planPolicyType(ctx context.Context, plan model, resp *resource.ModifyPlanResponse) {
	if plan.policyName.IsUnknown() || !r.CanCall() {
		return
	}
	if _, ok := r.Begin(ctx, &resp.Diagnostics); !ok {
		return
	}
	policyType, found := lookUpPolicyType(ctx, plan.policyName.ValueString(), r.Reads.Policy, &resp.Diagnostics)
	if found {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("policy_type"), string(policyType))...)
	}
}

// Create implements resource.Resource.
func (r *attachmentResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan := r.get(ctx, req.Plan, &resp.Diagnostics)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if plan.policyType.IsUnknown() {
		policyType, ok := r.findPolicyType(ctx, plan.policyName.ValueString(), &resp.Diagnostics)
		if !ok {
			return
		}
		plan.policyType = types.StringValue(string(policyType))
	}
	wanted := plan.grant()
	if r.principal.renames != nil {
		id, err := r.principal.renames.bearerLately(ctx, r.Connection, wanted.name)
		if err != nil {
			resp.Diagnostics.Append(apidiag.AttributeError(path.Root(r.principal.attribute), "attach "+r.object(wanted), err))
			return
		}
		plan.principalID = types.StringValue(id)
	}

	foreign, err := r.attach(ctx, wanted)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("attach "+r.object(wanted), err))
		return
	}
	if foreign {
		resp.Diagnostics.AddWarning("The policy was attached already",
			"Before Terraform did anything, "+r.object(wanted)+" was there. It is managed here from now on: destroying this resource detaches it.")
	}

	plan.attachDate = types.StringValue(r.Client.ServerTime().UTC().Format(time.RFC3339))
	plan.accountID = types.StringValue(caller.AccountID)
	r.set(ctx, &resp.State, resp.Identity, plan, &resp.Diagnostics)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Read implements resource.Resource.
func (r *attachmentResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := r.get(ctx, req.State, &resp.Diagnostics)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.InAccount(ctx, state.accountID.ValueString(), r.object(state.grant()), &resp.Diagnostics)
	if !ok {
		return
	}

	if r.principal.renames != nil {
		followed, err := r.principal.renames.follow(ctx, r.Connection, state.principalID.ValueString(), state.principal.ValueString())
		if err != nil {
			resp.Diagnostics.Append(apidiag.Error("read the "+r.principal.noun+" of "+r.object(state.grant()), err))
			return
		}
		if followed.id == "" {
			r.gone(ctx, state, resp)
			return
		}
		state.principalID, state.principal = types.StringValue(followed.id), types.StringValue(followed.name)
	}
	wanted := state.grant()
	read, err := r.readingOf(wanted, caller.AccountID).Read(ctx, r.Clock, writtenAt)
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Error("read "+r.object(wanted), err))
		return
	}
	if err != nil || !read.isAttached {
		r.gone(ctx, state, resp)
		return
	}

	if state.attachDate.IsNull() { // just imported
		state.attachDate = types.StringValue(read.policy.AttachDate.Format(time.RFC3339))
	}
	state.accountID = types.StringValue(caller.AccountID)
	r.set(ctx, &resp.State, resp.Identity, state, &resp.Diagnostics)
}

// Update implements resource.Resource. Terraform calls it for one thing only: the
// principal was renamed, and the attachment with it. Nothing is sent but the question
// whether the one behind the new name is the same.
func (r *attachmentResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan := r.get(ctx, req.Plan, &resp.Diagnostics)
	state := r.get(ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := r.InAccount(ctx, state.accountID.ValueString(), r.object(state.grant()), &resp.Diagnostics); !ok {
		return
	}
	if !r.confirmPrincipal(ctx, r.object(state.grant()), plan.principal, state.principalID, &resp.Diagnostics) {
		return
	}
	r.set(ctx, &resp.State, resp.Identity, plan, &resp.Diagnostics)
}

// Delete implements resource.Resource.
func (r *attachmentResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := r.get(ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := r.InAccount(ctx, state.accountID.ValueString(), r.object(state.grant()), &resp.Diagnostics); !ok {
		return
	}
	if !r.mayDetach(ctx, state, &resp.Diagnostics) {
		return
	}
	if err := r.detach(ctx, state.grant()); err != nil {
		resp.Diagnostics.Append(apidiag.Error(detaching(r.principal, state.grant()), err))
	}
}

// ImportState implements resource.ResourceWithImportState.
func (r *attachmentResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	r.importNamed(ctx, []string{r.principal.attribute, "policy_type", "policy_name", "resource_group_id"}, "ci/System/AliyunOSSReadOnlyAccess", req, resp)
}

// object says in words which attachment is meant.
func (r *attachmentResource) object(g grant) string { return g.object(r.principal, "to") }

// warnOfASet warns if a set in this configuration owns all policies of the principal.
func (r *attachmentResource) warnOfASet(m model, diags *diag.Diagnostics) {
	if r.Connection == nil || m.principal.IsUnknown() || m.policyName.IsUnknown() || m.resourceGroupID.IsUnknown() {
		return
	}
	if h := m.grant().holder; r.Claims.ClaimOne(r.claimed(h), m.policyName.ValueString()) {
		r.warnOfMixing(h, []string{m.policyName.ValueString()}, diags)
	}
}

// found is a policy that may be attached.
type found struct {
	policy     ramclient.AttachedPolicy
	isAttached bool
}

// readingOf is how the attachment is read.
func (r *attachmentResource) readingOf(wanted grant, accountID string) consistency.Reading[found] {
	return consistency.Reading[found]{
		Shared: func(ctx context.Context) (found, error) {
			policy, isAttached, err := r.Reads.Attachment(ctx, ramclient.AttachmentRef{
				PolicyRef: wanted.PolicyRef, Principal: ramclient.Principal{Type: r.principal.listed, Name: wanted.name},
				AccountID: accountID, ResourceGroupID: wanted.resourceGroupID,
			})
			return found{policy, isAttached}, err
		},
		Direct: func(ctx context.Context) (found, error) {
			attached, err := r.list(ctx, wanted.holder)
			policy, isAttached := wanted.in(attached)
			return found{policy, isAttached}, err
		},
		IsNotFound: ramclient.IsNotFound,
		Agrees:     func(f found) bool { return f.isAttached },
	}
}
