package provider_test

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A source may renew its credentials with those of another account while Terraform runs.
// What would be done there would be recorded as the first account's, and what is in the
// state would look gone.

// fickleSource is one whose next credentials are of the account (by its index) that
// speakFor is told.
type fickleSource struct {
	arguments attributes
	speakFor  func(account int)
}

// fickleSources is every kind of source that can change account; sessions last an hour.
var fickleSources = map[string]func(*testing.T, *acctest.Env) fickleSource{
	"program": func(_ *testing.T, env *acctest.Env) fickleSource {
		current := 0
		env.Machine.Run = func(context.Context, []string) ([]byte, error) {
			key := env.Emulator.Accounts()[current].RootKey
			return json.Marshal(map[string]string{
				"mode": "AK", "access_key_id": key.ID, "access_key_secret": key.Secret,
				"expiration": env.Clock.Now().Add(time.Hour).Format(time.RFC3339),
			})
		}
		return fickleSource{
			modeAlone("external", attributes{"command": "get-key"}),
			func(account int) { current = account },
		}
	},
	"credentials URI": func(t *testing.T, env *acctest.Env) fickleSource {
		t.Helper()
		roles := operators(t, env)
		speakFor := func(account int) { acctest.Must(t, env.Emulator.SetCredentialsURI("terraform", roles[account])) }
		speakFor(0)
		return fickleSource{modeAlone("credentials_uri", env.URL+"/credentials/terraform"), speakFor}
	},
	"ECS instance": func(t *testing.T, env *acctest.Env) fickleSource {
		t.Helper()
		operators(t, env)
		speakFor := func(account int) {
			acctest.Must(t, env.Emulator.SetInstance(emulator.Instance{AccountID: env.Emulator.Accounts()[account].ID, RoleName: "operator"}))
		}
		speakFor(0)
		return fickleSource{modeAlone("ecs_ram_role", attributes{}), speakFor}
	},
	"profile that is read again": func(t *testing.T, env *acctest.Env) fickleSource {
		t.Helper()
		operators(t, env)
		profile := func(account int) attributes {
			id := env.Emulator.Accounts()[account].ID
			login, err := env.Emulator.LogInToCloudSSO("alice@example.com", emulator.CloudSSOAccess{
				AccountID: id, AccessConfigurationID: "ac-admin", RoleName: "operator",
			})
			acctest.Must(t, err)
			return attributes{
				"name": "it", "mode": "CloudSSO", "cloud_sso_sign_in_url": "https://signin-cn-shanghai.alibabacloudsso.com/start/login",
				"cloud_sso_account_id": id, "cloud_sso_access_config": "ac-admin",
				"access_token": login.AccessToken, "cloud_sso_access_token_expire": login.Expiry.Unix(),
			}
		}
		file := writeProfiles(t, env, profile(0))
		return fickleSource{modeAlone("profile", "it"), func(account int) {
			acctest.Must(t, os.WriteFile(file, []byte(profileJSON(t, profile(account))), 0o600))
		}}
	},
}

// operators makes a role that may do all in both accounts.
func operators(t *testing.T, env *acctest.Env) (arns [2]string) {
	t.Helper()
	for i, account := range env.Emulator.Accounts()[:2] {
		client := env.ClientFor(acctest.Key{ID: account.RootKey.ID, Secret: account.RootKey.Secret})
		role, err := client.CreateRole(t.Context(), ramclient.CreateRoleInput{
			RoleName:                 "operator",
			AssumeRolePolicyDocument: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ecs.aliyuncs.com"}}]}`,
		})
		acctest.Must(t, err)
		acctest.Must(t, client.AttachPolicyToRole(t.Context(), ramclient.RolePolicy{RoleName: "operator", PolicyName: "AdministratorAccess", PolicyType: ramclient.PolicySystem}))
		arns[i] = role.ARN
	}
	return arns
}

