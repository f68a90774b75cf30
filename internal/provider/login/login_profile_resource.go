// Package login is ram_login_profile: a user's console login.
package login

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ resource.ResourceWithConfigure      = (*loginProfileResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*loginProfileResource)(nil)
	_ resource.ResourceWithValidateConfig = (*loginProfileResource)(nil)
	_ resource.ResourceWithImportState    = (*loginProfileResource)(nil)
	_ resource.ResourceWithIdentity       = (*loginProfileResource)(nil)
	_ permission.Declarer                 = (*loginProfileResource)(nil)
)

// NewResource makes ram_login_profile.
func NewResource() resource.Resource { return &loginProfileResource{} }

type loginProfileResource struct{ connection.ForResource }

// Permissions implements permission.Declarer.
func (r *loginProfileResource) Permissions() permission.Table {
	return permission.Table{
		Read:     []rpc.Operation{ramclient.OpGetUser, ramclient.OpGetLoginProfile},
		Create:   []rpc.Operation{ramclient.OpCreateLoginProfile},
		Update:   []rpc.Operation{ramclient.OpUpdateLoginProfile},
		Delete:   []rpc.Operation{ramclient.OpDeleteLoginProfile},
		Optional: []rpc.Operation{ramclient.OpListUsers, ramclient.OpGetDefaultDomain, ramclient.OpListAccessKeys},
	}
}

// Metadata implements resource.Resource.
func (r *loginProfileResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_login_profile"
	resp.ResourceBehavior.MutableIdentity = true
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *loginProfileResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_name":  schemakit.IdentityName("Name of the user."),
		"account_id": schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *loginProfileResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lets a RAM user log in to the console with a password. The password is write-only: it is in neither state nor plan. " +
			"Take it from an ephemeral value, such as a variable with `ephemeral = true`, or `ephemeral \"random_password\"` of the `random` provider together with a secret store that keeps it.",
		Attributes: map[string]schema.Attribute{
			"user_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the user. If the user is renamed, this follows in place.",
				Validators:          []validator.String{schemakit.UserName()},
			},
			"password_wo": schema.StringAttribute{
				Optional: true, Sensitive: true, WriteOnly: true,
				MarkdownDescription: "Password, within the account's password policy. Write-only. It is set when the login is created, and again whenever `password_wo_version` changes. Without one, the user cannot log in before an administrator sets one.",
			},
			"password_wo_version": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Any text or number, such as `1`. A change sets the password anew: Terraform cannot see that `password_wo` has changed.",
			},
			"password_reset_required": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the user has to change the password at the next login. The service takes this back when that is done, and the next plan shows it. Default: `false`.",
			},
			"mfa_bind_required": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the user has to bind an MFA device at the next login. Default: `false`.",
			},
			"status": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(string(ramclient.LoginActive)),
				MarkdownDescription: "`Active` or `Inactive`: whether the user may log in with the password. Default: `Active`.",
				Validators:          []validator.String{stringvalidator.OneOf(string(ramclient.LoginActive), string(ramclient.LoginInactive))},
			},
			"login_name": schemakit.Computed("What the user enters as the name at the login: `<name>@<domain>`. It changes with the user's name."),
			"user_id":    schemakit.Computed("ID of the user, by which the login is recognised through renames."),
			"account_id": schemakit.AccountID(),
		},
	}
}

