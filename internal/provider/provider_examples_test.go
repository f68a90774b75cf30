package provider_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
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
	"provider-sts-token.tf":               {0, "provider argument access_key_id"},
	"provider-ram-role-arn.tf":            {0, `profile "deployer" (mode RamRoleArn)`},
	"provider-chain.tf":                   {1, `profile "landing-zone" (mode ChainableRamRoleArn)`},
	"provider-ecs-ram-role.tf":            {0, "RAM role terraform-runner of this ECS instance"},
	"provider-external.tf":                {0, "program acs-sso"},
	"provider-credentials-uri.tf":         {0, "credentials URI at http://127.0.0.1"},
	"provider-assume-role-with-oidc.tf":   {0, "acs:ram::1000000000000001:role/terraform-in-pod assumed with OIDC by acs:ram::1000000000000001:oidc-provider/ack-rrsa"},
	"provider-cloud-sso.tf":               {0, `profile "sso" (mode CloudSSO)`},
	"provider-oauth.tf":                   {0, `profile "browser" (mode OAuth)`},
	"provider-two-accounts.tf":            {0, `profile "staging" (mode AK)`},
	"provider-two-accounts.tf production": {1, `profile "production" (mode AK)`},
}

// TestAccExamples_provider applies a user and reads the caller's identity with every
// provider block, on a machine that has every mode ready.
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
				session := furnish(t, env)
				resource.Test(t, resource.TestCase{
					ProtoV6ProviderFactories: env.Factories(),
					Steps: []resource.TestStep{{
						Config: served(text) + "\ndata \"ram_caller_identity\" \"me\" {\n  provider = " + address + "\n}\n" +
							"\nresource \"ram_user\" \"made\" {\n  provider = " + address + "\n  name     = \"made\"\n}\n",
						ConfigVariables: config.Variables{
							"access_key_id":         config.StringVariable(env.Admin.ID),
							"access_key_secret":     config.StringVariable(env.Admin.Secret),
							"sts_access_key_id":     config.StringVariable(session.id),
							"sts_access_key_secret": config.StringVariable(session.secret),
							"sts_security_token":    config.StringVariable(session.token),
							"credentials_uri":       config.StringVariable(env.URL + "/credentials/terraform"),
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
	providerARN   = regexp.MustCompile(`acs:ram::1000000000000001:oidc-provider/([A-Za-z0-9.-]+)`)
	roleARN       = regexp.MustCompile(`acs:ram::([0-9]{16}):role/([A-Za-z0-9.-]+)`)
)

// furnish makes every mode ready that the examples use: an AccessKey in the environment,
// profiles, an instance with a role, a program, a credentials URI and the token of a pod.
// It returns a session.
func furnish(t *testing.T, env *acctest.Env) session {
	t.Helper()
	accounts := env.Emulator.Accounts()
	held := assume(t, env)
	makeTrusting(t, env, "terraform-runner", `"Service":"ecs.aliyuncs.com"`)
	acctest.Must(t, env.Emulator.SetInstance(emulator.Instance{RoleName: "terraform-runner", Metadata: emulator.MetadataTokenOnly}))
	acctest.Must(t, env.Emulator.SetCredentialsURI("terraform", "acs:ram::"+env.AccountID+":role/operator"))
	sso, err := env.Emulator.LogInToCloudSSO("alice@example.com", emulator.CloudSSOAccess{
		AccountID: env.AccountID, AccessConfigurationID: "ac-admin", RoleName: "operator",
	})
	acctest.Must(t, err)
	browser := logInAlice(t, env)
	pod, err := env.Emulator.IssueToken(map[string]any{"aud": "sts.aliyuncs.com"})
	acctest.Must(t, err)
	file := writeProfiles(t, env,
		attributes{"name": "production", "mode": "AK", "access_key_id": accounts[1].RootKey.ID, "access_key_secret": accounts[1].RootKey.Secret},
		attributes{
			"name": "deployer", "mode": "RamRoleArn", "access_key_id": env.Admin.ID, "access_key_secret": env.Admin.Secret,
			"ram_role_arn": "acs:ram::1000000000000001:role/deployer", "ram_session_name": "terraform",
		},
		attributes{
			"name": "landing-zone", "mode": "ChainableRamRoleArn", "source_profile": "staging",
			"ram_role_arn": "acs:ram::1000000000000002:role/landing-zone", "ram_session_name": "terraform", "external_id": "ticket-1",
		},
		attributes{
			"name": "sso", "mode": "CloudSSO", "cloud_sso_sign_in_url": "https://signin-cn-shanghai.alibabacloudsso.com/start/login",
			"cloud_sso_account_id": env.AccountID, "cloud_sso_access_config": "ac-admin",
			"access_token": sso.AccessToken, "cloud_sso_access_token_expire": sso.Expiry.Unix(),
		},
		attributes{
			"name": "browser", "mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": browser.AccessToken,
			"oauth_refresh_token": browser.RefreshToken, "oauth_access_token_expire": browser.AccessTokenExpiry.Unix(),
		},
		attributes{"name": "staging", "mode": "AK", "access_key_id": env.Admin.ID, "access_key_secret": env.Admin.Secret},
	)
	variables := map[string]string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID":     env.Admin.ID,
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET": env.Admin.Secret,
		"ALIBABA_CLOUD_CONFIG_FILE":       file,
	}
	for _, service := range []string{"RAM", "IMS", "STS", "RESOURCE_MANAGER", "ECS_METADATA", "CLOUD_SSO", "OAUTH"} {
		variables["ALIBABA_CLOUD_ENDPOINT_"+service] = env.URL
	}
	environment(env, variables)

	readFile := env.Machine.ReadFile
	env.Machine.ReadFile = func(path string) ([]byte, error) {
		if path == "/var/run/secrets/ack.alibabacloud.com/rrsa-tokens/token" {
			return []byte(pod), nil
		}
		return readFile(path)
	}
	env.Machine.Run = func(_ context.Context, argv []string) ([]byte, error) {
		if argv[0] != "acs-sso" {
			return nil, fmt.Errorf("no such program: %q", argv)
		}
		return json.Marshal(map[string]string{
			"mode": "StsToken", "access_key_id": held.id, "access_key_secret": held.secret, "sts_token": held.token,
		})
	}
	return held
}

// makeRoles makes the roles whose ARNs are in the text, with every permission and open
// to both accounts of the emulator and to the OIDC provider whose ARN is in the text.
func makeRoles(t *testing.T, env *acctest.Env, text string) {
	t.Helper()
	accounts := env.Emulator.Accounts()
	trust := fmt.Sprintf(`{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::%s:root","acs:ram::%s:root"]}}]}`, accounts[0].ID, accounts[1].ID)
	if provider := providerARN.FindStringSubmatch(text); provider != nil {
		_, err := env.Client.CreateOIDCProvider(t.Context(), ramclient.CreateOIDCProviderInput{
			OIDCProviderName: provider[1], IssuerURL: emulator.DefaultIssuer, ClientIDs: []string{"sts.aliyuncs.com"},
		})
		acctest.Must(t, err)
		trust = strings.Replace(trust, `"Principal":{`, `"Principal":{"Federated":"`+provider[0]+`",`, 1)
	}
	for _, role := range roleARN.FindAllStringSubmatch(text, -1) {
		for _, account := range accounts {
			if account.ID != role[1] {
				continue
			}
			client := env.ClientFor(acctest.Key{ID: account.RootKey.ID, Secret: account.RootKey.Secret})
			_, err := client.CreateRole(t.Context(), ramclient.CreateRoleInput{RoleName: role[2], AssumeRolePolicyDocument: trust})
			acctest.Must(t, err)
			acctest.Must(t, client.AttachPolicyToRole(t.Context(), ramclient.RolePolicy{RoleName: role[2], PolicyName: "AdministratorAccess", PolicyType: ramclient.PolicySystem}))
		}
	}
}
