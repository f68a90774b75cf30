package accesskey

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// clockTolerance is how far the date of a key may lie outside of the request that made
// it, since what is known of the service's clock is cut to whole seconds. It is kept
// tight: a colleague's key that falls in would be taken for one's own, while a key of
// one's own that falls out is still reported.
const clockTolerance = time.Second

// An issuing makes one key. CreateAccessKey takes no token that would make it safe to
// send again, so if the answer is lost, the same request is repeated: the service acts on
// at most one copy. If it says that an earlier copy had arrived, the key that one made is
// found by comparing lists, and put away before a second and last key is asked for. A key
// that appears although no copy is known to have arrived may be somebody else's, and
// stays as it is.
type issuing struct {
	*keyring
	owner ramclient.User
	// recovers is false if a lost answer is to end in an error.
	recovers bool
	// known are the keys that the lost request cannot have made.
	known map[string]bool
	diags *diag.Diagnostics
}

// An attempt is one request, and when it ran by the service's clock.
type attempt struct {
	key          ramclient.CreatedAccessKey
	err          error
	began, ended time.Time
	// arrived says that the service has confirmed to have got the request.
	arrived bool
}

// issue makes a key for the owner. It reports false, with an error in diags, if there is
// none. The caller holds the owner's lock.
func (r *keyring) issue(ctx context.Context, owner ramclient.User, recovers bool, diags *diag.Diagnostics) (ramclient.CreatedAccessKey, bool) {
	i := issuing{keyring: r, owner: owner, recovers: recovers, known: map[string]bool{}, diags: diags}
	keys, err := r.Client.ListAccessKeys(ctx, owner.UserPrincipalName)
	if err != nil && !ramclient.IsNotFound(err) {
		diags.Append(apidiag.Error("list the AccessKeys of "+user(owner.UserName), err))
		return ramclient.CreatedAccessKey{}, false
	}
	for _, key := range keys {
		i.known[key.AccessKeyID] = true
	}
	if live := r.live(keys); len(live) >= usualSlots && len(live) >= r.slots(ctx) {
		diags.AddAttributeError(path.Root("user_name"), "Cannot create an AccessKey for "+user(owner.UserName), r.noSlot(ctx, owner.UserPrincipalName, live))
		return ramclient.CreatedAccessKey{}, false
	}
	r.warnOfStrays(ctx, owner, keys, diags)
	// From here on an interrupt is too late: whatever is made must be heard of.
	return i.run(context.WithoutCancel(ctx))
}

func (i *issuing) run(ctx context.Context) (ramclient.CreatedAccessKey, bool) {
	first := i.send(ctx)
	if !ramclient.IsAmbiguous(first.err) {
		return i.concluded(first)
	}
	first = i.repeat(ctx, first)
	if first.err == nil {
		i.reportLate(ctx, first, first)
		return i.concluded(first)
	}
	if !i.resolve(ctx, first) {
		return ramclient.CreatedAccessKey{}, false
	}
	second := i.send(ctx)
	if ramclient.IsAmbiguous(second.err) {
		if second = i.repeat(ctx, second); second.err != nil && !i.resolve(ctx, second) {
			return ramclient.CreatedAccessKey{}, false
		}
	}
	i.reportLate(ctx, first, second)
	return i.concluded(second)
}

func (i *issuing) send(ctx context.Context) attempt {
	var a attempt
	a.err = i.Recent.Await(ctx, func(ctx context.Context) (err error) {
		a.began = i.Client.ServerTime()
		a.key, err = i.Client.CreateAccessKey(ctx, i.owner.UserPrincipalName)
		return err
	}, missingUser(i.owner.UserName))
	a.ended = i.Client.ServerTime()
	return a
}

// repeat sends the request without an answer again, until the service says what became of
// it: it answers the first copy that arrives, and refuses every other one. Other answers
// leave open whether a copy arrived.
func (i *issuing) repeat(ctx context.Context, lost attempt) attempt {
	if !i.recovers {
		return lost
	}
	_ = consistency.Until(ctx, i.Clock, i.Clock.Now().Add(consistency.Window), func(ctx context.Context) (bool, error) {
		key, err := i.Client.RepeatCreateAccessKey(ctx, i.owner.UserPrincipalName, lost.err)
		switch {
		case err == nil:
			lost.key, lost.err = key, nil
			lost.ended = i.Client.ServerTime()
		case ramclient.IsRepeated(err):
			lost.arrived = true
		case ramclient.IsAmbiguous(err):
			lost.ended = i.Client.ServerTime() // this copy may be the one that acts
			return false, nil
		}
		return true, nil
	})
	return lost
}

