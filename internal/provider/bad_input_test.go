package provider_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// answering is a host that gives this answer to everything.
func answering(t *testing.T, contentType, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// everyEndpoint sends all requests to one host.
func everyEndpoint(host string) attributes {
	return attributes{"endpoints": attributes{"ram": host, "ims": host, "sts": host, "resource_manager": host}}
}

func TestBadInputIsOneClearErrorAndChangesNothing(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		prepare func(t *testing.T, env *acctest.Env) attributes
		want    []string
		// unanswered is set where no service gave a RequestId.
		unanswered bool
	}{
		"nobody listens at the endpoint": {
			prepare: func(t *testing.T, _ *acctest.Env) attributes {
				t.Helper()
				server := httptest.NewServer(http.NotFoundHandler())
				server.Close()
				return everyEndpoint(server.URL)
			},
			want:       []string{"cannot be reached", "connection refused", "check that 127.0.0.1:"},
			unanswered: true,
		},
		"the endpoint is a web site": {
			prepare: func(t *testing.T, _ *acctest.Env) attributes {
				t.Helper()
				return everyEndpoint(answering(t, "text/html", "<html>Welcome to nginx!</html>"))
			},
			want:       []string{"HTML or XML, not JSON", "is the right endpoint"},
			unanswered: true,
		},
		"the endpoint is something else": {
			prepare: func(t *testing.T, _ *acctest.Env) attributes {
				t.Helper()
				return everyEndpoint(answering(t, "text/plain", "SSH-2.0-OpenSSH_9.9"))
			},
			want:       []string{"not a JSON object", "is the right endpoint"},
			unanswered: true,
		},
		"the endpoint is another JSON service": {
			prepare: func(t *testing.T, _ *acctest.Env) attributes {
				t.Helper()
				return everyEndpoint(answering(t, "application/json", `{"status":"ok"}`))
			},
			want:       []string{"no RequestId", "is the right endpoint"},
			unanswered: true,
		},
		"the key does not exist": {
			prepare: func(*testing.T, *acctest.Env) attributes {
				return attributes{"access_key_id": "LTAIexample000000000001"}
			},
			want: []string{"InvalidAccessKeyId.NotFound", "check the AccessKey ID", "Credentials: provider argument access_key_id (LTAI****0001)"},
		},
		"the key is disabled": {
			prepare: func(t *testing.T, env *acctest.Env) attributes {
				t.Helper()
				ref := ramclient.AccessKeyRef{AccessKeyID: env.Admin.ID, UserPrincipalName: env.PrincipalName("terraform")}
				if err := env.Client.UpdateAccessKey(t.Context(), ref, ramclient.AccessKeyInactive); err != nil {
					t.Fatal(err)
				}
				return nil
			},
			want: []string{"InvalidAccessKeyId.Inactive", "enable it"},
		},
		"the secret belongs to another key": {
			prepare: func(*testing.T, *acctest.Env) attributes {
				return attributes{"access_key_secret": "testsecret"}
			},
			want: []string{"SignatureDoesNotMatch", "check the AccessKey secret"},
		},
		"the token has expired": {
			prepare: func(t *testing.T, env *acctest.Env) attributes {
				t.Helper()
				ended := assume(t, env)
				env.Clock.Advance(2 * time.Hour)
				return ended.arguments()
			},
			want: []string{"InvalidSecurityToken.Expired", "get a new security token, or use a credential mode that refreshes itself"},
		},
		"the token is missing": {
			prepare: func(t *testing.T, env *acctest.Env) attributes {
				t.Helper()
				arguments := assume(t, env).arguments()
				arguments["security_token"] = nil
				return arguments
			},
			want: []string{"MissingSecurityToken", "set security_token"},
		},
		"a permission is missing": {
			prepare: func(t *testing.T, env *acctest.Env) attributes {
				t.Helper()
				env.As(env.Allowed(t, "limited", ramclient.OpGetRole))
				return nil
			},
			want: []string{`Cannot create RAM role "demo"`, "NoPermission", "Missing permission: ram:CreateRole", "ImplicitDeny"},
		},
		"the clock is wrong": {
			prepare: func(_ *testing.T, env *acctest.Env) attributes {
				env.Machine.Clock = clock.NewFake(acctest.Start.Add(time.Hour))
				return nil
			},
			want: []string{"InvalidTimeStamp.Expired", "set this machine's clock"},
		},
		"the account is another one": {
			prepare: func(*testing.T, *acctest.Env) attributes {
				return attributes{"allowed_account_ids": []string{"1000000000000009"}}
			},
			want:       []string{"Wrong Alibaba Cloud account", "1000000000000001", "1000000000000009"},
			unanswered: true,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			arguments := test.prepare(t, env)
			want := append(test.want, "Next step: ")
			if !test.unanswered {
				want = append(want, "RequestId: ")
			}
			errs := createRole(t, env, arguments)
			acctest.RequireOne(t, errs, want...)
			for _, leak := range []string{"string to sign", "ACS3-HMAC-SHA256"} {
				if strings.Contains(strings.Join(errs, "\n"), leak) {
					t.Errorf("the error shows what the service made of a wrong signature: %q", errs)
				}
			}
			requireNothingChanged(t, env)
		})
	}
}

