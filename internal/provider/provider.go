// Package provider is the Terraform surface: the provider's own schema, how its
// configuration becomes a client, and the list of everything it offers. Each domain
// (users, AccessKeys, roles, …) has a package of its own below.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/accesskey"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/account"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/application"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/arn"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/attachment"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/federation"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/group"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/login"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/networkpolicy"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/policy"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/role"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/session"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/user"
)

var (
	_ provider.ProviderWithActions            = (*ramProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*ramProvider)(nil)
	_ provider.ProviderWithFunctions          = (*ramProvider)(nil)
	_ provider.ProviderWithListResources      = (*ramProvider)(nil)
	_ provider.ProviderWithValidateConfig     = (*ramProvider)(nil)
)

// New makes the provider for the machine it runs on.
func New(host Host) provider.Provider { return &ramProvider{host: host} }

type ramProvider struct{ host Host }

// Metadata implements provider.Provider.
func (p *ramProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "ram"
	resp.Version = p.host.Version
}

// Resources implements provider.Provider.
func (p *ramProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		accesskey.NewResource,
		accesskey.NewRotatingResource,
		account.NewAliasResource,
		account.NewSecurityPreferenceResource,
		application.NewAssignmentResource,
		application.NewExternalResource,
		attachment.NewGroupExclusiveResource,
		attachment.NewGroupResource,
		attachment.NewRoleExclusiveResource,
		attachment.NewRoleResource,
		attachment.NewUserExclusiveResource,
		attachment.NewUserResource,
		federation.NewOIDCProviderResource,
		group.NewMembershipResource,
		group.NewResource,
		group.NewUserMembershipResource,
		login.NewResource,
		networkpolicy.NewResource,
		policy.NewResource,
		role.NewResource,
		user.NewResource,
	}
}

// DataSources implements provider.Provider.
func (p *ramProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		accesskey.NewKeysDataSource,
		account.NewCallerIdentityDataSource,
		application.NewAssignmentsDataSource,
		application.NewExternalDataSource,
		application.NewExternalsDataSource,
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

// Functions implements provider.ProviderWithFunctions.
func (p *ramProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		arn.NewBuildFunction,
		arn.NewParseFunction,
		policy.NewAllowsFunction,
		policy.NewTrustPolicyFunction,
	}
}

// ListResources implements provider.ProviderWithListResources.
func (p *ramProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		accesskey.NewList,
		application.NewAssignmentList,
		application.NewExternalList,
		group.NewList,
		policy.NewList,
		role.NewList,
		user.NewList,
	}
}

// Actions implements provider.ProviderWithActions.
func (p *ramProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		accesskey.NewDisableAction,
		accesskey.NewPurgeAction,
		accesskey.NewRestoreAction,
	}
}
