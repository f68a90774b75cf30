package user_test

import (
	"fmt"
	"testing"
	"time"

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

func createOutside(t *testing.T, env *acctest.Env, name string) ramclient.User {
	t.Helper()
	user, err := env.Client.CreateUser(t.Context(), ramclient.CreateUserInput{UserPrincipalName: env.PrincipalName(name), DisplayName: name})
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
