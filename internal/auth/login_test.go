package auth

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// diskMachine is a computer whose home directory is real, with the given config.json.
// It returns the path of that file.
func diskMachine(t *testing.T, env map[string]string, config string) (Machine, string) {
	t.Helper()
	home := t.TempDir()
	path := filepath.Join(home, ".aliyun", "config.json")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, config, 0o600)
	machine := testMachine(env, nil)
	machine.HomeDir = func() (string, error) { return home, nil }
	machine.ReadFile, machine.ReplaceFile, machine.TryLock = os.ReadFile, replaceFile, tryLock
	return machine, path
}

// loginProfile is a profile "me" of a login mode with keys given as JSON, in a file with
// a second profile and things that no mode knows.
func loginProfile(mode, keys string) string {
	return fmt.Sprintf("{\n\t\"current\": \"me\",\n\t\"profiles\": [\n\t\t{\"name\":\"me\",\"mode\":%q,%s},\n"+
		"\t\t{\"name\":\"other\" , \"mode\":\"AK\",\"access_key_secret\":\"testsecret\",\"x\":1.0}\n\t],\n\t\"meta_path\": \"\\u0041\"\n}\n", mode, keys)
}

// savedSTS are the keys of a session that the CLI has saved.
func savedSTS(end time.Time) string {
	return fmt.Sprintf(`"access_key_id":"STS.saved","access_key_secret":"testsecret","sts_token":"testtoken","sts_expiration":%d`, end.Unix())
}

// resolveProfile builds the source of profile "me".
func resolveProfile(t *testing.T, machine Machine, endpoints EndpointConfig, warn func(context.Context, Warning)) *Source {
	t.Helper()
	source, err := Resolve(Config{Machine: machine, Endpoints: endpoints, Warn: warn})
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func TestLoginGivesASavedSessionOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		left    time.Duration
		service int // its status
		want    []string
	}{
		"long":                        {left: time.Hour, service: 200, want: []string{"STS.saved", "STS.cloudsso"}},
		"a little over three minutes": {left: 181 * time.Second, service: 200, want: []string{"STS.saved", "STS.cloudsso"}},
		"three minutes":               {left: 180 * time.Second, service: 200, want: []string{"STS.cloudsso"}},
		"short, but nothing better":   {left: 2 * time.Minute, service: 401, want: []string{"STS.saved", ""}},
		"too short":                   {left: 30 * time.Second, service: 401, want: []string{""}},
		"over":                        {left: -time.Hour, service: 401, want: []string{""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := &cloudSSOPortal{status: test.service}
			machine, _ := diskMachine(t, nil, loginProfile("CloudSSO", cloudSSOKeys("https://signin.example.com/x", testStart.Add(time.Hour))+","+savedSTS(testStart.Add(test.left))))
			source := resolveProfile(t, machine, EndpointConfig{CloudSSO: serve(t, service.ServeHTTP)}, nil)
			for i, want := range test.want {
				c, err := source.Credentials(t.Context())
				if want == "" {
					wantError(t, err, "aliyun configure --profile me --mode CloudSSO")
				} else if err != nil || c.AccessKeyID != want {
					t.Errorf("answer %d is %s, %v, want %s", i, c.AccessKeyID, err, want)
				}
				source.Refresh(t.Context(), c) // the service calls it expired
			}
		})
	}
}

// Under the early window the cache asks again; a renewal that fails leaves what is valid.
func TestLoginThatFailsEarlyKeepsTheSession(t *testing.T) {
	t.Parallel()
	service := &cloudSSOPortal{lifetime: time.Hour}
	machine, _ := diskMachine(t, nil, loginProfile("CloudSSO", cloudSSOKeys("https://signin.example.com", testStart.Add(50*time.Minute))))
	source := resolveProfile(t, machine, EndpointConfig{CloudSSO: serve(t, service.ServeHTTP)}, nil)
	mustCredentials(t, source)
	machine.Clock.(*clock.Fake).Advance(55 * time.Minute)
	if got := mustCredentials(t, source).AccessKeyID; got != "STS.cloudsso" {
		t.Errorf("got %s, want STS.cloudsso", got)
	}
	machine.Clock.(*clock.Fake).Advance(5 * time.Minute)
	_, err := source.Credentials(t.Context())
	wantError(t, err, "expired at 2026-01-02T03:54:05Z", "aliyun configure --profile me --mode CloudSSO")
}

