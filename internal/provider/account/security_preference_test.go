package account_test

import (
	"fmt"
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

func preference(t *testing.T, env *acctest.Env) ramclient.SecurityPreference {
	t.Helper()
	got, err := env.Client.GetSecurityPreference(t.Context())
	acctest.Must(t, err)
	return got
}

// setOutside changes one preference in the console.
func setOutside(t *testing.T, env *acctest.Env, change func(*ramclient.SecurityPreference)) {
	t.Helper()
	current := preference(t, env)
	change(&current)
	_, err := env.Client.SetSecurityPreference(t.Context(), current)
	acctest.Must(t, err)
	env.Clock.Advance(time.Minute)
}

func TestSecurityPreference_onlyWhatIsWrittenChanges(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	setOutside(t, env, func(p *ramclient.SecurityPreference) { p.MaxIdleDaysForUsers = new(90) })
	before := preference(t, env)
	p := env.Protocol(t, nil)
	config := attributes{"login_session_duration": 8, "verification_types": []string{"sms"}}
	made := p.MustCreate("ram_security_preference", config)
	env.RequireSettled(t, made, config)

	want := before
	want.LoginSessionDuration, want.VerificationTypes = new(8), new([]string{"sms"})
	if diff := cmp.Diff(want, preference(t, env)); diff != "" {
		t.Errorf("after create (-want +got):\n%s", diff)
	}
	if got := p.Attributes(made.Value)["max_idle_days_for_users"]; got != 90.0 {
		t.Errorf("the state shows %v for what is not written, want the account's 90", got)
	}

	// What is not written follows the account, what is written is put back.
	setOutside(t, env, func(p *ramclient.SecurityPreference) {
		p.EnableSaveMFATicket, p.LoginSessionDuration = new(true), new(24)
	})
	made = p.MustRead(made)
	planned := p.Plan("ram_security_preference", made, config)
	if got := p.Attributes(planned.Value); got["login_session_duration"] != 8.0 || got["enable_save_mfa_ticket"] != true {
		t.Errorf("planned %v, want the duration put back and the ticket left alone", got)
	}
	made, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	env.RequireSettled(t, made, config)
	want.EnableSaveMFATicket = new(true)
	if diff := cmp.Diff(want, preference(t, env)); diff != "" {
		t.Errorf("after the drift was put right (-want +got):\n%s", diff)
	}
	p.MustDestroy(made)
	if diff := cmp.Diff(want, preference(t, env)); diff != "" {
		t.Errorf("destroy without reset_on_destroy changed something (-want +got):\n%s", diff)
	}
}

// TestSecurityPreference_everySetting writes each attribute with a value that is not the
// default, takes it back to the default, and writes it again.
func TestSecurityPreference_everySetting(t *testing.T) {
	t.Parallel()
	standard := attributes{
		"allow_user_to_change_password": true, "allow_user_to_login_with_passkey": true, "allow_user_to_manage_mfa_devices": true,
		"allow_user_to_manage_access_keys": false, "enable_save_mfa_ticket": false, "allow_user_to_manage_personal_ding_talk": true,
		"allow_user_to_manage_service_credentials": false, "login_session_duration": 6, "login_network_masks": []any{},
		"mfa_operation_for_login": "independent", "verification_types": []any{}, "max_idle_days_for_users": 730, "max_idle_days_for_access_keys": 730,
	}
	other := attributes{
		"allow_user_to_change_password": false, "allow_user_to_login_with_passkey": false, "allow_user_to_manage_mfa_devices": false,
		"allow_user_to_manage_access_keys": true, "enable_save_mfa_ticket": true, "allow_user_to_manage_personal_ding_talk": false,
		"allow_user_to_manage_service_credentials": true, "login_session_duration": 24, "login_network_masks": []any{"198.51.100.7", "203.0.113.0/24"},
		"mfa_operation_for_login": "mandatory", "verification_types": []any{"email", "sms"}, "max_idle_days_for_users": 90, "max_idle_days_for_access_keys": 180,
	}
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_security_preference", other)
	env.RequireSettled(t, made, other)
	got := p.Attributes(p.MustRead(made).Value)
	for name, value := range other {
		if fmt.Sprint(got[name]) != fmt.Sprint(value) {
			t.Errorf("%s is %v, want %v", name, got[name], value)
		}
	}
	made = p.MustApply("ram_security_preference", made, standard)
	env.RequireSettled(t, made, standard)
	made = p.MustApply("ram_security_preference", made, other)
	env.RequireSettled(t, made, other)

	// A reset takes everything back whose default is documented.
	withReset := attributes{"reset_on_destroy": true}
	made = p.MustApply("ram_security_preference", made, withReset)
	planned := p.Plan("ram_security_preference", made, nil)
	warned := strings.Join(planned.Diagnostics.Warnings(), "\n")
	for name := range other {
		if name != "allow_user_to_manage_service_credentials" && !strings.Contains(warned, name) {
			t.Errorf("the plan of the destroy does not warn of %s: %s", name, warned)
		}
	}
	if _, diags := p.Apply(planned); diags.HasError() {
		t.Fatal(diags.Errors())
	}
	imported, _ := p.Import("ram_security_preference", env.AccountID)
	standard["allow_user_to_manage_service_credentials"] = true // no default is known
	if !p.Plan("ram_security_preference", imported, standard).IsEmpty() {
		t.Errorf("after the reset the account has %v", p.Attributes(imported.Value))
	}
}

func TestSecurityPreference_imports(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	setOutside(t, env, func(p *ramclient.SecurityPreference) { p.LoginSessionDuration = new(12) })
	p := env.Protocol(t, nil)
	for how, run := range map[string]func() (acctest.Object, acctest.Diagnostics){
		"by account": func() (acctest.Object, acctest.Diagnostics) {
			return p.Import("ram_security_preference", env.AccountID)
		},
		"by identity": func() (acctest.Object, acctest.Diagnostics) {
			return p.ImportByIdentity("ram_security_preference", attributes{"account_id": env.AccountID})
		},
	} {
		imported, diags := run()
		for _, config := range []attributes{{}, {"login_session_duration": 12}} {
			if diags.HasError() || !p.Plan("ram_security_preference", imported, config).IsEmpty() {
				t.Errorf("%s: errors %q, or the plan for %v is not empty", how, diags.Errors(), config)
			}
		}
	}
	if _, diags := p.Import("ram_security_preference", "1000000000000009"); len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0], "Wrong Alibaba Cloud account") {
		t.Errorf("import of another account: %q", diags.Errors())
	}
}

