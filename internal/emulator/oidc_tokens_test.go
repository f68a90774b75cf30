package emulator

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	ciIssuer = "https://ci.example.com"
	ciARN    = "acs:ram::1000000000000001:oidc-provider/CI"
)

// withCI has an OIDC provider and a role that trusts the main branch of one repository.
func withCI(t *testing.T, config Config) *service {
	t.Helper()
	s := serve(t, config)
	s.root.must(ims, "CreateOIDCProvider", ciProvider)
	s.root.createRole("deploy", trusting("Federated", ciARN,
		`{"StringEquals":{"oidc:iss":"https://ci.example.com","oidc:aud":"deploy"},"StringLike":{"oidc:sub":"repo:example/app:ref:*"}}`))
	return s
}

// token issues one that the role of withCI trusts, but for the given claims.
func (s *service) token(t *testing.T, claims map[string]any) string {
	t.Helper()
	all := map[string]any{"iss": ciIssuer, "aud": "deploy", "sub": "repo:example/app:ref:refs/heads/main"}
	maps.Copy(all, claims)
	token, err := s.IssueToken(all)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// federate calls AssumeRoleWithOIDC unsigned, as credentials-go does: common parameters
// in the query, the others in the body.
func (s *service) federate(t *testing.T, p params) reply {
	t.Helper()
	form := url.Values{"RoleArn": {"acs:ram::1000000000000001:role/deploy"}, "OIDCProviderArn": {ciARN}, "RoleSessionName": {"job-1"}}
	for name, value := range p {
		form.Set(name, value)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		s.url+"/?Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON&Timestamp="+url.QueryEscape(s.clock.Now().Format(wireTime)),
		strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return send(t, r)
}

func TestAssumeRoleWithOIDC(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"RS256", "ES256"} {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			s := withCI(t, Config{OIDCAlgorithm: algorithm})
			roleID := s.root.must(ram, "GetRole", params{"RoleName": "deploy"}).at("Role.RoleId")
			got := s.federate(t, params{"OIDCToken": s.token(t, nil), "DurationSeconds": "900"})
			if got.Status != http.StatusOK {
				t.Fatalf("got %d %s %s, want success", got.Status, got.Code, got.at("Message"))
			}
			got.mustEqual(t, `{"AssumedRoleUser":{"Arn":"acs:ram::1000000000000001:role/deploy/job-1","AssumedRoleId":"%s:job-1"},
				"Credentials":{"AccessKeyId":%q,"AccessKeySecret":%q,"SecurityToken":%q,"Expiration":"2026-01-02T03:19:05Z"},
				"OIDCTokenInfo":{"Issuer":"https://ci.example.com","Subject":"repo:example/app:ref:refs/heads/main","ClientIds":"deploy",
				"IssuanceTime":"2026-01-02T03:04:05Z","ExpirationTime":"2026-01-02T04:04:05Z","VerificationInfo":"Success"}}`,
				roleID, got.at("Credentials.AccessKeyId"), got.at("Credentials.AccessKeySecret"), got.at("Credentials.SecurityToken"))
			session := s.withToken(got.at("Credentials.AccessKeyId"), got.at("Credentials.AccessKeySecret"), got.at("Credentials.SecurityToken"))
			arn := session.must(sts, "GetCallerIdentity", nil).at("Arn")
			if want := "acs:ram::1000000000000001:assumed-role/deploy/job-1"; arn != want {
				t.Errorf("the session is %s, want %s", arn, want)
			}
		})
	}
}

// TestAssumeRoleWithOIDCNewStyle sends V3 headers without Authorization, as the SDK does.
func TestAssumeRoleWithOIDCNewStyle(t *testing.T) {
	t.Parallel()
	s := withCI(t, Config{OIDCAlgorithm: "ES256"})
	scope := s.root.newRequest(sts, "AssumeRoleWithOIDC", params{
		"RoleArn": "acs:ram::1000000000000001:role/deploy", "OIDCProviderArn": ciARN, "RoleSessionName": "job-1", "OIDCToken": s.token(t, nil),
		"Policy": allowing("ram:GetUser", "*"),
	})
	scope.Header.Del("Authorization")
	got := send(t, scope)
	if got.Status != http.StatusOK {
		t.Fatalf("got %d %s %s, want success", got.Status, got.Code, got.at("Message"))
	}
	s.root.must(ram, "AttachPolicyToRole", grantOf("RoleName", "deploy", "System", "AliyunRAMFullAccess"))
	session := s.withToken(got.at("Credentials.AccessKeyId"), got.at("Credentials.AccessKeySecret"), got.at("Credentials.SecurityToken"))
	session.refused(ram, "GetUser", params{"UserName": "x"}, 404, "EntityNotExist.User")
	session.refused(ram, "ListUsers", nil, 403, "NoPermission") // beyond the session's own policy

	logged := s.Requests()
	for _, line := range logged {
		if line.Operation == "AssumeRoleWithOIDC" && line.Params["OIDCToken"] != removed {
			t.Error("the token is in the request log")
		}
	}
	signed := send(t, s.root.newRequest(sts, "AssumeRoleWithOIDC", params{"RoleArn": "x"}))
	if signed.Code != "MissingRoleSessionName" {
		t.Errorf("a signed call got %s, want it to be read as well", signed.Code)
	}
	wrong := send(t, s.as(Key{s.root.key.ID, "testsecret"}).newRequest(sts, "AssumeRoleWithOIDC", nil))
	if wrong.Code != "SignatureDoesNotMatch" {
		t.Errorf("a wrong signature got %s, want SignatureDoesNotMatch", wrong.Code)
	}
}

