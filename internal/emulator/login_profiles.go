package emulator

func loginProfileOperations() []*operation {
	return []*operation{
		define(ims, "CreateLoginProfile", write, func(c *call, in imsLogin) string { return in.arn(c) }, createLoginIMS),
		define(ims, "GetLoginProfile", read, func(c *call, in userPrincipal) string { return in.arn(c) }, getLoginIMS),
		define(ims, "UpdateLoginProfile", write, func(c *call, in imsLogin) string { return in.arn(c) }, updateLoginIMS),
		define(ims, "DeleteLoginProfile", write, func(c *call, in userPrincipal) string { return in.arn(c) }, deleteLoginIMS),

		define(ram, "CreateLoginProfile", write, func(c *call, in ramLogin) string { return in.arn(c) }, createLoginRAM),
		define(ram, "GetLoginProfile", read, func(c *call, in userNamed) string { return in.arn(c) }, getLoginRAM),
		define(ram, "UpdateLoginProfile", write, func(c *call, in ramLogin) string { return in.arn(c) }, updateLoginRAM),
		define(ram, "DeleteLoginProfile", write, func(c *call, in userNamed) string { return in.arn(c) }, deleteLoginRAM),
	}
}

// loginSettings are what a login profile holds; absent ones keep their value, or at
// creation their default.
type loginSettings struct {
	Password              *string `param:",secret"`
	PasswordResetRequired *bool
	MFABindRequired       *bool
}

type imsLogin struct {
	userPrincipal
	loginSettings
	Status *string
}

type ramLogin struct {
	userNamed
	loginSettings
}

func (in loginSettings) apply(login *loginProfile) {
	if in.PasswordResetRequired != nil {
		login.PasswordResetRequired = *in.PasswordResetRequired
	}
	if in.MFABindRequired != nil {
		login.MFABindRequired = *in.MFABindRequired
	}
}

func createLoginIMS(c *call, in imsLogin) (answer, *apiError) {
	u, refused := in.find(c)
	return c.setLogin(u, refused, in.loginSettings, in.Status, true)
}

func createLoginRAM(c *call, in ramLogin) (answer, *apiError) {
	u, refused := in.find(c)
	if refused == nil && in.Password == nil {
		refused = errMissing("Password")
	}
	return c.setLogin(u, refused, in.loginSettings, nil, true)
}

func updateLoginIMS(c *call, in imsLogin) (answer, *apiError) {
	u, refused := in.find(c)
	return c.setLogin(u, refused, in.loginSettings, in.Status, false)
}

// updateLoginRAM answers RequestId only, unlike its IMS twin.
func updateLoginRAM(c *call, in ramLogin) (answer, *apiError) {
	u, refused := in.find(c)
	if _, refused = c.setLogin(u, refused, in.loginSettings, nil, false); refused != nil {
		return nil, refused
	}
	return answer{}, nil
}

func (c *call) setLogin(u *user, refused *apiError, in loginSettings, status *string, create bool) (answer, *apiError) {
	switch {
	case refused != nil:
		return nil, refused
	case create && !c.settled(u.Created):
		return nil, errNoUser(u.Name)
	case create && u.Login != nil:
		return nil, alreadyExists("User.LoginProfile", "The user %s already has a login profile.", u.Name)
	case !create && u.Login == nil:
		return nil, errNoLogin(u)
	}
	if in.Password != nil {
		if refused := c.account.checkPassword("Password", *in.Password, u); refused != nil {
			return nil, refused
		}
	}
	if status != nil {
		if refused := checkStatus(*status); refused != nil {
			return nil, refused
		}
	}
	if create {
		u.Login = &loginProfile{Status: keyActive, Created: c.now}
	}
	enabled := u.Login.Status == keyInactive && status != nil && *status == keyActive
	if in.Password != nil {
		u.Login.setPassword(*in.Password, c.now, create || enabled)
	}
	in.apply(u.Login)
	u.Login.Status, u.Login.Updated = valueOr(status, u.Login.Status), c.now
	return answer{"LoginProfile": c.loginView(u)}, nil
}

func errNoLogin(u *user) *apiError {
	return notExist("User.LoginProfile", "The user %s has no login profile.", u.Name)
}

func (c *call) loginView(u *user) map[string]any {
	view := map[string]any{
		"PasswordResetRequired": u.Login.PasswordResetRequired, "MFABindRequired": u.Login.MFABindRequired,
	}
	if c.op.api == ram {
		view["UserName"], view["CreateDate"] = u.Name, stamp(u.Login.Created)
		return view
	}
	view["UserPrincipalName"], view["Status"] = c.account.upn(u.Name), u.Login.Status
	view["UpdateDate"] = stamp(u.Login.Updated)
	view["PasswordStatus"] = u.Login.passwordStatus(c.account.Passwords, c.now)
	if c.op.name != "CreateLoginProfile" {
		view["AutoDisableLoginStatus"] = "true" // idle logins are always disabled ("IMS API: GetLoginProfile")
	}
	return view
}

func getLoginIMS(c *call, in userPrincipal) (answer, *apiError) {
	u, refused := in.find(c)
	out, refused := c.getLogin(u, refused)
	if refused != nil {
		return nil, refused
	}
	out["LastLoginTime"] = stamp(u.LastLogin)
	return answer{"LoginProfile": out}, nil
}

func getLoginRAM(c *call, in userNamed) (answer, *apiError) {
	out, refused := c.getLogin(in.find(c))
	if refused != nil {
		return nil, refused
	}
	return answer{"LoginProfile": out}, nil
}

func (c *call) getLogin(u *user, refused *apiError) (map[string]any, *apiError) {
	switch {
	case refused != nil:
		return nil, refused
	case u.Login == nil:
		return nil, errNoLogin(u)
	default:
		return c.loginView(u), nil
	}
}

func deleteLoginIMS(c *call, in userPrincipal) (answer, *apiError) { return deleteLogin(in.find(c)) }

func deleteLoginRAM(c *call, in userNamed) (answer, *apiError) { return deleteLogin(in.find(c)) }

func deleteLogin(u *user, refused *apiError) (answer, *apiError) {
	switch {
	case refused != nil:
		return nil, refused
	case u.Login == nil:
		return nil, errNoLogin(u)
	}
	u.Login = nil
	return answer{}, nil
}
