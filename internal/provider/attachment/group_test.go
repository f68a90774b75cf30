package attachment_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const groupAttachment = "ram_group_policy_attachment"

func attachToGroup(t *testing.T, env *acctest.Env, name string) {
	t.Helper()
	acctest.Must(t, env.Client.AttachPolicyToGroup(t.Context(), ramclient.GroupPolicy{GroupName: name, PolicyName: oss, PolicyType: ramclient.PolicySystem}))
}

func TestGroupAttachment_followsAnOutsideRename(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeGroup(t, env)
	made := env.Protocol(t, nil).MustCreate(groupAttachment, config("group_name", nil))
	env.Clock.Advance(time.Minute)
	renamed := "renamed"
	_, err := env.Client.UpdateGroup(t.Context(), ramclient.UpdateGroupInput{GroupName: "demo", NewGroupName: &renamed})
	acctest.Must(t, err)
	makeGroup(t, env) // a namesake, with the same policy
	attachToGroup(t, env, "demo")

	p := env.Protocol(t, nil)
	seen := p.MustRead(made)
	if got, identity := p.Attributes(seen.Value), p.IdentityAttributes(seen); got["group_name"] != renamed || identity["group_name"] != renamed {
		t.Errorf("after an outside rename state is %v and identity %v, want the new name", got, identity)
	}
	planned := p.Plan(groupAttachment, made, config("group_name", attributes{"group_name": renamed}))
	if len(planned.Replace) > 0 {
		t.Fatalf("following the same group plans a replacement: %v", planned.Replace)
	}
	env.Emulator.ResetRequests()
	if _, diags := p.Apply(planned); diags.HasError() {
		t.Errorf("follow: %q", diags.Errors())
	}
	if attach, detach := env.Emulator.Count("AttachPolicyToGroup"), env.Emulator.Count("DetachPolicyFromGroup"); attach+detach != 0 {
		t.Errorf("following a rename attached %d times and detached %d times", attach, detach)
	}
}

// One apply renames the group and takes the attachment along.
func TestGroupAttachment_followsARenameInTheSamePlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	p := env.Protocol(t, nil)
	group := p.MustCreate("ram_group", attributes{"name": "demo"})
	made := p.MustCreate(groupAttachment, config("group_name", nil))

	p = env.Protocol(t, nil)
	renamed := p.Plan("ram_group", p.MustRead(group), attributes{"name": "renamed"})
	followed := p.Plan(groupAttachment, p.MustRead(made), config("group_name", attributes{"group_name": "renamed"}))
	if len(followed.Replace) > 0 {
		t.Fatalf("a rename of the group plans a replacement: %v", followed.Replace)
	}
	if _, diags := p.Apply(renamed); diags.HasError() {
		t.Fatalf("rename: %q", diags.Errors())
	}
	after, diags := p.Apply(followed)
	if diags.HasError() || p.Attributes(after.Value)["group_name"] != "renamed" {
		t.Errorf("follow: %v, %q", p.Attributes(after.Value), diags.Errors())
	}
}

func TestGroupAttachment_anotherGroupIsAnotherAttachment(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeGroup(t, env)
	made := env.Protocol(t, nil).MustCreate(groupAttachment, config("group_name", nil))
	other := config("group_name", attributes{"group_name": "other"})

	p := env.Protocol(t, nil)
	p.Plan("ram_group", acctest.Object{}, attributes{"name": "other"})
	if planned := p.Plan(groupAttachment, made, other); len(planned.Replace) != 1 {
		t.Errorf("a group yet to be created plans %v, want a replacement", planned.Replace)
	}
	env.MakeGroup(t, "other")
	p = env.Protocol(t, nil)
	planned := p.Plan(groupAttachment, made, other)
	if len(planned.Replace) != 1 {
		t.Fatalf("another group plans %v, want a replacement", planned.Replace)
	}
	moved, diags := p.Apply(planned)
	if diags.HasError() || p.Attributes(moved.Value)["group_name"] != "other" {
		t.Errorf("got %v, %q", p.Attributes(moved.Value), diags.Errors())
	}
	if attached, err := env.Client.ListPoliciesForGroup(t.Context(), "demo"); err != nil || len(attached) != 0 {
		t.Errorf("the first group still has %v (%v)", attached, err)
	}
}

// The name came to another group between plan and apply: nothing is touched.
func TestGroupAttachment_nameTakenMeanwhile(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	group := p.MustCreate("ram_group", attributes{"name": "demo"})
	made := p.MustCreate(groupAttachment, config("group_name", nil))
	p.Plan("ram_group", group, attributes{"name": "other"})
	planned := p.Plan(groupAttachment, made, config("group_name", attributes{"group_name": "other"}))
	env.MakeGroup(t, "other")
	_, diags := p.Apply(planned)
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "Another group bears the new name") {
		t.Errorf("got %q", errs)
	}
}

func TestGroupAttachment_aNamesakeOfTheGroupIsNotTheGroup(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeGroup(t, env)
	made := env.Protocol(t, nil).MustCreate(groupAttachment, config("group_name", nil))
	env.Clock.Advance(time.Minute)
	acctest.Must(t, env.Client.DetachPolicyFromGroup(t.Context(), ramclient.GroupPolicy{GroupName: "demo", PolicyName: oss, PolicyType: ramclient.PolicySystem}))
	acctest.Must(t, env.Client.DeleteGroup(t.Context(), "demo"))
	makeGroup(t, env)
	attachToGroup(t, env, "demo")
	if env.Protocol(t, nil).MustRead(made).Exists() {
		t.Error("the attachment of a namesake was taken for ours")
	}
}