// ValidateConfig implements resource.ResourceWithValidateConfig. The password is never
// marked: Terraform would quote the line that it is in.
func (r *loginProfileResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config loginProfileModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if config.PasswordWO.IsUnknown() || config.PasswordWOVersion.IsUnknown() {
		return
	}
	switch hasPassword, hasVersion := !config.PasswordWO.IsNull(), !config.PasswordWOVersion.IsNull(); {
	case hasPassword && !hasVersion:
		resp.Diagnostics.AddAttributeError(path.Root("password_wo_version"), "The password has no version",
			"Terraform cannot see that password_wo changes. Next step: write password_wo_version = \"1\", and another text whenever the password is to be set anew.")
	case hasPassword && config.PasswordWO.ValueString() == "":
		resp.Diagnostics.AddAttributeError(path.Root("password_wo_version"), "The password is empty",
			"Next step: leave password_wo and password_wo_version out for a login without a password, or give one.")
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *loginProfileResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state loginProfileModel
	isNew, isGone := req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !isGone {
		resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	}
	switch {
	case resp.Diagnostics.HasError() || r.Connection == nil:
	case isGone:
		r.RefuseOnSelf(ctx, state.ending("remove "+state.label()), &resp.Diagnostics)
	case isNew:
		r.warnOfKeys(ctx, plan, &resp.Diagnostics)
	default:
		r.planChange(ctx, plan, state, resp)
	}
}

func (r *loginProfileResource) planChange(ctx context.Context, plan, state loginProfileModel, resp *resource.ModifyPlanResponse) {
	if plan.Status.ValueString() == string(ramclient.LoginInactive) && !plan.Status.Equal(state.Status) {
		r.RefuseOnSelf(ctx, state.ending("disable "+state.label()), &resp.Diagnostics)
	}
	switch {
	case r.IsAnotherUser(ctx, plan.UserName, state.UserName, state.UserID, &resp.Diagnostics):
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("user_id"))
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("user_id"), types.StringUnknown())...)
	case plan.UserName.Equal(state.UserName):
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("login_name"), types.StringUnknown())...)
}

// warnOfKeys says that a user will have both a login and AccessKeys: people and programs
// had better have users of their own (RAM help, "Best practices"). The list of keys is
// shared with whoever else reads the keys of the user.
func (r *loginProfileResource) warnOfKeys(ctx context.Context, plan loginProfileModel, diags *diag.Diagnostics) {
	if plan.UserName.IsUnknown() || !r.CanCall() {
		return
	}
	name := plan.UserName.ValueString()
	if _, planned := r.Names.Planned(name); planned {
		return // a new user has no keys yet
	}
	if _, ok := r.Begin(ctx, diags); !ok {
		return
	}
	principalName, err := r.PrincipalName(ctx, name)
	if err != nil {
		return
	}
	keys, err := r.Reads.AccessKeys(ctx, principalName)
	if err != nil || len(keys) == 0 {
		return
	}
	diags.AddAttributeWarning(path.Root("user_name"), fmt.Sprintf("RAM user %q has AccessKeys, and will have a console login", name), fmt.Sprintf(
		"The user has %d AccessKeys, such as %s. What is a person and what a program cannot be told apart then, nor given different permissions.\n"+
			"Next step: give the person a user of their own.", len(keys), keys[0].AccessKeyID))
}

