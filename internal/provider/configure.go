package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/highrisk"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/tagging"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
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
	resp.ListResourceData, resp.ActionData = conn, conn
}

// settings turns arguments that are all known into what the resources work with.
func (p *ramProvider) settings(ctx context.Context, model providerModel, terraformVersion string, diags *diag.Diagnostics) connection.Settings {
	settings := connection.Settings{
		Clock:            p.host.Machine.Clock,
		PlaintextSecrets: connection.PlaintextWarn,
		Warnings:         &connection.Warnings{},
		HighRisk:         model.highRisk(ctx, diags),
		Tags:             model.tags(ctx, diags),
	}
	diags.Append(model.AllowedAccountIDs.ElementsAs(ctx, &settings.AllowedAccountIDs, false)...)
	diags.Append(model.ForbiddenAccountIDs.ElementsAs(ctx, &settings.ForbiddenAccountIDs, false)...)
	slices.Sort(settings.AllowedAccountIDs)
	settings.AllowSelfChange = model.AllowSelfChange.ValueBool()
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
		AssumeRole: assumeRoleOver(wire), AssumeRoleWithOIDC: assumeRoleWithOIDCOver(wire), Warn: warnLater(settings.Warnings),
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
	if !source.KeepsAccount() {
		settings.Watch = connection.NewWatch(source, clientOver(wire))
		wire.Credentials = settings.Watch
	}
	settings.Client = ramclient.New(wire)
	settings.OnlyThisMachine = endpoints.OnlyThisMachine
	settings.CredentialSource = source.Description
	settings.Signers = signers(source, wire)
	settings.FromCurrentProfile = source.UsesCurrentProfile
	settings.LoginAppID = source.LoginAppID()
	return settings
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

func addWarnings(diags *diag.Diagnostics, warnings []auth.Warning) {
	for _, warning := range warnings {
		diags.AddWarning(warning.Summary, warning.Detail)
	}
}

// warnLater is for what goes wrong at a renewal: it is logged at once, and goes with the
// next answer to Terraform.
func warnLater(later *connection.Warnings) func(context.Context, auth.Warning) {
	return func(ctx context.Context, warning auth.Warning) {
		tflog.Warn(ctx, warning.Summary, map[string]any{"detail": warning.Detail})
		later.Add(warning.Summary, warning.Detail)
	}
}

// tracer sends the client's traces to Terraform's log. Its fields hold no secrets.
func tracer(ctx context.Context, message string, fields map[string]any) {
	tflog.Debug(ctx, message, fields)
}

func (m providerModel) endpoints(ctx context.Context, diags *diag.Diagnostics) auth.EndpointConfig {
	var hosts endpointsModel
	if !m.Endpoints.IsNull() {
		diags.Append(m.Endpoints.As(ctx, &hosts, basetypes.ObjectAsOptions{})...)
	}
	return auth.EndpointConfig{
		RAM: hosts.RAM.ValueString(), IMS: hosts.IMS.ValueString(),
		STS: hosts.STS.ValueString(), ResourceManager: hosts.ResourceManager.ValueString(),
		ECSMetadata: hosts.ECSMetadata.ValueString(), OAuth: hosts.OAuth.ValueString(), CloudSSO: hosts.CloudSSO.ValueString(),
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

func (m providerModel) highRisk(ctx context.Context, diags *diag.Diagnostics) highrisk.Rules {
	rules := highrisk.Rules{Level: highrisk.Warn}
	if choice := m.HighRiskPolicies.ValueString(); choice != "" {
		rules.Level = highrisk.Level(choice)
	}
	diags.Append(m.HighRiskExceptions.ElementsAs(ctx, &rules.Exceptions, false)...)
	return rules
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
