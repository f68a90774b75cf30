package accesskey

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
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
}

const recordKey = "access_key"

// recordOf describes the key in m. The status written last is passed on.
func recordOf(m accessKeyModel, written string) record {
	return record{
		AccessKeyID: m.AccessKeyID.ValueString(), UserID: m.UserID.ValueString(),
		OnDestroy: onDestroy(m), Status: written,
	}
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
