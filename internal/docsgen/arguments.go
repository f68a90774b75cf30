package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
)

// otherSettings are the provider's arguments that are about neither credentials nor
// hosts, of which package auth knows.
var otherSettings = []auth.Setting{
	{Argument: "custom_ca_bundle", Default: "the system's authorities"},
	{Argument: "http_proxy", Variables: []string{"HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"}, Default: "no proxy"},
	{Argument: "allowed_account_ids", Default: "any account"},
	{Argument: "forbidden_account_ids", Default: "no account"},
	{Argument: "default_tags.tags", Default: "none"},
	{Argument: "ignore_tags.keys", Default: "none"},
	{Argument: "ignore_tags.key_prefixes", Default: "none"},
	{Argument: "max_retries", Default: "8"},
	{Argument: "request_timeout", Default: "30s"},
	{Argument: "max_requests_per_second", Default: "the documented rate of each operation"},
	{Argument: "plaintext_secrets", Default: "warn"},
	{Argument: "high_risk_policies", Default: "warn"},
	{Argument: "high_risk_exceptions", Default: "none"},
	{Argument: "allow_self_change", Default: "false"},
}

// argumentSection is the table of every argument in the provider's schema, each with its
// variables and its default. An argument that nobody describes is an error.
func argumentSection(ctx context.Context) (string, error) {
	described, err := describe(ctx)
	if err != nil {
		return "", err
	}
	arguments := leaves("", described.Provider.Block.Attributes)
	var errs []error
	var out strings.Builder
	out.WriteString("| Argument | Environment | Default |\n| --- | --- | --- |\n")
	for _, setting := range slices.Concat(auth.Settings(), otherSettings) {
		if _, ok := arguments[setting.Argument]; !ok {
			continue // a setting of a profile only
		}
		delete(arguments, setting.Argument)
		variables := ""
		if len(setting.Variables) > 0 {
			variables = inCode(setting.Variables)
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s |\n", setting.Argument, variables, cell(setting.Default))
	}
	for name := range arguments {
		errs = append(errs, fmt.Errorf("neither auth.Settings nor otherSettings describes the provider argument %s", name))
	}
	return out.String(), errors.Join(errs...)
}

// leaves are the attributes that hold values, by their paths.
func leaves(prefix string, attributes map[string]attribute) map[string]attribute {
	found := map[string]attribute{}
	for name, a := range attributes {
		if a.NestedType == nil {
			found[prefix+name] = a
			continue
		}
		maps.Copy(found, leaves(prefix+name+".", a.NestedType.Attributes))
	}
	return found
}
