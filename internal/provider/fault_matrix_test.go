package provider_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// lives are the lives of every resource, in which together every operation that changes
// something is called. TestFaultMatrix makes its cells of them.
func lives() map[string][]acctest.Life {
	const (
		trust = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1000000000000001:root"}}]}`
		read  = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}]}`
		write = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:PutObject","Resource":"*"}]}`
	)
	type attributes = map[string]any
	tags := func(pairs ...string) map[string]string {
		all := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			all[pairs[i]] = pairs[i+1]
		}
		return all
	}
	return map[string][]acctest.Life{
		"ram_user": {{
			Create: attributes{"name": "demo", "tags": tags("team", "a", "old", "1")},
			Update: attributes{"name": "renamed", "comments": "new", "tags": tags("team", "b")},
		}, {
			Create: attributes{"name": "demo", "force_destroy": true, "on_destroy": "purge"},
			Burden: burdenUser,
		}},
		"ram_access_key": {{
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "status": "Inactive", "on_destroy": "purge"},
			Update:  attributes{"user_name": "demo", "status": "Active", "on_destroy": "purge"},
		}, {
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "rotate_when_changed": tags("n", "1")},
			Update:  attributes{"user_name": "demo", "rotate_when_changed": tags("n", "2")},
		}},
		"ram_role": {{
			Create: attributes{"name": "demo", "assume_role_policy_document": trust, "tags": tags("team", "a", "old", "1")},
			Update: attributes{"name": "demo", "assume_role_policy_document": trust, "description": "new", "tags": tags("team", "b")},
		}, {
			Create: attributes{"name": "demo", "assume_role_policy_document": trust, "force_destroy": true},
			Burden: attachToRole,
		}},
		"ram_policy": {{
			Create: attributes{"name": "demo", "policy_document": read, "keep_versions": 1, "tags": tags("team", "a", "old", "1")},
			Update: attributes{"name": "demo", "policy_document": write, "keep_versions": 1, "description": "new", "tags": tags("team", "b")},
		}, {
			Create: attributes{"name": "demo", "policy_document": read, "force_destroy": true},
			Burden: burdenPolicy,
		}},
		"ram_user_policy_attachment": {{
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "policy_name": "AliyunOSSReadOnlyAccess", "policy_type": "System"},
		}},
		"ram_role_policy_attachment": {{
			Prepare: func(t testing.TB, e *acctest.Env) {
				t.Helper()
				must(t, second(e.Client.CreateRole(t.Context(), ramclient.CreateRoleInput{RoleName: "demo", AssumeRolePolicyDocument: trust})))
			},
			Create: attributes{"role_name": "demo", "policy_name": "AliyunOSSReadOnlyAccess", "policy_type": "System"},
		}},
	}
}

// unused are operations of the client that change something and that no resource calls
// yet. A new one has to come into a life, or here with a reason.
var unused = map[string]string{
	"SetDefaultPolicyVersion":        "finishes a CreatePolicyVersion whose answer was lost, so only some cells call it",
	"DetachPolicy":                   "no resource attaches for a resource group yet",
	"AssumeRole":                     "opens a session; nothing is left behind to be lost",
	"AssumeRoleWithOIDC":             "opens a session; nothing is left behind to be lost",
	"RestoreUserFromRecycleBin":      "no resource restores users yet",
	"RestoreAccessKeyFromRecycleBin": "no resource restores keys yet",
	"AttachPolicy":                   "no resource attaches for a resource group yet",
	"AttachPolicyToGroup":            "no resource attaches to groups yet",
}

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	all := lives()
	for _, name := range resourceTypes(t) {
		if len(all[name]) == 0 {
			t.Errorf("%s has no life in the fault matrix", name)
		}
	}
	reached := map[string]bool{}
	cells := 0
	for name, ofType := range all {
		for _, life := range ofType {
			life.Type = name
			for _, operation := range life.Mutations(t) {
				reached[operation] = true
			}
			t.Run(name, func(t *testing.T) { cells += acctest.RequireSurvivesFaults(t, life) })
		}
	}
	for _, operation := range ramclient.Operations() {
		_, isUnused := unused[operation.Name]
		switch {
		case !operation.Mutates:
		case reached[operation.Name] == isUnused:
			t.Errorf("%s: called in a life: %t, listed as unused: %t; it must be exactly one of the two", operation.Name, reached[operation.Name], isUnused)
		}
	}
	t.Logf("%d cells", cells)
}

// second is the error of a call whose answer does not matter.
func second[T any](_ T, err error) error { return err }

func makeUser(t testing.TB, e *acctest.Env) {
	t.Helper()
	must(t, second(e.Client.CreateUser(t.Context(), ramclient.CreateUserInput{UserPrincipalName: e.PrincipalName("demo"), DisplayName: "demo"})))
}

func attachToRole(t testing.TB, e *acctest.Env) {
	t.Helper()
	must(t, e.Client.AttachPolicyToRole(t.Context(), ramclient.RolePolicy{RoleName: "demo", PolicyName: "AliyunOSSReadOnlyAccess", PolicyType: ramclient.PolicySystem}))
}

// burdenUser hangs on the user whatever a user can have.
func burdenUser(t testing.TB, e *acctest.Env) {
	t.Helper()
	ctx, principal := t.Context(), e.PrincipalName("demo")
	must(t, second(e.Client.CreateAccessKey(ctx, principal)))
	must(t, e.Client.AttachPolicyToUser(ctx, ramclient.UserPolicy{UserName: "demo", PolicyName: "AliyunOSSReadOnlyAccess", PolicyType: ramclient.PolicySystem}))
	e.JoinGroup(t, "demo", "developers")
	e.GiveLogin(t, "demo")
	e.BindMFADevice(t, "demo")
}

// burdenPolicy gives the policy to a user, a group and a role.
func burdenPolicy(t testing.TB, e *acctest.Env) {
	t.Helper()
	ctx := t.Context()
	makeUser(t, e)
	e.JoinGroup(t, "demo", "developers")
	const trust = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1000000000000001:root"}}]}`
	must(t, second(e.Client.CreateRole(ctx, ramclient.CreateRoleInput{RoleName: "demo", AssumeRolePolicyDocument: trust})))
	must(t, e.Client.AttachPolicyToUser(ctx, ramclient.UserPolicy{UserName: "demo", PolicyName: "demo", PolicyType: ramclient.PolicyCustom}))
	must(t, e.Client.AttachPolicyToGroup(ctx, ramclient.GroupPolicy{GroupName: "developers", PolicyName: "demo", PolicyType: ramclient.PolicyCustom}))
	must(t, e.Client.AttachPolicyToRole(ctx, ramclient.RolePolicy{RoleName: "demo", PolicyName: "demo", PolicyType: ramclient.PolicyCustom}))
}

// resourceTypes are all the resources that the provider has.
func resourceTypes(t *testing.T) []string {
	t.Helper()
	server, err := acctest.New(t).ProviderServer()
	must(t, err)
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)
	return slices.Sorted(maps.Keys(schema.ResourceSchemas))
}
