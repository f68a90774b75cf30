package attachment_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/attachment"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const (
	ecs  = "AliyunECSReadOnlyAccess"
	arms = "AliyunARMSReadOnlyAccess"
)

// exclusives are the sets, by the noun of their principals.
var exclusives = map[string]func() resource.Resource{
	"user": attachment.NewUserExclusiveResource, "group": attachment.NewGroupExclusiveResource, "role": attachment.NewRoleExclusiveResource,
}

func exclusiveType(noun string) string { return "ram_" + noun + "_policy_attachments_exclusive" }

const exclusiveUser = "ram_user_policy_attachments_exclusive"

// system writes system policies as entries of a set.
func system(names ...string) []any {
	all := []any{}
	for _, name := range names {
		all = append(all, attributes{"policy_name": name, "policy_type": "System"})
	}
	return all
}

// bare writes policies as entries without a type.
func bare(names ...string) []any {
	all := []any{}
	for _, name := range names {
		all = append(all, attributes{"policy_name": name})
	}
	return all
}

func userSet(policies []any) attributes { return attributes{"user_name": "demo", "policies": policies} }

// put attaches a system policy in the console.
func put(t *testing.T, env *acctest.Env, noun, policy, resourceGroupID string) {
	t.Helper()
	var err error
	switch ctx := t.Context(); noun {
	case "user":
		err = env.Client.AttachPolicyToUser(ctx, ramclient.UserPolicy{UserName: "demo", PolicyName: policy, PolicyType: ramclient.PolicySystem, ResourceGroupID: resourceGroupID})
	case "group":
		err = env.Client.AttachPolicyToGroup(ctx, ramclient.GroupPolicy{GroupName: "demo", PolicyName: policy, PolicyType: ramclient.PolicySystem, ResourceGroupID: resourceGroupID})
	default:
		err = env.Client.AttachPolicyToRole(ctx, ramclient.RolePolicy{RoleName: "demo", PolicyName: policy, PolicyType: ramclient.PolicySystem, ResourceGroupID: resourceGroupID})
	}
	acctest.Must(t, err)
}

var listedAs = map[string]ramclient.PrincipalType{"user": ramclient.PrincipalUser, "group": ramclient.PrincipalGroup, "role": ramclient.PrincipalRole}

// requireHeld fails the test unless the principal called demo has exactly these policies.
func requireHeld(t *testing.T, env *acctest.Env, noun, resourceGroupID string, want ...string) {
	t.Helper()
	attached, err := env.Client.PoliciesOf(t.Context(), ramclient.Principal{Type: listedAs[noun], Name: "demo"}, resourceGroupID)
	acctest.Must(t, err)
	got := []string{}
	for _, policy := range attached {
		got = append(got, policy.PolicyName)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the %s has %q in scope %q, want %q", noun, got, resourceGroupID, want)
	}
}