func (i *issuing) concluded(a attempt) (ramclient.CreatedAccessKey, bool) {
	if a.err != nil {
		i.diags.Append(apidiag.Error("create an AccessKey for "+user(i.owner.UserName), a.err))
		return ramclient.CreatedAccessKey{}, false
	}
	i.Keys.Manage(a.key.AccessKeyID)
	return a.key, true
}

// resolve finds out what a request without an answer has done, and undoes it. It reports
// false, with an error, if it must not go on.
func (i *issuing) resolve(ctx context.Context, lost attempt) bool {
	keys, err := i.search(ctx, lost)
	switch {
	case err != nil:
		i.diags.AddError("Cannot create an AccessKey for "+user(i.owner.UserName),
			apidiag.Detail(lost.err)+"\n\nWhether there is a new key could not be found out:\n"+apidiag.Detail(err)+
				"\nNext step: look at the user's AccessKeys, and delete one that was created just now and that nobody has the secret of.")
		return false
	case len(keys) == 0:
		return i.recovers || i.stopped(lost, "No new key appeared within "+consistency.Window.String()+". Next step: apply again.")
	case len(keys) > 1:
		return i.stopped(lost, fmt.Sprintf("While it ran, more than one key appeared, and only somebody who knows where the others come from can tell which one is nobody's:\n%s\nNone was touched.\n"+
			"Next step: disable and delete the one that nobody has the secret of, then apply again.", listed(keys)))
	case !i.recovers:
		return i.stopped(lost, fmt.Sprintf("This key appeared while it ran:\n%s\nIt was not touched, since on_lost_answer is \"error\".\n"+
			"Next step: if nobody else made it, disable and delete it, since its secret is lost; then apply again.", listed(keys)))
	}
	if reason := i.mayBeOthers(ctx, keys[0], lost); reason != "" {
		return i.stopped(lost, fmt.Sprintf("This key appeared while it ran:\n%s\n%s, so it was not touched.\n"+
			"Next step: if nobody else made it, disable and delete it, since its secret is lost; then apply again.", listed(keys), reason))
	}
	return i.putAway(ctx, keys[0])
}

// mayBeOthers says why the only key that appeared may be somebody else's; empty if it is
// taken for the one that the lost request made. What stays undecided is a request that
// arrived and failed inside the service, while somebody made a key in the same moment and
// has not used it yet.
func (i *issuing) mayBeOthers(ctx context.Context, key ramclient.AccessKey, lost attempt) string {
	used, err := i.Client.GetAccessKeyLastUsed(ctx, ramclient.AccessKeyRef{UserPrincipalName: i.owner.UserPrincipalName, AccessKeyID: key.AccessKeyID})
	switch {
	case !lost.arrived:
		return "Whether the request ever reached the service is not known, and somebody else may have made the key"
	case err == nil && !used.LastUsedDate.IsZero():
		return "It has been used since, so somebody has its secret"
	case key.Status != ramclient.AccessKeyActive:
		return "It has been disabled since, so somebody knows it"
	default:
		return ""
	}
}

func (i *issuing) stopped(lost attempt, what string) bool {
	i.diags.AddError("The answer to creating an AccessKey for "+user(i.owner.UserName)+" was lost", apidiag.Detail(lost.err)+"\n\n"+what)
	return false
}

// search lists until the service must have come to agree with itself. It does not stop
// at the first new key: a colleague's may show before the one that is looked for.
func (i *issuing) search(ctx context.Context, lost attempt) (found []ramclient.AccessKey, err error) {
	err = consistency.Until(ctx, i.Clock, i.Clock.Now().Add(consistency.Window), func(ctx context.Context) (bool, error) {
		found, err = i.unknown(ctx, lost.began, lost.ended)
		return false, err
	})
	return found, err
}

