package provider_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// credentialMode is one mode as a person would have it ready: what stands in config.json,
// in the provider block and in the environment. What a mode does not offer is nil.
type credentialMode struct {
	profile   attributes   // of config.json, without its name
	sources   []attributes // other profiles that it needs
	arguments attributes
	variables map[string]string
	// caller is who one is then.
	caller string
	// issue is the operation that gives sessions; empty if nothing renews them.
	issue string
	// mayChange is for sources that may come to speak for another account.
	mayChange bool
	// session is how long one lasts.
	session time.Duration
	// everyMinute is what happens on the machine meanwhile; nil for nothing.
	everyMinute func()
}

// quarter is the shortest session that STS gives.
const quarter = 15 * time.Minute

// credentialModes is every mode of the Alibaba Cloud CLI that can sign.
var credentialModes = map[string]func(*testing.T, *acctest.Env) credentialMode{
	"AK": func(_ *testing.T, env *acctest.Env) credentialMode {
		return credentialMode{
			profile:   attributes{"mode": "AK", "access_key_id": env.Admin.ID, "access_key_secret": env.Admin.Secret},
			arguments: attributes{"access_key_id": env.Admin.ID, "access_key_secret": env.Admin.Secret},
			variables: map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": env.Admin.ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": env.Admin.Secret},
			caller:    "user/terraform",
		}
	},
	"StsToken": func(t *testing.T, env *acctest.Env) credentialMode {
		t.Helper()
		held := assume(t, env)
		return credentialMode{
			profile:   attributes{"mode": "StsToken", "access_key_id": held.id, "access_key_secret": held.secret, "sts_token": held.token},
			arguments: held.arguments(),
			variables: map[string]string{
				"ALIBABA_CLOUD_ACCESS_KEY_ID": held.id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": held.secret, "ALIBABA_CLOUD_SECURITY_TOKEN": held.token,
			},
			caller: "assumed-role/operator/test",
		}
	},
	"RamRoleArn": func(t *testing.T, env *acctest.Env) credentialMode {
		t.Helper()
		arn := makeOperator(t, env, `"RAM":"acs:ram::`+env.AccountID+`:root"`)
		return credentialMode{
			profile: attributes{
				"mode": "RamRoleArn", "access_key_id": env.Admin.ID, "access_key_secret": env.Admin.Secret,
				"ram_role_arn": arn, "ram_session_name": "ci", "expired_seconds": 900,
			},
			arguments: attributes{
				"access_key_id": env.Admin.ID, "access_key_secret": env.Admin.Secret,
				"assume_role": []any{attributes{"role_arn": arn, "role_session_name": "ci", "duration_seconds": 900}},
			},
			caller: "assumed-role/operator/ci", issue: "AssumeRole", session: quarter,
		}
	},
	"ChainableRamRoleArn": func(t *testing.T, env *acctest.Env) credentialMode {
		t.Helper()
		first, second := chainOfRoles(t, env)
		there := env.Emulator.Accounts()[1].RootKey
		acctest.Must(t, env.ClientFor(acctest.Key{ID: there.ID, Secret: there.Secret}).AttachPolicyToRole(t.Context(),
			ramclient.RolePolicy{RoleName: "second", PolicyName: "AdministratorAccess", PolicyType: ramclient.PolicySystem}))
		return credentialMode{
			profile: attributes{
				"mode": "ChainableRamRoleArn", "source_profile": "source", "ram_role_arn": second,
				"ram_session_name": "ci", "external_id": "ticket-1", "expired_seconds": 900,
			},
			sources: []attributes{{
				"name": "source", "mode": "RamRoleArn", "access_key_id": env.Admin.ID, "access_key_secret": env.Admin.Secret,
				"ram_role_arn": first, "ram_session_name": "hop", "expired_seconds": 3600,
			}},
			arguments: attributes{
				"access_key_id": env.Admin.ID, "access_key_secret": env.Admin.Secret,
				"assume_role": []any{
					attributes{"role_arn": first},
					attributes{"role_arn": second, "role_session_name": "ci", "external_id": "ticket-1", "duration_seconds": 900},
				},
			},
			caller: "assumed-role/second/ci", issue: "AssumeRole", session: quarter,
		}
	},
	"EcsRamRole": func(t *testing.T, env *acctest.Env) credentialMode {
		t.Helper()
		makeOperator(t, env, `"Service":"ecs.aliyuncs.com"`)
		acctest.Must(t, env.Emulator.SetInstance(emulator.Instance{RoleName: "operator", Metadata: emulator.MetadataTokenOnly}))
		return credentialMode{
			profile:   attributes{"mode": "EcsRamRole", "ram_role_name": "operator"},
			arguments: attributes{"ecs_ram_role": attributes{"role_name": "operator", "disable_imdsv1": true}},
			variables: map[string]string{"ALIBABA_CLOUD_ECS_METADATA": "operator"},
			caller:    "assumed-role/operator/i-emulated0000000001", mayChange: true, issue: "ECSMetadata", session: 6 * time.Hour,
		}
	},
	"RamRoleArnWithRoleName": func(t *testing.T, env *acctest.Env) credentialMode {
		t.Helper()
		makeOperator(t, env, `"Service":"ecs.aliyuncs.com","RAM":"acs:ram::`+env.AccountID+`:root"`)
		acctest.Must(t, env.Emulator.SetInstance(emulator.Instance{RoleName: "operator"}))
		arn := "acs:ram::" + env.AccountID + ":role/operator"
		return credentialMode{
			profile: attributes{
				"mode": "RamRoleArnWithRoleName", "ram_role_name": "operator", "ram_role_arn": arn,
				"ram_session_name": "ci", "expired_seconds": 900,
			},
			arguments: attributes{
				"ecs_ram_role": attributes{},
				"assume_role":  []any{attributes{"role_arn": arn, "role_session_name": "ci", "duration_seconds": 900}},
			},
			caller: "assumed-role/operator/ci", issue: "AssumeRole", session: quarter,
		}
	},
	"RsaKeyPair": func(t *testing.T, env *acctest.Env) credentialMode {
		t.Helper()
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		acctest.Must(t, err)
		public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
		acctest.Must(t, err)
		id, err := env.Emulator.RegisterPublicKey("acs:ram::"+env.AccountID+":user/terraform",
			string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})))
		acctest.Must(t, err)
		return credentialMode{
			profile: attributes{
				"mode": "RsaKeyPair", "key_pair_name": id, "expired_seconds": 900,
				"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})),
			},
			caller: "user/terraform", mayChange: true, issue: "GenerateSessionAccessKey", session: quarter,
		}
	},
	"External": func(t *testing.T, env *acctest.Env) credentialMode {
		t.Helper()
		arn := makeOperator(t, env, `"RAM":"acs:ram::`+env.AccountID+`:root"`)
		env.Machine.Run = func(ctx context.Context, argv []string) ([]byte, error) {
			if strings.Join(argv, "|") != "get-session|for ci" {
				return nil, fmt.Errorf("no such program: %q", argv)
			}
			made, err := env.ClientFor(env.Admin).AssumeRole(ctx, ramclient.AssumeRoleInput{RoleARN: arn, RoleSessionName: "ci", DurationSeconds: 900})
			if err != nil {
				return nil, err
			}
			return json.Marshal(map[string]string{
				"mode": "StsToken", "access_key_id": made.Credentials.AccessKeyID, "access_key_secret": made.Credentials.AccessKeySecret.Reveal(),
				"sts_token": made.Credentials.SecurityToken.Reveal(), "expiration": made.Credentials.Expiration.Format(time.RFC3339),
			})
		}
		return credentialMode{
			profile:   attributes{"mode": "External", "process_command": "get-session 'for ci'"},
			arguments: attributes{"external": attributes{"command": []any{"get-session", "for ci"}, "timeout": "10s"}},
			caller:    "assumed-role/operator/ci", mayChange: true, issue: "AssumeRole", session: quarter,
		}
	},
	"CredentialsURI": func(t *testing.T, env *acctest.Env) credentialMode {
		t.Helper()
		acctest.Must(t, env.Emulator.SetCredentialsURI("terraform", makeOperator(t, env, `"Service":"ecs.aliyuncs.com"`)))
		address := env.URL + "/credentials/terraform"
		return credentialMode{
			profile:   attributes{"mode": "CredentialsURI", "credentials_uri": address},
			arguments: attributes{"credentials_uri": address},
			variables: map[string]string{"ALIBABA_CLOUD_CREDENTIALS_URI": address},
			caller:    "assumed-role/operator/credentials-uri", mayChange: true, issue: "CredentialsURI", session: time.Hour,
		}
	},
	"OIDC": func(t *testing.T, env *acctest.Env) credentialMode {
		t.Helper()
		role, provider := makeFederated(t, env)
		file := filepath.Join(t.TempDir(), "token")
		newToken := func() { acctest.Must(t, os.WriteFile(file, []byte(issueToken(t, env, 2*time.Minute)+"\n"), 0o600)) }
		newToken()
		return credentialMode{
			profile: attributes{
				"mode": "OIDC", "oidc_provider_arn": provider, "oidc_token_file": file, "ram_role_arn": role,
				"ram_session_name": "ci", "expired_seconds": 900,
			},
			arguments: attributes{"assume_role_with_oidc": attributes{
				"oidc_provider_arn": provider, "role_arn": role, "token_file": file, "role_session_name": "ci", "duration_seconds": 900,
			}},
			variables: map[string]string{
				"ALIBABA_CLOUD_ROLE_ARN": role, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": provider, "ALIBABA_CLOUD_OIDC_TOKEN_FILE": file,
			},
			caller: "assumed-role/operator/", issue: "AssumeRoleWithOIDC", session: quarter, everyMinute: newToken,
		}
	},
	"CloudSSO": func(t *testing.T, env *acctest.Env) credentialMode {
		t.Helper()
		makeOperator(t, env, `"Service":"ecs.aliyuncs.com"`)
		login, err := env.Emulator.LogInToCloudSSO("alice@example.com", emulator.CloudSSOAccess{
			AccountID: env.AccountID, AccessConfigurationID: "ac-admin", RoleName: "operator", SessionSeconds: 900,
		})
		acctest.Must(t, err)
		const portal = "https://signin-cn-shanghai.alibabacloudsso.com/start/login"
		return credentialMode{
			profile: attributes{
				"mode": "CloudSSO", "cloud_sso_sign_in_url": portal, "cloud_sso_account_id": env.AccountID, "cloud_sso_access_config": "ac-admin",
				"access_token": login.AccessToken, "cloud_sso_access_token_expire": login.Expiry.Unix(),
			},
			arguments: attributes{"cloud_sso": attributes{
				"sign_in_url": portal, "account_id": env.AccountID, "access_configuration_id": "ac-admin", "access_token": login.AccessToken,
			}},
			caller: "assumed-role/operator/alice@example.com", mayChange: true, issue: "CloudSSOCredentials", session: quarter,
		}
	},
	"OAuth": func(t *testing.T, env *acctest.Env) credentialMode {
		t.Helper()
		tokens := logInAlice(t, env)
		return credentialMode{
			profile: attributes{
				"mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": tokens.AccessToken,
				"oauth_refresh_token": tokens.RefreshToken, "oauth_access_token_expire": tokens.AccessTokenExpiry.Unix(),
			},
			arguments: attributes{"oauth": attributes{"site": "CN", "access_token": tokens.AccessToken}},
			caller:    "user/alice", mayChange: true, issue: "OAuthExchange", session: time.Hour,
		}
	},
}

