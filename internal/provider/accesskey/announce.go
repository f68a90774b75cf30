package accesskey

import (
	"context"
	"fmt"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/idle"
)

// announce says in the plan what the destruction of a key will do beyond the obvious:
// that require_idle would refuse it now, how long the run will wait, which key the recycle
// bin purges for it. Nothing of it can be certain, since the apply comes later.
func (k *retirement) announce(ctx context.Context, onDestroy string) {
	if onDestroy == retain || k.isOut() {
		return
	}
	k.announceGuard(ctx)
	if !fillsBin(onDestroy) {
		return
	}
	k.announceQuarantine()
	k.warnOfFullBin(ctx, k.key, k.diags)
}

func (k *retirement) announceGuard(ctx context.Context) {
	required, guarded := span(k.requireIdle)
	if !guarded {
		return
	}
	used, err := k.lastUsed(ctx)
	now := k.Client.ServerTime()
	if err != nil || !idle.Keeps(used, required, now) {
		return // what cannot be found out now, the apply finds out
	}
	free := used.LastUsedDate.Add(required)
	k.diags.AddWarning(k.key.String()+" is in use, and would not be destroyed now", fmt.Sprintf(
		"It was last used on %s (%s ago) with %s, and require_idle = %q keeps one that was used so recently. An apply before %s fails and changes nothing.\n"+
			"Next step: give what uses it another key; or, if that use does not matter, apply without require_idle first.",
		used.LastUsedDate.Format(time.RFC3339), idle.Age(now.Sub(used.LastUsedDate.Time)), used.ServiceName, k.requireIdle.ValueString(), free.Format(time.RFC3339)))
}

func (k *retirement) announceQuarantine() {
	quarantine, waits := span(k.quarantine)
	if !waits {
		return
	}
	summary := k.key.String() + " will be in quarantine before it is recycled"
	if k.disabledAt.IsZero() {
		k.diags.AddWarning(summary, fmt.Sprintf("The apply disables the key, waits for %s, and then moves it to the recycle bin. If it is interrupted, the next one goes on; the time that has passed counts.", days(quarantine)))
		return
	}
	if ends := k.disabledAt.Add(quarantine); ends.After(k.Clock.Now()) {
		k.diags.AddWarning(summary, fmt.Sprintf("It has been disabled since %s, so the apply waits until %s, and then moves it to the recycle bin.",
			k.disabledAt.Format(time.RFC3339), ends.Format(time.RFC3339)))
	}
}
