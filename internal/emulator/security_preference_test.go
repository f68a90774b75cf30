package emulator

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSecurityPreference(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	preference := func(of api) map[string]any {
		t.Helper()
		got, _ := s.root.must(of, "GetSecurityPreference", nil).Body["SecurityPreference"].(map[string]any)
		return got
	}
	type fields = map[string]any
	want := fields{
		"LoginProfilePreference": fields{
			"EnableSaveMFATicket": false, "AllowUserToChangePassword": true, "LoginSessionDuration": 6.0, "LoginNetworkMasks": "",
			"MFAOperationForLogin": "independent", "OperationForRiskLogin": "autonomous", "AllowUserToLoginWithPasskey": true,
		},
		"AccessKeyPreference":    fields{"AllowUserToManageAccessKeys": false, "AllowUserToManageServiceCredentials": false},
		"MFAPreference":          fields{"AllowUserToManageMFADevices": true},
		"VerificationPreference": fields{"VerificationTypes": []any{}},
		"PersonalInfoPreference": fields{"AllowUserToManagePersonalDingTalk": true},
		"MaxIdleDays":            fields{"MaxIdleDaysForUsers": 730.0, "MaxIdleDaysForAccessKeys": 730.0},
	}
	if diff := cmp.Diff(want, preference(ims)); diff != "" {
		t.Errorf("never set (-want +got):\n%s", diff)
	}

	s.root.must(ims, "SetSecurityPreference", params{
		"MaxIdleDaysForAccessKeys": "90", "VerificationTypes": `["sms","email"]`, "LoginNetworkMasks": "203.0.113.0/24;198.51.100.9",
	})
	answered := s.root.must(ims, "SetSecurityPreference", params{"EnforceMFAForLogin": "true", "LoginSessionDuration": "24"})
	want["MaxIdleDays"].(fields)["MaxIdleDaysForAccessKeys"] = 90.0
	want["VerificationPreference"].(fields)["VerificationTypes"] = []any{"sms", "email"}
	login, _ := want["LoginProfilePreference"].(fields)
	login["LoginNetworkMasks"], login["MFAOperationForLogin"], login["LoginSessionDuration"] = "203.0.113.0/24;198.51.100.9", "mandatory", 24.0
	if diff := cmp.Diff(want, answered.Body["SecurityPreference"]); diff != "" {
		t.Errorf("answer of the second change (-want +got):\n%s", diff)
	}

	s.root.must(ram, "SetSecurityPreference", params{"AllowUserToManagePublicKeys": "true", "EnableSaveMFATicket": "true"})
	inRAM := fields{
		"LoginProfilePreference": fields{
			"EnableSaveMFATicket": true, "AllowUserToChangePassword": true, "LoginSessionDuration": 24.0, "LoginNetworkMasks": "203.0.113.0/24;198.51.100.9",
		},
		"AccessKeyPreference": fields{"AllowUserToManageAccessKeys": false},
		"MFAPreference":       fields{"AllowUserToManageMFADevices": true},
		"PublicKeyPreference": fields{"AllowUserToManagePublicKeys": true},
	}
	if diff := cmp.Diff(inRAM, preference(ram)); diff != "" {
		t.Errorf("through RAM (-want +got):\n%s", diff)
	}
	s.root.must(ims, "SetSecurityPreference", params{"EnforceMFAForLogin": "false", "LoginNetworkMasks": "", "VerificationTypes": "[]"})
	login["LoginNetworkMasks"], login["MFAOperationForLogin"], login["EnableSaveMFATicket"] = "", "independent", true
	want["VerificationPreference"].(fields)["VerificationTypes"] = []any{}
	if diff := cmp.Diff(want, preference(ims)); diff != "" {
		t.Errorf("emptied (-want +got):\n%s", diff)
	}
}

