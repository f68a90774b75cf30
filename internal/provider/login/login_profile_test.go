package login_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	loginresource "github.com/ramprovider/terraform-provider-ram/internal/provider/login"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

const (
	profile = "ram_login_profile"
	settled = time.Minute

	firstPassword  = "first-Example-1"
	secondPassword = "second-Example-2"
)

type attributes = map[string]any

// login is the configuration of alice's login, with more attributes or others.
func login(more attributes) attributes {
	all := attributes{"user_name": "alice", "password_wo": firstPassword, "password_wo_version": "1"}
	maps.Copy(all, more)
	return all
}

// newWorld has the users alice and bob.
func newWorld(t *testing.T, options ...func(*emulator.Config)) *acctest.Env {
	t.Helper()
	env := acctest.New(t, options...)
	populate(t, env)
	env.Emulator.ResetRequests()
	return env
}

func populate(t testing.TB, env *acctest.Env) {
	t.Helper()
	for _, user := range []string{"alice", "bob"} {
		env.MakeUser(t, user)
	}
	env.Clock.Advance(settled)
}

// requirePassword fails the test unless alice can change this password into another, which
// takes the old one.
func requirePassword(t *testing.T, env *acctest.Env, password string) {
	t.Helper()
	key, err := env.Client.CreateAccessKey(t.Context(), env.PrincipalName("alice"))
	acctest.Must(t, err)
	alice := rpc.New(rpc.Config{
		Endpoints:   map[string]string{"IMS": env.URL},
		Credentials: fixed{AccessKeyID: key.AccessKeyID, AccessKeySecret: key.AccessKeySecret},
		Clock:       env.Clock,
	})
	in := struct {
		OldPassword rpc.Secret `param:"OldPassword"`
		NewPassword rpc.Secret `param:"NewPassword"`
	}{rpc.NewSecret(password), rpc.NewSecret("another-Example-3")}
	operation := rpc.Operation{Product: "IMS", Version: "2019-08-15", Name: "ChangePassword", Retry: rpc.RetryNever}
	if err := alice.Do(t.Context(), operation, in, nil); err != nil {
		t.Errorf("the password is not %q: %v", password, err)
	}
	acctest.Must(t, env.Client.DeleteAccessKey(t.Context(), ramclient.AccessKeyRef{UserPrincipalName: env.PrincipalName("alice"), AccessKeyID: key.AccessKeyID}))
}

func TestLoginProfile_life(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate(profile, login(nil))
	got := p.Attributes(made.Value)
	if got["password_wo"] != nil || got["login_name"] != env.PrincipalName("alice") || got["status"] != "Active" {
		t.Errorf("got state %v", got)
	}
	if diff := cmp.Diff(attributes{"user_name": "alice", "account_id": env.AccountID}, p.IdentityAttributes(made)); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	env.RequireSettled(t, made, login(nil))
	// Another password alone is not seen, by design: only its version is.
	env.RequireSettled(t, made, login(attributes{"password_wo": secondPassword}))
	requirePassword(t, env, firstPassword)

	config := login(attributes{"password_wo": secondPassword, "password_wo_version": "2", "mfa_bind_required": true, "password_reset_required": true, "status": "Inactive"})
	changed := p.MustApply(profile, made, config)
	env.RequireSettled(t, changed, config)
	requirePassword(t, env, secondPassword)

	p.MustDestroy(changed)
	if _, err := env.Client.GetLoginProfile(t.Context(), env.PrincipalName("alice")); !ramclient.IsNotFound(err) {
		t.Errorf("the login is still there: %v", err)
	}
}

// A change of settings does not send the password.
func TestLoginProfile_settingsKeepThePassword(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate(profile, login(nil))
	p.MustApply(profile, made, login(attributes{"password_wo": secondPassword, "mfa_bind_required": true}))
	requirePassword(t, env, firstPassword)
}

func TestLoginProfile_withoutPassword(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	config := attributes{"user_name": "alice"}
	made := env.Protocol(t, nil).MustCreate(profile, config)
	env.RequireSettled(t, made, config)
}

func TestLoginProfile_drift(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	made := env.Protocol(t, nil).MustCreate(profile, login(nil))
	env.Clock.Advance(settled)
	_, err := env.Client.UpdateLoginProfile(t.Context(), ramclient.UpdateLoginProfileInput{UserPrincipalName: env.PrincipalName("alice"), Status: ramclient.LoginInactive})
	acctest.Must(t, err)
	p := env.Protocol(t, nil)
	read := p.MustRead(made)
	if got := p.Attributes(read.Value)["status"]; got != "Inactive" {
		t.Errorf("read status %v, want Inactive", got)
	}
	env.RequireSettled(t, p.MustApply(profile, read, login(nil)), login(nil))

	env.Clock.Advance(settled)
	acctest.Must(t, env.Client.DeleteLoginProfile(t.Context(), env.PrincipalName("alice")))
	p = env.Protocol(t, nil)
	if p.MustRead(made).Exists() {
		t.Error("a login that is gone is still in state")
	}
	p.MustDestroy(made)
}

