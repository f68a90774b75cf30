package emulator

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// CloudSSOAccess is one thing a CloudSSO user may do: act as a role of an account,
// through an access configuration.
type CloudSSOAccess struct {
	AccountID             string
	AccessConfigurationID string // such as ac-example
	// RoleName is the role that stands for the access configuration in the account. It
	// may be made later; its trust policy is not asked.
	RoleName string
	// SessionSeconds is how long credentials last, 900 to 43200. Default 3600.
	SessionSeconds int
}

// CloudSSOLogin is what a login leaves in the CLI's profile. It cannot be renewed: after
// its end a person has to log in again.
type CloudSSOLogin struct {
	AccessToken string
	Expiry      time.Time
}

// ssoLogin is a login to CloudSSO. It begins with a device code that waits for a person,
// or with an access token at once.
type ssoLogin struct {
	DeviceCode, UserCode, ClientID, Challenge string // empty once the code was used
	DeviceEnds                                time.Time

	User        string // empty until a person approved
	Access      []CloudSSOAccess
	AccessToken string
	Ends        time.Time
}

// Lifetimes of CloudSSO (assumption "cloudsso-lifetimes").
const (
	ssoDeviceLife   = 10 * time.Minute
	ssoPollInterval = 5 // seconds
	ssoLoginLife    = 8 * time.Hour
)

// LogInToCloudSSO logs a user in without browser and device code, with access to roles.
func (e *Emulator) LogInToCloudSSO(user string, access ...CloudSSOAccess) (CloudSSOLogin, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.config.Clock.Now()
	given, err := e.bareCall(now).logInToCloudSSO(user, access)
	if err != nil {
		return CloudSSOLogin{}, err
	}
	e.remember(now)
	return given, e.save()
}

func (c *call) logInToCloudSSO(user string, access []CloudSSOAccess) (CloudSSOLogin, error) {
	login := &ssoLogin{}
	if err := login.approve(user, access); err != nil {
		return CloudSSOLogin{}, err
	}
	c.state.SSOLogins = append(c.state.SSOLogins, login)
	return c.beginSSO(login), nil
}

// ApproveDevice lets a user approve a login that waits, as the person does who types
// its user code into the browser.
func (e *Emulator) ApproveDevice(userCode, user string, access ...CloudSSOAccess) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.config.Clock.Now()
	login := e.state.ssoLogin(func(l *ssoLogin) bool { return l.UserCode == userCode && userCode != "" && now.Before(l.DeviceEnds) })
	if login == nil {
		return errors.New("approve device: no login waits for this user code")
	}
	if err := login.approve(user, access); err != nil {
		return err
	}
	e.remember(now)
	return e.save()
}

func (l *ssoLogin) approve(user string, access []CloudSSOAccess) error {
	if !sessionNameFormat.MatchString(user) {
		return fmt.Errorf("CloudSSO user %q: 2 to 64 letters, digits and .@-_ are needed", user)
	}
	for _, one := range access {
		if !accountID.MatchString(one.AccountID) || one.AccessConfigurationID == "" || one.RoleName == "" {
			return fmt.Errorf("CloudSSO access %+v is incomplete", one)
		}
		if s := one.SessionSeconds; s != 0 && (s < shortestSession || s > longestSession) {
			return fmt.Errorf("CloudSSO access lasts %d seconds, not %d to %d", s, shortestSession, longestSession)
		}
	}
	l.User, l.Access = user, slices.Clone(access)
	return nil
}

// beginSSO gives an approved login its access token; a device code is used up.
func (c *call) beginSSO(login *ssoLogin) CloudSSOLogin {
	login.DeviceCode, login.UserCode = "", ""
	login.AccessToken, login.Ends = c.ids.bearer("SSO"), c.now.Add(ssoLoginLife)
	return CloudSSOLogin{login.AccessToken, login.Ends}
}

func (s *state) ssoLogin(has func(*ssoLogin) bool) *ssoLogin {
	if at := slices.IndexFunc(s.SSOLogins, has); at >= 0 {
		return s.SSOLogins[at]
	}
	return nil
}

func (s *state) expireSSOLogins(now time.Time) {
	s.SSOLogins = slices.DeleteFunc(s.SSOLogins, func(l *ssoLogin) bool { return !now.Before(l.Ends) && !now.Before(l.DeviceEnds) })
}
