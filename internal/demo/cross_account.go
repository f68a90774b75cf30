package main

import (
	"context"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// crossAccount is the story of examples/walkthroughs/cross-account.
func crossAccount(ctx context.Context, s *stage) error {
	companyA, companyB := s.accounts[0], s.accounts[1]
	s.say("  company A is account %s, company B is account %s", companyA.id, companyB.id)
	both := s.configuration(".")
	both.set("company_a_profile="+companyA.profile, "company_b_profile="+companyB.profile)

	s.chapter("terraform apply: A's role trusts B's user Alice, Alice gets an AccessKey")
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

	s.chapter("The proof: Alice of company B assumes the role of company A")
	alice := s.signedBy(key(second["access_key_id"], second["access_key_secret"]))
	self, err = alice.GetCallerIdentity(ctx)
	if err := s.proved(err, "the new key signs as %s", self.ARN); err != nil {
		return err
	}
	role, err := s.assume(ctx, alice, ramclient.AssumeRoleInput{RoleARN: second["role_arn"]})
	if err := s.proved(err, "with it she assumes %s", second["role_arn"]); err != nil {
		return err
	}
	self, err = role.GetCallerIdentity(ctx)
	if err := s.proved(err, "and becomes %s, in account %s", self.ARN, self.AccountID); err != nil {
		return err
	}
	_, err = oldKey.GetCallerIdentity(ctx)
	return s.refused(err, "InvalidAccessKeyId.NotFound", "the old key is refused; it waits in the recycle bin")
}