func TestSecurityPreferenceRefuses(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	before := s.root.must(ims, "GetSecurityPreference", nil).Body["SecurityPreference"]
	for _, test := range []struct{ parameter, value, code string }{
		{"LoginSessionDuration", "0", "LoginSessionDuration"},
		{"LoginSessionDuration", "25", "LoginSessionDuration"},
		{"MFAOperationForLogin", "always", "MFAOperationForLogin"},
		{"OperationForRiskLogin", "other", "OperationForRiskLogin"},
		{"MaxIdleDaysForAccessKeys", "30", "MaxIdleDaysForAccessKeys"},
		{"MaxIdleDaysForUsers", "0", "MaxIdleDaysForUsers"},
		{"VerificationTypes", `["pigeon"]`, "VerificationTypes"},
		{"VerificationTypes", "sms", "VerificationTypes"},
		{"LoginNetworkMasks", "here", "LoginNetworkMasks.Format"},
		{"LoginNetworkMasks", strings.Repeat("10.0.0.1;", 40) + "10.0.0.1", "LoginNetworkMasks.Length"},
		{"AllowUserToChangePassword", "maybe", "AllowUserToChangePassword"},
	} {
		s.root.refused(ims, "SetSecurityPreference", params{test.parameter: test.value, "EnableSaveMFATicket": "true"}, 400, "InvalidParameter."+test.code)
	}
	if diff := cmp.Diff(before, s.root.must(ims, "GetSecurityPreference", nil).Body["SecurityPreference"]); diff != "" {
		t.Errorf("refused calls changed the preferences (-before +after):\n%s", diff)
	}
}

func TestUsersManageTheirOwnKeys(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createRole("r", trustAccount1)
	plain := s.root.newUser("plain", mayAssume)
	denied := s.root.newUser("denied", nil, stating("Deny", "ram:CreateAccessKey", "*", ""))
	s.root.newUser("other", nil)
	id := s.root.must(ram, "GetUser", params{"UserName": "plain"}).at("User.UserId")
	named := params{"UserPrincipalName": upn(s, "plain")}
	plain.refused(ims, "ListAccessKeys", nil, 403, "NoPermission")
	s.root.must(ims, "SetSecurityPreference", params{"AllowUserToManageAccessKeys": "true"})

	made := plain.must(ims, "CreateAccessKey", named)
	key := named.with("UserAccessKeyId", made.at("AccessKey.AccessKeyId"))
	plain.must(ram, "ListAccessKeys", nil)
	plain.must(ims, "UpdateAccessKey", key.with("Status", "Inactive"))
	plain.must(ims, "GetAccessKeyLastUsed", key)
	plain.must(ims, "GetAccessKeyPolicy", key)
	plain.must(ims, "DeleteAccessKey", key)
	inBin := params{"UserId": id, "UserAccessKeyId": key["UserAccessKeyId"]}
	plain.must(ims, "ListAccessKeysInRecycleBin", params{"UserId": id})
	plain.must(ims, "RestoreAccessKeyFromRecycleBin", inBin)
	plain.must(ims, "DeleteAccessKey", key)
	plain.must(ims, "DeleteAccessKeyInRecycleBin", inBin)

	denied.refused(ims, "CreateAccessKey", nil, 403, "NoPermission")
	denied.must(ims, "ListAccessKeys", nil)
	own := named.with("UserAccessKeyId", plain.key.ID)
	plain.refused(ims, "SetAccessKeyPolicy", own.with("AccessKeyPolicy", resetPolicy), 403, "NoPermission")
	plain.refused(ims, "ListAccessKeys", params{"UserPrincipalName": upn(s, "other")}, 403, "NoPermission")
	plain.refused(ims, "GetUser", named, 403, "NoPermission")
	plain.assume(roleOf(1, "r")).refused(ims, "ListAccessKeys", named, 403, "NoPermission")

	s.root.must(ram, "UpdateUser", params{"UserName": "plain", "NewUserName": "renamed"})
	plain.must(ims, "ListAccessKeys", nil)
	s.root.must(ims, "SetSecurityPreference", params{"AllowUserToManageAccessKeys": "false"})
	if got := plain.do(ims, "ListAccessKeys", nil); got.Status != http.StatusForbidden {
		t.Errorf("switched off: got %d %s, want 403", got.Status, got.Code)
	}
}

func TestOlderStateFileHasTheDefaults(t *testing.T) {
	t.Parallel()
	var read account
	if err := json.Unmarshal([]byte(`{"ID":"1000000000000001"}`), &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(newAccount("1000000000000001"), &read); diff != "" {
		t.Errorf("an account without settings (-want +got):\n%s", diff)
	}
}
