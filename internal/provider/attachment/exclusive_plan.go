package attachment

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/highrisk"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *exclusiveResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state exclusiveModel
	isNew := req.State.Raw.IsNull()
	if !isNew {
		state = r.get(ctx, req.State, &resp.Diagnostics)
	}
	if req.Plan.Raw.IsNull() {
		if state.detachOnDestroy.ValueBool() && len(state.policies.Elements()) > 0 {
			r.refuseOnSelf(ctx, state, &resp.Diagnostics)
		}
		return
	}
	plan = r.get(ctx, resp.Plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if !isNew {
		r.planPrincipal(ctx, plan.principal, state.principal, state.principalID, resp)
	}
	if r.Connection == nil || plan.principal.IsUnknown() || plan.resourceGroupID.IsUnknown() {
		return
	}
	if singles := r.Claims.ClaimAll(r.claimed(plan.holder())); len(singles) > 0 {
		r.warnOfMixing(plan.holder(), singles, &resp.Diagnostics)
	}
	r.planPolicies(ctx, plan, state, isNew || len(resp.RequiresReplace) > 0, resp)
}

// planPolicies compares the policies that are to be with those that are. What is left
// out of the configuration but in the state, the type of a policy, is no difference.
func (r *exclusiveResource) planPolicies(ctx context.Context, plan, state exclusiveModel, isNew bool, resp *resource.ModifyPlanResponse) {
	wanted, isKnown := entries(ctx, plan.policies, &resp.Diagnostics)
	if !isKnown || !r.CanCall() || resp.Diagnostics.HasError() || !isNew && plan.policies.Equal(state.policies) {
		return
	}
	if _, ok := r.Begin(ctx, &resp.Diagnostics); !ok {
		return
	}
	var present []ramclient.PolicyRef
	if isNew {
		attached, ok := r.attachedBefore(ctx, plan, &resp.Diagnostics)
		if !ok {
			return
		}
		present = refsOf(attached)
	} else {
		var ok bool
		if present, ok = r.presentInState(ctx, state, &resp.Diagnostics); !ok {
			return
		}
	}
	var resolved []ramclient.PolicyRef
	for _, one := range wanted {
		if ref, ok := resolve(one, present, func(name string) (ramclient.PolicyType, bool) {
			return lookUpPolicyType(ctx, name, r.Reads.Policy, &resp.Diagnostics)
		}); ok {
			resolved = append(resolved, ref)
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	for _, ref := range without(resolved, present) {
		r.HighRiskRules().JudgeGrant(highrisk.Grant{
			PolicyName: ref.PolicyName, PolicyType: string(ref.PolicyType), Kind: r.principal.noun, Name: plan.principal.ValueString(),
		}, path.Root("policies"), &resp.Diagnostics)
	}
	superfluous := without(present, resolved)
	if len(superfluous) > 0 && !r.refuseOnSelf(ctx, plan, &resp.Diagnostics) {
		return
	}
	switch {
	case isNew && len(superfluous) > 0:
		warnOfDetaching(superfluous, plan.holder().object(r.principal), &resp.Diagnostics)
	case !isNew && len(superfluous) == 0 && len(resolved) == len(wanted) && len(without(resolved, present)) == 0:
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("policies"), state.policies)...)
	}
}

// attachedBefore is what a principal has that the set is new for. One that this plan is
// about to make has nothing yet.
func (r *exclusiveResource) attachedBefore(ctx context.Context, plan exclusiveModel, diags *diag.Diagnostics) ([]ramclient.AttachedPolicy, bool) {
	if r.principal.renames != nil {
		if bearer, planned := r.principal.renames.planned(r.Connection).Planned(plan.principal.ValueString()); planned && bearer == "" {
			return nil, true
		}
	}
	attached, err := r.Reads.PoliciesOf(ctx, ramclient.Principal{Type: r.principal.listed, Name: plan.principal.ValueString()}, plan.resourceGroupID.ValueString())
	if err != nil && !ramclient.IsNotFound(err) {
		diags.Append(apidiag.Error("read "+r.object(plan), err))
		return nil, false
	}
	return attached, true
}

// presentInState are the policies that the state shows. A type that it leaves out is
// looked up.
func (r *exclusiveResource) presentInState(ctx context.Context, state exclusiveModel, diags *diag.Diagnostics) ([]ramclient.PolicyRef, bool) {
	written, _ := entries(ctx, state.policies, diags)
	var present []ramclient.PolicyRef
	for _, one := range written {
		ref, ok := resolve(one, nil, func(name string) (ramclient.PolicyType, bool) {
			return lookUpPolicyType(ctx, name, r.Reads.Policy, diags)
		})
		if ok {
			present = append(present, ref)
		}
	}
	return present, !diags.HasError()
}

// resolve finds out which policy an entry means: without a type, the one of that name
// that is attached already, else the one that lookUp finds.
func resolve(one entry, present []ramclient.PolicyRef, lookUp func(name string) (ramclient.PolicyType, bool)) (ramclient.PolicyRef, bool) {
	ref := one.ref()
	if ref.PolicyType != "" {
		return ref, true
	}
	if same := called(ref.PolicyName, present); len(same) == 1 {
		return same[0], true
	}
	var ok bool
	ref.PolicyType, ok = lookUp(ref.PolicyName)
	return ref, ok
}

// warnOfDetaching names the policies that a new set takes away.
func warnOfDetaching(policies []ramclient.PolicyRef, from string, diags *diag.Diagnostics) {
	var lines strings.Builder
	for _, ref := range slices.SortedFunc(slices.Values(policies), func(a, b ramclient.PolicyRef) int { return strings.Compare(a.PolicyName, b.PolicyName) }) {
		fmt.Fprintf(&lines, "\n- %s (%s)", ref.PolicyName, ref.PolicyType)
	}
	diags.AddWarning("Policies will be detached from "+from, fmt.Sprintf(
		"The set owns all policies, and these are attached now but not in it:%s\nNext step: add those that are to stay to policies.", lines.String()))
}
