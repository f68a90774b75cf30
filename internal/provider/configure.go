package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/tagging"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// Host is what the provider takes from the program and the machine it runs on.
type Host struct {
	// Version of the provider, for the user agent.
	Version string
	Machine auth.Machine
}

// defaultRequestTimeout bounds one attempt of a request.
const defaultRequestTimeout = 30 * time.Second

// Configure implements provider.Provider. It calls nobody: a plan that needs no call
// works without credentials, without a network, and with arguments not known yet.
func (p *ramProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	settings := connection.Settings{Clock: p.host.Machine.Clock, Unknown: unknownArguments(model)}
	if len(settings.Unknown) == 0 {
		settings = p.settings(ctx, model, req.TerraformVersion, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	conn := connection.New(settings)
	resp.ResourceData, resp.DataSourceData, resp.EphemeralResourceData = conn, conn, conn
}

// settings turns arguments that are all known into what the resources work with.
func (p *ramProvider) settings(ctx context.Context, model providerModel, terraformVersion string, diags *diag.Diagnostics) connection.Settings {
	settings := connection.Settings{
		Clock:            p.host.Machine.Clock,
		PlaintextSecrets: connection.PlaintextWarn,
		Tags:             model.tags(ctx, diags),
	}
	diags.Append(model.AllowedAccountIDs.ElementsAs(ctx, &settings.AllowedAccountIDs, false)...)
	diags.Append(model.ForbiddenAccountIDs.ElementsAs(ctx, &settings.ForbiddenAccountIDs, false)...)
	slices.Sort(settings.AllowedAccountIDs)
	if choice := model.PlaintextSecrets.ValueString(); choice != "" {
		settings.PlaintextSecrets = connection.PlaintextSecrets(choice)
	}

	transport := model.transport(p.host.Machine, diags)
	endpointConfig, arguments := model.endpoints(ctx, diags), model.credentials(ctx, diags)
	if diags.HasError() {
		return settings
	}
	wire := ramclient.Config{
		HTTPClient:           &http.Client{Transport: transport},
		Clock:                p.host.Machine.Clock,
		Trace:                tracer,
		MaxRetries:           model.maxRetries(),
		RequestTimeout:       model.requestTimeout(),
		MaxRequestsPerSecond: float64(model.MaxRequestsPerSecond.ValueInt64()),
		UserAgent:            fmt.Sprintf("terraform-provider-ram/%s (terraform %s)", p.host.Version, terraformVersion),
	}

	machine := p.host.Machine
	machine.HTTP = transport
	source, err := auth.Resolve(auth.Config{
		Arguments: arguments, Endpoints: endpointConfig, Machine: machine,
		AssumeRole: assumeRoleOver(wire),
	})
	if errors.Is(err, auth.ErrNoCredentials) {
		settings.NoCredentials = credentialAdvice(err)
		return settings
	}
	if err != nil {
		diags.AddError("Cannot find credentials", credentialAdvice(err))
		return settings
	}
	tflog.Info(ctx, source.Summary())
	addWarnings(diags, source.Warnings)

	endpointConfig.Hints = source.Hints
	endpointConfig.Lookup = machine.Lookup
	endpoints, warnings, err := auth.ResolveEndpoints(endpointConfig)
	if err != nil {
		diags.AddAttributeError(path.Root("endpoints"), "Invalid endpoint", err.Error())
		return settings
	}
	addWarnings(diags, warnings)
	guardRole(source.RoleARN, settings, diags)

	wire.Credentials = source
	wire.Endpoints = ramclient.Endpoints{
		RAM: endpoints.RAM, IMS: endpoints.IMS, STS: endpoints.STS, ResourceManager: endpoints.ResourceManager,
	}
	settings.Client = ramclient.New(wire)
	settings.CredentialSource = source.Description
	settings.FromCurrentProfile = source.UsesCurrentProfile
	return settings
}

// assumeRoleOver lets the credential modes assume roles with the typed client.
func assumeRoleOver(wire ramclient.Config) auth.AssumeRoler {
	return func(ctx context.Context, base rpc.CredentialsProvider, endpoint string, in auth.AssumeRoleInput) (rpc.Credentials, error) {
		wire.Credentials, wire.Endpoints = base, ramclient.Endpoints{STS: endpoint}
		session, err := ramclient.New(wire).AssumeRole(ctx, ramclient.AssumeRoleInput{
			RoleARN: in.RoleARN, RoleSessionName: in.SessionName, ExternalID: in.ExternalID,
			Policy: in.Policy, DurationSeconds: int(in.Duration / time.Second),
		})
		if err != nil {
			return rpc.Credentials{}, err
		}
		return rpc.Credentials{
			AccessKeyID:     session.Credentials.AccessKeyID,
			AccessKeySecret: session.Credentials.AccessKeySecret,
			SecurityToken:   session.Credentials.SecurityToken,
			Expiration:      session.Credentials.Expiration.Time,
		}, nil
	}
}

// guardRole compares the account of the role that the provider will act as with the
// account guards: a mistake found without a call. Without a role arn is empty.
func guardRole(arn string, settings connection.Settings, diags *diag.Diagnostics) {
	if arn == "" {
		return
	}
	account := strings.Split(arn, ":")[3]
	if settings.Permits(account) {
		return
	}
	diags.AddError("Wrong Alibaba Cloud account", fmt.Sprintf(
		"The role to assume, %s, belongs to account %s, which allowed_account_ids or forbidden_account_ids rules out. Nothing was called.\n"+
			"Next step: assume a role of the right account, or correct the guard in the provider block.", arn, account))
}

func credentialAdvice(err error) string {
	text := strings.TrimSuffix(err.Error(), ".") + "."
	if errors.Is(err, auth.ErrNoCredentials) {
		text += "\nNext step: set access_key_id and access_key_secret, or profile, in the provider block, or the environment variables ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET."
	}
	return text
}

func addWarnings(diags *diag.Diagnostics, warnings []auth.Warning) {
	for _, warning := range warnings {
		diags.AddWarning(warning.Summary, warning.Detail)
	}
}

// tracer sends the client's traces to Terraform's log. Its fields hold no secrets.
func tracer(ctx context.Context, message string, fields map[string]any) {
	tflog.Debug(ctx, message, fields)
}

// unknownArguments names the arguments without which nobody can be called and whose
// values are known only after apply. default_tags only makes tags_all unknown.
func unknownArguments(model providerModel) []string {
	var names []string
	for _, argument := range []struct {
		name  string
		value attr.Value
	}{
		{"access_key_id", model.AccessKeyID},
		{"access_key_secret", model.AccessKeySecret},
		{"security_token", model.SecurityToken},
		{"profile", model.Profile},
		{"config_file", model.ConfigFile},
		{"assume_role", model.AssumeRole},
		{"region", model.Region},
		{"sts_region", model.STSRegion},
		{"endpoints", model.Endpoints},
		{"insecure_endpoints", model.InsecureEndpoints},
		{"custom_ca_bundle", model.CustomCABundle},
		{"http_proxy", model.HTTPProxy},
		{"allowed_account_ids", model.AllowedAccountIDs},
		{"forbidden_account_ids", model.ForbiddenAccountIDs},
		{"ignore_tags", model.IgnoreTags},
		{"max_retries", model.MaxRetries},
		{"request_timeout", model.RequestTimeout},
		{"max_requests_per_second", model.MaxRequestsPerSecond},
		{"plaintext_secrets", model.PlaintextSecrets},
		{"skip_default_chain", model.SkipDefaultChain},
	} {
		if !wholly(argument.value) {
			names = append(names, argument.name)
		}
	}
	return names
}

// wholly says whether a value and everything in it is known.
func wholly(value attr.Value) bool {
	if value.IsUnknown() {
		return false
	}
	var inside []attr.Value
	switch value := value.(type) {
	case basetypes.ObjectValue:
		for _, one := range value.Attributes() {
			inside = append(inside, one)
		}
	case basetypes.MapValue:
		for _, one := range value.Elements() {
			inside = append(inside, one)
		}
	case basetypes.ListValue:
		inside = value.Elements()
	case basetypes.SetValue:
		inside = value.Elements()
	}
	for _, one := range inside {
		if !wholly(one) {
			return false
		}
	}
	return true
}

func (m providerModel) credentials(ctx context.Context, diags *diag.Diagnostics) auth.Arguments {
	arguments := auth.Arguments{
		AccessKeyID:      m.AccessKeyID.ValueString(),
		AccessKeySecret:  rpc.NewSecret(m.AccessKeySecret.ValueString()),
		SecurityToken:    rpc.NewSecret(m.SecurityToken.ValueString()),
		Profile:          m.Profile.ValueString(),
		ConfigFile:       m.ConfigFile.ValueString(),
		SkipDefaultChain: m.SkipDefaultChain.ValueBool(),
	}
	var roles []assumeRoleModel
	diags.Append(m.AssumeRole.ElementsAs(ctx, &roles, false)...)
	for _, role := range roles {
		arguments.AssumeRole = append(arguments.AssumeRole, auth.RoleArguments{
			RoleARN: role.RoleARN.ValueString(), SessionName: role.RoleSessionName.ValueString(),
			ExternalID: role.ExternalID.ValueString(), Policy: role.Policy.ValueString(),
			DurationSeconds: role.DurationSeconds.ValueInt64(),
		})
	}
	return arguments
}

func (m providerModel) endpoints(ctx context.Context, diags *diag.Diagnostics) auth.EndpointConfig {
	var hosts endpointsModel
	if !m.Endpoints.IsNull() {
		diags.Append(m.Endpoints.As(ctx, &hosts, basetypes.ObjectAsOptions{})...)
	}
	return auth.EndpointConfig{
		RAM: hosts.RAM.ValueString(), IMS: hosts.IMS.ValueString(),
		STS: hosts.STS.ValueString(), ResourceManager: hosts.ResourceManager.ValueString(),
		Region: m.Region.ValueString(), STSRegion: m.STSRegion.ValueString(),
		Insecure: m.InsecureEndpoints.ValueBool(),
	}
}

func (m providerModel) tags(ctx context.Context, diags *diag.Diagnostics) tagging.Settings {
	settings := tagging.Settings{DefaultUnknown: !wholly(m.DefaultTags)}
	if !m.DefaultTags.IsNull() && !settings.DefaultUnknown {
		var defaults defaultTagsModel
		diags.Append(m.DefaultTags.As(ctx, &defaults, basetypes.ObjectAsOptions{})...)
		diags.Append(defaults.Tags.ElementsAs(ctx, &settings.Default, false)...)
	}
	if !m.IgnoreTags.IsNull() {
		var ignored ignoreTagsModel
		diags.Append(m.IgnoreTags.As(ctx, &ignored, basetypes.ObjectAsOptions{})...)
		diags.Append(ignored.Keys.ElementsAs(ctx, &settings.IgnoreKeys, false)...)
		diags.Append(ignored.KeyPrefixes.ElementsAs(ctx, &settings.IgnorePrefixes, false)...)
	}
	return settings
}

// maxRetries translates "0 retries" into the client's word for never, since its zero
// value is the default.
func (m providerModel) maxRetries() int {
	if m.MaxRetries.IsNull() {
		return 0
	}
	if m.MaxRetries.ValueInt64() == 0 {
		return -1
	}
	return int(m.MaxRetries.ValueInt64())
}

func (m providerModel) requestTimeout() time.Duration {
	if timeout, err := time.ParseDuration(m.RequestTimeout.ValueString()); err == nil {
		return timeout
	}
	return defaultRequestTimeout
}
