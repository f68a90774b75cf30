package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// A Deed is one invocation of an action, as the fault tests do it.
type Deed struct {
	// Action is its type, such as "ram_access_key_disable".
	Action string
	// Prepare makes what the action works on, and returns its configuration.
	Prepare func(t testing.TB, e *Env) map[string]any
}

// Mutations are the operations that change something in the course of the deed, each
// once, as a run without faults calls them.
func (d Deed) Mutations(t *testing.T) []string {
	t.Helper()
	_, mutations := d.do(t, "", nil)
	return mutations
}

// RequireSurvivesFaults does the deed once for each operation that it changes something
// with and each fault, invoking it again after a failure as a person would. The account
// must then be as it is without the fault.
func (d Deed) RequireSurvivesFaults(t *testing.T) {
	t.Helper()
	wanted, mutations := d.do(t, "", nil)
	for _, operation := range mutations {
		for name, fault := range Faults() {
			t.Run(operation+", "+name, func(t *testing.T) {
				t.Parallel()
				got, _ := d.do(t, operation, fault)
				if diff := cmp.Diff(wanted, got); diff != "" {
					t.Errorf("what the service has (-without +with the fault):\n%s", diff)
				}
			})
		}
	}
}

// do does the deed, and once more: that must change nothing. The first call of the
// operation meets the fault, and the client may not repeat it.
func (d Deed) do(t *testing.T, operation string, fault func() emulator.Fault) (inventory, mutations []string) {
	t.Helper()
	env := New(t, WithStalls)
	config := d.Prepare(t, env)
	env.Clock.Advance(time.Minute)
	env.Emulator.ResetRequests()
	arguments := map[string]any{"max_retries": 0}
	if operation != "" {
		arguments["request_timeout"] = "1s"
		env.Emulator.Fail(operation, fault())
	}
	invoke := func() Diagnostics {
		_, diags := env.Protocol(t, arguments).InvokeAction(d.Action, config)
		env.Clock.Advance(time.Minute)
		return diags
	}
	diags := invoke()
	for try := 0; diags.HasError() && try < 2; try++ {
		diags = invoke()
	}
	if diags.HasError() {
		t.Fatalf("no success in three invocations: %q", diags.Errors())
	}
	mutations = env.providerMutations()
	inventory = env.withBin(t)

	env.Emulator.ResetRequests()
	if diags := invoke(); diags.HasError() {
		t.Errorf("invoking it again: %q", diags.Errors())
	}
	if again := env.providerMutations(); len(again) > 0 {
		t.Errorf("invoking it again called %q", again)
	}
	return inventory, mutations
}

// providerMutations are the operations that the provider changed something with.
func (e *Env) providerMutations() []string {
	called := map[string]bool{}
	for _, request := range e.Emulator.Requests() {
		if strings.HasSuffix(request.CallerARN, "user/terraform") && mutates(request.Operation) {
			called[request.Operation] = true
		}
	}
	return slices.Sorted(maps.Keys(called))
}

// withBin is the inventory and what the recycle bins hold of the users' keys.
func (e *Env) withBin(t testing.TB) []string {
	t.Helper()
	found := e.Inventory(t)
	for user, err := range e.Client.ListUsers(t.Context()) {
		Must(t, err)
		bin, err := e.Client.ListAccessKeysInRecycleBin(t.Context(), user.UserID)
		Must(t, err)
		found = append(found, fmt.Sprintf("recycled keys of %s: %d", user.UserName, len(bin)))
	}
	return found
}
