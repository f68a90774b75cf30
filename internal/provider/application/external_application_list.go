package application

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
	_ list.ListResourceWithConfigure = (*externalApplicationList)(nil)
	_ permission.Declarer            = (*externalApplicationList)(nil)
)

// NewExternalList makes the list resource ram_external_application.
func NewExternalList() list.ListResource { return &externalApplicationList{} }

type externalApplicationList struct{ connection.ForList }

// Permissions implements permission.Declarer.
func (l *externalApplicationList) Permissions() permission.Table {
	return permission.Table{Read: []rpc.Operation{ramclient.OpListExternalApplications}}
}

// Metadata implements list.ListResource.
func (l *externalApplicationList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_external_application"
}

// ListResourceConfigSchema implements list.ListResource.
func (l *externalApplicationList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the OAuth applications of others that are installed in the account, such as `official-cli`. One call lists them with all their attributes.",
	}
}

// List implements list.ListResource.
func (l *externalApplicationList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	caller, ok := l.Begin(ctx, &diags)
	if !ok {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, diags, "list the OAuth applications that are installed", l.items(ctx, caller.AccountID))
}

func (l *externalApplicationList) items(ctx context.Context, accountID string) iter.Seq2[listing.Item, error] {
	return func(yield func(listing.Item, error) bool) {
		for app, err := range l.Client.ListExternalApplications(ctx) {
			item := listing.Item{
				DisplayName: app.DisplayName,
				Identity:    externalApplicationIdentity{AppID: types.StringValue(app.AppID), AccountID: types.StringValue(accountID)},
				Fill: func(ctx context.Context, target *tfsdk.Resource) (diag.Diagnostics, error) {
					return listing.Set(ctx, target, func(m *externalApplicationModel) { m.fromAPI(app, accountID) }), nil
				},
			}
			if !yield(item, err) {
				return
			}
		}
	}
}
