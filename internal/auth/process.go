package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// runProcess is the RunFunc of the real machine. The program inherits the environment,
// reads nothing, and its messages are dropped: they may show what it prints.
func runProcess(ctx context.Context, argv []string) ([]byte, error) {
	command := exec.CommandContext(ctx, argv[0], argv[1:]...) //nolint:gosec // The person configured this program.
	stdout := &cappedBuffer{limit: maxAnswer}
	command.Stdout = stdout
	command.WaitDelay = time.Second // children may keep the pipe open
	ownGroup(command)
	err := command.Run()
	var exit *exec.ExitError
	var start *exec.Error
	switch {
	case stdout.overflow:
		return nil, fmt.Errorf("it printed more than %d KiB", maxAnswer>>10)
	case errors.As(err, &exit):
		return nil, fmt.Errorf("it failed with %s (run it by hand to see its messages)", exit.ProcessState)
	case errors.As(err, &start):
		return nil, fmt.Errorf("it cannot be started: %w", start.Err)
	case err != nil:
		return nil, fmt.Errorf("it cannot be run: %w", err)
	}
	return stdout.buffer.Bytes(), nil
}

// cappedBuffer refuses what exceeds its limit, which ends the program by a broken pipe.
// It does not embed the buffer, whose ReadFrom would go around the limit.
type cappedBuffer struct {
	buffer   bytes.Buffer
	limit    int
	overflow bool
}

var errOverflow = errors.New("too much output")

func (b *cappedBuffer) Write(p []byte) (int, error) {
	if b.buffer.Len()+len(p) > b.limit {
		b.overflow = true
		return 0, errOverflow
	}
	return b.buffer.Write(p)
}
