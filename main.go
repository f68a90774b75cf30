// Command terraform-provider-ram serves the Terraform provider for Alibaba Cloud RAM.
package main

import (
	"context"
	"flag"
	"log"
	"os"

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
	debug := flag.Bool("debug", false, "wait for a debugger, and print how to attach Terraform")
	flag.Parse()
	if err := quiet(os.LookupEnv, os.Setenv); err != nil {
		log.Fatal(err)
	}

	host := provider.Host{Version: version, Machine: auth.ThisMachine()}
	err := providerserver.Serve(context.Background(), func() frameworkprovider.Provider { return provider.New(host) }, providerserver.ServeOpts{Address: address, Debug: *debug})
	if err != nil {
		log.Fatal(err)
	}
}
