package attachment

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// model holds the attributes. They are read and written one by one, since the name of
// the first depends on the principal, and the id is there only for those that can be
// renamed.
type model struct {
	principal  types.String
	policyName types.String
	policyType types.String
	// resourceGroupID is null for the whole account.
	resourceGroupID types.String
	principalID     types.String
	attachDate      types.String
	accountID       types.String
}

func (m model) grant() grant {
	return grant{
		holder{m.principal.ValueString(), m.resourceGroupID.ValueString()},
		ramclient.PolicyRef{PolicyName: m.policyName.ValueString(), PolicyType: ramclient.PolicyType(m.policyType.ValueString())},
	}
}

// source is a plan, a state or a configuration.
type source interface {
	GetAttribute(ctx context.Context, at path.Path, target any) diag.Diagnostics
}

// sink is a state or an identity.
type sink interface {
	SetAttribute(ctx context.Context, at path.Path, value any) diag.Diagnostics
}

func (r *attachmentResource) get(ctx context.Context, from source, diags *diag.Diagnostics) model {
	var m model
	diags.Append(from.GetAttribute(ctx, path.Root(r.principal.attribute), &m.principal)...)
	diags.Append(from.GetAttribute(ctx, path.Root("policy_name"), &m.policyName)...)
	diags.Append(from.GetAttribute(ctx, path.Root("policy_type"), &m.policyType)...)
	diags.Append(from.GetAttribute(ctx, path.Root("resource_group_id"), &m.resourceGroupID)...)
	diags.Append(from.GetAttribute(ctx, path.Root("attach_date"), &m.attachDate)...)
	diags.Append(from.GetAttribute(ctx, path.Root("account_id"), &m.accountID)...)
	if r.principal.renames != nil {
		diags.Append(from.GetAttribute(ctx, path.Root(r.principal.renames.id), &m.principalID)...)
	}
	return m
}

// gone takes the attachment out of state, but not out of its identity; see schemakit.Gone.
func (r *attachmentResource) gone(ctx context.Context, m model, resp *resource.ReadResponse) {
	r.identify(ctx, resp.Identity, m, &resp.Diagnostics)
	resp.State.RemoveResource(ctx)
}

func (r *attachmentResource) set(ctx context.Context, state, identity sink, m model, diags *diag.Diagnostics) {
	r.identify(ctx, state, m, diags)
	r.identify(ctx, identity, m, diags)
	diags.Append(state.SetAttribute(ctx, path.Root("attach_date"), m.attachDate)...)
	if r.principal.renames != nil {
		diags.Append(state.SetAttribute(ctx, path.Root(r.principal.renames.id), m.principalID)...)
	}
}

// identify writes what state and identity have in common.
func (r *attachmentResource) identify(ctx context.Context, to sink, m model, diags *diag.Diagnostics) {
	diags.Append(to.SetAttribute(ctx, path.Root(r.principal.attribute), m.principal)...)
	diags.Append(to.SetAttribute(ctx, path.Root("policy_name"), m.policyName)...)
	diags.Append(to.SetAttribute(ctx, path.Root("policy_type"), m.policyType)...)
	diags.Append(to.SetAttribute(ctx, path.Root("resource_group_id"), m.resourceGroupID)...)
	diags.Append(to.SetAttribute(ctx, path.Root("account_id"), m.accountID)...)
}
