package user

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
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
	_ list.ListResourceWithConfigure = (*userList)(nil)
	_ permission.Declarer            = (*userList)(nil)
)

// NewList makes the list resource ram_user.
func NewList() list.ListResource { return &userList{} }

type userList struct{ connection.ForList }

// Permissions implements permission.Declarer.
func (l *userList) Permissions() permission.Table {
	return permission.Table{Read: []rpc.Operation{ramclient.OpListUsers}}
}

// Metadata implements list.ListResource.
func (l *userList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user"
}

// ListResourceConfigSchema implements list.ListResource.
func (l *userList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the RAM users of the account, frozen ones included, but not those in the recycle bin. One call lists 1,000, with everything that is known of them.",
	}
}

// List implements list.ListResource.
func (l *userList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	caller, ok := l.Begin(ctx, &diags)
	if !ok {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, diags, "list the RAM users", l.items(ctx, caller.AccountID))
}

func (l *userList) items(ctx context.Context, accountID string) iter.Seq2[listing.Item, error] {
	return func(yield func(listing.Item, error) bool) {
		for user, err := range l.Client.ListUsers(ctx) {
			item := listing.Item{
				DisplayName: user.UserName,
				Identity:    userIdentity{UserID: types.StringValue(user.UserID), AccountID: types.StringValue(accountID)},
				Fill: func(ctx context.Context, target *tfsdk.Resource) (diag.Diagnostics, error) {
					return listing.Set(ctx, target, func(m *userModel) {
						m.Tags, m.TagsAll = l.Tags.FromServer(user.Tags, m.Tags)
						m.fromAPI(user, accountID)
					}), nil
				},
			}
			if !yield(item, err) {
				return
			}
		}
	}
}
