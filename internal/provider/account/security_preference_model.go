package account

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type preferenceModel struct {
	AllowUserToChangePassword           types.Bool   `tfsdk:"allow_user_to_change_password"`
	AllowUserToLoginWithPasskey         types.Bool   `tfsdk:"allow_user_to_login_with_passkey"`
	AllowUserToManageMFADevices         types.Bool   `tfsdk:"allow_user_to_manage_mfa_devices"`
	AllowUserToManageAccessKeys         types.Bool   `tfsdk:"allow_user_to_manage_access_keys"`
	EnableSaveMFATicket                 types.Bool   `tfsdk:"enable_save_mfa_ticket"`
	AllowUserToManagePersonalDingTalk   types.Bool   `tfsdk:"allow_user_to_manage_personal_ding_talk"`
	AllowUserToManageServiceCredentials types.Bool   `tfsdk:"allow_user_to_manage_service_credentials"`
	LoginSessionDuration                types.Int64  `tfsdk:"login_session_duration"`
	LoginNetworkMasks                   types.Set    `tfsdk:"login_network_masks"`
	MFAOperationForLogin                types.String `tfsdk:"mfa_operation_for_login"`
	VerificationTypes                   types.Set    `tfsdk:"verification_types"`
	MaxIdleDaysForUsers                 types.Int64  `tfsdk:"max_idle_days_for_users"`
	MaxIdleDaysForAccessKeys            types.Int64  `tfsdk:"max_idle_days_for_access_keys"`

	ResetOnDestroy types.Bool   `tfsdk:"reset_on_destroy"`
	AccountID      types.String `tfsdk:"account_id"`
}

// setting is one preference by its attribute.
type setting struct {
	name  string
	value attr.Value
}

// settings are the preferences of the model, each with its attribute.
func (m preferenceModel) settings() []setting {
	return []setting{
		{"allow_user_to_change_password", m.AllowUserToChangePassword},
		{"allow_user_to_login_with_passkey", m.AllowUserToLoginWithPasskey},
		{"allow_user_to_manage_mfa_devices", m.AllowUserToManageMFADevices},
		{"allow_user_to_manage_access_keys", m.AllowUserToManageAccessKeys},
		{"enable_save_mfa_ticket", m.EnableSaveMFATicket},
		{"allow_user_to_manage_personal_ding_talk", m.AllowUserToManagePersonalDingTalk},
		{"allow_user_to_manage_service_credentials", m.AllowUserToManageServiceCredentials},
		{"login_session_duration", m.LoginSessionDuration},
		{"login_network_masks", m.LoginNetworkMasks},
		{"mfa_operation_for_login", m.MFAOperationForLogin},
		{"verification_types", m.VerificationTypes},
		{"max_idle_days_for_users", m.MaxIdleDaysForUsers},
		{"max_idle_days_for_access_keys", m.MaxIdleDaysForAccessKeys},
	}
}

// standardPreference is what an account has that never set any (IMS API,
// SetSecurityPreference). The page tells no default of service credentials.
func standardPreference() preferenceModel {
	return preferenceModel{
		AllowUserToChangePassword:         types.BoolValue(true),
		AllowUserToLoginWithPasskey:       types.BoolValue(true),
		AllowUserToManageMFADevices:       types.BoolValue(true),
		AllowUserToManageAccessKeys:       types.BoolValue(false),
		EnableSaveMFATicket:               types.BoolValue(false),
		AllowUserToManagePersonalDingTalk: types.BoolValue(true),
		LoginSessionDuration:              types.Int64Value(6),
		LoginNetworkMasks:                 textSet(nil),
		MFAOperationForLogin:              types.StringValue("independent"),
		VerificationTypes:                 textSet(nil),
		MaxIdleDaysForUsers:               types.Int64Value(730),
		MaxIdleDaysForAccessKeys:          types.Int64Value(730),
	}
}

// resets are the attributes that a reset changes, with the value they get.
func (m preferenceModel) resets() []string {
	var changes []string
	standard := standardPreference().settings()
	for i, now := range m.settings() {
		if to := standard[i].value; !to.IsNull() && !now.value.IsNull() && !to.Equal(now.value) {
			changes = append(changes, fmt.Sprintf("%s to %s", now.name, to))
		}
	}
	return changes
}

// over is the preference with what the model says put over it.
func (m preferenceModel) over(current ramclient.SecurityPreference) ramclient.SecurityPreference {
	put(&current.AllowUserToChangePassword, m.AllowUserToChangePassword.ValueBoolPointer())
	put(&current.AllowUserToLoginWithPasskey, m.AllowUserToLoginWithPasskey.ValueBoolPointer())
	put(&current.AllowUserToManageMFADevices, m.AllowUserToManageMFADevices.ValueBoolPointer())
	put(&current.AllowUserToManageAccessKeys, m.AllowUserToManageAccessKeys.ValueBoolPointer())
	put(&current.EnableSaveMFATicket, m.EnableSaveMFATicket.ValueBoolPointer())
	put(&current.AllowUserToManagePersonalDingTalk, m.AllowUserToManagePersonalDingTalk.ValueBoolPointer())
	put(&current.AllowUserToManageServiceCredentials, m.AllowUserToManageServiceCredentials.ValueBoolPointer())
	put(&current.LoginSessionDuration, number(m.LoginSessionDuration))
	put(&current.MFAOperationForLogin, m.MFAOperationForLogin.ValueStringPointer())
	put(&current.MaxIdleDaysForUsers, number(m.MaxIdleDaysForUsers))
	put(&current.MaxIdleDaysForAccessKeys, number(m.MaxIdleDaysForAccessKeys))
	if !m.LoginNetworkMasks.IsNull() {
		joined := strings.Join(texts(m.LoginNetworkMasks), maskSeparator)
		current.LoginNetworkMasks = &joined
	}
	if !m.VerificationTypes.IsNull() {
		types := texts(m.VerificationTypes)
		current.VerificationTypes = &types
	}
	return current
}

