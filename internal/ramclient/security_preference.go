package ramclient

import (
	"context"
	"encoding/json"
)

// SecurityPreference is what an account allows its users, and for how long. Nil in an
// answer means that the service does not tell; nil in a request, that it is not sent.
type SecurityPreference struct {
	// AllowUserToChangePassword is true by default.
	AllowUserToChangePassword *bool `param:"AllowUserToChangePassword"`
	// AllowUserToLoginWithPasskey is true by default.
	AllowUserToLoginWithPasskey *bool `param:"AllowUserToLoginWithPasskey"`
	// EnableSaveMFATicket lets users go without MFA for seven days; false by default.
	EnableSaveMFATicket *bool `param:"EnableSaveMFATicket"`
	// LoginSessionDuration is in hours, 1 to 24; 6 by default.
	LoginSessionDuration *int `param:"LoginSessionDuration"`
	// LoginNetworkMasks, separated by ";", are where one may log in to the console from: at
	// most 40 with 512 characters. Empty means everywhere.
	LoginNetworkMasks *string `param:"LoginNetworkMasks"`
	// MFAOperationForLogin is "mandatory", "independent" (the default: each user's own
	// setting counts) or "adaptive" (only unusual logins).
	MFAOperationForLogin *string `param:"MFAOperationForLogin"`

	// AllowUserToManageAccessKeys is false by default.
	AllowUserToManageAccessKeys         *bool `param:"AllowUserToManageAccessKeys"`
	AllowUserToManageServiceCredentials *bool `param:"AllowUserToManageServiceCredentials"`
	// AllowUserToManageMFADevices is true by default.
	AllowUserToManageMFADevices *bool `param:"AllowUserToManageMFADevices"`
	// AllowUserToManagePersonalDingTalk is true by default.
	AllowUserToManagePersonalDingTalk *bool `param:"AllowUserToManagePersonalDingTalk"`
	// VerificationTypes are "sms" and "email".
	VerificationTypes *[]string `param:"VerificationTypes,json"`

	// The days without use after which the service disables logins and access keys: 90,
	// 180, 365 or 730 (the default).
	MaxIdleDaysForUsers      *int `param:"MaxIdleDaysForUsers"`
	MaxIdleDaysForAccessKeys *int `param:"MaxIdleDaysForAccessKeys"`
}

// UnmarshalJSON implements json.Unmarshaler. The service sorts the preferences into
// objects, and takes them without.
func (p *SecurityPreference) UnmarshalJSON(data []byte) error {
	var parts struct {
		LoginProfilePreference, AccessKeyPreference, MFAPreference  json.RawMessage
		PersonalInfoPreference, VerificationPreference, MaxIdleDays json.RawMessage
	}
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	type flat SecurityPreference
	var read flat
	for _, part := range []json.RawMessage{
		parts.LoginProfilePreference, parts.AccessKeyPreference, parts.MFAPreference,
		parts.PersonalInfoPreference, parts.VerificationPreference, parts.MaxIdleDays,
	} {
		if part == nil {
			continue
		}
		if err := json.Unmarshal(part, &read); err != nil {
			return err
		}
	}
	*p = SecurityPreference(read)
	return nil
}

type securityPreferenceAnswer struct{ SecurityPreference *SecurityPreference }

func (a *securityPreferenceAnswer) Check() error {
	if a.SecurityPreference == nil {
		return missing("SecurityPreference", "")
	}
	return nil
}

// GetSecurityPreference reads the account's preferences (IMS 2019-08-15:
// GetSecurityPreference).
func (c *Client) GetSecurityPreference(ctx context.Context) (SecurityPreference, error) {
	var out securityPreferenceAnswer
	if err := c.do(ctx, OpGetSecurityPreference, nil, &out); err != nil {
		return SecurityPreference{}, err
	}
	return *out.SecurityPreference, nil
}

// SetSecurityPreference changes the account's preferences and gives all as they are then
// (IMS 2019-08-15: SetSecurityPreference). It is not documented whether one that is not
// sent keeps its value or takes the default: to change one, read, change and set all.
// Errors: InvalidParameter.*.
func (c *Client) SetSecurityPreference(ctx context.Context, in SecurityPreference) (SecurityPreference, error) {
	var out securityPreferenceAnswer
	if err := c.do(ctx, OpSetSecurityPreference, in, &out); err != nil {
		return SecurityPreference{}, err
	}
	return *out.SecurityPreference, nil
}
