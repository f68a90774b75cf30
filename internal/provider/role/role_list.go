package role

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
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ list.ListResourceWithConfigure = (*roleList)(nil)
	_ permission.Declarer            = (*roleList)(nil)
)

// NewList makes the list resource ram_role.
func NewList() list.ListResource { return &roleList{} }

type roleList struct{ connection.ForList }

// Permissions implements permission.Declarer.
func (l *roleList) Permissions() permission.Table {
	return permission.Table{Read: []rpc.Operation{ramclient.OpListRoles, ramclient.OpGetRole}}
}

// Metadata implements list.ListResource.
func (l *roleList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_role"
}

// ListResourceConfigSchema implements list.ListResource.
func (l *roleList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the RAM roles of the account, without those that cloud services made for themselves (`AliyunServiceRoleFor…`), which Terraform cannot manage. " +
			"One call lists 1,000; with `include_resource = true` each role takes another one, for its trust policy.",
	}
}

// List implements list.ListResource.
func (l *roleList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	caller, ok := l.Begin(ctx, &diags)
	if !ok {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, diags, "list the RAM roles", l.items(ctx, caller.AccountID))
}

func (l *roleList) items(ctx context.Context, accountID string) iter.Seq2[listing.Item, error] {
	return func(yield func(listing.Item, error) bool) {
		for role, err := range l.Client.ListRoles(ctx) {
			if schemakit.IsServiceLinked(role.RoleName) {
				continue
			}
			item := listing.Item{
				DisplayName: role.RoleName,
				Identity:    roleIdentity{Name: types.StringValue(role.RoleName), AccountID: types.StringValue(accountID)},
				Fill: func(ctx context.Context, target *tfsdk.Resource) (diag.Diagnostics, error) {
					full, err := l.Client.GetRole(ctx, role.RoleName) // the list leaves out the trust policy
					if err != nil {
						return nil, err
					}
					return listing.Set(ctx, target, func(m *roleModel) {
						m.Tags, m.TagsAll = l.Tags.FromServer(role.Tags, m.Tags)
						m.fromAPI(full, accountID)
					}), nil
				},
			}
			if !yield(item, err) {
				return
			}
		}
	}
}
