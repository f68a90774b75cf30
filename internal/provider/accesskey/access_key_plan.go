package accesskey

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// planDestroy says what destroying does beyond the obvious.
func (r *accessKeyResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state accessKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	known, diags := loadRecord(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Keys.Manage(state.AccessKeyID.ValueString())
	if ending(state.OnDestroy) == retain && !state.isRecycled() {
		resp.Diagnostics.AddWarning(object(state)+" stays", fmt.Sprintf(
			"on_destroy is \"retain\": the key stays %s, Terraform only forgets it, and its secret with it.", state.Status.ValueString()))
		return
	}
	r.announceEnd(ctx, "destroy", state, known, &resp.Diagnostics)
}

// announceEnd says what the end of the key in state will bring, as far as can be told,
// and refuses it for the key that Terraform itself works with: even one in the recycle
// bin, since state may be old.
func (r *accessKeyResource) announceEnd(ctx context.Context, attempt string, state accessKeyModel, known record, diags *diag.Diagnostics) {
	if ending(state.OnDestroy) != retain && !r.sparesSelf(ctx, attempt, state.held(), diags) {
		return
	}
	if !r.CanCall() || state.isRecycled() {
		return
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(state), diags); ok {
		r.retirement(state, known, diags).announce(ctx, ending(state.OnDestroy))
	}
}

// planCreate also plans the new half of a replacement. What is decided here must not
// depend on the clock: Terraform plans again when it applies.
func (r *accessKeyResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan accessKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	replaced, diags := loadRecord(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.delivered.plan(ctx, plan.recipients, r.Clock.Now(), &resp.Diagnostics) {
		r.judgePlaintext(path.Root("secret"), &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	r.checkSlots(ctx, plan, replaced, &resp.Diagnostics)
}

// checkSlots looks whether the user has room for another key. What cannot be looked up
// now is skipped: Create checks again.
func (r *accessKeyResource) checkSlots(ctx context.Context, plan accessKeyModel, replaced record, diags *diag.Diagnostics) {
	principalName, live := r.takenSlots(ctx, plan.UserName, diags)
	if len(live) < usualSlots || len(live) < r.slots(ctx) {
		return
	}
	isReplaced := func(key ramclient.AccessKey) bool { return key.AccessKeyID == replaced.AccessKeyID }
	isManaged := func(key ramclient.AccessKey) bool { return r.Keys.IsManaged(key.AccessKeyID) }
	at, summary := path.Root("user_name"), user(plan.UserName.ValueString())+" has no free slot for another AccessKey"
	switch {
	case slices.ContainsFunc(live, isReplaced) && (replaced.OnDestroy == disable || replaced.OnDestroy == retain):
		diags.AddAttributeWarning(at, summary, fmt.Sprintf(
			"AccessKey %s is to be replaced, but its on_destroy is %q, so it keeps its slot and the new key cannot be created.\n%s\n"+
				"Next step: delete one of them, or apply on_destroy = \"recycle\" before the change that replaces the key.",
			replaced.AccessKeyID, replaced.OnDestroy, r.described(ctx, principalName, live)))
	case slices.ContainsFunc(live, isReplaced):
		diags.AddAttributeWarning(at, summary, fmt.Sprintf(
			"AccessKey %s is replaced while another key has the second slot:\n%s\n"+
				"This works if the old key goes first. With create_before_destroy the new key finds no slot, and the apply fails.",
			replaced.AccessKeyID, r.described(ctx, principalName, live)))
	case slices.ContainsFunc(live, isManaged):
		diags.AddAttributeWarning(at, summary, fmt.Sprintf(
			"The new key can be created only if another resource of this configuration frees a slot first:\n%s", r.described(ctx, principalName, live)))
	default:
		diags.AddAttributeError(at, summary, r.noSlot(ctx, principalName, live))
	}
}

// planChange decides between leaving the key, changing it, and replacing it.
func (r *accessKeyResource) planChange(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state accessKeyModel
	var configured types.String
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("status"), &configured)...)
	known, diags := loadRecord(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Keys.Manage(state.AccessKeyID.ValueString())

	if causes := r.replacementCauses(ctx, plan, state, known, &resp.Diagnostics); len(causes) > 0 {
		r.announceEnd(ctx, "replace", state, known, &resp.Diagnostics)
		plan.forgetKey(configured)
		plan.delivered.plan(ctx, plan.recipients, known.ObservedAt, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		resp.RequiresReplace = append(resp.RequiresReplace, causes...)
		return
	}
	if state.isRecycled() {
		r.planRestore(ctx, &plan, state, configured, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		return
	}
	if plan.disables(state) && !r.sparesSelf(ctx, "disable", state.held(), &resp.Diagnostics) {
		return
	}
	isReEnabled := plan.Status.ValueString() == string(ramclient.AccessKeyActive) && state.Status.ValueString() == string(ramclient.AccessKeyInactive)
	if isReEnabled && known.Status != string(ramclient.AccessKeyInactive) {
		resp.Diagnostics.AddAttributeWarning(path.Root("status"), object(state)+" will be enabled again", fmt.Sprintf(
			"It was disabled outside of Terraform%s. If that was for a reason, leave it so: remove status from the configuration, and the key stays as it is.",
			r.since(ctx, state, &resp.Diagnostics)))
	}
}

// replacementCauses are the attributes for which the key must be replaced. What the plan
// does not show by itself is said in a warning.
func (r *accessKeyResource) replacementCauses(ctx context.Context, plan, state accessKeyModel, known record, diags *diag.Diagnostics) path.Paths {
	var causes path.Paths
	switch {
	case !state.isRecycled():
	case plan.OnRecycled.IsUnknown():
		diags.AddAttributeError(path.Root("on_recycled"), "on_recycled is not known yet",
			object(state)+" is in the recycle bin, and what is to become of it has to be decided in the plan.\nNext step: write the value of on_recycled out.")
	case !restores(plan):
		causes = append(causes, path.Root("access_key_id"))
		diags.AddWarning(object(state)+" is in the recycle bin", fmt.Sprintf(
			"It was deleted outside of Terraform, so a new key with another secret is planned.\n"+
				"If the old one should come back instead, set on_recycled = \"restore\" within 30 days and plan again, or restore it by hand:\naliyun ims RestoreAccessKeyFromRecycleBin --UserId %s --UserAccessKeyId %s",
			state.UserID.ValueString(), state.AccessKeyID.ValueString()))
	}
	if isDue(plan, state, known, diags) && len(causes) == 0 {
		causes = append(causes, path.Root("access_key_id"))
	}
	// Whoever imports a key and writes the map along does not mean to rotate at once.
	isAdopted := state.isAdopted() && state.RotateWhenChanged.IsNull()
	if !plan.RotateWhenChanged.Equal(state.RotateWhenChanged) && !isAdopted {
		causes = append(causes, path.Root("rotate_when_changed"))
	}
	if !state.isAdopted() {
		causes = append(causes, plan.changedSince(ctx, state.recipients, state.KeyFingerprint)...)
	}
	if cause, ok := r.changesOwner(ctx, plan.UserName, state.held(), state.AccountID.ValueString(), path.Root("access_key_id"), diags); ok {
		causes = append(causes, cause)
	}
	return causes
}

// since is when the key was last changed, if the service tells.
func (r *accessKeyResource) since(ctx context.Context, state accessKeyModel, diags *diag.Diagnostics) string {
	if !r.CanCall() {
		return ""
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(state), diags); !ok {
		return ""
	}
	principalName, err := r.PrincipalName(ctx, state.UserName.ValueString())
	if err != nil {
		return ""
	}
	keys, err := r.Reads.AccessKeys(ctx, principalName)
	at := slices.IndexFunc(keys, func(key ramclient.AccessKey) bool { return key.AccessKeyID == state.AccessKeyID.ValueString() })
	if err != nil || at < 0 || keys[at].UpdateDate.IsZero() {
		return ""
	}
	return " on " + keys[at].UpdateDate.Format(time.RFC3339)
}
