package emulator

import (
	"net/http"
	"slices"
)

// byAccessToken finds the login of the bearer token, and whom it acts as now.
func (v *visit) byAccessToken(scope string) (*oauthLogin, caller, *apiError) {
	token := v.bearer()
	login := v.login(func(l *oauthLogin) bool { return !l.AccessTokens[token].IsZero() })
	if login == nil {
		return nil, caller{}, errOAuth(http.StatusUnauthorized, "invalid_token", "The access token is unknown.")
	}
	v.caller = login.Who
	if !v.now.Before(login.AccessTokens[token]) {
		return nil, caller{}, errOAuth(http.StatusUnauthorized, "expired_token", "The access token has expired.")
	}
	if !slices.Contains(login.Scopes, scope) {
		return nil, caller{}, errOAuth(http.StatusForbidden, "insufficient_scope", "The access token lacks a scope.")
	}
	who, alive := v.present(login.Who)
	if !alive {
		return nil, caller{}, errOAuth(http.StatusUnauthorized, "invalid_token", "The identity does not exist any more.")
	}
	return login, who, nil
}

// exchangeToken gives credentials that act as whoever logged in: the root account, or
// an identity that is assigned to the application (assumption "oauth-assignment").
func exchangeToken(v *visit) (response, *apiError) {
	login, who, refused := v.byAccessToken(scopeSTS)
	if refused != nil {
		return response{}, refused
	}
	app := v.state.Accounts[who.AccountID].Applications[login.AppID]
	if app == nil {
		return response{}, errNotInstalled()
	}
	if _, assigned := app.Assignments[who.ID]; !assigned && who.Kind != callerRoot {
		return response{}, errOAuth(http.StatusForbidden, "access_denied", "The identity is not assigned to the application.")
	}
	s := v.openSession(who, oauthSession)
	return jsonResponse(http.StatusOK, answer{
		"requestId": v.id, "accessKeyId": s.Caller.KeyID, "accessKeySecret": s.Secret,
		"securityToken": s.Token, "expiration": stamp(s.Expires),
	}), nil
}

// tellUser answers what the scope openid allows: an id that means nothing elsewhere.
func tellUser(v *visit) (response, *apiError) {
	login, who, refused := v.byAccessToken(scopeOpenID)
	if refused != nil {
		return response{}, refused
	}
	return jsonResponse(http.StatusOK, answer{"sub": hexSHA256([]byte(login.AppID + " " + who.ID))[:32], "requestId": v.id}), nil
}
