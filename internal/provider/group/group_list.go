package group

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	frameworklist "github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/listing"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ frameworklist.ListResourceWithConfigure = (*groupList)(nil)
	_ permission.Declarer                     = (*groupList)(nil)
)

// NewList makes the list resource ram_group.
func NewList() frameworklist.ListResource { return &groupList{} }

type groupList struct{ connection.ForList }

// Permissions implements permission.Declarer.
func (l *groupList) Permissions() permission.Table {
	return permission.Table{Read: []rpc.Operation{ramclient.OpListGroups}}
}

// Metadata implements frameworklist.ListResource.
func (l *groupList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group"
}

// ListResourceConfigSchema implements frameworklist.ListResource.
func (l *groupList) ListResourceConfigSchema(_ context.Context, _ frameworklist.ListResourceSchemaRequest, resp *frameworklist.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the RAM groups of the account. One call lists 100, with everything that is known of them but their members.",
	}
}

// List implements frameworklist.ListResource.
func (l *groupList) List(ctx context.Context, req frameworklist.ListRequest, stream *frameworklist.ListResultsStream) {
	var diags diag.Diagnostics
	caller, ok := l.Begin(ctx, &diags)
	if !ok {
		stream.Results = frameworklist.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, diags, "list the RAM groups", l.items(ctx, caller.AccountID))
}

func (l *groupList) items(ctx context.Context, accountID string) iter.Seq2[listing.Item, error] {
	return func(yield func(listing.Item, error) bool) {
		for group, err := range l.Client.ListGroups(ctx) {
			item := listing.Item{
				DisplayName: group.GroupName,
				Identity:    groupIdentity{Name: types.StringValue(group.GroupName), AccountID: types.StringValue(accountID)},
				Fill: func(ctx context.Context, target *tfsdk.Resource) (diag.Diagnostics, error) {
					return listing.Set(ctx, target, func(m *groupModel) { m.fromAPI(group, accountID) }), nil
				},
			}
			if !yield(item, err) {
				return
			}
		}
	}
}
