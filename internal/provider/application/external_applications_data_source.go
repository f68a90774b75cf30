package application

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ datasource.DataSourceWithConfigure = (*externalApplicationsDataSource)(nil)
	_ permission.Declarer                = (*externalApplicationsDataSource)(nil)
)

// NewExternalsDataSource makes the data source ram_external_applications.
func NewExternalsDataSource() datasource.DataSource { return &externalApplicationsDataSource{} }

type externalApplicationsDataSource struct{ connection.ForDataSource }

type externalApplicationsModel struct {
	Applications []foundApplication `tfsdk:"applications"`
	AccountID    types.String       `tfsdk:"account_id"`
}

// Permissions implements permission.Declarer.
func (d *externalApplicationsDataSource) Permissions() permission.Table {
	return permission.Table{Read: []rpc.Operation{ramclient.OpListExternalApplications}}
}

// Metadata implements datasource.DataSource.
func (d *externalApplicationsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_external_applications"
}

// Schema implements datasource.DataSource.
func (d *externalApplicationsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the OAuth applications of others that are installed in the account, with one call.",
		Attributes: map[string]schema.Attribute{
			"applications": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The applications, in the order of the service.",
				NestedObject:        schema.NestedAttributeObject{Attributes: foundAttributes()},
			},
			"account_id": schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the Alibaba Cloud account."},
		},
	}
}

// Read implements datasource.DataSource.
func (d *externalApplicationsDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	caller, ok := d.Begin(ctx, &resp.Diagnostics)
	if !ok {
		return
	}
	model := externalApplicationsModel{Applications: []foundApplication{}, AccountID: types.StringValue(caller.AccountID)}
	for app, err := range d.Client.ListExternalApplications(ctx) {
		if err != nil {
			resp.Diagnostics.Append(apidiag.Error("list the OAuth applications that are installed", err))
			return
		}
		var found foundApplication
		found.fromAPI(app, caller.AccountID)
		model.Applications = append(model.Applications, found)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
