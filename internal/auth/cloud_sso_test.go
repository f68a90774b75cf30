package auth

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

func secret(text string) rpc.Secret { return rpc.NewSecret(text) }

func TestCloudSSORequest(t *testing.T) {
	t.Parallel()
	portal := &cloudSSOPortal{}
	host := serve(t, portal.ServeHTTP)
	arguments := &CloudSSOArguments{SignInURL: host + "/device/login?x=1", AccountID: "1234567890123456", AccessConfigurationID: "ac-example", AccessToken: secret("testtoken-access")}
	inProfile, _ := diskMachine(t, nil, loginProfile("CloudSSO", cloudSSOKeys(host+"/device/login?x=1", testStart.Add(time.Hour))))
	for name, config := range map[string]Config{
		"profile":   {Machine: inProfile},
		"arguments": {Machine: testMachine(nil, nil), Arguments: Arguments{CloudSSO: arguments}},
	} {
		source, err := Resolve(config)
		if err != nil {
			t.Fatal(err)
		}
		c := mustCredentials(t, source)
		if c.AccessKeyID != "STS.cloudsso" || c.AccessKeySecret.Reveal() != testSecret || c.SecurityToken.Reveal() != testToken || !c.Expiration.Equal(testStart.Add(time.Hour)) {
			t.Errorf("%s: got %s until %s, want STS.cloudsso for an hour", name, c.AccessKeyID, c.Expiration)
		}
		got := portal.last
		want := got
		want.method, want.path, want.authorization = http.MethodPost, "/cloud-credentials", "Bearer testtoken-access"
		want.contentType, want.accept = "application/json", "application/json"
		want.body = map[string]string{"AccountId": "1234567890123456", "AccessConfigurationId": "ac-example"}
		if got.method != want.method || got.path != want.path || got.authorization != want.authorization || got.contentType != want.contentType || got.accept != want.accept {
			t.Errorf("%s: request is %+v, want %+v", name, got, want)
		}
		if diff := cmp.Diff(want.body, got.body); diff != "" {
			t.Errorf("%s: body (-want +got):\n%s", name, diff)
		}
		noSecrets(t, source.Summary())
	}
}

func TestCloudSSOCachedSTSIsUsedWithAnExpiredLogin(t *testing.T) {
	t.Parallel()
	portal := &cloudSSOPortal{}
	machine, _ := diskMachine(t, nil, loginProfile("CloudSSO", cloudSSOKeys("https://signin.example.com", testStart.Add(-time.Hour))+","+savedSTS(testStart.Add(time.Hour))))
	source := resolveProfile(t, machine, EndpointConfig{CloudSSO: serve(t, portal.ServeHTTP)}, nil)
	if got := mustCredentials(t, source).AccessKeyID; got != "STS.saved" || portal.calls != 0 {
		t.Errorf("got %s after %d calls, want STS.saved without any", got, portal.calls)
	}
}

func TestCloudSSOExpiredBothGivesTheCommand(t *testing.T) {
	t.Parallel()
	portal := &cloudSSOPortal{}
	for name, test := range map[string]struct {
		end  time.Time
		want string
	}{
		"expired":         {testStart.Add(-time.Hour), "expired at 2026-01-02T02:04:05Z"},
		"expired now":     {testStart, "expired at 2026-01-02T03:04:05Z"},
		"never logged in": {time.Unix(0, 0), "has never taken place"},
	} {
		machine, path := diskMachine(t, nil, loginProfile("CloudSSO", cloudSSOKeys("https://signin.example.com", test.end)+","+savedSTS(testStart)))
		source := resolveProfile(t, machine, EndpointConfig{CloudSSO: serve(t, portal.ServeHTTP)}, nil)
		_, err := source.Credentials(t.Context())
		wantError(t, err, `profile "me" (mode CloudSSO) in `+path, `the CloudSSO login of profile "me" `+test.want, "\n  aliyun configure --profile me --mode CloudSSO\n", "run Terraform again")
		if portal.calls != 0 {
			t.Errorf("%s: the service was called %d times, want none", name, portal.calls)
		}
	}
}

