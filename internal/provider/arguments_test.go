package provider_test

import (
	"context"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// TestEveryArgumentHasItsEffect shows of each argument of the provider that it reaches
// what it is for. An argument that is new must get a line here.
func TestEveryArgumentHasItsEffect(t *testing.T) {
	t.Parallel()
	effects := map[string]func(*testing.T){
		"access_key_id":                           signsWithTheKey,
		"access_key_secret":                       signsWithTheKey,
		"security_token":                          signsWithTheToken,
		"profile":                                 signsAsTheProfile,
		"config_file":                             readsTheConfigFile,
		"ecs_ram_role":                            actsAsTheInstance,
		"ecs_ram_role.role_name":                  actsAsTheInstance,
		"ecs_ram_role.disable_imdsv1":             insistsOnAMetadataToken,
		"external":                                runsTheProgram,
		"external.command":                        runsTheProgram,
		"external.timeout":                        endsTheProgram,
		"credentials_uri":                         fetchesFromTheURI,
		"assume_role":                             assumesTheRole,
		"assume_role.role_arn":                    assumesTheRole,
		"assume_role.role_session_name":           assumesTheRole,
		"assume_role.external_id":                 assumesTheRole,
		"assume_role.duration_seconds":            assumesTheRole,
		"assume_role.policy":                      assumesTheRole,
		"assume_role_with_oidc":                   exchangesTheToken,
		"assume_role_with_oidc.oidc_provider_arn": exchangesTheToken,
		"assume_role_with_oidc.role_arn":          exchangesTheToken,
		"assume_role_with_oidc.token":             exchangesTheToken,
		"assume_role_with_oidc.token_file":        readsTheTokenFile,
		"assume_role_with_oidc.role_session_name": exchangesTheToken,
		"assume_role_with_oidc.duration_seconds":  exchangesTheToken,
		"assume_role_with_oidc.policy":            exchangesTheToken,
		"cloud_sso":                               usesTheLoginOfCloudSSO,
		"cloud_sso.sign_in_url":                   usesTheLoginOfCloudSSO,
		"cloud_sso.account_id":                    usesTheLoginOfCloudSSO,
		"cloud_sso.access_configuration_id":       usesTheLoginOfCloudSSO,
		"cloud_sso.access_token":                  usesTheLoginOfCloudSSO,
		"oauth":                                   usesTheLoginOfTheCLI,
		"oauth.site":                              usesTheLoginOfTheCLI,
		"oauth.access_token":                      usesTheLoginOfTheCLI,
		"region": func(t *testing.T) {
			t.Helper()
			selectsTheSTSHost(t, attributes{"region": "ap-northeast-1"})
		},
		"sts_region": func(t *testing.T) {
			t.Helper()
			selectsTheSTSHost(t, attributes{"region": "eu-central-1", "sts_region": "ap-northeast-1"})
		},
		"endpoints":                  callsTheEndpoints,
		"endpoints.ram":              callsTheEndpoints,
		"endpoints.ims":              callsTheEndpoints,
		"endpoints.sts":              callsTheEndpoints,
		"endpoints.resource_manager": readsTheEndpointOfResourceManager,
		"endpoints.ecs_metadata":     actsAsTheInstance,
		"endpoints.oauth":            usesTheLoginOfTheCLI,
		"endpoints.cloud_sso":        usesTheLoginOfCloudSSO,
		"insecure_endpoints":         allowsPlainHTTP,
		"custom_ca_bundle":           trustsTheBundle,
		"http_proxy":                 goesThroughTheProxy,
		"allowed_account_ids": func(t *testing.T) {
			t.Helper()
			refusesTheAccount(t, attributes{"allowed_account_ids": []string{"1000000000000002"}})
		},
		"forbidden_account_ids": func(t *testing.T) {
			t.Helper()
			refusesTheAccount(t, attributes{"forbidden_account_ids": []string{"1000000000000001"}})
		},
		"default_tags":             tagsByDefault,
		"default_tags.tags":        tagsByDefault,
		"ignore_tags":              ignoresTags,
		"ignore_tags.keys":         ignoresTags,
		"ignore_tags.key_prefixes": ignoresTags,
		"max_retries":              retriesAsOftenAsSaid,
		"request_timeout":          givesUpInTime,
		"max_requests_per_second":  keepsToTheRate,
		"plaintext_secrets":        refusesPlaintext,
		"allow_self_change":        allowsSelfChange,
		"high_risk_policies":       refusesHighRisks,
		"high_risk_exceptions":     refusesHighRisks,
		"skip_default_chain":       skipsTheEnvironment,
	}
	var have []string
	for name := range effects {
		have = append(have, name)
	}
	slices.Sort(have)
	if diff := cmp.Diff(argumentNames(t), have); diff != "" {
		t.Fatalf("arguments (-schema +this table):\n%s", diff)
	}
	for name, effect := range effects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			effect(t)
		})
	}
}

