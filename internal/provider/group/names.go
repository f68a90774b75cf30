package group

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// names are the elements of a set, sorted, so that calls come in a reliable order.
func names(ctx context.Context, set types.Set, diags *diag.Diagnostics) []string {
	if set.IsNull() || set.IsUnknown() {
		return nil
	}
	var all []string
	diags.Append(set.ElementsAs(ctx, &all, false)...)
	slices.Sort(all)
	return all
}

// knownNames are the names, if all of them are known.
func knownNames(ctx context.Context, set types.Set, diags *diag.Diagnostics) ([]string, bool) {
	if set.IsUnknown() || slices.ContainsFunc(set.Elements(), attr.Value.IsUnknown) {
		return nil, false
	}
	return names(ctx, set, diags), true
}

func setOf(names []string) types.Set {
	elements := make([]attr.Value, 0, len(names))
	for _, name := range names {
		elements = append(elements, types.StringValue(name))
	}
	return types.SetValueMust(types.StringType, elements)
}
