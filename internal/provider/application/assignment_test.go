package application_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/application"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// assignees are the two kinds, each with the calls of a create, a plan and a destroy,
// the GetCallerIdentity of the process included.
var assignees = map[string]struct {
	config                attributes
	create, plan, destroy int
}{
	"user": {toAlice, 4, 4, 4}, // GetDefaultDomain, GetUser and the assignment itself
	"role": {toOps, 2, 2, 2},
}

func TestAssignment_life(t *testing.T) {
	t.Parallel()
	for kind, of := range assignees {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			populate(t, env)
			requireCalls := func(what string, want int) {
				t.Helper()
				if got := env.Emulator.Total(); got != want {
					t.Errorf("%s took %d calls, want %d", what, got, want)
				}
				env.Emulator.ResetRequests()
			}
			env.Emulator.ResetRequests()

			p := env.Protocol(t, nil)
			made := p.MustCreate(assignmentType, of.config)
			requireCalls("a create", of.create)
			name, _ := of.config["principal_name"].(string)
			identity := attributes{"app_id": emulator.OfficialCLICN, "principal_type": kind, "principal_name": name, "account_id": env.AccountID}
			if diff := cmp.Diff(identity, p.IdentityAttributes(made)); diff != "" {
				t.Errorf("identity (-want +got):\n%s", diff)
			}
			env.RequireSettled(t, made, of.config)
			requireCalls("a plan without changes", of.plan)

			for how, imported := range map[string]func() (acctest.Object, acctest.Diagnostics){
				"string": func() (acctest.Object, acctest.Diagnostics) {
					return p.Import(assignmentType, emulator.OfficialCLICN+"/"+kind+"/"+name)
				},
				"identity": func() (acctest.Object, acctest.Diagnostics) { return p.ImportByIdentity(assignmentType, identity) },
			} {
				object, diags := imported()
				if diags.HasError() {
					t.Fatalf("import by %s: %q", how, diags.Errors())
				}
				env.RequireSettled(t, object, of.config)
			}
			_, diags := p.Import(assignmentType, name)
			requireOne(t, "import by a wrong string", diags.Errors(), "Expected an import ID of the form")

			p = env.Protocol(t, nil)
			env.Emulator.ResetRequests()
			p.MustDestroy(made)
			requireCalls("a destroy", of.destroy)
			env.Clock.Advance(time.Minute)
			if env.Protocol(t, nil).MustRead(made).Exists() {
				t.Error("a removed assignment reads back as there")
			}
			env.Protocol(t, nil).MustDestroy(made) // once more does no harm
		})
	}
}

func TestAssignment_groupsAreRefusedAtPlan(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	errs := p.Validate(assignmentType, attributes{"app_id": reports, "principal_type": "group", "principal_name": "developers"}).Errors()
	requireOne(t, "the error", errs, "cannot be assigned to a group; the service takes RAM users and RAM roles only")
}

func TestAssignment_invalidConfig(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	for name, test := range map[string]struct {
		config attributes
		want   string
	}{
		"type":                {attributes{"app_id": reports, "principal_type": "User", "principal_name": "alice"}, `"User" is neither`},
		"id of letters":       {attributes{"app_id": "official-cli", "principal_type": "user", "principal_name": "alice"}, "digits only"},
		"user with a domain":  {attributes{"app_id": reports, "principal_type": "user", "principal_name": "alice@example.onaliyun.com"}, "a user name has"},
		"role and underscore": {attributes{"app_id": reports, "principal_type": "role", "principal_name": "a_b"}, "a role name has"},
	} {
		requireOne(t, name, p.Validate(assignmentType, test.config).Errors(), test.want)
	}
	unknown := attributes{"app_id": acctest.Unknown, "principal_type": "user", "principal_name": acctest.Unknown}
	if errs := p.Validate(assignmentType, unknown).Errors(); len(errs) > 0 {
		t.Errorf("unknown values are refused: %q", errs)
	}
}

