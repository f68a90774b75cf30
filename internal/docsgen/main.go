// Command docsgen makes what tfplugindocs cannot: the provider's schema, taken from the
// provider itself instead of an installed Terraform, and the parts of the pages that
// come from Go code. `make generate` runs it twice, around tfplugindocs:
//
//	docsgen schema      prints the schema as `terraform providers schema -json` would
//	docsgen fill docs   replaces the markers in the pages of a directory
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "docsgen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	switch {
	case len(args) == 1 && args[0] == "schema":
		return printSchema(ctx, stdout)
	case len(args) == 2 && args[0] == "fill":
		return fill(ctx, args[1])
	default:
		return errors.New("usage: docsgen schema | docsgen fill DIRECTORY")
	}
}
