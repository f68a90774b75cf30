package provider_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const (
	everything = `{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`
	little     = `{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "oss:GetObject", "Resource": "*"}]}`
)

func TestHighRisk_policy(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	config := func(document any) attributes { return attributes{"name": "wide", "policy_document": document} }
	plan := func(prior acctest.Object, document any) acctest.Planned {
		return env.Protocol(t, nil).Plan("ram_policy", prior, config(document))
	}

	acctest.RequireOne(t, plan(acctest.Object{}, everything).Diagnostics.Warnings(), `RAM policy "wide" is high-risk`, "(*:*)", `"policy/wide"`)
	for name, document := range map[string]any{"little": little, "unknown": acctest.Unknown} {
		if got := plan(acctest.Object{}, document).Diagnostics; len(got) > 0 {
			t.Errorf("%s: %q", name, got.Warnings())
		}
	}

	made := env.Protocol(t, nil).MustCreate("ram_policy", config(everything))
	respelled := `{"Statement": [{"Resource": ["*"], "Action": ["*"], "Effect": "Allow"}], "Version": "1"}`
	for name, document := range map[string]string{"kept": everything, "spelled anew": respelled, "narrowed": little} {
		if got := plan(made, document).Diagnostics; len(got) > 0 {
			t.Errorf("%s: %q", name, got.Warnings())
		}
	}
	narrow := env.Protocol(t, nil).MustApply("ram_policy", made, config(little))
	acctest.RequireOne(t, plan(narrow, everything).Diagnostics.Warnings(), "is high-risk")
	if got := plan(narrow, nil); got.Diagnostics.HasError() {
		t.Errorf("destroy: %q", got.Diagnostics.Errors())
	}

	renamed := env.Protocol(t, nil).Plan("ram_policy", narrow, attributes{"name": "wider", "policy_document": everything})
	acctest.RequireOne(t, renamed.Diagnostics.Warnings(), `RAM policy "wider" is high-risk`)
}

func TestHighRisk_trust(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	role := func(principal string) attributes {
		return attributes{"name": "ci", "assume_role_policy_document": trust(principal)}
	}
	own, other := "acs:ram::"+env.AccountID+":root", "acs:ram::1000000000000009:root"
	plan := func(prior acctest.Object, principal string) acctest.Planned {
		return env.Protocol(t, nil).Plan("ram_role", prior, role(principal))
	}
	acctest.RequireOne(t, plan(acctest.Object{}, "*").Diagnostics.Warnings(), `The trust policy of RAM role "ci" is high-risk`, "a wildcard", `"role/ci"`)
	acctest.RequireOne(t, plan(acctest.Object{}, other).Diagnostics.Warnings(), "the whole account 1000000000000009 without an external id")
	if got := plan(acctest.Object{}, own).Diagnostics; len(got) > 0 {
		t.Errorf("the own account: %q", got.Warnings())
	}

	made := env.Protocol(t, nil).MustCreate("ram_role", role(own))
	env.Emulator.ResetRequests()
	acctest.RequireOne(t, plan(made, other).Diagnostics.Warnings(), "without an external id")
	if got := env.Emulator.Total(); got != 0 {
		t.Errorf("%d calls to judge a role whose account is known, want none", got)
	}
	made = env.Protocol(t, nil).MustApply("ram_role", made, role(other))
	if got := plan(made, other).Diagnostics; len(got) > 0 {
		t.Errorf("a trust policy that stays as it is: %q", got.Warnings())
	}
}

// A plan asks who the caller is only where that matters.
func TestHighRisk_calls(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	for principal, want := range map[string][]string{
		"*": nil, "acs:ram::1000000000000009:user/a": nil, "acs:ram::1000000000000009:root": {"GetCallerIdentity"},
	} {
		env.Emulator.ResetRequests()
		env.Protocol(t, nil).Plan("ram_role", acctest.Object{}, attributes{"name": "ci", "assume_role_policy_document": trust(principal)})
		got := env.TakeCalls()
		if !slices.Equal(got, want) {
			t.Errorf("%s: calls %q, want %q", principal, got, want)
		}
	}
}

func TestHighRisk_errorAndExceptions(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	strict := attributes{"high_risk_policies": "error"}
	wide := attributes{"name": "wide", "policy_document": everything}
	open := attributes{"name": "open", "assume_role_policy_document": trust("*")}
	p := env.Protocol(t, strict)
	acctest.RequireOne(t, p.Plan("ram_policy", acctest.Object{}, wide).Diagnostics.Errors(), `RAM policy "wide" is high-risk`, `high_risk_policies is "error"`)
	acctest.RequireOne(t, p.Plan("ram_role", acctest.Object{}, open).Diagnostics.Errors(), `RAM role "open" is high-risk`)
	if _, err := env.Client.GetPolicy(t.Context(), ramclient.PolicyRef{PolicyName: "wide", PolicyType: ramclient.PolicyCustom}); !ramclient.IsNotFound(err) {
		t.Errorf("the policy is there: %v", err)
	}
	strict["high_risk_exceptions"] = []any{"policy/wide", "role/open"}
	for _, arguments := range []attributes{strict, {"high_risk_policies": "ignore"}} {
		p = env.Protocol(t, arguments)
		got := slices.Concat(p.Plan("ram_policy", acctest.Object{}, wide).Diagnostics, p.Plan("ram_role", acctest.Object{}, open).Diagnostics)
		if diff := cmp.Diff([]string(nil), slices.Concat(got.Errors(), got.Warnings())); diff != "" {
			t.Errorf("%v: (-want +got)\n%s", arguments, diff)
		}
	}
}

func TestHighRisk_attachments(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.JoinGroup(t, "terraform", "staff")
	env.Clock.Advance(time.Minute)
	for kind, name := range map[string]string{"user": "terraform", "group": "staff"} {
		typ := "ram_" + kind + "_policy_attachment"
		config := func(policy string) attributes { return attributes{kind + "_name": name, "policy_name": policy} }
		p := env.Protocol(t, nil)
		planned := p.Plan(typ, acctest.Object{}, config("AliyunRAMFullAccess"))
		acctest.RequireOne(t, planned.Diagnostics.Warnings(), `System policy "AliyunRAMFullAccess" for RAM `+kind+` "`+name+`" is high-risk`, kind+"/"+name)
		made, diags := p.Apply(planned)
		if diags.HasError() {
			t.Fatal(diags.Errors())
		}
		if got := p.Plan(typ, made, config("AliyunRAMFullAccess")).Diagnostics; len(got) > 0 {
			t.Errorf("%s: a grant that stays: %q", kind, got.Warnings())
		}
		if got := p.Plan(typ, acctest.Object{}, config("AliyunOSSFullAccess")).Diagnostics; len(got) > 0 {
			t.Errorf("%s: a grant of little: %q", kind, got.Warnings())
		}
		strict := env.Protocol(t, attributes{"high_risk_policies": "error", "allow_self_change": true})
		acctest.RequireOne(t, strict.Plan(typ, acctest.Object{}, config("AliyunRAMFullAccess")).Diagnostics.Errors(), "is high-risk")
		replaced := strict.Plan(typ, made, config("AdministratorAccess"))
		acctest.RequireOne(t, replaced.Diagnostics.Errors(), `System policy "AdministratorAccess"`)
	}
}
