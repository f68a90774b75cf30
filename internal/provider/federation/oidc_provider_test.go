package federation_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/federation"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const resourceType = "ram_oidc_provider"

type attributes = map[string]any

func config(more attributes) attributes {
	all := attributes{"name": "ci", "issuer_url": "https://ci.example.com", "client_ids": []string{"sts.aliyuncs.com"}}
	maps.Copy(all, more)
	return all
}

func onServer(t *testing.T, env *acctest.Env) ramclient.OIDCProvider {
	t.Helper()
	provider, err := env.Client.GetOIDCProvider(t.Context(), "ci")
	acctest.Must(t, err)
	return provider
}

func numbered(format string, n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(format, i))
	}
	return all
}

func TestOIDCProvider_life(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate(resourceType, config(nil))
	want := attributes{
		"name": "ci", "issuer_url": "https://ci.example.com", "client_ids": []any{"sts.aliyuncs.com"}, "fingerprints": nil,
		"description": nil, "issuance_limit_time": 12.0, "arn": "acs:ram::" + env.AccountID + ":oidc-provider/ci",
		"create_date": acctest.Start.Format(time.RFC3339), "account_id": env.AccountID,
	}
	if diff := cmp.Diff(want, p.Attributes(made.Value)); diff != "" {
		t.Errorf("after create (-want +got):\n%s", diff)
	}
	env.RequireSettled(t, made, config(nil))

	full := config(attributes{"description": "CI", "issuance_limit_time": 2, "fingerprints": []string{"aa", "bb"}, "client_ids": []string{"one", "two"}})
	made = p.MustApply(resourceType, made, full)
	env.RequireSettled(t, made, full)
	got := onServer(t, env)
	if got.Description != "CI" || got.IssuanceLimitTime != 2 || strings.Join(got.ClientIDs, " ") != "one two" || strings.Join(got.Fingerprints, " ") != "aa bb" {
		t.Errorf("the service has %+v", got)
	}

	made = p.MustApply(resourceType, made, config(attributes{"client_ids": nil}))
	env.RequireSettled(t, made, config(attributes{"client_ids": nil}))
	got = onServer(t, env)
	if got.Description != "" || got.IssuanceLimitTime != 2 || len(got.ClientIDs) != 0 || len(got.Fingerprints) != 0 {
		t.Errorf("after removing the arguments the service has %+v", got)
	}
	p.MustDestroy(made)
	if _, err := env.Client.GetOIDCProvider(t.Context(), "ci"); !ramclient.IsNotFound(err) {
		t.Errorf("after destroy: got %v, want that it is gone", err)
	}
}

// Many are read with a list.
func TestOIDCProvider_manyCostFewCalls(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	before := env.Protocol(t, nil)
	var configs []attributes
	var made []acctest.Object
	for i := range 20 {
		configs = append(configs, config(attributes{"name": fmt.Sprintf("ci-%d", i), "issuer_url": fmt.Sprintf("https://ci-%d.example.com", i)}))
		made = append(made, before.MustCreate(resourceType, configs[i]))
	}
	env.Clock.Advance(time.Minute)
	env.Emulator.ResetRequests()
	p := env.Protocol(t, nil)
	for i, one := range made {
		if !p.Plan(resourceType, p.MustRead(one), configs[i]).IsEmpty() {
			t.Errorf("provider %d: the plan is not empty", i)
		}
	}
	if get, list, all := env.Emulator.Count("GetOIDCProvider"), env.Emulator.Count("ListOIDCProviders"), env.Emulator.Total(); get > 3 || list != 1 || all > get+list+1 {
		t.Errorf("%d GetOIDCProvider, %d ListOIDCProviders, %d calls in all; want at most 3, 1, and one to see who calls", get, list, all)
	}
}

