package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"testing"
	"time"
)

var adminAccess = CloudSSOAccess{AccountID: "1000000000000001", AccessConfigurationID: "ac-admin", RoleName: "admin"}

func (s *service) ssoCredentials(t *testing.T, token string, changed params) reply {
	t.Helper()
	body := params{"AccountId": "1000000000000001", "AccessConfigurationId": "ac-admin"}
	maps.Copy(body, changed)
	return ssoReply(t, s.postJSON(t, "/cloud-credentials", body, "Authorization", "Bearer "+token))
}

func ssoReply(t *testing.T, f fetched) reply {
	t.Helper()
	got := f.reply(t)
	got.Code = got.at("ErrorCode")
	if got.at("RequestId") == "" || (got.Code != "") != (got.at("ErrorMessage") != "") {
		t.Errorf("the answer %v lacks id or message", got.Body)
	}
	return got
}

func TestCloudSSOCredentials(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	long := adminAccess
	long.AccessConfigurationID, long.SessionSeconds = "ac-long", 43200
	login, err := s.LogInToCloudSSO("alice@example.com", adminAccess, long)
	if err != nil {
		t.Fatal(err)
	}
	if want := start.Add(ssoLoginLife); !login.Expiry.Equal(want) {
		t.Errorf("the login ends at %s, want %s", login.Expiry, want)
	}
	s.ssoCredentials(t, login.AccessToken, nil).mustFail(t, 404, "EntityNotExist.Role")
	s.root.createRole("admin", trustAccount2)

	got := s.ssoCredentials(t, login.AccessToken, nil)
	got.mustEqual(t, `{"CloudCredential":{"AccessKeyId":%q,"AccessKeySecret":%q,"SecurityToken":%q,"Expiration":"2026-01-02T04:04:05Z"}}`,
		got.at("CloudCredential.AccessKeyId"), got.at("CloudCredential.AccessKeySecret"), got.at("CloudCredential.SecurityToken"))
	session := s.withToken(got.at("CloudCredential.AccessKeyId"), got.at("CloudCredential.AccessKeySecret"), got.at("CloudCredential.SecurityToken"))
	arn := session.must(sts, "GetCallerIdentity", nil).at("Arn")
	if want := "acs:ram::1000000000000001:assumed-role/admin/alice@example.com"; arn != want {
		t.Errorf("the credentials act as %s, want %s", arn, want)
	}
	if ends := s.ssoCredentials(t, login.AccessToken, params{"AccessConfigurationId": "ac-long"}).at("CloudCredential.Expiration"); ends != "2026-01-02T15:04:05Z" {
		t.Errorf("the long session ends at %s, want in 12 hours", ends)
	}

	for _, test := range []struct {
		name    string
		token   string
		changed params
		status  int
		code    string
	}{
		{"no token", "", nil, 401, "InvalidAccessTokenError"},
		{"invented token", "invented", nil, 401, "InvalidAccessTokenError"},
		{"another account", login.AccessToken, params{"AccountId": "1000000000000002"}, 403, "AccessDenied"},
		{"another access configuration", login.AccessToken, params{"AccessConfigurationId": "ac-x"}, 403, "AccessDenied"},
		{"no account", login.AccessToken, params{"AccountId": ""}, 400, "MissingAccountId"},
		{"no access configuration", login.AccessToken, params{"AccessConfigurationId": ""}, 400, "MissingAccessConfigurationId"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s.ssoCredentials(t, test.token, test.changed).mustFail(t, test.status, test.code)
		})
	}
}

func TestCloudSSOLoginEnds(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createRole("admin", trustAccount1)
	login, err := s.LogInToCloudSSO("alice", adminAccess)
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(ssoLoginLife - time.Second)
	if got := s.ssoCredentials(t, login.AccessToken, nil); got.Status != http.StatusOK {
		t.Errorf("a second before the end: got %d %s", got.Status, got.Code)
	}
	s.clock.Advance(time.Second)
	s.ssoCredentials(t, login.AccessToken, nil).mustFail(t, 401, "InvalidAccessTokenError")
}

