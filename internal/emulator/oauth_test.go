package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	aliceARN = "acs:ram::1000000000000001:user/alice"
	redirect = "http://127.0.0.1:12347/cli/callback"
	verifier = "verifier-verifier-verifier-verifier-verifier"
)

// withCLI has official-cli installed, and alice, who is not assigned to it yet.
func withCLI(t *testing.T, config Config) *service {
	t.Helper()
	s := serve(t, config)
	s.root.must(ims, "ProvisionExternalApplication", officialApp)
	s.root.must(ram, "CreateUser", params{"UserName": "alice"})
	return s
}

func (s *service) logIn(t *testing.T, identity string) OAuthTokens {
	t.Helper()
	tokens, err := s.LogIn(OfficialCLICN, identity)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

// token calls the token host; an error is in Code.
func (s *service) askToken(t *testing.T, form params) reply {
	t.Helper()
	return oauthReply(t, s.post(t, "/v1/token", form))
}

func (s *service) refresh(t *testing.T, token string) reply {
	t.Helper()
	return s.askToken(t, params{"grant_type": "refresh_token", "refresh_token": token, "client_id": OfficialCLICN, "Timestamp": "any"})
}

func (s *service) exchangeFor(t *testing.T, accessToken string) reply {
	t.Helper()
	return oauthReply(t, s.post(t, "/v1/exchange", nil, "Authorization", "Bearer "+accessToken))
}

func oauthReply(t *testing.T, f fetched) reply {
	t.Helper()
	got := f.reply(t)
	got.Code = got.at("error")
	if got.Code != "" && (got.at("error_description") == "" || got.at("requestId") == "") {
		t.Errorf("the error %v lacks description or id", got.Body)
	}
	return got
}

func (r reply) mustFail(t *testing.T, status int, code string) {
	t.Helper()
	if r.Status != status || r.Code != code {
		t.Errorf("got %d %q %v, want %d %q", r.Status, r.Code, r.Body, status, code)
	}
}

// authorize asks for a code; it returns the address the browser is sent back to.
func (s *service) authorize(t *testing.T, changed params) (fetched, url.Values) {
	t.Helper()
	challenge := sha256.Sum256([]byte(verifier))
	query := url.Values{
		"response_type": {"code"}, "client_id": {OfficialCLICN}, "redirect_uri": {redirect}, "state": {"s1"},
		"scope": {"openid /internal/ram/usersts"}, "code_challenge_method": {"S256"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])},
	}
	for name, value := range changed {
		query.Set(name, value)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/oauth2/v1/auth?"+query.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := roundTrip(r)
	if got.err != nil {
		t.Fatal(got.err)
	}
	location, err := url.Parse(got.header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	if base, _, _ := strings.Cut(location.String(), "?"); base != "" && base != redirect {
		t.Errorf("the browser is sent to %s, want %s", base, redirect)
	}
	return fetched{got.status, got.header.Get("Content-Type"), got.text}, location.Query()
}

// TestOAuthLogin is the way of the CLI: browser, code, tokens, credentials.
func TestOAuthLogin(t *testing.T) {
	t.Parallel()
	s := withCLI(t, Config{})
	s.root.must(ims, "CreateApplicationAssignment", toAlice)
	s.root.must(ram, "AttachPolicyToUser", grantOf("UserName", "alice", "System", "AliyunRAMReadOnlyAccess"))
	if err := s.SignIn(aliceARN); err != nil {
		t.Fatal(err)
	}
	_, back := s.authorize(t, nil)
	if back.Get("state") != "s1" || back.Get("code") == "" {
		t.Fatalf("the browser came back with %v, want the state and a code", back)
	}
	withCode := params{
		"grant_type": "authorization_code", "code": back.Get("code"), "client_id": OfficialCLICN, "redirect_uri": redirect, "code_verifier": verifier,
	}
	tokens := s.askToken(t, withCode)
	tokens.mustBe(t, `{"access_token":%q,"refresh_token":%q,"token_type":"Bearer","expires_in":3600,"requestId":%q}`,
		tokens.at("access_token"), tokens.at("refresh_token"), tokens.at("requestId"))
	s.askToken(t, withCode).mustFail(t, 400, "invalid_grant") // a code is good once

	got := s.exchangeFor(t, tokens.at("access_token"))
	got.mustBe(t, `{"accessKeyId":%q,"accessKeySecret":%q,"securityToken":%q,"expiration":"2026-01-02T04:04:05Z","requestId":%q}`,
		got.at("accessKeyId"), got.at("accessKeySecret"), got.at("securityToken"), got.at("requestId"))
	alice := s.withToken(got.at("accessKeyId"), got.at("accessKeySecret"), got.at("securityToken"))
	if arn := alice.must(sts, "GetCallerIdentity", nil).at("Arn"); arn != aliceARN {
		t.Errorf("the credentials act as %s, want %s", arn, aliceARN)
	}
	alice.must(ram, "ListUsers", nil)
	alice.refused(ram, "CreateUser", params{"UserName": "x"}, 403, "NoPermission")

	who := oauthReply(t, s.fetch(t, http.MethodGet, "/v1/userinfo", "Authorization", "Bearer "+tokens.at("access_token")))
	if sub := who.at("sub"); len(sub) != 32 || strings.Contains(sub, "alice") {
		t.Errorf("the OpenID is %q, want 32 characters that tell nothing", sub)
	}
	for _, line := range s.Requests() {
		for name, value := range line.Params {
			if line.Product == "OAuth" && value != removed && (strings.Contains(name, "token") || name == "code" || name == "code_verifier") {
				t.Errorf("%s shows %s in the request log", line.Operation, name)
			}
		}
	}
}

func TestOAuthAuthorizeRefusals(t *testing.T) {
	t.Parallel()
	s := withCLI(t, Config{})
	s.other.must(ram, "CreateUser", params{"UserName": "bob"})
	for _, test := range []struct {
		name, browser string
		changed       params
		code          string
	}{
		{"nobody signed in", "", nil, "login_required"},
		{"account without the application", "acs:ram::1000000000000002:user/bob", nil, "unauthorized_client"},
		{"no code", aliceARN, params{"response_type": "token"}, "unsupported_response_type"},
		{"no challenge", aliceARN, params{"code_challenge": ""}, "invalid_request"},
		{"plain challenge", aliceARN, params{"code_challenge_method": "plain"}, "invalid_request"},
		{"no scope", aliceARN, params{"scope": ""}, "invalid_scope"},
		{"unknown scope", aliceARN, params{"scope": "openid /acs/ecs"}, "invalid_scope"},
	} {
		if err := s.SignIn(test.browser); err != nil {
			t.Fatal(err)
		}
		if _, back := s.authorize(t, test.changed); back.Get("error") != test.code || back.Get("code") != "" || back.Get("state") != "s1" {
			t.Errorf("%s: the browser came back with %v, want the error %s", test.name, back, test.code)
		}
	}
	for name, changed := range map[string]params{
		"unknown client":   {"client_id": "1"},
		"another host":     {"redirect_uri": "http://example.com:12345/cli/callback"},
		"another port":     {"redirect_uri": "http://127.0.0.1:12350/cli/callback"},
		"another path":     {"redirect_uri": "http://127.0.0.1:12345/"},
		"host in disguise": {"redirect_uri": "http://127.0.0.1:12345@example.com/cli/callback"},
	} {
		if got, back := s.authorize(t, changed); got.status != http.StatusBadRequest || len(back) > 0 {
			t.Errorf("%s: got %d and %v, want 400 and no redirect", name, got.status, back)
		}
	}
	if err := s.SignIn("acs:ram::1000000000000001:user/nobody"); err == nil {
		t.Error("somebody who does not exist signed in")
	}
}

func TestOAuthCodeRefusals(t *testing.T) {
	t.Parallel()
	s := withCLI(t, Config{})
	if err := s.SignIn(aliceARN); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		changed params
		after   time.Duration
		status  int
		code    string
		spent   bool // the attempt has used the code up
	}{
		{"wrong verifier", params{"code_verifier": verifier + "x"}, 0, 400, "invalid_grant", true},
		{"no verifier", params{"code_verifier": ""}, 0, 400, "invalid_grant", true},
		{"another client", params{"client_id": OfficialCLIINTL}, 0, 400, "invalid_grant", true},
		{"unknown client", params{"client_id": "1"}, 0, 401, "invalid_client", false},
		{"another redirect", params{"redirect_uri": "http://127.0.0.1:12345/cli/callback"}, 0, 400, "invalid_grant", true},
		{"invented code", params{"code": "invented"}, 0, 400, "invalid_grant", false},
		{"no code", params{"code": ""}, 0, 400, "invalid_grant", false},
		{"late", nil, oauthCodeLife, 400, "invalid_grant", true},
		{"another grant", params{"grant_type": "password"}, 0, 400, "unsupported_grant_type", false},
	} {
		_, back := s.authorize(t, nil)
		s.clock.Advance(test.after)
		right := params{"grant_type": "authorization_code", "code": back.Get("code"), "client_id": OfficialCLICN, "redirect_uri": redirect, "code_verifier": verifier}
		form := maps.Clone(right)
		maps.Copy(form, test.changed)
		got := s.askToken(t, form)
		if got.Status != test.status || got.Code != test.code {
			t.Errorf("%s: got %d %s, want %d %s", test.name, got.Status, got.Code, test.status, test.code)
		}
		if again := s.askToken(t, right); (again.Code == "invalid_grant") != test.spent {
			t.Errorf("%s, then the right way: got %d %q, want the code used up: %t", test.name, again.Status, again.Code, test.spent)
		}
	}
}

