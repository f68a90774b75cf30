package user

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/idle"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// defaultRequireIdle is long enough for a daily job to show.
const defaultRequireIdle = "24h"

func (m userModel) requireIdle() string {
	if m.RequireIdle.IsNull() {
		return defaultRequireIdle
	}
	return m.RequireIdle.ValueString()
}

// checkIdle refuses to go on, before anything is changed, if a key of the user was used
// within require_idle. The keys that Terraform manages are gone by now, so each one left
// belongs to somebody else, who may depend on it. What cannot be found out counts as use.
func (r *userResource) checkIdle(ctx context.Context, state userModel, diags *diag.Diagnostics) bool {
	inUse, until, err := r.keysInUse(ctx, state)
	switch {
	case ramclient.IsNotFound(err): // the user is gone
		return true
	case err != nil:
		diags.Append(apidiag.Error("find out whether the AccessKeys of "+state.label()+" are in use; nothing was changed", err))
		return false
	case len(inUse) > 0:
		diags.AddError("Refusing to delete "+state.label(), fmt.Sprintf(
			"These of its AccessKeys were used within require_idle = %q, and force_destroy would delete them. Nothing was changed.\n- %s\n"+
				"Next step: give what uses them other keys and apply again from %s on; or, if that use does not matter, delete them first.",
			state.requireIdle(), strings.Join(inUse, "\n- "), until.Format(time.RFC3339)))
		return false
	}
	return true
}

// keysInUse describes the keys that were used within require_idle, and says when none of
// them will have been.
func (r *userResource) keysInUse(ctx context.Context, state userModel) (inUse []string, until time.Time, err error) {
	required, err := schemakit.ParseSpan(state.requireIdle())
	if err != nil {
		return nil, until, err
	}
	user, err := r.Client.GetUser(ctx, ramclient.GetUserInput{UserID: state.UserID.ValueString()})
	if err != nil {
		return nil, until, err
	}
	keys, err := r.Client.ListAccessKeys(ctx, user.UserPrincipalName)
	if err != nil {
		return nil, until, err
	}
	now := r.Client.ServerTime()
	for _, key := range keys {
		used, err := r.Client.GetAccessKeyLastUsed(ctx, ramclient.AccessKeyRef{UserPrincipalName: user.UserPrincipalName, AccessKeyID: key.AccessKeyID})
		switch {
		case ramclient.IsNotFound(err): // deleted since the list was made
			continue
		case err != nil:
			return nil, until, err
		case idle.Keeps(used, required, now):
			inUse = append(inUse, fmt.Sprintf("AccessKey %s, %s, %s (%s ago)", key.AccessKeyID, key.Status, idle.LastUse(used), idle.Age(now.Sub(used.LastUsedDate.Time))))
			until = latest(until, used.LastUsedDate.Add(required))
		}
	}
	return inUse, until, nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
