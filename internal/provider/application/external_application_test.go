package application_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/application"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

func TestExternalApplication_life(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	planned := p.Plan(applicationType, acctest.Object{}, cli)
	if got, total := p.Attributes(planned.Value)["app_id"], env.Emulator.Total(); got != emulator.OfficialCLICN || total != 0 {
		t.Errorf("planned app_id %v with %d calls, want it known without a call", got, total)
	}
	made, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatalf("create: %q", diags.Errors())
	}
	if n := env.Emulator.Total(); n != 2 {
		t.Errorf("a create took %d calls, want 2 (with GetCallerIdentity)", n)
	}
	want := attributes{
		"app": "official-cli", "site": "CN", "app_id": emulator.OfficialCLICN, "scopes": []any{"/internal/ram/usersts", "openid"},
		"adopt_existing": nil, "on_destroy": nil, "display_name": "official-cli",
		"app_principal_name": "official-cli@app." + env.AccountID + ".onaliyun.com",
		"login_command":      "aliyun configure --profile OAuthProfile --mode OAuth --oauth-site-type CN",
		"create_date":        "2026-01-02T03:04:05Z", "account_id": env.AccountID,
	}
	got := p.Attributes(made.Value)
	slices.SortFunc(got["scopes"].([]any), func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	identity := attributes{"app_id": emulator.OfficialCLICN, "account_id": env.AccountID}
	if diff := cmp.Diff(identity, p.IdentityAttributes(made)); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	env.RequireSettled(t, made, cli)

	env.Emulator.ResetRequests()
	env.RequireSettled(t, made, cli)
	if n := env.Emulator.Total(); n != 2 {
		t.Errorf("a plan without changes took %d calls, want 2 (with GetCallerIdentity)", n)
	}
	p = env.Protocol(t, nil)
	env.Emulator.ResetRequests()
	p.MustDestroy(made)
	if n := env.Emulator.Total(); n != 2 {
		t.Errorf("a destroy took %d calls, want 2 (with GetCallerIdentity)", n)
	}
	env.Clock.Advance(time.Minute)
	if env.Protocol(t, nil).MustRead(made).Exists() {
		t.Error("a removed application reads back as installed")
	}
}

func TestExternalApplication_namesOfOneThing(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate(applicationType, cli)
	env.RequireSettled(t, made, attributes{"app_id": emulator.OfficialCLICN})
	env.RequireSettled(t, made, attributes{"app": "official-cli"}) // the site is in state by now

	planned := env.Protocol(t, nil).Plan(applicationType, made, attributes{"app": "official-cli", "site": "INTL"})
	if len(planned.Replace) != 1 || planned.Replace[0].String() != `AttributeName("app_id")` {
		t.Errorf("another site plans to replace for %v, want app_id", planned.Replace)
	}
	requireOne(t, "the warning", planned.Diagnostics.Warnings(), "Replacing OAuth application official-cli (CN) ends all logins of the Alibaba Cloud CLI")
	moved, diags := env.Protocol(t, nil).Apply(planned)
	if diags.HasError() {
		t.Fatalf("replace: %q", diags.Errors())
	}
	env.RequireSettled(t, moved, attributes{"app": "official-cli", "site": "INTL"})
}

func TestExternalApplication_siteKnownAfterApply(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	unknown := attributes{"app": "official-cli", "site": acctest.Unknown}
	planned := p.Plan(applicationType, acctest.Object{}, unknown)
	if got := p.Attributes(planned.Value); got["app_id"] != acctest.Unknown || got["login_command"] != acctest.Unknown || got["app"] != "official-cli" {
		t.Errorf("planned %v, want app_id and login_command unknown", got)
	}
	made, diags := p.Apply(p.Resolve(planned, cli))
	if diags.HasError() {
		t.Fatalf("create: %q", diags.Errors())
	}
	env.RequireSettled(t, made, cli)
	if planned := p.Plan(applicationType, made, unknown); len(planned.Replace) == 0 {
		t.Error("an application that may be another one after apply is not replaced")
	}
}

func TestExternalApplication_thirdParty(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, withReports)
	config := attributes{"app_id": reports}
	p := env.Protocol(t, nil)
	planned := p.Plan(applicationType, acctest.Object{}, config)
	if got := p.Attributes(planned.Value)["scopes"]; got != acctest.Unknown {
		t.Errorf("scopes are planned as %v, want unknown: the application decides", got)
	}
	made, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatalf("create: %q", diags.Errors())
	}
	got := p.Attributes(made.Value)
	if got["app"] != nil || got["site"] != nil || got["login_command"] != nil || len(got["scopes"].([]any)) != 3 {
		t.Errorf("got %v, want three scopes and neither app nor login_command", got)
	}
	env.RequireSettled(t, made, config)

	fewer := attributes{"app_id": reports, "scopes": []string{"openid"}}
	planned = env.Protocol(t, nil).Plan(applicationType, made, fewer)
	if len(planned.Replace) != 1 || planned.Replace[0].String() != `AttributeName("scopes")` {
		t.Errorf("other scopes plan to replace for %v, want scopes", planned.Replace)
	}
	requireOne(t, "the warning", planned.Diagnostics.Warnings(), "Replacing OAuth application "+reports+" ends all logins through it")
	again, diags := env.Protocol(t, nil).Apply(planned)
	if diags.HasError() {
		t.Fatalf("replace: %q", diags.Errors())
	}
	env.RequireSettled(t, again, fewer)
}

