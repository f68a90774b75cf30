package accesskey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A decision is what one apply does with the keys of a series. Like the schedule it is
// the same whenever it is made.
type decision struct {
	// action is rotateNext, disableNext or recycleNext; empty if nothing is due.
	action string
	// forcedBy are the arguments whose change rotates ahead of the schedule.
	forcedBy path.Paths
	// retires is the key that has to leave its slot for the new one; nil if there is room.
	retires *slot
	// noRoom says that keys of others take the slot that a new key needs.
	noRoom bool
}

// decide is a pure function of the arguments, the state, and what the last refresh
// observed.
func decide(ctx context.Context, plan, state rotatingModel, current, previous *slot, seen observation) decision {
	var d decision
	s := plan.schedule(current, previous, seen)
	if s.isDue() {
		d.action, _ = s.next()
	}
	isAdopted := current != nil && current.isAdopted()
	// Whoever imports keys and writes the map along does not mean to rotate at once.
	if !plan.RotateWhenChanged.Equal(state.RotateWhenChanged) && (!isAdopted || !state.RotateWhenChanged.IsNull()) {
		d.forcedBy = append(d.forcedBy, path.Root("rotate_when_changed"))
	}
	if current != nil && !isAdopted {
		d.forcedBy = append(d.forcedBy, plan.changedSince(ctx, state.recipients, current.KeyFingerprint)...)
	}
	if len(d.forcedBy) > 0 {
		d.action = rotateNext
	}
	if d.action != rotateNext || seen.leaves(taken(current, previous)) > 0 {
		return d
	}
	switch {
	case !current.takesSlot() || !previous.takesSlot():
		d.noRoom = true
	case current.is(ramclient.AccessKeyInactive) && previous.is(ramclient.AccessKeyActive):
		d.retires = current // nothing works with it, while something may with the other one
	default:
		d.retires = previous
	}
	return d
}

func taken(keys ...*slot) (n int) {
	for _, key := range keys {
		if key.takesSlot() {
			n++
		}
	}
	return n
}

// outcome is the series after the action. The new current key has nothing known of it
// but that it is active.
func (d decision) outcome(current, previous *slot) (newCurrent, newPrevious *slot) {
	switch d.action {
	case rotateNext:
		newPrevious = current
		if !current.takesSlot() || d.retires != nil && d.retires == current {
			newPrevious = previous
		}
		return &slot{Status: types.StringValue(string(ramclient.AccessKeyActive))}, newPrevious
	case disableNext:
		disabled := *previous
		disabled.Status = types.StringValue(string(ramclient.AccessKeyInactive))
		return current, &disabled
	case recycleNext:
		return current, nil
	default:
		return current, previous
	}
}

// planCreate also plans the new half of a replacement.
func (r *rotatingResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan rotatingModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.Current, plan.Previous = types.ObjectUnknown(slotTypes), types.ObjectNull(slotTypes)
	plan.NextAction, plan.NextActionAt = types.StringValue(rotateNext), types.StringUnknown()
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	r.planSecret(ctx, plan, r.Clock.Now(), &resp.Diagnostics)
	r.checkBothSlots(ctx, plan, &resp.Diagnostics)
}

// planSecret finds out whether the secret of a new key can be delivered.
func (r *rotatingResource) planSecret(ctx context.Context, plan rotatingModel, now time.Time, diags *diag.Diagnostics) {
	var next delivered
	if next.plan(ctx, plan.recipients, now, diags) {
		r.judgePlaintext(path.Root("current").AtName("secret"), diags)
	}
}

