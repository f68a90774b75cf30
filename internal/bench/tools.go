package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// tools are the programs that are measured.
type tools struct {
	terraform string
	provider  string // the binary
	dir       string
}

// prepare builds the provider of the module as it is released, into dir, and finds
// Terraform.
func prepare(ctx context.Context, module, dir string) (tools, error) {
	t := tools{dir: dir, provider: filepath.Join(dir, "terraform-provider-ram")}
	if runtime.GOOS == "windows" {
		t.provider += ".exe"
	}
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", t.provider, ".") //nolint:gosec // the caller's own directory
	build.Dir = module
	if out, err := build.CombinedOutput(); err != nil {
		return t, fmt.Errorf("go build: %w\n%s", err, out)
	}
	candidates := []string{"terraform", "tofu"}
	for _, entry := range environment() { // the one that make chose comes first
		if chosen, ok := strings.CutPrefix(entry, "TF_ACC_TERRAFORM_PATH="); ok && chosen != "" {
			candidates = slices.Insert(candidates, 0, chosen)
		}
	}
	for _, candidate := range candidates {
		if path, err := exec.LookPath(candidate); err == nil {
			t.terraform = path
			return t, nil
		}
	}
	return t, errors.New("neither terraform nor tofu is on PATH")
}

// environment is that of this process, as commands inherit it.
func environment() []string { return new(exec.Cmd).Environ() }