// Every kind of set, for the account and for a resource group.
func TestExclusive_life(t *testing.T) {
	t.Parallel()
	for noun, of := range principals {
		for _, scope := range []string{"", resourceGroup} {
			t.Run(noun+" "+scope, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t, acctest.WithResourceGroup)
				of.make(t, env)
				otherScope := resourceGroup
				if scope != "" {
					otherScope = ""
				}
				put(t, env, noun, arms, scope)
				put(t, env, noun, arms, otherScope) // not the set's business
				typeName := exclusiveType(noun)
				set := func(policies []any) attributes {
					config := attributes{of.attribute: "demo", "policies": policies}
					if scope != "" {
						config["resource_group_id"] = scope
					}
					return config
				}

				p := env.Protocol(t, nil)
				planned := p.Plan(typeName, acctest.Object{}, set(system(oss, ecs)))
				if warnings := planned.Diagnostics.Warnings(); len(warnings) != 1 || !strings.Contains(warnings[0], arms+" (System)") {
					t.Errorf("the plan warns %q, want it to name %s", warnings, arms)
				}
				made, diags := p.Apply(planned)
				if diags.HasError() {
					t.Fatalf("create: %q", diags.Errors())
				}
				requireHeld(t, env, noun, scope, oss, ecs)
				env.RequireSettled(t, made, set(system(ecs, oss)))
				env.Clock.Advance(time.Minute)
				env.RequireSettled(t, made, set(system(ecs, oss)))

				identity := attributes{of.attribute: "demo", "resource_group_id": set(nil)["resource_group_id"], "account_id": env.AccountID}
				if diff := cmp.Diff(identity, p.IdentityAttributes(made)); diff != "" {
					t.Errorf("identity (-want +got):\n%s", diff)
				}
				id := strings.TrimSuffix("demo/"+scope, "/")
				byID, diags := p.Import(typeName, id)
				if diags.HasError() || !p.Plan(typeName, byID, set(system(oss, ecs))).IsEmpty() || !p.Plan(typeName, byID, set(bare(oss, ecs))).IsEmpty() {
					t.Errorf("import by %q: %q, or a plan that is not empty", id, diags.Errors())
				}
				byIdentity, diags := p.ImportByIdentity(typeName, identity)
				if diags.HasError() || !p.Plan(typeName, byIdentity, set(system(oss, ecs))).IsEmpty() {
					t.Errorf("import by identity: %q, or a plan that is not empty", diags.Errors())
				}

				made = p.MustApply(typeName, made, set(system(oss)))
				requireHeld(t, env, noun, scope, oss)
				made = p.MustApply(typeName, made, set(system()))
				requireHeld(t, env, noun, scope)
				env.RequireSettled(t, made, set(system()))
				made = p.MustApply(typeName, made, set(bare(ecs)))
				p.MustDestroy(made)
				requireHeld(t, env, noun, scope, ecs)
				requireHeld(t, env, noun, otherScope, arms)
			})
		}
	}
}

// What others attach shows in the next plan of a set and goes with it; single attachments
// neither see nor touch it.
func TestExclusive_attachmentsMadeOutsideGo(t *testing.T) {
	t.Parallel()
	for noun, of := range principals {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			of.make(t, env)
			single := env.Protocol(t, nil).MustCreate(of.typeName, config(of.attribute, nil))
			env.Clock.Advance(time.Minute)
			put(t, env, noun, arms, "")
			env.RequireSettled(t, single, config(of.attribute, nil))
			env.Protocol(t, nil).MustDestroy(single)
			requireHeld(t, env, noun, "", arms)

			typeName := exclusiveType(noun)
			wanted := attributes{of.attribute: "demo", "policies": system(oss)}
			made := env.Protocol(t, nil).MustCreate(typeName, wanted)
			requireHeld(t, env, noun, "", oss)
			env.Clock.Advance(time.Minute)
			put(t, env, noun, ecs, "")
			p := env.Protocol(t, nil)
			seen := p.MustRead(made)
			if policies, _ := p.Attributes(seen.Value)["policies"].([]any); len(policies) != 2 {
				t.Errorf("the state shows %v, want what was attached outside among them", policies)
			}
			planned := p.Plan(typeName, seen, wanted)
			if planned.IsEmpty() {
				t.Error("the plan does not show what was attached outside")
			}
			if _, diags := p.Apply(planned); diags.HasError() {
				t.Errorf("update: %q", diags.Errors())
			}
			requireHeld(t, env, noun, "", oss)
		})
	}
}

func TestExclusive_aPolicyDetachedOutsideComesBack(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeUser(t, env)
	made := env.Protocol(t, nil).MustCreate(exclusiveUser, userSet(bare(oss, ecs)))
	env.RequireSettled(t, made, userSet(bare(oss, ecs)))
	env.Clock.Advance(time.Minute)
	acctest.Must(t, env.Client.DetachPolicyFromUser(t.Context(), ramclient.UserPolicy{UserName: "demo", PolicyName: oss, PolicyType: ramclient.PolicySystem}))
	p := env.Protocol(t, nil)
	p.MustApply(exclusiveUser, p.MustRead(made), userSet(bare(oss, ecs)))
	requireHeld(t, env, "user", "", oss, ecs)
}