// checkBothSlots looks whether the user has other keys: a series needs both slots. What
// cannot be looked up now is skipped.
func (r *rotatingResource) checkBothSlots(ctx context.Context, plan rotatingModel, diags *diag.Diagnostics) {
	principalName, live := r.takenSlots(ctx, plan.UserName, diags)
	if len(live) == 0 || len(live) == 1 && r.slots(ctx) > usualSlots {
		return
	}
	var foreign, managed []ramclient.AccessKey
	for _, key := range live {
		if r.Keys.IsManaged(key.AccessKeyID) {
			managed = append(managed, key)
		} else {
			foreign = append(foreign, key)
		}
	}
	at, userName := path.Root("user_name"), plan.UserName.ValueString()
	switch {
	case len(foreign) == 1 && len(live) == 1:
		diags.AddAttributeError(at, user(userName)+" has an AccessKey that does not belong to the series", fmt.Sprintf(
			"%s\nA series needs both of the user's slots: without the second one it cannot rotate. The key was not touched.\n"+
				"Next step: one of\n"+
				"  - let the series go on from it: import { to = ram_rotating_access_key.<name of the resource>, id = %q };\n"+
				"  - delete it, if nothing uses it: a run that was killed may have made it, and then nobody has its secret;\n"+
				"  - make the series for another user.", r.described(ctx, principalName, foreign), userName))
	case len(foreign) > 0:
		diags.AddAttributeError(at, user(userName)+" has no free slot for another AccessKey", r.noSlot(ctx, principalName, live))
	default:
		diags.AddAttributeWarning(at, user(userName)+" has other AccessKeys", fmt.Sprintf(
			"%s\nAnother resource of this configuration, or the one that is replaced, holds them. A series needs both of the user's slots: it can begin only if one is free by then, and rotate only if both are.",
			r.described(ctx, principalName, managed)))
	}
}