// argumentNames are the provider's arguments and those inside them, sorted.
func argumentNames(t *testing.T) []string {
	t.Helper()
	server, err := acctest.New(t).ProviderServer()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, argument := range schema.Provider.Block.Attributes {
		names = append(names, argument.Name)
		if argument.NestedType == nil {
			continue
		}
		for _, inside := range argument.NestedType.Attributes {
			names = append(names, argument.Name+"."+inside.Name)
		}
	}
	slices.Sort(names)
	return names
}

func signsWithTheKey(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	other := env.UserKey(t, "other")
	if got := callerName(t, env, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret}); got != "user/other" {
		t.Errorf("the provider acts as %s, want user/other", got)
	}
	acctest.RequireOne(t, createRole(t, env, attributes{"access_key_id": other.ID}), "SignatureDoesNotMatch")
}

func signsWithTheToken(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	if got := callerName(t, env, assume(t, env).arguments()); got != "assumed-role/operator/test" {
		t.Errorf("the provider acts as %s, want assumed-role/operator/test", got)
	}
}

func signsAsTheProfile(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	home(env, configJSON("a", map[string]acctest.Key{"a": env.Admin, "b": env.UserKey(t, "other")}), 0o600)
	if got := callerName(t, env, attributes{"access_key_id": nil, "access_key_secret": nil, "profile": "b"}); got != "user/other" {
		t.Errorf("the provider acts as %s, want user/other", got)
	}
}

func readsTheConfigFile(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	other := env.UserKey(t, "other")
	env.Machine.ReadFile = func(path string) ([]byte, error) {
		if path != "/etc/aliyun.json" {
			return nil, fs.ErrNotExist
		}
		return []byte(configJSON("a", map[string]acctest.Key{"a": other})), nil
	}
	if got := callerName(t, env, attributes{"access_key_id": nil, "access_key_secret": nil, "config_file": "/etc/aliyun.json"}); got != "user/other" {
		t.Errorf("the provider acts as %s, want user/other", got)
	}
}

func assumesTheRole(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	assume(t, env)
	const policy = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:Get*","Resource":"*"}]}`
	arn := "acs:ram::" + env.AccountID + ":role/operator"
	who := callerName(t, env, attributes{"assume_role": []any{attributes{
		"role_arn": arn, "role_session_name": "ci", "external_id": "ticket-1", "duration_seconds": 1800, "policy": policy,
	}}})
	if who != "assumed-role/operator/ci" {
		t.Errorf("the provider acts as %s, want assumed-role/operator/ci", who)
	}
	want := map[string]string{"RoleArn": arn, "RoleSessionName": "ci", "ExternalId": "ticket-1", "DurationSeconds": "1800", "Policy": policy}
	if diff := cmp.Diff(want, env.Emulator.Requests()[0].Params); diff != "" {
		t.Errorf("parameters of AssumeRole (-want +got):\n%s", diff)
	}
}

