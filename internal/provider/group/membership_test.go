package group_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	groupresource "github.com/ramprovider/terraform-provider-ram/internal/provider/group"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// The two resources, with what each needs to say that alice and bob are in group dev, and
// that alice is in dev and ops.
const (
	ofGroup = "ram_group_membership"
	ofUser  = "ram_user_group_membership"
)

func inGroup(group string, users ...string) attributes {
	return attributes{"group_name": group, "user_names": append([]string{}, users...)}
}

func inGroups(user string, groups ...string) attributes {
	return attributes{"user_name": user, "group_names": groups}
}

// newWorld has the users alice, bob and carol, and the groups dev and ops.
func newWorld(t *testing.T, options ...func(*emulator.Config)) *acctest.Env {
	t.Helper()
	env := acctest.New(t, options...)
	populate(t, env)
	env.Emulator.ResetRequests()
	return env
}

func populate(t testing.TB, env *acctest.Env) {
	t.Helper()
	for _, user := range []string{"alice", "bob", "carol"} {
		env.MakeUser(t, user)
	}
	for _, group := range []string{"dev", "ops"} {
		env.MakeGroup(t, group)
	}
	env.Clock.Advance(settled)
}

func join(t *testing.T, env *acctest.Env, user, group string) {
	t.Helper()
	acctest.Must(t, env.Client.AddUserToGroup(t.Context(), env.PrincipalName(user), group))
}

// requireMembers fails the test unless the group has exactly these members.
func requireMembers(t *testing.T, env *acctest.Env, group string, want ...string) {
	t.Helper()
	got := []string{}
	for member, err := range env.Client.ListUsersForGroup(t.Context(), group) {
		acctest.Must(t, err)
		got = append(got, ramclient.UserNameOf(member.UserPrincipalName))
	}
	slices.Sort(got)
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		t.Errorf("members of %s (-want +got):\n%s", group, diff)
	}
}

func TestGroupMembership_ownsTheSet(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	join(t, env, "carol", "dev")
	p := env.Protocol(t, nil)
	planned := p.Plan(ofGroup, acctest.Object{}, inGroup("dev", "alice", "bob"))
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), `Users will be removed from RAM group "dev"`, "- carol")
	made, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatalf("create: %q", diags.Errors())
	}
	requireMembers(t, env, "dev", "alice", "bob")
	env.RequireSettled(t, made, inGroup("dev", "alice", "bob"))

	// What is added in the console shows and goes.
	join(t, env, "carol", "dev")
	acctest.Must(t, env.Client.RemoveUserFromGroup(t.Context(), env.PrincipalName("bob"), "dev"))
	env.Clock.Advance(settled)
	p = env.Protocol(t, nil)
	read := p.MustRead(made)
	if got := p.Attributes(read.Value)["user_names"].([]any); len(got) != 2 || !slices.Contains(got, any("carol")) {
		t.Errorf("read user_names %v, want alice and carol", got)
	}
	changed := p.MustApply(ofGroup, read, inGroup("dev", "alice", "bob"))
	requireMembers(t, env, "dev", "alice", "bob")

	// Nobody is a set, too; a destroy removes who is in state.
	empty := p.MustApply(ofGroup, changed, inGroup("dev"))
	requireMembers(t, env, "dev")
	env.RequireSettled(t, empty, inGroup("dev"))
	full := p.MustApply(ofGroup, empty, inGroup("dev", "bob"))
	join(t, env, "carol", "dev")
	env.Protocol(t, nil).MustDestroy(full)
	requireMembers(t, env, "dev", "carol")
}

