package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// served is an emulator that a command can find through its environment.
func served(t *testing.T) (e *emulator.Emulator, environ []string) {
	t.Helper()
	e, err := emulator.New(emulator.Config{OIDCAlgorithm: "ES256"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	path := filepath.Join(t.TempDir(), "config.json")
	if err := profilesOf(e.Accounts()).writeNew(path); err != nil {
		t.Fatal(err)
	}
	return e, []string{"ALIBABA_CLOUD_ENDPOINT_STS=" + server.URL, "ALIBABA_CLOUD_CONFIG_FILE=" + path}
}

func TestTokenPrintsATokenAlone(t *testing.T) {
	t.Parallel()
	_, environ := served(t)
	got := runWith(t, process{
		args: []string{"token", "--audience", "deploy", "--subject", "repo:example/app", "--claim", "ref=main"}, environ: environ,
	})
	if got.status != 0 || strings.Count(got.stdout, ".") != 2 || strings.ContainsAny(got.stdout, " \n") {
		t.Errorf("got status %d, %q and %q, want a token alone", got.status, got.stdout, got.stderr)
	}
}

func TestLoginNeedsTheApplication(t *testing.T) {
	t.Parallel()
	e, environ := served(t)
	path := filepath.Join(t.TempDir(), "oauth.json")
	got := runWith(t, process{args: []string{"login", "acs:ram::" + e.Accounts()[0].ID + ":root", "--config-out", path}, environ: environ})
	if got.status != 2 || !strings.Contains(got.stderr, "has not installed the application") {
		t.Errorf("got status %d and %q, want 2 and the reason", got.status, got.stderr)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("a profile was written all the same: %v", err)
	}
}

func TestLoginWritesAProfile(t *testing.T) {
	t.Parallel()
	answers := map[string]string{
		"/":                     `{}`,
		"/emulator/oauth-login": `{"access_token":"AT-example","refresh_token":"RT-example","access_token_expire":1767326645}`,
	}
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Ram-Emulator", "1")
		text, _ := io.ReadAll(r.Body)
		asked = append(asked, r.URL.Path+" "+string(text))
		_, _ = io.WriteString(w, answers[r.URL.Path])
	}))
	defer server.Close()
	_, environ := served(t)
	environ[0] = "ALIBABA_CLOUD_ENDPOINT_STS=" + server.URL
	path := filepath.Join(t.TempDir(), "oauth.json")
	got := runWith(t, process{
		args: []string{"login", "acs:ram::1000000000000001:user/alice", "--site", "INTL", "--config-out", path}, environ: environ,
	})
	if got.status != 0 || got.stdout != "" {
		t.Fatalf("got status %d, %q and %q, want success in silence", got.status, got.stdout, got.stderr)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var config cliConfig
	if err := json.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	want := cliProfile{
		Name: "oauth", Mode: "OAuth", OAuthSite: "INTL", OAuthAccess: "AT-example", OAuthRefresh: "RT-example", OAuthExpires: 1767326645,
		RegionID: "cn-hangzhou", OutputFormat: "json", Language: "en",
	}
	if config.Current != "oauth" || len(config.Profiles) != 1 || config.Profiles[0] != want {
		t.Errorf("got %+v, want %+v as the current profile", config, want)
	}
	if last := asked[len(asked)-1]; !strings.Contains(last, "app_id="+emulator.OfficialCLIINTL) {
		t.Errorf("it asked %q, want the application of the international site", last)
	}
}

// TestTheRootKeyGoesToAnEmulatorOnly, whatever the environment points at.
func TestTheRootKeyGoesToAnEmulatorOnly(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("a server that is no emulator was sent the key")
		}
	}))
	defer server.Close()
	_, environ := served(t)
	environ[0] = "ALIBABA_CLOUD_ENDPOINT_STS=" + server.URL
	got := runWith(t, process{args: []string{"token", "--audience", "x"}, environ: environ})
	if got.status != 2 || !strings.Contains(got.stderr, "is no emulator") {
		t.Errorf("got status %d and %q, want 2 and the reason", got.status, got.stderr)
	}
}

func TestTokenNeedsAnEmulator(t *testing.T) {
	t.Parallel()
	_, environ := served(t)
	for name, test := range map[string]struct {
		environ []string
		says    string
	}{
		"no environment":  {nil, "no emulator in sight"},
		"no such file":    {[]string{environ[0], "ALIBABA_CLOUD_CONFIG_FILE=/nowhere"}, "read the emulator's profiles"},
		"no such profile": {append([]string{"ALIBABA_CLOUD_PROFILE=x"}, environ...), "no root key"},
		"nobody listens":  {[]string{"ALIBABA_CLOUD_ENDPOINT_STS=http://127.0.0.1:1", environ[1]}, "ask the emulator"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := runWith(t, process{args: []string{"token", "--audience", "x"}, environ: test.environ})
			if got.status != 2 || !strings.Contains(got.stderr, test.says) {
				t.Errorf("got status %d and %q, want 2 and %q", got.status, got.stderr, test.says)
			}
		})
	}
}