// configure makes the mode ready in one way and returns the provider's arguments; false if
// the mode does not offer that way.
func (m credentialMode) configure(t *testing.T, env *acctest.Env, way string) (attributes, bool) {
	t.Helper()
	arguments := attributes{"access_key_id": nil, "access_key_secret": nil}
	switch {
	case way == "profile" && m.profile != nil:
		m.profile["name"] = "it"
		writeProfiles(t, env, append(m.sources, m.profile)...)
		arguments["profile"] = "it"
	case way == "arguments" && m.arguments != nil:
		maps.Copy(arguments, m.arguments)
	case way == "environment" && m.variables != nil:
		environment(env, m.variables)
	default:
		return nil, false
	}
	return arguments, true
}

// eachWay runs a test of its own for every mode and every way to configure it.
func eachWay(t *testing.T, test func(t *testing.T, env *acctest.Env, mode credentialMode, arguments attributes)) {
	t.Helper()
	for name, prepare := range credentialModes {
		for _, way := range []string{"profile", "arguments", "environment"} {
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				mode := prepare(t, env)
				arguments, ok := mode.configure(t, env, way)
				if !ok {
					t.Skip("the mode cannot be configured like this")
				}
				if way == "environment" && mode.session == quarter {
					mode.session = time.Hour // no variable sets it
				}
				env.Emulator.ResetRequests()
				test(t, env, mode, arguments)
			})
		}
	}
}

