package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// stage is a scratch directory with everything a walkthrough needs: a copy of its
// configurations, the provider where Terraform finds it, and the emulator that runs
// beside them.
type stage struct {
	narrator
	dir       string
	programs  programs
	environ   []string
	terraform string
	emulator  *exec.Cmd
	closers   []io.Closer // what else runs

	// endpoint is where the emulator serves every product.
	endpoint string
	// accounts are those of the emulator. A configuration that names no profile works in
	// the first.
	accounts []account
	// applied are the configurations to destroy, in the order of their first apply.
	applied []*configuration
}

// account is an emulated account, with its profile in config.json and its root key.
type account struct {
	id, profile string
	rootKey     rpc.Credentials
	root        *ramclient.Client
}

// newStage lays the scratch directory out.
func newStage(tell narrator, built programs, name string, environ []string) (*stage, error) {
	dir, err := os.MkdirTemp("", "ram-demo-")
	if err != nil {
		return nil, err
	}
	s := &stage{narrator: tell, dir: dir, programs: built, environ: environ}
	if err := s.layOut(name); err != nil {
		return nil, errors.Join(err, s.strike())
	}
	return s, nil
}

func (s *stage) layOut(name string) error {
	var err error
	if s.terraform, err = findTerraform(s.environ); err != nil {
		return err
	}
	if err := os.CopyFS(s.path("work"), os.DirFS(filepath.Join(s.programs.module, filepath.FromSlash(walkthroughsDir), name))); err != nil {
		return err
	}
	return s.programs.mirrorInto(s.path("plugins"))
}

// path is a path in the scratch directory.
func (s *stage) path(elements ...string) string {
	return filepath.Join(append([]string{s.dir}, elements...)...)
}

// listening is the first line that `ram-emulator serve` prints.
var listening = regexp.MustCompile(`at (http://\S+)`)

// startEmulator starts it on a free loopback port and reads where it listens.
func (s *stage) startEmulator(ctx context.Context, flags ...string) error {
	args := append([]string{"serve", "--config-out", s.configFile()}, flags...)
	s.emulator = exec.CommandContext(ctx, s.programs.emulator, args...) //nolint:gosec // the demo built it
	s.emulator.Cancel = func() error { return s.emulator.Process.Signal(os.Interrupt) }
	s.emulator.Stderr = s
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
	s.say("  it listens at %s", s.endpoint)
	return s.readAccounts()
}

// configFile is the config.json of the Alibaba Cloud CLI that everything on the stage uses.
func (s *stage) configFile() string { return s.path("config.json") }

// readAccounts finds the accounts in the profiles that the emulator wrote.
func (s *stage) readAccounts() error {
	content, err := os.ReadFile(s.configFile())
	if err != nil {
		return err
	}
	var config struct {
		Profiles []struct {
			Name   string `json:"name"`
			ID     string `json:"access_key_id"`
			Secret string `json:"access_key_secret"`
		} `json:"profiles"`
	}
	if err := json.Unmarshal(content, &config); err != nil {
		return errors.New("the emulator's config.json is not JSON")
	}
	for _, profile := range config.Profiles {
		rootKey := key(profile.ID, profile.Secret)
		s.accounts = append(s.accounts, account{profile.Name, profile.Name, rootKey, s.signedBy(rootKey)})
	}
	if len(s.accounts) < 2 {
		return fmt.Errorf("the emulator has %d accounts; the walkthroughs need two", len(s.accounts))
	}
	return nil
}

// environment leads Terraform and the provider to the emulator and nowhere else.
func (s *stage) environment() []string {
	var environment []string
	for _, entry := range s.environ {
		if !strings.HasPrefix(entry, "ALI") && !strings.HasPrefix(entry, "TF_") {
			environment = append(environment, entry)
		}
	}
	environment = append(environment,
		"TF_CLI_CONFIG_FILE=", "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		"ALIBABA_CLOUD_CONFIG_FILE="+s.configFile(), "ALIBABA_CLOUD_PROFILE="+s.accounts[0].profile,
		"RAM_PROVIDER_EMULATOR_ONLY=1",
	)
	for _, service := range []string{"RAM", "IMS", "STS", "RESOURCE_MANAGER", "OAUTH", "CLOUD_SSO", "ECS_METADATA"} {
		environment = append(environment, "ALIBABA_CLOUD_ENDPOINT_"+service+"="+s.endpoint)
	}
	return environment
}

// destroy destroys what was applied, the last first.
func (s *stage) destroy(ctx context.Context) error {
	for _, c := range slices.Backward(s.applied) {
		if err := c.destroy(ctx); err != nil {
			return err
		}
	}
	s.applied = nil
	return nil
}

// strike stops the emulator and removes the scratch directory.
func (s *stage) strike() error {
	var errs []error
	for _, one := range s.closers {
		errs = append(errs, one.Close())
	}
	if s.emulator != nil && s.emulator.Process != nil {
		_ = s.emulator.Process.Signal(os.Interrupt)
		if err := s.emulator.Wait(); err != nil {
			errs = append(errs, fmt.Errorf("the emulator: %w", err))
		}
	}
	return errors.Join(append(errs, os.RemoveAll(s.dir))...)
}
