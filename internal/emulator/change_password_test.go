package emulator

import (
	"fmt"
	"testing"
)

func TestUserChangesItsPassword(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createRole("r", trustAccount1)
	user := s.root.newUser("staff", mayAssume)
	named := params{"UserPrincipalName": upn(s, "staff")}
	change := func(before, after string) params { return params{"OldPassword": before, "NewPassword": after} }
	const first = "hunter2hunter2"
	user.refused(ims, "ChangePassword", change(first, "hunter3hunter3"), 404, "EntityNotExist.User.LoginProfile")
	s.root.must(ims, "CreateLoginProfile", named.with("Password", first).with("PasswordResetRequired", "true"))

	user.refused(ims, "ChangePassword", change("wrong", "hunter3hunter3"), 400, "InvalidParameter.OldPassword.Incorrect")
	user.refused(ims, "ChangePassword", change(first, "short"), 400, "InvalidParameter.NewPassword.TooWeak")
	s.root.refused(ims, "ChangePassword", change(first, "hunter3hunter3"), 400, "NotSupport.Account")
	user.assume(roleOf(1, "r")).refused(ims, "ChangePassword", change(first, "hunter3hunter3"), 403, "NoPermission")

	user.must(ims, "ChangePassword", change(first, "hunter3hunter3"))
	got := s.root.must(ims, "GetLoginProfile", named)
	if got.at("LoginProfile.PasswordResetRequired") != "false" || got.at("LoginProfile.PasswordStatus") != "NotInitial" {
		t.Errorf("after the change: %v", got.Body["LoginProfile"])
	}
	user.refused(ram, "ChangePassword", change(first, "hunter4hunter4"), 400, "InvalidParameter.OldPassword.Incorrect")
	user.must(ram, "ChangePassword", change("hunter3hunter3", first)) // nothing prevents its return

	for _, logged := range s.Requests() {
		if logged.Operation == "ChangePassword" && (logged.Params["OldPassword"] != removed || logged.Params["NewPassword"] != removed) {
			t.Errorf("the log shows %v, want no password", logged.Params)
		}
	}
}

func TestChangePasswordNeedsThePreference(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	change := params{"OldPassword": "hunter2hunter2", "NewPassword": "hunter3hunter3"}
	users := map[string]client{
		"plain":  s.root.newUser("plain", nil),
		"mighty": s.root.newUser("mighty", []string{"AdministratorAccess"}),
		"denied": s.root.newUser("denied", nil, stating("Deny", "ram:ChangePassword", "*", "")),
	}
	for name := range users {
		s.root.must(ram, "CreateLoginProfile", params{"UserName": name, "Password": "hunter2hunter2"})
	}
	s.root.must(ims, "SetSecurityPreference", params{"AllowUserToChangePassword": "false"})
	for _, user := range users {
		user.refused(ims, "ChangePassword", change, 403, "NoPermission")
	}
	s.root.must(ims, "SetSecurityPreference", params{"AllowUserToChangePassword": "true"})
	users["denied"].refused(ims, "ChangePassword", change, 403, "NoPermission")
	users["plain"].must(ims, "ChangePassword", change)
	users["mighty"].must(ims, "ChangePassword", change)
}

func TestPasswordsDoNotComeBack(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	user := s.root.newUser("staff", nil)
	password := func(n int) string { return fmt.Sprint("password-", n) }
	s.root.must(ram, "CreateLoginProfile", params{"UserName": "staff", "Password": password(0)})
	change := func(before, after int) params {
		return params{"OldPassword": password(before), "NewPassword": password(after)}
	}
	user.must(ims, "ChangePassword", change(0, 0))
	s.root.must(ims, "SetPasswordPolicy", params{"PasswordReusePrevention": "2"})
	user.refused(ims, "ChangePassword", change(0, 0), 400, "InvalidParameter.NewPassword.ReusePrevention")
	user.must(ims, "ChangePassword", change(0, 1))
	user.refused(ims, "ChangePassword", change(1, 0), 400, "InvalidParameter.NewPassword.ReusePrevention")
	user.must(ims, "ChangePassword", change(1, 2))
	user.must(ims, "ChangePassword", change(2, 0))

	s.root.must(ims, "SetPasswordPolicy", params{"PasswordReusePrevention": "24"})
	for n := range 30 {
		s.root.must(ram, "UpdateLoginProfile", params{"UserName": "staff", "Password": password(100 + n)})
	}
	user.refused(ims, "ChangePassword", change(129, 106), 400, "InvalidParameter.NewPassword.ReusePrevention")
	user.must(ims, "ChangePassword", change(129, 105))
}