func TestOAuthRotation(t *testing.T) {
	t.Parallel()
	for name, ends := range map[string]bool{"a used token is refused": false, "a used token ends the login": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := withCLI(t, Config{EndReusedLogins: ends})
			s.root.must(ims, "CreateApplicationAssignment", toAlice)
			first := s.logIn(t, aliceARN)
			second := s.refresh(t, first.RefreshToken)
			if second.Status != http.StatusOK || second.at("refresh_token") == first.RefreshToken {
				t.Fatalf("got %d %v, want another refresh token", second.Status, second.Body)
			}
			s.refresh(t, first.RefreshToken).mustFail(t, 400, "invalid_grant")
			for _, access := range []string{first.AccessToken, second.at("access_token")} {
				if got := s.exchangeFor(t, access); (got.Status == http.StatusOK) == ends {
					t.Errorf("exchange after the reuse: got %d %s", got.Status, got.Code)
				}
			}
			if got := s.refresh(t, second.at("refresh_token")); (got.Status == http.StatusOK) == ends {
				t.Errorf("refresh after the reuse: got %d %s", got.Status, got.Code)
			}
		})
	}
}

// TestOAuthRefreshRace: of many refreshes with one token exactly one wins.
func TestOAuthRefreshRace(t *testing.T) {
	t.Parallel()
	s := withCLI(t, Config{})
	token := s.logIn(t, aliceARN).RefreshToken
	codes := make([]string, 10)
	var all sync.WaitGroup
	for i := range codes {
		all.Go(func() { codes[i] = s.refresh(t, token).Code })
	}
	all.Wait()
	won := 0
	for _, code := range codes {
		if code == "" {
			won++
		} else if code != "invalid_grant" {
			t.Errorf("a loser got %s, want invalid_grant", code)
		}
	}
	if won != 1 {
		t.Errorf("%d refreshes won, want 1", won)
	}
}