// TestCloudSSODeviceLogin is the way of the CLI: device code, polling, approval.
func TestCloudSSODeviceLogin(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createRole("admin", trustAccount1)
	challenge := sha256.Sum256([]byte(verifier))
	began := params{
		"PortalUrl": "https://signin-cn-shanghai.alibabacloudsso.com/start/login", "ClientId": "app-example",
		"CodeChallenge": base64.RawURLEncoding.EncodeToString(challenge[:]), "CodeChallengeMethod": "S256",
	}
	begin := func(changed params) reply {
		t.Helper()
		body := maps.Clone(began)
		maps.Copy(body, changed)
		return ssoReply(t, s.postJSON(t, "/device-authorization", body))
	}
	poll := func(device reply, changed params) reply {
		t.Helper()
		body := params{"GrantType": deviceGrant, "DeviceCode": device.at("DeviceCode"), "ClientId": "app-example", "CodeVerifier": verifier}
		maps.Copy(body, changed)
		return ssoReply(t, s.postJSON(t, "/token", body))
	}
	begin(params{"CodeChallengeMethod": "plain"}).mustFail(t, 400, "InvalidParameter.CodeChallengeMethod")
	for _, name := range []string{"PortalUrl", "ClientId", "CodeChallenge"} {
		begin(params{name: ""}).mustFail(t, 400, "Missing"+name)
	}

	device := begin(nil)
	if device.at("Interval") != "5" || device.at("UserCode") == "" || device.at("VerificationUriComplete") == "" {
		t.Errorf("got %v, want interval, user code and address", device.Body)
	}
	poll(device, nil).mustFail(t, 400, "AuthorizationPending")
	if err := s.ApproveDevice("WRONG", "alice", adminAccess); err == nil {
		t.Error("an invented user code was approved")
	}
	if err := s.ApproveDevice(device.at("UserCode"), "alice", adminAccess); err != nil {
		t.Fatal(err)
	}
	poll(device, params{"CodeVerifier": "x"}).mustFail(t, 400, "InvalidGrantError")
	poll(device, params{"ClientId": "app-other"}).mustFail(t, 400, "InvalidGrantError")
	poll(device, params{"GrantType": "password"}).mustFail(t, 400, "InvalidGrantTypeError")
	token := poll(device, nil)
	token.mustEqual(t, `{"AccessToken":%q,"TokenType":"Bearer","ExpiresIn":28800}`, token.at("AccessToken"))
	if got := s.ssoCredentials(t, token.at("AccessToken"), nil); got.Status != http.StatusOK {
		t.Errorf("got %d %s, want credentials", got.Status, got.Code)
	}
	poll(device, nil).mustFail(t, 400, "InvalidDeviceCodeError") // a code is good once

	late := begin(nil)
	s.clock.Advance(ssoDeviceLife)
	poll(late, nil).mustFail(t, 400, "InvalidDeviceCodeError")
	if err := s.ApproveDevice(late.at("UserCode"), "alice", adminAccess); err == nil {
		t.Error("an expired login was approved")
	}
}

func TestCloudSSOLoginsAreChecked(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	for name, access := range map[string]CloudSSOAccess{
		"no account":    {AccessConfigurationID: "ac-x", RoleName: "r"},
		"no id":         {AccountID: "1000000000000001", RoleName: "r"},
		"no role":       {AccountID: "1000000000000001", AccessConfigurationID: "ac-x"},
		"short session": {AccountID: "1000000000000001", AccessConfigurationID: "ac-x", RoleName: "r", SessionSeconds: 899},
		"long session":  {AccountID: "1000000000000001", AccessConfigurationID: "ac-x", RoleName: "r", SessionSeconds: 43201},
	} {
		if _, err := s.LogInToCloudSSO("alice", access); err == nil {
			t.Errorf("%s: the login was made", name)
		}
	}
	if _, err := s.LogInToCloudSSO("a b"); err == nil {
		t.Error("a user with a space logged in")
	}
}

func TestCloudSSOFaultsAndLog(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createRole("admin", trustAccount1)
	login, err := s.LogInToCloudSSO("alice", adminAccess)
	if err != nil {
		t.Fatal(err)
	}
	s.Fail("CloudSSOCredentials", Refuse(500, "InternalError", "later"))
	s.ssoCredentials(t, login.AccessToken, nil).mustFail(t, 500, "InternalError")
	s.ssoCredentials(t, login.AccessToken, nil)
	s.ssoCredentials(t, login.AccessToken, params{"Surprise": "secret"})
	lines := s.Requests()
	last := lines[len(lines)-1]
	if last.CallerARN != "acs:ram::1000000000000001:assumed-role/admin/alice" || last.Params["AccountId"] != "1000000000000001" || last.Params["Surprise"] != removed {
		t.Errorf("the log has %+v, want caller and account, but no unknown value", last)
	}
	if got := s.exchange(t, http.MethodPost, "/cloud-credentials", "application/json", http.NoBody); got.status != http.StatusUnauthorized {
		t.Errorf("an empty body: got %+v, want 401", got)
	}
}
