package accesskey_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const resourceType = "ram_access_key"

// world is a test's emulator, a user in it, and a provider that works on keys.
type world struct {
	*acctest.Env
	*acctest.Protocol
	t         *testing.T
	user      ramclient.User
	arguments map[string]any // of the provider block
}

func newWorld(t *testing.T, env *acctest.Env) *world {
	t.Helper()
	w := &world{Env: env, t: t, arguments: map[string]any{"plaintext_secrets": "allow"}}
	w.user = w.makeUser("ci")
	w.restart()
	env.Emulator.ResetRequests()
	return w
}

// restart is a new provider process, as Terraform starts one for every phase.
func (w *world) restart() {
	w.t.Helper()
	w.Protocol = w.Env.Protocol(w.t, w.arguments)
}

func (w *world) makeUser(name string) ramclient.User {
	w.t.Helper()
	user, err := w.Client.CreateUser(w.t.Context(), ramclient.CreateUserInput{UserPrincipalName: w.PrincipalName(name), DisplayName: name})
	w.must(err)
	return user
}

func (w *world) must(err error) {
	w.t.Helper()
	acctest.Must(w.t, err)
}

// apply plans and applies, and fails the test on any error.
func (w *world) apply(prior acctest.Object, config map[string]any) acctest.Object {
	w.t.Helper()
	return w.MustApply(resourceType, prior, config)
}

func (w *world) plan(prior acctest.Object, config map[string]any) acctest.Planned {
	w.t.Helper()
	planned := w.Plan(resourceType, prior, config)
	if planned.Diagnostics.HasError() {
		w.t.Fatalf("plan: %q", planned.Diagnostics.Errors())
	}
	return planned
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
	object = w.MustRead(object)
	if planned := w.plan(object, config); !planned.IsEmpty() {
		w.t.Errorf("the plan is not empty: %v, replaces for %v", w.Attributes(planned.Value), planned.Replace)
	}
	return object
}

// live are the statuses of the user's keys outside the bin, by their ids.
func (w *world) live() map[string]ramclient.AccessKeyStatus {
	w.t.Helper()
	keys, err := w.Client.ListAccessKeys(w.t.Context(), w.user.UserPrincipalName)
	w.must(err)
	statuses := map[string]ramclient.AccessKeyStatus{}
	for _, key := range keys {
		statuses[key.AccessKeyID] = key.Status
	}
	return statuses
}

func (w *world) wantLive(want map[string]ramclient.AccessKeyStatus) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.live()); diff != "" {
		w.t.Errorf("keys of the user (-want +got):\n%s", diff)
	}
}

func (w *world) wantRecycled(want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.recycled()); diff != "" {
		w.t.Errorf("keys in the recycle bin (-want +got):\n%s", diff)
	}
}

// colleagueKey is a key that somebody makes in the console.
func (w *world) colleagueKey() string {
	w.t.Helper()
	key, err := w.Client.CreateAccessKey(w.t.Context(), w.user.UserPrincipalName)
	w.must(err)
	return key.AccessKeyID
}

// recycleKey is what somebody does in the console: disable, then delete.
func (w *world) recycleKey(accessKeyID string) {
	w.t.Helper()
	ref := w.ref(accessKeyID)
	w.must(w.Client.UpdateAccessKey(w.t.Context(), ref, ramclient.AccessKeyInactive))
	w.must(w.Client.DeleteAccessKey(w.t.Context(), ref))
}

func (w *world) ref(accessKeyID string) ramclient.AccessKeyRef {
	return ramclient.AccessKeyRef{UserPrincipalName: w.user.UserPrincipalName, AccessKeyID: accessKeyID}
}

func (w *world) binRef(accessKeyID string) ramclient.RecycledAccessKeyRef {
	return ramclient.RecycledAccessKeyRef{UserID: w.user.UserID, AccessKeyID: accessKeyID}
}

// rename renames the user to deploy behind Terraform's back.
func (w *world) rename() {
	w.t.Helper()
	principalName := w.PrincipalName("deploy")
	renamed, err := w.Client.UpdateUser(w.t.Context(), ramclient.UpdateUserInput{UserID: w.user.UserID, NewUserPrincipalName: &principalName})
	w.must(err)
	w.user = renamed
}

// wantCalls compares the operations that the provider called, in order.
func (w *world) wantCalls(want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.calls()); diff != "" {
		w.t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func wantNone(t *testing.T, kind string, texts []string) {
	t.Helper()
	if len(texts) > 0 {
		t.Errorf("unexpected %s:\n%s", kind, strings.Join(texts, "\n---\n"))
	}
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
