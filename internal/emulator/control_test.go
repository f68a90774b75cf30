package emulator

import (
	"encoding/base64"
	"net/http"
	"testing"
)

func (c client) control(t *testing.T, path string, form params) reply {
	t.Helper()
	basic := base64.StdEncoding.EncodeToString([]byte(c.key.ID + ":" + c.key.Secret))
	return c.post(t, "/emulator/"+path, form, "Authorization", "Basic "+basic).reply(t)
}

// TestControlMakesWhatTheGoAPIMakes: each answer is good for the endpoint it is for.
func TestControlMakesWhatTheGoAPIMakes(t *testing.T) {
	t.Parallel()
	s := withCI(t, Config{OIDCAlgorithm: "ES256"})
	minted := s.root.control(t, "oidc-token", params{"iss": ciIssuer, "aud": "deploy", "sub": "repo:example/app:ref:x"})
	if got := s.federate(t, params{"OIDCToken": minted.at("token")}); got.Status != http.StatusOK {
		t.Errorf("the token got %d %s", got.Status, got.Code)
	}

	s.root.must(ims, "ProvisionExternalApplication", officialApp)
	oauth := s.root.control(t, "oauth-login", params{"identity": "acs:ram::1000000000000001:root"})
	if got := s.exchangeFor(t, oauth.at("access_token")); got.Status != http.StatusOK {
		t.Errorf("the OAuth login got %d %s", got.Status, got.Code)
	}
	if got := s.refresh(t, oauth.at("refresh_token")); got.Status != http.StatusOK {
		t.Errorf("the refresh token got %d %s", got.Status, got.Code)
	}

	s.root.createRole("admin", trustAccount1)
	sso := s.root.control(t, "cloudsso-login", params{"user": "alice", "access_configuration_id": "ac-admin", "role_name": "admin"})
	if got := s.ssoCredentials(t, sso.at("access_token"), nil); got.Status != http.StatusOK {
		t.Errorf("the CloudSSO login got %d %s", got.Status, got.Code)
	}
}

func TestControlRefusals(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	user := s.root.newUser("admin", []string{"AdministratorAccess"})
	for name, test := range map[string]struct {
		as     client
		path   string
		form   params
		status int
	}{
		"wrong secret":                 {s.as(Key{s.root.key.ID, "testsecret"}), "oidc-token", nil, 401},
		"no key":                       {s.as(Key{}), "oidc-token", nil, 401},
		"key of a user":                {user, "oidc-token", nil, 401},
		"application is not installed": {s.root, "oauth-login", params{"identity": "acs:ram::1000000000000001:root"}, 400},
		"nobody":                       {s.root, "oauth-login", nil, 400},
		"identity of another account":  {s.root, "oauth-login", params{"identity": "acs:ram::1000000000000002:root"}, 403},
		"incomplete access to a role":  {s.root, "cloudsso-login", params{"user": "alice"}, 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.as.control(t, test.path, test.form); got.Status != test.status {
				t.Errorf("got %d %s, want %d", got.Status, got.Code, test.status)
			}
		})
	}
}
