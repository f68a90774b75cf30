package auth

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// A probe finds the value in force of one setting, given variables and, if argument is
// not empty, the argument. Values come from value.
type probe struct {
	// value is the i-th of the values that the test tells apart.
	value func(i int) string
	// read resolves. It may add variables that the one in question needs beside it.
	read func(t *testing.T, env map[string]string, argument string) string
	// defaults is true if read also gives the default.
	defaults bool
}

// Every variable of every setting counts, in the order given, and below the argument.
func TestSettingsVariables(t *testing.T) {
	t.Parallel()
	for _, setting := range Settings() {
		t.Run(setting.Argument, func(t *testing.T) {
			t.Parallel()
			p, found := settingProbes[setting.Argument]
			if !found {
				if len(setting.Variables) > 0 {
					t.Error("nobody tests the variables of this argument")
				}
				return
			}
			env := map[string]string{}
			for i, variable := range slices.Backward(setting.Variables) {
				if i+1 < len(setting.Variables) {
					env[variable] = "" // as if it were not set
					if got := p.read(t, maps.Clone(env), ""); got != p.value(i+1) {
						t.Errorf("with %s empty the value is %q, want %q", variable, got, p.value(i+1))
					}
				}
				env[variable] = p.value(i)
				if got := p.read(t, maps.Clone(env), ""); got != p.value(i) {
					t.Errorf("with %s and all after it the value is %q, want %q", variable, got, p.value(i))
				}
			}
			argument := p.value(len(setting.Variables))
			if got := p.read(t, maps.Clone(env), argument); got != argument {
				t.Errorf("with the argument the value is %q, want %q", got, argument)
			}
			if p.defaults {
				if got := p.read(t, map[string]string{}, ""); got != setting.Default {
					t.Errorf("without anything the value is %q, want %q", got, setting.Default)
				}
			}
		})
	}
}

func TestSettingsAreEachThereOnce(t *testing.T) {
	t.Parallel()
	seen, owner := map[string]bool{}, map[string]string{}
	for _, setting := range Settings() {
		if seen[setting.Argument] {
			t.Errorf("%s is there twice", setting.Argument)
		}
		seen[setting.Argument] = true
		for _, variable := range setting.Variables {
			if owner[variable] != "" {
				t.Errorf("%s is of %s and of %s", variable, owner[variable], setting.Argument)
			}
			owner[variable] = setting.Argument
		}
	}
	for argument := range settingProbes {
		if !seen[argument] {
			t.Errorf("%s is tested, but is no setting", argument)
		}
	}
}