func TestExternalApplication_siteOfTheLogin(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	populate(t, env)
	allow(t, env, "alice")
	acctest.Must(t, env.Client.CreateApplicationAssignment(t.Context(), ramclient.ApplicationAssignment{
		AppID: emulator.OfficialCLICN, PrincipalType: ramclient.AssigneeUser, PrincipalName: env.PrincipalName("alice"),
	}))
	p := env.Protocol(t, loggedIn(t, env, "user/alice"))
	config := attributes{"app": "official-cli", "adopt_existing": true}
	made := p.MustCreate(applicationType, config)
	if got := p.Attributes(made.Value)["app_id"]; got != emulator.OfficialCLICN {
		t.Errorf("app_id is %v, want that of the site of the login", got)
	}

	planned := env.Protocol(t, nil).Plan(applicationType, acctest.Object{}, attributes{"app": "official-cli"})
	requireOne(t, "the error", planned.Diagnostics.Errors(), "The site is not known", `set site = "CN" if you sign in at aliyun.com`)

	// The provider's configuration may be known only after apply, and tell the site then.
	late := env.Protocol(t, attributes{"access_key_id": acctest.Unknown})
	planned = late.Plan(applicationType, acctest.Object{}, attributes{"app": "official-cli"})
	if got := late.Attributes(planned.Value)["app_id"]; got != acctest.Unknown || planned.Diagnostics.HasError() {
		t.Errorf("with an unknown provider app_id is planned as %v, %q", got, planned.Diagnostics.Errors())
	}
}

func TestExternalApplication_invalidConfig(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	for name, test := range map[string]struct {
		config attributes
		want   string
	}{
		"neither":           {attributes{}, "one (and only one)"},
		"both":              {attributes{"app": "official-cli", "app_id": reports}, "one (and only one)"},
		"site of an id":     {attributes{"app_id": reports, "site": "CN"}, "site"},
		"unknown app":       {attributes{"app": "cli", "site": "CN"}, "official-cli"},
		"unknown site":      {attributes{"app": "official-cli", "site": "JP"}, "INTL"},
		"id of letters":     {attributes{"app_id": "official"}, "digits only"},
		"no scopes":         {attributes{"app_id": reports, "scopes": []string{}}, "at least 1"},
		"two scopes in one": {attributes{"app_id": reports, "scopes": []string{"openid;profile"}}, "semicolons"},
		"on_destroy":        {attributes{"app_id": reports, "on_destroy": "purge"}, "retain"},
	} {
		errs := p.Validate(applicationType, test.config).Errors()
		if len(errs) == 0 || !strings.Contains(strings.Join(errs, "\n"), test.want) {
			t.Errorf("%s: got %q, want something with %q", name, errs, test.want)
		}
	}
	if errs := p.Validate(applicationType, attributes{"app": "official-cli", "site": acctest.Unknown, "scopes": acctest.Unknown}).Errors(); len(errs) > 0 {
		t.Errorf("unknown values are refused: %q", errs)
	}
}

func TestExternalApplication_import(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	install(t, env)
	p := env.Protocol(t, nil)
	for how, imported := range map[string]func() (acctest.Object, acctest.Diagnostics){
		"string": func() (acctest.Object, acctest.Diagnostics) { return p.Import(applicationType, emulator.OfficialCLICN) },
		"identity": func() (acctest.Object, acctest.Diagnostics) {
			return p.ImportByIdentity(applicationType, attributes{"app_id": emulator.OfficialCLICN, "account_id": env.AccountID})
		},
	} {
		object, diags := imported()
		if diags.HasError() {
			t.Fatalf("import by %s: %q", how, diags.Errors())
		}
		env.RequireSettled(t, object, cli)
	}
	if object, _ := p.Import(applicationType, emulator.OfficialCLIINTL); object.Exists() {
		t.Error("an application that is not installed was imported")
	}
}

func TestExternalApplication_installedAlready(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, withReports)
	install(t, env)
	_, err := env.Client.ProvisionExternalApplication(t.Context(), reports, []string{"openid"})
	acctest.Must(t, err)
	p := env.Protocol(t, nil)

	_, diags := p.Apply(p.Plan(applicationType, acctest.Object{}, cli))
	requireOne(t, "the error", diags.Errors(), "Cannot create OAuth application official-cli (CN)", "EntityAlreadyExists.Application",
		`id = "`+emulator.OfficialCLICN+`"`, "Or set adopt_existing = true.")

	adopting := maps.Clone(cli)
	adopting["adopt_existing"] = true
	made := p.MustCreate(applicationType, adopting)
	env.RequireSettled(t, made, adopting)

	_, diags = p.Apply(p.Plan(applicationType, acctest.Object{}, attributes{"app_id": reports, "adopt_existing": true, "scopes": []string{"openid", "profile"}}))
	requireOne(t, "the error", diags.Errors(), "Cannot adopt OAuth application "+reports, `set scopes = ["openid"], or leave scopes out`)
	config := attributes{"app_id": reports, "adopt_existing": true}
	env.RequireSettled(t, p.MustCreate(applicationType, config), config)
}

