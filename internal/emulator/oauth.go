package emulator

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// oauthEndpoints are the sign-in and the token host of OAuth, of both sites: the client
// id tells the site.
func oauthEndpoints() []endpoint {
	shown := []string{"grant_type", "client_id", "redirect_uri", "response_type", "scope", "code_challenge_method"}
	return []endpoint{
		{"OAuth", "OAuthAuthorize", http.MethodGet, "/oauth2/v1/auth", shown, authorizeApplication, refuseOAuth},
		{"OAuth", "OAuthToken", http.MethodPost, "/v1/token", shown, giveTokens, refuseOAuth},
		{"OAuth", "OAuthRevoke", http.MethodPost, "/v1/revoke", shown, revokeToken, refuseOAuth},
		{"OAuth", "OAuthUserInfo", http.MethodGet, "/v1/userinfo", shown, tellUser, refuseOAuth},
		{"OAuth", "OAuthExchange", http.MethodPost, "/v1/exchange", shown, exchangeToken, refuseOAuth},
	}
}

func refuseOAuth(requestID string, err *apiError) response {
	return jsonResponse(err.Status, answer{"error": err.Code, "error_description": err.Message, "requestId": requestID})
}

// authorizeApplication is the page where a person consents. Here the person is the one
// of SignIn, who consents at once, and the browser is sent back with a code.
func authorizeApplication(v *visit) (response, *apiError) {
	foreign, refused := v.foreign(v.params["client_id"])
	if refused != nil {
		return response{}, errOAuth(http.StatusBadRequest, "invalid_client", "The client is unknown.")
	}
	redirect, err := url.Parse(v.params["redirect_uri"])
	if err != nil || !cliRedirect.MatchString(v.params["redirect_uri"]) {
		return response{}, errOAuth(http.StatusBadRequest, "invalid_request", "The redirect_uri is not one of the client's.")
	}
	back := url.Values{}
	if state := v.params["state"]; state != "" {
		back.Set("state", state)
	}
	if code, refused := v.consent(foreign); refused != nil {
		back.Set("error", refused.Code)
		back.Set("error_description", refused.Message)
	} else {
		back.Set("code", code)
	}
	redirect.RawQuery = back.Encode()
	return response{status: http.StatusFound, header: http.Header{"Location": {redirect.String()}}}, nil
}

// cliRedirect is where the CLI listens for its code.
var cliRedirect = regexp.MustCompile(`^http://127\.0\.0\.1:1234[5-9]/cli/callback$`)

// consent makes a code for the person in the browser.
func (v *visit) consent(foreign foreignApplication) (string, *apiError) {
	scopes := strings.Fields(v.params["scope"])
	unknown := func(scope string) bool { return !slices.Contains(foreign.scopes, scope) }
	switch {
	case v.params["response_type"] != "code":
		return "", errOAuth(http.StatusBadRequest, "unsupported_response_type", "Only the response type code is known.")
	case v.params["code_challenge"] == "" || v.params["code_challenge_method"] != "S256":
		return "", errOAuth(http.StatusBadRequest, "invalid_request", "A code_challenge with the method S256 is mandatory.")
	case len(scopes) == 0 || slices.ContainsFunc(scopes, unknown):
		return "", errOAuth(http.StatusBadRequest, "invalid_scope", "The scope is empty or not one of the application.")
	}
	who, found := v.identify(v.state.Browser)
	if !found {
		return "", errOAuth(http.StatusForbidden, "login_required", "Nobody is signed in.")
	}
	app := v.state.Accounts[who.AccountID].Applications[v.params["client_id"]]
	if app == nil {
		return "", errNotInstalled()
	}
	v.caller = who
	login := v.newLogin(app, who, scopes)
	login.Code, login.CodeEnds = v.ids.bearer("code"), v.now.Add(oauthCodeLife)
	login.Challenge, login.RedirectURI = v.params["code_challenge"], v.params["redirect_uri"]
	return login.Code, nil
}

// giveTokens gives a pair of tokens for a code or a refresh token.
func giveTokens(v *visit) (response, *apiError) {
	if _, refused := v.foreign(v.params["client_id"]); refused != nil {
		return response{}, errOAuth(http.StatusUnauthorized, "invalid_client", "The client is unknown.")
	}
	var login *oauthLogin
	var refused *apiError
	switch v.params["grant_type"] {
	case "authorization_code":
		login, refused = v.byCode()
	case "refresh_token":
		login, refused = v.byRefreshToken()
	default:
		return response{}, errOAuth(http.StatusBadRequest, "unsupported_grant_type", "Known are authorization_code and refresh_token.")
	}
	if refused != nil {
		return response{}, refused
	}
	who, alive := v.present(login.Who)
	if !alive {
		return response{}, errGrant("The identity does not exist any more.")
	}
	login.Who, v.caller = who, who
	tokens := v.rotate(login)
	return jsonResponse(http.StatusOK, answer{
		"access_token": tokens.AccessToken, "refresh_token": tokens.RefreshToken, "token_type": "Bearer",
		"expires_in": int(oauthAccessLife.Seconds()), "requestId": v.id,
	}), nil
}

// byCode finds the login of a code, which is used up by the attempt.
func (v *visit) byCode() (*oauthLogin, *apiError) {
	login := v.login(func(l *oauthLogin) bool { return l.Code != "" && l.Code == v.params["code"] })
	if login == nil {
		return nil, errGrant("The code is unknown or was used already.")
	}
	challenge := sha256.Sum256([]byte(v.params["code_verifier"]))
	proof := base64.RawURLEncoding.EncodeToString(challenge[:])
	login.Code = ""
	switch {
	case !v.now.Before(login.CodeEnds):
		return nil, errGrant("The code has expired.")
	case login.AppID != v.params["client_id"] || login.RedirectURI != v.params["redirect_uri"]:
		return nil, errGrant("The code was given to another client or redirect_uri.")
	case subtle.ConstantTimeCompare([]byte(proof), []byte(login.Challenge)) != 1:
		return nil, errGrant("The code_verifier does not match the code_challenge.")
	default:
		return login, nil
	}
}

// byRefreshToken finds the login whose newest refresh token it is. A used one is
// refused; whether that ends the login is a switch (assumption "oauth-reuse").
func (v *visit) byRefreshToken() (*oauthLogin, *apiError) {
	token := v.params["refresh_token"]
	login := v.login(func(l *oauthLogin) bool {
		return token != "" && (l.RefreshToken == token || slices.Contains(l.UsedTokens, token))
	})
	switch {
	case login == nil:
		return nil, errGrant("The refresh token is unknown.")
	case login.AppID != v.params["client_id"]:
		return nil, errGrant("The refresh token was given to another client.")
	case login.RefreshToken != token:
		if v.config.EndReusedLogins {
			v.endLogins(func(l *oauthLogin) bool { return l == login })
		}
		return nil, errGrant("The refresh token was used already.")
	case !v.now.Before(login.RefreshEnds):
		return nil, errGrant("The refresh token has expired.")
	default:
		return login, nil
	}
}

// revokeToken ends a login by its refresh token, or an access token alone. An unknown
// token is as good as revoked (RFC 7009).
func revokeToken(v *visit) (response, *apiError) {
	token := v.params["token"]
	if token == "" {
		return response{}, errOAuth(http.StatusBadRequest, "invalid_request", "The parameter token is missing.")
	}
	for _, login := range v.state.Logins {
		delete(login.AccessTokens, token)
	}
	v.endLogins(func(l *oauthLogin) bool { return l.RefreshToken == token })
	return jsonResponse(http.StatusOK, answer{"requestId": v.id}), nil
}