func TestCloudSSOFaults(t *testing.T) {
	t.Parallel()
	const command = "aliyun configure --profile me --mode CloudSSO"
	for name, test := range map[string]struct {
		status int
		body   string
		calls  int
		want   []string
		over   bool // says to log in again
	}{
		"401":                    {status: 401, body: `{"ErrorCode":"InvalidAccessToken","ErrorMessage":"token testtoken-access is void","RequestId":"R-1"}`, calls: 1, want: []string{"HTTP status 401, InvalidAccessToken: token [redacted] is void (RequestId R-1)"}, over: true},
		"403":                    {status: 403, body: `{"ErrorCode":"Forbidden","ErrorMessage":"no","RequestId":"R-1"}`, calls: 1, want: []string{"HTTP status 403, Forbidden: no"}, over: true},
		"4xx body mapped":        {status: 400, body: `{"ErrorCode":"EntityNotExists.AccessConfiguration","ErrorMessage":"none","RequestId":"R-1"}`, calls: 1, want: []string{"HTTP status 400, EntityNotExists.AccessConfiguration: none (RequestId R-1)"}},
		"5xx":                    {status: 503, body: "<html>testsecret</html>", calls: 3, want: []string{"HTTP status 503"}},
		"429":                    {status: 429, calls: 3, want: []string{"HTTP status 429"}},
		"CloudCredential null":   {body: `{"CloudCredential":null,"RequestId":"R-1"}`, calls: 1, want: []string{"has no CloudCredential"}},
		"CloudCredential absent": {body: `{"RequestId":"R-1"}`, calls: 1, want: []string{"has no CloudCredential"}},
		"no JSON":                {body: `testsecret`, calls: 1, want: []string{"has no CloudCredential"}},
		"no secret":              {body: `{"CloudCredential":{"AccessKeyId":"x","SecurityToken":"testtoken"}}`, calls: 1, want: []string{"AccessKeySecret is missing"}},
		"no expiration":          {body: `{"CloudCredential":{"AccessKeyId":"x","SecurityToken":"testtoken","AccessKeySecret":"testsecret"}}`, calls: 1, want: []string{"Expiration is missing"}},
		"huge":                   {body: strings.Repeat(testSecret, 10000), calls: 3, want: []string{"larger than 64 KiB"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			portal := &cloudSSOPortal{status: test.status, body: test.body}
			host := serve(t, portal.ServeHTTP)
			machine, _ := diskMachine(t, nil, loginProfile("CloudSSO", cloudSSOKeys(host, testStart.Add(time.Hour))))
			_, err := resolveProfile(t, machine, EndpointConfig{}, nil).Credentials(t.Context())
			wantError(t, err, test.want...)
			if got := strings.Contains(err.Error(), command); got != test.over {
				t.Errorf("error says how to log in: %t, want %t: %v", got, test.over, err)
			}
			if portal.calls != test.calls {
				t.Errorf("called %d times, want %d", portal.calls, test.calls)
			}

			source, err := Resolve(Config{Machine: testMachine(nil, nil), Arguments: Arguments{CloudSSO: &CloudSSOArguments{
				SignInURL: host, AccountID: "1", AccessConfigurationID: "ac-example", AccessToken: secret("testtoken-access"),
			}}})
			if err != nil {
				t.Fatal(err)
			}
			_, err = source.Credentials(t.Context())
			wantError(t, err, append(test.want, "CloudSSO at "+host)...)
			if got := strings.Contains(err.Error(), "access_token is no longer accepted"); got != test.over {
				t.Errorf("the argument's error says that the token is void: %t, want %t: %v", got, test.over, err)
			}
		})
	}
}

// The person logs in again while Terraform runs: the next renewal finds the new login.
func TestCloudSSOFileIsReadAgainInMidRun(t *testing.T) {
	t.Parallel()
	portal := &cloudSSOPortal{}
	end := cloudSSOKeys("https://signin.example.com", testStart.Add(30*time.Minute))
	machine, path := diskMachine(t, nil, loginProfile("CloudSSO", end))
	source := resolveProfile(t, machine, EndpointConfig{CloudSSO: serve(t, portal.ServeHTTP)}, nil)
	mustCredentials(t, source)
	machine.Clock.(*clock.Fake).Advance(time.Hour)
	_, err := source.Credentials(t.Context())
	wantError(t, err, "expired at")

	portal.token, portal.lifetime = "testtoken-anew", 2*time.Hour
	anew := cloudSSOKeys("https://signin.example.com", testStart.Add(9*time.Hour))
	writeFile(t, path, loginProfile("CloudSSO", strings.Replace(anew, "testtoken-access", "testtoken-anew", 1)), 0o600)
	mustCredentials(t, source)
	if portal.last.authorization != "Bearer testtoken-anew" {
		t.Error("the new login of the file was not used")
	}
}

