package acctest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// Faults are the ways in which one request can go wrong.
func Faults() map[string]func() emulator.Fault {
	return map[string]func() emulator.Fault{
		"refused":           func() emulator.Fault { return emulator.Refuse(403, "NoPermission", "You are not authorized.") },
		"reset before":      emulator.ResetBefore,
		"commit then reset": emulator.CommitThenReset,
		"commit then 500":   emulator.CommitThen500,
		"HTML 502":          emulator.HTML502,
		"empty body":        emulator.EmptyBody,
		"truncated body":    emulator.TruncatedBody,
		"throttled":         func() emulator.Fault { return emulator.Throttle(time.Second) },
		"slow":              func() emulator.Fault { return emulator.Delay(Stall) },
		"expired token":     emulator.ExpireToken,
	}
}

// Stall is a delay that outlasts every client; see WithStalls.
const Stall = time.Hour

// WithStalls lets a delay of Stall last until the client gives up, on whichever clock.
func WithStalls(config *emulator.Config) { config.Clock = stalling{config.Clock} }

// ResourceGroup is the id of the resource group that WithResourceGroup makes known.
const ResourceGroup = "rg-example"

// WithResourceGroup gives every account a resource group.
func WithResourceGroup(config *emulator.Config) { config.ResourceGroups = []string{ResourceGroup} }

type stalling struct{ clock.Clock }

// Sleep implements clock.Clock.
func (s stalling) Sleep(ctx context.Context, d time.Duration) error {
	if d < Stall {
		return s.Clock.Sleep(ctx, d)
	}
	<-ctx.Done()
	return ctx.Err()
}

// Mutations are the operations that change something in the course of the life, each
// once, as a run without faults calls them.
func (l Life) Mutations(t *testing.T) []string {
	t.Helper()
	return slices.Sorted(maps.Keys(l.lead(t, "", nil).mutations))
}

// RequireSurvivesFaults leads the life once for each operation that it changes
// something with and each fault, applying again after a failure as a person would. The
// service must then have, after every step, what it has without the fault: no orphan,
// nothing lost.
func RequireSurvivesFaults(t *testing.T, life Life) {
	t.Helper()
	wanted := life.lead(t, "", nil)
	for _, operation := range slices.Sorted(maps.Keys(wanted.mutations)) {
		for name, fault := range Faults() {
			t.Run(operation+", "+name, func(t *testing.T) {
				t.Parallel()
				got := life.lead(t, operation, fault)
				if diff := cmp.Diff(wanted.inventories, got.inventories); diff != "" {
					t.Errorf("what the service has after each step (-without +with the fault):\n%s", diff)
				}
			})
		}
	}
}

// A course is what happened in a life.
type course struct {
	// inventories are what the service had after each step.
	inventories map[string][]string
	// mutations are the operations that the provider changed something with.
	mutations map[string]bool
}

// lead leads the life. The first call of the operation meets the fault, and the client
// may not repeat it, so that the resource has to deal with every kind itself.
func (l Life) lead(t *testing.T, operation string, fault func() emulator.Fault) course {
	t.Helper()
	env := New(t, WithStalls, WithResourceGroup)
	l = l.prepare(t, env)
	env.Clock.Advance(time.Minute)
	env.Emulator.ResetRequests()
	arguments := map[string]any{"max_retries": 0, "plaintext_secrets": "allow"}
	if operation != "" {
		env.Emulator.Fail(operation, fault())
	}

	got := course{inventories: map[string][]string{}, mutations: map[string]bool{}}
	object := Object{}
	for _, step := range l.steps() {
		object = l.reach(t, env, arguments, object, step.config, step.name)
		for _, request := range env.Emulator.Requests() {
			if strings.HasSuffix(request.CallerARN, "user/terraform") && mutates(request.Operation) {
				got.mutations[request.Operation] = true
			}
		}
		got.inventories[step.name] = env.Inventory(t)
		if step.name == "create" && l.Burden != nil {
			if env.awaitsStall() { // it may strike the colleague
				env.Client = env.clientFor(env.root, impatience)
			}
			l.Burden(t, env)
		}
		env.Clock.Advance(time.Minute)
		env.Emulator.ResetRequests()
	}
	return got
}

// reach applies until it succeeds, in a new process each time. An object whose create
// failed half way is tainted: it is destroyed before the next try.
func (l Life) reach(t *testing.T, env *Env, arguments map[string]any, object Object, config map[string]any, step string) Object {
	t.Helper()
	var said []string
	tainted := false
	for range 6 {
		p := env.Protocol(t, env.impatient(arguments))
		if object.Exists() {
			read, diags := p.Read(object)
			if diags.HasError() {
				t.Fatalf("%s: read: %q", step, diags.Errors())
			}
			object = read
		}
		next := config
		if tainted {
			next = nil
		}
		isNew := !object.Exists()
		if isNew && next == nil {
			tainted = false
			if config == nil {
				return Object{} // gone already, only the answer said otherwise
			}
			continue
		}
		planned := p.Plan(l.Type, object, next)
		if planned.Diagnostics.HasError() {
			t.Fatalf("%s: plan: %q", step, planned.Diagnostics.Errors())
		}
		after, diags := p.Apply(planned)
		said = append(said, diags.Errors()...)
		object = after
		switch {
		case diags.HasError():
			tainted = tainted || isNew && after.Exists()
			env.Clock.Advance(time.Minute)
			if isNew && !after.Exists() {
				l.adopt(t, env, p, &object, diags)
			}
		case tainted:
			tainted, object = false, Object{}
		case config == nil:
			return Object{}
		default:
			l.requireEmptyPlan(t, env, arguments, object, config, step)
			return object
		}
	}
	t.Fatalf("%s: no success in six runs: %q", step, said)
	return Object{}
}