func TestUserGroupMembership_isAdditive(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	join(t, env, "bob", "dev")
	env.MakeGroup(t, "other")
	env.Clock.Advance(settled)
	join(t, env, "alice", "other")
	p := env.Protocol(t, nil)
	made := p.MustCreate(ofUser, inGroups("alice", "dev", "ops"))
	requireMembers(t, env, "dev", "alice", "bob")
	requireMembers(t, env, "ops", "alice")
	env.RequireSettled(t, made, inGroups("alice", "dev", "ops"))
	if diff := cmp.Diff(attributes{"user_name": "alice", "group_names": []any{"dev", "ops"}, "account_id": env.AccountID}, p.IdentityAttributes(made)); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}

	// Somebody takes alice out of one group: that shows, and is put right.
	env.Clock.Advance(settled)
	acctest.Must(t, env.Client.RemoveUserFromGroup(t.Context(), env.PrincipalName("alice"), "ops"))
	p = env.Protocol(t, nil)
	read := p.MustRead(made)
	if got := p.Attributes(read.Value)["group_names"]; !cmp.Equal(got, []any{"dev"}) {
		t.Errorf("read group_names %v, want dev", got)
	}
	changed := p.MustApply(ofUser, read, inGroups("alice", "dev", "ops"))
	requireMembers(t, env, "ops", "alice")
	less := p.MustApply(ofUser, changed, inGroups("alice", "ops"))
	requireMembers(t, env, "dev", "bob")
	env.RequireSettled(t, less, inGroups("alice", "ops"))
	p.MustDestroy(less)
	requireMembers(t, env, "ops")
	requireMembers(t, env, "other", "alice")
}

// Renames of users and groups, here and in the console, are followed in place.
func TestMembership_renames(t *testing.T) {
	t.Parallel()
	for resource, test := range map[string]struct{ before, after attributes }{
		ofGroup: {inGroup("dev", "alice", "bob"), inGroup("developers", "alicia", "bob")},
		ofUser:  {inGroups("alice", "dev", "ops"), inGroups("alicia", "developers", "ops")},
	} {
		t.Run(resource, func(t *testing.T) {
			t.Parallel()
			env := newWorld(t)
			made := env.Protocol(t, nil).MustCreate(resource, test.before)
			env.Clock.Advance(settled)
			rename := func(user, newUser, group, newGroup string) {
				found, err := env.Client.GetUser(t.Context(), ramclient.GetUserInput{UserPrincipalName: env.PrincipalName(user)})
				acctest.Must(t, err)
				principalName := env.PrincipalName(newUser)
				_, err = env.Client.UpdateUser(t.Context(), ramclient.UpdateUserInput{UserID: found.UserID, NewUserPrincipalName: &principalName})
				acctest.Must(t, err)
				_, err = env.Client.UpdateGroup(t.Context(), ramclient.UpdateGroupInput{GroupName: group, NewGroupName: &newGroup})
				acctest.Must(t, err)
				env.Clock.Advance(settled)
			}
			rename("alice", "alicia", "dev", "developers")
			env.Emulator.ResetRequests()

			// The configuration follows.
			p := env.Protocol(t, nil)
			read := p.MustRead(made)
			if !p.Plan(resource, read, test.after).IsEmpty() {
				t.Errorf("after the rename in the console, the new names plan a change from %v", p.Attributes(read.Value))
			}
			// The renames are made here, in the same apply.
			rename("alicia", "alice", "developers", "dev")
			p = env.Protocol(t, nil)
			back := p.MustRead(read)
			user, _ := p.Import("ram_user", "alice")
			group, _ := p.Import("ram_group", "dev")
			ofUser := p.Plan("ram_user", user, attributes{"name": "alicia"})
			ofGroup := p.Plan("ram_group", group, attributes{"name": "developers"})
			planned := p.Plan(resource, back, test.after)
			if len(planned.Replace) > 0 {
				t.Fatalf("a rename plans a replacement for %v", planned.Replace)
			}
			for _, one := range []acctest.Planned{ofUser, ofGroup} {
				if _, diags := p.Apply(one); diags.HasError() {
					t.Fatalf("rename: %q", diags.Errors())
				}
			}
			followed, diags := p.Apply(planned)
			if diags.HasError() {
				t.Fatalf("follow: %q", diags.Errors())
			}
			for _, request := range env.Emulator.Requests() {
				if request.Operation == "AddUserToGroup" || request.Operation == "RemoveUserFromGroup" {
					t.Errorf("following a rename calls %s", request.Operation)
				}
			}
			env.RequireSettled(t, followed, test.after)
			env.Protocol(t, nil).MustDestroy(followed)
			requireMembers(t, env, "developers")
		})
	}
}