// At no time does the principal have less than before and after.
func TestExclusive_attachesBeforeItDetaches(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeUser(t, env)
	p := env.Protocol(t, nil)
	made := p.MustCreate(exclusiveUser, userSet(system(oss, ecs)))
	env.Emulator.ResetRequests()
	p.MustApply(exclusiveUser, made, userSet(system(oss, arms)))
	var writes []string
	for _, request := range env.Emulator.Requests() {
		if strings.Contains(request.Operation, "tach") {
			writes = append(writes, request.Operation)
		}
	}
	if diff := cmp.Diff([]string{"AttachPolicyToUser", "DetachPolicyFromUser"}, writes); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

func TestExclusive_makesRoomAtTheLimit(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeRole(t, env)
	all := manyPolicies(t, env)
	env.Clock.Advance(time.Minute)
	entries := func(refs []ramclient.PolicyRef) []any {
		var set []any
		for _, ref := range refs {
			set = append(set, attributes{"policy_name": ref.PolicyName, "policy_type": string(ref.PolicyType)})
		}
		return set
	}
	_, err := env.Client.CreatePolicy(t.Context(), ramclient.CreatePolicyInput{PolicyName: "own-10", PolicyDocument: allow})
	acctest.Must(t, err)
	env.Clock.Advance(time.Minute)
	p := env.Protocol(t, nil)
	made := p.MustCreate(exclusiveType("role"), attributes{"role_name": "demo", "policies": entries(all)})
	next := append(slices.Clone(all[:29]), ramclient.PolicyRef{PolicyName: "own-10", PolicyType: ramclient.PolicyCustom})
	made = p.MustApply(exclusiveType("role"), made, attributes{"role_name": "demo", "policies": entries(next)})
	env.RequireSettled(t, made, attributes{"role_name": "demo", "policies": entries(next)})

	tooMany := append(slices.Clone(next), all[29])
	_, diags := p.Apply(p.Plan(exclusiveType("role"), made, attributes{"role_name": "demo", "policies": entries(tooMany)}))
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "LimitExceeded.Role.Policy") {
		t.Errorf("one more than the limit: %q", errs)
	}
}

// An update that fails half way leaves in state what is attached by then.
func TestExclusive_interruptedUpdate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		operation string
		want      []string
	}{
		"at the second attach": {"AttachPolicyToUser", []string{oss}},
		"at the detach":        {"DetachPolicyFromUser", []string{oss, ecs, arms}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			makeUser(t, env)
			p := env.Protocol(t, nil)
			made := p.MustCreate(exclusiveUser, userSet(system(oss)))
			env.Emulator.Fail(test.operation, emulator.Refuse(403, "NoPermission", "You are not authorized."))
			broken, diags := p.Apply(p.Plan(exclusiveUser, made, userSet(system(ecs, arms))))
			if len(diags.Errors()) != 1 {
				t.Fatalf("got %q, want one error", diags.Errors())
			}
			requireHeld(t, env, "user", "", test.want...)
			var inState []string
			for _, one := range p.Attributes(broken.Value)["policies"].([]any) {
				inState = append(inState, one.(attributes)["policy_name"].(string))
			}
			slices.Sort(inState)
			slices.Sort(test.want)
			if diff := cmp.Diff(test.want, inState); diff != "" {
				t.Errorf("policies in state (-service +state):\n%s", diff)
			}
			p.MustApply(exclusiveUser, broken, userSet(system(ecs, arms)))
			requireHeld(t, env, "user", "", ecs, arms)
		})
	}
}

func TestExclusive_detachOnDestroy(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeUser(t, env)
	config := userSet(bare(oss, ecs))
	config["detach_on_destroy"] = true
	p := env.Protocol(t, nil)
	made := p.MustCreate(exclusiveUser, config)
	put(t, env, "user", arms, "") // unknown to the state
	p.MustDestroy(made)
	requireHeld(t, env, "user", "", arms)
}

