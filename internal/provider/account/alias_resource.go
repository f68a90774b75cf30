package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
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
	_ resource.ResourceWithConfigure   = (*aliasResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*aliasResource)(nil)
	_ resource.ResourceWithImportState = (*aliasResource)(nil)
	_ resource.ResourceWithIdentity    = (*aliasResource)(nil)
	_ permission.Declarer              = (*aliasResource)(nil)
)

// NewAliasResource makes ram_account_alias.
func NewAliasResource() resource.Resource { return &aliasResource{} }

type aliasResource struct{ connection.ForResource }

type aliasModel struct {
	Alias          types.String `tfsdk:"alias"`
	ResetOnDestroy types.Bool   `tfsdk:"reset_on_destroy"`
	DefaultDomain  types.String `tfsdk:"default_domain"`
	AccountID      types.String `tfsdk:"account_id"`
}

// domainSuffix follows the alias in the account's default domain (IMS API,
// SetDefaultDomain).
const domainSuffix = ".onaliyun.com"

// Permissions implements permission.Declarer.
func (r *aliasResource) Permissions() permission.Table {
	return permission.Table{
		Read:     []rpc.Operation{ramclient.OpGetAccountAlias},
		Create:   []rpc.Operation{ramclient.OpSetAccountAlias},
		Update:   []rpc.Operation{ramclient.OpSetAccountAlias},
		Optional: []rpc.Operation{ramclient.OpClearAccountAlias},
	}
}

// Metadata implements resource.Resource.
func (r *aliasResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_account_alias"
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *aliasResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = singletonIdentity()
}

// Schema implements resource.Resource.
func (r *aliasResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The alias of the account, which takes the place of the account ID in its default domain and so in the login name of every user: `<user>@<alias>.onaliyun.com`. " +
			onlyOne("ram_account_alias") + " A domain alias (a domain of your own, verified by DNS) is another thing, which no API of RAM sets.",
		Attributes: map[string]schema.Attribute{
			"alias": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Alias: 3 to 32 lower-case letters, digits or single `-` within. It is unique among all accounts. A change alters the login name of every user, and the plan says so.",
				Validators:          []validator.String{aliasFormat()},
			},
			"reset_on_destroy": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Take the alias away when the resource is destroyed; users then log in with the account ID in their names again. Left out, the account keeps its alias. Apply a change of this before removing the resource. Default: `false`.",
			},
			"default_domain": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Default domain of the account: `<alias>.onaliyun.com`.",
			},
			"account_id": schemakit.AccountID(),
		},
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *aliasResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var planned, before types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("alias"), &planned)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("alias"), &before)...)
	if planned.IsUnknown() || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("default_domain"), planned.ValueString()+domainSuffix)...)
	if !req.State.Raw.IsNull() && !planned.Equal(before) {
		resp.Diagnostics.AddAttributeWarning(path.Root("alias"), "The login names of all users change", fmt.Sprintf(
			"Users who log in as <name>@%s%s have to write <name>@%s%s once this is applied. The old alias is then free for other accounts to take.",
			before.ValueString(), domainSuffix, planned.ValueString(), domainSuffix))
	}
}

// Create implements resource.Resource.
func (r *aliasResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan aliasModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}

	other, err := r.otherThan(ctx, plan.Alias.ValueString())
	if err == nil && other != "" {
		resp.Diagnostics.AddAttributeError(path.Root("alias"), "The account has another alias already", fmt.Sprintf(
			"The alias of account %s is %q. Another one would change the login name of every user, so nothing was done.\n"+
				"Next step: import it, and the plan shows what would change:\n\n"+
				"import {\n  to = ram_account_alias.<name of the resource>\n  id = %q\n}", caller.AccountID, other, caller.AccountID))
		return
	}
	if err == nil {
		err = r.set(ctx, plan.Alias.ValueString())
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("alias"), "set the alias of account "+caller.AccountID, err))
		return
	}

	plan.fill(caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, singleton{plan.AccountID})...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Read implements resource.Resource.
func (r *aliasResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state aliasModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), "The account alias", &resp.Diagnostics)
	if !ok {
		return
	}

	alias, err := consistency.Reading[string]{
		Shared: r.get, Direct: r.get,
		IsNotFound: func(err error) bool { return errors.Is(err, errNoAlias) },
		Agrees:     func(alias string) bool { return alias == state.Alias.ValueString() },
	}.Read(ctx, r.Clock, writtenAt)
	if errors.Is(err, errNoAlias) {
		schemakit.Gone(ctx, singleton{types.StringValue(caller.AccountID)}, resp)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read the alias of account "+caller.AccountID, err))
		return
	}

	state.Alias = types.StringValue(alias)
	state.fill(caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, singleton{state.AccountID})...)
}

// Update implements resource.Resource.
func (r *aliasResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state aliasModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), "The account alias", &resp.Diagnostics)
	if !ok {
		return
	}

	if !plan.Alias.Equal(state.Alias) {
		if err := r.set(ctx, plan.Alias.ValueString()); err != nil {
			resp.Diagnostics.Append(apidiag.AttributeError(path.Root("alias"), "change the alias of account "+caller.AccountID, err))
			return
		}
	}
	plan.fill(caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, singleton{plan.AccountID})...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Delete implements resource.Resource.
func (r *aliasResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state aliasModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), "The account alias", &resp.Diagnostics)
	if !ok || !state.ResetOnDestroy.ValueBool() {
		return
	}
	if err := r.Client.ClearAccountAlias(ctx); err != nil {
		resp.Diagnostics.Append(apidiag.Error("take the alias of account "+caller.AccountID+" away", err))
		return
	}
	r.ForgetDomain()
}

// ImportState implements resource.ResourceWithImportState.
func (r *aliasResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	schemakit.Import(ctx, "account_id", req, resp)
}

// errNoAlias says that the account has no alias.
var errNoAlias = errors.New("the account has no alias; ram_account_alias sets one")

// get reads the alias; errNoAlias if there is none.
func (r *aliasResource) get(ctx context.Context) (string, error) {
	alias, err := r.Client.GetAccountAlias(ctx)
	if err == nil && alias == "" {
		err = errNoAlias
	}
	return alias, err
}

// otherThan is the alias of the account if it has another one than the wanted. Such an
// answer is doubted for a while: the alias may have been taken away a moment ago.
func (r *aliasResource) otherThan(ctx context.Context, wanted string) (other string, err error) {
	err = consistency.Until(ctx, r.Clock, r.Clock.Now().Add(consistency.Window), func(ctx context.Context) (bool, error) {
		alias, err := r.get(ctx)
		other = ""
		if err == nil && alias != wanted {
			other = alias
		}
		if errors.Is(err, errNoAlias) {
			err = nil
		}
		return other == "", err
	})
	return other, err
}

func (r *aliasResource) set(ctx context.Context, alias string) error {
	err := r.Client.SetAccountAlias(ctx, alias)
	r.ForgetDomain()
	return err
}

// fill sets what follows from the alias and the account.
func (m *aliasModel) fill(accountID string) {
	m.DefaultDomain = types.StringValue(m.Alias.ValueString() + domainSuffix)
	m.AccountID = types.StringValue(accountID)
}