func TestModes_applyAndSayWhoOneIs(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, env *acctest.Env, mode credentialMode, arguments attributes) {
		t.Helper()
		p := env.Protocol(t, arguments)
		if got := env.Emulator.Total(); got != 0 {
			t.Errorf("Configure made %d calls, want none", got)
		}
		who, diags := p.ReadData("ram_caller_identity", attributes{})
		if diags.HasError() {
			t.Fatal(diags.Errors())
		}
		if arn := fmt.Sprint(who["arn"]); !strings.Contains(arn, ":"+mode.caller) {
			t.Errorf("the provider acts as %s, want %s", arn, mode.caller)
		}
		if who["credential_source"] == "" {
			t.Error("nothing says where the credentials come from")
		}
		if _, diags := p.Apply(p.Plan("ram_user", acctest.Object{}, attributes{"name": "made"})); diags.HasError() {
			t.Error(diags.Errors())
		}
		if mode.issue != "" && env.Emulator.Count(mode.issue) == 0 {
			t.Errorf("no session was got by %s: %v", mode.issue, env.Emulator.Requests())
		}
	})
}

func TestModes_deprecatedOnesAreWarnedOf(t *testing.T) {
	t.Parallel()
	deprecated := map[string]string{"RsaKeyPair": "Replace it by", "RamRoleArnWithRoleName": "ChainableRamRoleArn"}
	for name, prepare := range credentialModes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			arguments, _ := prepare(t, env).configure(t, env, "profile")
			_, diags := env.Configure(t, arguments)
			if advice := deprecated[name]; advice != "" {
				acctest.RequireOne(t, diags.Warnings(), "deprecated mode "+name, advice)
			} else if got := diags.Warnings(); len(got) > 0 {
				t.Errorf("got %q, want no warning", got)
			}
		})
	}
}

