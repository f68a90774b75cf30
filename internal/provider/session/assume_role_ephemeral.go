package session

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
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
	_ ephemeral.EphemeralResourceWithConfigure = (*assumeRole)(nil)
	_ permission.Declarer                      = (*assumeRole)(nil)
)

// NewAssumeRole makes ram_assume_role. It has no Renew, because a session cannot be
// prolonged and another one would have other credentials, and no Close, because a
// session cannot be ended: it ends by itself.
func NewAssumeRole() ephemeral.EphemeralResource { return &assumeRole{} }

type assumeRole struct{ connection.ForEphemeral }

type assumeRoleModel struct {
	RoleARN         types.String `tfsdk:"role_arn"`
	RoleSessionName types.String `tfsdk:"role_session_name"`
	DurationSeconds types.Int64  `tfsdk:"duration_seconds"`
	Policy          types.String `tfsdk:"policy"`
	ExternalID      types.String `tfsdk:"external_id"`

	AccessKeyID     types.String `tfsdk:"access_key_id"`
	AccessKeySecret types.String `tfsdk:"access_key_secret"`
	SecurityToken   types.String `tfsdk:"security_token"`
	Expiration      types.String `tfsdk:"expiration"`
	AssumedRoleARN  types.String `tfsdk:"assumed_role_arn"`
	AssumedRoleID   types.String `tfsdk:"assumed_role_id"`
	AccountID       types.String `tfsdk:"account_id"`
}

// Permissions implements permission.Declarer.
func (a *assumeRole) Permissions() permission.Table {
	return permission.Table{Read: []rpc.Operation{ramclient.OpAssumeRole}}
}

// Metadata implements ephemeral.EphemeralResource.
func (a *assumeRole) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_assume_role"
}

// Schema implements ephemeral.EphemeralResource.
func (a *assumeRole) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	computed := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	secret := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Assumes a role and gives the credentials of the session, which are in neither plan nor state: for another provider, or for a write-only argument. " +
			"Every plan, apply and destroy opens a session of its own. A session can be neither prolonged nor ended early, so let it last as long as the longest run.",
		Attributes: map[string]schema.Attribute{
			"role_arn": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "ARN of the role: `acs:ram::<account id>:role/<name>`. The guards `allowed_account_ids` and `forbidden_account_ids` apply to its account too.",
				Validators:          []validator.String{schemakit.RoleARN()},
			},
			"role_session_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name that the session has in audit logs, 2 to 64 characters. Default: `" + auth.DefaultSessionName + "`.",
				Validators:          []validator.String{schemakit.RoleSessionName()},
			},
			"duration_seconds": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "How long the session lasts: 900 to the role's `max_session_duration`. Default: 3600.",
				Validators:          []validator.Int64{int64validator.Between(900, 43200)},
			},
			"policy": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Policy document that narrows what the session may do, at most 2048 characters.",
				Validators:          []validator.String{schemakit.SessionPolicy()},
			},
			"external_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "External ID that the role's trust policy demands, 2 to 1224 characters.",
				Validators:          []validator.String{schemakit.ExternalID()},
			},
			"access_key_id":     computed("AccessKey ID of the session; it begins with `STS.`."),
			"access_key_secret": secret("Secret of `access_key_id`."),
			"security_token":    secret("Security token to send along with `access_key_id`."),
			"expiration":        computed("When the session ends, RFC 3339."),
			"assumed_role_arn":  computed("ARN of the session as STS spells it: `acs:ram::<account id>:role/<role>/<session>`."),
			"assumed_role_id":   computed("ID of the session: `<role id>:<session>`."),
			"account_id":        computed("ID of the account that the role belongs to."),
		},
	}
}

// Open implements ephemeral.EphemeralResource.
func (a *assumeRole) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model assumeRoleModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if _, ok := a.Begin(ctx, &resp.Diagnostics); !ok || resp.Diagnostics.HasError() {
		return
	}
	arn := model.RoleARN.ValueString()
	account := strings.Split(arn, ":")[3]
	if !a.Permits(account) {
		resp.Diagnostics.AddAttributeError(path.Root("role_arn"), "Wrong Alibaba Cloud account", fmt.Sprintf(
			"The role to assume, %s, belongs to account %s, which allowed_account_ids or forbidden_account_ids rules out. It was not assumed.\n"+
				"Next step: assume a role of the right account, or correct the guard in the provider block.", arn, account))
		return
	}

	session, err := a.Client.AssumeRole(ctx, model.input())
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("role_arn"), "assume the role "+arn, err))
		return
	}
	model.fromSession(session, account)
	resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
}

func (m assumeRoleModel) input() ramclient.AssumeRoleInput {
	in := ramclient.AssumeRoleInput{
		RoleARN: m.RoleARN.ValueString(), RoleSessionName: auth.DefaultSessionName,
		DurationSeconds: int(m.DurationSeconds.ValueInt64()), Policy: m.Policy.ValueString(), ExternalID: m.ExternalID.ValueString(),
	}
	if name := m.RoleSessionName.ValueString(); name != "" {
		in.RoleSessionName = name
	}
	return in
}

func (m *assumeRoleModel) fromSession(session ramclient.RoleSession, accountID string) {
	m.AccessKeyID = types.StringValue(session.Credentials.AccessKeyID)
	m.AccessKeySecret = types.StringValue(session.Credentials.AccessKeySecret.Reveal())
	m.SecurityToken = types.StringValue(session.Credentials.SecurityToken.Reveal())
	m.Expiration = types.StringValue(session.Credentials.Expiration.Format(time.RFC3339))
	m.AssumedRoleARN = types.StringValue(session.AssumedRoleUser.ARN)
	m.AssumedRoleID = types.StringValue(session.AssumedRoleUser.AssumedRoleID)
	m.AccountID = types.StringValue(accountID)
}