func TestAssignment_ofTheOtherDomain(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	populate(t, env)
	made := env.Protocol(t, nil).MustCreate(assignmentType, toAlice)
	acctest.Must(t, env.Client.SetDefaultDomain(t.Context(), "example-co.onaliyun.com"))
	env.RequireSettled(t, made, toAlice)

	// A caller who may not read the domain names users by the account's own one.
	env.As(env.Allowed(t, "limited", ramclient.OpListApplicationAssignments, ramclient.OpGetUser))
	env.RequireSettled(t, made, toAlice)
}

func TestAssignment_followsARenamedUser(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	populate(t, env)
	p := env.Protocol(t, nil)
	made := p.MustCreate(assignmentType, toAlice)
	rename(t, env, p.Attributes(made.Value)["user_id"], "alicia")

	p = env.Protocol(t, nil)
	seen := p.MustRead(made)
	if got := p.Attributes(seen.Value)["principal_name"]; got != "alicia" {
		t.Fatalf("after an outside rename principal_name is %v, want alicia", got)
	}
	if got := p.IdentityAttributes(seen)["principal_name"]; got != "alicia" {
		t.Errorf("identity has principal_name %v, want alicia", got)
	}
	planned := p.Plan(assignmentType, made, toUser("alicia"))
	if len(planned.Replace) > 0 {
		t.Fatalf("following the same user plans a replacement: %v", planned.Replace)
	}
	env.Emulator.ResetRequests()
	followed, diags := p.Apply(planned)
	if diags.HasError() {
		t.Errorf("follow: %q", diags.Errors())
	}
	if n := env.Emulator.Count("CreateApplicationAssignment") + env.Emulator.Count("DeleteApplicationAssignment"); n != 0 {
		t.Errorf("following a rename sent %d changes", n)
	}

	// Under the name in an old state the user is not known any more; it is the same one.
	env.Protocol(t, nil).MustDestroy(made)
	if env.Protocol(t, nil).MustRead(followed).Exists() {
		t.Error("a destroy under the old name left the assignment behind")
	}
}

func TestAssignment_renameInTheSamePlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	install(t, env)
	p := env.Protocol(t, nil)
	user := p.MustCreate("ram_user", attributes{"name": "alice"})
	made := p.MustCreate(assignmentType, toAlice)
	env.Clock.Advance(time.Minute)

	p = env.Protocol(t, nil)
	renamed := p.Plan("ram_user", user, attributes{"name": "alicia"})
	planned := p.Plan(assignmentType, made, toUser("alicia"))
	if len(planned.Replace) > 0 {
		t.Fatalf("the rename plans a replacement: %v", planned.Replace)
	}
	if _, diags := p.Apply(renamed); diags.HasError() {
		t.Fatalf("rename: %q", diags.Errors())
	}
	followed, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatalf("follow: %q", diags.Errors())
	}
	env.RequireSettled(t, followed, toUser("alicia"))
}

func TestAssignment_anotherPrincipalIsAnotherAssignment(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	populate(t, env)
	env.MakeUser(t, "bob")
	env.Clock.Advance(time.Minute)
	p := env.Protocol(t, nil)
	made := p.MustCreate(assignmentType, toAlice)
	for _, config := range []attributes{toUser("bob"), toOps, toAlice} {
		planned := p.Plan(assignmentType, made, config)
		if len(planned.Replace) == 0 {
			t.Fatalf("%v plans no replacement", config)
		}
		moved, diags := p.Apply(planned)
		if diags.HasError() {
			t.Fatalf("move to %v: %q", config, diags.Errors())
		}
		env.RequireSettled(t, moved, config)
		made = moved
	}
	if got := assignments(t, env); len(got) != 1 || !strings.HasPrefix(got[0], "user alice@") {
		t.Errorf("assigned are %q, want alice alone", got)
	}
}