// The service may call a session expired before its time, as after a change of the role.
func TestModes_sessionCalledExpiredIsRenewedOnce(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, env *acctest.Env, mode credentialMode, arguments attributes) {
		t.Helper()
		p := env.Protocol(t, arguments)
		if _, diags := p.ReadData("ram_caller_identity", attributes{}); diags.HasError() {
			t.Fatal(diags.Errors())
		}
		planned := p.Plan("ram_user", acctest.Object{}, attributes{"name": "made"})
		env.Emulator.Fail("CreateUser", emulator.ExpireToken())
		env.Emulator.ResetRequests()
		_, diags := p.Apply(planned)
		if mode.issue == "" {
			acctest.RequireOne(t, diags.Errors(), "InvalidSecurityToken.Expired", "use a credential mode that refreshes itself")
			if got := env.Emulator.Count("CreateUser"); got != 1 {
				t.Errorf("the call was made %d times, want once", got)
			}
			return
		}
		if diags.HasError() {
			t.Error(diags.Errors())
		}
		if got := env.Emulator.Count(mode.issue); got != 1 {
			t.Errorf("%d sessions were got, want one", got)
		}
		if got := env.Emulator.Count("CreateUser"); got != 2 {
			t.Errorf("the call was made %d times, want twice", got)
		}
	})
}