// impatient adds a short request_timeout, in real time, as long as a stall lies ahead. Other
// runs keep the usual one: on a busy machine an answer may take seconds.
func (e *Env) impatient(arguments map[string]any) map[string]any {
	if !e.awaitsStall() {
		return arguments
	}
	arguments = maps.Clone(arguments)
	arguments["request_timeout"] = impatience.String()
	return arguments
}

const impatience = 2 * time.Second

func (e *Env) awaitsStall() bool {
	return slices.ContainsFunc(e.Emulator.PendingFaults(), func(fault string) bool { return strings.Contains(fault, "Delay") })
}

// adopt does what the error of a create that found the name taken advises: import.
func (l Life) adopt(t *testing.T, _ *Env, p *Protocol, object *Object, diags Diagnostics) {
	t.Helper()
	const marker = "id = \""
	for _, text := range diags.Errors() {
		if _, rest, ok := strings.Cut(text, marker); ok {
			id, _, _ := strings.Cut(rest, "\"")
			imported, diags := p.Import(l.Type, id)
			if diags.HasError() {
				t.Fatalf("import %s: %q", id, diags.Errors())
			}
			*object = imported
		}
	}
}

func (l Life) requireEmptyPlan(t *testing.T, env *Env, arguments map[string]any, object Object, config map[string]any, step string) {
	t.Helper()
	p := env.Protocol(t, arguments)
	read, diags := p.Read(object)
	if diags.HasError() {
		t.Fatalf("%s: read afterwards: %q", step, diags.Errors())
	}
	if planned := p.Plan(l.Type, read, config); !planned.IsEmpty() {
		t.Errorf("%s: the plan afterwards is not empty: %v", step, p.Attributes(planned.Value))
	}
}

func mutates(operation string) bool {
	for _, known := range ramclient.Operations() {
		if known.Name == operation {
			return known.Mutates
		}
	}
	return false
}

// Inventory lists what the account has, by names rather than ids, as somebody who looks
// for orphans would: users with their logins, their keys and the network policies of those, groups
// with their members, roles, policies, tags, OIDC providers, settings of the account and every grant. Recycle bins are not in it,
// nor old versions of a policy: one that could not be deleted is reported, and goes with
// the next change.
func (e *Env) Inventory(t testing.TB) []string {
	t.Helper()
	ctx := t.Context()
	var found []string
	add := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for user, err := range e.Client.ListUsers(ctx) {
		must(err)
		add("user %s %q %q %q %v", user.UserName, user.DisplayName, user.Comments, user.Email, user.Tags)
		login, err := e.Client.GetLoginProfile(ctx, user.UserPrincipalName)
		if !ramclient.IsNotFound(err) {
			must(err)
			add("login of %s %s %t %t", user.UserName, login.Status, login.PasswordResetRequired, login.MFABindRequired)
		}
		keys, err := e.Client.ListAccessKeys(ctx, user.UserPrincipalName)
		must(err)
		for _, key := range keys {
			add("key of %s %s", user.UserName, key.Status)
			network, err := e.Client.GetAccessKeyPolicy(ctx, ramclient.AccessKeyRef{UserPrincipalName: user.UserPrincipalName, AccessKeyID: key.AccessKeyID})
			must(err)
			if len(network.Statements) > 0 {
				add("network policy of a key of %s %s %v", user.UserName, network.Status, network.Statements)
			}
		}
	}
	for group, err := range e.Client.ListGroups(ctx) {
		must(err)
		add("group %s %q %q", group.GroupName, group.DisplayName, group.Comments)
		for member, err := range e.Client.ListUsersForGroup(ctx, group.GroupName) {
			must(err)
			add("member of %s %s", group.GroupName, member.UserPrincipalName)
		}
	}
	for role, err := range e.Client.ListRoles(ctx) {
		must(err)
		add("role %s %q %d %v", role.RoleName, role.Description, role.MaxSessionDuration, role.Tags)
	}
	for policy, err := range e.Client.ListPolicies(ctx, ramclient.PolicyCustom) {
		must(err)
		add("policy %s %q %v", policy.PolicyName, policy.Description, policy.Tags)
	}
	alias, err := e.Client.GetAccountAlias(ctx)
	must(err)
	add("alias %q", alias)
	preference, err := e.Client.GetSecurityPreference(ctx)
	must(err)
	add("logins last %d h, from %q", *preference.LoginSessionDuration, *preference.LoginNetworkMasks)
	for provider, err := range e.Client.ListOIDCProviders(ctx) {
		must(err)
		add("OIDC provider %s %s %q %v %v", provider.OIDCProviderName, provider.IssuerURL, provider.Description, provider.ClientIDs, provider.Fingerprints)
	}
	for grant, err := range e.Client.ListPolicyAttachments(ctx, ramclient.ListPolicyAttachmentsInput{}) {
		must(err)
		add("grant %s to %s %s in %s", grant.PolicyName, grant.PrincipalType, grant.PrincipalName, grant.ResourceGroupID)
	}
	for app, err := range e.Client.ListExternalApplications(ctx) {
		must(err)
		add("application %s %v", app.AppID, app.Scopes)
		for assigned, err := range e.Client.ListApplicationAssignments(ctx, app.AppID) {
			must(err)
			add("assignment of %s to %s %s", app.AppID, assigned.PrincipalType, assigned.Name())
		}
	}
	slices.Sort(found)
	return found
}
