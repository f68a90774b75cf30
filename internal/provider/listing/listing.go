// Package listing answers `terraform query`: it turns what the service lists into the
// results of a list resource, one at a time and no more than were asked for.
package listing

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// An Item is one object that was found.
type Item struct {
	DisplayName string
	// Identity is the identity model of the resource.
	Identity any
	// Fill writes the object into target, whose attributes are all null; see Set. It is
	// called only if the query wants whole objects, so what the list leaves out may cost
	// a call here. An object that is gone by then (IsNotFound) is left out.
	Fill func(ctx context.Context, target *tfsdk.Resource) (diag.Diagnostics, error)
}

// Stream gives out the items as they are asked for. With the last one that the query
// wants it stops pulling, so no call is made for what nobody sees. The first error ends
// the list, as one diagnostic that begins with "Cannot" and attempt. Warnings go with
// the first result.
func Stream(ctx context.Context, req list.ListRequest, warnings diag.Diagnostics, attempt string, items iter.Seq2[Item, error]) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		pushed := int64(0)
		for item, err := range items {
			result := req.NewListResult(ctx)
			if err == nil {
				err = item.result(ctx, req, &result)
				if ramclient.IsNotFound(err) {
					continue
				}
			}
			if err != nil {
				push(list.ListResult{Diagnostics: diag.Diagnostics{apidiag.Error(attempt, err)}})
				return
			}
			result.Diagnostics.Append(warnings...)
			warnings = nil
			pushed++
			if !push(result) || pushed == req.Limit {
				return
			}
		}
		if len(warnings) > 0 {
			push(list.ListResult{Diagnostics: warnings})
		}
	}
}

func (i Item) result(ctx context.Context, req list.ListRequest, result *list.ListResult) error {
	result.DisplayName = i.DisplayName
	result.Diagnostics.Append(result.Identity.Set(ctx, i.Identity)...)
	if !req.IncludeResource {
		return nil
	}
	attributes := map[string]tftypes.Value{}
	for name, attribute := range req.ResourceSchema.GetAttributes() {
		attributes[name] = tftypes.NewValue(attribute.GetType().TerraformType(ctx), nil)
	}
	result.Resource.Raw = tftypes.NewValue(req.ResourceSchema.Type().TerraformType(ctx), attributes)
	diags, err := i.Fill(ctx, result.Resource)
	result.Diagnostics.Append(diags...)
	return err
}

// Set fills target as change fills the model of the resource, all of whose attributes
// are null.
func Set[Model any](ctx context.Context, target *tfsdk.Resource, change func(*Model)) diag.Diagnostics {
	var model Model
	diags := target.Get(ctx, &model)
	if diags.HasError() {
		return diags
	}
	change(&model)
	diags.Append(target.Set(ctx, model)...)
	return diags
}
