// Package application is ram_external_application and ram_application_assignment: OAuth
// applications of others that are installed in the account, such as the one that the
// Alibaba Cloud CLI logs in through, and who may use them.
package application

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ resource.ResourceWithConfigure   = (*externalApplicationResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*externalApplicationResource)(nil)
	_ resource.ResourceWithImportState = (*externalApplicationResource)(nil)
	_ resource.ResourceWithIdentity    = (*externalApplicationResource)(nil)
	_ permission.Declarer              = (*externalApplicationResource)(nil)
)

// officialCLI is the one application that app can name.
const officialCLI = "official-cli"

// cliScopes are what official-cli asks for (help page "OAuth for Alibaba Cloud CLI", Nov
// 2025): who the person is, and STS credentials.
var cliScopes = ramclient.ApplicationScopes{{Name: "openid"}, {Name: "/internal/ram/usersts"}}

// The choices of on_destroy.
const (
	deprovision = "deprovision"
	retain      = "retain"
)

// NewExternalResource makes ram_external_application.
func NewExternalResource() resource.Resource { return &externalApplicationResource{} }

type externalApplicationResource struct{ connection.ForResource }

// Permissions implements permission.Declarer.
func (r *externalApplicationResource) Permissions() permission.Table {
	return permission.Table{
		Read:   []rpc.Operation{ramclient.OpGetExternalApplication},
		Create: []rpc.Operation{ramclient.OpProvisionExternalApplication},
		Delete: []rpc.Operation{ramclient.OpDeprovisionExternalApplication},
	}
}

