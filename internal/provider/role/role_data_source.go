package role

import (
	"context"
	"time"

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
	_ datasource.DataSourceWithConfigure = (*roleDataSource)(nil)
	_ permission.Declarer                = (*roleDataSource)(nil)
)

// NewDataSource makes the data source ram_role.
func NewDataSource() datasource.DataSource { return &roleDataSource{} }

type roleDataSource struct{ connection.ForDataSource }

type roleDataModel struct {
	Name                     types.String `tfsdk:"name"`
	AssumeRolePolicyDocument types.String `tfsdk:"assume_role_policy_document"`
	Description              types.String `tfsdk:"description"`
	MaxSessionDuration       types.Int64  `tfsdk:"max_session_duration"`
	Tags                     types.Map    `tfsdk:"tags"`
	RoleID                   types.String `tfsdk:"role_id"`
	ARN                      types.String `tfsdk:"arn"`
	CreateDate               types.String `tfsdk:"create_date"`
	UpdateDate               types.String `tfsdk:"update_date"`
	AccountID                types.String `tfsdk:"account_id"`
}

// Permissions implements permission.Declarer.
func (d *roleDataSource) Permissions() permission.Table {
	return permission.Table{Read: []rpc.Operation{ramclient.OpGetRole, ramclient.OpListTagResources}}
}

// Metadata implements datasource.DataSource.
func (d *roleDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_role"
}

// Schema implements datasource.DataSource.
func (d *roleDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	computed := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a RAM role, also one that a cloud service made for itself.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the role.",
				Validators:          []validator.String{schemakit.RoleName()},
			},
			"assume_role_policy_document": computed("Trust policy as JSON: who may assume the role."),
			"description":                 computed("Description; null if there is none."),
			"max_session_duration": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "Longest session in seconds, 3600 to 43200.",
			},
			"tags": schema.MapAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Tags, without those of the provider's `ignore_tags`.",
			},
			"role_id":     computed("ID of the role, 18 digits."),
			"arn":         computed("ARN of the role: `acs:ram::<account id>:role/<name>`, as the service spells it."),
			"create_date": computed("When the role was created, RFC 3339."),
			"update_date": computed("When the role was last changed, RFC 3339."),
			"account_id":  computed("ID of the Alibaba Cloud account that the role belongs to."),
		},
	}
}

// Read implements datasource.DataSource.
func (d *roleDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model roleDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	caller, ok := d.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	name := model.Name.ValueString()

	role, err := d.Client.GetRole(ctx, name)
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("name"), "read "+object(name), err))
		return
	}
	tags, err := d.Client.ListTagResources(ctx, ramclient.TaggedRole, []string{role.RoleName})
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read the tags of "+object(name), err))
		return
	}

	model.fromAPI(role, caller.AccountID)
	_, model.Tags = d.Tags.FromServer(tags[role.RoleName], types.MapNull(types.StringType))
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// fromAPI takes over what the service says, except tags.
func (m *roleDataModel) fromAPI(role ramclient.Role, accountID string) {
	m.Name = types.StringValue(role.RoleName)
	m.AssumeRolePolicyDocument = types.StringValue(role.AssumeRolePolicyDocument)
	m.Description = schemakit.StringOrNull(role.Description)
	m.MaxSessionDuration = types.Int64Value(int64(role.MaxSessionDuration))
	m.RoleID = types.StringValue(role.RoleID)
	m.ARN = types.StringValue(role.ARN)
	m.CreateDate = types.StringValue(role.CreateDate.Format(time.RFC3339))
	m.UpdateDate = types.StringValue(role.UpdateDate.Format(time.RFC3339))
	m.AccountID = types.StringValue(accountID)
}