// planChange shows what the next apply does with the keys. It never looks at the clock:
// Terraform plans again when it applies.
func (r *rotatingResource) planChange(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state rotatingModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	seen, diags := loadObservation(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	current, previous := slotOf(ctx, state.Current, &resp.Diagnostics), slotOf(ctx, state.Previous, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.manage(current, previous)
	if !plan.scheduleIsKnown(state, &resp.Diagnostics) {
		return
	}
	holder := state.held(current)
	if cause, ok := r.changesOwner(ctx, plan.UserName, holder, state.AccountID.ValueString(), path.Root("user_id"), &resp.Diagnostics); ok {
		r.announceEnd(ctx, "replace", state, current, previous, &resp.Diagnostics)
		plan.Current, plan.Previous = types.ObjectUnknown(slotTypes), types.ObjectNull(slotTypes)
		plan.NextAction, plan.NextActionAt, plan.UserID = types.StringValue(rotateNext), types.StringUnknown(), types.StringUnknown()
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		resp.RequiresReplace = append(resp.RequiresReplace, cause)
		return
	}

	d := decide(ctx, plan, state, current, previous, seen)
	nextCurrent, nextPrevious := d.outcome(current, previous)
	plan.setKeys(ctx, plan.schedule(nextCurrent, nextPrevious, seen), &resp.Diagnostics)
	switch d.action {
	case rotateNext:
		plan.Current, plan.NextActionAt = types.ObjectUnknown(slotTypes), types.StringUnknown()
		r.planSecret(ctx, plan, seen.At, &resp.Diagnostics)
	case disableNext:
		plan.NextActionAt = types.StringUnknown()
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	r.explain(ctx, d, plan, state, current, previous, seen, &resp.Diagnostics)
}

// planDestroy says what destroying does beyond the obvious.
func (r *rotatingResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state rotatingModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	current, previous := slotOf(ctx, state.Current, &resp.Diagnostics), slotOf(ctx, state.Previous, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.manage(current, previous)
	if ending(state.OnDestroy) == retain {
		summary := state.title() + " stay"
		resp.Diagnostics.AddWarning(strings.ToUpper(summary[:1])+summary[1:],
			"on_destroy is \"retain\": the keys stay as they are, Terraform only forgets them, and their secrets with them.")
		return
	}
	r.announceEnd(ctx, "destroy", state, current, previous, &resp.Diagnostics)
}

// announceEnd says what the end of the series will bring, as far as can be told, and
// refuses it for the key that Terraform itself works with.
func (r *rotatingResource) announceEnd(ctx context.Context, attempt string, state rotatingModel, current, previous *slot, diags *diag.Diagnostics) {
	onDestroy := ending(state.OnDestroy)
	if onDestroy == retain || !r.CanCall() {
		return
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.title(), diags); !ok {
		return
	}
	for _, key := range []*slot{previous, current} {
		if key != nil && r.sparesSelf(ctx, attempt, state.held(key), diags) {
			r.retirement(state, key, diags).announce(ctx, onDestroy)
		}
	}
}

// scheduleIsKnown reports arguments on which the plan depends and that are not known yet.
func (m rotatingModel) scheduleIsKnown(state rotatingModel, diags *diag.Diagnostics) bool {
	isKnown := true
	for _, argument := range []struct {
		name  string
		value types.String
	}{{"rotation_period", m.RotationPeriod}, {"overlap", m.Overlap}, {"quarantine", m.Quarantine}, {"require_idle", m.RequireIdle}} {
		if argument.value.IsUnknown() {
			isKnown = false
			diags.AddAttributeError(path.Root(argument.name), argument.name+" is not known yet",
				"What is next for "+state.title()+" has to be decided in the plan.\nNext step: write the value of "+argument.name+" out.")
		}
	}
	return isKnown
}

// explain says why something happens to the keys, or why it does not. What can be
// checked with the service is checked here, and only ever leads to messages.
func (r *rotatingResource) explain(ctx context.Context, d decision, plan, state rotatingModel, current, previous *slot, seen observation, diags *diag.Diagnostics) {
	s := plan.schedule(current, previous, seen)
	switch {
	case d.noRoom:
		r.explainNoRoom(ctx, state, seen, diags)
		return
	case d.action == rotateNext:
		diags.AddWarning(rotationReason(d, s, state))
	case s.isHeld():
		diags.AddWarning(state.held(previous).String()+" is still in use", fmt.Sprintf(
			"Its overlap ended on %s, but it was last used on %s with %s, and require_idle = %q keeps a key that was used so recently. It stays active, and until it has gone there is no slot for the next rotation.\n"+
				"Next step: give what uses it the current key, %s; or apply without require_idle.",
			s.overlapEnds().Format(time.RFC3339), seen.UsedAt.Format(time.RFC3339), seen.UsedWith, plan.RequireIdle.ValueString(), current.id()))
	case previous.is(ramclient.AccessKeyActive) && !seen.EnabledAt.IsZero() && d.action == "":
		diags.AddWarning(state.held(previous).String()+" was enabled again", fmt.Sprintf(
			"Terraform had disabled it, and somebody enabled it on %s, so it seems to be needed. It stays active for another overlap, until %s.\n"+
				"Next step: give what uses it the current key, %s.", seen.EnabledAt.Format(time.RFC3339), s.overlapEnds().Format(time.RFC3339), current.id()))
	}
	if d.action != rotateNext && len(seen.Others) > 0 && seen.leaves(1) <= 0 {
		diags.AddWarning(user(state.UserName.ValueString())+" has an AccessKey that does not belong to the series", fmt.Sprintf(
			"AccessKey %s takes the slot that the next rotation, on %s at the earliest, needs.\nNext step: delete it before then, if nothing uses it.",
			strings.Join(seen.Others, ", "), current.created().Add(s.rotationPeriod).Format(time.RFC3339)))
	}
	retired := d.retires
	if d.action == disableNext || d.action == recycleNext {
		retired = previous
	}
	if retired == nil || !r.CanCall() || !r.sparesSelf(ctx, "retire", state.held(retired), diags) {
		return
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.title(), diags); !ok {
		return
	}
	if d.retires.is(ramclient.AccessKeyActive) {
		// Unlike the schedule, a forced rotation does not wait for the key to be idle.
		key := r.retirement(state, d.retires, diags)
		key.requireIdle = plan.RequireIdle
		if !key.do(ctx, key.steps(disable)[:1]) {
			return
		}
	}
	if d.action != disableNext {
		r.warnOfFullBin(ctx, state.held(retired), diags)
	}
}

// rotationReason says why there will be a new key, and what becomes of the old ones.
func rotationReason(d decision, s schedule, state rotatingModel) (summary, detail string) {
	var reason string
	switch {
	case s.current == nil:
		summary, reason = "The current AccessKey of "+user(state.UserName.ValueString())+" is gone", "It was deleted for good outside of Terraform."
	case s.current.is(statusRecycled):
		summary, reason = state.held(s.current).String()+" is in the recycle bin", "It was deleted outside of Terraform."
	case s.current.is(ramclient.AccessKeyInactive):
		summary, reason = state.held(s.current).String()+" is disabled", "It was disabled outside of Terraform, and Terraform does not enable it again."
	case len(d.forcedBy) > 0:
		var names []string
		for _, name := range d.forcedBy {
			names = append(names, name.String())
		}
		summary, reason = state.held(s.current).String()+" will be rotated", "It is rotated ahead of its schedule, since "+strings.Join(names, " and ")+" changes."
	default:
		summary = state.held(s.current).String() + " is due for rotation"
		reason = fmt.Sprintf("It was created on %s, and its rotation_period of %s ended on %s.", s.current.created().Format(time.RFC3339),
			days(s.rotationPeriod), s.current.created().Add(s.rotationPeriod).Format(time.RFC3339))
	}
	detail = reason + " A new key with another secret becomes the current one."
	_, previous := d.outcome(s.current, s.previous)
	if d.retires != nil {
		detail += fmt.Sprintf("\nThere is no free slot for it, so AccessKey %s (%s) is moved to the recycle bin first, in the same apply, ahead of its schedule.",
			d.retires.id(), strings.ToLower(d.retires.Status.ValueString()))
	}
	switch {
	case previous.is(ramclient.AccessKeyActive):
		detail += fmt.Sprintf("\nAccessKey %s stays active as the previous one for the overlap of %s after that.", previous.id(), days(s.overlap))
	case previous != nil:
		detail += fmt.Sprintf("\nAccessKey %s stays disabled as the previous one, until it is moved to the recycle bin.", previous.id())
	}
	return summary, detail
}

// explainNoRoom names the keys that are in the way of a new one.
func (r *rotatingResource) explainNoRoom(ctx context.Context, state rotatingModel, seen observation, diags *diag.Diagnostics) {
	found := "  " + strings.Join(seen.Others, "\n  ")
	if principalName, keys, ok := r.others(ctx, state, seen); ok {
		found = r.described(ctx, principalName, keys)
	}
	diags.AddAttributeError(path.Root("user_name"), "There is no slot for the next AccessKey of "+user(state.UserName.ValueString()), fmt.Sprintf(
		"A key that does not belong to the series takes the slot that the rotation needs:\n%s\nIt was not touched.\n"+
			"Next step: disable it, and delete it when nobody misses it; then plan again. If a run that was killed made it, nobody has its secret, and it can go at once.", found))
}

// others reads the keys of the user that do not belong to the series.
func (r *rotatingResource) others(ctx context.Context, state rotatingModel, seen observation) (principalName string, others []ramclient.AccessKey, ok bool) {
	var ignored diag.Diagnostics
	if !r.CanCall() {
		return "", nil, false
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.title(), &ignored); !ok {
		return "", nil, false
	}
	principalName, err := r.PrincipalName(ctx, state.UserName.ValueString())
	if err != nil {
		return "", nil, false
	}
	keys, err := r.Reads.AccessKeys(ctx, principalName)
	for _, key := range keys {
		for _, other := range seen.Others {
			if key.AccessKeyID == other {
				others = append(others, key)
			}
		}
	}
	return principalName, others, err == nil && len(others) > 0
}

// days is a span for people, in days if it is a number of them.
func days(span time.Duration) string {
	const day = 24 * time.Hour
	if span > 0 && span%day == 0 {
		return fmt.Sprintf("%dd", span/day)
	}
	text := strings.TrimSuffix(span.String(), "0s")
	if hours, ok := strings.CutSuffix(text, "h0m"); ok {
		return hours + "h"
	}
	return text
}
