package accesskey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/idle"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// checkIdle refuses to touch a key that was used within require_idle. What it reads is
// compared after the quarantine.
func (k *retirement) checkIdle(ctx context.Context) error {
	required, guarded := span(k.requireIdle)
	_, waits := span(k.quarantine)
	if k.isOut() || !guarded && !waits {
		return nil
	}
	used, err := k.lastUsed(ctx)
	if ramclient.IsNotFound(err) {
		// The key may have been deleted since the refresh, or its owner renamed.
		if err := k.locate(ctx); err != nil || k.isOut() {
			return err
		}
		used, err = k.lastUsed(ctx)
	}
	k.used = used.LastUsedDate.Time
	if !guarded {
		return nil // nice to know, no more
	}
	if err != nil {
		return fmt.Errorf("find out when it was last used: %w", err)
	}
	if now := k.Client.ServerTime(); idle.Keeps(used, required, now) {
		return fmt.Errorf("the key was last used on %s (%s ago) with %s, and require_idle = %q keeps one that was used so recently. Nothing was changed.\n"+
			"Next step: give what uses it another key and apply again from %s on; or, if that use does not matter, apply without require_idle first",
			k.used.Format(time.RFC3339), idle.Age(now.Sub(k.used)), used.ServiceName, k.requireIdle.ValueString(), k.used.Add(required).Format(time.RFC3339))
	}
	return nil
}

// sitOutQuarantine waits until the key has been disabled for long enough that whoever
// needs it has noticed, and hears them: a key that was enabled again is not deleted.
func (k *retirement) sitOutQuarantine(ctx context.Context) error {
	quarantine, waits := span(k.quarantine)
	if !waits || k.isOut() {
		return nil
	}
	ends := k.disabledAt.Add(quarantine)
	if left := ends.Sub(k.Clock.Now()); left > 0 {
		if err := k.Clock.Sleep(ctx, left); err != nil {
			return fmt.Errorf("the run ended before %s, when the quarantine does. The key is disabled.\nNext step: apply again; the time that has passed counts", ends.Format(time.RFC3339))
		}
	}
	if err := k.locate(ctx); err != nil || k.isOut() {
		return err
	}
	if k.seen == string(ramclient.AccessKeyActive) {
		return errors.New("somebody enabled the key again during its quarantine, so it seems to be needed; it was not deleted.\n" +
			"Next step: find out who, and apply again when it is not")
	}
	if used, err := k.lastUsed(ctx); err == nil && used.LastUsedDate.After(k.used) {
		k.diags.AddWarning(k.key.String()+" was in use until it was disabled", fmt.Sprintf(
			"The service now says that it was last used on %s with %s, which it did not when the key was disabled on %s.\n"+
				"Next step: if a program misses it, restore the key within 30 days:\naliyun ims RestoreAccessKeyFromRecycleBin --UserId %s --UserAccessKeyId %s",
			used.LastUsedDate.Format(time.RFC3339), used.ServiceName, k.disabledAt.Format(time.RFC3339), k.key.userID, k.key.accessKeyID))
	}
	return nil
}

func (k *retirement) lastUsed(ctx context.Context) (ramclient.AccessKeyLastUsed, error) {
	ref, err := k.ref(ctx)
	if err != nil {
		return ramclient.AccessKeyLastUsed{}, err
	}
	return k.Client.GetAccessKeyLastUsed(ctx, ref)
}

// span is the argument's length. It reports false if there is none.
func span(argument types.String) (time.Duration, bool) {
	length, err := schemakit.ParseSpan(argument.ValueString())
	return length, err == nil
}