func TestAssumeRoleWithOIDCRefusals(t *testing.T) {
	t.Parallel()
	s := withCI(t, Config{OIDCAlgorithm: "ES256"})
	s.root.must(ims, "CreateOIDCProvider", params{"OIDCProviderName": "silent", "IssuerUrl": "https://silent.example.com", "ClientIds": "deploy"})
	s.root.createRole("people", trustAccount1)
	s.token(t, map[string]any{"iss": "https://other.example.com"}) // the issuer has a key, but no provider

	good := s.token(t, nil)
	head, rest, _ := strings.Cut(good, ".")
	payload, signature, _ := strings.Cut(rest, ".")
	forged := base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"https://ci.example.com","aud":"deploy","sub":"repo:example/app:ref:x","iat":1,"exp":99999999999}`))
	hmac := selfSigned(t, jose.HS256, []byte("testsecret-testsecret-testsecret"))
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + payload + "."
	for _, test := range []struct {
		name   string
		claims map[string]any
		params params
		status int
		code   string
	}{
		{"another repository", map[string]any{"sub": "repo:mallory/app:ref:refs/heads/main"}, nil, 401, "AuthenticationFail.NoPermission"},
		{"client id the role does not trust", map[string]any{"aud": "plan"}, nil, 401, "AuthenticationFail.NoPermission"},
		{"role that trusts people", nil, params{"RoleArn": "acs:ram::1000000000000001:role/people"}, 401, "AuthenticationFail.NoPermission"},
		{"no such provider", nil, params{"OIDCProviderArn": ciARN + "2"}, 401, "AuthenticationFail.NoPermission"},
		{"provider of no account", nil, params{"OIDCProviderArn": "acs:ram::9999999999999999:oidc-provider/CI"}, 401, "AuthenticationFail.NoPermission"},
		{"no such role", nil, params{"RoleArn": "acs:ram::1000000000000001:role/nobody"}, 404, "EntityNotExist.Role"},
		{"unknown client id", map[string]any{"aud": "stranger"}, nil, 401, "AuthenticationFail.OIDCToken.AudienceNotMatch"},
		{"no audience", nil, nil, 401, "AuthenticationFail.OIDCToken.AudienceNotMatch"},
		{"another issuer's key", map[string]any{"iss": "https://other.example.com"}, nil, 401, "AuthenticationFail.OIDCToken.InvalidSignature"},
		{"issuer without keys", nil, params{"OIDCProviderArn": "acs:ram::1000000000000001:oidc-provider/silent"}, 401, "AuthenticationFail.OIDCToken.InvalidSignature"},
		{"forged payload", nil, params{"OIDCToken": head + "." + forged + "." + signature}, 401, "AuthenticationFail.OIDCToken.InvalidSignature"},
		{"symmetric signature", nil, params{"OIDCToken": hmac}, 401, "AuthenticationFail.OIDCToken.Invalid"},
		{"no signature", nil, params{"OIDCToken": none}, 401, "AuthenticationFail.OIDCToken.Invalid"},
		{"no token at all", nil, params{"OIDCToken": "token"}, 401, "AuthenticationFail.OIDCToken.Invalid"},
		{"newline of the file", nil, params{"OIDCToken": good + "\n"}, 401, "AuthenticationFail.OIDCToken.Invalid"},
		{"expires now", map[string]any{"exp": start}, nil, 401, "AuthenticationFail.OIDCToken.Expired"},
		{"never expires", map[string]any{"exp": nil}, nil, 401, "AuthenticationFail.OIDCToken.Invalid"},
		{"no issue time", map[string]any{"iat": nil}, nil, 401, "AuthenticationFail.OIDCToken.Invalid"},
		{"no subject", map[string]any{"sub": nil}, nil, 401, "AuthenticationFail.OIDCToken.Invalid"},
		{"issued in a second", map[string]any{"iat": start.Add(time.Second)}, nil, 401, "AuthenticationFail.OIDCToken.Invalid"},
		{"valid in a second", map[string]any{"nbf": start.Add(time.Second)}, nil, 401, "AuthenticationFail.OIDCToken.Invalid"},
		{"issued long ago", map[string]any{"iat": start.Add(-12*time.Hour - time.Second)}, nil, 401, "AuthenticationFail.OIDCToken.Invalid"},
		{"subject of the wrong type", map[string]any{"sub": 7}, nil, 401, "AuthenticationFail.OIDCToken.Invalid"},
		{"short token", nil, params{"OIDCToken": "abc"}, 400, "InvalidParameter.OIDCToken.Length"},
		{"long token", nil, params{"OIDCToken": strings.Repeat("a", 20001)}, 400, "InvalidParameter.OIDCToken.Length"},
		{"empty token", nil, params{"OIDCToken": ""}, 400, "MissingOIDCToken"},
		{"role as provider", nil, params{"OIDCProviderArn": "acs:ram::1000000000000001:role/deploy"}, 400, "InvalidParameter.OIDCProviderArn"},
		{"bad role", nil, params{"RoleArn": "deploy"}, 400, "InvalidParameter.RoleArn"},
		{"bad session name", nil, params{"RoleSessionName": "a b"}, 400, "InvalidParameter.RoleSessionName"},
		{"short session", nil, params{"DurationSeconds": "899"}, 400, "InvalidParameter.DurationSeconds"},
		{"long session", nil, params{"DurationSeconds": "3601"}, 400, "InvalidParameter.DurationSeconds"},
		{"bad policy", nil, params{"Policy": "{}"}, 400, "InvalidParameter.PolicyGrammar"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			claims := test.claims
			if test.name == "no audience" {
				claims = map[string]any{"aud": nil}
			}
			p := params{"OIDCToken": s.token(t, claims)}
			maps.Copy(p, test.params)
			if got := s.federate(t, p); got.Status != test.status || got.Code != test.code {
				t.Errorf("got %d %s (%s), want %d %s", got.Status, got.Code, got.at("Message"), test.status, test.code)
			}
		})
	}
}

func selfSigned(t *testing.T, algorithm jose.SignatureAlgorithm, key any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := jwt.Signed(signer).Claims(jwt.Claims{Issuer: ciIssuer, Audience: jwt.Audience{"deploy"}}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestOIDCTokenAgesOnTheClock: one token, valid for two days, in the hours of its life.
func TestOIDCTokenAgesOnTheClock(t *testing.T) {
	t.Parallel()
	s := withCI(t, Config{OIDCAlgorithm: "ES256"})
	s.root.must(ims, "UpdateOIDCProvider", params{"OIDCProviderName": "CI", "IssuanceLimitTime": "24"})
	token := params{"OIDCToken": s.token(t, map[string]any{
		"aud": []string{"stranger", "deploy"}, "nbf": start.Add(time.Hour), "exp": start.Add(48 * time.Hour),
	})}
	for _, step := range []struct {
		after time.Duration
		code  string
	}{
		{0, "AuthenticationFail.OIDCToken.Invalid"}, // not valid yet
		{time.Hour, ""},
		{23 * time.Hour, ""}, // as old as allowed
		{time.Second, "AuthenticationFail.OIDCToken.Invalid"},
		{24 * time.Hour, "AuthenticationFail.OIDCToken.Expired"},
	} {
		s.clock.Advance(step.after)
		if got := s.federate(t, token); got.Code != step.code {
			t.Errorf("at %s: got %d %q, want %q", s.clock.Now().Format(time.RFC3339), got.Status, got.Code, step.code)
		}
	}
}

// TestIssuerPublishesItsKeys verifies a token with nothing but what the issuer serves.
func TestIssuerPublishesItsKeys(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	text := s.token(t, map[string]any{"iss": "https://example.com/ci"})
	get := func(url string) reply {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		return send(t, r)
	}
	document := get(s.url + "/oidc/example.com/ci/.well-known/openid-configuration")
	if got := document.at("issuer"); got != "https://example.com/ci" {
		t.Errorf("the issuer is %q", got)
	}
	keys := get(document.at("jwks_uri"))
	if keys.at("keys.0.kty") != "RSA" || keys.at("keys.0.d") != "" {
		t.Errorf("got %v, want one public RSA key", keys.Body)
	}
	token, err := jwt.ParseSigned(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		t.Fatal(err)
	}
	var set jose.JSONWebKeySet
	decode(t, keys.Body, &set)
	var claims jwt.Claims
	if err := token.Claims(&set, &claims); err != nil || claims.Subject == "" {
		t.Errorf("the token does not verify: %v, subject %q", err, claims.Subject)
	}
	if got := get(s.url + "/oidc/unknown.example.com/keys"); fmt.Sprint(got.Body["keys"]) != "[]" {
		t.Errorf("an issuer without tokens has the keys %v", got.Body)
	}
	if got := get(s.url + "/oidc/example.com"); got.Status != http.StatusNotFound {
		t.Errorf("a page that is not there got %d", got.Status)
	}
	if got := s.Count("OIDCIssuer"); got != 4 {
		t.Errorf("the log has %d visits of the issuer, want 4", got)
	}
}

func TestIssueTokenNeedsAnIssuer(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{OIDCAlgorithm: "ES256"})
	if _, err := s.IssueToken(map[string]any{"iss": nil}); err == nil {
		t.Error("a token without issuer was made")
	}
	if _, err := New(Config{OIDCAlgorithm: "HS256"}); err == nil {
		t.Error("issuers with a symmetric key were started")
	}
}
