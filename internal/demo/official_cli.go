package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// officialCLI is the story of examples/walkthroughs/official-cli.
func officialCLI(ctx context.Context, s *stage) error {
	s.chapter("terraform apply: install official-cli, assign alice and a role")
	admin := s.configuration(".")
	made, err := admin.apply(ctx)
	if err != nil {
		return err
	}
	s.say("  whoever is assigned runs %s", made["login_command"])

	s.chapter("Everybody logs in with a browser")
	logins := map[string]*configuration{}
	for _, who := range []string{"user/alice", "user/bob", "role/cli-operator", "root"} {
		if logins[who], err = s.logIn(ctx, who); err != nil {
			return err
		}
	}
	if err := s.letIn(ctx, logins, "user/alice", "role/cli-operator", "root"); err != nil {
		return err
	}
	if err := s.keptOut(ctx, logins, "access_denied", "user/bob"); err != nil {
		return err
	}

	s.chapter("terraform apply: bob instead of alice")
	if _, err := admin.apply(ctx, `cli_users=["bob"]`); err != nil {
		return err
	}
	if err := s.letIn(ctx, logins, "user/bob", "role/cli-operator", "root"); err != nil {
		return err
	}
	if err := s.keptOut(ctx, logins, "access_denied", "user/alice"); err != nil {
		return err
	}

	s.chapter("terraform apply: remove official-cli")
	if _, err := admin.apply(ctx, "installed=false"); err != nil {
		return err
	}
	return s.keptOut(ctx, logins, "no longer valid", "user/alice", "user/bob", "role/cli-operator", "root")
}

// logIn logs an identity of the first account in to the CLI, and returns the
// configuration that shows who it is, with the CLI's profile for its only credentials.
func (s *stage) logIn(ctx context.Context, who string) (*configuration, error) {
	profiles := s.path(strings.ReplaceAll(who, "/", "-") + ".json")
	command := exec.CommandContext(ctx, s.programs.emulator, "login", "acs:ram::"+s.accounts[0].id+":"+who, "--config-out", profiles) //nolint:gosec // the demo built it
	command.Env = s.environment()
	if out, err := command.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("log in as %s: %w\n%s", who, err, out)
	}
	whoami := s.configuration("whoami", "ALIBABA_CLOUD_CONFIG_FILE="+profiles, "ALIBABA_CLOUD_PROFILE=")
	whoami.set("profile=oauth")
	return whoami, nil
}

// letIn requires that the service exchanges the tokens of these logins for credentials.
func (s *stage) letIn(ctx context.Context, logins map[string]*configuration, all ...string) error {
	for _, who := range all {
		if err := s.proved(logins[who].plan(ctx), "%s is let in", who); err != nil {
			return err
		}
	}
	return nil
}

// keptOut requires that the service refuses to, and that Terraform says why in these words.
func (s *stage) keptOut(ctx context.Context, logins map[string]*configuration, words string, all ...string) error {
	for _, who := range all {
		err := logins[who].plan(ctx)
		if err == nil {
			return fmt.Errorf("%s was let in", who)
		}
		// Terraform wraps lines where it likes.
		if said := strings.Join(strings.Fields(err.Error()), " "); !strings.Contains(said, words) {
			return fmt.Errorf("%s was kept out otherwise than by %q: %w", who, words, err)
		}
		s.say("  %s is kept out (%s)", who, words)
	}
	return nil
}
