package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// demoResourceGroup is a resource group that the emulator has for the walkthrough.
const demoResourceGroup = "rg-example"

// crossAccount is the story of examples/walkthroughs/cross-account.
func crossAccount(ctx context.Context, s *stage) error {
	companyA, companyB := s.accounts[0], s.accounts[1]
	s.say("  company A is account %s, company B is account %s", companyA.id, companyB.id)
	both := s.configuration(".")
	both.set("company_a_profile="+companyA.profile, "company_b_profile="+companyB.profile)

	s.chapter("terraform apply: A's roles trust B, B's users Alice and Bob get AccessKeys")
	first, err := both.apply(ctx)
	if err != nil {
		return err
	}
	oldKey := s.signedBy(key(first["access_key_id"], first["access_key_secret"]))
	self, err := oldKey.GetCallerIdentity(ctx)
	if err := s.proved(err, "her key %s works: it signs as %s", first["access_key_id"], self.ARN); err != nil {
		return err
	}

	s.chapter("terraform apply: rotate Alice's key, the new one first")
	second, err := both.apply(ctx, "key_rotation=2026-07")
	if err != nil {
		return err
	}
	s.say("  old key %s, new key %s", first["access_key_id"], second["access_key_id"])
	alice := s.signedBy(key(second["access_key_id"], second["access_key_secret"]))
	bob := s.signedBy(key(second["bob_access_key_id"], second["bob_access_key_secret"]))

	s.chapter("The proof: Alice of company B assumes the role of company A")
	self, err = alice.GetCallerIdentity(ctx)
	if err := s.proved(err, "the new key signs as %s", self.ARN); err != nil {
		return err
	}
	if err := s.becomes(ctx, alice, ramclient.AssumeRoleInput{RoleARN: second["role_arn"]}); err != nil {
		return err
	}
	_, err = oldKey.GetCallerIdentity(ctx)
	if err := s.refused(err, "InvalidAccessKeyId.NotFound", "the old key is refused; it waits in the recycle bin"); err != nil {
		return err
	}

	s.chapter("With and without a named user")
	_, err = s.assume(ctx, bob, ramclient.AssumeRoleInput{RoleARN: second["role_arn"]})
	if err := s.refused(err, "NoPermission", "Bob is refused the role that names Alice"); err != nil {
		return err
	}
	if err := s.becomes(ctx, bob, ramclient.AssumeRoleInput{RoleARN: second["whole_account_role_arn"]}); err != nil {
		return err
	}

	s.chapter("With an external ID")
	partner := ramclient.AssumeRoleInput{RoleARN: second["external_id_role_arn"]}
	_, err = s.assume(ctx, alice, partner)
	if err := s.refused(err, "NoPermission", "without it Alice is refused"); err != nil {
		return err
	}
	partner.ExternalID = "company-a-0001"
	if err := s.becomes(ctx, alice, partner); err != nil {
		return err
	}

	s.chapter("For one resource group: terraform apply … -var resource_group_id=" + demoResourceGroup)
	third, err := both.apply(ctx, "resource_group_id="+demoResourceGroup)
	if err != nil {
		return err
	}
	if err := s.becomes(ctx, alice, ramclient.AssumeRoleInput{RoleARN: third["resource_group_role_arn"]}); err != nil {
		return err
	}
	return s.proved(grantedInGroup(ctx, companyA.root), "which may read ARMS, and list its applications, in %s and nowhere else", demoResourceGroup)
}

// becomes assumes the role and says who one is then.
func (s *stage) becomes(ctx context.Context, who *ramclient.Client, role ramclient.AssumeRoleInput) error {
	session, err := s.assume(ctx, who, role)
	if err != nil {
		return fmt.Errorf("cannot assume %s: %w", role.RoleARN, err)
	}
	self, err := session.GetCallerIdentity(ctx)
	return s.proved(err, "the session is %s, in account %s", self.ARN, self.AccountID)
}

// grantedInGroup is an error unless the role has its two policies for the resource group,
// and none for the whole account.
func grantedInGroup(ctx context.Context, root *ramclient.Client) error {
	var granted []string
	for grant, err := range root.ListPolicyAttachments(ctx, ramclient.ListPolicyAttachmentsInput{ResourceGroupID: demoResourceGroup}) {
		if err != nil {
			return err
		}
		granted = append(granted, grant.PolicyName)
	}
	slices.Sort(granted)
	if want := []string{"AliyunARMSReadOnlyAccess", "arms-read-trace-app"}; !slices.Equal(want, granted) {
		return fmt.Errorf("granted in the resource group: %q, want %q", granted, want)
	}
	everywhere, err := root.ListPoliciesForRole(ctx, "arms-group-reader")
	if err == nil && len(everywhere) > 0 {
		err = fmt.Errorf("granted in the whole account: %v", everywhere)
	}
	return err
}
