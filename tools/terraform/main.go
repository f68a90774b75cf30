// Command terraform installs the Terraform that the tests and the demo use on a
// machine that has neither terraform nor tofu, and prints the path of the binary.
//
// Usage: terraform DIRECTORY
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
)

// pinned is the version that a fresh machine gets; machines with their own binary keep it.
var pinned = version.Must(version.NewVersion("1.15.9"))

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: terraform DIRECTORY")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	path, err := install(ctx, os.Args[1])
	if err != nil {
		fmt.Fprintf(os.Stderr, "%v\n\nPut a terraform (1.11 or newer) or tofu (1.11 or newer) on PATH and run the command again.\n"+
			"Terraform: https://developer.hashicorp.com/terraform/install   OpenTofu: https://opentofu.org/docs/intro/install\n", err)
		os.Exit(1)
	}
	fmt.Println(path)
}

// install downloads the pinned version into dir and checks it against HashiCorp's signed checksums.
func install(ctx context.Context, dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	source := &releases.ExactVersion{
		Product:    product.Terraform,
		Version:    pinned,
		InstallDir: dir,
	}
	path, err := source.Install(ctx)
	if err != nil {
		return "", fmt.Errorf("no terraform or tofu on PATH, and Terraform %s could not be installed: %w", pinned, err)
	}
	return path, nil
}
