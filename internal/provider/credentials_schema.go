package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
)

// credentialAttributes are the arguments that say who one is: bases, of which one at
// most may be set (see ValidateConfig), and the roles to assume on top.
func credentialAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"access_key_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "AccessKey ID to sign with. Needs `access_key_secret`. Environment: `ALIBABA_CLOUD_ACCESS_KEY_ID`.",
			Validators:          []validator.String{stringvalidator.AlsoRequires(path.MatchRoot("access_key_secret"))},
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
		"ecs_ram_role": ecsRAMRoleAttribute(),
		"external":     externalAttribute(),
		"credentials_uri": schema.StringAttribute{
			Optional: true, Sensitive: true,
			MarkdownDescription: "Address that answers `GET` with a session, in the shape of the Alibaba Cloud CLI's mode `CredentialsURI`. " +
				"Plain `http://` off this machine works, with a warning. Environment: `ALIBABA_CLOUD_CREDENTIALS_URI`.",
			Validators: []validator.String{schemakit.HTTPURL()},
		},
		"assume_role_with_oidc": oidcAttribute(),
		"cloud_sso":             cloudSSOAttribute(),
		"oauth":                 oauthAttribute(),
		"assume_role":           assumeRoleAttribute(),
		"skip_default_chain": schema.BoolAttribute{
			Optional:            true,
			MarkdownDescription: "Use nothing but the arguments of this block for credentials: no environment variable, no current profile. Default: `false`.",
		},
	}
}

type ecsRAMRoleModel struct {
	RoleName      types.String `tfsdk:"role_name"`
	DisableIMDSv1 types.Bool   `tfsdk:"disable_imdsv1"`
}

func ecsRAMRoleAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "The RAM role of the ECS instance that Terraform runs on. `{}` is enough.",
		Attributes: map[string]schema.Attribute{
			"role_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the role. Default: what the ECS metadata service says. Environment: `ALIBABA_CLOUD_ECS_METADATA`.",
				Validators:          []validator.String{schemakit.RoleName()},
			},
			"disable_imdsv1": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Use the metadata service with a token only (IMDSv2), never without one if that fails. " +
					"Default: `false`. Environment: `ALIBABA_CLOUD_IMDSV1_DISABLED`.",
			},
		},
	}
}

type externalModel struct {
	Command types.Dynamic `tfsdk:"command"`
	Timeout types.String  `tfsdk:"timeout"`
}

func externalAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "A program that prints credentials as JSON, in the shape of the Alibaba Cloud CLI's mode `External`. " +
			"It runs without a shell. The environment variable `ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS` forbids it.",
		Attributes: map[string]schema.Attribute{
			"command": schema.DynamicAttribute{
				Required:            true,
				MarkdownDescription: "Program and arguments: a list, or a string that is split at spaces as the CLI does, quotes and backslashes included.",
				Validators:          []validator.Dynamic{commandShape{}},
			},
			"timeout": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "How long the program may take before it is ended, with its children. Default: `\"1m\"`.",
				Validators:          []validator.String{schemakit.Duration()},
			},
		},
	}
}

type oidcModel struct {
	OIDCProviderARN types.String `tfsdk:"oidc_provider_arn"`
	RoleARN         types.String `tfsdk:"role_arn"`
	Token           types.String `tfsdk:"token"`
	TokenFile       types.String `tfsdk:"token_file"`
	RoleSessionName types.String `tfsdk:"role_session_name"`
	DurationSeconds types.Int64  `tfsdk:"duration_seconds"`
	Policy          types.String `tfsdk:"policy"`
}