func TestOAuthRefreshRefusals(t *testing.T) {
	t.Parallel()
	s := withCLI(t, Config{})
	tokens := s.logIn(t, aliceARN)
	s.askToken(t, params{"grant_type": "refresh_token", "refresh_token": tokens.RefreshToken, "client_id": OfficialCLIINTL}).
		mustFail(t, 400, "invalid_grant")
	s.askToken(t, params{"grant_type": "refresh_token", "refresh_token": tokens.RefreshToken}).mustFail(t, 401, "invalid_client")
	s.refresh(t, "invented").mustFail(t, 400, "invalid_grant")
	s.refresh(t, "").mustFail(t, 400, "invalid_grant")
	s.clock.Advance(oauthRefreshLife)
	s.refresh(t, tokens.RefreshToken).mustFail(t, 400, "invalid_grant")
}

// TestOAuthAssignmentDecides: before, with and after the assignment, then with the
// application gone.
func TestOAuthAssignmentDecides(t *testing.T) {
	t.Parallel()
	s := withCLI(t, Config{})
	tokens := s.logIn(t, aliceARN)
	mayExchange := func(want bool) {
		t.Helper()
		got := s.exchangeFor(t, tokens.AccessToken)
		if !want {
			got.mustFail(t, 403, "access_denied")
		} else if got.Status != http.StatusOK {
			t.Errorf("got %d %v, want credentials", got.Status, got.Body)
		}
	}
	mayExchange(false)
	s.root.must(ims, "CreateApplicationAssignment", toAlice)
	mayExchange(true)
	s.root.must(ims, "DeleteApplicationAssignment", toAlice)
	mayExchange(false)
	s.root.must(ims, "CreateApplicationAssignment", toAlice)
	mayExchange(true)

	s.root.must(ims, "DeprovisionExternalApplication", officialApp)
	s.exchangeFor(t, tokens.AccessToken).mustFail(t, 401, "invalid_token")
	s.refresh(t, tokens.RefreshToken).mustFail(t, 400, "invalid_grant")
	if _, err := s.LogIn(OfficialCLICN, aliceARN); err == nil {
		t.Error("alice logged in through an application that is not installed")
	}
}

