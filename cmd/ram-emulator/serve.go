package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

type serveCommand struct {
	serviceFlags
	ConfigOut string `help:"Write the profiles with the root keys to this new file instead of a temporary one." placeholder:"FILE" type:"path"`
}

// Run serves until a signal comes. The root keys go to a file only, never to the
// screen, and that file goes away with them.
func (s *serveCommand) Run(ctx context.Context, p process) (err error) {
	running, err := s.start(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, running.stop(ctx)) }()

	path := s.ConfigOut
	if path == "" {
		dir, err := os.MkdirTemp(p.tempDir, "ram-emulator-")
		if err != nil {
			return fmt.Errorf("make a directory for the profiles: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		path = filepath.Join(dir, "config.json")
	}
	accounts := running.emulator.Accounts()
	if err := profilesOf(accounts).writeNew(path); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(path)) }()

	fmt.Fprintf(p.stdout, "RAM, IMS, STS, ResourceManager, OAuth, CloudSSO and ECS metadata are at %s\n\n", running.url)
	for _, account := range accounts {
		fmt.Fprintf(p.stdout, "  account %s  profile %s\n", account.ID, account.ID)
	}
	fmt.Fprintf(p.stdout, "\nThe profiles hold the root keys of this run and disappear with it. To use them from another shell:\n\n")
	for _, set := range settings(running.url, path, accounts[0].ID, s.ECSRole) {
		fmt.Fprintf(p.stdout, "  export %s=%q\n", set.name, set.value)
	}
	fmt.Fprintf(p.stdout, "\nCtrl-C stops the emulator.\n")

	select {
	case <-p.signals:
		return nil
	case <-ctx.Done():
		return nil
	case err := <-running.failed:
		return fmt.Errorf("serve: %w", err)
	}
}
