package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
)

// cloudSSOEndpoints are the portal of CloudSSO, signin-<region>.alibabacloudsso.com.
// Bodies are JSON in upper camel case.
func cloudSSOEndpoints() []endpoint {
	shown := []string{"AccountId", "AccessConfigurationId", "PortalUrl", "ClientId", "CodeChallengeMethod", "GrantType"}
	return []endpoint{
		{"CloudSSO", "CloudSSODeviceAuthorization", http.MethodPost, "/device-authorization", shown, authorizeDevice, refuseCloudSSO},
		{"CloudSSO", "CloudSSOToken", http.MethodPost, "/token", shown, giveSSOToken, refuseCloudSSO},
		{"CloudSSO", "CloudSSOCredentials", http.MethodPost, "/cloud-credentials", shown, giveSSOCredentials, refuseCloudSSO},
	}
}

func refuseCloudSSO(requestID string, err *apiError) response {
	return jsonResponse(err.Status, answer{"ErrorCode": err.Code, "ErrorMessage": err.Message, "RequestId": requestID})
}

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// authorizeDevice begins a login that a person approves elsewhere: ApproveDevice.
func authorizeDevice(v *visit) (response, *apiError) {
	for _, name := range []string{"PortalUrl", "ClientId", "CodeChallenge"} {
		if v.params[name] == "" {
			return response{}, errMissing(name)
		}
	}
	if v.params["CodeChallengeMethod"] != "S256" {
		return response{}, invalidParameter("CodeChallengeMethod", "The method must be S256.")
	}
	login := &ssoLogin{
		DeviceCode: v.ids.bearer("device"), UserCode: v.ids.pick("ABCDEFGHJKLMNPQRSTUVWXYZ", 8), ClientID: v.params["ClientId"],
		Challenge: v.params["CodeChallenge"], DeviceEnds: v.now.Add(ssoDeviceLife),
	}
	v.state.SSOLogins = append(v.state.SSOLogins, login)
	page := "http://" + v.http.Host + "/device"
	return jsonResponse(http.StatusOK, answer{
		"DeviceCode": login.DeviceCode, "UserCode": login.UserCode, "Interval": ssoPollInterval,
		"ExpiresIn": int(ssoDeviceLife.Seconds()), "VerificationUri": page, "VerificationUriComplete": page + "?user_code=" + login.UserCode,
		"RequestId": v.id,
	}), nil
}

// giveSSOToken is polled until a person has approved.
func giveSSOToken(v *visit) (response, *apiError) {
	code := v.params["DeviceCode"]
	login := v.state.ssoLogin(func(l *ssoLogin) bool { return l.DeviceCode == code && code != "" })
	proof := sha256.Sum256([]byte(v.params["CodeVerifier"]))
	switch {
	case v.params["GrantType"] != deviceGrant:
		return response{}, errCloudSSO(http.StatusBadRequest, "InvalidGrantTypeError", "The grant type must be "+deviceGrant+".")
	case login == nil || !v.now.Before(login.DeviceEnds):
		return response{}, errCloudSSO(http.StatusBadRequest, "InvalidDeviceCodeError", "The device code is unknown, used or expired.")
	case login.ClientID != v.params["ClientId"] || login.Challenge != base64.RawURLEncoding.EncodeToString(proof[:]):
		return response{}, errCloudSSO(http.StatusBadRequest, "InvalidGrantError", "ClientId or CodeVerifier are not those the login began with.")
	case login.User == "":
		return response{}, errCloudSSO(http.StatusBadRequest, "AuthorizationPending", "Nobody has approved yet.")
	}
	given := v.beginSSO(login)
	return jsonResponse(http.StatusOK, answer{
		"AccessToken": given.AccessToken, "TokenType": "Bearer", "ExpiresIn": int(ssoLoginLife.Seconds()), "RequestId": v.id,
	}), nil
}

// giveSSOCredentials gives a session of the role that stands for an access
// configuration the user has.
func giveSSOCredentials(v *visit) (response, *apiError) {
	token := v.bearer()
	login := v.state.ssoLogin(func(l *ssoLogin) bool { return l.AccessToken == token && token != "" })
	if login == nil || !v.now.Before(login.Ends) {
		return response{}, errCloudSSO(http.StatusUnauthorized, "InvalidAccessTokenError", "The access token is unknown or has expired.")
	}
	for _, name := range []string{"AccountId", "AccessConfigurationId"} {
		if v.params[name] == "" {
			return response{}, errMissing(name)
		}
	}
	for _, one := range login.Access {
		if one.AccountID != v.params["AccountId"] || one.AccessConfigurationID != v.params["AccessConfigurationId"] {
			continue
		}
		owner, r := v.roleByARN(roleARN(one.AccountID, one.RoleName))
		if r == nil {
			return response{}, errNoRole(one.RoleName)
		}
		v.caller = roleCaller(owner, r, login.User)
		seconds := one.SessionSeconds
		if seconds == 0 {
			seconds = standardSession
		}
		return jsonResponse(http.StatusOK, answer{"CloudCredential": v.openSession(v.caller, seconds).credentials(), "RequestId": v.id}), nil
	}
	return response{}, errCloudSSO(http.StatusForbidden, "AccessDenied", "The user does not have this access configuration in this account.")
}
