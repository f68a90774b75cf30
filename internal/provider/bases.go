package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
)

// ValidateConfig implements provider.ProviderWithValidateConfig: of the arguments that
// each give credentials one at most may be set. One whose value is not known yet may
// turn out to be null, so it is left to Configure.
func (p *ramProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	set := model.basesSet()
	if len(set) < 2 {
		return
	}
	resp.Diagnostics.AddAttributeError(path.Root(set[len(set)-1]), "Conflicting credentials", fmt.Sprintf(
		"The provider arguments %s each give credentials.\nNext step: leave only one of them. To act as a role on top of it, use assume_role.",
		strings.Join(set, " and ")))
}

// basesSet names the arguments that are known to be set and each give credentials.
func (m providerModel) basesSet() []string {
	var names []string
	add := func(name string, value attr.Value) {
		if !value.IsNull() && !value.IsUnknown() {
			names = append(names, name)
		}
	}
	add("access_key_id", m.AccessKeyID)
	add("profile", m.Profile)
	if m.Profile.IsNull() {
		add("config_file", m.ConfigFile) // with profile it only says where that is
	}
	add("ecs_ram_role", m.ECSRAMRole)
	add("external", m.External)
	add("credentials_uri", m.CredentialsURI)
	add("assume_role_with_oidc", m.AssumeRoleWithOIDC)
	add("cloud_sso", m.CloudSSO)
	add("oauth", m.OAuth)
	return names
}
