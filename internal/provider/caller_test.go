package provider_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// Who the provider turns out to be: asked once, late, and judged.

func TestCaller_isAskedForOnceAndOnlyWhenNeeded(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	if got := env.Emulator.Total(); got != 0 {
		t.Errorf("Configure made %d calls, want none", got)
	}
	// A role that trusts an account would be another matter: is it the own one?
	planned := p.Plan("ram_role", acctest.Object{}, attributes{"name": "demo", "assume_role_policy_document": `{
		"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs.aliyuncs.com"}}]
	}`})
	if got := env.Emulator.Total(); got != 0 {
		t.Errorf("planning a create made %d calls, want none", got)
	}
	made, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	if first := env.Emulator.Requests()[0].Operation; first != "GetCallerIdentity" {
		t.Errorf("the first call is %s, want GetCallerIdentity", first)
	}

	env.Emulator.ResetRequests()
	fresh := env.Protocol(t, nil)
	var readers sync.WaitGroup
	for range 10 {
		readers.Go(func() {
			if _, diags := fresh.Read(made); diags.HasError() {
				t.Error(diags.Errors())
			}
		})
	}
	readers.Wait()
	if got := env.Emulator.Count("GetCallerIdentity"); got != 1 {
		t.Errorf("ten reads at once asked %d times who the caller is, want once", got)
	}
}

func TestCaller_guards(t *testing.T) {
	t.Parallel()
	const mine, other = "1000000000000001", "1000000000000002"
	tests := map[string]struct {
		arguments attributes
		want      []string // parts of the one error; none if the provider may work
	}{
		"mine is allowed":       {attributes{"allowed_account_ids": []string{other, mine}}, nil},
		"another is forbidden":  {attributes{"forbidden_account_ids": []string{other}}, nil},
		"only another allowed":  {attributes{"allowed_account_ids": []string{other}}, []string{"not in allowed_account_ids (" + other + ")", "belong to account " + mine}},
		"mine is forbidden":     {attributes{"forbidden_account_ids": []string{mine}}, []string{"in forbidden_account_ids", "belong to account " + mine}},
		"no guard is set":       {nil, nil},
		"the guard of the role": {attributes{"assume_role": []any{attributes{"role_arn": "acs:ram::" + other + ":role/x"}}, "allowed_account_ids": []string{mine}}, []string{"acs:ram::" + other + ":role/x", "Nothing was called"}},
		"a role that is forbidden": {
			attributes{"assume_role": []any{
				attributes{"role_arn": "acs:ram::" + mine + ":role/x"}, attributes{"role_arn": "acs:ram::" + other + ":role/x"},
			}, "forbidden_account_ids": []string{other}},
			[]string{"belongs to account " + other},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			errs := createRole(t, env, test.arguments)
			if test.want == nil {
				if len(errs) > 0 {
					t.Errorf("got %q, want no error", errs)
				}
				return
			}
			acctest.RequireOne(t, errs, append(test.want, "Wrong Alibaba Cloud account", "Next step: ")...)
			requireNothingChanged(t, env)
			if got := env.Emulator.Total() - env.Emulator.Count("GetCallerIdentity") - 1; got != 0 { // 1 is this test's own GetRole
				t.Errorf("made %d calls besides asking who the caller is: %v", got, env.Emulator.Requests())
			}
		})
	}
}

// The account of a role is known without a call, so the mistake shows at plan.
func TestCaller_guardOfAKnownRoleNeedsNoCall(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	_, diags := env.Configure(t, attributes{
		"assume_role":         []any{attributes{"role_arn": "acs:ram::1000000000000002:role/x"}},
		"allowed_account_ids": []string{env.AccountID},
	})
	acctest.RequireOne(t, diags.Errors(), "Wrong Alibaba Cloud account")
	if got := env.Emulator.Total(); got != 0 {
		t.Errorf("made %d calls, want none", got)
	}
}

func TestCaller_rootKeyIsWarnedOfOnce(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	root := env.Emulator.Accounts()[0].RootKey
	p := env.Protocol(t, attributes{"access_key_id": root.ID, "access_key_secret": root.Secret})
	var warnings []string
	for range 3 {
		_, diags := p.ReadData("ram_caller_identity", attributes{})
		if diags.HasError() {
			t.Fatal(diags.Errors())
		}
		warnings = append(warnings, diags.Warnings()...)
	}
	acctest.RequireOne(t, warnings, "root key", "Next step: create a RAM user or role")
}

