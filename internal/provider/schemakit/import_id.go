package schemakit

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Import imports an object by the one attribute that is its import ID and names it in
// its identity too. An account in the identity goes along, for Read to compare with the
// caller's.
func Import(ctx context.Context, attribute string, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resource.ImportStatePassthroughWithIdentity(ctx, path.Root(attribute), path.Root(attribute), req, resp)
	if req.ID == "" {
		ImportAccount(ctx, req, resp)
	}
}

// ImportAccount takes the account over from the identity of an import.
func ImportAccount(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var account types.String
	resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("account_id"), &account)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("account_id"), account)...)
}

// ImportID splits an import id at its slashes into as many parts as the format has,
// such as "<user_name>/<policy_type>/<policy_name>". A wrong shape is an error that
// shows the format and an example.
func ImportID(id, format, example string, diags *diag.Diagnostics) ([]string, bool) {
	parts := strings.Split(id, "/")
	complete := len(parts) == len(strings.Split(format, "/"))
	for _, part := range parts {
		complete = complete && part != ""
	}
	if !complete {
		diags.AddError("Invalid import ID", fmt.Sprintf(
			"Expected an import ID of the form %s, such as %q, but received %q.", format, example, id))
	}
	return parts, complete
}
