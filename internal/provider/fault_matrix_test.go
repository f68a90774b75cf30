package provider_test

import (
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
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
	const recipient, otherRecipient = "age1wfq54t8rw8x36xxs7kxnk86us0numg68fpeqpx4vgwfejaq7huaq4y60gy", "age17jw8flpn5ksx9jgy6d7fm8rqh4k0f7d8e3aeyqaf3utwzjljufpsg32yv7"
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
		}, {
			Create: attributes{"name": "demo"},
			Burden: recycleUser,
			Update: attributes{"name": "demo", "restore_if_recycled": true, "comments": "back"},
		}},
		"ram_access_key": {{
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "status": "Inactive", "on_destroy": "purge"},
			Update:  attributes{"user_name": "demo", "status": "Active", "on_destroy": "purge", "require_idle": "2h", "quarantine": "5m"},
		}, {
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "rotate_when_changed": tags("n", "1")},
			Update:  attributes{"user_name": "demo", "rotate_when_changed": tags("n", "2")},
		}, {
			Prepare:     makeUser,
			Create:      attributes{"user_name": "demo", "rotate_when_changed": tags("n", "1")},
			Update:      attributes{"user_name": "demo", "rotate_when_changed": tags("n", "2")},
			CreateFirst: true,
		}, {
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "status": "Inactive"},
			Burden:  recycleKeys,
			Update:  attributes{"user_name": "demo", "on_recycled": "restore", "status": "Active"},
		}, {
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "age_recipients": []string{recipient}},
			Update:  attributes{"user_name": "demo", "age_recipients": []string{recipient, otherRecipient}},
		}, {
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "rotation_period": "90d"},
			Burden:  ninetyDaysPass,
			Update:  attributes{"user_name": "demo", "rotation_period": "90d"},
		}},
		"ram_rotating_access_key": {{
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "rotation_period": "90d", "overlap": "7d", "on_destroy": "purge"},
			Burden:  ninetyDaysPass,
			Update:  attributes{"user_name": "demo", "rotation_period": "90d", "overlap": "7d", "on_destroy": "purge"},
		}, {
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "rotation_period": "90d", "overlap": "7d", "age_recipients": []string{recipient}},
			Update:  attributes{"user_name": "demo", "rotation_period": "90d", "overlap": "7d", "age_recipients": []string{recipient, otherRecipient}},
		}},
		"ram_group": {{
			Create: attributes{"name": "demo", "display_name": "Demo", "comments": "old"},
			Update: attributes{"name": "renamed", "comments": "new"},
		}, {
			Create: attributes{"name": "demo", "force_destroy": true},
			Burden: burdenGroup,
		}},
		"ram_oidc_provider": {{
			Create: attributes{"name": "demo", "issuer_url": "https://ci.example.com", "client_ids": []string{"a", "b"}, "fingerprints": []string{"aa"}},
			Update: attributes{"name": "demo", "issuer_url": "https://ci.example.com", "client_ids": []string{"b", "c"}, "fingerprints": []string{"bb"}, "description": "new"},
		}},
		"ram_account_alias": {{
			Create: attributes{"alias": "example-corp", "reset_on_destroy": true},
			Update: attributes{"alias": "example-group", "reset_on_destroy": true},
		}},
		"ram_security_preference": {{
			Create: attributes{"login_session_duration": 2, "reset_on_destroy": true},
			Update: attributes{"login_session_duration": 3, "login_network_masks": []string{"203.0.113.0/24"}, "reset_on_destroy": true},
		}},
		"ram_login_profile": {{
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "password_wo": "an-Example-1", "password_wo_version": "1"},
			Update:  attributes{"user_name": "demo", "password_wo": "an-Example-2", "password_wo_version": "2", "status": "Inactive"},
		}},
		"ram_group_membership": {{
			Prepare: makeMembers,
			Create:  attributes{"group_name": "dev", "user_names": []string{"alice", "bob"}},
			Update:  attributes{"group_name": "dev", "user_names": []string{"bob", "carol"}},
		}},
		"ram_user_group_membership": {{
			Prepare: makeMembers,
			Create:  attributes{"user_name": "alice", "group_names": []string{"dev", "ops"}},
			Update:  attributes{"user_name": "alice", "group_names": []string{"ops", "audit"}},
		}},
		"ram_access_key_network_policy": {{
			Given: func(t testing.TB, e *acctest.Env) map[string]any {
				t.Helper()
				return attributes{"access_key_id": e.UserKey(t, "demo").ID}
			},
			Create: attributes{"statements": []any{attributes{"type": "ClassicWhiteList", "ip_list": []string{"203.0.113.0/24"}}}},
			Update: attributes{"status": "Inactive", "statements": []any{attributes{"type": "ClassicWhiteList", "ip_list": []string{"203.0.113.1"}}}},
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
		"ram_external_application": {{
			Create: attributes{"app": "official-cli", "site": "CN"},
			Update: attributes{"app": "official-cli", "site": "CN", "scopes": []string{"openid"}},
		}, {
			Prepare: installCLI,
			Create:  attributes{"app": "official-cli", "site": "CN", "adopt_existing": true},
		}},
		"ram_application_assignment": {{
			Prepare: func(t testing.TB, e *acctest.Env) {
				t.Helper()
				installCLI(t, e)
				makeUser(t, e)
			},
			Create: attributes{"app_id": emulator.OfficialCLICN, "principal_type": "user", "principal_name": "demo"},
		}, {
			Prepare: func(t testing.TB, e *acctest.Env) {
				t.Helper()
				installCLI(t, e)
				acctest.Must(t, second(e.Client.CreateRole(t.Context(), ramclient.CreateRoleInput{RoleName: "demo", AssumeRolePolicyDocument: trust})))
			},
			Create: attributes{"app_id": emulator.OfficialCLICN, "principal_type": "role", "principal_name": "demo"},
		}},
		"ram_user_policy_attachments_exclusive": {{
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "policies": systemPolicies("AliyunOSSReadOnlyAccess", "AliyunECSReadOnlyAccess")},
			Update:  attributes{"user_name": "demo", "policies": systemPolicies("AliyunECSReadOnlyAccess", "AliyunARMSReadOnlyAccess"), "detach_on_destroy": true},
		}, {
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "policies": systemPolicies("AliyunOSSReadOnlyAccess"), "resource_group_id": acctest.ResourceGroup},
			Update:  attributes{"user_name": "demo", "policies": systemPolicies("AliyunECSReadOnlyAccess"), "resource_group_id": acctest.ResourceGroup, "detach_on_destroy": true},
		}},
		"ram_group_policy_attachments_exclusive": {{
			Prepare: makeGroup,
			Create:  attributes{"group_name": "demo", "policies": systemPolicies("AliyunOSSReadOnlyAccess", "AliyunECSReadOnlyAccess")},
			Update:  attributes{"group_name": "demo", "policies": systemPolicies("AliyunECSReadOnlyAccess", "AliyunARMSReadOnlyAccess"), "detach_on_destroy": true},
		}, {
			Prepare: makeGroup,
			Create:  attributes{"group_name": "demo", "policies": systemPolicies("AliyunOSSReadOnlyAccess"), "resource_group_id": acctest.ResourceGroup},
			Update:  attributes{"group_name": "demo", "policies": systemPolicies("AliyunECSReadOnlyAccess"), "resource_group_id": acctest.ResourceGroup, "detach_on_destroy": true},
		}},
		"ram_role_policy_attachments_exclusive": {{
			Prepare: makeRole,
			Create:  attributes{"role_name": "demo", "policies": systemPolicies("AliyunOSSReadOnlyAccess", "AliyunECSReadOnlyAccess")},
			Update:  attributes{"role_name": "demo", "policies": systemPolicies("AliyunECSReadOnlyAccess", "AliyunARMSReadOnlyAccess"), "detach_on_destroy": true},
		}, {
			Prepare: makeRole,
			Create:  attributes{"role_name": "demo", "policies": systemPolicies("AliyunOSSReadOnlyAccess"), "resource_group_id": acctest.ResourceGroup},
			Update:  attributes{"role_name": "demo", "policies": systemPolicies("AliyunECSReadOnlyAccess"), "resource_group_id": acctest.ResourceGroup, "detach_on_destroy": true},
		}},
		"ram_user_policy_attachment": {{
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "policy_name": "AliyunOSSReadOnlyAccess", "policy_type": "System"},
		}, {
			Prepare: makeUser,
			Create:  attributes{"user_name": "demo", "policy_name": "AliyunOSSReadOnlyAccess", "policy_type": "System", "resource_group_id": acctest.ResourceGroup},
		}},
		"ram_group_policy_attachment": {{
			Prepare: makeGroup,
			Create:  attributes{"group_name": "demo", "policy_name": "AliyunOSSReadOnlyAccess", "policy_type": "System"},
		}, {
			Prepare: makeGroup,
			Create:  attributes{"group_name": "demo", "policy_name": "AliyunOSSReadOnlyAccess", "policy_type": "System", "resource_group_id": acctest.ResourceGroup},
		}},
		"ram_role_policy_attachment": {{
			Prepare: makeRole,
			Create:  attributes{"role_name": "demo", "policy_name": "AliyunOSSReadOnlyAccess", "policy_type": "System"},
		}, {
			Prepare: makeRole,
			Create:  attributes{"role_name": "demo", "policy_name": "AliyunOSSReadOnlyAccess", "policy_type": "System", "resource_group_id": acctest.ResourceGroup},
		}},
	}
}

