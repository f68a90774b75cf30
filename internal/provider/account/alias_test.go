package account_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/account"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

func requireAlias(t *testing.T, env *acctest.Env, want string) {
	t.Helper()
	got, err := env.Client.GetAccountAlias(t.Context())
	acctest.Must(t, err)
	if got != want {
		t.Errorf("the account has the alias %q, want %q", got, want)
	}
}

func TestAccountAlias_life(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	first := attributes{"alias": "example-corp"}
	made := p.MustCreate("ram_account_alias", first)
	want := attributes{"alias": "example-corp", "reset_on_destroy": nil, "default_domain": "example-corp.onaliyun.com", "account_id": env.AccountID}
	if diff := cmp.Diff(want, p.Attributes(made.Value)); diff != "" {
		t.Errorf("after create (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(attributes{"account_id": env.AccountID}, p.IdentityAttributes(made)); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	env.RequireSettled(t, made, first)

	second := attributes{"alias": "example-group", "reset_on_destroy": true}
	planned := p.Plan("ram_account_alias", made, second)
	if warned := planned.Diagnostics.Warnings(); len(warned) != 1 || !strings.Contains(warned[0], "<name>@example-corp.onaliyun.com have to write <name>@example-group.onaliyun.com") {
		t.Errorf("got %q, want one warning that says how login names change", warned)
	}
	made, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	requireAlias(t, env, "example-group")
	env.RequireSettled(t, made, second)
	p.MustDestroy(made)
	requireAlias(t, env, "")
}

func TestAccountAlias_destroyLeavesItUnlessAskedTo(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	p.MustDestroy(p.MustCreate("ram_account_alias", attributes{"alias": "example-corp"}))
	requireAlias(t, env, "example-corp")
	p.MustCreate("ram_account_alias", attributes{"alias": "example-corp"}) // the same again is no conflict
}

func TestAccountAlias_oneSetOutsideIsNotOverwritten(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	acctest.Must(t, env.Client.SetAccountAlias(t.Context(), "theirs"))
	p := env.Protocol(t, nil)
	made, diags := p.Apply(p.Plan("ram_account_alias", acctest.Object{}, attributes{"alias": "ours"}))
	if errs := diags.Errors(); made.Exists() || len(errs) != 1 || !strings.Contains(errs[0], `is "theirs"`) || !strings.Contains(errs[0], `id = "`+env.AccountID+`"`) {
		t.Errorf("got %q, want one error with the alias and the import block", errs)
	}
	requireAlias(t, env, "theirs")
}

func TestAccountAlias_takenByAnotherAccount(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	root := env.Emulator.Accounts()[1].RootKey
	acctest.Must(t, env.ClientFor(acctest.Key{ID: root.ID, Secret: root.Secret}).SetAccountAlias(t.Context(), "taken"))
	p := env.Protocol(t, nil)
	_, diags := p.Apply(p.Plan("ram_account_alias", acctest.Object{}, attributes{"alias": "taken"}))
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "choose another alias") {
		t.Errorf("got %q, want one error with the next step", errs)
	}
}

func TestAccountAlias_importsDriftsAndDisappears(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	acctest.Must(t, env.Client.SetAccountAlias(t.Context(), "example-corp"))
	p := env.Protocol(t, nil)
	config := attributes{"alias": "example-corp"}
	for how, run := range map[string]func() (acctest.Object, acctest.Diagnostics){
		"by account": func() (acctest.Object, acctest.Diagnostics) { return p.Import("ram_account_alias", env.AccountID) },
		"by identity": func() (acctest.Object, acctest.Diagnostics) {
			return p.ImportByIdentity("ram_account_alias", attributes{"account_id": env.AccountID})
		},
	} {
		if imported, diags := run(); diags.HasError() || !p.Plan("ram_account_alias", imported, config).IsEmpty() {
			t.Errorf("%s: errors %q, or the plan after the import is not empty", how, diags.Errors())
		}
	}
	if _, diags := p.Import("ram_account_alias", "1000000000000009"); len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0], "Wrong Alibaba Cloud account") {
		t.Errorf("import of another account: %q", diags.Errors())
	}

	made, _ := p.Import("ram_account_alias", env.AccountID)
	acctest.Must(t, env.Client.SetAccountAlias(t.Context(), "theirs"))
	if p.Plan("ram_account_alias", p.MustRead(made), config).IsEmpty() {
		t.Error("an alias changed in the console plans nothing")
	}
	acctest.Must(t, env.Client.ClearAccountAlias(t.Context()))
	if p.MustRead(made).Exists() {
		t.Error("an alias taken away in the console is still in state")
	}
}

