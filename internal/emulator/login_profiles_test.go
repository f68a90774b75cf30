package emulator

import (
	"maps"
	"strings"
	"testing"
)

func TestLoginProfile(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	byName := params{"UserPrincipalName": upn(s, "bot")}
	with := func(extra params) params {
		p := params{"UserPrincipalName": upn(s, "bot")}
		maps.Copy(p, extra)
		return p
	}
	s.root.refused(ims, "GetLoginProfile", byName, 404, "EntityNotExist.User.LoginProfile")
	s.root.refused(ims, "UpdateLoginProfile", byName, 404, "EntityNotExist.User.LoginProfile")
	s.root.refused(ims, "CreateLoginProfile", with(params{"Password": "short"}), 400, "InvalidParameter.Password.TooWeak")
	s.root.refused(ram, "CreateLoginProfile", params{"UserName": "bot"}, 400, "MissingPassword")
	made := s.root.must(ims, "CreateLoginProfile", with(params{"Password": "hunter2hunter2", "MFABindRequired": "true"}))
	if made.at("LoginProfile.Status") != "Active" || made.at("LoginProfile.MFABindRequired") != "true" || made.at("LoginProfile.PasswordResetRequired") != "false" {
		t.Errorf("got %v", made.Body["LoginProfile"])
	}
	s.root.refused(ram, "CreateLoginProfile", params{"UserName": "bot", "Password": "hunter2hunter2"}, 409, "EntityAlreadyExists.User.LoginProfile")
	s.root.must(ims, "UpdateLoginProfile", with(params{"Status": "Inactive"}))
	got := s.root.must(ims, "GetLoginProfile", byName)
	if got.at("LoginProfile.Status") != "Inactive" || got.at("LoginProfile.MFABindRequired") != "true" {
		t.Errorf("after the update: %v", got.Body["LoginProfile"])
	}
	text := body(t, s.root.newRequest(ram, "GetLoginProfile", params{"UserName": "bot"}))
	if !strings.Contains(text, `"UserName":"bot"`) || strings.Contains(text, "Status") || strings.Contains(text, "hunter2") {
		t.Errorf("RAM GetLoginProfile: %s", text)
	}
	s.root.must(ram, "DeleteLoginProfile", params{"UserName": "bot"})
	s.root.refused(ims, "DeleteLoginProfile", byName, 404, "EntityNotExist.User.LoginProfile")
}