func oidcAttribute() schema.Attribute {
	attributes := sessionAttributes()
	attributes["oidc_provider_arn"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "ARN of the OIDC provider: `acs:ram::<account id>:oidc-provider/<name>`. Environment: `ALIBABA_CLOUD_OIDC_PROVIDER_ARN`.",
		Validators:          []validator.String{schemakit.OIDCProviderARN()},
	}
	attributes["role_arn"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "ARN of the role: `acs:ram::<account id>:role/<name>`. Environment: `ALIBABA_CLOUD_ROLE_ARN`.",
		Validators:          []validator.String{schemakit.RoleARN()},
	}
	attributes["token"] = schema.StringAttribute{
		Optional: true, Sensitive: true,
		MarkdownDescription: "OIDC token. Exactly one of `token` and `token_file` is needed. A token given like this cannot be renewed: " +
			"when a session ends after it, the run stops. Environment: `ALIBABA_CLOUD_OIDC_TOKEN`.",
		Validators: []validator.String{stringvalidator.ExactlyOneOf(path.MatchRoot("assume_role_with_oidc").AtName("token_file"))},
	}
	attributes["token_file"] = schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "Path of a file with the OIDC token. It is read anew for every session. Environment: `ALIBABA_CLOUD_OIDC_TOKEN_FILE`.",
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "A role to assume with a token of an identity provider, such as a CI system or a Kubernetes cluster (RRSA of ACK). " +
			"No AccessKey is involved.",
		Attributes: attributes,
	}
}

type cloudSSOModel struct {
	SignInURL             types.String `tfsdk:"sign_in_url"`
	AccountID             types.String `tfsdk:"account_id"`
	AccessConfigurationID types.String `tfsdk:"access_configuration_id"`
	AccessToken           types.String `tfsdk:"access_token"`
}

func cloudSSOAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "A CloudSSO login whose access token something else obtained. " +
			"People rather log in with `aliyun configure --mode CloudSSO` and set `profile`.",
		Attributes: map[string]schema.Attribute{
			"sign_in_url": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "URL of the user portal, such as `https://signin-cn-shanghai.alibabacloudsso.com/start/login`.",
				Validators:          []validator.String{schemakit.HTTPURL()},
			},
			"account_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Account to work in.",
				Validators:          []validator.String{schemakit.AccountIDFormat()},
			},
			"access_configuration_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "ID, not the name, of the access configuration: `ac-…`.",
				Validators:          []validator.String{schemakit.AccessConfigurationID()},
			},
			"access_token": schema.StringAttribute{
				Required: true, Sensitive: true,
				MarkdownDescription: "Access token of the login. It cannot be renewed.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
		},
	}
}

type oauthModel struct {
	Site        types.String `tfsdk:"site"`
	AccessToken types.String `tfsdk:"access_token"`
}

func oauthAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "A login through the application `official-cli` whose access token something else obtained. " +
			"People rather log in with `aliyun configure --mode OAuth` and set `profile`: the provider then renews the login, too.",
		Attributes: map[string]schema.Attribute{
			"site": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "`CN` for aliyun.com, `INTL` for alibabacloud.com.",
				Validators:          []validator.String{stringvalidator.OneOf("CN", "INTL")},
			},
			"access_token": schema.StringAttribute{
				Required: true, Sensitive: true,
				MarkdownDescription: "Access token of the login. It cannot be renewed.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
		},
	}
}

type assumeRoleModel struct {
	RoleARN         types.String `tfsdk:"role_arn"`
	RoleSessionName types.String `tfsdk:"role_session_name"`
	ExternalID      types.String `tfsdk:"external_id"`
	DurationSeconds types.Int64  `tfsdk:"duration_seconds"`
	Policy          types.String `tfsdk:"policy"`
}

func assumeRoleAttribute() schema.Attribute {
	attributes := sessionAttributes()
	attributes["role_arn"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "ARN of the role: `acs:ram::<account id>:role/<name>`.",
		Validators:          []validator.String{schemakit.RoleARN()},
	}
	attributes["external_id"] = schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "External ID that the role's trust policy demands, 2 to 1224 characters.",
		Validators:          []validator.String{schemakit.ExternalID()},
	}
	return schema.ListNestedAttribute{
		Optional: true,
		MarkdownDescription: "Roles to assume on top of whatever credentials the other arguments or the environment give, in order: " +
			"each link is assumed with the credentials of the one before it.",
		Validators:   []validator.List{listvalidator.SizeAtLeast(1)},
		NestedObject: schema.NestedAttributeObject{Attributes: attributes},
	}
}

// sessionAttributes are common to all ways of assuming a role.
func sessionAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"role_session_name": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Name that the session has in audit logs, 2 to 64 characters. Default: `terraform`.",
			Validators:          []validator.String{schemakit.RoleSessionName()},
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
	}
}