// onlyAfterFaults are operations that finish what a lost answer left half done, so that a
// life without faults does not call them.
var onlyAfterFaults = []string{"SetDefaultPolicyVersion"}

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	all := lives()
	for name := range declaredWrites(t) {
		if len(all[name]) == 0 {
			t.Errorf("%s has no life in the fault matrix", name)
		}
	}
	reached := map[string]bool{}
	cells := 0
	for name, ofType := range all {
		for _, life := range ofType {
			life.Type = name
			operations := life.Mutations(t)
			cells += len(operations) * len(acctest.Faults())
			for _, operation := range operations {
				reached[operation] = true
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				acctest.RequireSurvivesFaults(t, life)
			})
		}
	}
	t.Logf("%d cells", cells)
	requireAllReached(t, reached)
}

// requireAllReached fails for each operation that a resource declares to change
// something with and that no life calls.
func requireAllReached(t *testing.T, reached map[string]bool) {
	t.Helper()
	for name, operations := range declaredWrites(t) {
		for _, operation := range operations {
			if !reached[operation] && !slices.Contains(onlyAfterFaults, operation) {
				t.Errorf("%s declares %s, which is called in no life", name, operation)
			}
		}
	}
}

// second is the error of a call whose answer does not matter.
func second[T any](_ T, err error) error { return err }