// put puts a value that is given in the place of another.
func put[T any](place **T, given *T) {
	if given != nil {
		*place = given
	}
}

func number(value types.Int64) *int {
	if value.IsNull() {
		return nil
	}
	n := int(value.ValueInt64())
	return &n
}

// preferenceFromAPI is the model of what the service says; null where it says nothing.
func preferenceFromAPI(from ramclient.SecurityPreference, accountID string) preferenceModel {
	return preferenceModel{
		AllowUserToChangePassword:           types.BoolPointerValue(from.AllowUserToChangePassword),
		AllowUserToLoginWithPasskey:         types.BoolPointerValue(from.AllowUserToLoginWithPasskey),
		AllowUserToManageMFADevices:         types.BoolPointerValue(from.AllowUserToManageMFADevices),
		AllowUserToManageAccessKeys:         types.BoolPointerValue(from.AllowUserToManageAccessKeys),
		EnableSaveMFATicket:                 types.BoolPointerValue(from.EnableSaveMFATicket),
		AllowUserToManagePersonalDingTalk:   types.BoolPointerValue(from.AllowUserToManagePersonalDingTalk),
		AllowUserToManageServiceCredentials: types.BoolPointerValue(from.AllowUserToManageServiceCredentials),
		LoginSessionDuration:                numberValue(from.LoginSessionDuration),
		LoginNetworkMasks:                   masks(from.LoginNetworkMasks),
		MFAOperationForLogin:                types.StringPointerValue(from.MFAOperationForLogin),
		VerificationTypes:                   verificationTypes(from.VerificationTypes),
		MaxIdleDaysForUsers:                 numberValue(from.MaxIdleDaysForUsers),
		MaxIdleDaysForAccessKeys:            numberValue(from.MaxIdleDaysForAccessKeys),
		AccountID:                           types.StringValue(accountID),
	}
}

func numberValue(from *int) types.Int64 {
	if from == nil {
		return types.Int64Null()
	}
	return types.Int64Value(int64(*from))
}

// maskSeparator separates login network masks on the wire.
const maskSeparator = ";"

func masks(from *string) types.Set {
	if from == nil {
		return types.SetNull(types.StringType)
	}
	return textSet(strings.FieldsFunc(*from, func(r rune) bool { return string(r) == maskSeparator }))
}

func verificationTypes(from *[]string) types.Set {
	if from == nil {
		return types.SetNull(types.StringType)
	}
	return textSet(*from)
}

func textSet(list []string) types.Set {
	elements := []attr.Value{}
	for _, text := range slices.Compact(slices.Sorted(slices.Values(list))) {
		elements = append(elements, types.StringValue(text))
	}
	return types.SetValueMust(types.StringType, elements)
}

// texts are the members of a set, sorted.
func texts(set types.Set) []string {
	list := []string{}
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok {
			list = append(list, text.ValueString())
		}
	}
	slices.Sort(list)
	return list
}

// agrees says whether the service shows what is in state.
func (m preferenceModel) agrees(preference ramclient.SecurityPreference) bool {
	shown := preferenceFromAPI(preference, m.AccountID.ValueString()).settings()
	for i, held := range m.settings() {
		if !held.value.IsNull() && !held.value.Equal(shown[i].value) {
			return false
		}
	}
	return true
}

// The limits of login network masks (IMS API, SetSecurityPreference).
const (
	maxMasks       = 40
	maxMasksLength = 512
)

// masksLength limits the masks as the service gets them, joined.
type masksLength struct{}

func (masksLength) Description(context.Context) string {
	return fmt.Sprintf("must have at most %d characters together", maxMasksLength)
}

func (v masksLength) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v masksLength) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if n := len(strings.Join(texts(req.ConfigValue), maskSeparator)); n > maxMasksLength {
		resp.Diagnostics.AddAttributeError(req.Path, "Too many login network masks", fmt.Sprintf(
			"The service takes them as one text of at most %d characters, separators included; these make %d. Wider blocks take less room.", maxMasksLength, n))
	}
}

// network is an address or a CIDR block.
func network() validator.String { return networkValidator{} }

type networkValidator struct{}

func (networkValidator) Description(context.Context) string {
	return "must be an address or a CIDR block"
}

func (v networkValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (networkValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	text := req.ConfigValue.ValueString()
	_, addressErr := netip.ParseAddr(text)
	_, blockErr := netip.ParsePrefix(text)
	if addressErr != nil && blockErr != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid login network mask",
			fmt.Sprintf("Expected an address or a CIDR block such as 203.0.113.0/24, but received %q.", text))
	}
}