// ram-emulator exec gives its child the root key of an emulated account, and no way to a
// real one.
func TestCaller_rootKeyOfTheEmulatorIsNotWarnedOf(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]int{"1": 0, "true": 0, "0": 1, "": 1} {
		t.Run("RAM_PROVIDER_EMULATOR_ONLY="+value, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			environment(env, map[string]string{"RAM_PROVIDER_EMULATOR_ONLY": value})
			root := env.Emulator.Accounts()[0].RootKey
			_, diags := env.Protocol(t, attributes{"access_key_id": root.ID, "access_key_secret": root.Secret}).ReadData("ram_caller_identity", attributes{})
			if got := diags.Warnings(); len(got) != want || diags.HasError() {
				t.Errorf("got the warnings %q and errors %q, want %d and none", got, diags.Errors(), want)
			}
		})
	}
}

// configJSON is a CLI configuration whose current profile holds the key.
func configJSON(current string, profiles map[string]acctest.Key) string {
	var list []string
	for name, key := range profiles {
		list = append(list, fmt.Sprintf(`{"name":%q,"mode":"AK","access_key_id":%q,"access_key_secret":%q}`, name, key.ID, key.Secret))
	}
	return fmt.Sprintf(`{"current":%q,"profiles":[%s]}`, current, strings.Join(list, ","))
}

// home gives the machine a home with this ~/.aliyun/config.json, which others may read
// or not.
func home(env *acctest.Env, config string, mode fs.FileMode) {
	file := "/home/me/.aliyun/config.json"
	env.Machine.Windows = false
	env.Machine.HomeDir = func() (string, error) { return "/home/me", nil }
	env.Machine.ReadFile = func(path string) ([]byte, error) {
		if path != file {
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		}
		return []byte(config), nil
	}
	env.Machine.FileMode = func(string) (fs.FileMode, error) { return mode, nil }
}

func TestCaller_currentProfileIsWarnedOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		arguments attributes
		variables map[string]string
		want      bool
	}{
		"nothing names it":         {noKey, nil, true},
		"an account guard is set":  {attributes{"access_key_id": nil, "access_key_secret": nil, "allowed_account_ids": []string{"1000000000000001"}}, nil, false},
		"the argument names it":    {attributes{"access_key_id": nil, "access_key_secret": nil, "profile": "prod"}, nil, false},
		"the environment names it": {noKey, map[string]string{"ALIBABA_CLOUD_PROFILE": "prod"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			home(env, configJSON("prod", map[string]acctest.Key{"prod": env.Admin}), 0o600)
			environment(env, test.variables)
			_, diags := env.Protocol(t, test.arguments).ReadData("ram_caller_identity", attributes{})
			if diags.HasError() {
				t.Fatal(diags.Errors())
			}
			if test.want {
				acctest.RequireOne(t, diags.Warnings(), `profile "prod"`, "account "+env.AccountID, "allowed_account_ids = ")
			} else if got := diags.Warnings(); len(got) > 0 {
				t.Errorf("got %q, want no warning", got)
			}
		})
	}
}

func TestCaller_configFileThatOthersCanReadIsWarnedOf(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	home(env, configJSON("prod", map[string]acctest.Key{"prod": env.Admin}), 0o644)
	_, diags := env.Configure(t, attributes{"access_key_id": nil, "access_key_secret": nil, "profile": "prod"})
	acctest.RequireOne(t, diags.Warnings(), "Other users of this machine can read your credentials", "chmod 600 /home/me/.aliyun/config.json")
}

