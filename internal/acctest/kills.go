package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// RequireSurvivesKills leads the life once for every call of its applies, and kills the
// provider there: the service carries the call out, but nobody hears the answer. (To be
// killed before the call arrives is the same as after the one before.) What the process
// knew is lost with it; Terraform keeps the state from before, and a person applies again.
// The service must then have what it has without the kill. Only an AccessKey whose secret
// died with the process cannot be known; a message must name it, and the person then
// deletes it. It returns the number of kills.
func RequireSurvivesKills(t *testing.T, life Life) int {
	t.Helper()
	wanted := life.leadKilled(t, "", 0)
	kills := 0
	for _, step := range slices.Sorted(maps.Keys(wanted.calls)) {
		for call := 1; call <= wanted.calls[step]; call++ {
			kills++
			t.Run(fmt.Sprintf("%s, call %d", step, call), func(t *testing.T) {
				t.Parallel()
				got := life.leadKilled(t, step, call)
				if diff := cmp.Diff(wanted.inventories, got.inventories); diff != "" {
					t.Errorf("what the service has after each step (-without +with the kill):\n%s\nsaid: %q", diff, got.said)
				}
			})
		}
	}
	return kills
}

// killedLife is a life in which the provider may be killed once.
type killedLife struct {
	Life
	t   *testing.T
	env *Env
	// current is the object in Terraform's state, and deposed those that a replacement
	// with create_before_destroy has yet to destroy.
	current Object
	deposed []Object
	tainted bool
	// keys are the AccessKeys that others made.
	keys []string

	calls       map[string]int      // of the apply of each step
	inventories map[string][]string // of the service after each step
	said        []string
}

func (l Life) leadKilled(t *testing.T, killedStep string, call int) *killedLife {
	t.Helper()
	env := New(t, WithResourceGroup)
	k := &killedLife{Life: l.prepare(t, env), t: t, env: env, calls: map[string]int{}, inventories: map[string][]string{}}
	env.Clock.Advance(time.Minute)
	k.keys = slices.Collect(maps.Keys(env.liveKeys(t)))
	for _, step := range k.steps() {
		killAt := 0
		if step.name == killedStep {
			killAt = call
		}
		k.calls[step.name] = k.reach(step.name, step.config, killAt)
		k.deleteOrphans()
		k.inventories[step.name] = env.Inventory(t)
		if step.name == "create" && l.Burden != nil {
			l.Burden(t, env)
			k.keys = slices.Collect(maps.Keys(env.liveKeys(t)))
		}
		env.Clock.Advance(time.Minute)
	}
	return k
}

// reach applies until the configuration is reached, in a new process each time, the first
// of which is killed at the call of this number (0 for never). It returns how many calls
// the first apply made.
func (k *killedLife) reach(step string, config map[string]any, killAt int) (calls int) {
	k.t.Helper()
	for attempt := range 6 {
		p := k.env.Protocol(k.t, map[string]any{"max_retries": 0, "plaintext_secrets": "allow"})
		k.refresh(p)
		if attempt > 0 && config == nil && !k.current.Exists() && len(k.deposed) == 0 {
			return calls
		}
		if attempt == 0 {
			k.env.line.arm(killAt)
		}
		done := k.apply(p, config)
		if attempt == 0 {
			var broke bool
			if calls, broke = k.env.line.disarm(); broke != (killAt > 0) {
				k.t.Fatalf("%s: the kill was to come at call %d of %d", step, killAt, calls)
			}
		}
		if done {
			k.requireEmptyPlan(step, config)
			return calls
		}
		k.env.Clock.Advance(time.Minute)
		k.deleteOrphans()
	}
	k.t.Fatalf("%s: no success in six runs: %q", step, k.said)
	return calls
}

// refresh reads what is in state, as every run begins with.
func (k *killedLife) refresh(p *Protocol) {
	k.t.Helper()
	if k.current.Exists() {
		k.current = p.MustRead(k.current)
	}
	k.deposed = slices.DeleteFunc(k.deposed, func(object Object) bool { return !p.MustRead(object).Exists() })
}

