package accesskey

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/idle"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ resource.ResourceWithConfigure      = (*rotatingResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*rotatingResource)(nil)
	_ resource.ResourceWithImportState    = (*rotatingResource)(nil)
	_ resource.ResourceWithIdentity       = (*rotatingResource)(nil)
	_ resource.ResourceWithValidateConfig = (*rotatingResource)(nil)
	_ permission.Declarer                 = (*rotatingResource)(nil)
)

// NewRotatingResource makes ram_rotating_access_key.
func NewRotatingResource() resource.Resource { return &rotatingResource{} }

type rotatingResource struct{ keyring }

// Permissions implements permission.Declarer.
func (r *rotatingResource) Permissions() permission.Table {
	retire := []rpc.Operation{ramclient.OpUpdateAccessKey, ramclient.OpDeleteAccessKey}
	return permission.Table{
		Read:   []rpc.Operation{ramclient.OpListAccessKeys, ramclient.OpGetUser, ramclient.OpListAccessKeysInRecycleBin},
		Create: []rpc.Operation{ramclient.OpCreateAccessKey},
		Update: append([]rpc.Operation{ramclient.OpCreateAccessKey}, retire...),
		Delete: retire,
		Optional: []rpc.Operation{
			ramclient.OpDeleteAccessKeyInRecycleBin, ramclient.OpGetAccessKeyLastUsed, ramclient.OpGetDefaultDomain, ramclient.OpGetAccountSummary,
		},
	}
}

// Metadata implements resource.Resource.
func (r *rotatingResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_rotating_access_key"
}

// IdentitySchema implements resource.ResourceWithIdentity. The keys of a series come and
// go; what stays is whose they are.
func (r *rotatingResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_id":    schemakit.IdentityName("ID of the user that the keys belong to, 18 digits."),
		"account_id": schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *rotatingResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A series of AccessKeys of a RAM user that follow each other: `current`, and for some time after each rotation `previous`, so that whatever uses the old key can move to the new one. " +
			"It needs both of the user's slots for itself. Each step needs an apply, so something has to run Terraform regularly.",
		Attributes: map[string]schema.Attribute{
			"user_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the user that the keys belong to. Follows a rename of the user in place; another user's name replaces the series.",
				Validators:          []validator.String{schemakit.UserName()},
			},
			"rotation_period": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "How old `current` gets before a new key takes its place, such as `90d` (a day is 24 hours). It must be longer than `overlap` and `quarantine` together. " +
					"What is due is decided by the time of the last refresh: `-refresh=false` rotates nothing.",
				Validators: []validator.String{schemakit.Span()},
			},
			"overlap": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "How long `previous` stays active after a rotation, such as `7d`: the time that whatever uses the key has to move to the new one.",
				Validators:          []validator.String{schemakit.Span()},
			},
			"quarantine": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long `previous` then stays disabled before it is moved to the recycle bin, such as `2d`, so that a program that still needs it shows. No run waits for it. " +
					"If somebody enables the key again in that time, it gets another `overlap`. Default: none; the key is disabled and recycled in one step.",
				Validators: []validator.String{schemakit.Span()},
			},
			"rotate_when_changed": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Any values, such as the number of an incident. A change rotates at once. If there still is a `previous` key, the same apply retires it first, whatever is left of its overlap and quarantine; the plan says so.",
			},
			"require_idle": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Do not disable a `previous` key that was used more recently than this, such as `24h`: it stays active beyond its overlap, and each plan says when it was used, and with which service. " +
					"A rotation that has to retire it at once, and a destroy, fail instead. The service notes the use of a key up to two hours late, so less than `2h` is refused. Default: no such check.",
				Validators: []validator.String{idle.Span()},
			},
			"on_destroy": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What destroying or replacing the resource does with both keys: `recycle` (disable them, then move them to the recycle bin, where they can be restored for 30 days), `purge` (then delete them from there for good), " +
					"`disable` (only that; they keep the user's slots), `retain` (nothing). It does not wait for `quarantine`. Apply a change of this before removing the resource. Default: `recycle`.",
				Validators: []validator.String{stringvalidator.OneOf(recycle, purge, disable, retain)},
			},
			"on_lost_answer": lostAnswerAttribute(),
			"age_recipients": ageRecipientsAttribute("the secrets", "Other recipients rotate at once"),
			"pgp_key":        pgpKeyAttribute("the secrets", "Another key rotates at once"),
			"current":        slotAttribute("The key to use: the newest of the series."),
			"previous":       slotAttribute("The key that `current` took the place of, until it is moved to the recycle bin; else null."),
			"next_action": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "What the next step is: `rotate` (a new key becomes `current`, and the old one `previous`), `disable` or `recycle` (the `previous` key; without `quarantine` it is disabled in the same step).",
			},
			"next_action_at": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "From when on an apply takes that step, RFC 3339. Null if the next apply takes it whenever it comes, since `current` does not work. A late run takes one step per apply.",
			},
			"user_id":    schemakit.Computed("ID of the user that the keys belong to, 18 digits. It stays the same through renames."),
			"account_id": schemakit.AccountID(),
		},
	}
}