func TestCaller_withoutCredentialsThePlacesAreNamed(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Machine.ReadFile = func(string) ([]byte, error) { return nil, fs.ErrNotExist }
	environment(env, map[string]string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"})
	p, diags := env.Configure(t, noKey)
	if diags.HasError() {
		t.Fatalf("what needs no call must work without credentials: %q", diags.Errors())
	}
	_, diags = p.ReadData("ram_caller_identity", attributes{})
	acctest.RequireOne(t, diags.Errors(), "Cannot find credentials", "ALIBABA_CLOUD_ACCESS_KEY_ID", "Next step: ")
}

// chainOfRoles makes a role in the second account that trusts a role of the first, but
// only with an external id.
func chainOfRoles(t *testing.T, env *acctest.Env) (first, second string) {
	t.Helper()
	ctx := t.Context()
	there := env.Emulator.Accounts()[1]
	role, err := env.Client.CreateRole(ctx, ramclient.CreateRoleInput{RoleName: "first", AssumeRolePolicyDocument: trusting(env.AccountID)})
	if err != nil {
		t.Fatal(err)
	}
	may := ramclient.RolePolicy{RoleName: "first", PolicyName: "AliyunSTSAssumeRoleAccess", PolicyType: ramclient.PolicySystem}
	if err := env.Client.AttachPolicyToRole(ctx, may); err != nil {
		t.Fatal(err)
	}
	trust := `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"` + role.ARN + `"},` +
		`"Condition":{"StringEquals":{"sts:ExternalId":"ticket-1"}}}]}`
	far, err := env.ClientFor(acctest.Key{ID: there.RootKey.ID, Secret: there.RootKey.Secret}).
		CreateRole(ctx, ramclient.CreateRoleInput{RoleName: "second", AssumeRolePolicyDocument: trust})
	if err != nil {
		t.Fatal(err)
	}
	env.Emulator.ResetRequests()
	return role.ARN, far.ARN
}

func TestCaller_chainOfRolesAcrossAccounts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		externalID any
		want       []string // parts of the error
	}{
		"with the external id":  {"ticket-1", nil},
		"without":               {nil, []string{"NoPermission", "trust policy", "Action: AssumeRole"}},
		"with another one":      {"ticket-2", []string{"NoPermission", "trust policy", "Action: AssumeRole"}},
		"with a malformed one":  {"a b", []string{"external id must have 2 to 1224"}},
		"with an unknown value": {acctest.Unknown, []string{"not known yet", "assume_role"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			first, second := chainOfRoles(t, env)
			p, diags := env.Configure(t, attributes{"assume_role": []any{
				attributes{"role_arn": first, "role_session_name": "one"},
				attributes{"role_arn": second, "role_session_name": "two", "external_id": test.externalID},
			}})
			if diags.HasError() {
				acctest.RequireOne(t, diags.Errors(), test.want...)
				return
			}
			who, diags := p.ReadData("ram_caller_identity", attributes{})
			if test.want != nil {
				acctest.RequireOne(t, diags.Errors(), test.want...)
				return
			}
			if diags.HasError() {
				t.Fatal(diags.Errors())
			}
			want := "acs:ram::" + env.Emulator.Accounts()[1].ID + ":assumed-role/second/two"
			if who["arn"] != want {
				t.Errorf("the provider acts as %v, want %s", who["arn"], want)
			}
			if got := env.Emulator.Count("AssumeRole"); got != 2 {
				t.Errorf("made %d calls of AssumeRole, want 2", got)
			}
		})
	}
}

func TestCaller_sessionsOfARoleRenewThemselves(t *testing.T) {
	t.Parallel()
	passes := map[string]func(env *acctest.Env){
		"because their end comes near": func(env *acctest.Env) { env.Clock.Advance(50 * time.Minute) },
		"because they have ended":      func(env *acctest.Env) { env.Clock.Advance(2 * time.Hour) },
		"because the service says so":  func(env *acctest.Env) { env.Emulator.Fail("CreateRole", emulator.ExpireToken()) },
	}
	for name, pass := range passes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			assume(t, env)
			p := env.Protocol(t, attributes{"assume_role": []any{attributes{"role_arn": "acs:ram::" + env.AccountID + ":role/operator"}}})
			planned := p.Plan("ram_role", acctest.Object{}, demoRole)
			if _, diags := p.ReadData("ram_caller_identity", attributes{}); diags.HasError() {
				t.Fatal(diags.Errors())
			}
			pass(env)
			if _, diags := p.Apply(planned); diags.HasError() {
				t.Errorf("in the middle of the run: %q", diags.Errors())
			}
			if got := env.Emulator.Count("AssumeRole"); got != 2 {
				t.Errorf("made %d calls of AssumeRole, want 2: one at the start, one renewal", got)
			}
		})
	}
}

