package auth

import (
	"fmt"
	"strings"
)

// environment reads variables; an empty one counts as unset.
type environment struct {
	lookup func(name string) (string, bool)
}

func (e environment) get(name string) string {
	value, _ := e.lookup(name)
	return value
}

// first returns the first variable that has a value.
func (e environment) first(names ...string) (value, name string) {
	for _, name := range names {
		if value := e.get(name); value != "" {
			return value, name
		}
	}
	return "", ""
}

// isOn reads a switch: 1 or true in any case.
func (e environment) isOn(name string) bool {
	value := e.get(name)
	return value == "1" || strings.EqualFold(value, "true")
}

// keyVariables are variables that name one identity together. An id of one set is
// never paired with a secret of another: that would join the keys of two identities.
type keyVariables struct{ id, secret, token string }

// environmentKeys in order of preference; the last two are the spellings of older tools.
var environmentKeys = []keyVariables{
	{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"},
	{"ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_SECURITY_TOKEN"},
	{"ALICLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECURITY_TOKEN"},
	{"ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"},
}

var (
	profileVariables    = []string{"ALIBABA_CLOUD_PROFILE", "ALIBABACLOUD_PROFILE", "ALICLOUD_PROFILE"}
	configFileVariables = []string{"ALIBABA_CLOUD_CONFIG_FILE", "ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"}
	regionVariables     = []string{
		"ALIBABA_CLOUD_REGION_ID", "ALIBABA_CLOUD_REGION",
		"ALIBABACLOUD_REGION_ID", "ALICLOUD_REGION_ID", "ALICLOUD_REGION",
	}
)

// fromEnvironmentKeys uses an AccessKey, with or without a session token, of the
// environment. An id or secret without its other half is an error that names it.
func (r *resolver) fromEnvironmentKeys() (*Source, string, error) {
	for _, names := range environmentKeys {
		id, secret := r.env.get(names.id), r.env.get(names.secret)
		if id == "" && secret == "" {
			continue
		}
		if err := missing(setting{names.id, id}, setting{names.secret, secret}); err != nil {
			return nil, "", fmt.Errorf("environment AccessKey: %w (the variables of one name family are never completed from another)", err)
		}
		source := staticSource("environment variable "+names.id, id, secret, r.env.get(names.token))
		source.Warnings = deprecatedVariable(names.id, environmentKeys[0].id)
		return source, names.id + " is set", nil
	}
	if _, token := r.env.first(environmentKeys[0].token, environmentKeys[1].token, environmentKeys[2].token); token != "" {
		return nil, token + " is set, but no AccessKey id and secret", nil
	}
	return nil, "no variable such as " + environmentKeys[0].id + " is set", nil
}

// deprecatedVariable warns of a name that Alibaba Cloud's own provider calls deprecated
// (alicloud provider 1.228.0: everything but ALIBABA_CLOUD_…).
func deprecatedVariable(used, preferred string) []Warning {
	if strings.HasPrefix(used, "ALIBABA_CLOUD_") {
		return nil
	}
	return []Warning{{
		Summary: "Deprecated environment variable " + used,
		Detail:  "It still works. Its present name is " + preferred + ".",
	}}
}
