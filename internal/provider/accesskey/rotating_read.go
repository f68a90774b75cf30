package accesskey

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A lastKnown series is what state says of one, or an import.
type lastKnown struct {
	userName, userID  string
	current, previous string // ids, empty if there is none
}

func seriesOf(m rotatingModel, current, previous *slot) lastKnown {
	return lastKnown{m.UserName.ValueString(), m.UserID.ValueString(), current.id(), previous.id()}
}

// holds says whether any of the keys belongs to the series; of a series that has none
// yet, as after an import by name, all do.
func (l lastKnown) holds(keys []ramclient.AccessKey) bool {
	if l.current == "" && l.previous == "" {
		return len(keys) > 0
	}
	return slices.ContainsFunc(keys, func(key ramclient.AccessKey) bool {
		return key.AccessKeyID == l.current || key.AccessKeyID == l.previous
	})
}

// sightings are the keys of a user as the service shows them.
type sightings struct {
	userName, userID string
	keys             []ramclient.AccessKey
	// currentRecycled says that the current key is in the recycle bin.
	currentRecycled bool
}

// sight lists the keys under the name that the user bore last, then under the one it
// bears now, then looks into the recycle bin. If no key of the series is anywhere, the
// error is errGone.
func (r *keyring) sight(ctx context.Context, reads reader, last lastKnown) (sightings, error) {
	if last.userID == "" {
		f := finder{Connection: r.Connection, reader: reads, heldKey: heldKey{last.current, last.userName, ""}}
		if err := f.identifyOwner(ctx); err != nil {
			return sightings{}, err
		}
		last.userName, last.userID = f.userName, f.userID
	}
	seen, err := r.listed(ctx, reads, last)
	if err != nil {
		return seen, err
	}
	if !last.holds(seen.keys) {
		owner, err := reads.User(ctx, ramclient.GetUserInput{UserID: last.userID})
		switch {
		case ramclient.IsNotFound(err):
			seen.keys = nil // whoever bears the name now is somebody else
		case err != nil:
			return seen, err
		case !strings.EqualFold(owner.UserName, last.userName):
			last.userName = owner.UserName
			if seen, err = r.listed(ctx, reads, last); err != nil {
				return seen, err
			}
		}
	}
	if last.current == "" || seen.find(last.current) != nil {
		return seen, orGone(last.holds(seen.keys))
	}
	bin, err := reads.RecycledAccessKeys(ctx, last.userID)
	if err != nil && !ramclient.IsNotFound(err) {
		return seen, err
	}
	seen.currentRecycled = isIn(bin, last.current)
	return seen, orGone(seen.currentRecycled || last.holds(seen.keys))
}

func orGone(isThere bool) error {
	if isThere {
		return nil
	}
	return errGone
}

// listed lists the keys of whoever bears the name. That nobody does is no error.
func (r *keyring) listed(ctx context.Context, reads reader, last lastKnown) (sightings, error) {
	seen := sightings{userName: last.userName, userID: last.userID}
	if last.userName == "" {
		return seen, nil
	}
	principalName, err := r.PrincipalName(ctx, last.userName)
	if err != nil {
		return seen, err
	}
	seen.keys, err = reads.AccessKeys(ctx, principalName)
	if ramclient.IsNotFound(err) {
		return seen, nil
	}
	return seen, err
}

func (s sightings) find(accessKeyID string) *ramclient.AccessKey {
	for i := range s.keys {
		if s.keys[i].AccessKeyID == accessKeyID {
			return &s.keys[i]
		}
	}
	return nil
}

// of is the key of a slot as it is now. Only of a current key it matters whether it is in
// the recycle bin; a previous one that is there has come to the end of its schedule.
func (s sightings) of(key *slot, isCurrent bool) *slot {
	if key == nil {
		return nil
	}
	now := *key
	if found := s.find(key.id()); found != nil {
		now.see(*found)
		return &now
	}
	if isCurrent && s.currentRecycled {
		now.Status = types.StringValue(statusRecycled)
		return &now
	}
	return nil
}

// agrees says whether the service shows the keys as they were written last.
func (s sightings) agrees(current, previous *slot) bool {
	for _, key := range []*slot{current, previous} {
		if key == nil {
			continue
		}
		found := s.find(key.id())
		if found == nil || string(found.Status) != key.Status.ValueString() {
			return false
		}
	}
	return true
}

// adopt chooses the current key of an imported series: the only one.
func (r *rotatingResource) adopt(ctx context.Context, seen sightings, diags *diag.Diagnostics) (*slot, bool) {
	if len(seen.keys) == 1 {
		return &slot{AccessKeyID: types.StringValue(seen.keys[0].AccessKeyID)}, true
	}
	principalName, err := r.PrincipalName(ctx, seen.userName)
	if err != nil {
		principalName = seen.userName
	}
	one, other := seen.keys[0].AccessKeyID, seen.keys[1].AccessKeyID
	diags.AddError("Which key is the current one?", fmt.Sprintf(
		"%s has %d AccessKeys:\n%s\n"+
			"Next step: say in the import ID which of them is to be current, and which previous. The previous one is disabled and moved to the recycle bin once its overlap is over:\n  %s/%s/%s\n"+
			"Or name only the current one (%[4]s/%[5]s); the other one then has to go before the next rotation.",
		user(seen.userName), len(seen.keys), r.described(ctx, principalName, seen.keys), seen.userName, one, other))
	return nil, false
}

// update notes what was found now. When the previous key was disabled or enabled, the
// service tells; if it does not, it counts from now.
func (o observation) update(seen sightings, previous *slot, now time.Time) observation {
	o.At, o.UsedAt, o.UsedWith = now.UTC(), time.Time{}, ""
	if previous == nil {
		o.DisabledAt, o.EnabledAt = time.Time{}, time.Time{}
		return o
	}
	changed := o.At
	if key := seen.find(previous.id()); !key.UpdateDate.IsZero() {
		changed = key.UpdateDate.UTC()
	}
	isDisabled := previous.is(ramclient.AccessKeyInactive)
	switch {
	case isDisabled && o.DisabledAt.IsZero():
		o.DisabledAt, o.EnabledAt = changed, time.Time{}
	case !isDisabled && !o.DisabledAt.IsZero():
		o.DisabledAt, o.EnabledAt = time.Time{}, changed
	}
	return o
}

// countSlots notes the user's keys that are not of the series, and, if they matter, how
// many keys the user may have.
func (r *rotatingResource) countSlots(ctx context.Context, o observation, seen sightings, current, previous *slot) observation {
	o.Others, o.Slots = nil, 0
	live := r.live(seen.keys)
	for _, key := range live {
		if key.AccessKeyID != current.id() && key.AccessKeyID != previous.id() {
			o.Others = append(o.Others, key.AccessKeyID)
		}
	}
	if len(o.Others) > 0 && len(live) >= usualSlots {
		o.Slots = r.slots(ctx)
	}
	return o
}

// lookUpUse asks when the previous key was last used, if that decides about its end.
func (r *rotatingResource) lookUpUse(ctx context.Context, o observation, state rotatingModel, current, previous *slot) (observation, error) {
	s := state.schedule(current, previous, o)
	if s.requireIdle == 0 || !previous.is(ramclient.AccessKeyActive) || !current.is(ramclient.AccessKeyActive) || !s.isDue() {
		return o, nil
	}
	used, err := r.retirement(state, previous, nil).lastUsed(ctx)
	if err != nil {
		return o, err
	}
	o.UsedAt, o.UsedWith = used.LastUsedDate.Time, used.ServiceName
	return o, nil
}