var settingProbes = map[string]probe{
	"access_key_id": {value: numbered("LTAIexample00000000000"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return keysInForce(t, env, rpc.Credentials{AccessKeyID: argument, AccessKeySecret: secret(testSecret)}).AccessKeyID
	}},
	"access_key_secret": {value: numbered("testsecret-"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		c := rpc.Credentials{AccessKeySecret: secret(argument)}
		if argument != "" {
			c.AccessKeyID = testKeyID
		}
		return keysInForce(t, env, c).AccessKeySecret.Reveal()
	}},
	"security_token": {value: numbered("testtoken-"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		c := rpc.Credentials{SecurityToken: secret(argument)}
		if argument != "" {
			c.AccessKeyID, c.AccessKeySecret = testKeyID, secret(testSecret)
		}
		return keysInForce(t, env, c).SecurityToken.Reveal()
	}},
	"profile": {value: numbered("profile-"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return resolved(t, env, Config{Arguments: Arguments{Profile: argument}}).Profile
	}},
	"config_file": {value: numbered("/config-"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		path := resolved(t, env, Config{Arguments: Arguments{ConfigFile: argument}}).ConfigFile
		return strings.Replace(path, "/home/me/", "~/", 1)
	}, defaults: true},
	"ecs_ram_role.role_name": {value: numbered("role-"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return instanceRoleInForce(t, env, InstanceRoleArguments{RoleName: argument}).role
	}},
	"ecs_ram_role.disable_imdsv1": {value: func(int) string { return "true" }, read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return fmt.Sprint(!instanceRoleInForce(t, env, InstanceRoleArguments{RoleName: "role", DisableIMDSv1: argument == "true"}).allowV1)
	}, defaults: true},
	"external.timeout": {value: func(int) string { return "2s" }, read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		timeout, _ := time.ParseDuration(argument)
		source := resolved(t, env, Config{Arguments: Arguments{External: &ExternalArguments{Command: "tool", Timeout: timeout}}})
		return source.provider.(*Cache).source.(external).timeout.String()
	}, defaults: true},
	"credentials_uri": {value: numbered("http://127.0.0.1/"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		source := resolved(t, env, Config{Arguments: Arguments{CredentialsURI: secret(argument)}})
		return source.provider.(*Cache).source.(credentialsURI).address.Reveal()
	}},
	"assume_role_with_oidc.oidc_provider_arn": {value: numbered("acs:ram::1234567890123456:oidc-provider/p"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return oidcInForce(t, env, OIDCArguments{OIDCProviderARN: argument}).input.OIDCProviderARN
	}},
	"assume_role_with_oidc.role_arn": {value: numbered("acs:ram::1234567890123456:role/r"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return oidcInForce(t, env, OIDCArguments{RoleARN: argument}).input.RoleARN
	}},
	"assume_role_with_oidc.token": {value: numbered("testtoken-"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return oidcInForce(t, env, OIDCArguments{Token: secret(argument)}).input.Token.Reveal()
	}},
	"assume_role_with_oidc.token_file": {value: numbered("/token-"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return oidcInForce(t, env, OIDCArguments{TokenFile: argument}).file
	}},
	"assume_role_with_oidc.role_session_name": {value: numbered("session-"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return oidcInForce(t, env, OIDCArguments{SessionName: argument}).input.SessionName
	}, defaults: true},
	"assume_role_with_oidc.duration_seconds": {value: numbered("900"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return fmt.Sprint(oidcInForce(t, env, OIDCArguments{DurationSeconds: number(argument)}).input.Duration.Seconds())
	}, defaults: true},
	"assume_role.role_session_name": {value: numbered("session-"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return roleInForce(t, env, RoleArguments{SessionName: argument}).SessionName
	}, defaults: true},
	"assume_role.duration_seconds": {value: numbered("900"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return fmt.Sprint(roleInForce(t, env, RoleArguments{DurationSeconds: number(argument)}).Duration.Seconds())
	}, defaults: true},
	"region": {value: numbered("cn-region"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return endpointsInForce(t, env, EndpointConfig{Region: argument}).Region
	}},
	"sts_region": {value: numbered("cn-region"), read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		host := endpointsInForce(t, env, EndpointConfig{STSRegion: argument}).STS
		return strings.TrimSuffix(strings.TrimPrefix(host, "https://sts."), ".aliyuncs.com")
	}},
	"endpoints.ram": {value: loopback, read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return endpointsInForce(t, env, EndpointConfig{RAM: argument}).RAM
	}, defaults: true},
	"endpoints.ims": {value: loopback, read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return endpointsInForce(t, env, EndpointConfig{IMS: argument}).IMS
	}, defaults: true},
	"endpoints.sts": {value: loopback, read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return endpointsInForce(t, env, EndpointConfig{STS: argument}).STS
	}},
	"endpoints.resource_manager": {value: loopback, read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		return endpointsInForce(t, env, EndpointConfig{ResourceManager: argument}).ResourceManager
	}, defaults: true},
	"endpoints.ecs_metadata": {value: loopback, read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		source := resolved(t, env, Config{Endpoints: EndpointConfig{ECSMetadata: argument}, Arguments: Arguments{ECSRAMRole: &InstanceRoleArguments{}}})
		return source.provider.(*Cache).source.(*instanceRole).endpoint
	}, defaults: true},
	"endpoints.oauth": {value: loopback, read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		source := resolved(t, env, Config{Endpoints: EndpointConfig{OAuth: argument}, Arguments: Arguments{OAuth: &OAuthArguments{"CN", secret(testToken)}}})
		return source.provider.(*Cache).source.(oauthToken).site.host
	}},
	"endpoints.cloud_sso": {value: loopback, read: func(t *testing.T, env map[string]string, argument string) string {
		t.Helper()
		source := resolved(t, env, Config{Endpoints: EndpointConfig{CloudSSO: argument}, Arguments: Arguments{
			CloudSSO: &CloudSSOArguments{"https://signin.example.com", "1", "ac-1", secret(testToken)},
		}})
		return source.provider.(*Cache).source.(cloudSSOToken).override
	}},
}

