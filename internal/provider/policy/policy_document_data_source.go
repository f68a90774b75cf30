package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
)

var (
	_ datasource.DataSource = (*documentDataSource)(nil)
	_ permission.Declarer   = (*documentDataSource)(nil)
)

// NewDocumentDataSource makes the data source ram_policy_document.
func NewDocumentDataSource() datasource.DataSource { return &documentDataSource{} }

// documentDataSource calls nobody, so it has no connection: it works without credentials
// and while the provider's configuration is not known yet.
type documentDataSource struct{}

type documentModel struct {
	Version                 types.String     `tfsdk:"version"`
	Statement               []statementModel `tfsdk:"statement"`
	SourcePolicyDocuments   []string         `tfsdk:"source_policy_documents"`
	OverridePolicyDocuments []string         `tfsdk:"override_policy_documents"`
	JSON                    types.String     `tfsdk:"json"`
	SourceJSON              types.String     `tfsdk:"source_json"`
}

type statementModel struct {
	SID          types.String     `tfsdk:"sid"`
	Effect       types.String     `tfsdk:"effect"`
	Actions      []string         `tfsdk:"actions"`
	NotActions   []string         `tfsdk:"not_actions"`
	Resources    []string         `tfsdk:"resources"`
	NotResources []string         `tfsdk:"not_resources"`
	Principal    []principalModel `tfsdk:"principal"`
	Condition    []conditionModel `tfsdk:"condition"`
}

type principalModel struct {
	Entity      types.String `tfsdk:"entity"`
	Identifiers []string     `tfsdk:"identifiers"`
}

type conditionModel struct {
	Operator types.String `tfsdk:"operator"`
	Variable types.String `tfsdk:"variable"`
	Values   []string     `tfsdk:"values"`
}

// Permissions implements permission.Declarer.
func (d *documentDataSource) Permissions() permission.Table { return permission.Table{} }

// Metadata implements datasource.DataSource.
func (d *documentDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_policy_document"
}

// Schema implements datasource.DataSource.
func (d *documentDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Builds a policy document, to attach or to trust, and checks it as the service would. Calls nobody and needs no credentials.\n\n" +
			"A document with any `principal` is a trust policy, for a role's `assume_role_policy_document`; one without is a permission policy. Errors name statements as `Statement[0]`, `Statement[1]`, … in their order.",
		Attributes: map[string]schema.Attribute{
			"version": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Version of the policy language. Default and only choice: `1`.",
				Validators:          []validator.String{stringvalidator.OneOf(policylang.Version)},
			},
			"source_policy_documents":   texts("Documents whose statements come first. A `statement` of the same `sid` takes the place of theirs; among them a sid may occur once."),
			"override_policy_documents": texts("Documents whose statements come last. One of theirs takes the place of any statement of the same sid; a later document wins."),
			"json": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The document as compact JSON, at most 6144 characters. Without sids, which the language of RAM does not have.",
			},
			"source_json": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The document with its sids: for `source_policy_documents` and `override_policy_documents` of another `ram_policy_document`, not for the service.",
			},
		},
		Blocks: map[string]schema.Block{"statement": schema.ListNestedBlock{
			MarkdownDescription: "A statement: what is allowed or denied.",
			NestedObject:        statementBlock(),
		}},
	}
}

