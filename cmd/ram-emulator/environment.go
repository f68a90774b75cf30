package main

import (
	"slices"
	"strings"
)

// setting is one environment variable for a client of the emulator.
type setting struct{ name, value string }

// settings point a client at the emulator, at the profiles of its accounts, and away
// from everything else. Metadata of an ECS instance count as such unless it has a role.
func settings(url, configFile, profile, ecsRole string) []setting {
	all := []setting{
		{"ALIBABA_CLOUD_ENDPOINT_RAM", url},
		{"ALIBABA_CLOUD_ENDPOINT_IMS", url},
		{"ALIBABA_CLOUD_ENDPOINT_STS", url},
		{"ALIBABA_CLOUD_ENDPOINT_RESOURCE_MANAGER", url},
		{"ALIBABA_CLOUD_ENDPOINT_OAUTH", url},
		{"ALIBABA_CLOUD_ENDPOINT_CLOUD_SSO", url},
		{"ALIBABA_CLOUD_ENDPOINT_ECS_METADATA", url},
		{"ALIBABA_CLOUD_CONFIG_FILE", configFile},
		{"ALIBABA_CLOUD_PROFILE", profile},
		{"RAM_PROVIDER_EMULATOR_ONLY", "1"},
	}
	if ecsRole == "" {
		all = append(all, setting{"ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"})
	}
	return all
}

// vendorPrefixes begin the variables that could lead to a real account.
var vendorPrefixes = []string{"ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_"}

// isolated replaces every vendor variable but the region by the settings, and tells
// which it took away.
func isolated(environ []string, set []setting) (environment, cleared []string) {
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		switch {
		case vendorVariable(name):
			cleared = append(cleared, name)
		case !slices.ContainsFunc(set, func(s setting) bool { return s.name == name }):
			environment = append(environment, entry)
		}
	}
	for _, s := range set {
		environment = append(environment, s.name+"="+s.value)
	}
	slices.Sort(cleared)
	return environment, cleared
}

func vendorVariable(name string) bool {
	name = strings.ToUpper(name) // Windows does not care about case
	for _, prefix := range vendorPrefixes {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return rest != "REGION" && rest != "REGION_ID"
		}
	}
	return false
}
