package attachment

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ resource.ResourceWithConfigure      = (*exclusiveResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*exclusiveResource)(nil)
	_ resource.ResourceWithImportState    = (*exclusiveResource)(nil)
	_ resource.ResourceWithIdentity       = (*exclusiveResource)(nil)
	_ resource.ResourceWithValidateConfig = (*exclusiveResource)(nil)
	_ permission.Declarer                 = (*exclusiveResource)(nil)
)

// NewUserExclusiveResource makes ram_user_policy_attachments_exclusive.
func NewUserExclusiveResource() resource.Resource {
	return &exclusiveResource{granting{principal: user}}
}

// NewGroupExclusiveResource makes ram_group_policy_attachments_exclusive.
func NewGroupExclusiveResource() resource.Resource {
	return &exclusiveResource{granting{principal: group}}
}

// NewRoleExclusiveResource makes ram_role_policy_attachments_exclusive.
func NewRoleExclusiveResource() resource.Resource {
	return &exclusiveResource{granting{principal: role}}
}

// exclusiveResource is the set of all policies that a principal has.
type exclusiveResource struct{ granting }

// Permissions implements permission.Declarer.
func (r *exclusiveResource) Permissions() permission.Table {
	read := []rpc.Operation{r.principal.listOperation}
	optional := []rpc.Operation{ramclient.OpGetPolicy, ramclient.OpListPolicyAttachments}
	if r.principal.renames != nil {
		read = append(read, r.principal.renames.readOperation)
		optional = append(optional, r.principal.renames.optional...)
	}
	return permission.Table{
		Read:     read,
		Create:   []rpc.Operation{r.principal.attachOperation, r.principal.detachOperation},
		Update:   []rpc.Operation{r.principal.attachOperation, r.principal.detachOperation},
		Delete:   []rpc.Operation{r.principal.detachOperation},
		Optional: optional,
	}
}

// Metadata implements resource.Resource.
func (r *exclusiveResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.principal.noun + "_policy_attachments_exclusive"
	resp.ResourceBehavior.MutableIdentity = r.principal.renames != nil
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *exclusiveResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		r.principal.attribute: schemakit.IdentityName("Name of the " + r.principal.noun + "."),
		"resource_group_id":   resourceGroupIdentity(),
		"account_id":          schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *exclusiveResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	noun := r.principal.noun
	attributes := map[string]schema.Attribute{
		r.principal.attribute: r.nameAttribute("the set follows"),
		"resource_group_id": resourceGroupAttribute("ID of a resource group, such as `rg-acfmxazb4ph6aiy`. The set then owns what the " + noun + " has for this resource group, " +
			"and nothing else. The caller needs `ram:ListPolicyAttachments`. Default: what the " + noun + " has for the whole account."),
		"policies": schema.SetNestedAttribute{
			Required:            true,
			MarkdownDescription: "The policies that the " + noun + " has, and no others. May be empty.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"policy_name": schema.StringAttribute{
					Required:            true,
					MarkdownDescription: "Name of the policy.",
					Validators:          []validator.String{schemakit.PolicyName()},
				},
				"policy_type": schema.StringAttribute{
					Optional:            true,
					MarkdownDescription: "`Custom` for a policy of your own, `System` for one made by Alibaba Cloud. If left out, it is looked up by the name.",
					Validators:          []validator.String{stringvalidator.OneOf(string(ramclient.PolicyCustom), string(ramclient.PolicySystem))},
				},
			}},
		},
		"detach_on_destroy": schema.BoolAttribute{
			Optional:            true,
			MarkdownDescription: "Detach the policies of the set when it is destroyed. Apply a change of this before removing the resource. Default: `false`, which leaves them attached; the " + noun + " can then be deleted only with its `force_destroy`.",
		},
		"account_id": schemakit.AccountID(),
	}
	if r.principal.renames != nil {
		attributes[r.principal.renames.id] = schemakit.Computed("ID of the " + noun + ", by which the set is recognised through renames.")
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "All policies of a RAM " + noun + ": those listed are attached, and every other one is detached, whoever attached it. What comes in elsewhere shows in the next plan. " +
			"Do not use it together with `ram_" + noun + "_policy_attachment` for the same " + noun + "; that one adds single policies. " +
			"Policies to come are attached before others are detached, unless the limit of policies leaves no room for that.",
		Attributes: attributes,
	}
}

// ValidateConfig implements resource.ResourceWithValidateConfig.
func (r *exclusiveResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var set types.Set
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("policies"), &set)...)
	all, _ := entries(ctx, set, &resp.Diagnostics)
	for i, one := range all {
		if !one.isKnown() || !one.PolicyType.IsNull() {
			continue
		}
		if slices.ContainsFunc(slices.Delete(slices.Clone(all), i, i+1), func(other entry) bool { return other.isKnown() && other.PolicyName.Equal(one.PolicyName) }) {
			resp.Diagnostics.AddAttributeError(path.Root("policies"), "A policy is listed twice", fmt.Sprintf(
				"%s is there with and without policy_type.\nNext step: remove one of the two, or set policy_type of both if there are two policies of this name.", one.PolicyName.ValueString()))
		}
	}
}

// Create implements resource.Resource. Nothing is in state until something was changed,
// so that a create which failed at once is tried again without a replacement.
func (r *exclusiveResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan := r.get(ctx, req.Plan, &resp.Diagnostics)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if r.principal.renames != nil {
		id, err := r.principal.renames.bearer(ctx, r.Connection, plan.principal.ValueString())
		if err != nil {
			resp.Diagnostics.Append(apidiag.AttributeError(path.Root(r.principal.attribute), "set the policies of "+plan.holder().object(r.principal), err))
			return
		}
		plan.principalID = types.StringValue(id)
	}
	plan.accountID = types.StringValue(caller.AccountID)

	record := func(m exclusiveModel) {
		r.set(ctx, &resp.State, resp.Identity, m, &resp.Diagnostics)
		resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
	}
	if r.reach(ctx, plan, record, &resp.Diagnostics) {
		record(plan)
	}
}

