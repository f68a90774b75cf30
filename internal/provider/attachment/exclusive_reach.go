package attachment

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// reach makes the service have the policies of the plan and no others: first it attaches,
// then it detaches. After each change it records what is attached by then.
func (r *exclusiveResource) reach(ctx context.Context, plan exclusiveModel, record func(exclusiveModel), diags *diag.Diagnostics) bool {
	var attached []ramclient.AttachedPolicy
	err := r.Recent.Await(ctx, func(ctx context.Context) error {
		var err error
		attached, err = r.list(ctx, plan.holder())
		return err
	}, func(err error) (connection.Parent, bool) {
		return connection.Parent{Kind: r.principal.kind, Name: plan.principal.ValueString()}, ramclient.IsNotFound(err)
	})
	if err != nil {
		diags.Append(apidiag.Error("read "+r.object(plan), err))
		return false
	}
	written, _ := entries(ctx, plan.policies, diags)
	present := refsOf(attached)
	var wanted []ramclient.PolicyRef
	for _, one := range written {
		ref, ok := resolve(one, present, func(name string) (ramclient.PolicyType, bool) { return r.findPolicyType(ctx, name, diags) })
		if !ok {
			return false
		}
		wanted = append(wanted, ref)
	}
	if len(without(present, wanted)) > 0 && !r.refuseOnSelf(ctx, plan, diags) {
		return false
	}
	c := change{r: r, holder: plan.holder(), present: present, record: func(present []ramclient.PolicyRef) {
		now := plan
		now.policies = spelled(ctx, present, written, diags)
		record(now)
	}}
	if err := c.run(ctx, wanted); err != nil {
		diags.Append(apidiag.Error(c.doing, err))
	}
	return !diags.HasError()
}

// A change is on its way from the policies that are present to those that are wanted.
type change struct {
	r       *exclusiveResource
	holder  holder
	present []ramclient.PolicyRef
	record  func(present []ramclient.PolicyRef)
	doing   string // what was tried last, in words
}

func (c *change) run(ctx context.Context, wanted []ramclient.PolicyRef) error {
	for _, ref := range without(wanted, c.present) {
		if err := c.attach(ctx, ref, wanted); err != nil {
			return err
		}
	}
	for _, ref := range without(c.present, wanted) {
		if err := c.detach(ctx, ref); err != nil {
			return err
		}
	}
	return nil
}

// attach attaches a policy. If the limit of its type is reached, something that has to
// go anyway makes room first.
func (c *change) attach(ctx context.Context, ref ramclient.PolicyRef, wanted []ramclient.PolicyRef) error {
	for {
		c.doing = attaching(c.r.principal, grant{c.holder, ref})
		_, err := c.r.attach(ctx, grant{c.holder, ref})
		if err == nil {
			c.present = append(c.present, ref)
			c.record(c.present)
			return nil
		}
		superfluous := without(c.present, wanted)
		room := slices.IndexFunc(superfluous, func(other ramclient.PolicyRef) bool { return other.PolicyType == ref.PolicyType })
		if !ramclient.IsLimitExceeded(err) || room < 0 {
			return err
		}
		if err := c.detach(ctx, superfluous[room]); err != nil {
			return err
		}
	}
}

func (c *change) detach(ctx context.Context, ref ramclient.PolicyRef) error {
	c.doing = detaching(c.r.principal, grant{c.holder, ref})
	if err := c.r.detach(ctx, grant{c.holder, ref}); err != nil {
		return err
	}
	c.present = without(c.present, []ramclient.PolicyRef{ref})
	c.record(c.present)
	return nil
}