func TestLoginCommand(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		profile, path string
		windows       bool
		want          string
	}{
		"default file":            {"me", homeConfig, false, "aliyun configure --profile me --mode CloudSSO"},
		"another file":            {"me", "/elsewhere/config.json", false, "aliyun configure --profile me --mode CloudSSO --config-path /elsewhere/config.json"},
		"odd names":               {"it's me; rm", "/my files/c.json", false, `aliyun configure --profile 'it'\''s me; rm' --mode CloudSSO --config-path '/my files/c.json'`},
		"odd names on Windows":    {"a b", `C:\my files\c.json`, true, `aliyun configure --profile "a b" --mode CloudSSO --config-path "C:\my files\c.json"`},
		"an empty profile's name": {"", homeConfig, false, "aliyun configure --profile '' --mode CloudSSO"},
	} {
		machine := testMachine(nil, nil)
		machine.Windows = test.windows
		r := newResolver(Config{Machine: machine})
		l := r.newLogin(profile{Name: test.profile, file: &configFile{path: filepath.FromSlash(test.path)}}, "--profile", test.profile, "--mode", "CloudSSO")
		if got := filepath.ToSlash(l.command); filepath.ToSlash(test.want) != got {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

func TestParseRefusal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, want string }{
		"CloudSSO":            {`{"ErrorCode":"Forbidden.X","ErrorMessage":"no","RequestId":"R-1"}`, "HTTP status 400, Forbidden.X: no (RequestId R-1)"},
		"OAuth":               {`{"error":"invalid_grant","error_description":"void","requestId":"R-1"}`, "HTTP status 400, invalid_grant: void (RequestId R-1)"},
		"STS":                 {`{"Code":"NoPermission","Message":"no","RequestId":"R-1","HostId":"h"}`, "HTTP status 400, NoPermission: no (RequestId R-1)"},
		"a page":              {`<html>testsecret</html>`, "HTTP status 400"},
		"nothing":             {``, "HTTP status 400"},
		"a signature":         {`{"Code":"SignatureDoesNotMatch","Message":"testsecret"}`, "HTTP status 400, SignatureDoesNotMatch"},
		"what was sent":       {`{"error":"x","error_description":"token testtoken-1\nis void"}`, "HTTP status 400, x: token [redacted] is void"},
		"no code":             {`{"error":"testsecret is void","error_description":"void"}`, "HTTP status 400: void"},
		"a very long message": {`{"error":"x","error_description":"` + strings.Repeat("é", 600) + `"}`, "HTTP status 400, x: " + strings.Repeat("é", 500) + "…"},
	} {
		got := parseRefusal(http.StatusBadRequest, []byte(test.body), secret("testtoken-1"), secret("")).Error()
		if got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
		noSecrets(t, got)
	}
}

// cloudSSOPortal answers POST /cloud-credentials for the bearer of testtoken-access.
type cloudSSOPortal struct {
	status   int           // default 200
	body     string        // default a session
	lifetime time.Duration // of it; default an hour

	mu    sync.Mutex
	token string // the good one; default testtoken-access
	calls int
	last  struct {
		method, path, authorization, contentType, accept string
		body                                             map[string]string
	}
}

func (p *cloudSSOPortal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	p.last.method, p.last.path = r.Method, r.URL.RequestURI()
	p.last.authorization, p.last.contentType, p.last.accept = r.Header.Get("Authorization"), r.Header.Get("Content-Type"), r.Header.Get("Accept")
	p.last.body = nil
	_ = json.NewDecoder(r.Body).Decode(&p.last.body)
	token, lifetime := p.token, p.lifetime
	if token == "" {
		token = "testtoken-access"
	}
	if lifetime == 0 {
		lifetime = time.Hour
	}
	switch {
	case p.status != 0 && p.status != http.StatusOK || p.body != "":
		if p.status != 0 {
			w.WriteHeader(p.status)
		}
		_, _ = w.Write([]byte(p.body))
	case p.last.authorization != "Bearer "+token:
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"ErrorCode":"InvalidAccessToken","ErrorMessage":"` + p.last.authorization + ` is void","RequestId":"R-1"}`))
	default:
		_, _ = fmt.Fprintf(w, `{"CloudCredential":{"AccessKeyId":"STS.cloudsso","AccessKeySecret":"testsecret","SecurityToken":"testtoken","Expiration":%q},"RequestId":"R-1"}`,
			testStart.Add(lifetime).Format(time.RFC3339))
	}
}

// cloudSSOKeys are a profile's keys of a login that ends at the given time.
func cloudSSOKeys(signIn string, end time.Time) string {
	return fmt.Sprintf(`"cloud_sso_sign_in_url":%q,"cloud_sso_account_id":"1234567890123456","cloud_sso_access_config":"ac-example",`+
		`"access_token":"testtoken-access","cloud_sso_access_token_expire":%d`, signIn, end.Unix())
}
