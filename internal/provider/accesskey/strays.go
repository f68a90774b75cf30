package accesskey

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// strayAge is how old a key may be to look like one that a killed run has just left.
const strayAge = 24 * time.Hour

// warnOfStrays names keys that are new, have never been used, and that this process has
// not read: a run that was killed while it made a key leaves such a one, disabled already
// if the key was to be.
func (r *keyring) warnOfStrays(ctx context.Context, owner ramclient.User, keys []ramclient.AccessKey, diags *diag.Diagnostics) {
	var strays []ramclient.AccessKey
	for _, key := range r.live(keys) {
		isNew := r.Client.ServerTime().Sub(key.CreateDate.Time) < strayAge
		if !isNew || r.Keys.IsManaged(key.AccessKeyID) {
			continue
		}
		used, err := r.Client.GetAccessKeyLastUsed(ctx, ramclient.AccessKeyRef{UserPrincipalName: owner.UserPrincipalName, AccessKeyID: key.AccessKeyID})
		if err == nil && used.LastUsedDate.IsZero() {
			strays = append(strays, key)
		}
	}
	if len(strays) > 0 {
		diags.AddWarning(user(owner.UserName)+" has another new AccessKey that was never used", fmt.Sprintf(
			"%s\nIf it is the key that this run replaces, all is well: it goes next. Otherwise a run that was killed may have made it, and nobody has its secret; it was not touched. (The service notes a use up to two hours late.)\n"+
				"Next step: if it is still there afterwards and nobody knows it, disable and delete it.", listed(strays)))
	}
}
