package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// providerBlocks says, for every provider block of examples/provider, which account it
// should end up in (0 or 1) and by which source of credentials.
var providerBlocks = map[string]struct {
	account int
	source  string
}{
	"provider.tf":                         {0, "environment variable ALIBABA_CLOUD_ACCESS_KEY_ID"},
	"provider-environment.tf":             {0, "environment variable ALIBABA_CLOUD_ACCESS_KEY_ID"},
	"provider-access-key.tf":              {0, "provider argument access_key_id"},
	"provider-profile.tf":                 {1, `profile "production" (mode AK)`},
	"provider-assume-role.tf":             {1, "acs:ram::1000000000000002:role/ram-admin assumed by acs:ram::1000000000000001:role/deployer assumed by environment variable"},
	"provider-two-accounts.tf":            {0, `profile "staging" (mode AK)`},
	"provider-two-accounts.tf production": {1, `profile "production" (mode AK)`},
}

// TestAccExamples_provider reads the caller's identity with every provider block, on a
// machine that has an AccessKey in its environment and a configuration file.
func TestAccExamples_provider(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, file := range globbed(t, "provider/*.tf") {
		for _, block := range providerBlock.FindAllString(readFile(t, file), -1) {
			name, address := filepath.Base(file), "ram"
			if found := alias.FindStringSubmatch(block); found != nil {
				name, address = name+" "+found[1], "ram."+found[1]
			}
			want, ok := providerBlocks[name]
			if !ok {
				t.Errorf("providerBlocks does not say what %s should do", name)
			}
			seen[name] = true
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				text := readFile(t, file)
				env := acctest.New(t)
				makeRoles(t, env, text)
				furnish(t, env)
				resource.Test(t, resource.TestCase{
					ProtoV6ProviderFactories: env.Factories(),
					Steps: []resource.TestStep{{
						Config: served(text) + "\ndata \"ram_caller_identity\" \"me\" {\n  provider = " + address + "\n}\n",
						ConfigVariables: config.Variables{
							"access_key_id":     config.StringVariable(env.Admin.ID),
							"access_key_secret": config.StringVariable(env.Admin.Secret),
						},
						ConfigStateChecks: []statecheck.StateCheck{
							statecheck.ExpectKnownValue("data.ram_caller_identity.me", tfjsonpath.New("account_id"), knownvalue.StringExact(env.Emulator.Accounts()[want.account].ID)),
							statecheck.ExpectKnownValue("data.ram_caller_identity.me", tfjsonpath.New("credential_source"), knownvalue.StringRegexp(regexp.MustCompile(regexp.QuoteMeta(want.source)))),
						},
					}},
				})
			})
		}
	}
	for name := range providerBlocks {
		if !seen[name] {
			t.Errorf("no example has the provider block %s", name)
		}
	}
}

var (
	providerBlock = regexp.MustCompile(`(?ms)^provider "ram" \{.*?\}$`)
	alias         = regexp.MustCompile(`(?m)^  alias += "(\w+)"`)
	roleARN       = regexp.MustCompile(`acs:ram::([0-9]{16}):role/([A-Za-z0-9.-]+)`)
)

// furnish gives the machine an AccessKey in the environment and the profiles "staging"
// and "production", one for each account of the emulator.
func furnish(t *testing.T, env *acctest.Env) {
	t.Helper()
	accounts := env.Emulator.Accounts()
	type profile struct {
		Name            string `json:"name"`
		Mode            string `json:"mode"`
		AccessKeyID     string `json:"access_key_id"`
		AccessKeySecret string `json:"access_key_secret"`
	}
	text, err := json.Marshal(map[string]any{"current": "staging", "profiles": []profile{
		{"staging", "AK", env.Admin.ID, env.Admin.Secret},
		{"production", "AK", accounts[1].RootKey.ID, accounts[1].RootKey.Secret},
	}})
	must(t, err)
	file := filepath.Join(t.TempDir(), "config.json")
	must(t, os.WriteFile(file, text, 0o600))

	variables := map[string]string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID":             env.Admin.ID,
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET":         env.Admin.Secret,
		"ALIBABA_CLOUD_CONFIG_FILE":               file,
		"ALIBABA_CLOUD_ENDPOINT_RAM":              env.URL,
		"ALIBABA_CLOUD_ENDPOINT_IMS":              env.URL,
		"ALIBABA_CLOUD_ENDPOINT_STS":              env.URL,
		"ALIBABA_CLOUD_ENDPOINT_RESOURCE_MANAGER": env.URL,
	}
	env.Machine.Lookup = func(name string) (string, bool) {
		value, ok := variables[name]
		return value, ok
	}
}

// makeRoles makes the roles whose ARNs are in the text, with every permission and open
// to both accounts of the emulator.
func makeRoles(t *testing.T, env *acctest.Env, text string) {
	t.Helper()
	accounts := env.Emulator.Accounts()
	trust := fmt.Sprintf(`{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::%s:root","acs:ram::%s:root"]}}]}`, accounts[0].ID, accounts[1].ID)
	for _, role := range roleARN.FindAllStringSubmatch(text, -1) {
		for _, account := range accounts {
			if account.ID != role[1] {
				continue
			}
			client := env.ClientFor(acctest.Key{ID: account.RootKey.ID, Secret: account.RootKey.Secret})
			_, err := client.CreateRole(t.Context(), ramclient.CreateRoleInput{RoleName: role[2], AssumeRolePolicyDocument: trust})
			must(t, err)
			must(t, client.AttachPolicyToRole(t.Context(), ramclient.RolePolicy{RoleName: role[2], PolicyName: "AdministratorAccess", PolicyType: ramclient.PolicySystem}))
		}
	}
}
