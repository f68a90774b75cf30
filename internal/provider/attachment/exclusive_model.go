package attachment

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// exclusiveModel holds the attributes of a set; see model.
type exclusiveModel struct {
	principal       types.String
	resourceGroupID types.String
	policies        types.Set
	detachOnDestroy types.Bool
	principalID     types.String
	accountID       types.String
}

func (m exclusiveModel) holder() holder {
	return holder{m.principal.ValueString(), m.resourceGroupID.ValueString()}
}

// An entry is a policy of the set as the configuration spells it: without a type, it is
// the policy of that name of whichever type.
type entry struct {
	PolicyName types.String `tfsdk:"policy_name"`
	PolicyType types.String `tfsdk:"policy_type"`
}

var entryTypes = map[string]attr.Type{"policy_name": types.StringType, "policy_type": types.StringType}

func (e entry) isKnown() bool { return !e.PolicyName.IsUnknown() && !e.PolicyType.IsUnknown() }

func (e entry) ref() ramclient.PolicyRef {
	return ramclient.PolicyRef{PolicyName: e.PolicyName.ValueString(), PolicyType: ramclient.PolicyType(e.PolicyType.ValueString())}
}

// names says whether the entry may mean the policy.
func (e entry) names(ref ramclient.PolicyRef) bool {
	return e.PolicyName.ValueString() == ref.PolicyName && (e.PolicyType.IsNull() || e.ref() == ref)
}

// entries are the policies of a set, and whether all of them are known.
func entries(ctx context.Context, set types.Set, diags *diag.Diagnostics) (all []entry, isKnown bool) {
	if set.IsNull() || set.IsUnknown() {
		return nil, set.IsNull()
	}
	diags.Append(set.ElementsAs(ctx, &all, false)...)
	return all, !slices.ContainsFunc(all, func(e entry) bool { return !e.isKnown() })
}

// spelled writes policies as a set, and those that before has without a type without one.
func spelled(ctx context.Context, policies []ramclient.PolicyRef, before []entry, diags *diag.Diagnostics) types.Set {
	all := []entry{}
	for _, ref := range policies {
		written := entry{types.StringValue(ref.PolicyName), types.StringValue(string(ref.PolicyType))}
		bare := entry{types.StringValue(ref.PolicyName), types.StringNull()}
		if len(called(ref.PolicyName, policies)) == 1 && slices.Contains(before, bare) {
			written = bare
		}
		all = append(all, written)
	}
	set, more := types.SetValueFrom(ctx, types.ObjectType{AttrTypes: entryTypes}, all)
	diags.Append(more...)
	return set
}

// called are the policies of that name: two at most, one of each type.
func called(name string, policies []ramclient.PolicyRef) []ramclient.PolicyRef {
	var found []ramclient.PolicyRef
	for _, ref := range policies {
		if ref.PolicyName == name {
			found = append(found, ref)
		}
	}
	return found
}

// without are the policies that are not among the others.
func without(policies, others []ramclient.PolicyRef) []ramclient.PolicyRef {
	var left []ramclient.PolicyRef
	for _, ref := range policies {
		if !slices.Contains(others, ref) {
			left = append(left, ref)
		}
	}
	return left
}

func refsOf(attached []ramclient.AttachedPolicy) []ramclient.PolicyRef {
	var refs []ramclient.PolicyRef
	for _, policy := range attached {
		refs = append(refs, refOf(policy))
	}
	return refs
}

func (r *exclusiveResource) get(ctx context.Context, from source, diags *diag.Diagnostics) exclusiveModel {
	var m exclusiveModel
	diags.Append(from.GetAttribute(ctx, path.Root(r.principal.attribute), &m.principal)...)
	diags.Append(from.GetAttribute(ctx, path.Root("resource_group_id"), &m.resourceGroupID)...)
	diags.Append(from.GetAttribute(ctx, path.Root("policies"), &m.policies)...)
	diags.Append(from.GetAttribute(ctx, path.Root("detach_on_destroy"), &m.detachOnDestroy)...)
	diags.Append(from.GetAttribute(ctx, path.Root("account_id"), &m.accountID)...)
	if r.principal.renames != nil {
		diags.Append(from.GetAttribute(ctx, path.Root(r.principal.renames.id), &m.principalID)...)
	}
	return m
}

func (r *exclusiveResource) set(ctx context.Context, state, identity sink, m exclusiveModel, diags *diag.Diagnostics) {
	r.identify(ctx, state, m, diags)
	r.identify(ctx, identity, m, diags)
	diags.Append(state.SetAttribute(ctx, path.Root("policies"), m.policies)...)
	diags.Append(state.SetAttribute(ctx, path.Root("detach_on_destroy"), m.detachOnDestroy)...)
	if r.principal.renames != nil {
		diags.Append(state.SetAttribute(ctx, path.Root(r.principal.renames.id), m.principalID)...)
	}
}

// identify writes what state and identity have in common.
func (r *exclusiveResource) identify(ctx context.Context, to sink, m exclusiveModel, diags *diag.Diagnostics) {
	diags.Append(to.SetAttribute(ctx, path.Root(r.principal.attribute), m.principal)...)
	diags.Append(to.SetAttribute(ctx, path.Root("resource_group_id"), m.resourceGroupID)...)
	diags.Append(to.SetAttribute(ctx, path.Root("account_id"), m.accountID)...)
}
