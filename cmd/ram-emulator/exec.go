package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

type execCommand struct {
	serviceFlags
	Command []string `arg:"" passthrough:"" help:"The command and its arguments, after --." name:"command"`
}

// Run starts an emulator, runs the command against it and exits with its status.
func (e *execCommand) Run(ctx context.Context, p process) (err error) {
	command := e.Command
	if len(command) > 0 && command[0] == "--" {
		command = command[1:]
	}
	if len(command) == 0 {
		return errors.New("exec: name a command, such as: ram-emulator exec -- terraform test")
	}
	running, err := e.start(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, running.stop(ctx)) }()

	dir, err := os.MkdirTemp(p.tempDir, "ram-emulator-")
	if err != nil {
		return fmt.Errorf("make a directory for the profiles: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	accounts := running.emulator.Accounts()
	configFile := filepath.Join(dir, "config.json")
	if err := profilesOf(accounts).writeNew(configFile); err != nil {
		return err
	}

	environment, cleared := isolated(p.environ, settings(running.url, configFile, accounts[0].ID, e.ECSRole))
	if len(cleared) > 0 {
		p.say("hidden from %s: %s", command[0], strings.Join(cleared, ", "))
	}
	return p.child(ctx, command, environment)
}

// child runs a command to its end, passing signals on. On a terminal Ctrl-C reaches
// the child by itself; a second one would make Terraform abort without cleaning up.
func (p process) child(ctx context.Context, command, environment []string) error {
	path, err := exec.LookPath(command[0])
	if err != nil {
		p.say("%v", err)
		return exitStatus(127)
	}
	child := exec.CommandContext(ctx, path, command[1:]...) //nolint:gosec // running it is the request
	child.Env, child.Stdin, child.Stdout, child.Stderr = environment, p.stdin, p.stdout, p.stderr
	if err := child.Start(); err != nil {
		p.say("%v", err)
		return exitStatus(126)
	}
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	for {
		select {
		case received := <-p.signals:
			if received != os.Interrupt || !p.terminal {
				_ = child.Process.Signal(received) // it may have ended just now
			}
		case err := <-ended:
			return statusOf(err)
		}
	}
}

// statusOf turns the end of a child into the exit status a shell would give.
func statusOf(err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitStatus(128 + int(status.Signal()))
	}
	return exitStatus(exit.ExitCode())
}
