package accesskey_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// newListWorld has, besides the provider's own user: ci with two keys, one of them in
// the recycle bin; idle without any; left, who is in the recycle bin with a key.
func newListWorld(t *testing.T) (w *world, keys map[string]string) {
	t.Helper()
	w = newWorld(t, acctest.New(t, func(c *emulator.Config) { c.PageSize = 1 }))
	w.makeUser("idle")
	left := w.makeUser("left")
	keys = map[string]string{"terraform": w.Admin.ID}
	for _, name := range []string{"ci", "ci recycled", "left"} {
		userName, _, recycled := strings.Cut(name, " ")
		key, err := w.Client.CreateAccessKey(t.Context(), w.PrincipalName(userName))
		w.must(err)
		keys[name] = key.AccessKeyID
		if recycled || userName == "left" {
			w.must(w.Client.DeleteAccessKey(t.Context(), ramclient.AccessKeyRef{UserPrincipalName: w.PrincipalName(userName), AccessKeyID: key.AccessKeyID}))
		}
	}
	w.must(w.Client.DeleteUser(t.Context(), left.UserID))
	w.Emulator.ResetRequests()
	return w, keys
}

func (w *world) list(config map[string]any, query acctest.Query) []string {
	w.t.Helper()
	found, diags := w.List(resourceType, config, query)
	if diags.HasError() {
		w.t.Fatalf("list: %q", diags.Errors())
	}
	var names []string
	for _, one := range found {
		names = append(names, one.DisplayName)
	}
	return names
}

func TestAccessKeyList(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		config map[string]any
		query  acctest.Query
		want   []string // the keys, by their names in newListWorld
		calls  map[string]int
	}{
		{"all", nil, acctest.Query{WithResources: true}, []string{"ci", "terraform"}, map[string]int{"ListUsers": 3, "ListAccessKeys": 3}},
		{"one", nil, acctest.Query{Limit: 1}, []string{"ci"}, map[string]int{"ListUsers": 1, "ListAccessKeys": 1}},
		{"stopped", nil, acctest.Query{StopAfter: 1}, []string{"ci"}, map[string]int{"ListUsers": 1, "ListAccessKeys": 1}},
		{"of one user", map[string]any{"user_name": "ci"}, acctest.Query{}, []string{"ci"}, map[string]int{"GetDefaultDomain": 1, "GetUser": 1, "ListAccessKeys": 1}},
		{"of a user without any", map[string]any{"user_name": "idle"}, acctest.Query{}, nil, map[string]int{"GetDefaultDomain": 1, "GetUser": 1, "ListAccessKeys": 1}},
		{
			"recycled",
			map[string]any{"recycled": true},
			acctest.Query{},
			[]string{"ci recycled", "left"},
			map[string]int{"ListUsers": 3, "ListUsersInRecycleBin": 1, "ListAccessKeysInRecycleBin": 4},
		},
		{
			"recycled, one",
			map[string]any{"recycled": true},
			acctest.Query{Limit: 1},
			[]string{"ci recycled"},
			map[string]int{"ListUsers": 1, "ListAccessKeysInRecycleBin": 1},
		},
		{
			"recycled of one user",
			map[string]any{"user_name": "ci", "recycled": true},
			acctest.Query{},
			[]string{"ci recycled"},
			map[string]int{"GetDefaultDomain": 1, "GetUser": 1, "ListAccessKeysInRecycleBin": 1},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w, keys := newListWorld(t)
			var want []string
			for _, name := range test.want {
				userName, _, _ := strings.Cut(name, " ")
				want = append(want, keys[name]+" of "+userName)
			}
			if diff := cmp.Diff(want, w.list(test.config, test.query)); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
			calls := map[string]int{}
			for _, request := range w.Emulator.Requests() {
				calls[request.Operation]++
			}
			delete(calls, "GetCallerIdentity")
			if diff := cmp.Diff(test.calls, calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAccessKeyList_deletedMeanwhile loses a user between the list of users and that of
// the keys.
func TestAccessKeyList_deletedMeanwhile(t *testing.T) {
	t.Parallel()
	w, keys := newListWorld(t)
	w.Emulator.Fail("ListAccessKeys", emulator.Refuse(404, "EntityNotExist.User", "The user does not exist."))
	if diff := cmp.Diff([]string{keys["terraform"] + " of terraform"}, w.list(nil, acctest.Query{})); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

func TestAccessKeyList_errors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		config map[string]any
		fault  string // operation that is refused
		want   []string
	}{
		{"nobody of that name", map[string]any{"user_name": "nobody"}, "", []string{`Cannot list the AccessKeys of RAM user "nobody"`, "EntityNotExist.User"}},
		{"not allowed in mid-list", nil, "ListAccessKeys", []string{"Cannot list the AccessKeys of all RAM users", "NoPermission", "Action: ListAccessKeys"}},
		{"not allowed to see users", nil, "ListUsers", []string{"Cannot list the AccessKeys of all RAM users", "NoPermission", "Action: ListUsers"}},
		{"no user name", map[string]any{"user_name": "a b"}, "", []string{"a user name has 1 to 64 letters"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w, _ := newListWorld(t)
			if test.fault != "" {
				w.Emulator.Fail(test.fault, emulator.Refuse(403, "NoPermission", "You are not authorized."))
			}
			found, diags := w.List(resourceType, test.config, acctest.Query{})
			errs := diags.Errors()
			lacks := func(part string) bool { return !strings.Contains(errs[0], part) }
			if len(found) > 0 || len(errs) != 1 || slices.ContainsFunc(test.want, lacks) {
				t.Errorf("found %v with errors %q; want nothing, and one error with %q", found, errs, test.want)
			}
		})
	}
}