func TestModes_halfAnHourWithSessionsOfAQuarter(t *testing.T) {
	t.Parallel()
	const minutes = 30
	eachWay(t, func(t *testing.T, env *acctest.Env, mode credentialMode, arguments attributes) {
		t.Helper()
		if mode.issue == "" {
			t.Skip("nothing renews it")
		}
		p := env.Protocol(t, arguments)
		for minute := range minutes {
			env.Clock.Advance(time.Minute)
			if mode.everyMinute != nil {
				mode.everyMinute()
			}
			planned := p.Plan("ram_user", acctest.Object{}, attributes{"name": fmt.Sprintf("made-%d", minute)})
			if _, diags := p.Apply(planned); diags.HasError() {
				t.Fatalf("after %d minutes: %q", minute+1, diags.Errors())
			}
		}
		for _, request := range env.Emulator.Requests() {
			if strings.Contains(request.Code, "Expired") {
				t.Errorf("%s at %s failed with %s", request.Operation, request.Time, request.Code)
			}
		}
		// A session is renewed when a quarter of it is left. The chain's first link lasts.
		least, most := 1, 2
		if mode.session == quarter {
			least, most = 3, 4
		}
		if got := env.Emulator.Count(mode.issue); got < least || got > most {
			t.Errorf("%d sessions of %s in %d minutes, want %d to %d", got, mode.session, minutes, least, most)
		}
		asked := 1
		if mode.mayChange {
			asked = env.Emulator.Count(mode.issue)
		}
		if got := env.Emulator.Count("GetCallerIdentity"); got != asked {
			t.Errorf("asked %d times who the caller is, want %d", got, asked)
		}
	})
}

// makeOperator makes the role that may do all and trusts the principals.
func makeOperator(t *testing.T, env *acctest.Env, principals string) (arn string) {
	t.Helper()
	return makeTrusting(t, env, "operator", principals)
}

