package user_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

func TestUser_callsAreCounted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	var made acctest.Object
	config := user(attributes{"tags": map[string]string{"team": "a"}})
	renamed := user(attributes{"name": "deploy", "tags": map[string]string{"team": "a"}})

	for _, step := range []struct {
		name string
		run  func(*acctest.Protocol)
		want []string
	}{
		{"plan of a create", func(p *acctest.Protocol) { p.Plan("ram_user", made, config) }, nil},
		{"create", func(p *acctest.Protocol) { made = p.MustCreate("ram_user", config) }, []string{"GetCallerIdentity", "GetDefaultDomain", "CreateUser"}},
		{"plan of one user", func(p *acctest.Protocol) {
			made, _ = p.Read(made)
			p.Plan("ram_user", made, config)
		}, []string{"GetCallerIdentity", "GetUser"}},
		{"rename", func(p *acctest.Protocol) { made = p.MustApply("ram_user", made, renamed) }, []string{"GetCallerIdentity", "GetDefaultDomain", "UpdateUser"}},
		{"change of tags", func(p *acctest.Protocol) {
			made = p.MustApply("ram_user", made, user(attributes{"name": "deploy", "tags": map[string]string{"team": "b"}}))
		}, []string{"GetCallerIdentity", "TagResources"}},
		{"destroy", func(p *acctest.Protocol) { p.MustDestroy(made) }, []string{"GetCallerIdentity", "DeleteUser"}},
	} {
		step.run(env.Protocol(t, nil))
		if got := env.TakeCalls(); !slices.Equal(got, step.want) {
			t.Errorf("%s: got calls %v, want %v", step.name, got, step.want)
		}
	}
}

// A refresh of twenty users in an account of two thousand reads the first ones singly,
// and then the account's list: three users, two pages and the caller.
func TestUser_planOfTwentyUsersInAnAccountOfTwoThousand(t *testing.T) {
	t.Parallel()
	const inAccount, managed, atMost = 2000, 20, 6
	env := acctest.New(t)
	for i := range inAccount - managed - 1 { // the provider signs as one of them
		env.MakeUser(t, fmt.Sprintf("colleague-%04d", i))
	}
	p := env.Protocol(t, nil)
	users := make([]acctest.Object, managed)
	for i := range users {
		users[i] = p.MustCreate("ram_user", attributes{"name": fmt.Sprintf("managed-%02d", i)})
	}
	env.Clock.Advance(settled)
	env.Emulator.ResetRequests()

	refreshConcurrently(t, env.Protocol(t, nil), users)
	got := env.TakeCalls()
	if len(got) > atMost {
		t.Errorf("planning %d users made %d calls, want at most %d: %v", managed, len(got), atMost, got)
	}
	if !slices.Contains(got, "ListUsers") {
		t.Errorf("the list of all users was not used: %v", got)
	}
}

// refreshConcurrently refreshes and plans ten users at a time, as Terraform does.
func refreshConcurrently(t *testing.T, p *acctest.Protocol, users []acctest.Object) {
	t.Helper()
	var wait sync.WaitGroup
	slots := make(chan struct{}, 10)
	for _, user := range users {
		wait.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; wait.Done() }()
			read, diags := p.Read(user)
			if diags.HasError() {
				t.Errorf("read: %q", diags.Errors())
				return
			}
			if !p.Plan("ram_user", read, attributes{"name": p.Attributes(user.Value)["name"]}).IsEmpty() {
				t.Errorf("the plan of %v is not empty", p.Attributes(user.Value)["name"])
			}
		}()
	}
	wait.Wait()
}

// A caller who may not list the account reads every user singly.
func TestUser_planOfManyUsersWithoutTheList(t *testing.T) {
	t.Parallel()
	const managed = 12
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	users := make([]acctest.Object, managed)
	for i := range users {
		users[i] = p.MustCreate("ram_user", attributes{"name": fmt.Sprintf("managed-%02d", i)})
	}
	env.Clock.Advance(settled)
	env.As(env.Allowed(t, "limited", ramclient.OpGetUser))
	env.Emulator.ResetRequests()
	refreshConcurrently(t, env.Protocol(t, nil), users)
	if got := env.TakeCalls(); len(got) != 1+managed+1 {
		t.Errorf("got %d calls, want the caller, one per user and one refused list: %v", len(got), got)
	}
}
