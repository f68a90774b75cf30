package provider_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// populate gives the account two users with a key each, a key in the recycle bin, two
// groups, two roles and two policies, with tags where there can be any, and official-cli,
// assigned to a user and a role.
func populate(t *testing.T, env *acctest.Env) {
	t.Helper()
	ctx, tags := t.Context(), ramclient.Tags{"team": "a"}
	const (
		trust    = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ecs.aliyuncs.com"}}]}`
		document = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}]}`
	)
	for i := range 2 {
		name := fmt.Sprintf("demo%d", i)
		acctest.Must(t, second(env.Client.CreateUser(ctx, ramclient.CreateUserInput{UserPrincipalName: env.PrincipalName(name), DisplayName: name, Tags: tags})))
		acctest.Must(t, second(env.Client.CreateAccessKey(ctx, env.PrincipalName(name))))
		acctest.Must(t, second(env.Client.CreateGroup(ctx, ramclient.CreateGroupInput{GroupName: name, Comments: "of " + name})))
		acctest.Must(t, second(env.Client.CreateRole(ctx, ramclient.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: trust, Tags: tags})))
		acctest.Must(t, second(env.Client.CreatePolicy(ctx, ramclient.CreatePolicyInput{PolicyName: name, PolicyDocument: document, Tags: tags})))
	}
	gone, err := env.Client.CreateAccessKey(ctx, env.PrincipalName("demo1"))
	acctest.Must(t, err)
	acctest.Must(t, env.Client.DeleteAccessKey(ctx, ramclient.AccessKeyRef{UserPrincipalName: env.PrincipalName("demo1"), AccessKeyID: gone.AccessKeyID}))

	installCLI(t, env)
	for principalType, name := range map[ramclient.AssigneeType]string{ramclient.AssigneeUser: env.PrincipalName("demo0"), ramclient.AssigneeRole: "demo0"} {
		acctest.Must(t, env.Client.CreateApplicationAssignment(ctx, ramclient.ApplicationAssignment{
			AppID: emulator.OfficialCLICN, PrincipalType: principalType, PrincipalName: name,
		}))
	}
}

// TestLists_importable imports everything that the lists find by the identity that they
// give: the state must be what the list showed. The lists are read with small pages and
// as a person's default_tags would have it.
func TestLists_importable(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.PageSize = 1 })
	populate(t, env)
	p := env.Protocol(t, map[string]any{"default_tags": map[string]any{"tags": map[string]any{"team": "a"}}})
	queries := map[string][]map[string]any{"ram_application_assignment": {{}, {"app_id": emulator.OfficialCLICN}}, "ram_access_key": {{}, {"recycled": true}, {"user_name": "demo1"}, {"user_name": "demo1", "recycled": true}}}
	for _, name := range schemasOf(t).lists() {
		configs := queries[name]
		if configs == nil {
			configs = []map[string]any{{}}
		}
		for _, config := range configs {
			found, diags := p.List(name, config, acctest.Query{WithResources: true})
			if diags.HasError() || len(found) == 0 {
				t.Errorf("%s %v: found %d, with errors %q", name, config, len(found), diags.Errors())
			}
			for _, one := range found {
				imported, diags := p.ImportByIdentity(name, one.Identity)
				if diags.HasError() {
					t.Errorf("%s: importing %s: %q", name, one.DisplayName, diags.Errors())
					continue
				}
				if diff := cmp.Diff(p.Attributes(imported.Value), one.Resource); diff != "" {
					t.Errorf("%s: %s (-imported +listed):\n%s", name, one.DisplayName, diff)
				}
				if diff := cmp.Diff(p.IdentityAttributes(imported), one.Identity); diff != "" {
					t.Errorf("%s: identity of %s (-imported +listed):\n%s", name, one.DisplayName, diff)
				}
			}
		}
	}
}

// TestLists_calls counts what a query calls: only what it needs for as many results as
// it wants, and nothing for each result unless it wants whole objects.
func TestLists_calls(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, list string
		config     map[string]any
		query      acctest.Query
		want       []string // calls after GetCallerIdentity
		found      []string
	}{
		{
			"users, all", "ram_user", nil,
			acctest.Query{},
			[]string{"ListUsers", "ListUsers", "ListUsers"},
			[]string{"demo0", "demo1", "terraform"},
		},
		{"users, one", "ram_user", nil, acctest.Query{Limit: 1}, []string{"ListUsers"}, []string{"demo0"}},
		{"users, stopped", "ram_user", nil, acctest.Query{StopAfter: 2}, []string{"ListUsers", "ListUsers"}, []string{"demo0", "demo1"}},
		{"roles, names", "ram_role", nil, acctest.Query{}, []string{"ListRoles", "ListRoles"}, []string{"demo0", "demo1"}},
		{"roles, whole", "ram_role", nil, acctest.Query{Limit: 1, WithResources: true}, []string{"ListRoles", "GetRole"}, []string{"demo0"}},
		{
			"policies, whole", "ram_policy", nil,
			acctest.Query{WithResources: true},
			[]string{"ListPolicies", "GetPolicy", "ListPolicies", "GetPolicy"},
			[]string{"demo0", "demo1"},
		},
		{
			"assignments of an application", "ram_application_assignment",
			map[string]any{"app_id": emulator.OfficialCLICN},
			acctest.Query{Limit: 2, WithResources: true},
			[]string{"ListApplicationAssignments", "ListApplicationAssignments", "GetUser"},
			[]string{"role demo0, OAuth application official-cli (CN)", "user demo0, OAuth application official-cli (CN)"},
		},
		{"groups", "ram_group", nil, acctest.Query{Limit: 2, WithResources: true}, []string{"ListGroups", "ListGroups"}, []string{"demo0", "demo1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, func(c *emulator.Config) { c.PageSize = 1 })
			populate(t, env)
			env.Emulator.ResetRequests()
			found, diags := env.Protocol(t, nil).List(test.list, test.config, test.query)
			if diags.HasError() {
				t.Fatalf("errors: %q", diags.Errors())
			}
			var names []string
			for _, one := range found {
				names = append(names, one.DisplayName)
			}
			if diff := cmp.Diff(test.found, names); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(append([]string{"GetCallerIdentity"}, test.want...), env.TakeCalls()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLists_permissions runs every list with exactly the permissions that it declares,
// and once without: that is one error which names what is missing.
func TestLists_permissions(t *testing.T) {
	t.Parallel()
	for _, newList := range lists(t) {
		t.Run(newList.name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			populate(t, env)
			allowed := env.Allowed(t, "lister", newList.permissions.Read...)
			denied := env.Allowed(t, "nobody")

			found, diags := env.As(allowed).Protocol(t, nil).List(newList.name, nil, acctest.Query{WithResources: true})
			if diags.HasError() || len(found) == 0 {
				t.Errorf("with the declared permissions: found %d, with errors %q", len(found), diags.Errors())
			}
			_, diags = env.As(denied).Protocol(t, nil).List(newList.name, nil, acctest.Query{})
			missing := newList.permissions.Read[0].Permission()
			acctest.RequireOne(t, diags.Errors(), "Cannot list the ", missing, "RequestId: ")
		})
	}
}

// TestLists_account lists nothing in an account that the provider must not touch.
func TestLists_account(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	found, diags := env.Protocol(t, map[string]any{"forbidden_account_ids": []string{env.AccountID}}).List("ram_user", nil, acctest.Query{})
	acctest.RequireOne(t, diags.Errors(), "Wrong Alibaba Cloud account")
	if len(found) > 0 {
		t.Errorf("found %v, want nothing", found)
	}
	if n := env.Emulator.Total(); n != 1 {
		t.Errorf("%d calls, want the GetCallerIdentity", n)
	}
}

// A declaredList is a list resource and what it needs.
type declaredList struct {
	name        string
	permissions permission.Table
}

func lists(t *testing.T) []declaredList {
	t.Helper()
	ram, ok := provider.New(provider.Host{}).(frameworkprovider.ProviderWithListResources)
	if !ok {
		t.Fatal("the provider has no list resources")
	}
	var all []declaredList
	for _, newList := range ram.ListResources(t.Context()) {
		one := newList()
		var named resource.MetadataResponse
		one.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "ram"}, &named)
		declared, ok := one.(permission.Declarer)
		if !ok {
			t.Fatalf("%s does not declare its permissions", named.TypeName)
		}
		all = append(all, declaredList{named.TypeName, declared.Permissions()})
	}
	return all
}
