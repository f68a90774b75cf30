package accesskey

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
)

// An observation is what private state says of a series: what the last refresh found,
// and when. All times are by the service's clock. It is stored in clear text: no secret is
// in it.
type observation struct {
	// At is when the keys were last read, or the first one was created.
	At time.Time `json:"observed_at,omitzero"`
	// DisabledAt is since when the previous key has been disabled; zero if it is active.
	DisabledAt time.Time `json:"disabled_at,omitzero"`
	// EnabledAt is when somebody enabled the previous key again after it was disabled.
	EnabledAt time.Time `json:"enabled_at,omitzero"`
	// UsedAt and UsedWith are the last use of the previous key, which is looked up as
	// soon as its overlap is over.
	UsedAt   time.Time `json:"used_at,omitzero"`
	UsedWith string    `json:"used_with,omitempty"`
	// Others are keys of the user that do not belong to the series, and Slots is how many
	// keys the user may have.
	Others []string `json:"others,omitempty"`
	Slots  int      `json:"slots,omitempty"`
}

const seriesKey = "series"

// ofNewPrevious forgets what was known of the key that was in the slot before.
func (o observation) ofNewPrevious() observation {
	return observation{At: o.At, Others: o.Others, Slots: o.Slots}
}

// leaves is how many slots of the user are free when the series takes so many.
func (o observation) leaves(taken int) int {
	return max(o.Slots, usualSlots) - len(o.Others) - taken
}

func (o observation) save(ctx context.Context, private consistency.PrivateState) diag.Diagnostics {
	value, err := json.Marshal(o)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot record the AccessKeys",
			"This is a bug in the provider; please report it with this text: "+err.Error())}
	}
	return private.SetKey(ctx, seriesKey, value)
}

// loadObservation is the zero observation if there is none.
func loadObservation(ctx context.Context, private consistency.PrivateState) (observation, diag.Diagnostics) {
	value, diags := private.GetKey(ctx, seriesKey)
	var o observation
	if len(value) == 0 || json.Unmarshal(value, &o) != nil {
		return observation{}, diags
	}
	return o, diags
}
