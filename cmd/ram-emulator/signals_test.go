//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestExecPassesSignalsOn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		signals  []os.Signal
		terminal bool
		want     int
	}{
		"terminate":                       {[]os.Signal{syscall.SIGTERM}, false, 5},
		"interrupt":                       {[]os.Signal{os.Interrupt}, false, 6},
		"terminate on a terminal":         {[]os.Signal{syscall.SIGTERM}, true, 5},
		"a terminal interrupts by itself": {[]os.Signal{os.Interrupt, syscall.SIGTERM}, true, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The script says when it is ready by opening the pipe that the test reads.
			pipe := filepath.Join(t.TempDir(), "ready")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			signals := make(chan os.Signal)
			go func() {
				if ready, err := os.Open(pipe); err == nil {
					_ = ready.Close()
				}
				for _, signal := range test.signals {
					signals <- signal
				}
			}()
			script := `trap 'exit 5' TERM; trap 'exit 6' INT; : > ` + pipe + `; while :; do sleep 0.01; done`
			got := runWith(t, process{
				args: shell(t, script), environ: []string{"PATH=/usr/bin:/bin"}, signals: signals, terminal: test.terminal,
			})
			if got.status != test.want {
				t.Errorf("got status %d, want %d; it said %s", got.status, test.want, got.stderr)
			}
		})
	}
}
