package provider_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// own is an account in which Terraform runs as user "terraform", directly, and in roles
// "operator", which that user assumes, and "deployer", which operator's sessions assume.
type own struct {
	*acctest.Env
	direct, operator, deployer attributes
}

func newOwn(t *testing.T) own {
	t.Helper()
	env := acctest.New(t)
	roleARN := func(name string) string { return "acs:ram::" + env.AccountID + ":role/" + name }
	for name, trusted := range map[string]string{
		"operator": "acs:ram::" + env.AccountID + ":user/terraform",
		"deployer": roleARN("operator"),
		"other":    roleARN("operator"),
	} {
		_, err := env.Client.CreateRole(t.Context(), ramclient.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: trust(trusted)})
		acctest.Must(t, err)
		if name != "other" {
			acctest.Must(t, env.Client.AttachPolicyToRole(t.Context(), ramclient.RolePolicy{
				RoleName: name, PolicyName: "AdministratorAccess", PolicyType: ramclient.PolicySystem,
			}))
		}
	}
	env.UserKey(t, "other")
	env.Emulator.ResetRequests()
	link := func(name string) any { return attributes{"role_arn": roleARN(name)} }
	return own{
		Env: env, direct: attributes{},
		operator: attributes{"assume_role": []any{link("operator")}},
		deployer: attributes{"assume_role": []any{link("operator"), link("deployer")}},
	}
}

func trust(principal string) string {
	return `{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": "` + principal + `"}}]}`
}

// planDestroy imports an object and plans its destruction, each in a run of its own.
func (o own) planDestroy(t *testing.T, arguments attributes, resourceType, id string) (acctest.Planned, map[string]int) {
	t.Helper()
	object, diags := o.Protocol(t, nil).Import(resourceType, id)
	if diags.HasError() {
		t.Fatalf("import: %q", diags.Errors())
	}
	o.Emulator.ResetRequests()
	planned := o.Protocol(t, arguments).Plan(resourceType, object, nil)
	return planned, o.calls()
}

func (o own) calls() map[string]int {
	counts := map[string]int{}
	for _, request := range o.Emulator.Requests() {
		counts[request.Operation]++
	}
	return counts
}