func TestOAuthIdentities(t *testing.T) {
	t.Parallel()
	s := withCLI(t, Config{})
	s.root.createRole("ops", trustAccount1)
	s.root.must(ims, "CreateApplicationAssignment", toOps)
	for identity, arn := range map[string]string{
		"acs:ram::1000000000000001:root":            "acs:ram::1000000000000001:root", // needs no assignment
		"acs:ram::1000000000000001:role/ops":        "acs:ram::1000000000000001:assumed-role/ops/console",
		"acs:ram::1000000000000001:role/OPS/alice.": "acs:ram::1000000000000001:assumed-role/ops/alice.",
	} {
		got := s.exchangeFor(t, s.logIn(t, identity).AccessToken)
		if got.Status != http.StatusOK {
			t.Fatalf("%s: got %d %v", identity, got.Status, got.Body)
		}
		session := s.withToken(got.at("accessKeyId"), got.at("accessKeySecret"), got.at("securityToken"))
		if acts := session.must(sts, "GetCallerIdentity", nil).at("Arn"); acts != arn {
			t.Errorf("%s acts as %s, want %s", identity, acts, arn)
		}
	}
	for _, nobody := range []string{
		"", "alice", "acs:ram::1000000000000001:user/bob", "acs:ram::1000000000000001:user/alice/x", "acs:ram::1000000000000001:root/x",
		"acs:ram::1000000000000009:root", "acs:ram::1000000000000001:role/nobody", "acs:ram::1000000000000001:group/x",
	} {
		if _, err := s.LogIn(OfficialCLICN, nobody); err == nil {
			t.Errorf("%q logged in", nobody)
		}
	}
}

// TestOAuthLoginFollowsItsUser through a rename, and ends with it.
func TestOAuthLoginFollowsItsUser(t *testing.T) {
	t.Parallel()
	s := withCLI(t, Config{})
	s.root.must(ims, "CreateApplicationAssignment", toAlice)
	tokens := s.logIn(t, aliceARN)
	s.root.must(ram, "UpdateUser", params{"UserName": "alice", "NewUserName": "alicia"})
	got := s.exchangeFor(t, tokens.AccessToken)
	session := s.withToken(got.at("accessKeyId"), got.at("accessKeySecret"), got.at("securityToken"))
	if arn := session.must(sts, "GetCallerIdentity", nil).at("Arn"); arn != "acs:ram::1000000000000001:user/alicia" {
		t.Errorf("the credentials act as %s, want alicia", arn)
	}
	s.root.must(ram, "DeleteUser", params{"UserName": "alicia"})
	s.exchangeFor(t, tokens.AccessToken).mustFail(t, 401, "invalid_token")
	s.refresh(t, tokens.RefreshToken).mustFail(t, 400, "invalid_grant")
	session.refused(ram, "ListUsers", nil, 403, "NoPermission")
}

