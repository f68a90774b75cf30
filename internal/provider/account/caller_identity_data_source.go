// Package account is the Alibaba Cloud account that the provider works in: who the caller
// is in it, its alias, and what it allows its users.
package account

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
)

var (
	_ datasource.DataSourceWithConfigure = (*callerIdentityDataSource)(nil)
	_ permission.Declarer                = (*callerIdentityDataSource)(nil)
)

// NewCallerIdentityDataSource makes the data source ram_caller_identity.
func NewCallerIdentityDataSource() datasource.DataSource { return &callerIdentityDataSource{} }

type callerIdentityDataSource struct{ connection.ForDataSource }

type callerIdentityModel struct {
	AccountID        types.String `tfsdk:"account_id"`
	ARN              types.String `tfsdk:"arn"`
	IdentityType     types.String `tfsdk:"identity_type"`
	PrincipalID      types.String `tfsdk:"principal_id"`
	UserID           types.String `tfsdk:"user_id"`
	RoleID           types.String `tfsdk:"role_id"`
	CredentialSource types.String `tfsdk:"credential_source"`
}

// Permissions implements permission.Declarer: everybody may ask who they are.
func (d *callerIdentityDataSource) Permissions() permission.Table { return permission.Table{} }

// Metadata implements datasource.DataSource.
func (d *callerIdentityDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_caller_identity"
}

// Schema implements datasource.DataSource.
func (d *callerIdentityDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	computed := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Tells who the provider is: the account and the user or role behind its credentials, and where these come from.",
		Attributes: map[string]schema.Attribute{
			"account_id":        computed("ID of the Alibaba Cloud account."),
			"arn":               computed("ARN of the caller: `acs:ram::<account id>:root`, `…:user/<name>` or `…:assumed-role/<role>/<session>`."),
			"identity_type":     computed("Kind of the caller: `Account`, `RAMUser` or `AssumedRoleUser`."),
			"principal_id":      computed("ID of the caller: of the account or the user, or `<role id>:<session>`."),
			"user_id":           computed("ID of the RAM user, 18 digits; the account's ID for its root key; null for a role."),
			"role_id":           computed("ID of the role, 18 digits; null unless the caller is a role."),
			"credential_source": computed("Where the credentials come from, in words that hold no secret: an argument, an environment variable, a profile of the Alibaba Cloud CLI, a role that was assumed."),
		},
	}
}

// Read implements datasource.DataSource. It makes no call of its own: Begin has asked.
func (d *callerIdentityDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	caller, ok := d.Begin(ctx, &resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, callerIdentityModel{
		AccountID:        types.StringValue(caller.AccountID),
		ARN:              types.StringValue(caller.ARN),
		IdentityType:     types.StringValue(string(caller.IdentityType)),
		PrincipalID:      types.StringValue(caller.PrincipalID),
		UserID:           schemakit.StringOrNull(caller.UserID),
		RoleID:           schemakit.StringOrNull(caller.RoleID),
		CredentialSource: types.StringValue(d.CredentialSource),
	})...)
}