// Read implements resource.Resource.
func (r *exclusiveResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := r.get(ctx, req.State, &resp.Diagnostics)
	before, _ := entries(ctx, state.policies, &resp.Diagnostics)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.InAccount(ctx, state.accountID.ValueString(), r.object(state), &resp.Diagnostics)
	if !ok {
		return
	}
	state.accountID = types.StringValue(caller.AccountID)

	if r.principal.renames != nil {
		followed, err := r.principal.renames.follow(ctx, r.Connection, state.principalID.ValueString(), state.principal.ValueString())
		if err != nil {
			resp.Diagnostics.Append(apidiag.Error("read the "+r.principal.noun+" of "+r.object(state), err))
			return
		}
		if followed.id == "" {
			r.gone(ctx, state, resp)
			return
		}
		state.principalID, state.principal = types.StringValue(followed.id), types.StringValue(followed.name)
	}
	attached, err := consistency.Reading[[]ramclient.AttachedPolicy]{
		Shared: func(ctx context.Context) ([]ramclient.AttachedPolicy, error) {
			return r.listShared(ctx, state.holder())
		},
		Direct:     func(ctx context.Context) ([]ramclient.AttachedPolicy, error) { return r.list(ctx, state.holder()) },
		IsNotFound: ramclient.IsNotFound,
		Agrees: func(attached []ramclient.AttachedPolicy) bool {
			return spelled(ctx, refsOf(attached), before, &diags).Equal(state.policies)
		},
	}.Read(ctx, r.Clock, writtenAt)
	if ramclient.IsNotFound(err) {
		r.gone(ctx, state, resp)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read "+r.object(state), err))
		return
	}

	state.policies = spelled(ctx, refsOf(attached), before, &resp.Diagnostics)
	r.set(ctx, &resp.State, resp.Identity, state, &resp.Diagnostics)
}

// gone takes the set out of state, but not out of its identity; see schemakit.Gone.
func (r *exclusiveResource) gone(ctx context.Context, m exclusiveModel, resp *resource.ReadResponse) {
	r.identify(ctx, resp.Identity, m, &resp.Diagnostics)
	resp.State.RemoveResource(ctx)
}

// Update implements resource.Resource.
func (r *exclusiveResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan := r.get(ctx, req.Plan, &resp.Diagnostics)
	state := r.get(ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := r.InAccount(ctx, state.accountID.ValueString(), r.object(state), &resp.Diagnostics); !ok {
		return
	}
	if !plan.principal.Equal(state.principal) && !r.confirmPrincipal(ctx, r.object(state), plan.principal, state.principalID, &resp.Diagnostics) {
		return
	}

	record := func(m exclusiveModel) {
		r.set(ctx, &resp.State, resp.Identity, m, &resp.Diagnostics)
		resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
	}
	if plan.policies.Equal(state.policies) || r.reach(ctx, plan, record, &resp.Diagnostics) {
		r.set(ctx, &resp.State, resp.Identity, plan, &resp.Diagnostics)
	}
}

// Delete implements resource.Resource.
func (r *exclusiveResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := r.get(ctx, req.State, &resp.Diagnostics)
	owned, _ := entries(ctx, state.policies, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !state.detachOnDestroy.ValueBool() {
		return
	}
	if _, ok := r.InAccount(ctx, state.accountID.ValueString(), r.object(state), &resp.Diagnostics); !ok {
		return
	}
	attached, err := r.list(ctx, state.holder())
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Error("read "+r.object(state), err))
		return
	}
	if len(attached) > 0 && !r.refuseOnSelf(ctx, state, &resp.Diagnostics) {
		return
	}
	for _, policy := range attached {
		if !slices.ContainsFunc(owned, func(e entry) bool { return e.names(refOf(policy)) }) {
			continue
		}
		if err := r.detach(ctx, grant{state.holder(), refOf(policy)}); err != nil {
			resp.Diagnostics.Append(apidiag.Error(detaching(r.principal, grant{state.holder(), refOf(policy)}), err))
			return
		}
	}
}

// ImportState implements resource.ResourceWithImportState.
func (r *exclusiveResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	r.importNamed(ctx, []string{r.principal.attribute, "resource_group_id"}, "ci", req, resp)
}

// object says in words which set is meant.
func (r *exclusiveResource) object(m exclusiveModel) string {
	return "the policies of " + m.holder().object(r.principal)
}

// listShared is list by way of the reads that all resources of this run share. Where the
// list says nothing about whether a role exists, and it may not, that is asked, too.
func (r *exclusiveResource) listShared(ctx context.Context, h holder) ([]ramclient.AttachedPolicy, error) {
	who := ramclient.Principal{Type: r.principal.listed, Name: h.name}
	attached, err := r.Reads.PoliciesOf(ctx, who, h.resourceGroupID)
	if err == nil && len(attached) == 0 && h.resourceGroupID != "" {
		_, err = r.Reads.PoliciesOf(ctx, who, "")
	}
	return attached, err
}

// refuseOnSelf refuses to detach policies from what Terraform runs as.
func (r *exclusiveResource) refuseOnSelf(ctx context.Context, m exclusiveModel, diags *diag.Diagnostics) bool {
	return r.granting.refuseOnSelf(ctx, "detach policies from "+m.holder().object(r.principal), m.holder(), m.principalID, m.accountID, diags)
}