func TestExternalApplication_onDestroy(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, withReports)
	p := env.Protocol(t, nil)
	made := p.MustCreate(applicationType, cli)
	requireOne(t, "the plan of the destroy", p.Plan(applicationType, made, nil).Diagnostics.Warnings(),
		"Destroying OAuth application official-cli (CN) ends all logins of the Alibaba Cloud CLI", env.AccountID, `apply on_destroy = "retain" first`)

	retaining := maps.Clone(cli)
	retaining["on_destroy"] = "retain"
	env.Emulator.ResetRequests()
	kept := p.MustApply(applicationType, made, retaining)
	if warnings := p.Plan(applicationType, kept, nil).Diagnostics.Warnings(); len(warnings) > 0 {
		t.Errorf("a destroy that leaves it installed warns: %q", warnings)
	}
	p.MustDestroy(kept)
	if n := env.Emulator.Total(); n != 0 {
		t.Errorf("retaining took %d calls, want none", n)
	}
	if _, err := env.Client.GetExternalApplication(t.Context(), emulator.OfficialCLICN); err != nil {
		t.Errorf("the application was retained: %v", err)
	}

	config := attributes{"app_id": reports, "on_destroy": "retain"}
	other := p.MustCreate(applicationType, config)
	config["scopes"] = []string{"openid"}
	requireOne(t, "the plan of other scopes", p.Plan(applicationType, other, config).Diagnostics.Errors(),
		"The scopes cannot change while the application is retained", `apply on_destroy = "deprovision" first`, `["aliuid", "openid", "profile"]`)
}

func TestExternalApplication_removedOutside(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate(applicationType, cli)
	env.Clock.Advance(time.Minute)
	acctest.Must(t, env.Client.DeprovisionExternalApplication(t.Context(), emulator.OfficialCLICN))
	p := env.Protocol(t, nil)
	if p.MustRead(made).Exists() {
		t.Error("an application removed in the console is still there")
	}
	p.MustDestroy(made)
}

func TestExternalApplication_installedAgainOutside(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate(applicationType, cli)
	env.Clock.Advance(time.Minute)
	acctest.Must(t, env.Client.DeprovisionExternalApplication(t.Context(), emulator.OfficialCLICN))
	_, err := env.Client.ProvisionExternalApplication(t.Context(), emulator.OfficialCLICN, []string{"openid"})
	acctest.Must(t, err)
	p := env.Protocol(t, nil)
	read := p.MustRead(made)
	if planned := p.Plan(applicationType, read, cli); !planned.IsEmpty() {
		t.Errorf("scopes that nobody wrote plan a change: %v", p.Attributes(planned.Value))
	}
	written := maps.Clone(cli)
	written["scopes"] = []string{"openid", "/internal/ram/usersts"}
	if planned := p.Plan(applicationType, read, written); len(planned.Replace) == 0 {
		t.Error("scopes that were changed outside do not show")
	}
}

func TestExternalApplication_wrongAccountKeepsState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate(applicationType, cli)
	other := env.Emulator.Accounts()[1].RootKey
	elsewhere := env.Protocol(t, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret})
	got, diags := elsewhere.Read(made)
	requireOne(t, "the error", diags.Errors(), "Wrong Alibaba Cloud account")
	if !got.Exists() {
		t.Error("the state was dropped")
	}
	_, diags = elsewhere.Apply(elsewhere.Plan(applicationType, made, nil))
	requireOne(t, "the error of the destroy", diags.Errors(), "Wrong Alibaba Cloud account")
}

func TestExternalApplication_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	acctest.RequireExactPermissions(t, acctest.Life{
		Type: applicationType, Permissions: application.NewExternalResource().(permission.Declarer).Permissions(),
		Create: cli, Update: attributes{"app": "official-cli", "site": "CN", "scopes": []string{"openid"}},
	})
}

func TestExternalApplication_lagOfASecond(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	p := env.Protocol(t, nil)
	app := p.MustCreate(applicationType, cli)
	user := p.MustCreate("ram_user", attributes{"name": "alice"})
	made := p.MustCreate(assignmentType, toAlice)
	for _, one := range []struct {
		object acctest.Object
		config attributes
	}{{app, cli}, {user, attributes{"name": "alice"}}, {made, toAlice}} {
		env.RequireSettled(t, one.object, one.config)
	}
	role := p.MustCreate("ram_role", attributes{"name": "ops", "assume_role_policy_document": trust})
	ops := p.MustCreate(assignmentType, toOps)
	for _, object := range []acctest.Object{ops, made, role, user, app} {
		p.MustDestroy(object)
	}
	again := p.MustCreate(applicationType, cli)
	env.RequireSettled(t, again, cli)
}