// A group that was renamed in the console does not keep its members at a destroy.
func TestUserGroupMembership_destroyAfterARename(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	made := env.Protocol(t, nil).MustCreate(ofUser, inGroups("alice", "dev"))
	env.Clock.Advance(settled)
	renamed := "developers"
	_, err := env.Client.UpdateGroup(t.Context(), ramclient.UpdateGroupInput{GroupName: "dev", NewGroupName: &renamed})
	acctest.Must(t, err)
	env.Protocol(t, nil).MustDestroy(made)
	requireMembers(t, env, "developers")
}

func TestMembership_disappears(t *testing.T) {
	t.Parallel()
	for resource, config := range map[string]attributes{ofGroup: inGroup("dev", "alice"), ofUser: inGroups("alice", "dev")} {
		env := newWorld(t)
		made := env.Protocol(t, nil).MustCreate(resource, config)
		env.Clock.Advance(settled)
		acctest.Must(t, env.Client.RemoveUserFromGroup(t.Context(), env.PrincipalName("alice"), "dev"))
		acctest.Must(t, env.Client.DeleteGroup(t.Context(), "dev"))
		p := env.Protocol(t, nil)
		if p.MustRead(made).Exists() {
			t.Errorf("%s outlives its group", resource)
		}
		p.MustDestroy(made)
	}
}

func TestMembership_import(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		resource, id string
		identity     attributes
		config       attributes
	}{
		{ofGroup, "dev", attributes{"group_name": "dev"}, inGroup("dev", "alice", "bob")},
		{ofUser, "alice/dev/ops", attributes{"user_name": "alice", "group_names": []string{"dev", "ops"}}, inGroups("alice", "dev", "ops")},
	} {
		env := newWorld(t)
		join(t, env, "alice", "dev")
		join(t, env, "bob", "dev")
		join(t, env, "alice", "ops")
		p := env.Protocol(t, nil)
		byID, diags := p.Import(test.resource, test.id)
		byIdentity, more := p.ImportByIdentity(test.resource, test.identity)
		if diags.HasError() || more.HasError() {
			t.Fatalf("%s: import: %q, %q", test.resource, diags.Errors(), more.Errors())
		}
		env.RequireSettled(t, byID, test.config)
		env.RequireSettled(t, byIdentity, test.config)
	}
	p := newWorld(t).Protocol(t, nil)
	for _, id := range []string{"alice", "alice/", "/dev", "alice//dev"} {
		_, diags := p.Import(ofUser, id)
		acctest.RequireOne(t, diags.Errors(), "<user_name>/<group_name>", `received "`+id+`"`)
	}
}

// What was there before is adopted.
func TestUserGroupMembership_wasThereAlready(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	join(t, env, "alice", "dev")
	p := env.Protocol(t, nil)
	made, diags := p.Apply(p.Plan(ofUser, acctest.Object{}, inGroups("alice", "dev")))
	acctest.RequireAmong(t, diags.Warnings(), "The user was in the group already", `RAM user "alice" in RAM group "dev"`)
	env.RequireSettled(t, made, inGroups("alice", "dev"))
}

// The members of a group are read once, and so are the groups of a user, however many
// resources want to know.
func TestMembership_callsAreCounted(t *testing.T) {
	t.Parallel()
	env := newWorld(t)
	p := env.Protocol(t, nil)
	ofDev := p.MustCreate(ofGroup, inGroup("dev", "bob", "carol"))
	if got, want := env.TakeCalls(), []string{
		"GetCallerIdentity", "ListUsersForGroup", // the plan names who will be removed
		"GetGroup", "ListUsersForGroup", "GetDefaultDomain", "AddUserToGroup", "AddUserToGroup",
	}; !slices.Equal(got, want) {
		t.Errorf("create %s: got calls %v, want %v", ofGroup, got, want)
	}
	p = env.Protocol(t, nil)
	one := p.MustCreate(ofUser, inGroups("alice", "ops"))
	if got, want := env.TakeCalls(), []string{
		"GetCallerIdentity", "GetDefaultDomain", "GetUser", "AddUserToGroup", "ListGroupsForUser",
	}; !slices.Equal(got, want) {
		t.Errorf("create %s: got calls %v, want %v", ofUser, got, want)
	}
	env.Clock.Advance(settled)
	p = env.Protocol(t, nil)
	for range 3 {
		p.Plan(ofGroup, p.MustRead(ofDev), inGroup("dev", "bob", "carol"))
		p.Plan(ofUser, p.MustRead(one), inGroups("alice", "ops"))
	}
	if got, want := env.TakeCalls(), []string{"GetCallerIdentity", "GetGroup", "ListUsersForGroup", "GetUser", "ListGroupsForUser"}; !slices.Equal(got, want) {
		t.Errorf("three plans: got calls %v, want %v", got, want)
	}
}

