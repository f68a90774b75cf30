package emulator

import (
	"crypto/subtle"
	"net/http"
)

// controlEndpoints let a shell do what a test does with the Go API: IssueToken, LogIn
// and LogInToCloudSSO. Nothing like them exists in the cloud. They take the root key of
// an account as HTTP basic authentication and act for that account.
//
//	curl -u "$ID:$SECRET" -d aud=deploy -d sub=repo:example/app $URL/emulator/oidc-token
func controlEndpoints() []endpoint {
	control := func(name, path string, shown []string, serve func(*visit) (answer, *apiError)) endpoint {
		return endpoint{"Emulator", name, http.MethodPost, path, shown, rootOnly(serve), refuseAsAPI}
	}
	return []endpoint{
		control("EmulatorToken", "/emulator/oidc-token", []string{"iss", "sub", "aud"}, mintToken),
		control("EmulatorLogin", "/emulator/oauth-login", []string{"app_id", "identity"}, mintLogin),
		control("EmulatorCloudSSOLogin", "/emulator/cloudsso-login",
			[]string{"user", "access_configuration_id", "role_name"}, mintSSOLogin),
	}
}

// rootOnly admits whoever knows the root key of an account.
func rootOnly(serve func(*visit) (answer, *apiError)) func(*visit) (response, *apiError) {
	return func(v *visit) (response, *apiError) {
		id, secret, _ := v.http.BasicAuth()
		for _, a := range v.state.Accounts {
			for _, key := range a.RootKeys {
				if key.ID == id && key.Status == keyActive && subtle.ConstantTimeCompare([]byte(key.Secret), []byte(secret)) == 1 {
					v.caller, v.account = caller{AccountID: a.ID, Kind: callerRoot, ID: a.ID, KeyID: id}, a
				}
			}
		}
		if v.account == nil {
			return response{}, errControl(http.StatusUnauthorized, "The root key of an account is needed as basic authentication.")
		}
		body, refused := serve(v)
		return jsonResponse(http.StatusOK, body), refused
	}
}

// mintToken takes claims, all of them texts.
func mintToken(v *visit) (answer, *apiError) {
	claims := map[string]any{}
	for name, value := range v.params {
		claims[name] = value
	}
	token, err := v.issueToken(claims)
	if err != nil {
		return nil, errControl(http.StatusBadRequest, err.Error())
	}
	return answer{"token": token}, nil
}

func mintLogin(v *visit) (answer, *apiError) {
	appID := v.params["app_id"]
	if appID == "" {
		appID = OfficialCLICN
	}
	if who, found := v.identify(v.params["identity"]); found && who.AccountID != v.account.ID {
		return nil, errControl(http.StatusForbidden, "The identity belongs to another account.")
	}
	tokens, err := v.logIn(appID, v.params["identity"])
	if err != nil {
		return nil, errControl(http.StatusBadRequest, err.Error())
	}
	return answer{
		"access_token": tokens.AccessToken, "refresh_token": tokens.RefreshToken, "access_token_expire": tokens.AccessTokenExpiry.Unix(),
	}, nil
}

func mintSSOLogin(v *visit) (answer, *apiError) {
	login, err := v.logInToCloudSSO(v.params["user"], []CloudSSOAccess{{
		AccountID: v.account.ID, AccessConfigurationID: v.params["access_configuration_id"], RoleName: v.params["role_name"],
	}})
	if err != nil {
		return nil, errControl(http.StatusBadRequest, err.Error())
	}
	return answer{"access_token": login.AccessToken, "access_token_expire": login.Expiry.Unix()}, nil
}