func TestSelfChange_destroy(t *testing.T) {
	t.Parallel()
	const ask, assume = "GetCallerIdentity", "AssumeRole"
	tests := map[string]struct {
		as               func(own) attributes
		resourceType, id string
		want             string // in the error; empty for none
		calls            map[string]int
	}{
		"own user":              {func(o own) attributes { return o.direct }, "ram_user", "terraform", "signs as this user", map[string]int{ask: 1}},
		"another user":          {func(o own) attributes { return o.direct }, "ram_user", "other", "", map[string]int{ask: 1}},
		"user who assumes":      {func(o own) attributes { return o.operator }, "ram_user", "terraform", "this user (provider argument access_key_id (LTAI****", map[string]int{ask: 2, assume: 1}},
		"user under a chain":    {func(o own) attributes { return o.deployer }, "ram_user", "terraform", "assumes the role that the provider acts in", map[string]int{ask: 2, assume: 2}},
		"another under a chain": {func(o own) attributes { return o.deployer }, "ram_user", "other", "", map[string]int{ask: 2, assume: 2}},
		"own role":              {func(o own) attributes { return o.operator }, "ram_role", "operator", "acts in a session of this role", map[string]int{ask: 1, assume: 1}},
		"role under a chain":    {func(o own) attributes { return o.deployer }, "ram_role", "operator", "assumed from a session of this one", map[string]int{ask: 1, assume: 2}},
		"a role not in use":     {func(o own) attributes { return o.direct }, "ram_role", "operator", "", map[string]int{ask: 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOwn(t)
			planned, calls := o.planDestroy(t, test.as(o), test.resourceType, test.id)
			if diff := cmp.Diff(test.calls, calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if test.want == "" {
				if planned.Diagnostics.HasError() {
					t.Errorf("refused: %q", planned.Diagnostics.Errors())
				}
				return
			}
			acctest.RequireOne(t, planned.Diagnostics.Errors(), "Refusing to destroy", `"`+test.id+`"`, test.want, "allow_self_change = true")

			allowed := maps.Clone(test.as(o))
			allowed["allow_self_change"] = true
			planned, calls = o.planDestroy(t, allowed, test.resourceType, test.id)
			if planned.Diagnostics.HasError() || len(calls) > 0 {
				t.Errorf("with allow_self_change: %q, after %v", planned.Diagnostics.Errors(), calls)
			}
		})
	}
}

// A replacement that was forced on the provider (-replace, taint) is planned as a mere
// creation, so the delete asks again.
func TestSelfChange_deleteUnseen(t *testing.T) {
	t.Parallel()
	o := newOwn(t)
	for resourceType, id := range map[string]string{"ram_user": "terraform", "ram_role": "operator"} {
		allowed := maps.Clone(o.operator)
		allowed["allow_self_change"] = true
		planned, _ := o.planDestroy(t, allowed, resourceType, id)
		left, diags := o.Protocol(t, o.operator).Apply(planned)
		acctest.RequireOne(t, diags.Errors(), "Refusing to destroy", id)
		if !left.Exists() {
			t.Errorf("%s has left the state", id)
		}
	}
}

// Before the configuration is known, nobody can tell what is Terraform's own.
func TestSelfChange_unknownConfiguration(t *testing.T) {
	t.Parallel()
	o := newOwn(t)
	for _, argument := range []string{"access_key_id", "allow_self_change"} {
		planned, calls := o.planDestroy(t, attributes{argument: acctest.Unknown}, "ram_user", "terraform")
		if planned.Diagnostics.HasError() || len(calls) > 0 {
			t.Errorf("%s: %q after %v, want nothing", argument, planned.Diagnostics.Errors(), calls)
		}
	}
}

// Who the base key belongs to cannot be told: the plan goes on.
func TestSelfChange_baseUntold(t *testing.T) {
	t.Parallel()
	o := newOwn(t)
	user, diags := o.Protocol(t, nil).Import("ram_user", "terraform")
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	arguments := maps.Clone(o.operator)
	arguments["max_retries"] = 0
	p := o.Protocol(t, arguments)
	if _, diags := p.ReadData("ram_caller_identity", attributes{}); diags.HasError() {
		t.Fatal(diags.Errors())
	}
	o.Emulator.Fail("GetCallerIdentity", emulator.Refuse(503, "ServiceUnavailable", "Not now."))
	for range 2 { // and is not asked again
		if planned := p.Plan("ram_user", user, nil); planned.Diagnostics.HasError() {
			t.Errorf("refused: %q", planned.Diagnostics.Errors())
		}
	}
}

func TestSelfChange_group(t *testing.T) {
	t.Parallel()
	o := newOwn(t)
	o.JoinGroup(t, "terraform", "admins")
	o.JoinGroup(t, "other", "others")
	o.Clock.Advance(time.Minute)
	for _, group := range []string{"admins", "others"} {
		imported, diags := o.Protocol(t, nil).Import("ram_group", group)
		if diags.HasError() {
			t.Fatal(diags.Errors())
		}
		forced := o.Protocol(t, nil).MustApply("ram_group", imported, attributes{"name": group, "force_destroy": true})
		for name, arguments := range map[string]attributes{"directly": o.direct, "in a role": o.operator} {
			o.Emulator.ResetRequests()
			errs := o.Protocol(t, arguments).Plan("ram_group", forced, nil).Diagnostics.Errors()
			if group == "admins" {
				acctest.RequireOne(t, errs, `Refusing to destroy RAM group "admins"`, `RAM user "terraform" is a member of this group`)
			} else if len(errs) > 0 {
				t.Errorf("%s, %s: %q", group, name, errs)
			}
			if got := o.calls()["ListGroupsForUser"]; got != 1 {
				t.Errorf("%s, %s: groups were listed %d times, want once", group, name, got)
			}
		}
		// Without force, the service itself keeps a group with members.
		o.Emulator.ResetRequests()
		if errs := o.Protocol(t, nil).Plan("ram_group", imported, nil).Diagnostics.Errors(); len(errs) > 0 || o.Emulator.Total() > 0 {
			t.Errorf("%s without force: %q after %v", group, errs, o.calls())
		}
	}
}

func TestSelfChange_policyThatIsDetached(t *testing.T) {
	t.Parallel()
	o := newOwn(t)
	for _, policy := range []string{"mine", "theirs"} {
		made := o.Protocol(t, nil).MustCreate("ram_policy", attributes{"name": policy, "policy_document": little, "force_destroy": true})
		holder := map[string]string{"mine": "operator", "theirs": "other"}[policy]
		acctest.Must(t, o.Client.AttachPolicyToRole(t.Context(), ramclient.RolePolicy{RoleName: holder, PolicyName: policy, PolicyType: ramclient.PolicyCustom}))
		errs := o.Protocol(t, o.deployer).Plan("ram_policy", made, nil).Diagnostics.Errors()
		if policy == "mine" {
			acctest.RequireOne(t, errs, `Refusing to destroy RAM policy "mine", which takes it from role operator`, "assumed from a session of this one")
		} else if len(errs) > 0 {
			t.Errorf("a policy of others: %q", errs)
		}
		if errs := o.Protocol(t, nil).Plan("ram_policy", made, nil).Diagnostics.Errors(); len(errs) > 0 {
			t.Errorf("signed by the user: %q", errs)
		}
	}
}

func TestSelfChange_role(t *testing.T) {
	t.Parallel()
	o := newOwn(t)
	arn := "acs:ram::" + o.AccountID
	tests := map[string]struct {
		role          string
		config        attributes
		direct, chain bool // refused, run as operator or as deployer
		refusal       string
	}{
		"nothing":           {role: "operator", config: attributes{"name": "operator", "assume_role_policy_document": trust(arn + ":user/terraform")}},
		"a description":     {role: "operator", config: attributes{"name": "operator", "assume_role_policy_document": trust(arn + ":user/terraform"), "description": "x"}},
		"replaced":          {role: "operator", config: attributes{"name": "operators", "assume_role_policy_document": trust(arn + ":user/terraform")}, direct: true, chain: true, refusal: `Refusing to replace RAM role "operator"`},
		"the whole account": {role: "operator", config: attributes{"name": "operator", "assume_role_policy_document": trust(arn + ":root")}},
		"another user":      {role: "operator", config: attributes{"name": "operator", "assume_role_policy_document": trust(arn + ":user/other")}, direct: true, chain: true, refusal: `Refusing to shut out of RAM role "operator" who assumes it for Terraform`},
		"the other role":    {role: "deployer", config: attributes{"name": "deployer", "assume_role_policy_document": trust(arn + ":role/other")}, chain: true, refusal: `Refusing to shut out of RAM role "deployer" who assumes it`},
		"another role":      {role: "other", config: attributes{"name": "other", "assume_role_policy_document": trust(arn + ":user/other")}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			role, diags := o.Protocol(t, nil).Import("ram_role", test.role)
			if diags.HasError() {
				t.Fatal(diags.Errors())
			}
			for _, as := range []struct {
				arguments attributes
				refused   bool
			}{{o.direct, false}, {o.operator, test.direct}, {o.deployer, test.chain}} {
				errs := o.Protocol(t, as.arguments).Plan("ram_role", role, test.config).Diagnostics.Errors()
				switch {
				case as.refused:
					acctest.RequireOne(t, errs, test.refusal)
				case len(errs) > 0:
					t.Errorf("%v: %q", as.arguments, errs)
				}
			}
		})
	}
}

