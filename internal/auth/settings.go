package auth

import "strconv"

// A Setting says where the value of a provider argument comes from if the argument is
// not written.
type Setting struct {
	// Argument as in the provider block; "a.b" is attribute b of a.
	Argument string
	// Variables of the environment, the first that is not empty counts. Those of
	// credentials count only if no argument gives credentials, and never complete one
	// that is half written.
	Variables []string
	// Default holds without any of them: a value, or words about where it comes from.
	// Empty if there is none.
	Default string
}

// Settings are all arguments of credentials and hosts, in the order of the documentation.
func Settings() []Setting {
	duration := strconv.Itoa(defaultSessionSeconds)
	endpointVariable := func(service string) []string { return []string{"ALIBABA_CLOUD_ENDPOINT_" + service} }
	return []Setting{
		{"access_key_id", keyVariableNames(func(v keyVariables) string { return v.id }), ""},
		{"access_key_secret", keyVariableNames(func(v keyVariables) string { return v.secret }), ""},
		{"security_token", keyVariableNames(func(v keyVariables) string { return v.token }), ""},
		{"profile", profileVariables, `"current" of the config file`},
		{"config_file", configFileVariables, "~/.aliyun/config.json"},
		{"ecs_ram_role.role_name", metadataRoleVariables, "what the ECS metadata service says"},
		{"ecs_ram_role.disable_imdsv1", []string{metadataV1Disabled}, "false"},
		{"external.command", nil, ""},
		{"external.timeout", nil, defaultExternalTimeout.String()},
		{"credentials_uri", uriVariables, ""},
		{"assume_role_with_oidc.oidc_provider_arn", oidcProviderVariables, ""},
		{"assume_role_with_oidc.role_arn", oidcRoleVariables, ""},
		{"assume_role_with_oidc.token", []string{oidcTokenVariable}, ""},
		{"assume_role_with_oidc.token_file", oidcFileVariables, ""},
		{"assume_role_with_oidc.role_session_name", nil, DefaultSessionName},
		{"assume_role_with_oidc.duration_seconds", nil, duration},
		{"assume_role_with_oidc.policy", nil, ""},
		{"cloud_sso.sign_in_url", nil, ""},
		{"cloud_sso.account_id", nil, ""},
		{"cloud_sso.access_configuration_id", nil, ""},
		{"cloud_sso.access_token", nil, ""},
		{"oauth.site", nil, ""},
		{"oauth.access_token", nil, ""},
		{"assume_role.role_arn", nil, ""},
		{"assume_role.role_session_name", nil, DefaultSessionName},
		{"assume_role.external_id", nil, ""},
		{"assume_role.duration_seconds", nil, duration},
		{"assume_role.policy", nil, ""},
		{"skip_default_chain", nil, "false"},
		{"region", regionVariables, "the profile's region_id"},
		{"sts_region", []string{stsRegionVariable}, "the region"},
		{"endpoints.ram", endpointVariable("RAM"), "https://" + ramHost},
		{"endpoints.ims", endpointVariable("IMS"), "https://" + imsHost},
		{"endpoints.sts", stsEndpointVariables, "https://" + stsHost + ", or the host of the sts_region"},
		{"endpoints.resource_manager", endpointVariable("RESOURCE_MANAGER"), "https://" + resourceManagerHost},
		{"endpoints.ecs_metadata", endpointVariable("ECS_METADATA"), ecsMetadataURL},
		{"endpoints.oauth", endpointVariable("OAUTH"), oauthSites[0].host + " (CN), " + oauthSites[1].host + " (INTL)"},
		{"endpoints.cloud_sso", endpointVariable("CLOUD_SSO"), "the host of the sign-in URL"},
		{"insecure_endpoints", nil, "false"},
	}
}

// keyVariableNames are the names of one part of an AccessKey, each once.
func keyVariableNames(part func(keyVariables) string) []string {
	var names []string
	for _, family := range environmentKeys {
		if name := part(family); len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	return names
}