func TestSecurityPreference_lostAnswers(t *testing.T) {
	t.Parallel()
	for name, fault := range acctest.Faults() {
		if name == "refused" || name == "slow" || name == "expired token" {
			continue // no lost answers
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			p := env.Protocol(t, nil)
			env.Emulator.Fail("SetSecurityPreference", fault())
			made := p.MustCreate("ram_security_preference", attributes{"login_session_duration": 8})
			env.Emulator.Fail("SetSecurityPreference", fault())
			config := attributes{"login_session_duration": 9, "reset_on_destroy": true}
			made = p.MustApply("ram_security_preference", made, config)
			env.RequireSettled(t, made, config)
			env.Emulator.Fail("SetSecurityPreference", fault())
			p.MustDestroy(made)
			if got := *preference(t, env).LoginSessionDuration; got != 6 {
				t.Errorf("after the reset a login lasts %d hours, want 6", got)
			}
		})
	}
}

func TestSecurityPreference_lagOfASecond(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	p := env.Protocol(t, nil)
	config := attributes{"login_session_duration": 8}
	made := p.MustCreate("ram_security_preference", config)
	env.RequireSettled(t, made, config)
}

func TestSecurityPreference_callsAreCounted(t *testing.T) {
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
	made := p.MustCreate("ram_security_preference", attributes{"login_session_duration": 8})
	counted("a create (GetCallerIdentity, GetSecurityPreference, SetSecurityPreference)", 3)
	p = env.Protocol(t, nil)
	made = p.MustRead(made)
	counted("a refresh (GetCallerIdentity, GetSecurityPreference)", 2)
	p.MustDestroy(made)
	counted("a destroy that leaves everything", 0)
}

func TestSecurityPreference_wrongAccountKeepsState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_security_preference", attributes{"login_session_duration": 8, "reset_on_destroy": true})
	other := env.Emulator.Accounts()[1].RootKey
	elsewhere := env.Protocol(t, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret})
	got, diags := elsewhere.Read(made)
	if len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0], "Wrong Alibaba Cloud account") || !got.Exists() {
		t.Errorf("read: %q, still in state: %t", diags.Errors(), got.Exists())
	}
	if _, diags := elsewhere.Apply(elsewhere.Plan("ram_security_preference", made, nil)); len(diags.Errors()) != 1 {
		t.Errorf("destroy: %q, want one error", diags.Errors())
	}
}

func TestSecurityPreference_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	acctest.RequireExactPermissions(t, acctest.Life{
		Type: "ram_security_preference", Permissions: account.NewSecurityPreferenceResource().(permission.Declarer).Permissions(),
		Create: attributes{"login_session_duration": 8}, Update: attributes{"login_session_duration": 9, "reset_on_destroy": true},
	})
}

func TestSecurityPreference_invalidConfig(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	addresses := func(n int, format string) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprintf(format, i))
		}
		return all
	}
	for name, test := range map[string]struct {
		config attributes
		want   string // "" if valid
	}{
		"nothing":             {attributes{}, ""},
		"nothing known yet":   {attributes{"login_network_masks": acctest.Unknown, "login_session_duration": acctest.Unknown}, ""},
		"from everywhere":     {attributes{"login_network_masks": []string{}}, ""},
		"forty masks":         {attributes{"login_network_masks": addresses(40, "10.0.0.%d")}, ""},
		"forty-one masks":     {attributes{"login_network_masks": addresses(41, "10.0.0.%d")}, "at most 40"},
		"long masks":          {attributes{"login_network_masks": addresses(40, "203.0.113.%d/32")}, "at most 512 characters"},
		"a host name":         {attributes{"login_network_masks": []string{"example.com"}}, "203.0.113.0/24"},
		"a day and an hour":   {attributes{"login_session_duration": 25}, "between 1 and 24"},
		"a hundred days":      {attributes{"max_idle_days_for_users": 100}, "730"},
		"another kind of MFA": {attributes{"mfa_operation_for_login": "always"}, "adaptive"},
		"by post":             {attributes{"verification_types": []string{"post"}}, "email"},
	} {
		errs := p.Validate("ram_security_preference", test.config).Errors()
		if test.want == "" && len(errs) > 0 || test.want != "" && (len(errs) != 1 || !strings.Contains(errs[0], test.want)) {
			t.Errorf("%s: got %q, want %q", name, errs, test.want)
		}
	}
}
