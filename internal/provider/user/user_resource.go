// Package user is ram_user, as a resource and as a data source.
package user

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/idle"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/tagging"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ resource.ResourceWithConfigure   = (*userResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*userResource)(nil)
	_ resource.ResourceWithImportState = (*userResource)(nil)
	_ resource.ResourceWithIdentity    = (*userResource)(nil)
	_ permission.Declarer              = (*userResource)(nil)
)

// The choices of on_destroy.
const (
	recycle = "recycle"
	purge   = "purge"
)

// NewResource makes ram_user.
func NewResource() resource.Resource { return &userResource{} }

type userResource struct{ connection.ForResource }

// Permissions implements permission.Declarer.
func (r *userResource) Permissions() permission.Table {
	return permission.Table{
		Read:   []rpc.Operation{ramclient.OpGetUser},
		Create: []rpc.Operation{ramclient.OpCreateUser},
		Update: []rpc.Operation{ramclient.OpUpdateUser, ramclient.OpTagUsers, ramclient.OpUntagUsers},
		Delete: []rpc.Operation{ramclient.OpDeleteUser},
		Optional: []rpc.Operation{
			ramclient.OpListUsers, ramclient.OpGetDefaultDomain, ramclient.OpListUsersInRecycleBin, ramclient.OpGetUserInRecycleBin,
			ramclient.OpRestoreUserFromRecycleBin, ramclient.OpDeleteUserInRecycleBin,
			ramclient.OpListAccessKeys, ramclient.OpGetAccessKeyLastUsed, ramclient.OpUpdateAccessKey, ramclient.OpDeleteAccessKey,
			ramclient.OpListPoliciesForUser, ramclient.OpListPolicyAttachments, ramclient.OpDetachPolicyFromUser,
			ramclient.OpListGroupsForUser, ramclient.OpRemoveUserFromGroup,
			ramclient.OpGetLoginProfile, ramclient.OpDeleteLoginProfile, ramclient.OpGetUserMFAInfo, ramclient.OpUnbindMFADevice,
			ramclient.OpListExternalApplications, ramclient.OpListApplicationAssignments, ramclient.OpDeleteApplicationAssignment,
		},
	}
}

// Metadata implements resource.Resource.
func (r *userResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user"
}

