//go:build unix

package auth

import (
	"os/exec"
	"syscall"
)

// ownGroup lets the end of the context kill the program's children with it.
func ownGroup(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
}
