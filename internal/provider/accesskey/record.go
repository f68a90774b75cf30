package accesskey

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// record is what private state says of the key in state. The planning call for the new
// half of a replacement has no prior state and looks like the plan of a first key; only
// private state still tells which key goes. It is stored in clear text: no secret is in it.
type record struct {
	AccessKeyID string `json:"access_key_id"`
	UserID      string `json:"user_id"`
	OnDestroy   string `json:"on_destroy"`
	// Status is the one Terraform wrote last; empty if it never wrote one.
	Status string `json:"status,omitempty"`
	// DisabledAt is when Terraform disabled the key, which has been so ever since.
	DisabledAt time.Time `json:"disabled_at,omitzero"`
	// ObservedAt is when the key was last read or created, by the service's clock.
	ObservedAt time.Time `json:"observed_at,omitzero"`
}

const recordKey = "access_key"

// recordOf describes the key in m. What was known before is passed on.
func recordOf(m accessKeyModel, before record) record {
	r := record{
		AccessKeyID: m.AccessKeyID.ValueString(), UserID: m.UserID.ValueString(),
		OnDestroy: ending(m.OnDestroy), Status: before.Status, ObservedAt: before.ObservedAt,
	}
	if m.Status.ValueString() == string(ramclient.AccessKeyInactive) {
		r.DisabledAt = before.DisabledAt
	}
	return r
}

// observed notes when the key was last read or created.
func (r record) observed(at time.Time) record {
	r.ObservedAt = at.UTC()
	return r
}

// wrote notes that Terraform gave the key a status.
func (r record) wrote(status string, at time.Time) record {
	r.Status, r.DisabledAt = status, time.Time{}
	if status == string(ramclient.AccessKeyInactive) {
		r.DisabledAt = at.UTC()
	}
	return r
}

func (r record) save(ctx context.Context, private consistency.PrivateState) diag.Diagnostics {
	value, err := json.Marshal(r)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot record the AccessKey",
			"This is a bug in the provider; please report it with this text: "+err.Error())}
	}
	return private.SetKey(ctx, recordKey, value)
}

// loadRecord is the zero record if there is none.
func loadRecord(ctx context.Context, private consistency.PrivateState) (record, diag.Diagnostics) {
	value, diags := private.GetKey(ctx, recordKey)
	var r record
	if len(value) == 0 || json.Unmarshal(value, &r) != nil {
		return record{}, diags
	}
	return r, diags
}