func TestExclusive_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	for noun, of := range principals {
		for _, scope := range []any{nil, resourceGroup} {
			t.Run(fmt.Sprintf("%s %v", noun, scope), func(t *testing.T) {
				t.Parallel()
				permissions := exclusives[noun]().(permission.Declarer).Permissions()
				if scope != nil {
					permissions.Read = append(slices.Clone(permissions.Read), ramclient.OpListPolicyAttachments)
				}
				acctest.RequireExactPermissions(t, acctest.Life{
					Type: exclusiveType(noun), Permissions: permissions, Prepare: of.make,
					Create: attributes{of.attribute: "demo", "policies": system(oss), "detach_on_destroy": true, "resource_group_id": scope},
					Update: attributes{of.attribute: "demo", "policies": system(ecs), "detach_on_destroy": true, "resource_group_id": scope},
				})
			})
		}
	}
}

func TestExclusive_policyTypes(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeUser(t, env)
	custom := func(name string) {
		_, err := env.Client.CreatePolicy(t.Context(), ramclient.CreatePolicyInput{PolicyName: name, PolicyDocument: allow})
		acctest.Must(t, err)
		env.Clock.Advance(time.Minute)
	}
	custom(oss) // a namesake of a system policy
	p := env.Protocol(t, nil)
	if errs := p.Plan(exclusiveUser, acctest.Object{}, userSet(bare(oss))).Diagnostics.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "ambiguous") {
		t.Errorf("two policies of one name: %q", errs)
	}
	both := []any{attributes{"policy_name": oss, "policy_type": "System"}, attributes{"policy_name": oss, "policy_type": "Custom"}}
	made := p.MustCreate(exclusiveUser, userSet(both))
	env.RequireSettled(t, made, userSet(both))
	if diags := p.Validate(exclusiveUser, userSet(append(bare(oss), system(oss)...))); len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0], "listed twice") {
		t.Errorf("one policy with and without its type: %q", diags.Errors())
	}

	late := p.Plan(exclusiveUser, made, userSet(bare("not-yet")))
	if late.Diagnostics.HasError() {
		t.Fatalf("a policy that is not there yet: %q", late.Diagnostics.Errors())
	}
	custom("not-yet")
	after, diags := p.Apply(late)
	if diags.HasError() {
		t.Fatalf("a policy made between plan and apply: %q", diags.Errors())
	}
	requireHeld(t, env, "user", "", "not-yet")
	env.RequireSettled(t, after, userSet(bare("not-yet")))
	if _, diags := p.Apply(p.Plan(exclusiveUser, after, userSet(bare("never")))); len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0], "There is no such policy") {
		t.Errorf("a policy that never comes: %q", diags.Errors())
	}
}

func TestExclusive_followsARename(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	p := env.Protocol(t, nil)
	user := p.MustCreate("ram_user", attributes{"name": "demo"})
	made := p.MustCreate(exclusiveUser, userSet(system(oss)))

	p = env.Protocol(t, nil)
	renamed := p.Plan("ram_user", p.MustRead(user), attributes{"name": "renamed"})
	wanted := attributes{"user_name": "renamed", "policies": system(oss, ecs)}
	followed := p.Plan(exclusiveUser, p.MustRead(made), wanted)
	if len(followed.Replace) > 0 {
		t.Fatalf("a rename of the user plans a replacement: %v", followed.Replace)
	}
	if _, diags := p.Apply(renamed); diags.HasError() {
		t.Fatalf("rename: %q", diags.Errors())
	}
	after, diags := p.Apply(followed)
	if diags.HasError() || p.IdentityAttributes(after)["user_name"] != "renamed" {
		t.Errorf("follow: %v, %q", p.Attributes(after.Value), diags.Errors())
	}
	env.RequireSettled(t, after, wanted)

	outside := env.PrincipalName("again")
	_, err := env.Client.UpdateUser(t.Context(), ramclient.UpdateUserInput{UserID: p.Attributes(after.Value)["user_id"].(string), NewUserPrincipalName: &outside})
	acctest.Must(t, err)
	env.Clock.Advance(time.Minute)
	p = env.Protocol(t, nil)
	if seen := p.MustRead(after); p.Attributes(seen.Value)["user_name"] != "again" || p.IdentityAttributes(seen)["user_name"] != "again" {
		t.Errorf("after an outside rename state is %v and identity %v", p.Attributes(seen.Value), p.IdentityAttributes(seen))
	}
}

