package schemakit

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

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