// modeByArguments is a mode with the provider arguments that configure it.
func modeByArguments(t *testing.T, name string) (*acctest.Env, attributes) {
	t.Helper()
	env := acctest.New(t)
	arguments, _ := credentialModes[name](t, env).configure(t, env, "arguments")
	env.Emulator.ResetRequests()
	return env, arguments
}

func actsAsTheInstance(t *testing.T) {
	t.Helper()
	env, arguments := modeByArguments(t, "EcsRamRole")
	if got := callerName(t, env, arguments); got != "assumed-role/operator/i-emulated0000000001" {
		t.Errorf("the provider acts as %s, want the instance", got)
	}
	arguments["ecs_ram_role"] = attributes{"role_name": "another"}
	acctest.RequireOne(t, createRole(t, env, arguments), "role another not found on this instance")
}

func insistsOnAMetadataToken(t *testing.T) {
	t.Helper()
	env, arguments := modeByArguments(t, "EcsRamRole")
	acctest.Must(t, env.Emulator.SetInstance(emulator.Instance{RoleName: "operator", Metadata: emulator.MetadataWithoutTokens}))
	acctest.RequireOne(t, createRole(t, env, arguments), "no metadata token (IMDSv2)")
	arguments["ecs_ram_role"] = attributes{"disable_imdsv1": false}
	identity(t, env, arguments)
}

func runsTheProgram(t *testing.T) {
	t.Helper()
	env, arguments := modeByArguments(t, "External")
	for _, command := range []any{[]any{"get-session", "for ci"}, "get-session 'for ci'"} {
		arguments["external"] = attributes{"command": command}
		if got := callerName(t, env, arguments); got != "assumed-role/operator/ci" {
			t.Errorf("the provider acts as %s, want assumed-role/operator/ci", got)
		}
	}
}

func endsTheProgram(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	env.Machine.Run = func(ctx context.Context, _ []string) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	arguments := attributes{"access_key_id": nil, "access_key_secret": nil, "external": attributes{"command": "slow", "timeout": "20ms"}}
	acctest.RequireOne(t, createRole(t, env, arguments), "program slow: no answer within 20ms")
}

func fetchesFromTheURI(t *testing.T) {
	t.Helper()
	env, arguments := modeByArguments(t, "CredentialsURI")
	if got := callerName(t, env, arguments); got != "assumed-role/operator/credentials-uri" {
		t.Errorf("the provider acts as %s, want assumed-role/operator/credentials-uri", got)
	}
}

func exchangesTheToken(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	role, provider := makeFederated(t, env)
	const policy = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:Get*","Resource":"*"}]}`
	arguments := attributes{"access_key_id": nil, "access_key_secret": nil, "assume_role_with_oidc": attributes{
		"oidc_provider_arn": provider, "role_arn": role, "token": issueToken(t, env, time.Hour),
		"role_session_name": "ci", "duration_seconds": 1800, "policy": policy,
	}}
	env.Emulator.ResetRequests()
	if got := callerName(t, env, arguments); got != "assumed-role/operator/ci" {
		t.Errorf("the provider acts as %s, want assumed-role/operator/ci", got)
	}
	want := map[string]string{
		"OIDCProviderArn": provider, "RoleArn": role, "OIDCToken": "(removed)", "RoleSessionName": "ci", "DurationSeconds": "1800", "Policy": policy,
	}
	if diff := cmp.Diff(want, env.Emulator.Requests()[0].Params); diff != "" {
		t.Errorf("parameters of AssumeRoleWithOIDC (-want +got):\n%s", diff)
	}
}

func readsTheTokenFile(t *testing.T) {
	t.Helper()
	env, arguments := modeByArguments(t, "OIDC")
	if got := callerName(t, env, arguments); got != "assumed-role/operator/ci" {
		t.Errorf("the provider acts as %s, want assumed-role/operator/ci", got)
	}
}

