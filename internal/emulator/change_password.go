package emulator

import (
	"slices"
	"time"
)

func changePasswordOperations() []*operation {
	return []*operation{
		define(ims, "ChangePassword", write, ownARN[changePasswordInput], changePassword),
		define(ram, "ChangePassword", write, ownARN[changePasswordInput], changePassword),
	}
}

// ownARN is the user who calls; whoever else calls acts on no particular user.
func ownARN[In any](c *call, _ In) string {
	if u := c.account.userByID(c.caller.ID); u != nil {
		return userARN(c.account.ID, u.Name)
	}
	return userARN(c.account.ID, "*")
}

type changePasswordInput struct {
	OldPassword string `param:",required,secret"`
	NewPassword string `param:",required,secret"`
}

// changePassword is for users only, and only while the account lets them; a policy that
// allows the operation does not replace that preference.
func changePassword(c *call, in changePasswordInput) (answer, *apiError) {
	u := c.account.userByID(c.caller.ID)
	switch {
	case c.caller.Kind != callerUser || u == nil:
		return nil, errNotForAccount()
	case !c.account.Security.AllowUserToChangePassword:
		return nil, errNoPermission("Users of this account may not change their passwords.", nil)
	case u.Login == nil:
		return nil, errNoLogin(u)
	case in.OldPassword != u.Login.Password:
		return nil, invalidParameter("OldPassword.Incorrect", "The old password is incorrect.")
	}
	if refused := c.account.checkPassword("NewPassword", in.NewPassword, u); refused != nil {
		return nil, refused
	}
	if u.Login.used(in.NewPassword, c.account.Passwords.PasswordReusePrevention) {
		return nil, invalidParameter("NewPassword.ReusePrevention", "The new password was used before.")
	}
	u.Login.setPassword(in.NewPassword, c.now, false)
	u.Login.PasswordResetRequired, u.Login.Updated = false, c.now
	return answer{}, nil
}

// maxPasswordReuse is how many passwords a policy can ask to remember.
const maxPasswordReuse = 24

// used tells whether a password is among the newest few of a login, the present one
// included.
func (l *loginProfile) used(password string, newest int) bool {
	past := append([]string{l.Password}, l.PastPasswords...)
	return slices.Contains(past[:min(newest, len(past))], password)
}

// setPassword replaces the password. An initial one was given along with the login.
func (l *loginProfile) setPassword(password string, now time.Time, initial bool) {
	if l.Password != "" {
		l.PastPasswords = append([]string{l.Password}, l.PastPasswords...)
		l.PastPasswords = l.PastPasswords[:min(maxPasswordReuse, len(l.PastPasswords))]
	}
	l.Password, l.PasswordSet, l.InitialPassword = password, now, initial
}

// passwordStatus follows "IMS API: GetLoginProfile".
func (l *loginProfile) passwordStatus(policy passwordPolicy, now time.Time) string {
	switch {
	case !l.InitialPassword:
		return "NotInitial"
	case policy.InitialPasswordAge > 0 && !now.Before(l.PasswordSet.Add(days(policy.InitialPasswordAge))):
		return "InitialExpired"
	default:
		return "InitialValid"
	}
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