// A rename of the user, here or in the console, is followed in place; a namesake is left
// alone.
func TestLoginProfile_rename(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	made := env.Protocol(t, nil).MustCreate(profile, login(nil))
	env.Clock.Advance(settled)
	p := env.Protocol(t, nil)
	user, _ := p.Import("ram_user", "alice")
	rename := p.Plan("ram_user", user, attributes{"name": "alicia"})
	config := login(attributes{"user_name": "alicia"})
	follow := p.Plan(profile, p.MustRead(made), config)
	if len(follow.Replace) > 0 {
		t.Fatalf("a rename plans a replacement for %v", follow.Replace)
	}
	for _, one := range []acctest.Planned{rename, follow} {
		after, diags := p.Apply(one)
		if diags.HasError() {
			t.Fatalf("apply: %q", diags.Errors())
		}
		made = after
	}
	env.RequireSettled(t, made, config)
	if slices.Contains(env.TakeCalls(), "UpdateLoginProfile") {
		t.Error("following a rename changes the login")
	}

	env.MakeUser(t, "alice")
	env.Clock.Advance(settled)
	env.GiveLogin(t, "alice")
	planned := env.Protocol(t, nil).Plan(profile, made, login(nil))
	if len(planned.Replace) == 0 {
		t.Error("another user's name plans no replacement")
	}
	env.Protocol(t, nil).MustDestroy(made)
	if _, err := env.Client.GetLoginProfile(t.Context(), env.PrincipalName("alice")); err != nil {
		t.Errorf("the namesake has lost its login: %v", err)
	}
}

func TestLoginProfile_callsAreCounted(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	p := env.Protocol(t, nil)
	planned := p.Plan(profile, acctest.Object{}, login(nil))
	if got, want := env.TakeCalls(), []string{"GetCallerIdentity", "GetDefaultDomain", "ListAccessKeys"}; !slices.Equal(got, want) {
		t.Errorf("plan of a create: got calls %v, want %v", got, want)
	}
	made, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	if got, want := env.TakeCalls(), []string{"GetUser", "CreateLoginProfile"}; !slices.Equal(got, want) {
		t.Errorf("create: got calls %v, want %v", got, want)
	}
	env.Clock.Advance(settled)
	p = env.Protocol(t, nil)
	p.Plan(profile, p.MustRead(made), login(nil))
	if got, want := env.TakeCalls(), []string{"GetCallerIdentity", "GetUser", "GetLoginProfile"}; !slices.Equal(got, want) {
		t.Errorf("plan: got calls %v, want %v", got, want)
	}
	env.Protocol(t, nil).MustDestroy(made)
	if got, want := env.TakeCalls(), []string{"GetCallerIdentity", "GetUser", "DeleteLoginProfile"}; !slices.Equal(got, want) {
		t.Errorf("destroy: got calls %v, want %v", got, want)
	}
}

func TestLoginProfile_import(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	env.GiveLogin(t, "alice")
	p := env.Protocol(t, nil)
	byName, diags := p.Import(profile, "alice")
	byIdentity, more := p.ImportByIdentity(profile, attributes{"user_name": "alice"})
	if diags.HasError() || more.HasError() {
		t.Fatalf("import: %q, %q", diags.Errors(), more.Errors())
	}
	env.RequireSettled(t, byName, attributes{"user_name": "alice"})
	env.RequireSettled(t, byIdentity, attributes{"user_name": "alice"})
}

// A login that was there is somebody else's.
func TestLoginProfile_taken(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	env.GiveLogin(t, "alice")
	p := env.Protocol(t, nil)
	made, diags := p.Apply(p.Plan(profile, acctest.Object{}, login(nil)))
	acctest.RequireOne(t, diags.Errors(), `Cannot create the console login of RAM user "alice"`, "import {", `id = "alice"`)
	if made.Exists() {
		t.Error("the other login is in state")
	}
}

// Nor does it get another password because an answer was lost.
func TestLoginProfile_takenAndAnAnswerLost(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{"reset before": emulator.ResetBefore(), "500": emulator.CommitThen500()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newWorld(t)
			env.Protocol(t, nil).MustCreate(profile, login(nil)) // in another state, with the same settings
			env.Clock.Advance(settled)
			env.Emulator.Fail("CreateLoginProfile", fault)
			p := env.Protocol(t, nil)
			made, diags := p.Apply(p.Plan(profile, acctest.Object{}, login(attributes{"password_wo": secondPassword})))
			acctest.RequireOne(t, diags.Errors(), `Cannot create the console login of RAM user "alice"`, "import {", `id = "alice"`)
			if made.Exists() {
				t.Error("the other login is in state")
			}
			requirePassword(t, env, firstPassword)
		})
	}
}