// unknown lists the keys that nobody accounts for and that were created in the period.
func (i *issuing) unknown(ctx context.Context, from, to time.Time) ([]ramclient.AccessKey, error) {
	keys, err := i.Client.ListAccessKeys(ctx, i.owner.UserPrincipalName)
	if err != nil && !ramclient.IsNotFound(err) {
		return nil, err
	}
	return slices.DeleteFunc(keys, func(key ramclient.AccessKey) bool {
		return i.known[key.AccessKeyID] || i.Keys.IsManaged(key.AccessKeyID) || i.Keys.IsDeleted(key.AccessKeyID) ||
			key.CreateDate.Before(from.Truncate(time.Second).Add(-clockTolerance)) || key.CreateDate.After(to.Add(clockTolerance))
	}), nil
}

// putAway disables a key whose secret is lost and moves it to the recycle bin, unless
// that would push another key out of a full bin.
func (i *issuing) putAway(ctx context.Context, key ramclient.AccessKey) bool {
	i.known[key.AccessKeyID] = true
	ref := ramclient.AccessKeyRef{UserPrincipalName: i.owner.UserPrincipalName, AccessKeyID: key.AccessKeyID}
	if err := i.Client.UpdateAccessKey(ctx, ref, ramclient.AccessKeyInactive); err != nil && !ramclient.IsNotFound(err) {
		i.diags.AddError("Cannot disable AccessKey "+key.AccessKeyID, fmt.Sprintf(
			"It was created for %s a moment ago, but the answer with its secret was lost, so nobody can use it.\n%s\nNext step: disable and delete it, then apply again.",
			user(i.owner.UserName), apidiag.Detail(err)))
		return false
	}
	fate := "It was disabled, but not moved to the recycle bin, "
	bin, err := i.Client.ListAccessKeysInRecycleBin(ctx, i.owner.UserID)
	switch {
	case err != nil:
		fate += "since it could not be found out whether there is room. It occupies one of the user's slots until somebody deletes it."
	case len(bin) >= binSize:
		fate += "since the bin is full and the oldest key in it would have been purged. It occupies one of the user's slots until somebody deletes it."
	default:
		if err = i.Client.DeleteAccessKey(ctx, ref); err != nil && !ramclient.IsNotFound(err) {
			fate += "since that failed: " + apidiag.Detail(err) + "\nIt occupies one of the user's slots until somebody deletes it."
			break
		}
		i.Keys.Delete(key.AccessKeyID)
		i.Recent.Loosened(connection.Parent{Kind: connection.User, Name: i.owner.UserName})
		fate = fmt.Sprintf("It was disabled and moved to the recycle bin, which keeps it for 30 days. If it was not this run that made it, restore it:\n"+
			"aliyun ims RestoreAccessKeyFromRecycleBin --UserId %s --UserAccessKeyId %s", i.owner.UserID, key.AccessKeyID)
	}
	i.diags.AddWarning("The secret of AccessKey "+key.AccessKeyID+" was lost", fmt.Sprintf(
		"The service created it for %s, but the answer, the only one with the secret, did not arrive, so nobody can use it. Another key was requested instead.\n%s",
		user(i.owner.UserName), fate))
	return true
}

// reportLate looks once, after the second request, for a key of the first one that came
// to light only now.
func (i *issuing) reportLate(ctx context.Context, first, second attempt) {
	if second.err == nil {
		i.known[second.key.AccessKeyID] = true
	}
	late, err := i.unknown(ctx, first.began, second.ended)
	if err != nil || len(late) == 0 {
		return
	}
	isFirst := len(late) == 1 && first.err != nil && !late[0].CreateDate.After(first.ended.Add(clockTolerance))
	if isFirst && i.mayBeOthers(ctx, late[0], first) == "" {
		i.putAway(ctx, late[0])
		return
	}
	i.diags.AddWarning("There may be an AccessKey of "+user(i.owner.UserName)+" whose secret is lost", fmt.Sprintf(
		"The answer to a request for a key was lost, and since then these appeared, made by that request or by somebody else:\n%s\nThey were not touched.\n"+
			"Next step: disable and delete what nobody knows the secret of.", listed(late)))
}

// listed shows keys, one a line.
func listed(keys []ramclient.AccessKey) string {
	var lines []string
	for _, key := range keys {
		lines = append(lines, fmt.Sprintf("  %s  %s, created %s", key.AccessKeyID, key.Status, key.CreateDate.Format(time.RFC3339)))
	}
	return strings.Join(lines, "\n")
}
