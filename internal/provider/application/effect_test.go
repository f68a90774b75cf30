package application_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// loggedIn are the provider arguments of somebody who has just logged in to the CLI with
// a browser: "user/alice", "role/ops" or "root".
func loggedIn(t testing.TB, env *acctest.Env, who string) attributes {
	t.Helper()
	tokens, err := env.Emulator.LogIn(emulator.OfficialCLICN, "acs:ram::"+env.AccountID+":"+who)
	acctest.Must(t, err)
	return attributes{
		"access_key_id": nil, "access_key_secret": nil,
		"oauth": attributes{"site": "CN", "access_token": tokens.AccessToken},
	}
}

func allow(t testing.TB, env *acctest.Env, userName string) {
	t.Helper()
	acctest.Must(t, env.Client.AttachPolicyToUser(t.Context(), ramclient.UserPolicy{
		UserName: userName, PolicyType: ramclient.PolicySystem, PolicyName: "AdministratorAccess",
	}))
}

// requireLogin exchanges the login's token for credentials, by way of the provider that
// they are for, and expects whom they belong to, or that the service refuses them.
func requireLogin(t *testing.T, env *acctest.Env, when string, login attributes, wantARN string) {
	t.Helper()
	got, diags := env.Protocol(t, login).ReadData("ram_caller_identity", attributes{})
	if wantARN == "" {
		requireOne(t, when, diags.Errors(), "access_denied", "not assigned to the application")
		return
	}
	if diags.HasError() {
		t.Fatalf("%s: %q", when, diags.Errors())
	}
	if arn, _ := got["arn"].(string); !strings.HasPrefix(arn, wantARN) {
		t.Errorf("%s: logged in as %q, want %q", when, arn, wantARN)
	}
}

func TestAssignment_letsIn(t *testing.T) {
	t.Parallel()
	for who, test := range map[string]struct {
		config attributes
		arn    string
	}{
		"user/alice": {toAlice, ":user/alice"},
		"role/ops":   {toOps, ":assumed-role/ops/"},
	} {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			populate(t, env)
			p := env.Protocol(t, nil)
			login := loggedIn(t, env, who)
			arn := "acs:ram::" + env.AccountID + test.arn

			requireLogin(t, env, "before the assignment", login, "")
			made := p.MustCreate(assignmentType, test.config)
			requireLogin(t, env, "with the assignment", login, arn)
			p.MustDestroy(made)
			requireLogin(t, env, "after the assignment", login, "")
			requireLogin(t, env, "the account itself", loggedIn(t, env, "root"), "acs:ram::"+env.AccountID+":root")
		})
	}
}

func TestExternalApplication_endsEveryLogin(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.MakeUser(t, "alice")
	p := env.Protocol(t, nil)
	app := p.MustCreate(applicationType, cli)
	p.MustCreate(assignmentType, toAlice)
	user, root := loggedIn(t, env, "user/alice"), loggedIn(t, env, "root")
	requireLogin(t, env, "while it is installed", user, "acs:ram::"+env.AccountID+":user/alice")

	p.MustDestroy(app)
	env.Clock.Advance(time.Minute)
	for who, login := range map[string]attributes{"alice": user, "the account itself": root} {
		_, diags := env.Protocol(t, login).ReadData("ram_caller_identity", attributes{})
		requireOne(t, who+", after the application was removed", diags.Errors(), "invalid_token")
	}
	// Installed again, it is assigned to nobody, and old tokens stay dead.
	p.MustCreate(applicationType, cli)
	requireLogin(t, env, "installed again", loggedIn(t, env, "user/alice"), "")
}

func TestOwnLogin_isNotCutOff(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	populate(t, env)
	allow(t, env, "alice")
	acctest.Must(t, env.Client.AttachPolicyToRole(t.Context(), ramclient.RolePolicy{RoleName: "ops", PolicyType: ramclient.PolicySystem, PolicyName: "AdministratorAccess"}))
	admin := env.Protocol(t, nil)
	adopted := attributes{"app_id": emulator.OfficialCLICN, "adopt_existing": true}
	app, alice, ops := admin.MustCreate(applicationType, adopted), admin.MustCreate(assignmentType, toAlice), admin.MustCreate(assignmentType, toOps)
	other := admin.MustCreate(applicationType, attributes{"app_id": emulator.OfficialCLIINTL})

	for who, own := range map[string]acctest.Object{"user/alice": alice, "role/ops": ops} {
		login := loggedIn(t, env, who)
		p := env.Protocol(t, login)
		requireOne(t, who+" destroys the application", p.Plan(applicationType, app, nil).Diagnostics.Errors(),
			"Refusing to remove OAuth application official-cli (CN)", "the provider is logged in through this application", "allow_self_change = true")
		requireOne(t, who+" changes its scopes", p.Plan(applicationType, app, attributes{"app_id": emulator.OfficialCLICN, "scopes": []string{"openid"}}).Diagnostics.Errors(),
			"Refusing to remove OAuth application official-cli (CN)")
		requireOne(t, who+" destroys its own assignment", p.Plan(assignmentType, own, nil).Diagnostics.Errors(), "Refusing to remove the assignment of OAuth application official-cli (CN)")
		for name, one := range map[string]acctest.Object{"alice's": alice, "that of ops": ops} {
			errs := p.Plan(assignmentType, one, toUser("terraform")).Diagnostics.Errors()
			if refused := len(errs) > 0; refused != one.Value.Equal(own.Value) {
				t.Errorf("%s moves %s assignment: got %q", who, name, errs)
			}
		}
		for what, planned := range map[string]acctest.Planned{
			"the application of the other site": p.Plan(applicationType, other, nil),
			"a retained application": p.Plan(applicationType,
				admin.MustApply(applicationType, app, attributes{"app_id": emulator.OfficialCLICN, "on_destroy": "retain"}), nil),
			"its own, if that is meant": env.Protocol(t, with(login, "allow_self_change", true)).Plan(applicationType, app, nil),
		} {
			if errs := planned.Diagnostics.Errors(); len(errs) > 0 {
				t.Errorf("%s destroys %s: %q", who, what, errs)
			}
		}
	}

	// A replacement that is forced shows itself to Delete alone.
	p := env.Protocol(t, loggedIn(t, env, "user/alice"))
	_, diags := p.Apply(admin.Plan(applicationType, app, nil))
	requireOne(t, "the forced destroy", diags.Errors(), "Refusing to remove OAuth application official-cli (CN)")
	_, diags = p.Apply(admin.Plan(assignmentType, alice, nil))
	requireOne(t, "the forced destroy of the assignment", diags.Errors(), "Refusing to remove the assignment")
}

func with(arguments attributes, name string, value any) attributes {
	all := maps.Clone(arguments)
	all[name] = value
	return all
}
