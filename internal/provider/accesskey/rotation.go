package accesskey

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// isDue says whether the key is older than its rotation_period. Terraform plans again
// when it applies, perhaps days later, and both plans must say the same: so this looks
// at when the key was last observed, never at the clock.
func isDue(plan, state accessKeyModel, known record, diags *diag.Diagnostics) bool {
	if plan.RotationPeriod.IsUnknown() {
		diags.AddAttributeError(path.Root("rotation_period"), "rotation_period is not known yet",
			"Whether "+object(state)+" is to be replaced has to be decided in the plan.\nNext step: write the value of rotation_period out.")
		return false
	}
	period, isSet := span(plan.RotationPeriod)
	created, err := time.Parse(time.RFC3339, state.CreateDate.ValueString())
	if !isSet || err != nil {
		return false
	}
	due := created.Add(period)
	if known.ObservedAt.Before(due) {
		return false
	}
	diags.AddWarning(object(state)+" is due for rotation", fmt.Sprintf(
		"It was created on %s, and its rotation_period of %s ended on %s. It will be replaced by a new key with another secret.",
		created.Format(time.RFC3339), plan.RotationPeriod.ValueString(), due.Format(time.RFC3339)))
	return true
}
