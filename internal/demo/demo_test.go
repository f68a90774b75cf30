package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The demo is run as `make demo` runs it: its own process, a real Terraform, a real
// emulator.
func TestAccDemo(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), "go", "run", "./internal/demo")
	if !slices.Contains(command.Environ(), "TF_ACC=1") {
		t.Skip("set TF_ACC=1 to run Terraform")
	}
	command.Dir = "../.."
	temp := t.TempDir()
	command.Env = append(command.Environ(), "TMPDIR="+temp)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, part := range []string{
		"Resources: 5 added", "The plan is empty", "Resources: 1 added, 0 changed, 1 destroyed",
		"acs:ram::1000000000000002:user/Alice", "in account 1000000000000001", "the old key is refused", "Resources: 5 destroyed",
	} {
		if !strings.Contains(string(out), part) {
			t.Errorf("the demo does not show %q:\n%s", part, out)
		}
	}
	left, err := os.ReadDir(temp)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		if strings.HasPrefix(entry.Name(), "ram-demo-") {
			t.Errorf("the demo left %s behind", entry.Name())
		}
	}
}

func TestUnknownExampleIsNamed(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), []string{"nonsense"}, nil)
	if err == nil || !strings.Contains(err.Error(), `"nonsense"`) || !strings.Contains(err.Error(), defaultExample) {
		t.Errorf("got %v, want an error that names the example and the ones there are", err)
	}
}
