package schemakit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Gone takes an object that no longer exists out of state. Terraform before 1.12 keeps
// no identities, yet the framework insists that every read gives one, this one too.
func Gone(ctx context.Context, identity any, resp *resource.ReadResponse) {
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	resp.State.RemoveResource(ctx)
}