// The plan trusts that a user will be renamed; if another one turns out to bear the name,
// nothing is touched.
func TestAssignment_anotherUserBehindTheNewName(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	install(t, env)
	p := env.Protocol(t, nil)
	user := p.MustCreate("ram_user", attributes{"name": "alice"})
	made := p.MustCreate(assignmentType, toAlice)
	env.Clock.Advance(time.Minute)
	p.Plan("ram_user", user, attributes{"name": "alicia"})
	planned := p.Plan(assignmentType, made, toUser("alicia"))
	env.MakeUser(t, "alicia")
	_, diags := p.Apply(planned)
	requireOne(t, "the error", diags.Errors(), "Another user bears the new name", "Nothing was changed")
}

func TestAssignment_aNamesakeOfTheUserIsNotTheUser(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	populate(t, env)
	p := env.Protocol(t, nil)
	made := p.MustCreate(assignmentType, toAlice)
	userID, _ := p.Attributes(made.Value)["user_id"].(string)
	acctest.Must(t, env.Client.DeleteUser(t.Context(), userID))
	env.MakeUser(t, "alice")
	env.Clock.Advance(time.Minute)
	acctest.Must(t, env.Client.CreateApplicationAssignment(t.Context(), ramclient.ApplicationAssignment{
		AppID: emulator.OfficialCLICN, PrincipalType: ramclient.AssigneeUser, PrincipalName: env.PrincipalName("alice"),
	}))
	p = env.Protocol(t, nil)
	if p.MustRead(made).Exists() {
		t.Error("the assignment of a namesake was taken for ours")
	}
	p.MustDestroy(made)
	if got := assignments(t, env); len(got) != 1 {
		t.Errorf("assigned are %q, want the namesake", got)
	}
}

func TestAssignment_removedOutside(t *testing.T) {
	t.Parallel()
	for how, remove := range map[string]func(*testing.T, *acctest.Env) error{
		"the assignment": func(t *testing.T, env *acctest.Env) error {
			t.Helper()
			return env.Client.DeleteApplicationAssignment(t.Context(), ramclient.ApplicationAssignment{
				AppID: emulator.OfficialCLICN, PrincipalType: ramclient.AssigneeRole, PrincipalName: "ops",
			})
		},
		"the application": func(t *testing.T, env *acctest.Env) error {
			t.Helper()
			return env.Client.DeprovisionExternalApplication(t.Context(), emulator.OfficialCLICN)
		},
		"the role": func(t *testing.T, env *acctest.Env) error {
			t.Helper()
			return env.Client.DeleteRole(t.Context(), "ops")
		},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			populate(t, env)
			made := env.Protocol(t, nil).MustCreate(assignmentType, toOps)
			env.Clock.Advance(time.Minute)
			acctest.Must(t, remove(t, env))
			p := env.Protocol(t, nil)
			if p.MustRead(made).Exists() {
				t.Error("the assignment is still there")
			}
			p.MustDestroy(made)
		})
	}
}

func TestAssignment_onePutThereByAnotherIsAdoptedWithAWarning(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	populate(t, env)
	acctest.Must(t, env.Client.CreateApplicationAssignment(t.Context(), ramclient.ApplicationAssignment{
		AppID: emulator.OfficialCLICN, PrincipalType: ramclient.AssigneeRole, PrincipalName: "ops",
	}))
	p := env.Protocol(t, nil)
	made, diags := p.Apply(p.Plan(assignmentType, acctest.Object{}, toOps))
	if diags.HasError() || !made.Exists() {
		t.Fatalf("create: %q", diags.Errors())
	}
	requireOne(t, "the warning", diags.Warnings(), `the assignment of OAuth application official-cli (CN) to RAM role "ops" was there`)
}