// Only what differs is sent, and what stays is accepted throughout.
func TestOIDCProvider_setsAreChangedByTheirDifference(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		argument      string
		before, after []string
		want          []string
	}{
		"client IDs": {
			"client_ids",
			[]string{"a", "b", "c"},
			[]string{"b", "d"},
			[]string{"AddClientIdToOIDCProvider d", "RemoveClientIdFromOIDCProvider a", "RemoveClientIdFromOIDCProvider c"},
		},
		"fingerprints": {
			"fingerprints",
			[]string{"aa", "bb"},
			[]string{"bb", "cc"},
			[]string{"AddFingerprintToOIDCProvider cc", "RemoveFingerprintFromOIDCProvider aa"},
		},
		"a full set makes room for one at a time": {
			"fingerprints",
			[]string{"a", "b", "c", "d", "e"},
			[]string{"c", "d", "e", "f", "g"},
			[]string{
				"RemoveFingerprintFromOIDCProvider a", "AddFingerprintToOIDCProvider f",
				"RemoveFingerprintFromOIDCProvider b", "AddFingerprintToOIDCProvider g",
			},
		},
		"an almost full set is filled first": {
			"fingerprints",
			[]string{"a", "b", "c", "d"},
			[]string{"e", "f"},
			[]string{
				"AddFingerprintToOIDCProvider e", "RemoveFingerprintFromOIDCProvider a", "AddFingerprintToOIDCProvider f",
				"RemoveFingerprintFromOIDCProvider b", "RemoveFingerprintFromOIDCProvider c", "RemoveFingerprintFromOIDCProvider d",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			p := env.Protocol(t, nil)
			made := p.MustCreate(resourceType, config(attributes{test.argument: test.before}))
			env.Emulator.ResetRequests()
			made = p.MustApply(resourceType, made, config(attributes{test.argument: test.after}))
			var got []string
			for _, request := range env.Emulator.Requests() {
				got = append(got, request.Operation+" "+request.Params["ClientId"]+request.Params["Fingerprint"])
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			env.RequireSettled(t, made, config(attributes{test.argument: test.after}))
		})
	}
}

func TestOIDCProvider_interruptedUpdateKeepsWhatIsDone(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, attributes{"max_retries": 0})
	made := p.MustCreate(resourceType, config(attributes{"client_ids": []string{"a"}}))
	env.Emulator.Fail("RemoveClientIdFromOIDCProvider", emulator.Refuse(403, "NoPermission", "You are not authorized."))
	wanted := config(attributes{"client_ids": []string{"b"}})
	half, diags := p.Apply(p.Plan(resourceType, made, wanted))
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], `Cannot remove the client ID a of OIDC provider "ci"`) {
		t.Errorf("got %q, want one error that names the client ID", errs)
	}
	if got := p.Attributes(half.Value)["client_ids"]; !cmp.Equal(got, []any{"a", "b"}) {
		t.Errorf("the state has %v, want a and b", got)
	}
	env.RequireSettled(t, p.MustApply(resourceType, half, wanted), wanted)
}

func TestOIDCProvider_changeMadeByOthersMeanwhile(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate(resourceType, config(attributes{"client_ids": []string{"a"}}))
	wanted := config(attributes{"client_ids": []string{"b"}})
	planned := p.Plan(resourceType, made, wanted)
	for _, change := range []func() error{
		func() error { _, err := env.Client.AddClientIDToOIDCProvider(t.Context(), "ci", "b"); return err },
		func() error { _, err := env.Client.RemoveClientIDFromOIDCProvider(t.Context(), "ci", "a"); return err },
	} {
		acctest.Must(t, change())
	}
	after, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatalf("what is done already is no error: %q", diags.Errors())
	}
	env.RequireSettled(t, after, wanted)

	planned = p.Plan(resourceType, after, config(attributes{"client_ids": []string{"c"}}))
	acctest.Must(t, env.Client.DeleteOIDCProvider(t.Context(), "ci"))
	if _, diags := p.Apply(planned); len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0], "EntityNotExist.OIDCProvider") {
		t.Errorf("a provider deleted meanwhile: got %q, want one error", diags.Errors())
	}
}

func TestOIDCProvider_identityMeansReplacement(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate(resourceType, config(nil))
	for argument, value := range map[string]string{"name": "other", "issuer_url": "https://other.example.com"} {
		planned := p.Plan(resourceType, made, config(attributes{argument: value}))
		if len(planned.Replace) != 1 {
			t.Errorf("another %s plans %v, want a replacement", argument, planned.Replace)
			continue
		}
		replaced, diags := p.Apply(planned)
		if diags.HasError() || p.Attributes(replaced.Value)[argument] != value {
			t.Fatalf("replace: got %v, errors %q", p.Attributes(replaced.Value), diags.Errors())
		}
		p.MustDestroy(replaced)
		made = p.MustCreate(resourceType, config(nil))
	}
}

