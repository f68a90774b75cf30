package attachment_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const resourceGroup = acctest.ResourceGroup

// scoped is config for the resource group.
func scoped(attribute string) attributes {
	return config(attribute, attributes{"resource_group_id": resourceGroup})
}

func TestAttachment_forAResourceGroup(t *testing.T) {
	t.Parallel()
	for noun, of := range principals {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithResourceGroup)
			of.make(t, env)
			p := env.Protocol(t, nil)
			wanted := scoped(of.attribute)
			made := p.MustCreate(of.typeName, wanted)
			env.RequireSettled(t, made, wanted)
			env.Clock.Advance(time.Minute)
			env.RequireSettled(t, made, wanted)

			identity := attributes{of.attribute: "demo", "policy_name": oss, "policy_type": "System", "resource_group_id": resourceGroup, "account_id": env.AccountID}
			if diff := cmp.Diff(identity, p.IdentityAttributes(made)); diff != "" {
				t.Errorf("identity (-want +got):\n%s", diff)
			}
			byID, diags := p.Import(of.typeName, "demo/System/"+oss+"/"+resourceGroup)
			if diags.HasError() || !p.Plan(of.typeName, byID, wanted).IsEmpty() {
				t.Errorf("import by string: %q, or a plan that is not empty", diags.Errors())
			}
			byIdentity, diags := p.ImportByIdentity(of.typeName, identity)
			if diags.HasError() || !p.Plan(of.typeName, byIdentity, wanted).IsEmpty() {
				t.Errorf("import by identity: %q, or a plan that is not empty", diags.Errors())
			}
			if wholeAccount, diags := p.Import(of.typeName, "demo/System/"+oss); wholeAccount.Exists() {
				t.Errorf("the attachment for a resource group was imported as one for the whole account: %q", diags.Errors())
			}

			p.MustDestroy(made)
			env.Clock.Advance(time.Minute)
			if env.Protocol(t, nil).MustRead(made).Exists() {
				t.Error("a detached policy reads back as attached")
			}
		})
	}
}

// The same policy for the account and for a resource group is attached twice.
func TestAttachment_scopesAreApart(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithResourceGroup)
	makeUser(t, env)
	p := env.Protocol(t, nil)
	everywhere := p.MustCreate("ram_user_policy_attachment", config("user_name", nil))
	inGroup := p.MustCreate("ram_user_policy_attachment", scoped("user_name"))
	p.MustDestroy(everywhere)
	env.Clock.Advance(time.Minute)
	env.RequireSettled(t, inGroup, scoped("user_name"))
	p = env.Protocol(t, nil)
	if p.MustRead(everywhere).Exists() {
		t.Error("the attachment for the whole account is gone, but reads as there")
	}
	if planned := p.Plan("ram_user_policy_attachment", inGroup, config("user_name", nil)); len(planned.Replace) != 1 {
		t.Errorf("another scope plans %v, want a replacement", planned.Replace)
	}
}

func TestAttachment_forAResourceGroupNeedsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	for noun, of := range principals {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			permissions := of.new().(permission.Declarer).Permissions()
			permissions.Read = append(slices.Clone(permissions.Read), ramclient.OpListPolicyAttachments)
			acctest.RequireExactPermissions(t, acctest.Life{
				Type: of.typeName, Permissions: permissions, Prepare: of.make, Create: scoped(of.attribute),
			})
		})
	}
}

// Without the permission to list it, an attachment is not gone.
func TestAttachment_forAResourceGroupThatMayNotBeListed(t *testing.T) {
	t.Parallel()
	for noun, of := range principals {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithResourceGroup)
			of.make(t, env)
			made := env.Protocol(t, nil).MustCreate(of.typeName, scoped(of.attribute))
			env.Clock.Advance(time.Minute)
			env.Emulator.Fail("ListPolicyAttachments", emulator.Refuse(403, "NoPermission", "You are not authorized."))
			kept, diags := env.Protocol(t, nil).Read(made)
			if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], `for resource group "rg-example"`) || !strings.Contains(errs[0], "NoPermission") {
				t.Errorf("read: %q, want one error that names the resource group and the code", errs)
			}
			if !kept.Exists() {
				t.Error("the attachment fell out of the state")
			}
		})
	}
}

func TestAttachment_unknownResourceGroup(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeRole(t, env)
	p := env.Protocol(t, nil)
	_, diags := p.Apply(p.Plan("ram_role_policy_attachment", acctest.Object{}, scoped("role_name")))
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "check resource_group_id") {
		t.Errorf("got %q, want one error with the next step", errs)
	}
	for _, wrong := range []string{env.AccountID, "default", ""} {
		if diags := p.Validate("ram_role_policy_attachment", config("role_name", attributes{"resource_group_id": wrong})); !diags.HasError() {
			t.Errorf("resource_group_id %q is taken", wrong)
		}
	}
}

// A state from before resource_group_id reads as one of the whole account. (Identities of
// that time Terraform completes by itself.)
func TestAttachment_stateFromBeforeResourceGroups(t *testing.T) {
	t.Parallel()
	server, err := acctest.New(t).ProviderServer()
	acctest.Must(t, err)
	const old = `{"role_name":"demo","policy_name":"own","policy_type":"Custom","account_id":"1000000000000001","attach_date":"2026-01-02T03:04:05Z"}`
	upgraded, err := server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: "ram_role_policy_attachment", RawState: &tfprotov6.RawState{JSON: []byte(old)},
	})
	acctest.Must(t, err)
	for _, diagnostic := range upgraded.Diagnostics {
		t.Error(diagnostic.Summary, diagnostic.Detail)
	}
}

func TestAttachment_aResourceGroupIsReadOnce(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithResourceGroup)
	makeRole(t, env)
	p := env.Protocol(t, nil)
	var made []acctest.Object
	for _, policy := range manyPolicies(t, env) {
		made = append(made, p.MustCreate("ram_role_policy_attachment", attributes{
			"role_name": "demo", "policy_name": policy.PolicyName, "policy_type": string(policy.PolicyType), "resource_group_id": resourceGroup,
		}))
	}
	env.Clock.Advance(time.Minute)
	env.Emulator.ResetRequests()
	refreshed := env.Protocol(t, nil)
	for _, object := range made {
		if !refreshed.MustRead(object).Exists() {
			t.Errorf("%v reads as gone", refreshed.Attributes(object.Value))
		}
	}
	if total := env.Emulator.Total(); total != 2 {
		t.Errorf("reading 30 attachments took %d calls, want 2 (with GetCallerIdentity)", total)
	}
}