func TestSelfChange_networkPolicy(t *testing.T) {
	t.Parallel()
	o := newOwn(t)
	other := o.UserKey(t, "third")
	o.Clock.Advance(time.Minute)
	config := func(key acctest.Key, status string, networks ...any) attributes {
		return attributes{"access_key_id": key.ID, "status": status, "statements": []any{
			attributes{"type": "ClassicWhiteList", "ip_list": networks},
		}}
	}
	const typ = "ram_access_key_network_policy"
	home, office := any("203.0.113.0/24"), any("198.51.100.0/24")
	allowed := o.Protocol(t, attributes{"allow_self_change": true})
	active := allowed.MustCreate(typ, config(o.Admin, "Active", home, "127.0.0.1"))
	asleep := allowed.MustApply(typ, active, config(o.Admin, "Inactive", home, "127.0.0.1"))
	tests := map[string]struct {
		prior   acctest.Object
		config  attributes
		refused bool
	}{
		"new":              {acctest.Object{}, config(o.Admin, "Active", home), true},
		"new, not known":   {acctest.Object{}, config(o.Admin, "Active", acctest.Unknown), true},
		"new, inactive":    {acctest.Object{}, config(o.Admin, "Inactive", home), false},
		"another key's":    {acctest.Object{}, config(other, "Active", home), false},
		"kept":             {active, config(o.Admin, "Active", home, "127.0.0.1"), false},
		"wider":            {active, config(o.Admin, "Active", home, "127.0.0.1", office), false},
		"narrower":         {active, config(o.Admin, "Active", home), true},
		"elsewhere":        {active, config(o.Admin, "Active", home, office), true},
		"switched on":      {asleep, config(o.Admin, "Active", home, "127.0.0.1"), true},
		"switched off":     {active, config(o.Admin, "Inactive", home), false},
		"reset":            {active, nil, false},
		"of an unknown id": {acctest.Object{}, attributes{"access_key_id": acctest.Unknown, "statements": []any{attributes{"type": "ClassicWhiteList", "ip_list": []any{home}}}}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, as := range []attributes{o.direct, o.operator} {
				errs := o.Protocol(t, as).Plan(typ, test.prior, test.config).Diagnostics.Errors()
				switch {
				case test.refused:
					acctest.RequireOne(t, errs, "Refusing to restrict AccessKey "+o.Admin.ID, "this key", "allow_self_change = true")
				case len(errs) > 0:
					t.Errorf("%v: %q", as, errs)
				}
			}
		})
	}
}

