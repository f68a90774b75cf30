package application

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ datasource.DataSourceWithConfigure = (*assignmentsDataSource)(nil)
	_ permission.Declarer                = (*assignmentsDataSource)(nil)
)

// NewAssignmentsDataSource makes the data source ram_application_assignments.
func NewAssignmentsDataSource() datasource.DataSource { return &assignmentsDataSource{} }

type assignmentsDataSource struct{ connection.ForDataSource }

type assignmentsModel struct {
	AppID       types.String      `tfsdk:"app_id"`
	Assignments []foundAssignment `tfsdk:"assignments"`
	AccountID   types.String      `tfsdk:"account_id"`
}

type foundAssignment struct {
	PrincipalType types.String `tfsdk:"principal_type"`
	PrincipalName types.String `tfsdk:"principal_name"`
}

// Permissions implements permission.Declarer.
func (d *assignmentsDataSource) Permissions() permission.Table {
	return permission.Table{Read: []rpc.Operation{ramclient.OpListApplicationAssignments}}
}

// Metadata implements datasource.DataSource.
func (d *assignmentsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_application_assignments"
}

// Schema implements datasource.DataSource.
func (d *assignmentsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists which users and roles may log in through an installed official OAuth application, such as `official-cli`.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "ID of the application, which has to be installed.",
				Validators:          []validator.String{schemakit.ApplicationID()},
			},
			"assignments": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The assignments, in the order of the service.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"principal_type": schema.StringAttribute{Computed: true, MarkdownDescription: "`user` or `role`."},
					"principal_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the user or role, without a domain."},
				}},
			},
			"account_id": schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the Alibaba Cloud account that the application is installed in."},
		},
	}
}

// Read implements datasource.DataSource.
func (d *assignmentsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model assignmentsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	caller, ok := d.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	appID := model.AppID.ValueString()

	// The application may have been installed a moment ago, in this run.
	err := d.Recent.Await(ctx, func(ctx context.Context) error {
		model.Assignments = []foundAssignment{}
		for one, err := range d.Client.ListApplicationAssignments(ctx, appID) {
			if err != nil {
				return err
			}
			model.Assignments = append(model.Assignments, foundAssignment{
				PrincipalType: types.StringValue(string(one.PrincipalType)), PrincipalName: types.StringValue(one.Name()),
			})
		}
		return nil
	}, func(err error) (connection.Parent, bool) {
		return connection.Parent{Kind: connection.Application, Name: appID}, ramclient.IsNotFound(err)
	})
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("app_id"), "list the assignments of "+object(appID), err))
		return
	}

	model.AccountID = types.StringValue(caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
