package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outcome is what a run left behind.
type outcome struct {
	status         int
	stdout, stderr string
}

func runWith(t *testing.T, p process) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p.stdin, p.stdout, p.stderr = strings.NewReader(""), &stdout, &stderr
	if p.tempDir == "" {
		p.tempDir = t.TempDir()
	}
	status := run(t.Context(), p)
	left, err := os.ReadDir(p.tempDir)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) > 0 {
		t.Errorf("%v left %s in the temporary directory, want nothing", p.args, left[0].Name())
	}
	return outcome{status, stdout.String(), stderr.String()}
}

// shell makes the arguments of an exec that runs a script.
func shell(t *testing.T, script string) []string {
	t.Helper()
	path, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell on this machine")
	}
	return []string{"exec", "--accounts", "1234567890123456,6543210987654321", "--", path, "-c", script}
}

func TestExecHidesTheRealAccount(t *testing.T) {
	t.Parallel()
	got := runWith(t, process{
		args: shell(t, `env`),
		environ: []string{
			"PATH=/usr/bin:/bin", "HOME=/nowhere", "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIreal", "ALICLOUD_SECRET_KEY=realsecret",
			"ALIBABACLOUD_PROFILE=production", "ALIBABA_CLOUD_REGION_ID=cn-shanghai", "ALICLOUD_REGION=cn-beijing",
			"ALIBABA_CLOUD_STS_REGION=eu-central-1", "RAM_PROVIDER_EMULATOR_ONLY=0",
		},
	})
	if got.status != 0 {
		t.Fatalf("got status %d: %s", got.status, got.stderr)
	}
	environ := map[string]string{}
	for line := range strings.Lines(got.stdout) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		environ[name] = value
	}
	for _, name := range []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_SECRET_KEY", "ALIBABACLOUD_PROFILE", "ALIBABA_CLOUD_STS_REGION"} {
		if value, there := environ[name]; there {
			t.Errorf("the command saw %s=%s", name, value)
		}
		if !strings.Contains(got.stderr, name) {
			t.Errorf("nobody was told that %s was hidden: %s", name, got.stderr)
		}
	}
	if strings.Contains(got.stderr, "realsecret") {
		t.Errorf("a value was printed: %s", got.stderr)
	}
	endpoint := environ["ALIBABA_CLOUD_ENDPOINT_RAM"]
	if !regexp.MustCompile(`^http://127\.0\.0\.1:\d+$`).MatchString(endpoint) {
		t.Errorf("the RAM endpoint is %q, want a loopback address", endpoint)
	}
	want := map[string]string{
		"HOME":                                    "/nowhere",
		"ALIBABA_CLOUD_REGION_ID":                 "cn-shanghai",
		"ALICLOUD_REGION":                         "cn-beijing",
		"ALIBABA_CLOUD_ENDPOINT_IMS":              endpoint,
		"ALIBABA_CLOUD_ENDPOINT_STS":              endpoint,
		"ALIBABA_CLOUD_ENDPOINT_RESOURCE_MANAGER": endpoint,
		"ALIBABA_CLOUD_ENDPOINT_OAUTH":            endpoint,
		"ALIBABA_CLOUD_ENDPOINT_CLOUD_SSO":        endpoint,
		"ALIBABA_CLOUD_ENDPOINT_ECS_METADATA":     endpoint,
		"ALIBABA_CLOUD_PROFILE":                   "1234567890123456",
		"ALIBABA_CLOUD_ECS_METADATA_DISABLED":     "true",
		"RAM_PROVIDER_EMULATOR_ONLY":              "1",
	}
	for name, value := range want {
		if environ[name] != value {
			t.Errorf("the command saw %s=%q, want %q", name, environ[name], value)
		}
	}
}

func TestExecCanBeAnInstance(t *testing.T) {
	t.Parallel()
	args := append([]string{"exec", "--ecs-role", "web"}, shell(t, `env`)[1:]...)
	got := runWith(t, process{args: args, environ: []string{"PATH=/usr/bin:/bin"}})
	if got.status != 0 || strings.Contains(got.stdout, "ECS_METADATA_DISABLED") || !strings.Contains(got.stdout, "ALIBABA_CLOUD_ENDPOINT_ECS_METADATA=http://127.0.0.1:") {
		t.Errorf("got status %d and the environment\n%s\nwant metadata that are not disabled", got.status, got.stdout)
	}
}