func TestAssignment_parentsThatAreNotThere(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, withReports)
	populate(t, env)
	_, err := env.Client.ProvisionExternalApplication(t.Context(), reports, nil)
	acctest.Must(t, err)
	p := env.Protocol(t, nil)
	for name, test := range map[string]struct {
		config attributes
		want   string
	}{
		"user":        {toUser("nobody"), "EntityNotExist.User"},
		"role":        {attributes{"app_id": emulator.OfficialCLICN, "principal_type": "role", "principal_name": "nobody"}, "EntityNotExist.Role"},
		"application": {attributes{"app_id": emulator.OfficialCLIINTL, "principal_type": "role", "principal_name": "ops"}, "EntityNotExist.Application"},
		"not ours":    {attributes{"app_id": reports, "principal_type": "role", "principal_name": "ops"}, "InvalidParameter.AppId"},
	} {
		_, diags := p.Apply(p.Plan(assignmentType, acctest.Object{}, test.config))
		requireOne(t, name, diags.Errors(), "Cannot make the assignment of OAuth application", test.want)
	}
}

func TestAssignment_thirtyOfAnApplicationAreOneList(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	install(t, env)
	var objects []acctest.Object
	p := env.Protocol(t, nil)
	for i := range 30 {
		name := fmt.Sprintf("ops-%d", i)
		_, err := env.Client.CreateRole(t.Context(), ramclient.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: trust})
		acctest.Must(t, err)
		objects = append(objects, p.MustCreate(assignmentType, attributes{"app_id": emulator.OfficialCLICN, "principal_type": "role", "principal_name": name}))
	}
	env.Clock.Advance(time.Minute)
	env.Emulator.ResetRequests()
	refreshed := env.Protocol(t, nil)
	var wait sync.WaitGroup
	for _, object := range objects {
		wait.Go(func() {
			if got, diags := refreshed.Read(object); diags.HasError() || !got.Exists() {
				t.Errorf("read: %q", diags.Errors())
			}
		})
	}
	wait.Wait()
	if total := env.Emulator.Total(); total != 2 {
		t.Errorf("reading 30 assignments took %d calls, want 2 (with GetCallerIdentity)", total)
	}
}

func TestAssignment_wrongAccountKeepsState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	populate(t, env)
	made := env.Protocol(t, nil).MustCreate(assignmentType, toAlice)
	other := env.Emulator.Accounts()[1].RootKey
	elsewhere := env.Protocol(t, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret})
	got, diags := elsewhere.Read(made)
	requireOne(t, "the error", diags.Errors(), "Wrong Alibaba Cloud account")
	if !got.Exists() {
		t.Error("the state was dropped")
	}
	_, diags = elsewhere.Apply(elsewhere.Plan(assignmentType, made, nil))
	requireOne(t, "the error of the destroy", diags.Errors(), "Wrong Alibaba Cloud account")
}

func TestAssignment_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	for kind, of := range assignees {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			acctest.RequireExactPermissions(t, acctest.Life{
				Type: assignmentType, Permissions: application.NewAssignmentResource().(permission.Declarer).Permissions(),
				Prepare: populate, Create: of.config,
			})
		})
	}
}

func toUser(name string) attributes {
	return attributes{"app_id": emulator.OfficialCLICN, "principal_type": "user", "principal_name": name}
}

// rename renames a user past Terraform.
func rename(t *testing.T, env *acctest.Env, userID any, to string) {
	t.Helper()
	principalName := env.PrincipalName(to)
	_, err := env.Client.UpdateUser(t.Context(), ramclient.UpdateUserInput{UserID: userID.(string), NewUserPrincipalName: &principalName})
	acctest.Must(t, err)
	env.Clock.Advance(time.Minute)
}

// assignments are whom official-cli is assigned to.
func assignments(t *testing.T, env *acctest.Env) []string {
	t.Helper()
	var found []string
	for one, err := range env.Client.ListApplicationAssignments(t.Context(), emulator.OfficialCLICN) {
		acctest.Must(t, err)
		found = append(found, string(one.PrincipalType)+" "+one.PrincipalName)
	}
	return found
}