func TestExclusive_ofAnotherPrincipal(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeGroup(t, env)
	env.MakeGroup(t, "other")
	p := env.Protocol(t, nil)
	typeName := exclusiveType("group")
	made := p.MustCreate(typeName, attributes{"group_name": "demo", "policies": system(oss)})
	planned := p.Plan(typeName, made, attributes{"group_name": "other", "policies": system(oss)})
	if len(planned.Replace) != 1 {
		t.Fatalf("another group plans %v, want a replacement", planned.Replace)
	}
	if _, diags := p.Apply(planned); diags.HasError() {
		t.Errorf("replace: %q", diags.Errors())
	}
	requireHeld(t, env, "group", "", oss) // a set that is destroyed detaches nothing
}

func TestExclusive_isGoneWithItsPrincipal(t *testing.T) {
	t.Parallel()
	for _, scope := range []any{nil, resourceGroup} {
		env := acctest.New(t, acctest.WithResourceGroup)
		makeRole(t, env)
		made := env.Protocol(t, nil).MustCreate(exclusiveType("role"), attributes{"role_name": "demo", "policies": system(), "resource_group_id": scope})
		env.Clock.Advance(time.Minute)
		if !env.Protocol(t, nil).MustRead(made).Exists() {
			t.Errorf("scope %v: an empty set of a role reads as gone", scope)
		}
		acctest.Must(t, env.Client.DeleteRole(t.Context(), "demo"))
		if env.Protocol(t, nil).MustRead(made).Exists() {
			t.Errorf("scope %v: the set of a role that is gone is still there", scope)
		}
	}
}

func TestExclusive_wrongAccountKeepsState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeUser(t, env)
	made := env.Protocol(t, nil).MustCreate(exclusiveUser, userSet(system(oss)))
	other := env.Emulator.Accounts()[1].RootKey
	elsewhere := env.Protocol(t, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret})
	got, diags := elsewhere.Read(made)
	if len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0], "Wrong Alibaba Cloud account") || !got.Exists() {
		t.Errorf("read: %q, still in state: %t", diags.Errors(), got.Exists())
	}
}

func TestExclusive_mixedWithSingleAttachments(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeUser(t, env)
	single := config("user_name", nil)
	warned := func(planned acctest.Planned) bool {
		return len(planned.Diagnostics.Warnings()) == 1 && strings.Contains(planned.Diagnostics.Warnings()[0], "managed twice") &&
			strings.Contains(planned.Diagnostics.Warnings()[0], oss)
	}
	p := env.Protocol(t, nil)
	p.Plan(exclusiveUser, acctest.Object{}, userSet(system(oss)))
	if planned := p.Plan("ram_user_policy_attachment", acctest.Object{}, single); !warned(planned) {
		t.Errorf("an attachment beside a set: %q", planned.Diagnostics.Warnings())
	}
	p = env.Protocol(t, nil)
	p.Plan("ram_user_policy_attachment", acctest.Object{}, single)
	if planned := p.Plan(exclusiveUser, acctest.Object{}, userSet(system(oss))); !warned(planned) {
		t.Errorf("a set beside an attachment: %q", planned.Diagnostics.Warnings())
	}
	p = env.Protocol(t, nil)
	made := p.MustCreate("ram_user_policy_attachment", single)
	p = env.Protocol(t, nil)
	p.Plan(exclusiveUser, acctest.Object{}, userSet(system(oss)))
	if planned := p.Plan("ram_user_policy_attachment", made, nil); !warned(planned) {
		t.Errorf("an attachment destroyed while a set takes over: %q", planned.Diagnostics.Warnings())
	}
	p = env.Protocol(t, nil)
	p.Plan(exclusiveUser, acctest.Object{}, userSet(system(oss)))
	elsewhere := config("user_name", attributes{"user_name": "other"})
	if planned := p.Plan("ram_user_policy_attachment", acctest.Object{}, elsewhere); len(planned.Diagnostics.Warnings()) > 0 {
		t.Errorf("an attachment of another user: %q", planned.Diagnostics.Warnings())
	}
}

