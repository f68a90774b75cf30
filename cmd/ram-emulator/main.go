// Command ram-emulator serves RAM, IMS, STS and ResourceManager, and the places that
// credentials come from (OAuth, CloudSSO, OIDC, ECS metadata), on this machine, for
// tests and for trying things without an account. See package internal/emulator.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	os.Exit(run(context.Background(), process{
		args:     os.Args[1:],
		environ:  os.Environ(),
		stdin:    os.Stdin,
		stdout:   os.Stdout,
		stderr:   os.Stderr,
		signals:  signals,
		terminal: isTerminal(os.Stdin),
		tempDir:  os.TempDir(),
	}))
}

// isTerminal tells whether a person may press Ctrl-C here. The null device looks
// like a terminal to Stat.
func isTerminal(stdin *os.File) bool {
	info, err := stdin.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
