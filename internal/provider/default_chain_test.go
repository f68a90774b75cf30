package provider_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// TestDefaultChain_order has credentials in every place at once. The first place wins;
// then it is cleared, and the next one does.
func TestDefaultChain_order(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	role, provider := makeFederated(t, env)
	token := filepath.Join(t.TempDir(), "token")
	acctest.Must(t, os.WriteFile(token, []byte(issueToken(t, env, time.Hour)), 0o600))
	acctest.Must(t, env.Emulator.SetCredentialsURI("terraform", role))
	acctest.Must(t, env.Emulator.SetInstance(emulator.Instance{RoleName: "operator"}))

	key := func(name string) attributes {
		made := env.UserKey(t, name)
		return attributes{"name": name, "mode": "AK", "access_key_id": made.ID, "access_key_secret": made.Secret}
	}
	config := writeProfiles(t, env, key("named"), key("argument"), key("current"))
	home := filepath.Dir(filepath.Dir(config))
	ini := filepath.Join(home, ".alibabacloud", "credentials")
	acctest.Must(t, os.MkdirAll(filepath.Dir(ini), 0o700))
	acctest.Must(t, os.WriteFile(ini, []byte("[default]\ntype = access_key\naccess_key_id = "+env.Admin.ID+"\naccess_key_secret = "+env.Admin.Secret+"\n"), 0o600))
	variables := map[string]string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID": env.Admin.ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": env.Admin.Secret,
		"ALIBABA_CLOUD_ROLE_ARN": role, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": provider, "ALIBABA_CLOUD_OIDC_TOKEN_FILE": token,
		"ALIBABA_CLOUD_PROFILE":         "named",
		"ALIBABA_CLOUD_CREDENTIALS_URI": env.URL + "/credentials/terraform",
		"ALIBABA_CLOUD_ECS_METADATA":    "operator",
	}
	environment(env, variables)

	unset := func(names ...string) func() {
		return func() {
			maps.DeleteFunc(variables, func(name, _ string) bool {
				for _, one := range names {
					if strings.HasPrefix(name, one) {
						return true
					}
				}
				return false
			})
		}
	}
	arguments := attributes{"access_key_id": nil, "access_key_secret": nil, "profile": "argument"}
	for _, place := range []struct {
		name   string
		source string // as ram_caller_identity has it
		log    string // why it was chosen
		clear  func()
	}{
		{"provider argument", `profile "argument" (mode AK)`, "provider arguments: profile is set", func() { delete(arguments, "profile") }},
		{"environment AccessKey", "environment variable ALIBABA_CLOUD_ACCESS_KEY_ID", "environment AccessKey: ALIBABA_CLOUD_ACCESS_KEY_ID is set", unset("ALIBABA_CLOUD_ACCESS_KEY")},
		{"environment OIDC", role + " assumed with OIDC by " + provider, "environment OIDC: role, provider and token are set", unset("ALIBABA_CLOUD_OIDC")},
		{"environment profile", `profile "named" (mode AK)`, "environment profile: named by ALIBABA_CLOUD_PROFILE", unset("ALIBABA_CLOUD_PROFILE")},
		{"environment credentials URI", "credentials URI at " + env.URL, "environment credentials URI: ALIBABA_CLOUD_CREDENTIALS_URI is set", unset("ALIBABA_CLOUD_CREDENTIALS_URI")},
		{"current profile", `profile "current" (mode AK)`, `config.json: ` + config + ` exists and its current profile is "current"`, func() { acctest.Must(t, os.Remove(config)) }},
		{"credentials file", `profile "default" (mode AK) in ` + ini, "credentials file: " + ini + " exists", func() { acctest.Must(t, os.Remove(ini)) }},
		{"ECS instance", "RAM role operator of this ECS instance", "ECS metadata: ALIBABA_CLOUD_ECS_METADATA is set", unset("ALIBABA_CLOUD_ECS_METADATA")},
	} {
		var log bytes.Buffer
		env.Logs = &log
		who := identity(t, env, arguments)
		if got, _ := who["credential_source"].(string); !strings.HasPrefix(got, place.source) {
			t.Errorf("%s: the source is %q, want %q", place.name, got, place.source)
		}
		acctest.RequireOne(t, infos(t, &log), "using "+place.source, "chosen by "+place.log)
		place.clear()
	}
	variables["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true"
	errs := createRole(t, env, arguments)
	acctest.RequireOne(t, errs, "Cannot find credentials", "environment AccessKey: ", "environment OIDC: ", "environment profile: ",
		"environment credentials URI: ", "config.json: ", "credentials file: ", "ECS metadata: ALIBABA_CLOUD_ECS_METADATA_DISABLED is set")
}