func slotAttribute(description string) schema.SingleNestedAttribute {
	computed := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	secret := computed("The secret. Null after an import, and if it is encrypted. It is stored in the state in clear text; the provider argument `plaintext_secrets` says what to do about that.")
	secret.Sensitive = true
	return schema.SingleNestedAttribute{
		Computed: true, MarkdownDescription: description,
		Attributes: map[string]schema.Attribute{
			"access_key_id": computed("ID of the AccessKey."),
			"status":        computed("`Active`, `Inactive`, or `Recycled` for a `current` key that somebody moved to the recycle bin."),
			"create_date":   computed("When the key was created, RFC 3339."),
			"secret_version": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "When the key was created, in seconds since 1970. It suits as the `…_wo_version` of whatever takes the secret.",
			},
			"secret":           secret,
			"encrypted_secret": computed("The secret, encrypted to `age_recipients` (an armored file, which `age --decrypt` and the ephemeral resource `ram_decrypted_secret` read) or to `pgp_key` (the base64 of a message). Null without them, and after an import."),
			"key_fingerprint":  computed("Fingerprint of whom the secret is encrypted to, never of the secret: that of the OpenPGP key, or `sha256:` and the SHA-256 of the sorted age recipients, a line each."),
		},
	}
}

// ValidateConfig implements resource.ResourceWithValidateConfig.
func (r *rotatingResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var written rotatingModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &written)...)
	if resp.Diagnostics.HasError() {
		return
	}
	period, isSet := span(written.RotationPeriod)
	overlap, _ := span(written.Overlap)
	quarantine, _ := span(written.Quarantine)
	if isSet && period <= overlap+quarantine {
		resp.Diagnostics.AddAttributeError(path.Root("rotation_period"), "The rotation period is too short", fmt.Sprintf(
			"A new key is made every %s, but each old one is kept for overlap and quarantine, %s altogether, so a third slot would be needed, and a user has two.\n"+
				"Next step: make rotation_period longer than overlap and quarantine together.", written.RotationPeriod.ValueString(), days(overlap+quarantine)))
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *rotatingResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	switch {
	case r.Connection == nil:
	case req.Plan.Raw.IsNull():
		r.planDestroy(ctx, req, resp)
	case req.State.Raw.IsNull():
		r.planCreate(ctx, req, resp)
	default:
		r.planChange(ctx, req, resp)
	}
}