func TestCloudSSORefused(t *testing.T) {
	t.Parallel()
	keys := func(from, to string) string {
		return loginProfile("CloudSSO", strings.Replace(cloudSSOKeys("https://signin.example.com", testStart.Add(time.Hour)), from, to, 1))
	}
	for name, test := range map[string]struct {
		config    string
		endpoints EndpointConfig
		env       map[string]string
		args      *CloudSSOArguments
		want      []string
	}{
		"http off loopback":        {config: keys("https://", "http://"), want: []string{"cloud_sso_sign_in_url", "plain http to signin.example.com"}},
		"http though insecure":     {config: keys("https://", "http://"), endpoints: EndpointConfig{Insecure: true}, want: []string{"plain http to signin.example.com"}},
		"http, localhost's cousin": {config: keys("https://signin", "http://localhost"), want: []string{"plain http to localhost.example.com"}},
		"another scheme":           {config: keys("https://", "ftp://"), want: []string{"must be an https URL"}},
		"no URL":                   {config: keys("https://signin.example.com", "testsecret"), want: []string{"must be an https URL"}},
		"no account":               {config: keys(`"cloud_sso_account_id":"1234567890123456",`, ""), want: []string{"cloud_sso_account_id is missing", "aliyun configure --profile me --mode CloudSSO"}},
		"no access configuration":  {config: keys(`"ac-example"`, `""`), want: []string{"cloud_sso_access_config is missing", "aliyun configure --profile me --mode CloudSSO"}},
		"no sign-in URL":           {config: keys("https://signin.example.com", ""), want: []string{"cloud_sso_sign_in_url is missing", "aliyun configure"}},
		"variable off loopback":    {config: keys("", ""), env: map[string]string{"ALIBABA_CLOUD_ENDPOINT_CLOUD_SSO": "https://evil.example.com"}, want: []string{"ALIBABA_CLOUD_ENDPOINT_CLOUD_SSO", "only a loopback host"}},
		"endpoint off loopback":    {config: keys("", ""), endpoints: EndpointConfig{CloudSSO: "https://evil.example.com"}, want: []string{"endpoints.cloud_sso", "only a loopback host"}},
		"under the emulator":       {config: keys("", ""), env: map[string]string{"RAM_PROVIDER_EMULATOR_ONLY": "1"}, want: []string{"CloudSSO", "signin.example.com is none"}},
		"arguments, nothing":       {args: &CloudSSOArguments{}, want: []string{"provider argument cloud_sso", "sign_in_url and account_id and access_configuration_id and access_token are missing"}},
		"arguments, plain http":    {args: &CloudSSOArguments{"http://signin.example.com", "1", "ac-1", secret(testToken)}, want: []string{"provider argument cloud_sso", "sign_in_url", "plain http"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := testMachine(test.env, map[string]string{homeConfig: test.config})
			_, err := Resolve(Config{Machine: machine, Endpoints: test.endpoints, Arguments: Arguments{CloudSSO: test.args}})
			wantError(t, err, test.want...)
		})
	}
}

func TestCloudSSOEndpointVariableOnLoopback(t *testing.T) {
	t.Parallel()
	portal := &cloudSSOPortal{}
	host := serve(t, portal.ServeHTTP)
	machine, _ := diskMachine(t, map[string]string{"ALIBABA_CLOUD_ENDPOINT_CLOUD_SSO": host}, loginProfile("CloudSSO", cloudSSOKeys("https://signin.example.com", testStart.Add(time.Hour))))
	source := resolveProfile(t, machine, EndpointConfig{}, nil)
	mustCredentials(t, source)
	if len(source.Warnings) != 1 || !strings.Contains(source.Warnings[0].Detail, "ALIBABA_CLOUD_ENDPOINT_CLOUD_SSO") {
		t.Errorf("warnings are %v, want one that names the variable", source.Warnings)
	}
}
