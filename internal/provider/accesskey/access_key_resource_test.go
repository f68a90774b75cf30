package accesskey_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const resourceType = "ram_access_key"

// world is a test's emulator, a user in it, and a provider that works on keys.
type world struct {
	*acctest.Env
	*acctest.Protocol
	t    *testing.T
	user ramclient.User
}

func newWorld(t *testing.T, env *acctest.Env) *world {
	t.Helper()
	w := &world{Env: env, t: t}
	w.user = w.makeUser("ci")
	w.restart()
	env.Emulator.ResetRequests()
	return w
}

// restart is a new provider process, as Terraform starts one for every phase.
func (w *world) restart() {
	w.t.Helper()
	w.Protocol = w.Env.Protocol(w.t, map[string]any{"plaintext_secrets": "allow"})
}

func (w *world) makeUser(name string) ramclient.User {
	w.t.Helper()
	user, err := w.Client.CreateUser(w.t.Context(), ramclient.CreateUserInput{UserPrincipalName: w.PrincipalName(name), DisplayName: name})
	w.must(err)
	return user
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// apply plans and applies, and fails the test on any error.
func (w *world) apply(prior acctest.Object, config map[string]any, options ...acctest.ApplyOption) acctest.Object {
	w.t.Helper()
	after, diags := w.Apply(w.plan(prior, config), options...)
	if diags.HasError() {
		w.t.Fatalf("apply: %q", diags.Errors())
	}
	return after
}

func (w *world) plan(prior acctest.Object, config map[string]any) acctest.Planned {
	w.t.Helper()
	planned := w.Plan(resourceType, prior, config)
	if planned.Diagnostics.HasError() {
		w.t.Fatalf("plan: %q", planned.Diagnostics.Errors())
	}
	return planned
}

func (w *world) refresh(object acctest.Object) acctest.Object {
	w.t.Helper()
	after, diags := w.Read(object)
	if diags.HasError() {
		w.t.Fatalf("read: %q", diags.Errors())
	}
	return after
}

func (w *world) text(object acctest.Object, attribute string) string {
	w.t.Helper()
	text, _ := w.Attributes(object.Value)[attribute].(string)
	return text
}

// wantEmptyPlan refreshes in a new process and plans.
func (w *world) wantEmptyPlan(object acctest.Object, config map[string]any) acctest.Object {
	w.t.Helper()
	w.restart()
	object = w.refresh(object)
	if planned := w.plan(object, config); !planned.IsEmpty() {
		w.t.Errorf("the plan is not empty: %v, replaces for %v", w.Attributes(planned.Value), planned.Replace)
	}
	return object
}

// live are the user's keys outside the bin, as "id status".
func (w *world) live() []string {
	w.t.Helper()
	keys, err := w.Client.ListAccessKeys(w.t.Context(), w.user.UserPrincipalName)
	w.must(err)
	var lines []string
	for _, key := range keys {
		lines = append(lines, key.AccessKeyID+" "+string(key.Status))
	}
	return lines
}

// recycled are the ids of the user's keys in the bin.
func (w *world) recycled() []string {
	w.t.Helper()
	keys, err := w.Client.ListAccessKeysInRecycleBin(w.t.Context(), w.user.UserID)
	w.must(err)
	var ids []string
	for _, key := range keys {
		ids = append(ids, key.AccessKeyID)
	}
	return ids
}

// calls lists the operations that the provider called, in order, and forgets them.
func (w *world) calls() []string {
	var names []string
	for _, request := range w.Emulator.Requests() {
		if strings.HasSuffix(request.CallerARN, "/terraform") {
			names = append(names, request.Operation)
		}
	}
	w.Emulator.ResetRequests()
	return names
}

func config(pairs ...any) map[string]any {
	c := map[string]any{"user_name": "ci"}
	for i := 0; i < len(pairs); i += 2 {
		c[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return c
}

var gone = acctest.Object{}

func replaces(planned acctest.Planned, attribute string) bool {
	for _, path := range planned.Replace {
		if path.Equal(tftypes.NewAttributePath().WithAttributeName(attribute)) {
			return true
		}
	}
	return false
}

func TestAccessKey_life(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	w.calls()
	t.Log(w.Attributes(key.Value))
	key = w.wantEmptyPlan(key, config())
	w.calls()
	key = w.apply(key, config("status", "Inactive"))
	t.Log(w.calls(), w.live())
	key = w.wantEmptyPlan(key, config("status", "Inactive"))
	w.apply(key, nil)
	t.Log(w.calls(), w.live(), w.recycled())
}
