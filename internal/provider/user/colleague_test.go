package user_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// settled is longer than a read doubts what contradicts the last write.
const settled = time.Minute

// What a colleague does to users in the console.

func userNamed(t *testing.T, env *acctest.Env, name string) ramclient.User {
	t.Helper()
	user, err := env.Client.GetUser(t.Context(), ramclient.GetUserInput{UserPrincipalName: env.PrincipalName(name)})
	acctest.Must(t, err)
	return user
}

func renameOutside(t *testing.T, env *acctest.Env, from, to string) {
	t.Helper()
	env.Clock.Advance(settled)
	name := env.PrincipalName(to)
	_, err := env.Client.UpdateUser(t.Context(), ramclient.UpdateUserInput{UserID: userNamed(t, env, from).UserID, NewUserPrincipalName: &name})
	acctest.Must(t, err)
}

func deleteOutside(t *testing.T, env *acctest.Env, name string) {
	t.Helper()
	acctest.Must(t, env.Client.DeleteUser(t.Context(), userNamed(t, env, name).UserID))
}

func purgeOutside(t *testing.T, env *acctest.Env, object acctest.Object) {
	t.Helper()
	acctest.Must(t, env.Client.DeleteUserInRecycleBin(t.Context(), idOf(t, object)))
}

// idOf is the id of the user in state.
func idOf(t *testing.T, object acctest.Object) string {
	t.Helper()
	var id string
	acctest.Must(t, values(t, object)["user_id"].As(&id))
	return id
}

func values(t *testing.T, object acctest.Object) map[string]tftypes.Value {
	t.Helper()
	var all map[string]tftypes.Value
	acctest.Must(t, object.Value.As(&all))
	return all
}

// requireRecycled fails the test unless the user in state is known to be in the bin.
func requireRecycled(t *testing.T, object acctest.Object) {
	t.Helper()
	if !object.Exists() {
		t.Fatal("the user has left the state")
	}
	if recycled := values(t, object)["recycled"]; !recycled.Equal(tftypes.NewValue(tftypes.Bool, true)) {
		t.Errorf("recycled is %s, want true", recycled)
	}
}

// requirePurged fails the test if the recycle bin has the user.
func requirePurged(t *testing.T, env *acctest.Env, id string) {
	t.Helper()
	if _, err := env.Client.GetUserInRecycleBin(t.Context(), ramclient.GetRecycledUserInput{UserID: id}); !ramclient.IsNotFound(err) {
		t.Errorf("the user is not purged: %v", err)
	}
}

func tagOutside(t *testing.T, env *acctest.Env, name string, tags ramclient.Tags) {
	t.Helper()
	acctest.Must(t, env.Client.TagUsers(t.Context(), []string{userNamed(t, env, name).UserID}, tags))
}

func ram(name string) rpc.Operation {
	return rpc.Operation{Product: "RAM", Version: "2015-05-01", Name: name}
}

// attributeOf reads an attribute of the test's user from state.
func attributeOf(name string) func(*terraform.State) (string, error) {
	return func(state *terraform.State) (string, error) {
		found, ok := state.RootModule().Resources[address]
		if !ok {
			return "", fmt.Errorf("%s is not in state", address)
		}
		return found.Primary.Attributes[name], nil
	}
}