func makeUser(t testing.TB, e *acctest.Env) {
	t.Helper()
	e.MakeUser(t, "demo")
}

// installCLI installs the application that the CLI logs in through.
func installCLI(t testing.TB, e *acctest.Env) {
	t.Helper()
	acctest.Must(t, second(e.Client.ProvisionExternalApplication(t.Context(), emulator.OfficialCLICN, nil)))
}

// makeMembers makes users and groups to bring together.
func makeMembers(t testing.TB, e *acctest.Env) {
	t.Helper()
	for _, user := range []string{"alice", "bob", "carol"} {
		e.MakeUser(t, user)
	}
	for _, group := range []string{"dev", "ops", "audit"} {
		e.MakeGroup(t, group)
	}
}

func makeGroup(t testing.TB, e *acctest.Env) {
	t.Helper()
	e.MakeGroup(t, "demo")
}

func makeRole(t testing.TB, e *acctest.Env) {
	t.Helper()
	const trust = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1000000000000001:root"}}]}`
	acctest.Must(t, second(e.Client.CreateRole(t.Context(), ramclient.CreateRoleInput{RoleName: "demo", AssumeRolePolicyDocument: trust})))
}

// systemPolicies are the policies of a set.
func systemPolicies(names ...string) []any {
	var all []any
	for _, name := range names {
		all = append(all, map[string]any{"policy_name": name, "policy_type": "System"})
	}
	return all
}

func attachToRole(t testing.TB, e *acctest.Env) {
	t.Helper()
	acctest.Must(t, e.Client.AttachPolicyToRole(t.Context(), ramclient.RolePolicy{RoleName: "demo", PolicyName: "AliyunOSSReadOnlyAccess", PolicyType: ramclient.PolicySystem}))
}

// burdenUser hangs on the user whatever a user can have.
func burdenUser(t testing.TB, e *acctest.Env) {
	t.Helper()
	ctx, principal := t.Context(), e.PrincipalName("demo")
	acctest.Must(t, second(e.Client.CreateAccessKey(ctx, principal)))
	acctest.Must(t, e.Client.AttachPolicyToUser(ctx, ramclient.UserPolicy{UserName: "demo", PolicyName: "AliyunOSSReadOnlyAccess", PolicyType: ramclient.PolicySystem}))
	e.JoinGroup(t, "demo", "developers")
	e.GiveLogin(t, "demo")
	e.BindMFADevice(t, "demo")
	acctest.Must(t, second(e.Client.ProvisionExternalApplication(ctx, emulator.OfficialCLICN, nil)))
	acctest.Must(t, e.Client.CreateApplicationAssignment(ctx, ramclient.ApplicationAssignment{AppID: emulator.OfficialCLICN, PrincipalType: ramclient.AssigneeUser, PrincipalName: principal}))
}

