package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// stage is a scratch directory with everything the demo needs: the binaries, the
// configuration, and the emulator that runs beside them.
type stage struct {
	dir      string
	environ  []string
	example  string
	endpoint string
	profiles []string

	terraform terraform
	emulator  *exec.Cmd
}

// providerVersion is what the local mirror calls the provider just built.
const providerVersion = "0.0.1"

// hosts are the default provider hosts of Terraform and OpenTofu. Both look for
// providers below terraform.d/plugins in the working directory before they ask a host.
var hosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// newStage builds both programs and lays the working directory out.
func newStage(ctx context.Context, environ []string, example string) (*stage, error) {
	dir, err := os.MkdirTemp("", "ram-demo-")
	if err != nil {
		return nil, err
	}
	s := &stage{dir: dir, environ: environ, example: example}
	provider := filepath.Join(dir, "terraform-provider-ram")
	for _, build := range [][2]string{{".", provider}, {"./cmd/ram-emulator", s.emulatorPath()}} {
		started := clock.System.Now()
		command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", build[1], build[0]) //nolint:gosec // both are listed above
		if out, err := command.CombinedOutput(); err != nil {
			return nil, errors.Join(fmt.Errorf("build %s: %w\n%s", build[0], err, out), s.strike())
		}
		say("  %-24s %s", filepath.Base(build[1]), clock.System.Now().Sub(started).Round(100*time.Millisecond))
	}
	if err := s.layOut(provider); err != nil {
		return nil, errors.Join(err, s.strike())
	}
	return s, nil
}

func (s *stage) emulatorPath() string { return filepath.Join(s.dir, "ram-emulator"+exe()) }

// layOut puts the configuration and the provider where Terraform looks for them.
func (s *stage) layOut(provider string) error {
	work := filepath.Join(s.dir, "work")
	if err := os.CopyFS(work, os.DirFS(s.example)); err != nil {
		return err
	}
	for _, host := range hosts {
		mirror := filepath.Join(work, "terraform.d", "plugins", host, "ramprovider", "ram", providerVersion, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(mirror, 0o750); err != nil {
			return err
		}
		if err := os.Link(provider, filepath.Join(mirror, "terraform-provider-ram_v"+providerVersion+exe())); err != nil {
			return err
		}
	}
	return nil
}

// listening is the first line that `ram-emulator serve` prints.
var listening = regexp.MustCompile(`at (http://\S+)`)

// startEmulator starts it on a free loopback port and reads where it listens.
func (s *stage) startEmulator(ctx context.Context) error {
	configFile := filepath.Join(s.dir, "config.json")
	s.emulator = exec.CommandContext(ctx, s.emulatorPath(), "serve", "--config-out", configFile) //nolint:gosec // the demo built it
	s.emulator.Cancel = func() error { return s.emulator.Process.Signal(os.Interrupt) }
	s.emulator.Stderr = os.Stderr
	stdout, err := s.emulator.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.emulator.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(stdout)
	for s.endpoint == "" && lines.Scan() {
		if match := listening.FindStringSubmatch(lines.Text()); match != nil {
			s.endpoint = match[1]
		}
	}
	if s.endpoint == "" {
		return errors.New("the emulator did not say where it listens")
	}
	go func() {
		for lines.Scan() { // keep its output flowing
		}
	}()
	say("  it listens at %s", s.endpoint)
	if s.profiles, err = profilesIn(configFile); err != nil {
		return err
	}
	s.terraform = terraform{dir: filepath.Join(s.dir, "work"), environment: s.environment(configFile)}
	return s.terraform.find(s.environ)
}

// environment leads Terraform and the provider to the emulator and nowhere else.
func (s *stage) environment(configFile string) []string {
	var environment []string
	for _, entry := range s.environ {
		if !strings.HasPrefix(entry, "ALI") && !strings.HasPrefix(entry, "TF_") {
			environment = append(environment, entry)
		}
	}
	return append(environment,
		"TF_CLI_CONFIG_FILE=", "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		"ALIBABA_CLOUD_CONFIG_FILE="+configFile,
		"ALIBABA_CLOUD_ENDPOINT_RAM="+s.endpoint, "ALIBABA_CLOUD_ENDPOINT_IMS="+s.endpoint,
		"ALIBABA_CLOUD_ENDPOINT_STS="+s.endpoint, "ALIBABA_CLOUD_ENDPOINT_RESOURCE_MANAGER="+s.endpoint,
		"RAM_PROVIDER_EMULATOR_ONLY=1",
	)
}

// profilesIn lists the profiles that the emulator wrote: one for each account.
func profilesIn(configFile string) ([]string, error) {
	content, err := os.ReadFile(configFile)
	if err != nil {
		return nil, err
	}
	var config struct {
		Profiles []struct {
			Name string `json:"name"`
		} `json:"profiles"`
	}
	if err := json.Unmarshal(content, &config); err != nil {
		return nil, errors.New("the emulator's config.json is not JSON")
	}
	var names []string
	for _, profile := range config.Profiles {
		names = append(names, profile.Name)
	}
	if len(names) < 2 {
		return nil, fmt.Errorf("the emulator has the profiles %q; the demo needs two accounts", names)
	}
	return names, nil
}

// strike stops the emulator and removes the scratch directory.
func (s *stage) strike() error {
	var errs []error
	if s.emulator != nil && s.emulator.Process != nil {
		_ = s.emulator.Process.Signal(os.Interrupt)
		if err := s.emulator.Wait(); err != nil {
			errs = append(errs, fmt.Errorf("the emulator: %w", err))
		}
	}
	return errors.Join(append(errs, os.RemoveAll(s.dir))...) //nolint:gosec // os.MkdirTemp made it
}

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// indent puts two spaces before every line.
func indent(text []byte) string {
	return "  " + string(bytes.ReplaceAll(bytes.TrimSpace(text), []byte("\n"), []byte("\n  ")))
}