func TestCaller_changeOfAccountInMidRunIsRefused(t *testing.T) {
	t.Parallel()
	for name, prepare := range fickleSources {
		for guard, allowed := range map[string]any{
			"without a guard": nil, "with one": []string{"1000000000000001"}, "with one for both": []string{"1000000000000001", "1000000000000002"},
		} {
			t.Run(name+"/"+guard, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				source := prepare(t, env)
				source.arguments["allowed_account_ids"] = allowed
				p := env.Protocol(t, source.arguments)
				made := p.MustCreate("ram_role", demoRole)
				planned := p.Plan("ram_user", acctest.Object{}, attributes{"name": "made"})

				source.speakFor(1)
				env.Clock.Advance(6 * time.Hour)
				env.Emulator.ResetRequests()
				_, diags := p.Apply(planned)
				want := []string{
					`Cannot create RAM user "made"`, "credentials of account 1000000000000001 at the beginning",
					"renewed them with those of account 1000000000000002", "Nothing was read or changed with them", "Next step: ",
				}
				acctest.RequireOne(t, diags.Errors(), want...)
				kept, diags := p.Read(made)
				acctest.RequireOne(t, diags.Errors(), want[1:]...)
				if !kept.Exists() {
					t.Error("the role of the first account is out of the state")
				}
				for _, request := range env.Emulator.Requests() {
					signed := slices.Contains([]string{"RAM", "IMS", "STS", "ResourceManager"}, request.Product)
					if signed && request.Account == "1000000000000002" && request.Operation != "GetCallerIdentity" {
						t.Errorf("%s was sent with credentials of the other account", request.Operation)
					}
				}
				if got := env.Emulator.Count("GetCallerIdentity"); got != 1 {
					t.Errorf("asked %d times who the caller is, want once for the new credentials", got)
				}

				// The person has noticed, and puts it right.
				source.speakFor(0)
				env.Clock.Advance(6 * time.Hour)
				if read := p.MustRead(made); !read.Exists() {
					t.Error("back in the first account, the role reads as gone")
				}
			})
		}
	}
}

// Another identity of the same account goes on, and is who the provider acts as.
func TestCaller_changeOfIdentityInMidRunGoesOn(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	acctest.Must(t, env.Emulator.SetCredentialsURI("terraform", operators(t, env)[0]))
	p := env.Protocol(t, attributes{
		"access_key_id": nil, "access_key_secret": nil, "credentials_uri": env.URL + "/credentials/terraform", "allowed_account_ids": []string{env.AccountID},
	})
	for _, role := range []string{"operator", "successor"} {
		who, diags := p.ReadData("ram_caller_identity", attributes{})
		if diags.HasError() {
			t.Fatal(diags.Errors())
		}
		if want := "acs:ram::" + env.AccountID + ":assumed-role/" + role + "/credentials-uri"; who["arn"] != want {
			t.Errorf("the provider acts as %v, want %s", who["arn"], want)
		}
		acctest.Must(t, env.Emulator.SetCredentialsURI("terraform", makeSuccessor(t, env)))
		env.Clock.Advance(50 * time.Minute)
		p.MustCreate("ram_user", attributes{"name": "made-as-" + role})
	}
}

func makeSuccessor(t *testing.T, env *acctest.Env) (arn string) {
	t.Helper()
	if role, err := env.Client.GetRole(t.Context(), "successor"); err == nil {
		return role.ARN
	}
	return makeTrusting(t, env, "successor", `"Service":"ecs.aliyuncs.com"`)
}

// However many calls meet the new credentials, one asks whose they are.
func TestCaller_renewedCredentialsAreAskedAboutOnce(t *testing.T) {
	t.Parallel()
	for name, account := range map[string]int{"the same account": 0, "another account": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			source := fickleSources["credentials URI"](t, env)
			p := env.Protocol(t, source.arguments)
			made := p.MustCreate("ram_role", demoRole)
			source.speakFor(account)
			env.Clock.Advance(2 * time.Hour)
			env.Emulator.ResetRequests()
			var readers sync.WaitGroup
			for range 50 {
				readers.Go(func() {
					if _, diags := p.Read(made); diags.HasError() != (account == 1) {
						t.Errorf("read: %q", diags.Errors())
					}
				})
			}
			readers.Wait()
			for _, operation := range []string{"GetCallerIdentity", "CredentialsURI"} {
				if got := env.Emulator.Count(operation); got != 1 {
					t.Errorf("%d calls of %s, want one", got, operation)
				}
			}
		})
	}
}

// Before it is known whose the renewed credentials are, nothing is sent with them.
func TestCaller_unknownRenewedCredentialsAreNotUsed(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	source := fickleSources["credentials URI"](t, env)
	p := env.Protocol(t, source.arguments)
	made := p.MustCreate("ram_role", demoRole)
	env.Clock.Advance(2 * time.Hour)
	env.Emulator.ResetRequests()
	env.Emulator.Fail("GetCallerIdentity", emulator.Refuse(403, "Forbidden", "Not now."))
	_, diags := p.Read(made)
	acctest.RequireOne(t, diags.Errors(), "Not now.", "Action: GetCallerIdentity")
	if got := env.Emulator.Total() - env.Emulator.Count("GetCallerIdentity") - env.Emulator.Count("CredentialsURI"); got != 0 {
		t.Errorf("%d calls were made with credentials whose account is not known: %v", got, env.Emulator.Requests())
	}
	p.MustRead(made)
}
