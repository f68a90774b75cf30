package policy

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
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
	_ datasource.DataSourceWithConfigure = (*policyDataSource)(nil)
	_ permission.Declarer                = (*policyDataSource)(nil)
)

// NewDataSource makes the data source ram_policy.
func NewDataSource() datasource.DataSource { return &policyDataSource{} }

type policyDataSource struct{ connection.ForDataSource }

type policyDataModel struct {
	Name            types.String `tfsdk:"name"`
	PolicyType      types.String `tfsdk:"policy_type"`
	PolicyDocument  types.String `tfsdk:"policy_document"`
	Description     types.String `tfsdk:"description"`
	DefaultVersion  types.String `tfsdk:"default_version"`
	AttachmentCount types.Int64  `tfsdk:"attachment_count"`
	Tags            types.Map    `tfsdk:"tags"`
	ARN             types.String `tfsdk:"arn"`
	CreateDate      types.String `tfsdk:"create_date"`
	UpdateDate      types.String `tfsdk:"update_date"`
	AccountID       types.String `tfsdk:"account_id"`
}

// Permissions implements permission.Declarer.
func (d *policyDataSource) Permissions() permission.Table {
	return permission.Table{Read: []rpc.Operation{ramclient.OpGetPolicy, ramclient.OpListTagResources}}
}

// Metadata implements datasource.DataSource.
func (d *policyDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_policy"
}

// Schema implements datasource.DataSource.
func (d *policyDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	computed := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a policy, either a custom one of the account or one that Alibaba Cloud makes.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the policy.",
				Validators:          []validator.String{schemakit.PolicyName()},
			},
			"policy_type": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "`Custom` for a policy of the account, `System` for one of Alibaba Cloud's. If left out, the policy is looked up in both; a name that exists in both is an error.",
				Validators:          []validator.String{stringvalidator.OneOf(string(ramclient.PolicyCustom), string(ramclient.PolicySystem))},
			},
			"policy_document": computed("Document of the version in force, as JSON."),
			"description":     computed("Description; null if there is none."),
			"default_version": computed("ID of the version in force, such as `v1`."),
			"attachment_count": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "To how many users, groups and roles the policy is attached.",
			},
			"tags": schema.MapAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Tags, without those of the provider's `ignore_tags`. A system policy has none.",
			},
			"arn":         computed("ARN: `acs:ram::<account id>:policy/<name>` of a custom policy, `acs:ram::system:policy/<name>` of a system policy."),
			"create_date": computed("When the policy was created, RFC 3339."),
			"update_date": computed("When the policy was last changed, RFC 3339."),
			"account_id":  computed("ID of the Alibaba Cloud account in which the policy was read."),
		},
	}
}

// Read implements datasource.DataSource.
func (d *policyDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model policyDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	caller, ok := d.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	name := model.Name.ValueString()

	policy, ok := d.get(ctx, name, model.PolicyType, &resp.Diagnostics)
	if !ok {
		return
	}
	tags, err := d.tags(ctx, policy)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read the tags of "+object(name), err))
		return
	}

	model.fromAPI(policy, caller.AccountID)
	_, model.Tags = d.Tags.FromServer(tags, types.MapNull(types.StringType))
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// get reads the policy of the type; without one, of whichever type has the name.
func (d *policyDataSource) get(ctx context.Context, name string, policyType types.String, diags *diag.Diagnostics) (ramclient.PolicyWithDocument, bool) {
	candidates := []ramclient.PolicyType{ramclient.PolicyCustom, ramclient.PolicySystem}
	if !policyType.IsNull() {
		candidates = []ramclient.PolicyType{ramclient.PolicyType(policyType.ValueString())}
	}
	var found []ramclient.PolicyWithDocument
	var missing error
	for _, candidate := range candidates {
		policy, err := d.Client.GetPolicy(ctx, ramclient.PolicyRef{PolicyName: name, PolicyType: candidate})
		switch {
		case ramclient.IsNotFound(err):
			missing = err
		case err != nil:
			diags.Append(apidiag.Error(fmt.Sprintf("read %s of type %s", object(name), candidate), err))
			return ramclient.PolicyWithDocument{}, false
		default:
			found = append(found, policy)
		}
	}
	switch len(found) {
	case 0:
		diags.Append(apidiag.AttributeError(path.Root("name"), "read "+object(name), missing))
		return ramclient.PolicyWithDocument{}, false
	case 1:
		return found[0], true
	default:
		diags.AddAttributeError(path.Root("policy_type"), "Two policies have the name "+name, fmt.Sprintf(
			"There is a custom policy and a system policy named %q.\nNext step: set policy_type to %q or %q.",
			name, ramclient.PolicyCustom, ramclient.PolicySystem))
		return ramclient.PolicyWithDocument{}, false
	}
}

// tags are those of a custom policy. System policies are not the account's to tag.
func (d *policyDataSource) tags(ctx context.Context, policy ramclient.PolicyWithDocument) (ramclient.Tags, error) {
	if policy.PolicyType == ramclient.PolicySystem {
		return nil, nil
	}
	tags, err := d.Client.ListTagResources(ctx, ramclient.TaggedPolicy, []string{policy.PolicyName})
	return tags[policy.PolicyName], err
}

// fromAPI takes over what the service says, except tags.
func (m *policyDataModel) fromAPI(policy ramclient.PolicyWithDocument, accountID string) {
	m.Name = types.StringValue(policy.PolicyName)
	m.PolicyType = types.StringValue(string(policy.PolicyType))
	m.PolicyDocument = types.StringValue(policy.DefaultPolicyVersion.PolicyDocument)
	m.Description = schemakit.StringOrNull(policy.Description)
	m.DefaultVersion = types.StringValue(policy.DefaultPolicyVersion.VersionID)
	m.AttachmentCount = types.Int64Value(int64(policy.AttachmentCount))
	m.ARN = types.StringValue(arn(policy.PolicyType, policy.PolicyName, accountID))
	m.CreateDate = types.StringValue(policy.CreateDate.Format(time.RFC3339))
	m.UpdateDate = types.StringValue(policy.UpdateDate.Format(time.RFC3339))
	m.AccountID = types.StringValue(accountID)
}
