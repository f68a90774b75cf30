package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// programs are the two that the demo builds, and the module they come from.
type programs struct{ module, provider, emulator string }

// build builds both programs of the module into a directory.
func build(ctx context.Context, tell narrator, module, dir string) (programs, error) {
	built := programs{module, filepath.Join(dir, "terraform-provider-ram"+exe()), filepath.Join(dir, "ram-emulator"+exe())}
	for _, one := range [][2]string{{".", built.provider}, {"./cmd/ram-emulator", built.emulator}} {
		started := clock.System.Now()
		command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", one[1], one[0]) //nolint:gosec // both are listed above
		command.Dir = module
		if out, err := command.CombinedOutput(); err != nil {
			return built, fmt.Errorf("build %s: %w\n%s", one[0], err, out)
		}
		tell.say("  %-24s %s", filepath.Base(one[1]), clock.System.Now().Sub(started).Round(100*time.Millisecond))
	}
	return built, nil
}

// providerVersion is what a mirror calls the provider just built.
const providerVersion = "0.0.1"

// hosts are the default provider hosts of Terraform and OpenTofu.
var hosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// mirrorInto lays the provider out for `terraform init -plugin-dir`.
func (p programs) mirrorInto(dir string) error {
	for _, host := range hosts {
		place := filepath.Join(dir, host, "ramprovider", "ram", providerVersion, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(place, 0o750); err != nil {
			return err
		}
		if err := os.Link(p.provider, filepath.Join(place, "terraform-provider-ram_v"+providerVersion+exe())); err != nil {
			return err
		}
	}
	return nil
}

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}
