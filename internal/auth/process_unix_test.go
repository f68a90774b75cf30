//go:build unix

package auth

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A shell that started a child is killed with it when the context ends.
func TestRunProcessKillsChildren(t *testing.T) {
	t.Parallel()
	pidFile := filepath.Join(t.TempDir(), "pid")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := runProcess(ctx, []string{"/bin/sh", "-c", "sleep 600 & echo $! > " + pidFile + "; wait"})
		done <- err
	}()
	var child int
	for child == 0 {
		text, _ := os.ReadFile(pidFile)
		child, _ = strconv.Atoi(strings.TrimSpace(string(text)))
	}
	cancel()
	if err := <-done; err == nil {
		t.Error("a killed program gave no error")
	}
	for range 1000 {
		if gone(child) {
			return
		}
		<-time.After(5 * time.Millisecond) // the kernel's work, which no fake clock moves
	}
	t.Errorf("the child %d is alive after its parent was killed", child)
}

// gone says whether a process has ended; one nobody has waited for yet counts as ended.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(stat), ") Z ")
}
