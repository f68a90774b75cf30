package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/highrisk"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
)

type providerModel struct {
	AccessKeyID        types.String `tfsdk:"access_key_id"`
	AccessKeySecret    types.String `tfsdk:"access_key_secret"`
	SecurityToken      types.String `tfsdk:"security_token"`
	Profile            types.String `tfsdk:"profile"`
	ConfigFile         types.String `tfsdk:"config_file"`
	ECSRAMRole         types.Object `tfsdk:"ecs_ram_role"`
	External           types.Object `tfsdk:"external"`
	CredentialsURI     types.String `tfsdk:"credentials_uri"`
	AssumeRoleWithOIDC types.Object `tfsdk:"assume_role_with_oidc"`
	CloudSSO           types.Object `tfsdk:"cloud_sso"`
	OAuth              types.Object `tfsdk:"oauth"`
	AssumeRole         types.List   `tfsdk:"assume_role"`
	SkipDefaultChain   types.Bool   `tfsdk:"skip_default_chain"`

	Region            types.String `tfsdk:"region"`
	STSRegion         types.String `tfsdk:"sts_region"`
	Endpoints         types.Object `tfsdk:"endpoints"`
	InsecureEndpoints types.Bool   `tfsdk:"insecure_endpoints"`
	CustomCABundle    types.String `tfsdk:"custom_ca_bundle"`
	HTTPProxy         types.String `tfsdk:"http_proxy"`

	AllowedAccountIDs   types.Set `tfsdk:"allowed_account_ids"`
	ForbiddenAccountIDs types.Set `tfsdk:"forbidden_account_ids"`

	DefaultTags types.Object `tfsdk:"default_tags"`
	IgnoreTags  types.Object `tfsdk:"ignore_tags"`

	MaxRetries           types.Int64  `tfsdk:"max_retries"`
	RequestTimeout       types.String `tfsdk:"request_timeout"`
	MaxRequestsPerSecond types.Int64  `tfsdk:"max_requests_per_second"`
	PlaintextSecrets     types.String `tfsdk:"plaintext_secrets"`
	AllowSelfChange      types.Bool   `tfsdk:"allow_self_change"`
	HighRiskPolicies     types.String `tfsdk:"high_risk_policies"`
	HighRiskExceptions   types.Set    `tfsdk:"high_risk_exceptions"`
}

type endpointsModel struct {
	RAM             types.String `tfsdk:"ram"`
	IMS             types.String `tfsdk:"ims"`
	STS             types.String `tfsdk:"sts"`
	ResourceManager types.String `tfsdk:"resource_manager"`
	ECSMetadata     types.String `tfsdk:"ecs_metadata"`
	OAuth           types.String `tfsdk:"oauth"`
	CloudSSO        types.String `tfsdk:"cloud_sso"`
}

type defaultTagsModel struct {
	Tags types.Map `tfsdk:"tags"`
}

type ignoreTagsModel struct {
	Keys        types.Set `tfsdk:"keys"`
	KeyPrefixes types.Set `tfsdk:"key_prefixes"`
}

