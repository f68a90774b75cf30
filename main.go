// Command terraform-provider-ram serves the Terraform provider for Alibaba Cloud RAM.
package main

import (
	"flag"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

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
	silent, err := quiet(os.LookupEnv, os.Setenv)
	if err != nil {
		log.Fatal(err)
	}

	host := provider.Host{Version: version, Machine: auth.ThisMachine()}
	var options []tf6server.ServeOpt
	if *debugging {
		options = append(options, tf6server.WithManagedDebug())
	}
	if err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return server(host, silent) }, options...); err != nil {
		log.Fatal(err)
	}
}

// server is the provider behind Terraform's protocol.
func server(host provider.Host, silent bool) tfprotov6.ProviderServer {
	served := providerserver.NewProtocol6(provider.New(host))()
	if whole, ok := served.(framework); ok && silent {
		return detached{whole}
	}
	return served
}
