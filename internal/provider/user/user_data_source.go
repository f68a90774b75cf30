package user

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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
	_ datasource.DataSourceWithConfigure        = (*userDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*userDataSource)(nil)
	_ permission.Declarer                       = (*userDataSource)(nil)
)

// NewDataSource makes the data source ram_user.
func NewDataSource() datasource.DataSource { return &userDataSource{} }

type userDataSource struct{ connection.ForDataSource }

type userDataModel struct {
	Name          types.String `tfsdk:"name"`
	UserID        types.String `tfsdk:"user_id"`
	PrincipalName types.String `tfsdk:"principal_name"`
	DisplayName   types.String `tfsdk:"display_name"`
	Comments      types.String `tfsdk:"comments"`
	Email         types.String `tfsdk:"email"`
	MobilePhone   types.String `tfsdk:"mobile_phone"`
	Tags          types.Map    `tfsdk:"tags"`
	ARN           types.String `tfsdk:"arn"`
	ProvisionType types.String `tfsdk:"provision_type"`
	CreateDate    types.String `tfsdk:"create_date"`
	UpdateDate    types.String `tfsdk:"update_date"`
	LastLoginDate types.String `tfsdk:"last_login_date"`
	AccountID     types.String `tfsdk:"account_id"`
}

// Permissions implements permission.Declarer.
func (d *userDataSource) Permissions() permission.Table {
	return permission.Table{
		Read:     []rpc.Operation{ramclient.OpGetUser},
		Optional: []rpc.Operation{ramclient.OpGetDefaultDomain},
	}
}

// Metadata implements datasource.DataSource.
func (d *userDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user"
}

// Schema implements datasource.DataSource.
func (d *userDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	computed := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a RAM user, by its name or by its ID.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Name of the user. Give this or `user_id`.",
				Validators:          []validator.String{schemakit.UserName()},
			},
			"user_id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "ID of the user, 18 digits. Give this or `name`.",
				Validators:          []validator.String{stringvalidator.RegexMatches(userIDFormat, "a user ID has 18 digits")},
			},
			"principal_name": computed("Login name of the user: `<name>@<domain>`."),
			"display_name":   computed("Display name."),
			"comments":       computed("Comments; null if there are none."),
			"email":          computed("E-mail address; null if there is none."),
			"mobile_phone":   computed("Mobile phone number; null if there is none."),
			"tags": schema.MapAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Tags, without those of the provider's `ignore_tags`.",
			},
			"arn":             computed("ARN of the user: `acs:ram::<account id>:user/<name>`."),
			"provision_type":  computed("How the user came to be: `Manual`, `SCIM` or `CloudSSO`."),
			"create_date":     computed("When the user was created, RFC 3339."),
			"update_date":     computed("When the user was last changed, RFC 3339."),
			"last_login_date": computed("When the user last logged in to the console, RFC 3339; null if never."),
			"account_id":      computed("ID of the Alibaba Cloud account that the user belongs to."),
		},
	}
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *userDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("user_id"))}
}

// Read implements datasource.DataSource.
func (d *userDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model userDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	caller, ok := d.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}

	user, err := d.get(ctx, model)
	if err != nil {
		attempt, at := "read "+object(model.Name.ValueString()), path.Root("name")
		if !model.UserID.IsNull() {
			attempt, at = "read RAM user with ID "+model.UserID.ValueString(), path.Root("user_id")
		}
		resp.Diagnostics.Append(apidiag.AttributeError(at, attempt, err))
		return
	}

	model.fromAPI(user, caller.AccountID)
	_, model.Tags = d.Tags.FromServer(user.Tags, types.MapNull(types.StringType))
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func (d *userDataSource) get(ctx context.Context, model userDataModel) (ramclient.User, error) {
	if !model.UserID.IsNull() {
		return d.Client.GetUser(ctx, ramclient.GetUserInput{UserID: model.UserID.ValueString()})
	}
	principalName, err := d.PrincipalName(ctx, model.Name.ValueString())
	if err != nil {
		return ramclient.User{}, err
	}
	return d.Client.GetUser(ctx, ramclient.GetUserInput{UserPrincipalName: principalName})
}

// fromAPI takes over what the service says, except tags.
func (m *userDataModel) fromAPI(user ramclient.User, accountID string) {
	m.Name = types.StringValue(user.UserName)
	m.UserID = types.StringValue(user.UserID)
	m.PrincipalName = types.StringValue(user.UserPrincipalName)
	m.DisplayName = types.StringValue(user.DisplayName)
	m.Comments = schemakit.StringOrNull(user.Comments)
	m.Email = schemakit.StringOrNull(user.Email)
	m.MobilePhone = schemakit.StringOrNull(user.MobilePhone)
	m.ARN = types.StringValue(arn(accountID, user.UserName))
	m.ProvisionType = schemakit.StringOrNull(user.ProvisionType)
	m.CreateDate = dateOrNull(user.CreateDate)
	m.UpdateDate = dateOrNull(user.UpdateDate)
	m.LastLoginDate = dateOrNull(user.LastLoginDate)
	m.AccountID = types.StringValue(accountID)
}

func dateOrNull(date ramclient.Time) types.String {
	if date.IsZero() {
		return types.StringNull()
	}
	return types.StringValue(date.Format(time.RFC3339))
}