func TestExecWritesAProfilePerAccount(t *testing.T) {
	t.Parallel()
	got := runWith(t, process{args: shell(t, `ls -l "$ALIBABA_CLOUD_CONFIG_FILE" | cut -c1-10 >&2; cat "$ALIBABA_CLOUD_CONFIG_FILE"`), environ: []string{"PATH=/usr/bin:/bin"}})
	if want := "-rw-------\n"; got.stderr != want {
		t.Errorf("the file has the mode %q, want %q", got.stderr, want)
	}
	var config cliConfig
	if err := json.Unmarshal([]byte(got.stdout), &config); err != nil {
		t.Fatalf("config.json: %v\n%s", err, got.stdout)
	}
	var names []string
	for _, profile := range config.Profiles {
		names = append(names, profile.Name)
		if profile.Mode != "AK" || profile.AccessKeyID == "" || profile.AccessKeySecret == "" || profile.RegionID == "" {
			t.Errorf("profile %s is incomplete", profile.Name)
		}
	}
	if diff := cmp.Diff([]string{"1234567890123456", "6543210987654321"}, names); diff != "" {
		t.Errorf("profiles (-want +got):\n%s", diff)
	}
	if config.Current != names[0] {
		t.Errorf("the current profile is %q, want the first", config.Current)
	}
}

func TestExecEndsAsItsCommandDoes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args []string
		want int
	}{
		"success":           {shell(t, `exit 0`), 0},
		"failure":           {shell(t, `exit 7`), 7},
		"killed by signal":  {shell(t, `kill -KILL $$`), 128 + int(syscall.SIGKILL)},
		"no such command":   {[]string{"exec", "--", "no-such-command-anywhere"}, 127},
		"no command":        {[]string{"exec", "--"}, 2},
		"bad account":       {[]string{"exec", "--accounts", "12", "--", "true"}, 2},
		"remote by mistake": {[]string{"exec", "--listen", "0.0.0.0:0", "--", "true"}, 2},
		"unknown flag":      {[]string{"serve", "--nonsense"}, 2},
		"help":              {[]string{"--help"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := runWith(t, process{args: test.args}); got.status != test.want {
				t.Errorf("got status %d, want %d; it said %s", got.status, test.want, got.stderr)
			}
		})
	}
}

func TestServePrintsNoSecretAndRemovesItsProfiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config.json")
	reader, writer := io.Pipe()
	signals := make(chan os.Signal)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, process{
			args: []string{"serve", "--config-out", path}, signals: signals, stdout: writer, stderr: io.Discard, tempDir: t.TempDir(),
		})
		_ = writer.Close()
	}()
	printed := readUntil(t, reader, "Ctrl-C")

	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var config cliConfig
	if err := json.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	for _, profile := range config.Profiles {
		if strings.Contains(printed, profile.AccessKeySecret) {
			t.Errorf("the secret of %s was printed", profile.Name)
		}
	}
	url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(printed)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.Header.Get("X-Ram-Emulator") != "1" {
		t.Errorf("%s is not the emulator", url)
	}

	signals <- os.Interrupt
	_, _ = io.Copy(io.Discard, reader)
	if got := <-status; got != 0 {
		t.Errorf("got status %d, want 0", got)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the profiles are still there: %v", err)
	}
}

func readUntil(t *testing.T, from io.Reader, mark string) string {
	t.Helper()
	var all strings.Builder
	chunk := make([]byte, 1024)
	for !strings.Contains(all.String(), mark) {
		n, err := from.Read(chunk)
		if err != nil {
			t.Fatalf("the output ended before %q: %s", mark, all.String())
		}
		all.Write(chunk[:n])
	}
	return all.String()
}

func TestServeOverwritesNoFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := runWith(t, process{args: []string{"serve", "--config-out", path}})
	if got.status != 2 || !strings.Contains(got.stderr, "exists") {
		t.Errorf("got status %d and %q, want 2 and that the file exists", got.status, got.stderr)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "mine" {
		t.Errorf("the file now holds %q (%v)", text, err)
	}
}

func TestVersionIsPrintedAlone(t *testing.T) {
	t.Parallel()
	got := runWith(t, process{args: []string{"version"}})
	if want := (outcome{0, version + "\n", ""}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
