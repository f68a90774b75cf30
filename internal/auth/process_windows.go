package auth

import (
	"os/exec"
	"strconv"
)

// ownGroup lets the end of the context kill the program's children with it: taskkill /T
// walks the process tree, which Process.Kill does not.
func ownGroup(command *exec.Cmd) {
	command.Cancel = func() error {
		kill := exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(command.Process.Pid)) //nolint:gosec,noctx // A number; it must run although the context has ended.
		if err := kill.Run(); err != nil {
			return command.Process.Kill()
		}
		return nil
	}
}