func TestSelfChange_attachments(t *testing.T) {
	t.Parallel()
	o := newOwn(t)
	o.JoinGroup(t, "terraform", "admins")
	o.Clock.Advance(time.Minute)
	tests := map[string]struct {
		attribute, name string
		direct, chained string // why it is refused, run as the user, or as deployer; empty if it is not
	}{
		"own user":    {"user_name", "terraform", "signs as this user", "this user (provider argument"},
		"other user":  {"user_name", "other", "", ""},
		"own role":    {"role_name", "deployer", "", "acts in a session of this role"},
		"chained one": {"role_name", "operator", "", "assumed from a session of this one"},
		"other role":  {"role_name", "other", "", ""},
		"own group":   {"group_name", "admins", "is a member of this group", "is a member of this group"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			typ := "ram_" + strings.TrimSuffix(test.attribute, "_name") + "_policy_attachment"
			policy := func(name string) attributes {
				return attributes{test.attribute: test.name, "policy_name": name, "policy_type": "System"}
			}
			made := o.Protocol(t, nil).MustCreate(typ, policy("AliyunOSSReadOnlyAccess"))
			for _, as := range []struct {
				arguments attributes
				why       string
			}{{o.direct, test.direct}, {o.deployer, test.chained}} {
				p := o.Protocol(t, as.arguments)
				for what, config := range map[string]attributes{"detach": nil, "exchange": policy("AliyunECSReadOnlyAccess")} {
					errs := p.Plan(typ, made, config).Diagnostics.Errors()
					switch {
					case as.why != "":
						acctest.RequireOne(t, errs, `Refusing to detach policy "AliyunOSSReadOnlyAccess" (System) from RAM`, test.name, as.why)
					case len(errs) > 0:
						t.Errorf("%s: %q", what, errs)
					}
				}
				if planned := p.Plan(typ, made, policy("AliyunOSSReadOnlyAccess")); !planned.IsEmpty() || planned.Diagnostics.HasError() {
					t.Errorf("a plan without changes: %q", planned.Diagnostics.Errors())
				}
			}
		})
	}
}
