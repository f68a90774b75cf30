package emulator

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPasswordPolicyIsSetWhole(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	policyOf := func(r reply) map[string]any {
		policy, _ := r.Body["PasswordPolicy"].(map[string]any)
		return policy
	}
	standard := map[string]any{
		"MinimumPasswordLength": 8.0, "RequireLowercaseCharacters": false, "RequireUppercaseCharacters": false,
		"RequireNumbers": false, "RequireSymbols": false, "MaxLoginAttemps": 5.0, "PasswordReusePrevention": 0.0,
		"MaxPasswordAge": 0.0, "HardExpire": false, "MinimumPasswordDifferentCharacter": 0.0,
		"PasswordNotContainUserName": false, "InitialPasswordAge": 14.0, "InterceptRiskPasswordOnApi": false,
	}
	if diff := cmp.Diff(standard, policyOf(s.root.must(ims, "GetPasswordPolicy", nil))); diff != "" {
		t.Errorf("never set (-want +got):\n%s", diff)
	}
	want := maps.Clone(standard)
	maps.Copy(want, map[string]any{"MinimumPasswordLength": 12.0, "RequireSymbols": true, "InitialPasswordAge": 3.0, "HardExpire": true, "InterceptRiskPasswordOnApi": true})
	answered := s.root.must(ims, "SetPasswordPolicy", params{
		"MinimumPasswordLength": "12", "RequireSymbols": "true", "InitialPasswordAge": "3", "HardExpire": "true", "InterceptRiskPasswordOnApi": "true",
	})
	if diff := cmp.Diff(want, policyOf(answered)); diff != "" {
		t.Errorf("set through IMS (-want +got):\n%s", diff)
	}

	s.root.must(ram, "SetPasswordPolicy", params{"MaxPasswordAge": "90"})
	inRAM := map[string]any{
		"MinimumPasswordLength": 8.0, "RequireLowercaseCharacters": false, "RequireUppercaseCharacters": false,
		"RequireNumbers": false, "RequireSymbols": false, "MaxLoginAttemps": 5.0, "PasswordReusePrevention": 0.0,
		"MaxPasswordAge": 90.0, "HardExpiry": false,
	}
	if diff := cmp.Diff(inRAM, policyOf(s.root.must(ram, "GetPasswordPolicy", nil))); diff != "" {
		t.Errorf("set through RAM (-want +got):\n%s", diff)
	}
	if got := s.root.must(ims, "GetPasswordPolicy", nil).at("PasswordPolicy.InitialPasswordAge"); got != "3" {
		t.Errorf("RAM changed InitialPasswordAge, which it does not know, to %s", got)
	}
	for parameter, values := range map[string][]string{
		"MinimumPasswordLength": {"7", "33"}, "MaxLoginAttemps": {"-1", "33"}, "PasswordReusePrevention": {"-1", "25"},
		"MaxPasswordAge": {"-1", "1096"}, "MinimumPasswordDifferentCharacter": {"-1", "9"}, "InitialPasswordAge": {"-1", "91"},
	} {
		for _, value := range values {
			s.root.refused(ims, "SetPasswordPolicy", params{parameter: value}, 400, "InvalidParameter."+parameter)
		}
	}
	if got := s.root.must(ims, "GetPasswordPolicy", nil).at("PasswordPolicy.MaxPasswordAge"); got != "90" {
		t.Errorf("refused calls changed MaxPasswordAge to %s", got)
	}
}

func TestPasswordsMeetThePolicy(t *testing.T) {
	t.Parallel()
	for i, test := range []struct {
		rule, value    string
		weak, adequate string
	}{
		{"", "", "seven77", "eight888"},
		{"MinimumPasswordLength", "10", "123456789", "1234567890"},
		{"MinimumPasswordLength", "8", "ééééééé", "éééééééé"},
		{"RequireLowercaseCharacters", "true", "ABCDEFGH", "ABCDEFGh"},
		{"RequireUppercaseCharacters", "true", "abcdefgh", "abcdefgH"},
		{"RequireNumbers", "true", "abcdefgh", "abcdefg1"},
		{"RequireSymbols", "true", "abcdefg1", "abcdef1!"},
		{"MinimumPasswordDifferentCharacter", "3", "abababab", "abcababa"},
		{"PasswordNotContainUserName", "true", "xxSTAFFxx", "xxSTAFxxx"},
	} {
		s := serve(t, Config{})
		s.root.must(ram, "CreateUser", params{"UserName": "staff"})
		rules := params{}
		if test.rule != "" {
			rules[test.rule] = test.value
		}
		s.root.must(ims, "SetPasswordPolicy", rules)
		named := params{"UserPrincipalName": upn(s, "staff")}
		name := fmt.Sprint(i, " ", test.rule)
		s.root.refused(ims, "CreateLoginProfile", named.with("Password", test.weak), 400, "InvalidParameter.Password.TooWeak")
		s.root.refused(ims, "GetLoginProfile", named, 404, "EntityNotExist.User.LoginProfile")
		s.root.must(ims, "CreateLoginProfile", named.with("Password", test.adequate))
		got := s.root.refused(ram, "UpdateLoginProfile", params{"UserName": "staff", "Password": test.weak}, 400, "InvalidParameter.Password.TooWeak")
		if message, _ := got.Body["Message"].(string); strings.Contains(message, test.weak) {
			t.Errorf("%s: the message repeats the password: %s", name, message)
		}
	}
}

func TestInitialPasswordExpires(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	named := params{"UserPrincipalName": upn(s, "staff")}
	s.root.must(ram, "CreateUser", params{"UserName": "staff"})
	status := func(when, want string) {
		t.Helper()
		got := s.root.must(ims, "GetLoginProfile", named)
		if got.at("LoginProfile.PasswordStatus") != want || got.at("LoginProfile.AutoDisableLoginStatus") != "true" {
			t.Errorf("%s: got %v, want PasswordStatus %s", when, got.Body["LoginProfile"], want)
		}
	}
	s.root.must(ims, "CreateLoginProfile", named)
	status("without a password", "NotInitial")
	s.root.must(ims, "DeleteLoginProfile", named)
	made := s.root.must(ims, "CreateLoginProfile", named.with("Password", "hunter2hunter2"))
	if made.at("LoginProfile.PasswordStatus") != "InitialValid" || made.at("LoginProfile.AutoDisableLoginStatus") != "" {
		t.Errorf("got %v", made.Body["LoginProfile"])
	}
	s.clock.Advance(14*24*time.Hour - time.Second)
	status("a second before 14 days", "InitialValid")
	s.clock.Advance(time.Second)
	status("after 14 days", "InitialExpired")
	s.root.must(ims, "SetPasswordPolicy", params{"InitialPasswordAge": "0"})
	status("with initial passwords for ever", "InitialValid")
	s.root.must(ims, "UpdateLoginProfile", named.with("Password", "hunter3hunter3"))
	status("reset", "NotInitial")
	s.root.must(ims, "UpdateLoginProfile", named.with("Status", "Inactive"))
	s.root.must(ims, "UpdateLoginProfile", named.with("Status", "Active").with("Password", "hunter4hunter4"))
	status("enabled again with another", "InitialValid")
}