func numbered(prefix string) func(int) string {
	return func(i int) string { return fmt.Sprintf("%s%d", prefix, i) }
}

func loopback(i int) string { return fmt.Sprintf("http://127.0.0.1:%d", 8000+i) }

func number(text string) (n int64) {
	_, _ = fmt.Sscan(text, &n)
	return n
}

// resolved is the source on a machine that has all the files which the probes name.
func resolved(t *testing.T, env map[string]string, config Config) *Source {
	t.Helper()
	var profiles []string
	for i := range 5 {
		profiles = append(profiles, fmt.Sprintf(`{"name":"profile-%d","mode":"AK","access_key_id":"x","access_key_secret":"testsecret"}`, i))
	}
	text := `{"current":"profile-4","profiles":[` + strings.Join(profiles, ",") + `]}`
	files := map[string]string{homeConfig: text}
	for i := range 5 {
		files[fmt.Sprintf("/config-%d", i)] = text
	}
	config.Machine = testMachine(env, files)
	config.AssumeRole = recordingAssumeRole(config.Machine.Clock, new([]string))
	config.AssumeRoleWithOIDC = answeringOIDC(config.Machine.Clock, nil)
	source, err := Resolve(config)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// keysInForce completes each family of variables of which one is set.
func keysInForce(t *testing.T, env map[string]string, arguments rpc.Credentials) rpc.Credentials {
	t.Helper()
	for _, family := range environmentKeys {
		if env[family.id]+env[family.secret]+env[family.token] == "" {
			continue
		}
		if env[family.id] == "" {
			env[family.id] = testKeyID2
		}
		if env[family.secret] == "" {
			env[family.secret] = testSecret
		}
	}
	a := Arguments{AccessKeyID: arguments.AccessKeyID, AccessKeySecret: arguments.AccessKeySecret, SecurityToken: arguments.SecurityToken}
	if a.AccessKeyID == "" {
		a = Arguments{}
	}
	return mustCredentials(t, resolved(t, env, Config{Arguments: a}))
}

func instanceRoleInForce(t *testing.T, env map[string]string, arguments InstanceRoleArguments) *instanceRole {
	t.Helper()
	return resolved(t, env, Config{Arguments: Arguments{ECSRAMRole: &arguments}}).provider.(*Cache).source.(*instanceRole)
}

// oidcInForce completes what is needed beside the variable or argument in question.
func oidcInForce(t *testing.T, env map[string]string, arguments OIDCArguments) oidcRole {
	t.Helper()
	config := Config{}
	if fromVariables := len(env) > 0 && arguments == (OIDCArguments{}); fromVariables {
		e := environment{lookupIn(env)}
		for variable, others := range map[string][]string{
			oidcProviderVariables[0]: oidcProviderVariables,
			oidcRoleVariables[0]:     oidcRoleVariables,
			oidcFileVariables[0]:     append([]string{oidcTokenVariable}, oidcFileVariables...),
		} {
			if _, name := e.first(others...); name == "" {
				env[variable] = map[string]string{
					oidcProviderVariables[0]: testOIDCProvider, oidcRoleVariables[0]: testRole, oidcFileVariables[0]: "/token",
				}[variable]
			}
		}
	} else {
		if arguments.OIDCProviderARN == "" {
			arguments.OIDCProviderARN = testOIDCProvider
		}
		if arguments.RoleARN == "" {
			arguments.RoleARN = testRole
		}
		if arguments.TokenFile == "" && arguments.Token.IsEmpty() {
			arguments.TokenFile = "/token"
		}
		config.Arguments.AssumeRoleWithOIDC = &arguments
	}
	return resolved(t, env, config).provider.(*Cache).source.(oidcRole)
}

func roleInForce(t *testing.T, env map[string]string, arguments RoleArguments) AssumeRoleInput {
	t.Helper()
	arguments.RoleARN = testRole
	source := resolved(t, env, Config{Arguments: Arguments{Profile: "profile-0", AssumeRole: []RoleArguments{arguments}}})
	return source.provider.(*Cache).source.(assumedRole).input
}

func endpointsInForce(t *testing.T, env map[string]string, config EndpointConfig) Endpoints {
	t.Helper()
	config.Lookup = lookupIn(env)
	endpoints, _, err := ResolveEndpoints(config)
	if err != nil {
		t.Fatal(err)
	}
	return endpoints
}
