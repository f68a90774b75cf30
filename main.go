// Command terraform-provider-ram serves the Terraform provider for Alibaba Cloud RAM.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"runtime/debug"

	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/provider"
)

// address is where Terraform finds the provider by default.
const address = "registry.terraform.io/ramprovider/ram"

// version is set when a release is built.
var version = "dev"

func main() {
	debugging := flag.Bool("debug", false, "wait for a debugger, and print how to attach Terraform")
	flag.Parse()
	if err := quiet(os.LookupEnv, os.Setenv); err != nil {
		log.Fatal(err)
	}

	// Terraform starts a provider for each block and phase, many of them at a time, and they
	// wait most of it: a smaller heap is worth more than the time to sweep it.
	if _, chosen := os.LookupEnv("GOGC"); !chosen {
		debug.SetGCPercent(40)
	}

	host := provider.Host{Version: version, Machine: auth.ThisMachine()}
	err := providerserver.Serve(context.Background(), func() frameworkprovider.Provider { return provider.New(host) }, providerserver.ServeOpts{Address: address, Debug: *debugging})
	if err != nil {
		log.Fatal(err)
	}
}