// Metadata implements resource.Resource.
func (r *externalApplicationResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_external_application"
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *externalApplicationResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"app_id":     schemakit.IdentityName("ID of the application, the same in every account."),
		"account_id": schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *externalApplicationResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Installs an OAuth application of somebody else in the account: `official-cli`, through which people log in to the Alibaba Cloud CLI " +
			"with a browser instead of an AccessKey, or a third party's. It does what an administrator does in the console under Integrations > OAuth > Third-party Applications.\n\n" +
			"Installing `official-cli` lets nobody in yet but the Alibaba Cloud account itself: users and roles are let in by `ram_application_assignment`. " +
			"Groups cannot be assigned. The console can also open an application to every identity of the account; no API is known for that. " +
			"And each person consents once in the browser, at the first login: nobody can do that for them.",
		Attributes: map[string]schema.Attribute{
			"app": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Name of an application made by Alibaba Cloud: `official-cli` is the only one. Either this or `app_id`. A change replaces the application.",
				Validators: []validator.String{
					stringvalidator.OneOf(officialCLI),
					stringvalidator.ExactlyOneOf(path.MatchRoot("app"), path.MatchRoot("app_id")),
				},
			},
			"site": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Site that the account belongs to: `CN` (aliyun.com) or `INTL` (alibabacloud.com). Each has an `official-cli` of its own, and no API tells the site of an account, " +
					"so it is needed with `app`, unless the provider itself logs in with OAuth, which tells it.",
				Validators: []validator.String{
					stringvalidator.OneOf("CN", "INTL"),
					stringvalidator.AlsoRequires(path.MatchRoot("app")),
				},
			},
			"app_id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "ID of the application, digits only; the same in every account. `official-cli` has `4038181954557748008` on the China site and `4103531455503354461` on the international one. A change replaces the application.",
				Validators:          []validator.String{schemakit.ApplicationID()},
			},
			"scopes": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				MarkdownDescription: "What the application may ask users to consent to. Default: for `official-cli` its `openid` and `/internal/ram/usersts`, for another application what it asks for; once installed, what it was installed with. " +
					"The service cannot change scopes, so a change removes the application and installs it again.",
				Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(schemakit.Scope())},
			},
			"adopt_existing": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Take over an application that is installed already, by the console or by an administrator's consent at a first login. Otherwise that is an error. Default: `false`.",
			},
			"on_destroy": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "`deprovision` removes the application from the account, and with it every login through it; `retain` leaves it installed. Default: `deprovision`. " +
					"Apply a change of this before removing the resource.",
				Validators: []validator.String{stringvalidator.OneOf(deprovision, retain)},
			},
			"display_name":       schemakit.Computed("Name of the application as people see it."),
			"app_principal_name": schemakit.Computed("Principal name of the application in the account: `<application>@app.<account id>.onaliyun.com`."),
			"login_command": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "For `official-cli`: the command with which those assigned log in, on a machine with a browser. It needs Alibaba Cloud CLI 3.0.299 or newer, and writes a profile `OAuthProfile`. Null for other applications.",
			},
			"create_date": schemakit.Computed("When the application was installed, RFC 3339."),
			"account_id":  schemakit.AccountID(),
		},
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *externalApplicationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, plan, state externalApplicationModel
	isNew := req.State.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if req.Plan.Raw.IsNull() {
		r.planRemoval(ctx, state, "Destroying", &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.planApplication(config, state, &plan, &resp.Diagnostics)
	planScopes(config, state, isNew, &plan)
	if !isNew {
		r.planReplacement(ctx, state, &plan, resp)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// planApplication finds out which application is meant. app with site and app_id are two
// names of one thing, so the plan always has both.
func (r *externalApplicationResource) planApplication(config, state externalApplicationModel, plan *externalApplicationModel, diags *diag.Diagnostics) {
	plan.App, plan.Site, plan.AppID, plan.LoginCommand = types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	if config.AppID.IsUnknown() || config.App.IsUnknown() || config.Site.IsUnknown() {
		plan.App, plan.Site = orUnknown(config.App), orUnknown(config.Site)
		return
	}
	appID := config.AppID.ValueString()
	if appID == "" {
		site := r.site(config, state)
		switch {
		case site != "":
			appID = auth.OAuthAppID(site)
		case r.CanCall():
			diags.Append(siteIsUnknown(r.CredentialSource))
			return
		default: // the provider's credentials, which may tell, are not known yet
			plan.App = config.App
			return
		}
	}
	plan.AppID = types.StringValue(appID)
	plan.App, plan.Site, plan.LoginCommand = official(appID)
}

// siteIsUnknown asks for what no API tells.
func siteIsUnknown(credentialSource string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("site"), "The site is not known", fmt.Sprintf(
		"%s is another application on the China site than on the international one, and the provider's credentials (%s) do not tell which site the account belongs to.\n"+
			"Next step: set site = \"CN\" if you sign in at aliyun.com, or site = \"INTL\" if you sign in at alibabacloud.com.", officialCLI, credentialSource))
}

// site is CN, INTL, or empty if nothing tells.
func (r *externalApplicationResource) site(config, state externalApplicationModel) string {
	for _, known := range []types.String{config.Site, state.Site} {
		if known.ValueString() != "" {
			return known.ValueString()
		}
	}
	if r.Connection == nil {
		return ""
	}
	return auth.OAuthSite(r.LoginAppID)
}

// planScopes decides what scopes are planned if none are written.
func planScopes(config, state externalApplicationModel, isNew bool, plan *externalApplicationModel) {
	switch {
	case !config.Scopes.IsNull():
		plan.Scopes = config.Scopes
	case !isNew:
		plan.Scopes = state.Scopes
	case plan.App.ValueString() == officialCLI && !plan.AdoptExisting.ValueBool() && !plan.AdoptExisting.IsUnknown():
		plan.Scopes = scopeSet(cliScopes)
	default:
		plan.Scopes = types.SetUnknown(types.StringType)
	}
}

// planReplacement asks for a new installation if there is no other way.
func (r *externalApplicationResource) planReplacement(ctx context.Context, state externalApplicationModel, plan *externalApplicationModel, resp *resource.ModifyPlanResponse) {
	isOther, isRescoped := !plan.AppID.Equal(state.AppID), !plan.Scopes.Equal(state.Scopes)
	if !isOther && !isRescoped {
		return
	}
	if isOther {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("app_id"))
	} else {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("scopes"))
	}
	if !isOther && state.keepsInstalled() {
		resp.Diagnostics.AddAttributeError(path.Root("scopes"), "The scopes cannot change while the application is retained", fmt.Sprintf(
			"%s would have to be removed and installed again, but on_destroy is %q.\n"+
				"Next step: apply on_destroy = %q first, or leave scopes as they are: %s.", object(state.AppID.ValueString()), retain, deprovision, quoted(texts(state.Scopes))))
		return
	}
	r.planRemoval(ctx, state, "Replacing", &resp.Diagnostics)
	for _, perInstallation := range []*types.String{&plan.DisplayName, &plan.AppPrincipalName, &plan.CreateDate} {
		*perInstallation = types.StringUnknown()
	}
}

// planRemoval says who is locked out when the application goes. The provider itself must
// not be.
func (r *externalApplicationResource) planRemoval(ctx context.Context, state externalApplicationModel, verb string, diags *diag.Diagnostics) {
	if state.keepsInstalled() || !r.RefuseOnSelf(ctx, state.removal(), diags) {
		return
	}
	logins, again := "logins through it", "an administrator has installed it again, and consent anew"
	if state.App.ValueString() == officialCLI {
		logins, again = "logins of the Alibaba Cloud CLI", "it is installed and assigned to them again, and consent anew"
	}
	diags.AddWarning(fmt.Sprintf("%s %s ends all %s", verb, object(state.AppID.ValueString()), logins), fmt.Sprintf(
		"The application is removed from account %s together with its assignments. Whoever is logged in through it, on whatever machine, is logged out, and can log in only after %s.\n"+
			"To leave it installed, apply on_destroy = %q first.", state.AccountID.ValueString(), again, retain))
}

