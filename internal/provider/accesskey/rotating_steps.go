package accesskey

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// retirement takes a key of the series out of use. It never waits: the quarantine of a
// series lies between two applies.
func (r *rotatingResource) retirement(m rotatingModel, key *slot, diags *diag.Diagnostics) *retirement {
	return &retirement{keyring: &r.keyring, key: m.held(key), requireIdle: m.RequireIdle, seen: key.Status.ValueString(), diags: diags}
}

// left is what a slot holds after the retirement: the key with its status, nothing once
// it is purged, and what it held before if the retirement is not about it.
func (k *retirement) left(before *slot) *slot {
	if before.id() != k.key.accessKeyID {
		return before
	}
	if k.seen == "" {
		return nil
	}
	now := *before
	now.Status = types.StringValue(k.seen)
	return &now
}

// stillDisabled refuses to go on if somebody enabled the key again.
func (k *retirement) stillDisabled(ctx context.Context) error {
	if err := k.locate(ctx); err != nil {
		return err
	}
	if k.seen == string(ramclient.AccessKeyActive) {
		return errors.New("somebody enabled it again, so it seems to be needed; it was not deleted. Next step: plan again")
	}
	return nil
}

// A stepping carries a decision out. After each call, state says how far it got.
type stepping struct {
	*rotatingResource
	plan, state       rotatingModel
	current, previous *slot
	seen              observation
	resp              *resource.UpdateResponse
}

func (s *stepping) run(ctx context.Context, d decision) {
	// Should somebody else be faster with the previous key, state still holds what was
	// planned, as Terraform demands; the next refresh finds what is.
	_, planned := d.outcome(s.current, s.previous)
	switch d.action {
	case rotateNext:
		s.rotate(ctx, d)
	case disableNext:
		key := s.retirement(s.plan, s.previous, &s.resp.Diagnostics)
		s.retire(ctx, key, key.steps(disable))
	case recycleNext:
		key := s.retirement(s.plan, s.previous, &s.resp.Diagnostics)
		s.retire(ctx, key, recycling(key))
	}
	if s.resp.Diagnostics.HasError() {
		return
	}
	s.previous = planned
	s.record(ctx, s.plan)
}

// recycling are the steps that move a key to the recycle bin. One that is disabled
// already is not used any more, but somebody may have enabled it since.
func recycling(key *retirement) []step {
	if key.seen == string(ramclient.AccessKeyInactive) {
		return []step{{"recycle", key.stillDisabled}, {"recycle", key.recycle}}
	}
	return key.steps(recycle)
}

// rotate makes room if there is none, and then the new key.
func (s *stepping) rotate(ctx context.Context, d decision) {
	if d.retires != nil {
		key := s.retirement(s.plan, d.retires, &s.resp.Diagnostics)
		if !s.retire(ctx, key, recycling(key)) {
			return
		}
	}
	_, previous := d.outcome(s.current, s.previous)
	made, _, ok := s.newKey(ctx, s.plan, &s.resp.Diagnostics)
	if !ok {
		return
	}
	// The secret exists only here: it is in state before anything else is done.
	if previous.id() != s.previous.id() {
		s.seen = s.seen.ofNewPrevious()
	}
	s.current, s.previous = made, previous
	s.record(ctx, s.plan)
}

// retire takes the steps and records after each how far the key has come.
func (s *stepping) retire(ctx context.Context, key *retirement, steps []step) bool {
	if !s.sparesSelf(ctx, "retire", key.key, key.diags) {
		return false
	}
	for _, one := range steps {
		before := key.seen
		ok := key.do(ctx, []step{one})
		if key.seen != before {
			if key.seen == string(ramclient.AccessKeyInactive) && key.key.accessKeyID == s.previous.id() {
				s.seen.DisabledAt, s.seen.EnabledAt = s.Client.ServerTime().UTC(), time.Time{}
			}
			s.current, s.previous = key.left(s.current), key.left(s.previous)
			s.record(ctx, s.state)
		}
		if !ok {
			return false
		}
	}
	return true
}

// record puts the keys into state, with the arguments of m: those of the plan only once
// all that they ask for is done.
func (s *stepping) record(ctx context.Context, m rotatingModel) {
	m.UserID, m.AccountID = s.state.UserID, s.state.AccountID
	m.setKeys(ctx, m.schedule(s.current, s.previous, s.seen), &s.resp.Diagnostics)
	s.resp.Diagnostics.Append(s.resp.State.Set(ctx, m)...)
	s.resp.Diagnostics.Append(s.resp.Identity.Set(ctx, m.identity())...)
	s.resp.Diagnostics.Append(s.seen.save(ctx, s.resp.Private)...)
	s.resp.Diagnostics.Append(consistency.RecordWrite(ctx, s.resp.Private, s.Clock.Now())...)
}
