package accesskey

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type rotatingModel struct {
	UserName          types.String `tfsdk:"user_name"`
	RotationPeriod    types.String `tfsdk:"rotation_period"`
	Overlap           types.String `tfsdk:"overlap"`
	Quarantine        types.String `tfsdk:"quarantine"`
	RotateWhenChanged types.Map    `tfsdk:"rotate_when_changed"`
	RequireIdle       types.String `tfsdk:"require_idle"`
	OnDestroy         types.String `tfsdk:"on_destroy"`
	OnLostAnswer      types.String `tfsdk:"on_lost_answer"`
	recipients

	Current      types.Object `tfsdk:"current"`
	Previous     types.Object `tfsdk:"previous"`
	NextAction   types.String `tfsdk:"next_action"`
	NextActionAt types.String `tfsdk:"next_action_at"`
	UserID       types.String `tfsdk:"user_id"`
	AccountID    types.String `tfsdk:"account_id"`
}

type rotatingIdentity struct {
	UserID    types.String `tfsdk:"user_id"`
	AccountID types.String `tfsdk:"account_id"`
}

func (m rotatingModel) identity() rotatingIdentity {
	return rotatingIdentity{UserID: m.UserID, AccountID: m.AccountID}
}

// A slot is one key of a series.
type slot struct {
	AccessKeyID   types.String `tfsdk:"access_key_id"`
	Status        types.String `tfsdk:"status"`
	CreateDate    types.String `tfsdk:"create_date"`
	SecretVersion types.Int64  `tfsdk:"secret_version"`
	delivered
}

var slotTypes = map[string]attr.Type{
	"access_key_id": types.StringType, "status": types.StringType, "create_date": types.StringType, "secret_version": types.Int64Type,
	"secret": types.StringType, "encrypted_secret": types.StringType, "key_fingerprint": types.StringType,
}

// is says whether there is such a key, and it has the status.
func (s *slot) is(status ramclient.AccessKeyStatus) bool {
	return s != nil && s.Status.ValueString() == string(status)
}

// takesSlot says whether there is such a key, and it counts among its owner's two.
func (s *slot) takesSlot() bool { return s != nil && s.Status.ValueString() != statusRecycled }

func (s *slot) id() string {
	if s == nil {
		return ""
	}
	return s.AccessKeyID.ValueString()
}

// created is when the key was made; zero if that is not known.
func (s *slot) created() time.Time {
	at, err := time.Parse(time.RFC3339, s.CreateDate.ValueString())
	if err != nil {
		return time.Time{}
	}
	return at
}

// see takes over what the service says of the key.
func (s *slot) see(key ramclient.AccessKey) {
	s.AccessKeyID, s.Status = types.StringValue(key.AccessKeyID), types.StringValue(string(key.Status))
	s.CreateDate = types.StringValue(key.CreateDate.Format(time.RFC3339))
	s.SecretVersion = types.Int64Value(key.CreateDate.Unix())
}

// object is the slot as an attribute holds it: null if there is no key.
func (s *slot) object(ctx context.Context, diags *diag.Diagnostics) types.Object {
	if s == nil {
		return types.ObjectNull(slotTypes)
	}
	object, faults := types.ObjectValueFrom(ctx, slotTypes, s)
	diags.Append(faults...)
	return object
}

// slotOf is nil if the attribute is null, or not known yet.
func slotOf(ctx context.Context, object types.Object, diags *diag.Diagnostics) *slot {
	if object.IsNull() || object.IsUnknown() {
		return nil
	}
	var s slot
	diags.Append(object.As(ctx, &s, basetypes.ObjectAsOptions{})...)
	return &s
}

// held is the key in a slot, and whose it is.
func (m rotatingModel) held(s *slot) heldKey {
	return heldKey{s.id(), m.UserName.ValueString(), m.UserID.ValueString()}
}

// title names the series in a sentence.
func (m rotatingModel) title() string {
	if m.UserName.ValueString() == "" {
		return "the AccessKeys of the RAM user with the ID " + m.UserID.ValueString()
	}
	return "the AccessKeys of " + user(m.UserName.ValueString())
}

// schedule is that of the keys given, by the arguments in m. What is not known of the
// arguments counts as zero; ModifyPlan does not go on then.
func (m rotatingModel) schedule(current, previous *slot, seen observation) schedule {
	s := schedule{current: current, previous: previous, observed: seen}
	s.rotationPeriod, _ = span(m.RotationPeriod)
	s.overlap, _ = span(m.Overlap)
	s.quarantine, _ = span(m.Quarantine)
	s.requireIdle, _ = span(m.RequireIdle)
	return s
}

// setKeys puts the keys into m, with what is next for them.
func (m *rotatingModel) setKeys(ctx context.Context, s schedule, diags *diag.Diagnostics) {
	m.Current, m.Previous = s.current.object(ctx, diags), s.previous.object(ctx, diags)
	action, due := s.next()
	m.NextAction, m.NextActionAt = types.StringValue(action), types.StringNull()
	if !due.IsZero() {
		m.NextActionAt = types.StringValue(due.UTC().Format(time.RFC3339))
	}
}