func usesTheLoginOfCloudSSO(t *testing.T) {
	t.Helper()
	env, arguments := modeByArguments(t, "CloudSSO")
	if got := callerName(t, env, arguments); got != "assumed-role/operator/alice@example.com" {
		t.Errorf("the provider acts as %s, want assumed-role/operator/alice@example.com", got)
	}
	for name, test := range map[string]struct{ value, want string }{
		"account_id":              {"1000000000000002", "AccessDenied"},
		"access_configuration_id": {"ac-another", "AccessDenied"},
		"access_token":            {"invented", "access_token is no longer accepted"},
	} {
		given, _ := arguments["cloud_sso"].(attributes)
		given = maps.Clone(given)
		given[name] = test.value
		acctest.RequireOne(t, createRole(t, env, modeAlone("cloud_sso", given)), test.want)
	}
	// Without another endpoint it is the portal's host that is asked.
	arguments["endpoints"] = everyEndpoint(env.URL)["endpoints"]
	given, _ := arguments["cloud_sso"].(attributes)
	given["sign_in_url"] = env.URL + "/start/login"
	identity(t, env, arguments)
}

func usesTheLoginOfTheCLI(t *testing.T) {
	t.Helper()
	env, arguments := modeByArguments(t, "OAuth")
	if got := callerName(t, env, arguments); got != "user/alice" {
		t.Errorf("the provider acts as %s, want user/alice", got)
	}
	for site, want := range map[string]string{"CN": "https://oauth.aliyun.com", "INTL": "https://oauth.alibabacloud.com"} {
		env, tap := tapped(t)
		arguments := modeAlone("oauth", attributes{"site": site, "access_token": logInAlice(t, env).AccessToken})
		arguments["endpoints"] = everyEndpoint(env.URL)["endpoints"]
		identity(t, env, arguments)
		if got := tap.host(""); got != want { // no API call, so without an action
			t.Errorf("the token of site %s is exchanged at %s, want %s", site, got, want)
		}
	}
}

func selectsTheSTSHost(t *testing.T, arguments attributes) {
	t.Helper()
	env, tap := tapped(t)
	arguments["endpoints"] = nil
	identity(t, env, arguments)
	if got := tap.host("GetCallerIdentity"); got != "https://sts.ap-northeast-1.aliyuncs.com" {
		t.Errorf("STS is called at %s, want https://sts.ap-northeast-1.aliyuncs.com", got)
	}
}

func callsTheEndpoints(t *testing.T) {
	t.Helper()
	env, tap := tapped(t)
	p := env.Protocol(t, attributes{"endpoints": attributes{"ram": "ram.example.com", "ims": "https://ims.example.com:8443/", "sts": "sts.example.com"}})
	for resourceType, config := range map[string]attributes{"ram_role": demoRole, "ram_user": {"name": "demo"}} {
		if _, diags := p.Apply(p.Plan(resourceType, acctest.Object{}, config)); diags.HasError() {
			t.Fatal(diags.Errors())
		}
	}
	for operation, want := range map[string]string{
		"CreateRole": "https://ram.example.com", "CreateUser": "https://ims.example.com:8443", "GetCallerIdentity": "https://sts.example.com",
	} {
		if got := tap.host(operation); got != want {
			t.Errorf("%s was sent to %s, want %s", operation, got, want)
		}
	}
	if agent := tap.agents[0]; agent != "terraform-provider-ram/test (terraform 1.15.9)" {
		t.Errorf("user agent %q", agent)
	}
}

func readsTheEndpointOfResourceManager(t *testing.T) {
	t.Helper()
	_, diags := acctest.New(t).Configure(t, attributes{"endpoints": attributes{"resource_manager": "http://resourcemanager.example.com"}})
	acctest.RequireOne(t, diags.Errors(), "endpoints.resource_manager: plain http to resourcemanager.example.com is refused")
}

func allowsPlainHTTP(t *testing.T) {
	t.Helper()
	env, tap := tapped(t)
	identity(t, env, attributes{"insecure_endpoints": true, "endpoints": attributes{"sts": "http://sts.example.com"}})
	if got := tap.host("GetCallerIdentity"); got != "http://sts.example.com" {
		t.Errorf("STS is called at %s, want http://sts.example.com", got)
	}
}

