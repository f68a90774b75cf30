package emulator

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"
)

// oauthLogin is one person's or role's login through an application. It begins with a
// code, or with tokens at once; each refresh token is good for one use.
type oauthLogin struct {
	AppID  string
	Who    caller
	Scopes []string

	Code, Challenge, RedirectURI string // empty once the code was used
	CodeEnds                     time.Time

	RefreshToken string // the newest; empty until the code was used
	RefreshEnds  time.Time
	UsedTokens   []string             // refresh tokens that were exchanged already
	AccessTokens map[string]time.Time // with the end of their validity
}

// Lifetimes of what OAuth gives out. Those of applications one owns are documented with
// these defaults; those of official-cli are not (assumption "oauth-lifetimes").
const (
	oauthCodeLife    = 5 * time.Minute
	oauthAccessLife  = time.Hour
	oauthRefreshLife = 30 * 24 * time.Hour
	oauthSession     = 3600 // seconds that the credentials of an exchange last
)

// OAuthTokens are what a login leaves in the CLI's profile.
type OAuthTokens struct {
	AccessToken       string
	RefreshToken      string // good for one use; the answer brings the next
	AccessTokenExpiry time.Time
}

// LogIn logs an identity in through an installed application, such as OfficialCLICN, as
// the CLI does with a browser. The identity is an ARN: acs:ram::<account>:root,
// :user/<name> or :role/<name>[/<session name>]. It need not be assigned to the
// application: that is looked at when credentials are asked for.
func (e *Emulator) LogIn(appID, identityARN string) (OAuthTokens, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.config.Clock.Now()
	tokens, err := e.bareCall(now).logIn(appID, identityARN)
	if err != nil {
		return OAuthTokens{}, err
	}
	e.remember(now)
	return tokens, e.save()
}

func (c *call) logIn(appID, identityARN string) (OAuthTokens, error) {
	who, found := c.identify(identityARN)
	if !found {
		return OAuthTokens{}, fmt.Errorf("log in: there is no identity %s", identityARN)
	}
	app := c.state.Accounts[who.AccountID].Applications[appID]
	if app == nil {
		return OAuthTokens{}, fmt.Errorf("log in: account %s has not installed the application %s", who.AccountID, appID)
	}
	return c.rotate(c.newLogin(app, who, app.Scopes)), nil
}

// SignIn makes an identity the one the browser is signed in as, which the authorise
// endpoint asks for; an empty ARN signs out. It is an ARN as LogIn takes it.
func (e *Emulator) SignIn(identityARN string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, found := e.bareCall(e.config.Clock.Now()).identify(identityARN); !found && identityARN != "" {
		return fmt.Errorf("sign in: there is no identity %s", identityARN)
	}
	e.state.Browser = identityARN
	return nil
}

var identityFormat = regexp.MustCompile(`^acs:ram::([0-9]{16}):(root|user|role)(?:/([^/]+))?(?:/([^/]+))?$`)

// identify finds an identity of any account by its ARN.
func (c *call) identify(arn string) (caller, bool) {
	parts := identityFormat.FindStringSubmatch(arn)
	if parts == nil || c.state.Accounts[parts[1]] == nil {
		return caller{}, false
	}
	owner, kind, name, session := c.state.Accounts[parts[1]], callerKind(parts[2]), parts[3], parts[4]
	switch {
	case kind == callerRoot && name == "":
		return caller{AccountID: owner.ID, Kind: callerRoot, ID: owner.ID}, true
	case kind == callerUser && session == "":
		if u := owner.Users[fold(name)]; u != nil {
			return caller{AccountID: owner.ID, Kind: callerUser, ID: u.ID, Name: u.Name}, true
		}
	case kind == callerRole:
		if r := owner.Roles[fold(name)]; r != nil {
			if session == "" {
				session = "console"
			}
			return roleCaller(owner, r, session), true
		}
	}
	return caller{}, false
}

// present is an identity as it is called now; false if it was deleted.
func (c *call) present(who caller) (caller, bool) {
	owner := c.state.Accounts[who.AccountID]
	switch who.Kind {
	case callerUser:
		u := owner.userByID(who.ID)
		if u == nil {
			return who, false
		}
		who.Name = u.Name
	case callerRole:
		r := owner.roleByID(who.ID)
		if r == nil {
			return who, false
		}
		who.Name = r.Name
	case callerRoot:
	}
	return who, true
}

func (c *call) newLogin(app *externalApplication, who caller, scopes []string) *oauthLogin {
	login := &oauthLogin{AppID: app.ID, Who: who, Scopes: scopes, AccessTokens: map[string]time.Time{}}
	c.state.Logins = append(c.state.Logins, login)
	return login
}

// rotate gives out the next pair of tokens. The refresh token before is used up; access
// tokens stay good until their end.
func (c *call) rotate(login *oauthLogin) OAuthTokens {
	if login.RefreshToken != "" {
		login.UsedTokens = append(login.UsedTokens, login.RefreshToken)
	}
	tokens := OAuthTokens{AccessToken: c.ids.bearer("AT"), RefreshToken: c.ids.bearer("RT"), AccessTokenExpiry: c.now.Add(oauthAccessLife)}
	login.RefreshToken, login.RefreshEnds = tokens.RefreshToken, c.now.Add(oauthRefreshLife)
	login.AccessTokens[tokens.AccessToken] = tokens.AccessTokenExpiry
	return tokens
}

func (c *call) login(has func(*oauthLogin) bool) *oauthLogin {
	if at := slices.IndexFunc(c.state.Logins, has); at >= 0 {
		return c.state.Logins[at]
	}
	return nil
}

func (c *call) endLogins(ended func(*oauthLogin) bool) {
	c.state.Logins = slices.DeleteFunc(c.state.Logins, ended)
}

// expireLogins drops access tokens a day after their end, so that until then they are
// "expired", and logins that nothing can continue.
func (s *state) expireLogins(now time.Time) {
	s.Logins = slices.DeleteFunc(s.Logins, func(login *oauthLogin) bool {
		maps.DeleteFunc(login.AccessTokens, func(_ string, end time.Time) bool { return now.Sub(end) > 24*time.Hour })
		return len(login.AccessTokens) == 0 && !now.Before(login.RefreshEnds) && !now.Before(login.CodeEnds)
	})
}