// Create implements resource.Resource.
func (r *externalApplicationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan externalApplicationModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	appID := plan.AppID.ValueString()

	app, err := consistency.Creation[ramclient.ExternalApplication]{
		Send: func(ctx context.Context) (ramclient.ExternalApplication, error) {
			return r.Client.ProvisionExternalApplication(ctx, appID, texts(plan.Scopes))
		},
		Find: func(ctx context.Context) (ramclient.ExternalApplication, error) {
			return r.Client.GetExternalApplication(ctx, appID)
		},
		IsAsSent: plan.isAsPlanned,
		Created:  func(app ramclient.ExternalApplication) time.Time { return app.CreateDate.Time },
		Began:    r.Client.ServerTime(),
	}.Run(ctx, r.Clock)
	switch {
	case ramclient.IsAlreadyExists(err) && plan.AdoptExisting.ValueBool():
		if app, ok = r.adopt(ctx, plan, &resp.Diagnostics); !ok {
			return
		}
	case err != nil:
		resp.Diagnostics.Append(createError(appID, err))
		return
	}
	r.Recent.Saw(connection.Parent{Kind: connection.Application, Name: appID})

	if !plan.Scopes.IsUnknown() {
		app.Scopes = nil // Terraform expects what was planned; the next read tells what the service made of it
	}
	plan.fromAPI(app, caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// adopt takes over an application that was there before.
func (r *externalApplicationResource) adopt(ctx context.Context, plan externalApplicationModel, diags *diag.Diagnostics) (ramclient.ExternalApplication, bool) {
	appID := plan.AppID.ValueString()
	app, err := r.Client.GetExternalApplication(ctx, appID)
	if err != nil {
		diags.Append(apidiag.Error("read "+object(appID)+", which is installed already", err))
		return app, false
	}
	if !plan.isAsPlanned(app) {
		diags.AddAttributeError(path.Root("scopes"), "Cannot adopt "+object(appID), fmt.Sprintf(
			"It is installed with other scopes, and the service cannot change them. Nothing was changed.\n"+
				"Next step: set scopes = %s, or leave scopes out.", quoted(texts(scopeSet(app.Scopes)))))
		return app, false
	}
	return app, true
}

// createError adds to an application that is there already that it can be adopted.
func createError(appID string, err error) diag.Diagnostic {
	failure := apidiag.CreateError(object(appID), "ram_external_application", appID, err)
	if !ramclient.IsAlreadyExists(err) {
		return failure
	}
	return diag.NewErrorDiagnostic(failure.Summary(), failure.Detail()+"\n\nOr set adopt_existing = true.")
}

// Read implements resource.Resource.
func (r *externalApplicationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state externalApplicationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	appID := state.AppID.ValueString()
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(appID), &resp.Diagnostics)
	if !ok {
		return
	}

	get := func(ctx context.Context) (ramclient.ExternalApplication, error) {
		return r.Client.GetExternalApplication(ctx, appID)
	}
	app, err := consistency.Reading[ramclient.ExternalApplication]{
		Shared: get, Direct: get, IsNotFound: ramclient.IsNotFound, Agrees: state.isAsPlanned,
	}.Read(ctx, r.Clock, writtenAt)
	if ramclient.IsNotFound(err) {
		schemakit.Gone(ctx, state.identity(), resp)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read "+object(appID), err))
		return
	}

	state.fromAPI(app, caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// Update implements resource.Resource. Only what Terraform alone knows of can change in
// place, so nothing is sent.
func (r *externalApplicationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan externalApplicationModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

// Delete implements resource.Resource.
func (r *externalApplicationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state externalApplicationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || state.keepsInstalled() {
		return
	}
	appID := state.AppID.ValueString()
	_, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(appID), &resp.Diagnostics)
	if !ok || !r.RefuseOnSelf(ctx, state.removal(), &resp.Diagnostics) {
		return
	}
	if err := r.Client.DeprovisionExternalApplication(ctx, appID); err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Error("remove "+object(appID), err))
		return
	}
	r.Recent.Gone(connection.Parent{Kind: connection.Application, Name: appID})
}

// ImportState implements resource.ResourceWithImportState.
func (r *externalApplicationResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	schemakit.Import(ctx, "app_id", req, resp)
}

// orUnknown is the value, or unknown if it is null.
func orUnknown(value types.String) types.String {
	if value.IsNull() {
		return types.StringUnknown()
	}
	return value
}
