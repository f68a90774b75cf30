package account

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
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
	_ resource.ResourceWithConfigure   = (*preferenceResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*preferenceResource)(nil)
	_ resource.ResourceWithImportState = (*preferenceResource)(nil)
	_ resource.ResourceWithIdentity    = (*preferenceResource)(nil)
	_ permission.Declarer              = (*preferenceResource)(nil)
)

// NewSecurityPreferenceResource makes ram_security_preference.
func NewSecurityPreferenceResource() resource.Resource { return &preferenceResource{} }

type preferenceResource struct{ connection.ForResource }

// Permissions implements permission.Declarer.
func (r *preferenceResource) Permissions() permission.Table {
	return permission.Table{
		Read:   []rpc.Operation{ramclient.OpGetSecurityPreference},
		Create: []rpc.Operation{ramclient.OpSetSecurityPreference},
		Update: []rpc.Operation{ramclient.OpSetSecurityPreference},
	}
}

// Metadata implements resource.Resource.
func (r *preferenceResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_security_preference"
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *preferenceResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = singletonIdentity()
}

// Schema implements resource.Resource.
func (r *preferenceResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "What the account lets its RAM users do by themselves, and how they log in to the console. Only the settings that are written are changed and compared; " +
			"the others keep what the account has, and the state shows it. " + onlyOne("ram_security_preference"),
		Attributes: map[string]schema.Attribute{
			"allow_user_to_change_password":           preferenceSwitch("Users may change their passwords.", "true"),
			"allow_user_to_login_with_passkey":        preferenceSwitch("Users may log in with a passkey.", "true"),
			"allow_user_to_manage_mfa_devices":        preferenceSwitch("Users may manage their MFA devices.", "true"),
			"allow_user_to_manage_access_keys":        preferenceSwitch("Every user may manage the user's own AccessKeys, whatever its policies allow; only a policy that denies it counts. Better give the users who need it a policy limited to themselves.", "false"),
			"enable_save_mfa_ticket":                  preferenceSwitch("A browser may go without MFA for seven days after it was asked once.", "false"),
			"allow_user_to_manage_personal_ding_talk": preferenceSwitch("Users may bind their DingTalk accounts.", "true"),
			"allow_user_to_manage_service_credentials": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Users may manage their credentials for single services.",
				PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
			"login_session_duration": schema.Int64Attribute{
				Optional: true, Computed: true,
				MarkdownDescription: "For how many hours a login to the console lasts, 1 to 24. The service's default: 6.",
				Validators:          []validator.Int64{int64validator.Between(1, 24)},
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			},
			"login_network_masks": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Addresses and CIDR blocks that users may log in to the console from, at most 40, with 512 characters together. `[]` lets them log in from everywhere, which is the service's default.",
				Validators:          []validator.Set{setvalidator.SizeAtMost(maxMasks), setvalidator.ValueStringsAre(network()), masksLength{}},
				PlanModifiers:       []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
			},
			"mfa_operation_for_login": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Who is asked for MFA at login: `mandatory` all, `independent` those whose login profile says so, `adaptive` whose login is unusual. The service's default: `independent`.",
				Validators:          []validator.String{stringvalidator.OneOf("mandatory", "independent", "adaptive")},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"verification_types": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				MarkdownDescription: "What else may verify a login besides MFA devices: `sms`, `email`, both or, with `[]`, neither.",
				Validators:          []validator.Set{setvalidator.ValueStringsAre(stringvalidator.OneOf("sms", "email"))},
				PlanModifiers:       []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
			},
			"max_idle_days_for_users":       preferenceDays("which the console login of a user is disabled"),
			"max_idle_days_for_access_keys": preferenceDays("which an AccessKey is disabled"),
			"reset_on_destroy": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Set everything whose default is documented back to it when the resource is destroyed, also what was never written here; the plan of the destroy lists what changes. " +
					"Left out, the account keeps its settings. Apply a change of this before removing the resource. Default: `false`.",
			},
			"account_id": schemakit.AccountID(),
		},
	}
}

func preferenceSwitch(description, standard string) schema.BoolAttribute {
	return schema.BoolAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: description + " The service's default: `" + standard + "`.",
		PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
	}
}

func preferenceDays(consequence string) schema.Int64Attribute {
	return schema.Int64Attribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Days without use after " + consequence + ": 90, 180, 365 or 730. The service's default: 730.",
		Validators:          []validator.Int64{int64validator.OneOf(90, 180, 365, 730)},
		PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan: it lists what a reset changes.
func (r *preferenceResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !req.Plan.Raw.IsNull() {
		return
	}
	var state preferenceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !state.ResetOnDestroy.ValueBool() {
		return
	}
	if changes := state.resets(); len(changes) > 0 {
		resp.Diagnostics.AddWarning("Destroying the security preference resets it",
			"reset_on_destroy is set, so these go back to the service's defaults: "+strings.Join(changes, ", ")+".")
	}
}

// Create implements resource.Resource.
func (r *preferenceResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, written preferenceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &written)...)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}

	set, err := r.set(ctx, written)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("set the security preference of account "+caller.AccountID, err))
		return
	}
	resetOnDestroy := plan.ResetOnDestroy
	plan = preferenceFromAPI(written.over(set), caller.AccountID)
	plan.ResetOnDestroy = resetOnDestroy
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, singleton{plan.AccountID})...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Read implements resource.Resource.
func (r *preferenceResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state preferenceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), "The security preference", &resp.Diagnostics)
	if !ok {
		return
	}

	preference, err := consistency.Reading[ramclient.SecurityPreference]{
		Shared: r.Client.GetSecurityPreference, Direct: r.Client.GetSecurityPreference,
		IsNotFound: ramclient.IsNotFound, Agrees: state.agrees,
	}.Read(ctx, r.Clock, writtenAt)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read the security preference of account "+caller.AccountID, err))
		return
	}

	resetOnDestroy := state.ResetOnDestroy
	state = preferenceFromAPI(preference, caller.AccountID)
	state.ResetOnDestroy = resetOnDestroy
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, singleton{state.AccountID})...)
}

// Update implements resource.Resource.
func (r *preferenceResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, written, state preferenceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &written)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), "The security preference", &resp.Diagnostics)
	if !ok {
		return
	}

	if _, err := r.set(ctx, written); err != nil {
		resp.Diagnostics.Append(apidiag.Error("change the security preference of account "+caller.AccountID, err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, singleton{plan.AccountID})...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Delete implements resource.Resource.
func (r *preferenceResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state preferenceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), "The security preference", &resp.Diagnostics)
	if !ok || !state.ResetOnDestroy.ValueBool() {
		return
	}
	if _, err := r.set(ctx, standardPreference()); err != nil {
		resp.Diagnostics.Append(apidiag.Error("reset the security preference of account "+caller.AccountID, err))
	}
}

// ImportState implements resource.ResourceWithImportState.
func (r *preferenceResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	schemakit.Import(ctx, "account_id", req, resp)
}

// set changes what is written and sends the rest as it is: whether the service keeps or
// resets what a request leaves out is not documented (IMS API, SetSecurityPreference).
func (r *preferenceResource) set(ctx context.Context, written preferenceModel) (ramclient.SecurityPreference, error) {
	current, err := r.Client.GetSecurityPreference(ctx)
	if err != nil {
		return current, err
	}
	return r.Client.SetSecurityPreference(ctx, written.over(current))
}