func TestCaller_givenSessionThatEndsInTheRun(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, assume(t, env).arguments())
	planned := p.Plan("ram_role", acctest.Object{}, demoRole)
	if _, diags := p.ReadData("ram_caller_identity", attributes{}); diags.HasError() {
		t.Fatal(diags.Errors())
	}
	env.Clock.Advance(2 * time.Hour)
	_, diags := p.Apply(planned)
	acctest.RequireOne(t, diags.Errors(), "InvalidSecurityToken.Expired", "Next step: the session has ended", "assume_role", "RequestId: ")
	requireNothingChanged(t, env)
}

func TestCaller_nothingIsKnownYet(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string]attributes{
		"the key":              {"access_key_id": acctest.Unknown, "access_key_secret": acctest.Unknown},
		"a part of a list":     {"assume_role": []any{attributes{"role_arn": acctest.Unknown}}},
		"a part of an object":  {"endpoints": attributes{"sts": acctest.Unknown}},
		"an element of a set":  {"allowed_account_ids": []any{acctest.Unknown}},
		"the tags to ignore":   {"ignore_tags": attributes{"keys": []any{acctest.Unknown}}},
		"a number":             {"max_retries": acctest.Unknown},
		"a whole mode":         modeAlone("oauth", acctest.Unknown),
		"a token":              oidcWith("token", acctest.Unknown),
		"a role":               modeAlone("ecs_ram_role", attributes{"role_name": acctest.Unknown}),
		"a command":            modeAlone("external", attributes{"command": acctest.Unknown}),
		"a word of a command":  modeAlone("external", attributes{"command": []any{"get-session", acctest.Unknown}}),
		"an address":           modeAlone("credentials_uri", acctest.Unknown),
		"a login":              ssoWith("access_token", acctest.Unknown),
		"credentials and more": {"profile": acctest.Unknown, "access_key_id": nil, "access_key_secret": nil, "region": acctest.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			p := env.Protocol(t, arguments)
			planned := p.Plan("ram_role", acctest.Object{}, demoRole)
			if planned.Diagnostics.HasError() {
				t.Errorf("a plan that needs no call: %q", planned.Diagnostics.Errors())
			}
			_, diags := p.ReadData("ram_caller_identity", attributes{})
			acctest.RequireOne(t, diags.Errors(), "The provider's configuration is not known yet", "Next step: ")
			for argument := range arguments {
				if arguments[argument] == nil {
					continue
				}
				if !strings.Contains(diags.Errors()[0], argument) {
					t.Errorf("the error does not name %s: %q", argument, diags.Errors())
				}
			}
			if got := env.Emulator.Total(); got != 0 {
				t.Errorf("made %d calls, want none", got)
			}
		})
	}
}

func TestCaller_emulatorOnly(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		arguments attributes
		want      string
	}{
		"everything on this machine": {nil, ""},
		"one endpoint elsewhere":     {attributes{"endpoints": attributes{"ram": "https://ram.example.com"}}, "ram.example.com is none"},
		"the public endpoints":       {attributes{"endpoints": nil}, "RAM_PROVIDER_EMULATOR_ONLY is set"},
		"a proxy elsewhere":          {attributes{"http_proxy": "http://proxy.invalid:3128"}, ""}, // it is for other hosts only
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			environment(env, map[string]string{"RAM_PROVIDER_EMULATOR_ONLY": "1"})
			p, diags := env.Configure(t, test.arguments)
			if test.want != "" {
				acctest.RequireOne(t, diags.Errors(), test.want)
				return
			}
			if _, more := p.ReadData("ram_caller_identity", attributes{}); more.HasError() || diags.HasError() {
				t.Errorf("got %q and %q, want no error", diags.Errors(), more.Errors())
			}
		})
	}
}

// A machine whose home is unknown is no reason to fail while credentials come from
// elsewhere.
func TestCaller_environmentKey(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Machine.HomeDir = func() (string, error) { return "", errors.New("no home") }
	environment(env, map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": env.Admin.ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": env.Admin.Secret})
	if got := identity(t, env, noKey)["credential_source"]; !strings.Contains(fmt.Sprint(got), "environment variable ALIBABA_CLOUD_ACCESS_KEY_ID") {
		t.Errorf("the source is %v", got)
	}
}
