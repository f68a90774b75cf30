package accesskey

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/idle"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// usualSlots is how many keys a user may have ("Limits" page of RAM, Dec 2025). The
// account's quota is asked for before anything is refused.
const usualSlots = 2

// binSize is how many keys of a user the recycle bin holds; one more purges the oldest
// ("Recycle bin of AccessKeys" page of RAM).
const binSize = 3

// live are the keys without those that this process has moved to the bin: a list that
// lags behind may still show them.
func (r *keyring) live(keys []ramclient.AccessKey) []ramclient.AccessKey {
	return slices.DeleteFunc(slices.Clone(keys), func(key ramclient.AccessKey) bool { return r.Keys.IsDeleted(key.AccessKeyID) })
}

// takenSlots are the keys that a user has while a plan is made. There are none if that
// cannot be told: the name is not known yet, nobody has it yet, or the keys cannot be read.
func (r *keyring) takenSlots(ctx context.Context, userName types.String, diags *diag.Diagnostics) (principalName string, live []ramclient.AccessKey) {
	if userName.IsUnknown() || !r.CanCall() {
		return "", nil
	}
	name := userName.ValueString()
	if _, planned := r.Names.Planned(name); planned {
		return "", nil // nobody has this name yet, or somebody else has
	}
	if _, ok := r.Begin(ctx, diags); !ok {
		return "", nil
	}
	principalName, err := r.PrincipalName(ctx, name)
	if err != nil {
		return "", nil
	}
	keys, err := r.Reads.AccessKeys(ctx, principalName)
	if err != nil {
		return "", nil
	}
	return principalName, r.live(keys)
}

// slots is the account's quota of keys per user, or the usual one if that cannot be read.
func (r *keyring) slots(ctx context.Context) int {
	summary, err := r.Client.GetAccountSummary(ctx)
	if err != nil || summary.AccessKeysPerUserQuota == 0 {
		return usualSlots
	}
	return summary.AccessKeysPerUserQuota
}

// noSlot explains that every slot is taken, by which keys, and what to do.
func (r *keyring) noSlot(ctx context.Context, principalName string, live []ramclient.AccessKey) string {
	return fmt.Sprintf("The user has %d AccessKeys, and may have no more:\n%s\n"+
		"Next step: one of\n"+
		"  - disable one that nothing uses any more, and delete it when nobody misses it;\n"+
		"  - bring one under Terraform and rotate it there: import { to = ram_access_key.<name of the resource>, id = %q };\n"+
		"  - make the key for another user.",
		len(live), r.described(ctx, principalName, live), live[0].AccessKeyID)
}

// described shows keys with their age and last use, one a line.
func (r *keyring) described(ctx context.Context, principalName string, keys []ramclient.AccessKey) string {
	var lines []string
	for _, key := range keys {
		lines = append(lines, fmt.Sprintf("  %s  %s, created %s (%s ago), %s", key.AccessKeyID, key.Status,
			key.CreateDate.Format(time.RFC3339), idle.Age(r.Client.ServerTime().Sub(key.CreateDate.Time)), r.lastUse(ctx, principalName, key.AccessKeyID)))
	}
	return strings.Join(lines, "\n")
}

func (r *keyring) lastUse(ctx context.Context, principalName, accessKeyID string) string {
	used, err := r.Client.GetAccessKeyLastUsed(ctx, ramclient.AccessKeyRef{UserPrincipalName: principalName, AccessKeyID: accessKeyID})
	if err != nil {
		return "last use not known"
	}
	return idle.LastUse(used)
}

// fillsBin says whether an on_destroy moves the key to the recycle bin.
func fillsBin(onDestroy string) bool { return onDestroy == recycle || onDestroy == purge }

// warnOfFullBin says which key the recycle bin will purge to make room.
func (r *keyring) warnOfFullBin(ctx context.Context, key heldKey, diags *diag.Diagnostics) {
	bin, err := r.Reads.RecycledAccessKeys(ctx, key.userID)
	if err != nil || len(bin) < binSize || isIn(bin, key.accessKeyID) {
		return
	}
	oldest := slices.MinFunc(bin, func(a, b ramclient.RecycledAccessKey) int { return a.RecycleDate.Compare(b.RecycleDate.Time) })
	diags.AddWarning("The recycle bin of "+user(key.userName)+" is full", fmt.Sprintf(
		"The bin holds %d AccessKeys of a user. Moving AccessKey %s there purges the oldest, %s, deleted on %s: it cannot be restored then.\n"+
			"Next step: if that key may still be needed, restore it first.",
		binSize, key.accessKeyID, oldest.AccessKeyID, oldest.RecycleDate.Format(time.RFC3339)))
}