// A write whose signature fails: the service's answer then repeats the whole request.
func TestBadInput_messageOfAWrongSignatureIsNeverShown(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Emulator.Fail("CreateRole", emulator.Refuse(400, "SignatureDoesNotMatch", "server string to sign is:Password=hunter2"))
	errs := createRole(t, env, nil)
	acctest.RequireOne(t, errs, "SignatureDoesNotMatch", "Next step: ", "RequestId: ")
	if strings.Contains(errs[0], "hunter2") {
		t.Errorf("the service's message is shown: %q", errs[0])
	}
}

func TestBadInput_isAskedOfTheServiceOnce(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, attributes{"access_key_id": "LTAIexample000000000001"})
	for range 3 {
		_, diags := p.ReadData("ram_caller_identity", attributes{})
		acctest.RequireOne(t, diags.Errors(), "InvalidAccessKeyId.NotFound")
	}
	if got := env.Emulator.Total(); got != 1 {
		t.Errorf("three operations under a wrong key made %d calls, want 1", got)
	}
}

func TestBadInput_ofTheProviderBlock(t *testing.T) {
	t.Parallel()
	const proxyWithPassword = "http://user:hunter2@proxy.example.com:port"
	tests := map[string]struct {
		arguments attributes
		want      string
	}{
		"an id without its secret":        {attributes{"access_key_secret": nil}, `"access_key_secret" must be specified`},
		"a secret without its id":         {attributes{"access_key_id": nil}, `"access_key_id" must be specified`},
		"a token alone":                   {attributes{"access_key_id": nil, "access_key_secret": nil, "security_token": "t"}, `"access_key_id" must be specified`},
		"a key and a profile":             {attributes{"profile": "prod"}, "access_key_id and profile each give credentials"},
		"a key and a config file":         {attributes{"config_file": "/c.json"}, "access_key_id and config_file each give credentials"},
		"both account guards":             {attributes{"allowed_account_ids": []string{"1000000000000001"}, "forbidden_account_ids": []string{"1000000000000002"}}, `"forbidden_account_ids" cannot be specified when`},
		"an account that is none":         {attributes{"allowed_account_ids": []string{"prod"}}, "16 digits"},
		"no account allowed":              {attributes{"allowed_account_ids": []string{}}, "at least 1"},
		"a role that is none":             {attributes{"assume_role": []any{attributes{"role_arn": "acs:ram::1:user/x"}}}, "acs:ram::<account id>:role/<role name>"},
		"no role":                         {attributes{"assume_role": []any{}}, "at least 1"},
		"a short session":                 {attributes{"assume_role": []any{attributes{"role_arn": "acs:ram::1000000000000001:role/x", "duration_seconds": 60}}}, "between 900 and 43200"},
		"a session policy that is none":   {attributes{"assume_role": []any{attributes{"role_arn": "acs:ram::1000000000000001:role/x", "policy": "{"}}}, "line 1"},
		"a region with a dot":             {attributes{"region": "evil.example.com"}, "ap-northeast-1"},
		"http off loopback":               {attributes{"endpoints": attributes{"ram": "http://ram.example.com"}}, "endpoints.ram: plain http to ram.example.com is refused"},
		"an endpoint with a password":     {attributes{"endpoints": attributes{"sts": "https://user:hunter2@sts.example.com"}}, "endpoints.sts: user, query and fragment are not allowed"},
		"a proxy that is none":            {attributes{"http_proxy": proxyWithPassword}, "must be an http:// or https:// URL"},
		"a CA bundle that is not there":   {attributes{"custom_ca_bundle": "/nowhere/ca.pem"}, `"/nowhere/ca.pem" cannot be read`},
		"a timeout of nothing":            {attributes{"request_timeout": "0s"}, "positive duration"},
		"retries below none":              {attributes{"max_retries": -1}, "between 0 and 50"},
		"a rate of none":                  {attributes{"max_requests_per_second": 0}, "between 1 and 1000"},
		"a choice that is none":           {attributes{"plaintext_secrets": "maybe"}, `"warn" "allow" "error"`},
		"an empty command":                {modeAlone("external", attributes{"command": ""}), "a string or a list of strings"},
		"a command of no words":           {modeAlone("external", attributes{"command": []any{}}), "a string or a list of strings"},
		"a command without a program":     {modeAlone("external", attributes{"command": []any{"", "x"}}), "a string or a list of strings"},
		"a command that leaves a quote":   {modeAlone("external", attributes{"command": "get 'hunter2"}), "a quote is not closed"},
		"a program that gets no time":     {modeAlone("external", attributes{"command": "get", "timeout": "0s"}), "positive duration"},
		"a credentials URI that is none":  {modeAlone("credentials_uri", "hunter2"), "must be an http:// or https:// URL"},
		"an OIDC provider that is none":   {oidcWith("oidc_provider_arn", "ci"), "acs:ram::<account id>:oidc-provider/<name>"},
		"an OIDC role that is none":       {oidcWith("role_arn", "ci"), "acs:ram::<account id>:role/<role name>"},
		"an OIDC session of a minute":     {oidcWith("duration_seconds", 60), "between 900 and 43200"},
		"an OIDC session name of a space": {oidcWith("role_session_name", "a b"), "session name"},
		"an OIDC token and a file":        {oidcWith("token_file", "/token"), "assume_role_with_oidc.token_file"},
		"no OIDC token":                   {oidcWith("token", nil), "assume_role_with_oidc.token_file"},
		"an access configuration's name":  {ssoWith("access_configuration_id", "Admin"), "begins with ac-"},
		"a CloudSSO account that is none": {ssoWith("account_id", "prod"), "16 digits"},
		"a portal that is none":           {ssoWith("sign_in_url", "portal"), "must be an http:// or https:// URL"},
		"an OAuth site that is none":      {modeAlone("oauth", attributes{"site": "cn", "access_token": "hunter2"}), `"CN" "INTL"`},
		"a login carried away":            {attributes{"endpoints": attributes{"oauth": "https://oauth.example.com"}, "access_key_id": nil, "access_key_secret": nil, "oauth": baseArguments["oauth"]}, "endpoints.oauth: only a loopback host is allowed here"},
		"a reserved tag":                  {attributes{"default_tags": attributes{"tags": map[string]string{"acs:x": "1"}}}, "reserved"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			_, diags := env.Configure(t, test.arguments)
			acctest.RequireOne(t, diags.Errors(), test.want)
			if strings.Contains(strings.Join(diags.Errors(), " "), "hunter2") {
				t.Errorf("the error shows a password: %q", diags.Errors())
			}
			if got := env.Emulator.Total(); got != 0 {
				t.Errorf("made %d calls, want none", got)
			}
		})
	}
}

// modeAlone is one argument that gives credentials.
func modeAlone(argument string, value any) attributes {
	return attributes{"access_key_id": nil, "access_key_secret": nil, argument: value}
}

// oidcWith is assume_role_with_oidc with another value in it, and ssoWith is cloud_sso.
func oidcWith(name string, value any) attributes {
	return changed("assume_role_with_oidc", name, value)
}

func ssoWith(name string, value any) attributes { return changed("cloud_sso", name, value) }

func changed(argument, name string, value any) attributes {
	before, _ := baseArguments[argument].(attributes)
	after := maps.Clone(before)
	after[name] = value
	return modeAlone(argument, after)
}

func TestAccProvider_wrongKey(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.As(acctest.Key{ID: "LTAIexample000000000001", Secret: "testsecret"})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{{
			Config:      env.Config(`data "ram_caller_identity" "test" {}`),
			ExpectError: regexp.MustCompile(`(?s)Cannot find out who the caller is.*InvalidAccessKeyId\.NotFound.*Next step:.*RequestId:`),
		}},
	})
}
