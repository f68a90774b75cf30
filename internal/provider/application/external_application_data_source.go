package application

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ datasource.DataSourceWithConfigure = (*externalApplicationDataSource)(nil)
	_ permission.Declarer                = (*externalApplicationDataSource)(nil)
)

// NewExternalDataSource makes the data source ram_external_application.
func NewExternalDataSource() datasource.DataSource { return &externalApplicationDataSource{} }

type externalApplicationDataSource struct{ connection.ForDataSource }

// foundApplication is what the data sources tell of an installed application.
type foundApplication struct {
	App              types.String `tfsdk:"app"`
	Site             types.String `tfsdk:"site"`
	AppID            types.String `tfsdk:"app_id"`
	Scopes           types.Set    `tfsdk:"scopes"`
	DisplayName      types.String `tfsdk:"display_name"`
	AppPrincipalName types.String `tfsdk:"app_principal_name"`
	LoginCommand     types.String `tfsdk:"login_command"`
	CreateDate       types.String `tfsdk:"create_date"`
	AccountID        types.String `tfsdk:"account_id"`
}

func (f *foundApplication) fromAPI(app ramclient.ExternalApplication, accountID string) {
	f.App, f.Site, f.LoginCommand = official(app.AppID)
	f.AppID = types.StringValue(app.AppID)
	f.Scopes = scopeSet(app.Scopes)
	f.DisplayName = schemakit.StringOrNull(app.DisplayName)
	f.AppPrincipalName = schemakit.StringOrNull(app.AppPrincipalName)
	f.CreateDate = types.StringValue(app.CreateDate.Format(time.RFC3339))
	f.AccountID = types.StringValue(accountID)
}

// Permissions implements permission.Declarer.
func (d *externalApplicationDataSource) Permissions() permission.Table {
	return permission.Table{Read: []rpc.Operation{ramclient.OpGetExternalApplication}}
}

// Metadata implements datasource.DataSource.
func (d *externalApplicationDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_external_application"
}

// Schema implements datasource.DataSource.
func (d *externalApplicationDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := foundAttributes()
	attributes["app"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Name of an application made by Alibaba Cloud: `official-cli` is the only one. Either this or `app_id`.",
		Validators: []validator.String{
			stringvalidator.OneOf(officialCLI),
			stringvalidator.ExactlyOneOf(path.MatchRoot("app"), path.MatchRoot("app_id")),
		},
	}
	attributes["site"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Site that the account belongs to: `CN` (aliyun.com) or `INTL` (alibabacloud.com). Needed with `app`, unless the provider itself logs in with OAuth, which tells it.",
		Validators:          []validator.String{stringvalidator.OneOf("CN", "INTL"), stringvalidator.AlsoRequires(path.MatchRoot("app"))},
	}
	attributes["app_id"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "ID of the application, digits only; the same in every account.",
		Validators:          []validator.String{schemakit.ApplicationID()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads an OAuth application of somebody else that is installed in the account, such as `official-cli`. It is an error if it is not installed; `ram_external_applications` lists what is.",
		Attributes:          attributes,
	}
}

// Read implements datasource.DataSource.
func (d *externalApplicationDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model foundApplication
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	caller, ok := d.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	appID, at := model.AppID.ValueString(), path.Root("app_id")
	if appID == "" {
		at = path.Root("app")
		site := model.Site.ValueString()
		if site == "" {
			site = auth.OAuthSite(d.LoginAppID)
		}
		if appID = auth.OAuthAppID(site); appID == "" {
			resp.Diagnostics.Append(siteIsUnknown(d.CredentialSource))
			return
		}
	}

	var app ramclient.ExternalApplication
	err := d.Recent.Await(ctx, func(ctx context.Context) (err error) {
		app, err = d.Client.GetExternalApplication(ctx, appID)
		return err
	}, func(err error) (connection.Parent, bool) {
		return connection.Parent{Kind: connection.Application, Name: appID}, ramclient.IsNotFound(err)
	})
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(at, "read "+object(appID), err))
		return
	}

	model.fromAPI(app, caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// foundAttributes are those of foundApplication, all computed.
func foundAttributes() map[string]schema.Attribute {
	computed := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"app":    computed("`official-cli`, or null for another application."),
		"site":   computed("Site of `official-cli`: `CN` or `INTL`. Null for another application."),
		"app_id": computed("ID of the application, the same in every account."),
		"scopes": schema.SetAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "What the application may ask users to consent to.",
		},
		"display_name":       computed("Name of the application as people see it."),
		"app_principal_name": computed("Principal name of the application in the account: `<application>@app.<account id>.onaliyun.com`."),
		"login_command":      computed("For `official-cli`: the command with which those assigned log in. Null for other applications."),
		"create_date":        computed("When the application was installed, RFC 3339."),
		"account_id":         computed("ID of the Alibaba Cloud account that the application is installed in."),
	}
}