func TestMembership_mixed(t *testing.T) {
	t.Parallel()
	p := newWorld(t).Protocol(t, nil)
	if warnings := p.Plan(ofGroup, acctest.Object{}, inGroup("dev", "alice")).Diagnostics.Warnings(); len(warnings) > 0 {
		t.Errorf("alone it warns: %q", warnings)
	}
	acctest.RequireAmong(t, p.Plan(ofUser, acctest.Object{}, inGroups("alice", "dev")).Diagnostics.Warnings(), `RAM group "dev" has its members managed in two ways`)
	acctest.RequireAmong(t, p.Plan(ofGroup, acctest.Object{}, inGroup("dev", "alice")).Diagnostics.Warnings(), `RAM group "dev" has its members managed in two ways`)
}

// Terraform does not take the user that it runs as out of a group.
func TestMembership_ofTerraformItself(t *testing.T) {
	t.Parallel()
	for resource, test := range map[string]struct{ with, without attributes }{
		ofGroup: {inGroup("dev", "alice", "terraform"), inGroup("dev", "alice")},
		ofUser:  {inGroups("terraform", "dev", "ops"), inGroups("terraform", "ops")},
	} {
		env := newWorld(t)
		made := env.Protocol(t, nil).MustCreate(resource, test.with)
		p := env.Protocol(t, nil)
		for _, config := range []attributes{test.without, nil} {
			acctest.RequireOne(t, p.Plan(resource, made, config).Diagnostics.Errors(), `Refusing to remove RAM user "terraform" from RAM group "dev`, "allow_self_change")
		}
		env.Protocol(t, attributes{"allow_self_change": true}).MustDestroy(made)
	}
	env := newWorld(t)
	join(t, env, "terraform", "dev")
	acctest.RequireOne(t, env.Protocol(t, nil).Plan(ofGroup, acctest.Object{}, inGroup("dev", "alice")).Diagnostics.Errors(), "Refusing to remove")
}

func TestMembership_underLag(t *testing.T) {
	t.Parallel()
	for resource, config := range map[string]attributes{ofGroup: inGroup("dev", "alice", "bob"), ofUser: inGroups("alice", "dev", "ops")} {
		env := newWorld(t, func(c *emulator.Config) { c.Lag = settled / 60 })
		made := env.Protocol(t, nil).MustCreate(resource, config)
		env.RequireSettled(t, made, config)
	}
}

func TestMembership_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	prepare := func(t testing.TB, env *acctest.Env) {
		t.Helper()
		populate(t, env)
	}
	acctest.RequireExactPermissions(t, acctest.Life{
		Type: ofGroup, Permissions: groupresource.NewMembershipResource().(permission.Declarer).Permissions(),
		Prepare: prepare, Create: inGroup("dev", "alice", "bob"), Update: inGroup("dev", "bob", "carol"),
	})
	acctest.RequireExactPermissions(t, acctest.Life{
		Type: ofUser, Permissions: groupresource.NewUserMembershipResource().(permission.Declarer).Permissions(),
		Prepare: prepare, Create: inGroups("alice", "dev"), Update: inGroups("alice", "ops"),
	})
}

func TestMembership_wrongAccountKeepsState(t *testing.T) {
	t.Parallel()
	for resource, config := range map[string]attributes{ofGroup: inGroup("dev", "alice"), ofUser: inGroups("alice", "dev")} {
		env := newWorld(t)
		made := env.Protocol(t, nil).MustCreate(resource, config)
		other := env.Emulator.Accounts()[1].RootKey
		left, diags := env.Protocol(t, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret}).Read(made)
		acctest.RequireOne(t, diags.Errors(), "Wrong Alibaba Cloud account")
		if !left.Exists() {
			t.Errorf("%s has left the state", resource)
		}
	}
}