// infos are the messages at INFO.
func infos(t *testing.T, log *bytes.Buffer) []string {
	t.Helper()
	entries, err := tflogtest.MultilineJSONDecode(log)
	acctest.Must(t, err)
	var messages []string
	for _, entry := range entries {
		if entry["@level"] == "info" {
			message, _ := entry["@message"].(string)
			messages = append(messages, message)
		}
	}
	return messages
}

// TestDefaultChain_failureIsFinal breaks each place in turn: the next one, which has a
// good key, must not be used in its place.
func TestDefaultChain_failureIsFinal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		variables map[string]string
		want      string
	}{
		"half a key":           {map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIexample000000000001"}, "ALIBABA_CLOUD_ACCESS_KEY_SECRET is missing"},
		"no role":              {map[string]string{"ALIBABA_CLOUD_ROLE_ARN": "x", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "x", "ALIBABA_CLOUD_OIDC_TOKEN": "x"}, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"},
		"a profile of no file": {map[string]string{"ALIBABA_CLOUD_PROFILE": "typo"}, `profile "typo" is not in`},
		"a URI of nothing":     {map[string]string{"ALIBABA_CLOUD_CREDENTIALS_URI": "secret-by-mistake"}, "must be an http or https URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			writeProfiles(t, env, attributes{"name": "good", "mode": "AK", "access_key_id": env.Admin.ID, "access_key_secret": env.Admin.Secret})
			environment(env, test.variables)
			_, diags := env.Configure(t, noKey)
			acctest.RequireOne(t, diags.Errors(), "Cannot find credentials", test.want)
			if strings.Contains(strings.Join(diags.Errors(), ""), "secret-by-mistake") {
				t.Errorf("the error shows what may be a secret: %q", diags.Errors())
			}
		})
	}
}

// baseArguments are the arguments that each give credentials.
var baseArguments = map[string]any{
	"profile":         "prod",
	"ecs_ram_role":    attributes{},
	"external":        attributes{"command": "get-session"},
	"credentials_uri": "http://127.0.0.1:1/x",
	"assume_role_with_oidc": attributes{
		"oidc_provider_arn": "acs:ram::1000000000000001:oidc-provider/ci", "role_arn": "acs:ram::1000000000000001:role/x", "token": "token",
	},
	"cloud_sso": attributes{
		"sign_in_url": "https://signin.example.com", "account_id": "1000000000000001", "access_configuration_id": "ac-x", "access_token": "token",
	},
	"oauth": attributes{"site": "CN", "access_token": "token"},
}

// TestBases_conflict sets every pair; validate names both. A value that is not known
// yet may turn out to be null and is no conflict.
func TestBases_conflict(t *testing.T) {
	t.Parallel()
	for one, first := range baseArguments {
		for other, second := range baseArguments {
			if one >= other {
				continue
			}
			t.Run(one+" and "+other, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				_, diags := env.Configure(t, attributes{"access_key_id": nil, "access_key_secret": nil, one: first, other: second})
				acctest.RequireOne(t, diags.Errors(), "Conflicting credentials", one, " and ", other, "each give credentials", "Next step: ")

				_, diags = env.Configure(t, attributes{"access_key_id": nil, "access_key_secret": nil, one: first, other: acctest.Unknown})
				if diags.HasError() {
					t.Errorf("with %s not known yet: %q", other, diags.Errors())
				}
			})
		}
		t.Run("access_key_id and "+one, func(t *testing.T) {
			t.Parallel()
			_, diags := acctest.New(t).Configure(t, attributes{one: first})
			acctest.RequireOne(t, diags.Errors(), "Conflicting credentials", "access_key_id and "+one)
		})
	}
}
