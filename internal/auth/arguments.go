package auth

import (
	"fmt"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// Arguments are the provider's own arguments about credentials. Empty means not set.
type Arguments struct {
	AccessKeyID     string
	AccessKeySecret rpc.Secret
	SecurityToken   rpc.Secret
	// Profile and ConfigFile choose a profile of the Alibaba Cloud CLI.
	Profile, ConfigFile string
	ECSRAMRole          *InstanceRoleArguments
	External            *ExternalArguments
	// CredentialsURI may carry a secret in its query.
	CredentialsURI     rpc.Secret
	AssumeRoleWithOIDC *OIDCArguments
	CloudSSO           *CloudSSOArguments
	OAuth              *OAuthArguments
	// AssumeRole are the roles to assume one after the other, on top of any base.
	AssumeRole []RoleArguments
	// SkipDefaultChain allows nothing but these arguments as a source.
	SkipDefaultChain bool
}

// fromArguments uses the one base that the provider arguments describe.
func (r *resolver) fromArguments() (*Source, string, error) {
	a := r.Arguments
	bases := []struct {
		name  string
		isSet bool
		build func() (*Source, error)
	}{
		{"access_key_id", a.AccessKeyID != "" || !a.AccessKeySecret.IsEmpty() || !a.SecurityToken.IsEmpty(), r.fromKeyArguments},
		{"profile", a.Profile != "" || a.ConfigFile != "", r.fromProfileArguments},
		{"ecs_ram_role", a.ECSRAMRole != nil, r.fromInstanceRoleArguments},
		{"external", a.External != nil, r.fromExternalArguments},
		{"credentials_uri", !a.CredentialsURI.IsEmpty(), r.fromCredentialsURIArgument},
		{"assume_role_with_oidc", a.AssumeRoleWithOIDC != nil, r.fromOIDCArguments},
		{"cloud_sso", a.CloudSSO != nil, r.fromCloudSSOArguments},
		{"oauth", a.OAuth != nil, r.fromOAuthArguments},
	}
	var names []string
	var build func() (*Source, error)
	for _, base := range bases {
		if base.isSet {
			names = append(names, base.name)
			build = base.build
		}
	}
	switch len(names) {
	case 0:
		return nil, "none is set", nil
	case 1:
		source, err := build()
		if err != nil {
			return nil, "", fmt.Errorf("provider argument %s: %w", names[0], err)
		}
		return source, names[0] + " is set", nil
	default:
		return nil, "", fmt.Errorf("provider arguments %s each give credentials; set only one of them", strings.Join(names, " and "))
	}
}