// Create implements resource.Resource.
func (r *loginProfileResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config loginProfileModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, err := r.UserCalled(ctx, plan.UserName.ValueString())
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("user_name"), "create "+plan.label(), err))
		return
	}

	password := rpc.NewSecret(config.PasswordWO.ValueString())
	login, err := r.create(ctx, plan, user, password)
	if err != nil {
		resp.Diagnostics.Append(apidiag.CreateError(plan.label(), "ram_login_profile", plan.UserName.ValueString(), err))
		return
	}
	plan.fromAPI(login)
	plan.UserID, plan.AccountID = types.StringValue(user.UserID), types.StringValue(caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// create makes the login. There is at most one of a user, and it tells nobody its password.
// So if the answer is lost, a login that came since is set to what was sent, password and
// all; one that was there before is somebody else's.
func (r *loginProfileResource) create(ctx context.Context, plan loginProfileModel, user ramclient.User, password rpc.Secret) (ramclient.LoginProfile, error) {
	began := r.Client.ServerTime()
	var login ramclient.LoginProfile
	err := r.Recent.Await(ctx, func(ctx context.Context) error {
		var err error
		login, err = r.Client.CreateLoginProfile(ctx, plan.createInput(user.UserPrincipalName, password))
		return err
	}, func(err error) (connection.Parent, bool) {
		return connection.Parent{Kind: connection.User, Name: user.UserName}, ramclient.Code(err) == "EntityNotExist.User"
	})
	if !ramclient.IsAmbiguous(err) {
		return login, err
	}
	again, createErr := r.Client.CreateLoginProfile(ctx, plan.createInput(user.UserPrincipalName, password))
	if !ramclient.IsAlreadyExists(createErr) {
		return again, createErr
	}
	found, findErr := r.Client.GetLoginProfile(ctx, user.UserPrincipalName)
	switch {
	case findErr != nil:
		return login, err
	case !plan.isAsPlanned(found), found.UpdateDate.Before(began.Add(-consistency.ClockTolerance)):
		return again, createErr
	}
	return r.Client.UpdateLoginProfile(ctx, plan.updateInput(user.UserPrincipalName, password))
}

// Read implements resource.Resource.
func (r *loginProfileResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state loginProfileModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.label(), &resp.Diagnostics)
	if !ok {
		return
	}
	user, err := r.FollowUser(ctx, state.UserID.ValueString(), state.UserName.ValueString(), r.Reads.User)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read the user of "+state.label(), err))
		return
	}
	if user.UserID == "" {
		schemakit.Gone(ctx, state.identity(), resp)
		return
	}

	get := func(ctx context.Context) (ramclient.LoginProfile, error) {
		return r.Client.GetLoginProfile(ctx, user.UserPrincipalName)
	}
	login, err := consistency.Reading[ramclient.LoginProfile]{
		Shared: get, Direct: get, IsNotFound: ramclient.IsNotFound, Agrees: state.isAsPlanned,
	}.Read(ctx, r.Clock, writtenAt)
	if ramclient.IsNotFound(err) {
		schemakit.Gone(ctx, state.identity(), resp)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read "+state.label(), err))
		return
	}
	state.fromAPI(login)
	state.UserName, state.UserID, state.AccountID = types.StringValue(user.UserName), types.StringValue(user.UserID), types.StringValue(caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// Update implements resource.Resource.
func (r *loginProfileResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config loginProfileModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.label(), &resp.Diagnostics); !ok {
		return
	}
	user, err := r.UserCalled(ctx, plan.UserName.ValueString())
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("user_name"), "update "+plan.label(), err))
		return
	}
	if user.UserID != state.UserID.ValueString() {
		resp.Diagnostics.AddAttributeError(path.Root("user_name"), "Another user bears the new name", fmt.Sprintf(
			"The login is that of the user with ID %s, but %q is the user with ID %s. Nothing was changed.\nNext step: plan again; the login will be replaced.",
			state.UserID.ValueString(), plan.UserName.ValueString(), user.UserID))
		return
	}

	var password rpc.Secret
	if !plan.PasswordWOVersion.Equal(state.PasswordWOVersion) {
		password = rpc.NewSecret(config.PasswordWO.ValueString())
	}
	if !password.IsEmpty() || !plan.hasSettingsOf(state) {
		if _, err := r.Client.UpdateLoginProfile(ctx, plan.updateInput(user.UserPrincipalName, password)); err != nil {
			resp.Diagnostics.Append(apidiag.Error("update "+plan.label(), err))
			return
		}
	}
	plan.LoginName, plan.UserID = types.StringValue(user.UserPrincipalName), state.UserID
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Delete implements resource.Resource. The user is followed by its id, so that no
// namesake loses a login.
func (r *loginProfileResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state loginProfileModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.label(), &resp.Diagnostics); !ok {
		return
	}
	if !r.RefuseOnSelf(ctx, state.ending("remove "+state.label()), &resp.Diagnostics) {
		return
	}
	user, err := r.FollowUser(ctx, state.UserID.ValueString(), state.UserName.ValueString(), r.Client.GetUser)
	if err == nil && user.UserID != "" {
		err = r.Client.DeleteLoginProfile(ctx, user.UserPrincipalName)
	}
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Error("remove "+state.label(), err))
		return
	}
	r.Recent.Loosened(connection.Parent{Kind: connection.User, Name: state.UserName.ValueString()})
}

// ImportState implements resource.ResourceWithImportState.
func (r *loginProfileResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	schemakit.Import(ctx, "user_name", req, resp)
}

// hasSettingsOf says whether the two differ in nothing that the service stores and shows.
func (m loginProfileModel) hasSettingsOf(other loginProfileModel) bool {
	return m.PasswordResetRequired.Equal(other.PasswordResetRequired) && m.MFABindRequired.Equal(other.MFABindRequired) && m.Status.Equal(other.Status)
}

// ending is what taking the login away takes from the user.
func (m loginProfileModel) ending(what string) connection.Change {
	return connection.Change{
		What: what, AccountID: m.AccountID.ValueString(), UserID: m.UserID.ValueString(), UserName: m.UserName.ValueString(),
	}
}

func object(userName string) string { return fmt.Sprintf("the console login of RAM user %q", userName) }
