package user

import (
	"context"
	"fmt"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/idle"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// belongings are what hangs on a user. The service refuses to delete a user that has
// any (RAM API, DeleteUser), and no cascade is relied on.
type belongings struct {
	keys     []ramclient.AccessKey
	policies []ramclient.UserPolicy
	groups   []ramclient.UserGroup
	hasLogin bool
	// mfaDevice is the serial number of the device, empty if there is none.
	mfaDevice string
	// assignments are the applications that the user may log in through.
	assignments []ramclient.ApplicationAssignment
	// unseen is what the caller may not read.
	unseen []string
}

// belongingsOf reads what hangs on the user, directly. What the caller has no
// permission to see is left out and named in unseen.
func (r *userResource) belongingsOf(ctx context.Context, accountID string, user ramclient.User) (belongings, error) {
	var has belongings
	see := func(what string, err error) error {
		switch {
		case ramclient.IsNotFound(err): // there is none, or the user is gone
			return nil
		case ramclient.IsNoPermission(err):
			has.unseen = append(has.unseen, what)
			return nil
		}
		return err
	}

	var err error
	has.keys, err = r.Client.ListAccessKeys(ctx, user.UserPrincipalName)
	if err := see("AccessKeys", err); err != nil {
		return has, err
	}
	attached, err := r.Client.ListPoliciesForUser(ctx, user.UserName)
	if err := see("policies", err); err != nil {
		return has, err
	}
	for _, policy := range attached {
		has.policies = append(has.policies, ramclient.UserPolicy{UserName: user.UserName, PolicyName: policy.PolicyName, PolicyType: policy.PolicyType})
	}
	scoped, err := r.policiesInResourceGroups(ctx, accountID, user)
	if err := see("policies for resource groups", err); err != nil {
		return has, err
	}
	has.policies = append(has.policies, scoped...)
	has.groups, err = r.Client.ListGroupsForUser(ctx, user.UserPrincipalName)
	if err := see("groups", err); err != nil {
		return has, err
	}
	_, err = r.Client.GetLoginProfile(ctx, user.UserPrincipalName)
	has.hasLogin = err == nil
	if err := see("console login", err); err != nil {
		return has, err
	}
	mfa, err := r.Client.GetUserMFAInfo(ctx, user.UserPrincipalName)
	has.mfaDevice = mfa.MFADevice.SerialNumber
	if err := see("MFA device", err); err != nil {
		return has, err
	}
	has.assignments, err = r.assignmentsOf(ctx, user)
	if err != nil && ctx.Err() == nil {
		// No page describes the answer of ListApplicationAssignments, nor do any say that
		// assignments keep a user from being deleted; so they must not either.
		has.unseen, err = append(has.unseen, "assignments of applications"), nil
	}
	return has, err
}

// assignmentsOf are the applications assigned to the user.
func (r *userResource) assignmentsOf(ctx context.Context, user ramclient.User) ([]ramclient.ApplicationAssignment, error) {
	wanted := ramclient.ApplicationAssignment{PrincipalType: ramclient.AssigneeUser, PrincipalName: user.UserPrincipalName}
	var found []ramclient.ApplicationAssignment
	for app, err := range r.Client.ListExternalApplications(ctx) {
		if err != nil {
			return found, err
		}
		for assignment, err := range r.Client.ListApplicationAssignments(ctx, app.AppID) {
			if err != nil {
				return found, err
			}
			if assignment.SamePrincipal(wanted) {
				found = append(found, assignment)
			}
		}
	}
	return found, nil
}

// policiesInResourceGroups are the grants that ListPoliciesForUser does not show.
func (r *userResource) policiesInResourceGroups(ctx context.Context, accountID string, user ramclient.User) ([]ramclient.UserPolicy, error) {
	grants, err := r.Client.AttachmentsForResourceGroups(ctx, accountID, ramclient.ListPolicyAttachmentsInput{
		PrincipalType: ramclient.PrincipalUser, PrincipalName: user.UserPrincipalName,
	})
	var scoped []ramclient.UserPolicy
	for _, grant := range grants {
		scoped = append(scoped, ramclient.UserPolicy{
			UserName: user.UserName, PolicyName: grant.PolicyName, PolicyType: grant.PolicyType, ResourceGroupID: grant.ResourceGroupID,
		})
	}
	return scoped, err
}

// whatHangsOn describes what hangs on the user under the name that it has now.
func (r *userResource) whatHangsOn(ctx context.Context, accountID, userID string) ([]string, error) {
	user, err := r.Client.GetUser(ctx, ramclient.GetUserInput{UserID: userID})
	if err != nil {
		return nil, err
	}
	has, err := r.belongingsOf(ctx, accountID, user)
	return r.describe(ctx, user, has), err
}

// describe lists what hangs on the user, a line each, keys with their status and last
// use.
func (r *userResource) describe(ctx context.Context, user ramclient.User, has belongings) []string {
	var lines []string
	for _, key := range has.keys {
		lines = append(lines, fmt.Sprintf("AccessKey %s, %s, %s", key.AccessKeyID, key.Status, r.lastUse(ctx, user, key.AccessKeyID)))
	}
	for _, policy := range has.policies {
		line := fmt.Sprintf("policy %s (%s)", policy.PolicyName, policy.PolicyType)
		if policy.ResourceGroupID != "" {
			line += " for resource group " + policy.ResourceGroupID
		}
		lines = append(lines, line)
	}
	for _, group := range has.groups {
		lines = append(lines, "membership of group "+group.GroupName)
	}
	if has.hasLogin {
		lines = append(lines, "console login")
	}
	if has.mfaDevice != "" {
		lines = append(lines, "MFA device "+has.mfaDevice)
	}
	for _, assignment := range has.assignments {
		lines = append(lines, "assignment of application "+assignment.AppID)
	}
	for _, what := range has.unseen {
		lines = append(lines, what+": the caller cannot see them")
	}
	return lines
}

func (r *userResource) lastUse(ctx context.Context, user ramclient.User, accessKeyID string) string {
	used, err := r.Client.GetAccessKeyLastUsed(ctx, ramclient.AccessKeyRef{UserPrincipalName: user.UserPrincipalName, AccessKeyID: accessKeyID})
	if err != nil {
		return "last use not known"
	}
	return idle.LastUse(used)
}

// release takes off the user what hangs on it: first all keys are disabled, so that an
// interruption leaves none active, then they go to the recycle bin, then the rest goes.
// What is gone already does not matter, so it can be repeated. The user is taken under
// the name that it has now, so that no namesake is touched.
func (r *userResource) release(ctx context.Context, accountID, userID string, parent connection.Parent) error {
	user, err := r.Client.GetUser(ctx, ramclient.GetUserInput{UserID: userID})
	if err != nil {
		return err
	}
	has, err := r.belongingsOf(ctx, accountID, user)
	if err != nil {
		return err
	}
	for _, step := range r.releaseSteps(ctx, user, has) {
		if err := step(); err != nil && !ramclient.IsNotFound(err) {
			return err
		}
		r.Recent.Loosened(parent)
	}
	return nil
}

func (r *userResource) releaseSteps(ctx context.Context, user ramclient.User, has belongings) []func() error {
	principal := user.UserPrincipalName
	var steps []func() error
	for _, key := range has.keys {
		if key.Status == ramclient.AccessKeyActive {
			steps = append(steps, func() error {
				return r.Client.UpdateAccessKey(ctx, ramclient.AccessKeyRef{UserPrincipalName: principal, AccessKeyID: key.AccessKeyID}, ramclient.AccessKeyInactive)
			})
		}
	}
	for _, key := range has.keys {
		steps = append(steps, func() error {
			return r.Client.DeleteAccessKey(ctx, ramclient.AccessKeyRef{UserPrincipalName: principal, AccessKeyID: key.AccessKeyID})
		})
	}
	for _, policy := range has.policies {
		steps = append(steps, func() error { return r.Client.DetachPolicyFromUser(ctx, policy) })
	}
	for _, group := range has.groups {
		steps = append(steps, func() error { return r.Client.RemoveUserFromGroup(ctx, principal, group.GroupName) })
	}
	if has.hasLogin {
		steps = append(steps, func() error { return r.Client.DeleteLoginProfile(ctx, principal) })
	}
	if has.mfaDevice != "" {
		steps = append(steps, func() error { return r.Client.UnbindMFADevice(ctx, principal) })
	}
	for _, assignment := range has.assignments {
		steps = append(steps, func() error { return r.Client.DeleteApplicationAssignment(ctx, assignment) })
	}
	return steps
}
