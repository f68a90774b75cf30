// Package provider is the Terraform surface: the provider's own schema, how its
// configuration becomes a client, and the list of everything it offers. Each domain
// (users, AccessKeys, roles, …) has a package of its own below.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/accesskey"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/account"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/attachment"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/policy"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/role"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/session"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/user"
)

var _ provider.ProviderWithEphemeralResources = (*ramProvider)(nil)

// New makes the provider for the machine it runs on.
func New(host Host) provider.Provider { return &ramProvider{host: host} }

type ramProvider struct{ host Host }

type providerModel struct {
	AccessKeyID     types.String `tfsdk:"access_key_id"`
	AccessKeySecret types.String `tfsdk:"access_key_secret"`
	SecurityToken   types.String `tfsdk:"security_token"`
	Profile         types.String `tfsdk:"profile"`
	ConfigFile      types.String `tfsdk:"config_file"`
	AssumeRole      types.List   `tfsdk:"assume_role"`

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
	SkipDefaultChain     types.Bool   `tfsdk:"skip_default_chain"`
}

type assumeRoleModel struct {
	RoleARN         types.String `tfsdk:"role_arn"`
	RoleSessionName types.String `tfsdk:"role_session_name"`
	ExternalID      types.String `tfsdk:"external_id"`
	DurationSeconds types.Int64  `tfsdk:"duration_seconds"`
	Policy          types.String `tfsdk:"policy"`
}

type endpointsModel struct {
	RAM             types.String `tfsdk:"ram"`
	IMS             types.String `tfsdk:"ims"`
	STS             types.String `tfsdk:"sts"`
	ResourceManager types.String `tfsdk:"resource_manager"`
}

type defaultTagsModel struct {
	Tags types.Map `tfsdk:"tags"`
}

type ignoreTagsModel struct {
	Keys        types.Set `tfsdk:"keys"`
	KeyPrefixes types.Set `tfsdk:"key_prefixes"`
}

// Metadata implements provider.Provider.
func (p *ramProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "ram"
	resp.Version = p.host.Version
}

// Schema implements provider.Provider.
func (p *ramProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	accountIDs := []validator.Set{
		setvalidator.SizeAtLeast(1),
		setvalidator.ValueStringsAre(schemakit.AccountIDFormat()),
	}
	endpoint := func(service, host string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Endpoint of " + service + ", as a host or a URL. Default: `" + host + "`, or the environment variable `ALIBABA_CLOUD_ENDPOINT_…`.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages Alibaba Cloud identities: RAM users, AccessKeys, roles, policies and who holds them.",
		Attributes: map[string]schema.Attribute{
			"access_key_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "AccessKey ID to sign with. Needs `access_key_secret`. Environment: `ALIBABA_CLOUD_ACCESS_KEY_ID`.",
				Validators: []validator.String{
					stringvalidator.AlsoRequires(path.MatchRoot("access_key_secret")),
					stringvalidator.ConflictsWith(path.MatchRoot("profile"), path.MatchRoot("config_file")),
				},
			},
			"access_key_secret": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Secret of `access_key_id`. Environment: `ALIBABA_CLOUD_ACCESS_KEY_SECRET`.",
				Validators:          []validator.String{stringvalidator.AlsoRequires(path.MatchRoot("access_key_id"))},
			},
			"security_token": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Security token that was issued with a temporary `access_key_id`. Environment: `ALIBABA_CLOUD_SECURITY_TOKEN`.",
				Validators:          []validator.String{stringvalidator.AlsoRequires(path.MatchRoot("access_key_id"))},
			},
			"profile": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Profile of the Alibaba Cloud CLI's configuration file. Environment: `ALIBABA_CLOUD_PROFILE`.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"config_file": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Path of the CLI's configuration file. Default: `~/.aliyun/config.json`. Environment: `ALIBABA_CLOUD_CONFIG_FILE`.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"assume_role": schema.ListNestedAttribute{
				Optional: true,
				MarkdownDescription: "Roles to assume on top of whatever credentials the other arguments or the environment give, in order: " +
					"each link is assumed with the credentials of the one before it.",
				Validators: []validator.List{listvalidator.SizeAtLeast(1)},
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"role_arn": schema.StringAttribute{
						Required:            true,
						MarkdownDescription: "ARN of the role: `acs:ram::<account id>:role/<name>`.",
						Validators:          []validator.String{schemakit.RoleARN()},
					},
					"role_session_name": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "Name that the session has in audit logs, 2 to 64 characters. Default: `terraform`.",
						Validators:          []validator.String{schemakit.RoleSessionName()},
					},
					"external_id": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "External ID that the role's trust policy demands, 2 to 1224 characters.",
						Validators:          []validator.String{schemakit.ExternalID()},
					},
					"duration_seconds": schema.Int64Attribute{
						Optional:            true,
						MarkdownDescription: "How long each session lasts: 900 to the role's `max_session_duration`. Default: 3600. Sessions are renewed as needed.",
						Validators:          []validator.Int64{int64validator.Between(900, 43200)},
					},
					"policy": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "Policy document that narrows what the session may do, at most 2048 characters.",
						Validators:          []validator.String{schemakit.SessionPolicy()},
					},
				}},
			},
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
			"endpoints": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Endpoints other than the public ones. Plain `http://` is for loopback addresses, unless `insecure_endpoints` is set.",
				Attributes: map[string]schema.Attribute{
					"ram":              endpoint("RAM", "ram.aliyuncs.com"),
					"ims":              endpoint("IMS (Identity Management)", "ims.aliyuncs.com"),
					"sts":              endpoint("STS", "sts.aliyuncs.com"),
					"resource_manager": endpoint("Resource Manager", "resourcemanager.aliyuncs.com"),
				},
			},
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
				Validators:          []validator.String{schemakit.ProxyURL()},
			},
			"allowed_account_ids": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Account IDs that the provider may work in. Checked before the first service call.",
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
			"skip_default_chain": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Use nothing but the arguments above for credentials: no environment variable, no current profile. Default: `false`.",
			},
		},
	}
}

// Resources implements provider.Provider.
func (p *ramProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		accesskey.NewResource,
		attachment.NewRoleResource,
		attachment.NewUserResource,
		policy.NewResource,
		role.NewResource,
		user.NewResource,
	}
}

// DataSources implements provider.Provider.
func (p *ramProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		account.NewCallerIdentityDataSource,
		policy.NewDataSource,
		policy.NewDocumentDataSource,
		role.NewDataSource,
		user.NewDataSource,
	}
}

// EphemeralResources implements provider.ProviderWithEphemeralResources.
func (p *ramProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		session.NewAssumeRole,
		func() ephemeral.EphemeralResource { return session.NewDecryptedSecret(p.host.Machine) },
	}
}