// Create implements resource.Resource.
func (r *rotatingResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan rotatingModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok {
		return
	}
	first, owner, ok := r.newKey(ctx, plan, &resp.Diagnostics)
	if !ok {
		return
	}

	// The secret exists only here: it is in state before anything else is done.
	seen := observation{At: r.Client.ServerTime()}
	plan.UserID, plan.AccountID = types.StringValue(owner.UserID), types.StringValue(caller.AccountID)
	plan.setKeys(ctx, plan.schedule(first, nil, seen), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(seen.save(ctx, resp.Private)...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Read implements resource.Resource.
func (r *rotatingResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state rotatingModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	before, diags := loadObservation(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	current, previous := slotOf(ctx, state.Current, &resp.Diagnostics), slotOf(ctx, state.Previous, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.manage(current, previous)
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.title(), &resp.Diagnostics)
	if !ok {
		return
	}

	last := seriesOf(state, current, previous)
	seen, err := consistency.Reading[sightings]{
		Shared:     func(ctx context.Context) (sightings, error) { return r.sight(ctx, r.Reads, last) },
		Direct:     func(ctx context.Context) (sightings, error) { return r.sight(ctx, direct{r.Client}, last) },
		IsNotFound: isGone,
		Agrees:     func(seen sightings) bool { return seen.agrees(current, previous) },
	}.Read(ctx, r.Clock, writtenAt)
	isImport := state.NextAction.IsNull()
	switch {
	case isGone(err) && isImport:
		resp.Diagnostics.AddError("Cannot import "+state.title(),
			"The user does not exist, or has no such AccessKey.\nNext step: correct the import ID; without an import block or command, Terraform makes a new series.")
		return
	case isGone(err):
		schemakit.Gone(ctx, state.identity(), resp)
		return
	case err != nil:
		resp.Diagnostics.Append(apidiag.Error("read "+state.title(), err))
		return
	}
	if current == nil && isImport {
		if current, ok = r.adopt(ctx, seen, &resp.Diagnostics); !ok {
			return
		}
	}

	state.UserName, state.UserID, state.AccountID = types.StringValue(seen.userName), types.StringValue(seen.userID), types.StringValue(caller.AccountID)
	current, previous = seen.of(current, true), seen.of(previous, false)
	now := before.update(seen, previous, r.Client.ServerTime())
	now = r.countSlots(ctx, now, seen, current, previous)
	if now, err = r.lookUpUse(ctx, now, state, current, previous); err != nil {
		resp.Diagnostics.Append(apidiag.Error("find out when "+state.held(previous).String()+" was last used", err))
		return
	}
	state.setKeys(ctx, state.schedule(current, previous, now), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	resp.Diagnostics.Append(now.save(ctx, resp.Private)...)
}

// Update implements resource.Resource.
func (r *rotatingResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state rotatingModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	seen, diags := loadObservation(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	current, previous := slotOf(ctx, state.Current, &resp.Diagnostics), slotOf(ctx, state.Previous, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.title(), &resp.Diagnostics); !ok {
		return
	}
	if !plan.UserName.Equal(state.UserName) && !r.confirmOwner(ctx, heldKey{current.id(), plan.UserName.ValueString(), state.UserID.ValueString()}, &resp.Diagnostics) {
		return
	}

	s := stepping{rotatingResource: r, plan: plan, state: state, current: current, previous: previous, seen: seen, resp: resp}
	s.run(ctx, decide(ctx, plan, state, current, previous, seen))
}

// Delete implements resource.Resource.
func (r *rotatingResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state rotatingModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	seen, diags := loadObservation(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	current, previous := slotOf(ctx, state.Current, &resp.Diagnostics), slotOf(ctx, state.Previous, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || ending(state.OnDestroy) == retain {
		return
	}
	r.manage(current, previous)
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.title(), &resp.Diagnostics); !ok {
		return
	}

	// All keys are judged before the first one is touched.
	var keys []*retirement
	for _, one := range []*slot{previous, current} {
		if one == nil {
			continue
		}
		key := r.retirement(state, one, &resp.Diagnostics)
		if !r.sparesSelf(ctx, "destroy", key.key, key.diags) || !key.do(ctx, key.steps(disable)[:1]) {
			return
		}
		keys = append(keys, key)
	}
	for _, key := range keys {
		if !key.do(ctx, key.steps(ending(state.OnDestroy))[1:]) {
			// How far it got stays in state; the next run goes on from there.
			for _, key := range keys {
				current, previous = key.left(current), key.left(previous)
			}
			state.setKeys(ctx, state.schedule(current, previous, seen), &resp.Diagnostics)
			resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
			resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
			return
		}
	}
}

// ImportState implements resource.ResourceWithImportState. Which key is the current one
// has to be told unless the user has only one; Read looks.
func (r *rotatingResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if req.ID == "" {
		schemakit.Import(ctx, "user_id", req, resp)
		return
	}
	parts := strings.Split(req.ID, "/")
	format, example := "<user_name>", "ci"
	switch len(parts) {
	case 2:
		format, example = "<user_name>/<current>", "ci/LTAIexample000000000001"
	case 3:
		format, example = "<user_name>/<current>/<previous>", "ci/LTAIexample000000000002/LTAIexample000000000001"
	}
	parts, ok := schemakit.ImportID(req.ID, format, example, &resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("user_name"), parts[0])...)
	for i, id := range parts[1:] {
		named := &slot{AccessKeyID: types.StringValue(id)}
		at := path.Root([]string{"current", "previous"}[i])
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, at, named.object(ctx, &resp.Diagnostics))...)
	}
}

// manage notes that the keys belong to this configuration.
func (r *rotatingResource) manage(keys ...*slot) {
	for _, key := range keys {
		if key != nil {
			r.Keys.Manage(key.id())
		}
	}
}

// newKey issues a key by the arguments of the plan, with its secret as state holds it.
func (r *rotatingResource) newKey(ctx context.Context, plan rotatingModel, diags *diag.Diagnostics) (*slot, ramclient.User, bool) {
	userName := plan.UserName.ValueString()
	sealer := plan.sealer(ctx, r.Clock.Now(), diags)
	if diags.HasError() {
		return nil, ramclient.User{}, false
	}
	owner, err := r.owner(ctx, userName)
	if err != nil {
		diags.Append(apidiag.AttributeError(path.Root("user_name"), "create an AccessKey for "+user(userName), err))
		return nil, ramclient.User{}, false
	}
	unlock, err := r.Keys.Lock(ctx, owner.UserID)
	if err != nil {
		diags.Append(apidiag.Error("create an AccessKey for "+user(userName), err))
		return nil, ramclient.User{}, false
	}
	defer unlock()
	key, ok := r.issue(ctx, owner, plan.OnLostAnswer.ValueString() != lostError, diags)
	if !ok {
		return nil, ramclient.User{}, false
	}
	var made slot
	made.see(key.AccessKey)
	if err := made.deliver(key.AccessKeySecret, sealer); err != nil {
		diags.AddError("Cannot encrypt the secret of the new AccessKey "+key.AccessKeyID,
			"So it is lost, and nobody can use the key: "+err.Error()+".\nNext step: change rotate_when_changed and apply again; the key is then replaced.")
	}
	return &made, owner, true
}