func refusesTheAccount(t *testing.T, arguments attributes) {
	t.Helper()
	acctest.RequireOne(t, createRole(t, acctest.New(t), arguments), "Wrong Alibaba Cloud account")
}

func retriesAsOftenAsSaid(t *testing.T) {
	t.Helper()
	for retries, want := range map[int]int{0: 1, 2: 3} {
		env := acctest.New(t)
		for range want {
			env.Emulator.Fail("GetCallerIdentity", emulator.Throttle(0))
		}
		acctest.RequireOne(t, createRole(t, env, attributes{"max_retries": retries}), "Throttling")
		if got := env.Emulator.Count("GetCallerIdentity"); got != want {
			t.Errorf("with max_retries = %d the call was sent %d times, want %d", retries, got, want)
		}
	}
}

func givesUpInTime(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(silent.Close)
	arguments := everyEndpoint(silent.URL)
	arguments["request_timeout"], arguments["max_retries"] = "40ms", 0
	acctest.RequireOne(t, createRole(t, env, arguments), "no answer within 40ms")
}

func keepsToTheRate(t *testing.T) {
	t.Helper()
	for rate, atLeast := range map[any]time.Duration{1: 4 * time.Second, nil: 0} {
		env := acctest.New(t)
		p := env.Protocol(t, attributes{"max_requests_per_second": rate})
		made, diags := p.Apply(p.Plan("ram_role", acctest.Object{}, demoRole))
		if diags.HasError() {
			t.Fatal(diags.Errors())
		}
		if _, diags := p.Read(made); diags.HasError() {
			t.Fatal(diags.Errors())
		}
		if _, diags := p.Apply(p.Plan("ram_role", made, nil)); diags.HasError() {
			t.Fatal(diags.Errors())
		}
		took, calls := env.Clock.Now().Sub(acctest.Start), env.Emulator.Total()
		if calls != 5 || took < atLeast || took >= atLeast+time.Second {
			t.Errorf("at a rate of %v, %d calls took %s, want 5 in %s", rate, calls, took, atLeast)
		}
	}
}

func refusesPlaintext(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	p := env.Protocol(t, attributes{"plaintext_secrets": "error"})
	planned := p.Plan("ram_access_key", acctest.Object{}, attributes{"user_name": "terraform"})
	acctest.RequireOne(t, planned.Diagnostics.Errors(), "plaintext_secrets")
}

func allowsSelfChange(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	user, diags := env.Protocol(t, nil).Import("ram_user", "terraform")
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	acctest.RequireOne(t, env.Protocol(t, nil).Plan("ram_user", user, nil).Diagnostics.Errors(), "allow_self_change")
	planned := env.Protocol(t, attributes{"allow_self_change": true}).Plan("ram_user", user, nil)
	if planned.Diagnostics.HasError() {
		t.Errorf("refused: %q", planned.Diagnostics.Errors())
	}
}

func refusesHighRisks(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	policy := attributes{"name": "wide", "policy_document": everything}
	strict := attributes{"high_risk_policies": "error"}
	planned := env.Protocol(t, strict).Plan("ram_policy", acctest.Object{}, policy)
	acctest.RequireOne(t, planned.Diagnostics.Errors(), "high_risk_policies")
	strict["high_risk_exceptions"] = []any{"policy/wide"}
	planned = env.Protocol(t, strict).Plan("ram_policy", acctest.Object{}, policy)
	if len(planned.Diagnostics) > 0 {
		t.Errorf("an exception is spoken of: %q", planned.Diagnostics.Errors())
	}
}

func skipsTheEnvironment(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	environment(env, map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": env.Admin.ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": env.Admin.Secret})
	identity(t, env, noKey)
	errs := createRole(t, env, attributes{"access_key_id": nil, "access_key_secret": nil, "skip_default_chain": true})
	acctest.RequireOne(t, errs, "Cannot find credentials", "skip_default_chain is set")
}