// apply brings the resource to the configuration as Terraform's core does, and says
// whether it got there.
func (k *killedLife) apply(p *Protocol, config map[string]any) bool {
	k.t.Helper()
	if k.tainted && k.current.Exists() {
		if !k.destroy(p, k.current) {
			return false
		}
		k.current, k.tainted = Object{}, false
	}
	if !k.current.Exists() && config == nil {
		return k.destroyDeposed(p)
	}
	planned := p.Plan(k.Type, k.current, config)
	if k.heard(planned.Diagnostics) {
		return false
	}
	replaced := len(planned.Replace) > 0
	if replaced && !k.CreateFirst {
		if !k.destroy(p, k.current) {
			return false
		}
		k.current = Object{}
	}
	if replaced {
		planned.Prior = Object{Type: k.Type, Value: p.null(k.Type)}
	}
	after, diags := p.apply(planned)
	failed := k.heard(diags)
	if k.env.line.broken() {
		return false
	}
	if failed && !planned.Prior.Exists() && !k.current.Exists() {
		k.tainted = after.Exists()
		if !after.Exists() {
			k.adopt(k.t, k.env, p, &after, diags)
		}
	}
	if failed && !after.Exists() {
		return false // the old object, if there is one, stays the current one
	}
	if replaced && k.CreateFirst {
		k.deposed = append(k.deposed, k.current)
	}
	k.current = after
	return !failed && k.destroyDeposed(p)
}

func (k *killedLife) destroyDeposed(p *Protocol) bool {
	k.t.Helper()
	for len(k.deposed) > 0 {
		if !k.destroy(p, k.deposed[0]) {
			return false
		}
		k.deposed = k.deposed[1:]
	}
	return true
}

// destroy says whether the object is gone. If the process was killed on the way, the
// object stays in state as it was.
func (k *killedLife) destroy(p *Protocol, object Object) bool {
	k.t.Helper()
	planned := p.Plan(k.Type, object, nil)
	if k.heard(planned.Diagnostics) {
		return false
	}
	_, diags := p.apply(planned)
	return !k.heard(diags) && !k.env.line.broken()
}

// heard keeps what the provider said, unless the process that said it is dead, and says
// whether there was an error.
func (k *killedLife) heard(diags Diagnostics) bool {
	if k.env.line.broken() {
		return true
	}
	k.said = append(append(k.said, diags.Errors()...), diags.Warnings()...)
	return diags.HasError()
}

// deleteOrphans deletes the keys that nobody has the secret of, as a person does whom
// the provider told of them; a key that it did not tell of stays and fails the test.
func (k *killedLife) deleteOrphans() {
	k.t.Helper()
	for id, owner := range k.env.liveKeys(k.t) {
		named := strings.Contains(strings.Join(k.said, "\n"), id)
		if !named || slices.Contains(k.keys, id) || k.isInState(id) {
			continue
		}
		ref := ramclient.AccessKeyRef{UserPrincipalName: owner, AccessKeyID: id}
		Must(k.t, k.env.Client.UpdateAccessKey(k.t.Context(), ref, ramclient.AccessKeyInactive))
		Must(k.t, k.env.Client.DeleteAccessKey(k.t.Context(), ref))
	}
}

func (k *killedLife) isInState(accessKeyID string) bool {
	return slices.ContainsFunc(append([]Object{k.current}, k.deposed...), func(object Object) bool {
		return object.Exists() && strings.Contains(object.Value.String(), accessKeyID)
	})
}

func (k *killedLife) requireEmptyPlan(step string, config map[string]any) {
	k.t.Helper()
	if config == nil {
		return
	}
	p := k.env.Protocol(k.t, map[string]any{"plaintext_secrets": "allow"})
	planned := p.Plan(k.Type, p.MustRead(k.current), config)
	if !planned.IsEmpty() || planned.Diagnostics.HasError() {
		k.t.Errorf("%s: the plan afterwards is not empty: %v %q", step, p.Attributes(planned.Value), planned.Diagnostics.Errors())
	}
}

// liveKeys are the ids of all keys that are in no recycle bin, with their owners.
func (e *Env) liveKeys(t testing.TB) map[string]string {
	t.Helper()
	live := map[string]string{}
	for user, err := range e.Client.ListUsers(t.Context()) {
		Must(t, err)
		keys, err := e.Client.ListAccessKeys(t.Context(), user.UserPrincipalName)
		Must(t, err)
		for _, key := range keys {
			live[key.AccessKeyID] = user.UserPrincipalName
		}
	}
	return live
}