func statementBlock() schema.NestedBlockObject {
	return schema.NestedBlockObject{
		Attributes: map[string]schema.Attribute{
			"sid": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name by which another `ram_policy_document` can override the statement.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"effect": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "`Allow` or `Deny`. Default: `Allow`.",
				Validators:          []validator.String{stringvalidator.OneOf(string(policylang.EffectAllow), string(policylang.EffectDeny))},
			},
			"actions":       texts("Actions, such as `oss:GetObject`, `oss:Get*` or `*`. Give these or `not_actions`."),
			"not_actions":   texts("All actions but these."),
			"resources":     texts("Resources: `acs:<service>:<region>:<account>:<relative id>`, with `*` as wildcard, or just `*`. Give these or `not_resources`; a trust policy has neither."),
			"not_resources": texts("All resources but these."),
		},
		Blocks: map[string]schema.Block{
			"principal": schema.ListNestedBlock{
				MarkdownDescription: "Who may assume the role, in a trust policy.",
				NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"entity": schema.StringAttribute{
						Required:            true,
						MarkdownDescription: "Kind of principal: `RAM`, `Service` or `Federated`.",
						Validators:          []validator.String{stringvalidator.OneOf("RAM", "Service", "Federated")},
					},
					"identifiers": requiredTexts("The principals: ARNs of accounts (`acs:ram::<account id>:root`), users or roles; hosts of services such as `ecs.aliyuncs.com`; ARNs of identity providers."),
				}},
			},
			"condition": schema.ListNestedBlock{
				MarkdownDescription: "A condition. All of a statement's conditions must hold.",
				NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"operator": schema.StringAttribute{
						Required:            true,
						MarkdownDescription: "How to compare, such as `StringEquals`, `IpAddress` or `Bool`.",
						Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
					},
					"variable": schema.StringAttribute{
						Required:            true,
						MarkdownDescription: "What to compare, such as `acs:SourceIp`.",
						Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
					},
					"values": requiredTexts("What to compare with; one match is enough, and for a negated operator none may match."),
				}},
			},
		},
	}
}

func texts(description string) schema.ListAttribute {
	return schema.ListAttribute{
		Optional: true, ElementType: types.StringType,
		MarkdownDescription: description,
		Validators:          []validator.List{listvalidator.NoNullValues()},
	}
}

func requiredTexts(description string) schema.ListAttribute {
	return schema.ListAttribute{
		Required: true, ElementType: types.StringType,
		MarkdownDescription: description,
		Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
	}
}

// Read implements datasource.DataSource. Terraform puts it off as long as any input is
// unknown.
func (d *documentDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model documentModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// By themselves first, so that the error counts statements as the configuration does.
	own := model.statements()
	if len(own) > 0 {
		if _, err := policylang.Build(own); err != nil {
			resp.Diagnostics.AddAttributeError(path.Root("statement"), "Invalid statement", err.Error())
			return
		}
	}
	document, source, err := model.build(own)
	if err != nil {
		resp.Diagnostics.AddError("Invalid policy document", err.Error())
		return
	}

	model.JSON, model.SourceJSON = types.StringValue(document), types.StringValue(source)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// build puts one's own statements together with those of other documents, for the
// service and, with sids, for the next ram_policy_document.
func (m documentModel) build(own []policylang.Statement) (document, source string, err error) {
	merged, err := policylang.Merge(m.SourcePolicyDocuments, own, m.OverridePolicyDocuments)
	if err != nil {
		return "", "", err
	}
	if document, err = policylang.Build(merged); err != nil {
		return "", "", err
	}
	source, err = policylang.BuildSource(merged)
	return document, source, err
}

func (m documentModel) statements() []policylang.Statement {
	statements := make([]policylang.Statement, len(m.Statement))
	for i, s := range m.Statement {
		statements[i] = s.statement()
	}
	return statements
}

func (m statementModel) statement() policylang.Statement {
	out := policylang.Statement{
		SID:     m.SID.ValueString(),
		Effect:  policylang.Effect(m.Effect.ValueString()),
		Actions: m.Actions, NotActions: m.NotActions,
		Resources: m.Resources, NotResources: m.NotResources,
		Principals: map[string][]string{},
	}
	for _, principal := range m.Principal {
		entity := principal.Entity.ValueString()
		out.Principals[entity] = append(out.Principals[entity], principal.Identifiers...)
	}
	for _, condition := range m.Condition {
		out.Conditions = append(out.Conditions, policylang.Condition{
			Operator: condition.Operator.ValueString(), Key: condition.Variable.ValueString(), Values: condition.Values,
		})
	}
	return out
}