func TestOIDCProvider_imports(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	full := config(attributes{"fingerprints": []string{"aa"}, "description": "CI", "issuance_limit_time": 3})
	made := p.MustCreate(resourceType, full)
	want := attributes{"name": "ci", "account_id": env.AccountID}
	if diff := cmp.Diff(want, p.IdentityAttributes(made)); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	for how, run := range map[string]func() (acctest.Object, acctest.Diagnostics){
		"by name":     func() (acctest.Object, acctest.Diagnostics) { return p.Import(resourceType, "ci") },
		"by identity": func() (acctest.Object, acctest.Diagnostics) { return p.ImportByIdentity(resourceType, want) },
	} {
		imported, diags := run()
		if diags.HasError() || !p.Plan(resourceType, imported, full).IsEmpty() {
			t.Errorf("%s: errors %q, or the plan after the import is not empty", how, diags.Errors())
		}
	}
}

func TestOIDCProvider_driftAndDisappearance(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate(resourceType, config(nil))
	env.Clock.Advance(time.Minute)
	_, err := env.Client.AddClientIDToOIDCProvider(t.Context(), "ci", "intruder")
	acctest.Must(t, err)
	made = p.MustRead(made)
	if p.Plan(resourceType, made, config(nil)).IsEmpty() {
		t.Error("a client ID added in the console plans nothing")
	}
	env.RequireSettled(t, p.MustApply(resourceType, made, config(nil)), config(nil))

	env.Clock.Advance(time.Minute)
	acctest.Must(t, env.Client.DeleteOIDCProvider(t.Context(), "ci"))
	if read := p.MustRead(made); read.Exists() {
		t.Error("a provider deleted in the console is still in state")
	}
	p.MustDestroy(made) // gone already, which is no error
}

func TestOIDCProvider_nameOrIssuerTaken(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	p.MustCreate(resourceType, config(nil))
	for name, test := range map[string]struct {
		config attributes
		want   []string
	}{
		"name":   {config(attributes{"issuer_url": "https://other.example.com"}), []string{`Cannot create OIDC provider "ci"`, "EntityAlreadyExists", `id = "ci"`}},
		"issuer": {config(attributes{"name": "other"}), []string{"Another OIDC provider has this issuer", `"ci" has https://ci.example.com`, `id = "ci"`}},
	} {
		made, diags := p.Apply(p.Plan(resourceType, acctest.Object{}, test.config))
		errs := diags.Errors()
		if made.Exists() || len(errs) != 1 {
			t.Errorf("%s: got %q, want one error and nothing in state", name, errs)
			continue
		}
		for _, part := range test.want {
			if !strings.Contains(errs[0], part) {
				t.Errorf("%s: the error lacks %q:\n%s", name, part, errs[0])
			}
		}
	}
}

func TestOIDCProvider_lostAnswers(t *testing.T) {
	t.Parallel()
	for name, fault := range acctest.Faults() {
		if name == "refused" || name == "slow" || name == "expired token" {
			continue // no lost answers
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			p := env.Protocol(t, nil)
			env.Emulator.Fail("CreateOIDCProvider", fault())
			made := p.MustCreate(resourceType, config(nil))
			for _, operation := range []string{"UpdateOIDCProvider", "AddClientIdToOIDCProvider", "RemoveClientIdFromOIDCProvider", "AddFingerprintToOIDCProvider"} {
				env.Emulator.Fail(operation, fault())
			}
			changed := config(attributes{"client_ids": []string{"other"}, "fingerprints": []string{"aa"}, "description": "new"})
			made = p.MustApply(resourceType, made, changed)
			env.RequireSettled(t, made, changed)
			env.Emulator.Fail("RemoveFingerprintFromOIDCProvider", fault())
			made = p.MustApply(resourceType, made, config(nil))
			env.Emulator.Fail("DeleteOIDCProvider", fault())
			p.MustDestroy(made)
			if _, err := env.Client.GetOIDCProvider(t.Context(), "ci"); !ramclient.IsNotFound(err) {
				t.Errorf("after destroy: got %v, want that it is gone", err)
			}
		})
	}
}

func TestOIDCProvider_lagOfASecond(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	p := env.Protocol(t, nil)
	made := p.MustCreate(resourceType, config(nil))
	env.RequireSettled(t, made, config(nil))
	changed := config(attributes{"client_ids": []string{"other"}, "description": "new"})
	made = p.MustApply(resourceType, made, changed)
	env.RequireSettled(t, made, changed)
}