// After a lost answer the login has the password that was planned.
func TestLoginProfile_lostAnswers(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"reset before": emulator.ResetBefore(), "commit then reset": emulator.CommitThenReset(), "commit then 500": emulator.CommitThen500(), "truncated": emulator.TruncatedBody(),
	} {
		for _, operation := range []string{"CreateLoginProfile", "UpdateLoginProfile", "DeleteLoginProfile"} {
			t.Run(operation+" "+name, func(t *testing.T) {
				t.Parallel()
				env := newWorld(t)
				p := env.Protocol(t, nil)
				env.Emulator.Fail(operation, fault)
				made := p.MustCreate(profile, login(nil))
				requirePassword(t, env, firstPassword)
				config := login(attributes{"password_wo": secondPassword, "password_wo_version": "2", "mfa_bind_required": true})
				changed := p.MustApply(profile, made, config)
				env.RequireSettled(t, changed, config)
				requirePassword(t, env, secondPassword)
				p.MustDestroy(changed)
			})
		}
	}
}

// People and programs had better have users of their own.
func TestLoginProfile_besideAccessKeys(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	key, err := env.Client.CreateAccessKey(t.Context(), env.PrincipalName("alice"))
	acctest.Must(t, err)
	env.Clock.Advance(settled)
	warnings := env.Protocol(t, nil).Plan(profile, acctest.Object{}, login(nil)).Diagnostics.Warnings()
	if len(warnings) != 1 || !strings.Contains(warnings[0], `RAM user "alice" has AccessKeys, and will have a console login`) || !strings.Contains(warnings[0], key.AccessKeyID) {
		t.Errorf("want one warning that names %s, got %q", key.AccessKeyID, warnings)
	}
}

// Terraform does not take away the login of the user that it runs as.
func TestLoginProfile_ofTerraformItself(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	own := login(attributes{"user_name": "terraform"})
	made := env.Protocol(t, nil).MustCreate(profile, own)
	p := env.Protocol(t, nil)
	acctest.RequireOne(t, p.Plan(profile, made, nil).Diagnostics.Errors(), `Refusing to remove the console login of RAM user "terraform"`, "allow_self_change")
	disabled := login(attributes{"user_name": "terraform", "status": "Inactive"})
	acctest.RequireOne(t, p.Plan(profile, made, disabled).Diagnostics.Errors(), `Refusing to disable the console login of RAM user "terraform"`)
	env.Protocol(t, attributes{"allow_self_change": true}).MustDestroy(made)
}

func TestLoginProfile_underLag(t *testing.T) {
	t.Parallel()
	env := newWorld(t, func(c *emulator.Config) { c.Lag = time.Second })
	made := env.Protocol(t, nil).MustCreate(profile, login(nil))
	env.RequireSettled(t, made, login(nil))
}

func TestLoginProfile_wrongAccountKeepsState(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	made := env.Protocol(t, nil).MustCreate(profile, login(nil))
	other := env.Emulator.Accounts()[1].RootKey
	left, diags := env.Protocol(t, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret}).Read(made)
	acctest.RequireOne(t, diags.Errors(), "Wrong Alibaba Cloud account")
	if !left.Exists() {
		t.Error("the login has left the state")
	}
}

func TestLoginProfile_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	acctest.RequireExactPermissions(t, acctest.Life{
		Type: profile, Permissions: loginresource.NewResource().(permission.Declarer).Permissions(),
		Prepare: populate, Create: login(nil), Update: login(attributes{"mfa_bind_required": true}),
	})
}

func TestLoginProfile_invalidConfig(t *testing.T) {
	t.Parallel()
	p := newWorld(t).Protocol(t, nil)
	for name, test := range map[string]struct {
		config attributes
		want   string
	}{
		"a password without a version": {login(attributes{"password_wo_version": nil}), "has no version"},
		"an empty password":            {login(attributes{"password_wo": ""}), "is empty"},
		"a space in the name":          {login(attributes{"user_name": "a b"}), "1 to 64 letters"},
		"a status that is none":        {login(attributes{"status": "Locked"}), `"Active" "Inactive"`},
	} {
		errs := p.Validate(profile, test.config).Errors()
		if len(errs) != 1 || !strings.Contains(errs[0], test.want) {
			t.Errorf("%s: got %q, want one error with %q", name, errs, test.want)
		}
		if len(errs) > 0 && strings.Contains(errs[0], firstPassword) {
			t.Errorf("%s: the error repeats the password", name)
		}
	}
}

// A password that the service refuses is not repeated, either.
func TestLoginProfile_weakPassword(t *testing.T) {
	t.Parallel()
	p := newWorld(t).Protocol(t, nil)
	_, diags := p.Apply(p.Plan(profile, acctest.Object{}, login(attributes{"password_wo": "short"})))
	acctest.RequireOne(t, diags.Errors(), "InvalidParameter.Password.TooWeak")
	if strings.Contains(diags.Errors()[0], "short") {
		t.Errorf("the error repeats the password: %s", diags.Errors()[0])
	}
}

// fixed are credentials that never change.
type fixed rpc.Credentials

// Credentials implements rpc.CredentialsProvider.
func (f fixed) Credentials(context.Context) (rpc.Credentials, error) { return rpc.Credentials(f), nil }
