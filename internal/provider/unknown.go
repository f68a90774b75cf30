package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

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
		{"ecs_ram_role", model.ECSRAMRole},
		{"external", model.External},
		{"credentials_uri", model.CredentialsURI},
		{"assume_role_with_oidc", model.AssumeRoleWithOIDC},
		{"cloud_sso", model.CloudSSO},
		{"oauth", model.OAuth},
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
		{"allow_self_change", model.AllowSelfChange},
		{"high_risk_policies", model.HighRiskPolicies},
		{"high_risk_exceptions", model.HighRiskExceptions},
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
	case basetypes.TupleValue:
		inside = value.Elements()
	case basetypes.DynamicValue:
		if value.UnderlyingValue() != nil {
			inside = []attr.Value{value.UnderlyingValue()}
		}
	}
	for _, one := range inside {
		if !wholly(one) {
			return false
		}
	}
	return true
}
