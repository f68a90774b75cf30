package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestAccGuide_tryWithoutAnAccount runs every command of the guide but those that fetch
// and install, and expects each to succeed. The Terraform files are those of the guide.
func TestAccGuide_tryWithoutAnAccount(t *testing.T) {
	t.Parallel()
	if environment("TF_ACC") == "" {
		t.Skip("acceptance tests are off: TF_ACC is not set")
	}
	bin, dir := t.TempDir(), t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ".", "./cmd/ram-emulator")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	if err := os.CopyFS(dir, os.DirFS("../../examples/guides/try-without-an-account")); err != nil {
		t.Fatal(err)
	}

	// The guide says terraform; the one under test may be another, or an OpenTofu.
	if path := environment("TF_ACC_TERRAFORM_PATH"); path != "" {
		if err := os.Symlink(path, filepath.Join(bin, "terraform")); err != nil {
			t.Fatal(err)
		}
	}

	commands := "set -eux\n"
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(read(t, "../../templates/guides/try-without-an-account.md.tmpl"), -1) {
		if !strings.HasPrefix(block[1], "git clone ") {
			commands += block[1]
		}
	}
	if n := strings.Count(commands, "ram-emulator exec "); n != 7 {
		t.Fatalf("the guide's commands use ram-emulator %d times; if that is meant, correct the number here", n)
	}
	shell := exec.CommandContext(t.Context(), "sh", "-c", commands)
	shell.Dir = dir
	shell.Env = append(shell.Environ(), "PATH="+bin+string(filepath.ListSeparator)+environment("PATH"), "CHECKPOINT_DISABLE=1")
	if out, err := shell.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// environment reads a variable of the test's own environment.
func environment(name string) string {
	for _, entry := range (&exec.Cmd{}).Environ() {
		if value, found := strings.CutPrefix(entry, name+"="); found {
			return value
		}
	}
	return ""
}
