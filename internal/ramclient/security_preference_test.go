package ramclient

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var strict = SecurityPreference{
	AllowUserToChangePassword: new(true), AllowUserToLoginWithPasskey: new(false), EnableSaveMFATicket: new(false),
	LoginSessionDuration: new(8), LoginNetworkMasks: new("203.0.113.0/24"), MFAOperationForLogin: new("mandatory"),
	AllowUserToManageAccessKeys: new(false), AllowUserToManageServiceCredentials: new(false), AllowUserToManageMFADevices: new(true),
	AllowUserToManagePersonalDingTalk: new(false), VerificationTypes: &[]string{"sms", "email"},
	MaxIdleDaysForUsers: new(90), MaxIdleDaysForAccessKeys: new(180),
}

const strictAnswer = `{"SecurityPreference":{
	"LoginProfilePreference":{"AllowUserToChangePassword":true,"AllowUserToLoginWithPasskey":false,"EnableSaveMFATicket":false,
	"LoginSessionDuration":8,"LoginNetworkMasks":"203.0.113.0/24","MFAOperationForLogin":"mandatory","OperationForRiskLogin":"autonomous"},
	"AccessKeyPreference":{"AllowUserToManageAccessKeys":false,"AllowUserToManageServiceCredentials":false},
	"MFAPreference":{"AllowUserToManageMFADevices":true},"VerificationPreference":{"VerificationTypes":["sms","email"]},
	"PersonalInfoPreference":{"AllowUserToManagePersonalDingTalk":false},
	"MaxIdleDays":{"MaxIdleDaysForUsers":90,"MaxIdleDaysForAccessKeys":180}}}`

var securityPreferenceTests = map[string]operationTest{
	"get the security preference": {
		OpGetSecurityPreference, func(ctx context.Context, c *Client) (any, error) { return value(c.GetSecurityPreference(ctx)) },
		"", "", strictAnswer, strict,
	},
	"set the security preference": {
		OpSetSecurityPreference, func(ctx context.Context, c *Client) (any, error) {
			return value(c.SetSecurityPreference(ctx, strict))
		},
		`AllowUserToChangePassword=true&AllowUserToLoginWithPasskey=false&AllowUserToManageAccessKeys=false&AllowUserToManageMFADevices=true` +
			`&AllowUserToManagePersonalDingTalk=false&AllowUserToManageServiceCredentials=false&EnableSaveMFATicket=false` +
			`&LoginNetworkMasks=203.0.113.0%2F24&LoginSessionDuration=8&MFAOperationForLogin=mandatory` +
			`&MaxIdleDaysForAccessKeys=180&MaxIdleDaysForUsers=90&VerificationTypes=["sms","email"]`, "",
		strictAnswer, strict,
	},
	"clear some of the security preference": {
		OpSetSecurityPreference, func(ctx context.Context, c *Client) (any, error) {
			return value(c.SetSecurityPreference(ctx, SecurityPreference{LoginNetworkMasks: new(""), VerificationTypes: &[]string{}}))
		},
		"LoginNetworkMasks=&VerificationTypes=[]", "",
		`{"SecurityPreference":{"LoginProfilePreference":{"LoginNetworkMasks":""},"VerificationPreference":{"VerificationTypes":[]}}}`,
		SecurityPreference{LoginNetworkMasks: new(""), VerificationTypes: &[]string{}},
	},
}

func TestSecurityPreferenceTellsAbsentFromFalse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		json string
		want SecurityPreference
		err  bool
	}{
		"nothing":          {`{}`, SecurityPreference{}, false},
		"a null":           {`{"MFAPreference":null}`, SecurityPreference{}, false},
		"an empty object":  {`{"MFAPreference":{}}`, SecurityPreference{}, false},
		"false":            {`{"MFAPreference":{"AllowUserToManageMFADevices":false}}`, SecurityPreference{AllowUserToManageMFADevices: new(false)}, false},
		"an unknown group": {`{"PublicKeyPreference":{"AllowUserToManagePublicKeys":true}}`, SecurityPreference{}, false},
		"another shape":    {`{"MaxIdleDays":90}`, SecurityPreference{}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got SecurityPreference
			err := json.Unmarshal([]byte(test.json), &got)
			if diff := cmp.Diff(test.want, got); diff != "" || (err != nil) != test.err {
				t.Errorf("(-want +got)\n%s\nerror: got %v, want %t", diff, err, test.err)
			}
		})
	}
}