// Schema implements provider.Provider.
func (p *ramProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	accountIDs := []validator.Set{
		setvalidator.SizeAtLeast(1),
		setvalidator.ValueStringsAre(schemakit.AccountIDFormat()),
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages Alibaba Cloud identities: RAM users, AccessKeys, roles, policies and who holds them.",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Region, such as `ap-northeast-1`. RAM is global; the region only selects the STS endpoint. Environment: `ALIBABA_CLOUD_REGION_ID`.",
				Validators:          []validator.String{schemakit.Region()},
			},
			"sts_region": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Region of the STS endpoint, if it is not `region`. Environment: `ALIBABA_CLOUD_STS_REGION`.",
				Validators:          []validator.String{schemakit.Region()},
			},
			"endpoints": endpointsAttribute(),
			"insecure_endpoints": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Allow `http://` endpoints that are not on this machine. Requests, secrets included, then travel unencrypted. Default: `false`.",
			},
			"custom_ca_bundle": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Path of a PEM file with the certificate authorities to trust instead of the system's.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"http_proxy": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "URL of the proxy for all requests but those to this machine. Default: that of the environment (`HTTPS_PROXY`, `NO_PROXY`).",
				Validators:          []validator.String{schemakit.HTTPURL()},
			},
			"allowed_account_ids": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Account IDs that the provider may work in. Checked before the first service call. Credentials that are renewed with those of another account are always refused.",
				Validators:          append([]validator.Set{schemakit.ConflictsWithSet("forbidden_account_ids")}, accountIDs...),
			},
			"forbidden_account_ids": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Account IDs that the provider must never work in. Checked before the first service call.",
				Validators:          accountIDs,
			},
			"default_tags": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Tags that every resource with `tags` gets. A resource's own tag of the same key wins.",
				Attributes: map[string]schema.Attribute{
					"tags": schema.MapAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "The tags.", Validators: schemakit.Tags()},
				},
			},
			"ignore_tags": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Tags that something else manages: they are neither shown nor changed.",
				Attributes: map[string]schema.Attribute{
					"keys":         schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Keys of tags to leave alone."},
					"key_prefixes": schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Beginnings of keys of tags to leave alone."},
				},
			},
			"max_retries": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "How often a request is repeated after a failure that may pass. Creates are repeated only if the service certainly did not act. Default: 8.",
				Validators:          []validator.Int64{int64validator.Between(0, 50)},
			},
			"request_timeout": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "How long one request may take, such as `\"30s\"`. Default: `\"30s\"`.",
				Validators:          []validator.String{schemakit.Duration()},
			},
			"max_requests_per_second": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Upper bound for all requests together. Default: none; each operation is paced at its documented rate.",
				Validators:          []validator.Int64{int64validator.Between(1, 1000)},
			},
			"plaintext_secrets": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What to do when the secret of a new AccessKey is about to be stored in the state in clear text: `warn` (default), `allow` or `error`.",
				Validators:          []validator.String{stringvalidator.OneOf("warn", "allow", "error")},
			},
			"high_risk_policies": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What to do when a plan grants a high-risk system policy such as `AdministratorAccess`, or writes a policy or trust policy that gives away as much: `warn` (default), `error` or `ignore`. The guide [Guard rails](guides/guard-rails.md) lists what counts.",
				Validators:          []validator.String{stringvalidator.OneOf(string(highrisk.Warn), string(highrisk.Error), string(highrisk.Ignore))},
			},
			"high_risk_exceptions": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "What `high_risk_policies` has nothing to say about: `policy/<name>` may be granted to anybody and say anything; `user/<name>`, `group/<name>` and `role/<name>` may be granted anything, and the role may trust anybody.",
				Validators: []validator.Set{setvalidator.ValueStringsAre(stringvalidator.RegexMatches(highrisk.ExceptionPattern,
					"must be policy/<name>, user/<name>, group/<name> or role/<name>"))},
			},
			"allow_self_change": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Let plans disable, delete, restrict or detach from what Terraform itself runs as: the AccessKey that signs, the one under `assume_role`, and the user or role of each. Otherwise such a plan is an error, for it may lock Terraform out. Default: `false`.",
			},
		},
	}
	maps.Copy(resp.Schema.Attributes, credentialAttributes())
}

func endpointsAttribute() schema.Attribute {
	endpoint := func(service, otherwise string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Endpoint of " + service + ", as a host or a URL. Default: " + otherwise + ", or the environment variable `ALIBABA_CLOUD_ENDPOINT_…`.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		}
	}
	const loopbackOnly = " A person's tokens are sent there, so another host must be on this machine."
	login := func(service, otherwise string) schema.StringAttribute {
		attribute := endpoint(service, otherwise)
		attribute.MarkdownDescription += loopbackOnly
		return attribute
	}
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "Endpoints other than the public ones. Plain `http://` is for loopback addresses, unless `insecure_endpoints` is set.",
		Attributes: map[string]schema.Attribute{
			"ram":              endpoint("RAM", "`ram.aliyuncs.com`"),
			"ims":              endpoint("IMS (Identity Management)", "`ims.aliyuncs.com`"),
			"sts":              endpoint("STS", "`sts.aliyuncs.com`"),
			"resource_manager": endpoint("Resource Manager", "`resourcemanager.aliyuncs.com`"),
			"ecs_metadata":     endpoint("the ECS metadata service", "`http://100.100.100.200`"),
			"oauth":            login("the tokens of OAuth", "that of the site"),
			"cloud_sso":        login("CloudSSO", "the host of the sign-in URL"),
		},
	}
}
