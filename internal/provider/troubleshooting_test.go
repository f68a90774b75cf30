package provider_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// troubles provokes every error that the guide explains. The key is the first text in
// the row; of the other texts of the row, the error must have one.
var troubles = map[string]func(*testing.T, *acctest.Env) attributes{
	"no credentials found": func(_ *testing.T, env *acctest.Env) attributes {
		environment(env, map[string]string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"})
		return noKey
	},
	"each give credentials": func(*testing.T, *acctest.Env) attributes { return attributes{"profile": "x"} },
	"is missing (the variables of one name family are never completed from another)": func(_ *testing.T, env *acctest.Env) attributes {
		environment(env, map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIexample000000000001"})
		return noKey
	},
	"is not in": func(t *testing.T, env *acctest.Env) attributes {
		t.Helper()
		writeProfiles(t, env, attributes{"name": "prod", "mode": "AK"})
		return modeAlone("profile", "typo")
	},
	"cannot be used: it cannot sign calls": func(t *testing.T, env *acctest.Env) attributes {
		t.Helper()
		writeProfiles(t, env, attributes{"name": "it", "mode": "BearerToken", "bearer_token": "token"})
		return modeAlone("profile", "it")
	},
	"the OAuth login of profile": func(t *testing.T, env *acctest.Env) attributes {
		t.Helper()
		mode := credentialModes["OAuth"](t, env)
		mode.profile["oauth_refresh_token"], mode.profile["oauth_access_token_expire"] = "used-already", 1
		arguments, _ := mode.configure(t, env, "profile")
		return arguments
	},
	"access_denied": func(t *testing.T, env *acctest.Env) attributes {
		t.Helper()
		arguments, _ := credentialModes["OAuth"](t, env).configure(t, env, "arguments")
		acctest.Must(t, env.Client.DeleteApplicationAssignment(t.Context(), ramclient.ApplicationAssignment{
			AppID: emulator.OfficialCLICN, PrincipalName: env.PrincipalName("alice"), PrincipalType: ramclient.AssigneeUser,
		}))
		return arguments
	},
	"the CloudSSO login of profile": func(t *testing.T, env *acctest.Env) attributes {
		t.Helper()
		arguments, _ := credentialModes["CloudSSO"](t, env).configure(t, env, "profile")
		env.Clock.Advance(9 * time.Hour)
		return arguments
	},
	"AccessDenied": func(t *testing.T, env *acctest.Env) attributes {
		t.Helper()
		arguments, _ := credentialModes["CloudSSO"](t, env).configure(t, env, "arguments")
		login, _ := arguments["cloud_sso"].(attributes)
		login["access_configuration_id"] = "ac-another"
		return arguments
	},
	"no RAM role is attached to this instance": func(*testing.T, *acctest.Env) attributes { return modeAlone("ecs_ram_role", attributes{}) },
	"not found on this instance": func(*testing.T, *acctest.Env) attributes {
		return modeAlone("ecs_ram_role", attributes{"role_name": "x"})
	},
	"no metadata token (IMDSv2)": func(t *testing.T, env *acctest.Env) attributes {
		t.Helper()
		acctest.Must(t, env.Emulator.SetInstance(emulator.Instance{RoleName: "x", Metadata: emulator.MetadataWithoutTokens}))
		return modeAlone("ecs_ram_role", attributes{"disable_imdsv1": true})
	},
	"the OIDC token expired at": func(t *testing.T, env *acctest.Env) attributes {
		t.Helper()
		arguments, _ := credentialModes["OIDC"](t, env).configure(t, env, "arguments")
		env.Clock.Advance(time.Hour)
		return arguments
	},
	"AuthenticationFail.NoPermission": func(t *testing.T, env *acctest.Env) attributes {
		t.Helper()
		arguments, _ := credentialModes["OIDC"](t, env).configure(t, env, "arguments")
		makeTrusting(t, env, "another", `"Service":"ecs.aliyuncs.com"`)
		block, _ := arguments["assume_role_with_oidc"].(attributes)
		block["role_arn"] = "acs:ram::" + env.AccountID + ":role/another"
		return arguments
	},
	"AuthenticationFail.OIDCToken.AudienceNotMatch": func(t *testing.T, env *acctest.Env) attributes {
		t.Helper()
		arguments, _ := credentialModes["OIDC"](t, env).configure(t, env, "arguments")
		token, err := env.Emulator.IssueToken(map[string]any{"aud": "stranger"})
		acctest.Must(t, err)
		block, _ := arguments["assume_role_with_oidc"].(attributes)
		block["token"], block["token_file"] = token, nil
		return arguments
	},
	"it cannot be started": func(*testing.T, *acctest.Env) attributes {
		return modeAlone("external", attributes{"command": "no-such-program-anywhere"})
	},
	"it failed with": func(*testing.T, *acctest.Env) attributes {
		return modeAlone("external", attributes{"command": []any{"go", "no-such-command"}})
	},
	"forbids a credentials program": func(_ *testing.T, env *acctest.Env) attributes {
		environment(env, map[string]string{"ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS": "1"})
		return modeAlone("external", attributes{"command": "get-session"})
	},
	"profile chain has a cycle": func(t *testing.T, env *acctest.Env) attributes {
		t.Helper()
		writeProfiles(t, env, attributes{
			"name": "it", "mode": "ChainableRamRoleArn", "source_profile": "it",
			"ram_role_arn": "acs:ram::1000000000000001:role/x", "ram_session_name": "ci",
		})
		return modeAlone("profile", "it")
	},
	"InvalidSecurityToken.Expired": func(t *testing.T, env *acctest.Env) attributes {
		t.Helper()
		arguments, _ := credentialModes["StsToken"](t, env).configure(t, env, "arguments")
		env.Clock.Advance(2 * time.Hour)
		return arguments
	},
	"only a loopback host is allowed here": func(*testing.T, *acctest.Env) attributes {
		arguments := modeAlone("oauth", baseArguments["oauth"])
		arguments["endpoints"] = attributes{"oauth": "https://oauth.example.com"}
		return arguments
	},
	"unauthorized_client": func(t *testing.T, env *acctest.Env) attributes {
		t.Helper()
		mode := credentialModes["OAuth"](t, env)
		mode.profile["oauth_access_token_expire"] = 1
		arguments, _ := mode.configure(t, env, "profile")
		acctest.Must(t, env.Client.DeprovisionExternalApplication(t.Context(), emulator.OfficialCLICN))
		return arguments
	},
}

// TestGuide_troubleshooting holds the guide's table against the errors there are.
func TestGuide_troubleshooting(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../templates/guides/choose-a-credential-mode.md.tmpl")
	acctest.Must(t, err)
	_, table, _ := strings.Cut(string(text), "| The error says |")
	table, _, _ = strings.Cut(table, "Of the CLI")
	quoted := regexp.MustCompile("`([^`]+)`")
	var explained []string
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) < 3 || !strings.Contains(cells[1], "`") {
			continue
		}
		words := quoted.FindAllStringSubmatch(cells[1], -1)
		explained = append(explained, words[0][1])
		provoke, ok := troubles[words[0][1]]
		if !ok {
			t.Errorf("nothing provokes the error of the row: %s", line)
			continue
		}
		t.Run(words[0][1], func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			errs := createRole(t, env, provoke(t, env))
			acctest.RequireOne(t, errs, words[0][1])
			if !slices.ContainsFunc(words, func(word []string) bool {
				return strings.Contains(errs[0], word[1]) && (len(words) == 1 || word[1] != words[0][1])
			}) {
				t.Errorf("the error %q has none of the other words of its row %q", errs, words)
			}
		})
	}
	for words := range troubles {
		if !slices.Contains(explained, words) {
			t.Errorf("the guide does not explain %q", words)
		}
	}
}