func TestOIDCProvider_callsAreCounted(t *testing.T) {
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
	planned := p.Plan(resourceType, acctest.Object{}, config(nil))
	counted("planning a create", 0)
	made, _ := p.Apply(planned)
	counted("a create (GetCallerIdentity, CreateOIDCProvider)", 2)
	p = env.Protocol(t, nil)
	made = p.MustRead(made)
	counted("a refresh (GetCallerIdentity, GetOIDCProvider)", 2)
	made = p.MustApply(resourceType, made, config(attributes{"description": "new"}))
	counted("an update (UpdateOIDCProvider)", 1)
	p.MustDestroy(made)
	counted("a destroy (DeleteOIDCProvider)", 1)
}

func TestOIDCProvider_wrongAccountKeepsState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate(resourceType, config(nil))
	other := env.Emulator.Accounts()[1].RootKey
	elsewhere := env.Protocol(t, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret})
	got, diags := elsewhere.Read(made)
	if len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0], "Wrong Alibaba Cloud account") || !got.Exists() {
		t.Errorf("read: %q, still in state: %t", diags.Errors(), got.Exists())
	}
	for what, next := range map[string]attributes{"destroy": nil, "update": config(attributes{"description": "new"})} {
		if _, diags := elsewhere.Apply(elsewhere.Plan(resourceType, made, next)); len(diags.Errors()) != 1 {
			t.Errorf("%s: %q, want one error", what, diags.Errors())
		}
	}
}

func TestOIDCProvider_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	acctest.RequireExactPermissions(t, acctest.Life{
		Type: resourceType, Permissions: federation.NewOIDCProviderResource().(permission.Declarer).Permissions(),
		Create: config(attributes{"fingerprints": []string{"aa"}}),
		Update: config(attributes{"fingerprints": []string{"bb"}, "client_ids": []string{"other"}, "description": "new"}),
	})
}

func TestOIDCProvider_invalidConfig(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	long := strings.Repeat("x", 129)
	for name, test := range map[string]struct {
		config attributes
		want   string // "" if valid
	}{
		"as it should be":           {nil, ""},
		"nothing known yet":         {attributes{"name": acctest.Unknown, "issuer_url": acctest.Unknown, "client_ids": acctest.Unknown}, ""},
		"a name of one letter":      {attributes{"name": "x"}, ""},
		"a name that ends in a dot": {attributes{"name": "ci."}, "begins and ends with a letter or digit"},
		"a long name":               {attributes{"name": long}, "1 to 128"},
		"http":                      {attributes{"issuer_url": "http://ci.example.com"}, "https://"},
		"a query":                   {attributes{"issuer_url": "https://ci.example.com/?x"}, "without '?'"},
		"a login":                   {attributes{"issuer_url": "https://me@ci.example.com"}, "'@'"},
		"an issuer of 255":          {attributes{"issuer_url": "https://" + strings.Repeat("x", 247)}, ""},
		"an issuer of 256":          {attributes{"issuer_url": "https://" + strings.Repeat("x", 248)}, "255"},
		"fifty client IDs":          {attributes{"client_ids": numbered("client-%d", 50)}, ""},
		"fifty-one client IDs":      {attributes{"client_ids": numbered("client-%d", 51)}, "at most 50"},
		"no client ID in the set":   {attributes{"client_ids": []string{}}, "at least 1"},
		"a comma":                   {attributes{"client_ids": []string{"a,b"}}, "comma"},
		"a long client ID":          {attributes{"client_ids": []string{long}}, "128"},
		"five fingerprints":         {attributes{"fingerprints": numbered("f%d", 5)}, ""},
		"six fingerprints":          {attributes{"fingerprints": numbered("f%d", 6)}, "at most 5"},
		"colons":                    {attributes{"fingerprints": []string{"90:2e"}}, "no colons"},
		"a week":                    {attributes{"issuance_limit_time": 168}, ""},
		"more than a week":          {attributes{"issuance_limit_time": 169}, "168"},
		"an empty description":      {attributes{"description": ""}, "leave the argument out"},
		"a description of 257":      {attributes{"description": strings.Repeat("x", 257)}, "256"},
	} {
		errs := p.Validate(resourceType, config(test.config)).Errors()
		if test.want == "" && len(errs) > 0 || test.want != "" && (len(errs) != 1 || !strings.Contains(errs[0], test.want)) {
			t.Errorf("%s: got %q, want %q", name, errs, test.want)
		}
	}
}