// recycleUser deletes the user, as somebody would in the console; see recycleKeys.
func recycleUser(t testing.TB, e *acctest.Env) {
	t.Helper()
	user, err := e.Client.GetUser(t.Context(), ramclient.GetUserInput{UserPrincipalName: e.PrincipalName("demo")})
	acctest.Must(t, err)
	if err := e.Client.DeleteUser(t.Context(), user.UserID); err != nil && !ramclient.IsNotFound(err) {
		if err := e.Client.DeleteUser(t.Context(), user.UserID); !ramclient.IsNotFound(err) {
			acctest.Must(t, err)
		}
	}
}

// recycleKeys deletes the user's keys, as somebody would in the console, who tries again
// if it is there that the fault strikes.
func recycleKeys(t testing.TB, e *acctest.Env) {
	t.Helper()
	keys, err := e.Client.ListAccessKeys(t.Context(), e.PrincipalName("demo"))
	acctest.Must(t, err)
	for _, key := range keys {
		ref := ramclient.AccessKeyRef{UserPrincipalName: e.PrincipalName("demo"), AccessKeyID: key.AccessKeyID}
		if err := e.Client.DeleteAccessKey(t.Context(), ref); err != nil && !ramclient.IsNotFound(err) {
			acctest.Must(t, e.Client.DeleteAccessKey(t.Context(), ref))
		}
	}
}

// ninetyDaysPass lets a rotation fall due.
func ninetyDaysPass(_ testing.TB, e *acctest.Env) { e.Clock.Advance(90 * 24 * time.Hour) }

// burdenGroup gives the group a member and a policy.
func burdenGroup(t testing.TB, e *acctest.Env) {
	t.Helper()
	makeUser(t, e)
	acctest.Must(t, e.Client.AddUserToGroup(t.Context(), e.PrincipalName("demo"), "demo"))
	acctest.Must(t, e.Client.AttachPolicyToGroup(t.Context(), ramclient.GroupPolicy{GroupName: "demo", PolicyName: "AliyunOSSReadOnlyAccess", PolicyType: ramclient.PolicySystem}))
}

// burdenPolicy gives the policy to a user, a group and a role.
func burdenPolicy(t testing.TB, e *acctest.Env) {
	t.Helper()
	ctx := t.Context()
	makeUser(t, e)
	e.JoinGroup(t, "demo", "developers")
	makeRole(t, e)
	acctest.Must(t, e.Client.AttachPolicyToUser(ctx, ramclient.UserPolicy{UserName: "demo", PolicyName: "demo", PolicyType: ramclient.PolicyCustom}))
	acctest.Must(t, e.Client.AttachPolicyToUser(ctx, ramclient.UserPolicy{UserName: "demo", PolicyName: "demo", PolicyType: ramclient.PolicyCustom, ResourceGroupID: acctest.ResourceGroup}))
	acctest.Must(t, e.Client.AttachPolicyToGroup(ctx, ramclient.GroupPolicy{GroupName: "developers", PolicyName: "demo", PolicyType: ramclient.PolicyCustom}))
	acctest.Must(t, e.Client.AttachPolicyToRole(ctx, ramclient.RolePolicy{RoleName: "demo", PolicyName: "demo", PolicyType: ramclient.PolicyCustom}))
}

// declaredWrites are, by resource, the operations that change something according to
// what the resource says it needs permission for.
func declaredWrites(t *testing.T) map[string][]string {
	t.Helper()
	declared := map[string][]string{}
	for _, build := range provider.New(provider.Host{}).Resources(t.Context()) {
		one := build()
		var meta resource.MetadataResponse
		one.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "ram"}, &meta)
		declared[meta.TypeName] = nil
		table := one.(permission.Declarer).Permissions()
		for _, operation := range slices.Concat(table.Create, table.Update, table.Delete, table.Optional) {
			if operation.Mutates {
				declared[meta.TypeName] = append(declared[meta.TypeName], operation.Name)
			}
		}
	}
	return declared
}
