package main

import (
	"bytes"
	"context"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// module is its directory as this package's tests see it.
const module = "../.."

func TestMain(m *testing.M) {
	status := m.Run()
	if scratch != "" {
		_ = os.RemoveAll(scratch)
	}
	os.Exit(status)
}

// scratch is where the tests' programs are built; TestMain removes it.
var scratch string

// buildForTests builds the programs once for all tests.
var buildForTests = sync.OnceValues(func() (built programs, err error) {
	if scratch, err = os.MkdirTemp("", "ram-demo-test-"); err != nil {
		return built, err
	}
	return build(context.Background(), narrator{io.Discard}, module, scratch)
})

func builtOnce(t *testing.T) programs {
	t.Helper()
	built, err := buildForTests()
	if err != nil {
		t.Fatal(err)
	}
	return built
}

// TestAccDemo runs the demo as `make demo` does: its own process, a real Terraform, a
// real emulator.
func TestAccDemo(t *testing.T) {
	t.Parallel()
	environ := acceptance(t)
	temp := t.TempDir()
	command := exec.CommandContext(t.Context(), "go", "run", "./internal/demo", walkthroughsDir+"/"+defaultWalkthrough+"/")
	command.Dir = module
	command.Env = append(environ, "TMPDIR="+temp)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, part := range []string{
		"The plan is empty", "Resources: 1 added, 0 changed, 1 destroyed", "acs:ram::1000000000000002:user/Alice",
		"in account 1000000000000001", "the old key is refused", "Destroy complete",
	} {
		if !strings.Contains(string(out), part) {
			t.Errorf("the demo does not show %q:\n%s", part, out)
		}
	}
	left, err := filepath.Glob(filepath.Join(temp, "ram-demo-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range left {
		t.Errorf("the demo left %s behind", path)
	}
}

// TestAccWalkthroughs plays every other walkthrough: what a story applies is planned
// empty, what it claims is proved against the emulator, and what is destroyed is gone.
func TestAccWalkthroughs(t *testing.T) {
	t.Parallel()
	environ := acceptance(t)
	built := builtOnce(t)
	for name := range walkthroughs {
		if name == defaultWalkthrough {
			continue // TestAccDemo's
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var told bytes.Buffer
			if err := play(t.Context(), narrator{&told}, built, name, environ); err != nil {
				t.Errorf("%v\n\nUntil then it told:\n%s", err, told.String())
			}
		})
	}
}

// acceptance skips the test unless TF_ACC is set, and returns the environment.
func acceptance(t *testing.T) (environ []string) {
	t.Helper()
	environ = (&exec.Cmd{}).Environ()
	if !slices.Contains(environ, "TF_ACC=1") {
		t.Skip("set TF_ACC=1 to run Terraform")
	}
	return environ
}

func TestEveryWalkthroughHasAStoryAndAReadme(t *testing.T) {
	t.Parallel()
	readmes, err := filepath.Glob(filepath.Join(module, walkthroughsDir, "*", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var explained, directories []string
	for _, path := range readmes {
		explained = append(explained, filepath.Base(filepath.Dir(path)))
	}
	entries, err := os.ReadDir(filepath.Join(module, walkthroughsDir))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		directories = append(directories, entry.Name())
	}
	if diff := cmp.Diff(directories, explained); diff != "" {
		t.Errorf("directories with a README (-directories +READMEs):\n%s", diff)
	}
	if diff := cmp.Diff(directories, slices.Sorted(maps.Keys(walkthroughs))); diff != "" {
		t.Errorf("directories with a story (-directories +stories):\n%s", diff)
	}
}

func TestWalkthroughIsFoundByNameAndDirectory(t *testing.T) {
	t.Parallel()
	for _, chosen := range []string{"cross-account", "examples/walkthroughs/cross-account", "./examples/walkthroughs/cross-account/"} {
		if got, err := find(chosen); err != nil || got != "cross-account" {
			t.Errorf("%s: got %q and %v, want cross-account", chosen, got, err)
		}
	}
	_, err := find("nonsense")
	if err == nil || !strings.Contains(err.Error(), `"nonsense"`) || !strings.Contains(err.Error(), defaultWalkthrough) {
		t.Errorf("got %v, want an error that names the walkthrough and the ones there are", err)
	}
}