// A set and the attachments of one principal share its list.
func TestExclusive_callsOfAPlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeRole(t, env)
	p := env.Protocol(t, nil)
	single := p.MustCreate("ram_role_policy_attachment", config("role_name", nil))
	wanted := attributes{"role_name": "demo", "policies": system(oss)}
	made := p.MustCreate(exclusiveType("role"), wanted)
	env.Clock.Advance(time.Minute)
	env.Emulator.ResetRequests()
	p = env.Protocol(t, nil)
	p.Plan(exclusiveType("role"), p.MustRead(made), wanted)
	p.Plan("ram_role_policy_attachment", p.MustRead(single), config("role_name", nil))
	if lists, total := env.Emulator.Count("ListPoliciesForRole"), env.Emulator.Total(); lists != 1 || total != 2 {
		t.Errorf("a plan took %d lists and %d calls, want 1 and 2 (with GetCallerIdentity)", lists, total)
	}
}

func TestExclusive_refusesToDisarmItself(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	own := func(policies []any) attributes { return attributes{"user_name": "terraform", "policies": policies} }
	p := env.Protocol(t, nil)
	if errs := p.Plan(exclusiveUser, acctest.Object{}, own(system(oss))).Diagnostics.Errors(); len(errs) != 1 ||
		!strings.Contains(errs[0], `Refusing to detach policies from RAM user "terraform"`) {
		t.Errorf("a set without the own policy: %q", errs)
	}
	made := p.MustCreate(exclusiveUser, own(system("AdministratorAccess", oss)))
	if errs := p.Plan(exclusiveUser, made, own(system(oss))).Diagnostics.Errors(); len(errs) != 1 {
		t.Errorf("removing the own policy from the set: %q", errs)
	}
	p = env.Protocol(t, attributes{"allow_self_change": true})
	if planned := p.Plan(exclusiveUser, made, own(system("AdministratorAccess"))); planned.Diagnostics.HasError() {
		t.Errorf("with allow_self_change: %q", planned.Diagnostics.Errors())
	}
}

func TestExclusive_warnsOfHighRisk(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeUser(t, env)
	p := env.Protocol(t, nil)
	planned := p.Plan(exclusiveUser, acctest.Object{}, userSet(bare("AdministratorAccess")))
	if warnings := planned.Diagnostics.Warnings(); len(warnings) != 1 || !strings.Contains(warnings[0], "AdministratorAccess") {
		t.Fatalf("a set with AdministratorAccess: %q", warnings)
	}
	made, _ := p.Apply(planned)
	if warnings := p.Plan(exclusiveUser, made, userSet(bare("AdministratorAccess", oss))).Diagnostics.Warnings(); len(warnings) > 0 {
		t.Errorf("what stays as it is: %q", warnings)
	}
}

func TestExclusive_lostAnswers(t *testing.T) {
	t.Parallel()
	faults := map[string]emulator.Fault{
		"reset after commit": emulator.CommitThenReset(), "500 after commit": emulator.CommitThen500(),
		"reset before": emulator.ResetBefore(), "HTML": emulator.HTML502(), "empty": emulator.EmptyBody(),
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			makeUser(t, env)
			p := env.Protocol(t, nil)
			env.Emulator.Fail("AttachPolicyToUser", fault)
			made := p.MustCreate(exclusiveUser, userSet(system(oss)))
			env.Emulator.Fail("DetachPolicyFromUser", fault)
			made = p.MustApply(exclusiveUser, made, userSet(system(ecs)))
			requireHeld(t, env, "user", "", ecs)
			env.RequireSettled(t, made, userSet(system(ecs)))
		})
	}
}

func TestExclusive_lagOfASecond(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	p := env.Protocol(t, nil)
	p.MustCreate("ram_role", attributes{"name": "demo", "assume_role_policy_document": trust})
	p.MustCreate("ram_policy", attributes{"name": "own", "policy_document": allow})
	set := func(names ...string) attributes { return attributes{"role_name": "demo", "policies": bare(names...)} }
	made := p.MustCreate(exclusiveType("role"), set("own", oss))
	env.RequireSettled(t, made, set("own", oss))
	p = env.Protocol(t, nil)
	made = p.MustApply(exclusiveType("role"), p.MustRead(made), set("own", ecs))
	env.RequireSettled(t, made, set("own", ecs))
}