// The login names of the same run use the new domain.
func TestAccountAlias_usersOfTheSameRunHaveIt(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	p.MustCreate("ram_user", attributes{"name": "before"})
	p.MustCreate("ram_account_alias", attributes{"alias": "example-corp"})
	after := p.Attributes(p.MustCreate("ram_user", attributes{"name": "after"}).Value)
	if got := after["principal_name"]; got != "after@example-corp.onaliyun.com" {
		t.Errorf("the user is %v, want it in the new domain", got)
	}
}

func TestAccountAlias_lagOfASecond(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	p := env.Protocol(t, nil)
	config := attributes{"alias": "example-corp", "reset_on_destroy": true}
	made := p.MustCreate("ram_account_alias", config)
	env.RequireSettled(t, made, config)
	p.MustDestroy(made)
	other := attributes{"alias": "example-group"} // the old one still shows
	env.RequireSettled(t, p.MustCreate("ram_account_alias", other), other)
}

func TestAccountAlias_callsAreCounted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	counted := func(what string, want int) {
		t.Helper()
		if got := env.Emulator.Total(); got != want {
			t.Errorf("%s took %d calls, want %d", what, got, want)
		}
		env.Emulator.ResetRequests()
	}
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_account_alias", attributes{"alias": "example-corp"})
	counted("a create (GetCallerIdentity, GetAccountAlias, SetAccountAlias)", 3)
	p = env.Protocol(t, nil)
	made = p.MustRead(made)
	counted("a refresh (GetCallerIdentity, GetAccountAlias)", 2)
	made = p.MustApply("ram_account_alias", made, attributes{"alias": "example-corp", "reset_on_destroy": true})
	counted("an update of a provider-only argument", 0)
	p.MustDestroy(made)
	counted("a destroy (ClearAccountAlias)", 1)
}

func TestAccountAlias_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	acctest.RequireExactPermissions(t, acctest.Life{
		Type: "ram_account_alias", Permissions: account.NewAliasResource().(permission.Declarer).Permissions(),
		Create: attributes{"alias": "example-corp"}, Update: attributes{"alias": "example-group"},
	})
}

func TestAccountAlias_resetNeedsItsPermission(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_account_alias", attributes{"alias": "example-corp", "reset_on_destroy": true})
	env.As(env.Allowed(t, "limited", ramclient.OpGetAccountAlias))
	p := env.Protocol(t, nil)
	_, diags := p.Apply(p.Plan("ram_account_alias", made, nil))
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "ram:ClearAccountAlias") {
		t.Errorf("got %q, want one error that names the permission", errs)
	}
}

func TestAccountAlias_invalidConfig(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	for alias, want := range map[string]string{
		"abc": "", "a-1-b": "", strings.Repeat("a", 32): "",
		"ab": "between 3 and 32", strings.Repeat("a", 33): "between 3 and 32",
		"Example": "lower-case", "a--b": "single '-'", "-ab": "within", "ab-": "within", "a_b": "lower-case",
	} {
		errs := p.Validate("ram_account_alias", attributes{"alias": alias}).Errors()
		if want == "" && len(errs) > 0 || want != "" && (len(errs) != 1 || !strings.Contains(errs[0], want)) {
			t.Errorf("%s: got %q, want %q", alias, errs, want)
		}
	}
}
