package accesskey

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type accessKeyModel struct {
	UserName          types.String `tfsdk:"user_name"`
	Status            types.String `tfsdk:"status"`
	RotateWhenChanged types.Map    `tfsdk:"rotate_when_changed"`
	RotationPeriod    types.String `tfsdk:"rotation_period"`
	OnDestroy         types.String `tfsdk:"on_destroy"`
	OnLostAnswer      types.String `tfsdk:"on_lost_answer"`
	OnRecycled        types.String `tfsdk:"on_recycled"`
	RequireIdle       types.String `tfsdk:"require_idle"`
	Quarantine        types.String `tfsdk:"quarantine"`

	recipients

	Timeouts timeouts.Value `tfsdk:"timeouts"`

	AccessKeyID types.String `tfsdk:"access_key_id"`
	delivered
	SecretVersion types.Int64  `tfsdk:"secret_version"`
	CreateDate    types.String `tfsdk:"create_date"`
	UserID        types.String `tfsdk:"user_id"`
	AccountID     types.String `tfsdk:"account_id"`
}

type accessKeyIdentity struct {
	AccessKeyID types.String `tfsdk:"access_key_id"`
	AccountID   types.String `tfsdk:"account_id"`
}

func (m accessKeyModel) identity() accessKeyIdentity {
	return accessKeyIdentity{AccessKeyID: m.AccessKeyID, AccountID: m.AccountID}
}

func (m accessKeyModel) held() heldKey {
	return heldKey{m.AccessKeyID.ValueString(), m.UserName.ValueString(), m.UserID.ValueString()}
}

func object(m accessKeyModel) string { return m.held().String() }

// isRecycled says whether the key was found in the recycle bin.
func (m accessKeyModel) isRecycled() bool { return m.Status.ValueString() == statusRecycled }

// disables says whether m takes the key in state out of use.
func (m accessKeyModel) disables(state accessKeyModel) bool {
	return m.Status.ValueString() == string(ramclient.AccessKeyInactive) && state.Status.ValueString() == string(ramclient.AccessKeyActive)
}

// agrees says whether the service shows the key as it was written last.
func (m accessKeyModel) agrees(seen sighting) bool {
	return m.Status.ValueString() == seen.status && m.UserName.ValueString() == seen.userName
}

// fromCreated takes over a new key, but for its secret: see deliver.
func (m *accessKeyModel) fromCreated(key ramclient.CreatedAccessKey, owner ramclient.User, accountID string) {
	m.AccessKeyID = types.StringValue(key.AccessKeyID)
	m.Status = types.StringValue(string(key.Status))
	m.UserID = types.StringValue(owner.UserID)
	m.AccountID = types.StringValue(accountID)
	m.setCreateDate(key.CreateDate.Time)
}

// fromSighting takes over what can change, and after an import everything but the secret.
func (m *accessKeyModel) fromSighting(seen sighting, accountID string) {
	m.UserName = types.StringValue(seen.userName)
	m.UserID = types.StringValue(seen.userID)
	m.Status = types.StringValue(seen.status)
	m.AccountID = types.StringValue(accountID)
	m.setCreateDate(seen.createDate)
}

func (m *accessKeyModel) setCreateDate(at time.Time) {
	if at.IsZero() {
		m.CreateDate, m.SecretVersion = types.StringNull(), types.Int64Null()
		return
	}
	m.CreateDate = types.StringValue(at.Format(time.RFC3339))
	m.SecretVersion = types.Int64Value(at.Unix())
}

// forgetKey makes everything unknown that a new key will have of its own, but for its
// secret: see delivered. The status does too unless it is written.
func (m *accessKeyModel) forgetKey(configured types.String) {
	m.AccessKeyID, m.CreateDate = types.StringUnknown(), types.StringUnknown()
	m.UserID, m.SecretVersion = types.StringUnknown(), types.Int64Unknown()
	if configured.IsNull() {
		m.Status = types.StringUnknown()
	}
}