// IdentitySchema implements resource.ResourceWithIdentity. The identity is the id,
// which outlives every rename.
func (r *userResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_id":    schemakit.IdentityName("ID of the user, 18 digits."),
		"account_id": schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *userResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A RAM user: an identity with AccessKeys, a console login, or both. It is followed by its `user_id`, so a rename, here or in the console, never replaces it.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name: 1 to 64 letters, digits, `.`, `_` or `-`. A change renames the user in place.",
				Validators:          []validator.String{schemakit.UserName()},
			},
			"display_name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Display name, 1 to 24 characters. A longer one that was given in the console, up to 128, can be kept, but not set. " +
					"Default: the name at creation, cut to 24 characters; from then on, without this argument, whatever the service has.",
				Validators:    []validator.String{schemakit.Text(128)},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"comments": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Comments, at most 128 characters.",
				Validators:          []validator.String{schemakit.Text(128)},
			},
			"email": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "E-mail address. For accounts of the China site.",
				Validators: []validator.String{stringvalidator.RegexMatches(
					regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`), "an e-mail address looks like ci@example.com")},
			},
			"mobile_phone": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Mobile phone number as `<country code>-<number>`, such as `86-18600000000`. For accounts of the China site.",
				Validators: []validator.String{stringvalidator.RegexMatches(
					regexp.MustCompile(`^[0-9]{1,4}-[0-9]{4,20}$`), "a mobile phone number looks like 86-18600000000")},
			},
			"tags":     schemakit.TagsAttribute(),
			"tags_all": schemakit.TagsAllAttribute(),
			"force_destroy": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Before the user is deleted, disable and delete its AccessKeys (see `require_idle`), detach its policies (those for resource groups too), take it out of its groups, " +
					"take applications away from it, and remove its console login and MFA device, also those made outside Terraform. The plan of the destroy lists them. " +
					"Apply a change of this before removing the resource. Default: `false`.",
			},
			"require_idle": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Refuse a forced destroy if an AccessKey that the user still has was used more recently than this, such as `24h` or `90d` (a day is 24 hours): nothing is touched then, and the error says which key was used when, and with which service. " +
					"AccessKeys that Terraform destroys in the same run are gone before, and do not count. " +
					"The service notes the use of a key up to two hours late, so less than `2h` is refused. Apply a change of this before removing the resource. Default: `24h`.",
				Validators: []validator.String{idle.Span()},
			},
			"on_destroy": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What a destroy does: `recycle` moves the user to the recycle bin, from where it can be restored for 30 days; " +
					"`purge` also deletes it there, with its AccessKeys, for good. Apply a change of this before removing the resource. Default: `recycle`.",
				Validators: []validator.String{stringvalidator.OneOf(recycle, purge)},
			},
			"restore_if_recycled": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "If a deleted user of this name is in the recycle bin when the user is created, or if this user is found there later, restore it, under its old ID, and then change it to what is written here. " +
					"What comes back besides (AccessKeys, policies, groups, console login) is up to the service, and a warning lists it. Two deleted users of the name are an error. " +
					"Otherwise a new user is created, and one that was deleted elsewhere is replaced. Default: `false`.",
			},
			"user_id": schemakit.Computed("ID of the user, 18 digits. It stays the same through renames."),
			"principal_name": schemakit.Computed("Login name of the user: `<name>@<domain>`, where the domain is `<account alias or account id>.onaliyun.com`. " +
				"It changes with the name and with the account's alias."),
			"arn":         schemakit.Computed("ARN of the user: `acs:ram::<account id>:user/<name>`. It changes with the name."),
			"create_date": schemakit.Computed("When the user was created, RFC 3339."),
			"account_id":  schemakit.AccountID(),
			"recycled": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether the user was found in the recycle bin: somebody deleted it within the last 30 days. The next apply restores or replaces it.",
			},
		},
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *userResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	tagging.Plan(ctx, r.TagSettings(), resp)
	var plan, config, state userModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	isNew := req.State.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}

	if isNew && config.DisplayName.IsNull() && !plan.Name.IsUnknown() {
		plan.DisplayName = types.StringValue(defaultDisplayName(plan.Name.ValueString()))
	}
	if text := plan.DisplayName.ValueString(); utf8.RuneCountInString(text) > maxDisplayName && !plan.DisplayName.Equal(state.DisplayName) {
		resp.Diagnostics.AddAttributeError(path.Root("display_name"), "Display name too long", fmt.Sprintf(
			"The service lets a display name be set to at most %d characters, and %q has %d.", maxDisplayName, text, utf8.RuneCountInString(text)))
	}
	plan.Recycled = types.BoolValue(false)
	if !isNew && !plan.Name.Equal(state.Name) {
		r.planRename(&plan, state)
	}
	switch {
	case isNew && !plan.Name.IsUnknown():
		r.Names.PlanCreate(plan.Name.ValueString())
		r.planRestore(ctx, plan, &resp.Diagnostics)
	case state.Recycled.ValueBool():
		r.planRecycled(&plan, config, state, resp)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// planRename plans what changes with the name. The domain in the principal name may
// change in the same apply, so it is not foretold.
func (r *userResource) planRename(plan *userModel, state userModel) {
	plan.PrincipalName, plan.ARN = types.StringUnknown(), types.StringUnknown()
	if plan.Name.IsUnknown() {
		return
	}
	plan.ARN = types.StringValue(arn(state.AccountID.ValueString(), plan.Name.ValueString()))
	r.Names.PlanRename(state.UserID.ValueString(), state.Name.ValueString(), plan.Name.ValueString())
}

// planDestroy lists what a forced destroy takes along.
func (r *userResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state userModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.RefuseOnSelf(ctx, state.destruction(), &resp.Diagnostics) {
		return
	}
	if !state.ForceDestroy.ValueBool() || state.Recycled.ValueBool() || !r.CanCall() {
		return
	}
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(state.Name.ValueString()), &resp.Diagnostics)
	if !ok {
		return
	}
	lines, err := r.whatHangsOn(ctx, caller.AccountID, state.UserID.ValueString())
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Warning("list what hangs on "+object(state.Name.ValueString()), err,
			"force_destroy is set, so the destroy removes whatever hangs on the user."))
		return
	}
	if len(lines) > 0 {
		resp.Diagnostics.AddWarning("Destroying "+object(state.Name.ValueString())+" removes what hangs on it",
			"force_destroy is set, so these go before the user does:\n- "+strings.Join(lines, "\n- ")+
				"\nAn AccessKey that is still there then, and was used within require_idle = \""+state.requireIdle()+"\", stops the destroy before anything is changed.")
	}
}

// Create implements resource.Resource.
func (r *userResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan userModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	name := plan.Name.ValueString()
	if plan.DisplayName.IsUnknown() {
		plan.DisplayName = types.StringValue(defaultDisplayName(name))
	}
	principalName, err := r.PrincipalName(ctx, name)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("create "+object(name), err))
		return
	}
	to := record{&resp.State, resp.Identity, resp.Private, &resp.Diagnostics}
	if plan.RestoreIfRecycled.ValueBool() {
		binned, err := r.inBin(ctx, principalName)
		if err != nil {
			resp.Diagnostics.Append(apidiag.AttributeError(path.Root("restore_if_recycled"), "look for "+object(name)+" in the recycle bin", err))
			return
		}
		if binned.UserID != "" {
			r.createFromBin(ctx, plan, binned, caller.AccountID, to)
			return
		}
	}

	user, err := consistency.Creation[ramclient.User]{
		Send: func(ctx context.Context) (ramclient.User, error) {
			return r.Client.CreateUser(ctx, plan.createInput(principalName))
		},
		Find: func(ctx context.Context) (ramclient.User, error) {
			return r.Client.GetUser(ctx, ramclient.GetUserInput{UserPrincipalName: principalName})
		},
		IsAsSent: r.shows(plan),
		Created:  func(user ramclient.User) time.Time { return user.CreateDate.Time },
		Began:    r.Client.ServerTime(),
	}.Run(ctx, r.Clock)
	if err != nil {
		resp.Diagnostics.Append(r.createError(ctx, name, principalName, err))
		return
	}
	r.Recent.Made(user)

	tags, tagsAll := plan.Tags, plan.TagsAll
	plan.fromAPI(user, caller.AccountID)
	plan.Tags, plan.TagsAll = tags, tagsAll
	to.save(ctx, plan, r.Clock.Now())
}

// Read implements resource.Resource.
func (r *userResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state userModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	label := state.label()
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), label, &resp.Diagnostics)
	if !ok {
		return
	}

	byID := ramclient.GetUserInput{UserID: state.UserID.ValueString()}
	user, err := consistency.Reading[ramclient.User]{
		Shared:     func(ctx context.Context) (ramclient.User, error) { return r.Reads.User(ctx, byID) },
		Direct:     func(ctx context.Context) (ramclient.User, error) { return r.Client.GetUser(ctx, byID) },
		IsNotFound: ramclient.IsNotFound,
		Agrees:     r.shows(state),
	}.Read(ctx, r.Clock, writtenAt)
	if ramclient.IsNotFound(err) {
		r.readFromBin(ctx, state, caller.AccountID, resp)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read "+label, err))
		return
	}

	state.Tags, state.TagsAll = r.Tags.FromServer(user.Tags, state.Tags)
	state.fromAPI(user, caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// readFromBin keeps a user in state that is in the recycle bin, by its id. A caller who
// may not look there takes the user for gone.
func (r *userResource) readFromBin(ctx context.Context, state userModel, accountID string, resp *resource.ReadResponse) {
	binned, err := r.Client.GetUserInRecycleBin(ctx, ramclient.GetRecycledUserInput{UserID: state.UserID.ValueString()})
	switch {
	case ramclient.IsNotFound(err), ramclient.IsNoPermission(err):
		schemakit.Gone(ctx, state.identity(), resp)
	case err != nil:
		resp.Diagnostics.Append(apidiag.Error("look for "+state.label()+" in the recycle bin", err))
	default:
		state.fromBin(binned, accountID)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	}
}

// Update implements resource.Resource.
func (r *userResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state userModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	label := state.label()
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), label, &resp.Diagnostics)
	if !ok {
		return
	}

	to := record{&resp.State, resp.Identity, resp.Private, &resp.Diagnostics}
	if state.Recycled.ValueBool() {
		if err := r.sendRestore(ctx, state.UserID.ValueString()); err != nil {
			resp.Diagnostics.Append(apidiag.AttributeError(path.Root("restore_if_recycled"), "restore "+label+" from the recycle bin", err))
			return
		}
		if !r.takeBack(ctx, &state, caller.AccountID, to) {
			return
		}
	}
	r.write(ctx, plan, state, caller.AccountID, to)
}

// write makes the user what was planned, and records each step that succeeds.
func (r *userResource) write(ctx context.Context, plan, state userModel, accountID string, to record) {
	label, userID := state.label(), state.UserID.ValueString()
	user, err := r.change(ctx, plan, state)
	if err != nil {
		to.diags.Append(apidiag.Error("update "+label, err))
		return
	}
	done := plan
	done.Tags, done.TagsAll = state.Tags, state.TagsAll
	if user.UserID == "" { // there was nothing to change
		done.PrincipalName, done.ARN = state.PrincipalName, state.ARN
	} else {
		done.PrincipalName, done.ARN = types.StringValue(user.UserPrincipalName), types.StringValue(arn(accountID, user.UserName))
	}
	done.UserID, done.CreateDate, done.AccountID = state.UserID, state.CreateDate, state.AccountID
	// What is done is recorded before the tags are touched: they may fail.
	to.save(ctx, done, r.Clock.Now())

	err = tagging.Apply(ctx, state.TagsAll, plan.TagsAll,
		func(ctx context.Context, set map[string]string) error {
			return r.Client.TagUsers(ctx, []string{userID}, set)
		},
		func(ctx context.Context, keys []string) error {
			return r.Client.UntagUsers(ctx, []string{userID}, keys)
		})
	if err != nil {
		to.diags.Append(apidiag.Error("change the tags of "+label, err))
		return
	}
	done.Tags, done.TagsAll = plan.Tags, plan.TagsAll
	to.save(ctx, done, r.Clock.Now())
}

// A record is where the outcome of a create or an update goes.
type record struct {
	state    *tfsdk.State
	identity *tfsdk.ResourceIdentity
	private  consistency.PrivateState
	diags    *diag.Diagnostics
}

func (to record) save(ctx context.Context, m userModel, at time.Time) {
	to.diags.Append(to.state.Set(ctx, m)...)
	to.diags.Append(to.identity.Set(ctx, m.identity())...)
	to.diags.Append(consistency.RecordWrite(ctx, to.private, at)...)
}

// change updates and renames the user in one request, by its id. A request whose answer
// was lost is read back; the answer is the zero User if nothing was to be changed.
func (r *userResource) change(ctx context.Context, plan, state userModel) (ramclient.User, error) {
	in, isNeeded := plan.updateInput(state)
	from, to := state.Name.ValueString(), plan.Name.ValueString()
	if from != to {
		principalName, err := r.PrincipalName(ctx, to)
		if err != nil {
			return ramclient.User{}, err
		}
		in.NewUserPrincipalName, isNeeded = &principalName, true
	}
	if !isNeeded {
		return ramclient.User{}, nil
	}
	user, err := r.Client.UpdateUser(ctx, in)
	if ramclient.IsAmbiguous(err) {
		found, findErr := r.Client.GetUser(ctx, ramclient.GetUserInput{UserID: in.UserID})
		found.Tags = nil // they are changed afterwards
		if findErr == nil && plan.isAsPlanned(found) {
			user, err = found, nil
		}
	}
	if err == nil && from != to {
		r.Recent.Gone(connection.Parent{Kind: connection.User, Name: from})
		r.Recent.Made(user)
	}
	return user, err
}

// Delete implements resource.Resource.
func (r *userResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state userModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	label, userID := state.label(), state.UserID.ValueString()
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), label, &resp.Diagnostics)
	if !ok || !r.RefuseOnSelf(ctx, state.destruction(), &resp.Diagnostics) {
		return
	}

	if state.ForceDestroy.ValueBool() && !r.checkIdle(ctx, state, &resp.Diagnostics) {
		return
	}
	parent := connection.Parent{Kind: connection.User, Name: state.Name.ValueString()}
	err := r.Recent.AwaitLoose(ctx, parent, func(ctx context.Context) error {
		if state.ForceDestroy.ValueBool() {
			if err := r.release(ctx, caller.AccountID, userID, parent); err != nil {
				return err
			}
		}
		return r.Client.DeleteUser(ctx, userID)
	})
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(r.deleteError(ctx, caller.AccountID, state, err))
		return
	}
	r.Recent.Gone(parent)

	if state.OnDestroy.ValueString() == purge {
		justDeleted := err == nil || ramclient.IsAmbiguous(err)
		if err := r.purge(ctx, userID, justDeleted); err != nil {
			resp.Diagnostics.Append(purgeError(label, userID, err))
		}
	}
}

// ImportState implements resource.ResourceWithImportState. A name is looked up here, so
// that everything after knows the user by its id.
func (r *userResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	switch {
	case req.ID == "", userIDFormat.MatchString(req.ID):
		schemakit.Import(ctx, "user_id", req, resp)
	case userNameFormat.MatchString(req.ID):
		r.importByName(ctx, req.ID, resp)
	default:
		resp.Diagnostics.AddError("Invalid import ID", fmt.Sprintf(
			"Expected an import ID of the form <user_id> or <user_name>, such as \"200000000000000001\" or \"ci\", but received %q.", req.ID))
	}
}

var (
	userIDFormat   = regexp.MustCompile(`^[0-9]{18}$`)
	userNameFormat = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
)

func (r *userResource) importByName(ctx context.Context, name string, resp *resource.ImportStateResponse) {
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok {
		return
	}
	principalName, err := r.PrincipalName(ctx, name)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("import "+object(name), err))
		return
	}
	user, err := r.Client.GetUser(ctx, ramclient.GetUserInput{UserPrincipalName: principalName})
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("import "+object(name), err))
		return
	}
	identity := userIdentity{UserID: types.StringValue(user.UserID), AccountID: types.StringValue(caller.AccountID)}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("user_id"), identity.UserID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("account_id"), identity.AccountID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}

// purge deletes the user in the recycle bin. Right after the deletion the bin may not
// know the user yet.
func (r *userResource) purge(ctx context.Context, userID string, justDeleted bool) error {
	deadline := r.Clock.Now()
	if justDeleted {
		deadline = deadline.Add(consistency.Window)
	}
	return consistency.Until(ctx, r.Clock, deadline, func(ctx context.Context) (bool, error) {
		err := r.Client.DeleteUserInRecycleBin(ctx, userID)
		if ramclient.IsNotFound(err) {
			return false, nil
		}
		return true, err
	})
}

// shows makes the question whether the service shows what the model says. Tags that the
// provider ignores do not count.
func (r *userResource) shows(m userModel) func(ramclient.User) bool {
	return func(user ramclient.User) bool {
		user.Tags = r.Tags.Seen(user.Tags)
		return m.isAsPlanned(user)
	}
}

// label names the user in diagnostics; just after an import only its id is known.
func (m userModel) label() string {
	if m.Name.IsNull() {
		return "RAM user with ID " + m.UserID.ValueString()
	}
	return object(m.Name.ValueString())
}

func object(name string) string { return fmt.Sprintf("RAM user %q", name) }