func TestOAuthAccessTokens(t *testing.T) {
	t.Parallel()
	s := withCLI(t, Config{})
	tokens := s.logIn(t, "acs:ram::1000000000000001:root")
	s.exchangeFor(t, "invented").mustFail(t, 401, "invalid_token")
	s.exchangeFor(t, "").mustFail(t, 401, "invalid_token")
	s.exchangeFor(t, tokens.RefreshToken).mustFail(t, 401, "invalid_token")
	oauthReply(t, s.post(t, "/v1/exchange", nil, "Authorization", "Basic "+tokens.AccessToken)).mustFail(t, 401, "invalid_token")

	if err := s.SignIn("acs:ram::1000000000000001:root"); err != nil {
		t.Fatal(err)
	}
	_, back := s.authorize(t, params{"scope": "openid"})
	narrow := s.askToken(t, params{"grant_type": "authorization_code", "code": back.Get("code"), "client_id": OfficialCLICN, "redirect_uri": redirect, "code_verifier": verifier})
	s.exchangeFor(t, narrow.at("access_token")).mustFail(t, 403, "insufficient_scope")

	s.clock.Advance(oauthAccessLife)
	s.exchangeFor(t, tokens.AccessToken).mustFail(t, 401, "expired_token")
	fresh := s.refresh(t, tokens.RefreshToken)
	if got := s.exchangeFor(t, fresh.at("access_token")); got.Status != http.StatusOK {
		t.Errorf("after a refresh: got %d %s", got.Status, got.Code)
	}
}

func TestOAuthRevoke(t *testing.T) {
	t.Parallel()
	s := withCLI(t, Config{})
	tokens := s.logIn(t, "acs:ram::1000000000000001:root")
	revoke := func(token string) reply {
		t.Helper()
		return oauthReply(t, s.post(t, "/v1/revoke", params{"token": token, "client_id": OfficialCLICN}))
	}
	revoke("").mustFail(t, 400, "invalid_request")
	revoke("invented").mustFail(t, 200, "")
	revoke(tokens.AccessToken).mustFail(t, 200, "")
	s.exchangeFor(t, tokens.AccessToken).mustFail(t, 401, "invalid_token")
	next := s.refresh(t, tokens.RefreshToken)
	revoke(next.at("refresh_token")).mustFail(t, 200, "")
	s.exchangeFor(t, next.at("access_token")).mustFail(t, 401, "invalid_token")
	s.refresh(t, next.at("refresh_token")).mustFail(t, 400, "invalid_grant")
}

// TestOAuthFaults: a refresh that acted, but whose answer was lost, has used its token up.
func TestOAuthFaults(t *testing.T) {
	t.Parallel()
	s := withCLI(t, Config{})
	tokens := s.logIn(t, aliceARN)
	s.Fail("OAuthToken", Refuse(400, "invalid_grant", "no"), CommitThenReset())
	s.Fail("OAuthExchange", CommitThen500())
	form := params{"grant_type": "refresh_token", "refresh_token": tokens.RefreshToken, "client_id": OfficialCLICN}
	s.askToken(t, form).mustFail(t, 400, "invalid_grant")
	if got := s.post(t, "/v1/token", form); got.status != 0 {
		t.Errorf("got %+v, want a lost connection", got)
	}
	s.askToken(t, form).mustFail(t, 400, "invalid_grant")
	s.exchangeFor(t, tokens.AccessToken).mustFail(t, 500, "InternalError")
	var codes []string
	for _, line := range s.Requests() {
		if line.Operation == "OAuthToken" {
			codes = append(codes, line.Fault+" "+line.Code)
		}
	}
	if want := []string{"Refuse(invalid_grant) invalid_grant", "CommitThenReset ", " invalid_grant"}; !slices.Equal(codes, want) {
		t.Errorf("the log has %q, want %q", codes, want)
	}
}

// TestOAuthLoginsSurviveARestart in the state file.
func TestOAuthLoginsSurviveARestart(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/state.json"
	tokens := withCLI(t, Config{StateFile: path}).logIn(t, aliceARN)
	after := serve(t, Config{StateFile: path})
	if got := after.refresh(t, tokens.RefreshToken); got.Status != http.StatusOK {
		t.Errorf("got %d %s, want new tokens", got.Status, got.Code)
	}
}