func makeTrusting(t *testing.T, env *acctest.Env, name, principals string) (arn string) {
	t.Helper()
	ctx := t.Context()
	role, err := env.Client.CreateRole(ctx, ramclient.CreateRoleInput{
		RoleName:                 name,
		AssumeRolePolicyDocument: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{` + principals + `}}]}`,
	})
	acctest.Must(t, err)
	acctest.Must(t, env.Client.AttachPolicyToRole(ctx, ramclient.RolePolicy{RoleName: name, PolicyName: "AdministratorAccess", PolicyType: ramclient.PolicySystem}))
	return role.ARN
}

// makeFederated makes an OIDC provider and the operator role, which trusts its tokens and
// ECS.
func makeFederated(t *testing.T, env *acctest.Env) (role, provider string) {
	t.Helper()
	made, err := env.Client.CreateOIDCProvider(t.Context(), ramclient.CreateOIDCProviderInput{
		OIDCProviderName: "ci", IssuerURL: emulator.DefaultIssuer, ClientIDs: []string{"sts.aliyuncs.com"},
	})
	acctest.Must(t, err)
	return makeOperator(t, env, `"Federated":"`+made.ARN+`","Service":"ecs.aliyuncs.com"`), made.ARN
}

// issueToken makes an OIDC token for the provider of makeFederated.
func issueToken(t *testing.T, env *acctest.Env, life time.Duration) string {
	t.Helper()
	token, err := env.Emulator.IssueToken(map[string]any{"aud": "sts.aliyuncs.com", "exp": env.Clock.Now().Add(life)})
	acctest.Must(t, err)
	return token
}

// logInAlice installs official-cli, assigns alice to it and logs her in.
func logInAlice(t *testing.T, env *acctest.Env) emulator.OAuthTokens {
	t.Helper()
	ctx := t.Context()
	env.UserKey(t, "alice", "AdministratorAccess")
	_, err := env.Client.ProvisionExternalApplication(ctx, emulator.OfficialCLICN, []string{"openid", "/internal/ram/usersts"})
	acctest.Must(t, err)
	acctest.Must(t, env.Client.CreateApplicationAssignment(ctx, ramclient.ApplicationAssignment{
		AppID: emulator.OfficialCLICN, PrincipalName: env.PrincipalName("alice"), PrincipalType: ramclient.AssigneeUser,
	}))
	tokens, err := env.Emulator.LogIn(emulator.OfficialCLICN, "acs:ram::"+env.AccountID+":user/alice")
	acctest.Must(t, err)
	return tokens
}

// writeProfiles gives the machine a home with a config.json, whose current profile is the
// last one.
func writeProfiles(t *testing.T, env *acctest.Env, profiles ...attributes) (file string) {
	t.Helper()
	text, err := json.Marshal(attributes{"current": profiles[len(profiles)-1]["name"], "profiles": profiles})
	acctest.Must(t, err)
	home := t.TempDir()
	file = filepath.Join(home, ".aliyun", "config.json")
	acctest.Must(t, os.MkdirAll(filepath.Dir(file), 0o700))
	acctest.Must(t, os.WriteFile(file, text, 0o600))
	env.Machine.HomeDir = func() (string, error) { return home, nil }
	return file
}

// waitForLocksInRealTime lets whoever wants a lock wait until its holder, who works in
// real time, is done. On the fake clock the longest wait is over in a moment.
func waitForLocksInRealTime(t *testing.T, env *acctest.Env) {
	t.Helper()
	try := env.Machine.TryLock
	env.Machine.TryLock = func(path string) (func(), bool, error) {
		for {
			release, held, err := try(path)
			if held || err != nil {
				return release, held, err
			}
			select {
			case <-time.After(time.Millisecond):
			case <-t.Context().Done():
				return nil, false, t.Context().Err()
			}
		}
	}
}

// Each provider alias is a process of its own with the same profile, and the service takes
// a refresh token once: the two must not log each other out.
func TestModes_loginOfTheCLIIsRenewedOnceForTwoProviders(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	mode := credentialModes["OAuth"](t, env)
	other := attributes{"name": "other", "mode": "AK", "access_key_id": env.Admin.ID, "access_key_secret": env.Admin.Secret, "unheard_of": "kept"}
	mode.profile["name"] = "it"
	file := writeProfiles(t, env, other, mode.profile)
	env.Clock.Advance(2 * time.Hour) // longer than an access token lasts
	env.Emulator.ResetRequests()
	waitForLocksInRealTime(t, env)

	var providers sync.WaitGroup
	for range 2 {
		p := env.Protocol(t, modeAlone("profile", "it"))
		providers.Go(func() {
			if _, diags := p.ReadData("ram_caller_identity", attributes{}); diags.HasError() {
				t.Error(diags.Errors())
			}
		})
	}
	providers.Wait()
	if got := env.Emulator.Count("OAuthToken"); got != 1 {
		t.Errorf("the refresh token was used %d times, want once", got)
	}
	var after struct{ Profiles []attributes }
	acctest.Must(t, json.Unmarshal([]byte(readFile(t, file)), &after))
	if diff := cmp.Diff(other, after.Profiles[0]); diff != "" {
		t.Errorf("the other profile (-before +after):\n%s", diff)
	}
	if before, now := mode.profile["oauth_refresh_token"], after.Profiles[1]["oauth_refresh_token"]; now == before || now == nil {
		t.Error("the new refresh token is not in the file")
	}
	// A later run goes on from what this one has written.
	env.Clock.Advance(2 * time.Hour)
	if got := callerName(t, env, modeAlone("profile", "it")); got != "user/alice" {
		t.Errorf("the later run acts as %s, want user/alice", got)
	}
}

// The void refresh token in the file is the person's next problem, so they must see it,
// whichever verb happens to renew the login.
func TestModes_loginThatCannotBeSavedIsWarnedOfOnce(t *testing.T) {
	t.Parallel()
	for name, ends := range map[string]time.Duration{"at the start": -time.Hour, "in mid-run": time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			mode := credentialModes["OAuth"](t, env)
			mode.profile["name"], mode.profile["oauth_access_token_expire"] = "it", env.Clock.Now().Add(ends).Unix()
			file := writeProfiles(t, env, mode.profile)
			acctest.Must(t, os.Chmod(file, 0o400))
			p := env.Protocol(t, modeAlone("profile", "it"))

			var warnings []string
			for i := range 6 {
				made, diags := p.Apply(p.Plan("ram_user", acctest.Object{}, attributes{"name": fmt.Sprintf("made-%d", i)}))
				if diags.HasError() || !made.Exists() {
					t.Fatalf("apply %d: %q", i, diags.Errors())
				}
				warnings = append(warnings, diags.Warnings()...)
				env.Clock.Advance(45 * time.Minute)
			}
			acctest.RequireOne(t, warnings, `The renewed login of profile "it" could not be saved`, file, "will need a new login", "aliyun configure --mode OAuth")
			if got := env.Emulator.Count("OAuthToken"); got < 2 {
				t.Errorf("the login was renewed %d times, want twice at least", got)
			}
		})
	}
}
