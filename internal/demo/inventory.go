package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// objects are what every account holds.
func (s *stage) objects(ctx context.Context) ([]string, error) {
	var found []string
	for _, account := range s.accounts {
		held, err := inventory(ctx, account.root)
		if err != nil {
			return nil, err
		}
		for _, object := range held {
			found = append(found, object+" of account "+account.id)
		}
	}
	return found, nil
}

// requireOnly is an error if there is anything that was not there before.
func (s *stage) requireOnly(ctx context.Context, before []string) error {
	now, err := s.objects(ctx)
	if err != nil {
		return err
	}
	for _, object := range now {
		if !slices.Contains(before, object) {
			return fmt.Errorf("terraform destroy left %s", object)
		}
	}
	return nil
}

func inventory(ctx context.Context, root *ramclient.Client) ([]string, error) {
	var found []string
	for user, err := range root.ListUsers(ctx) {
		if err != nil {
			return nil, err
		}
		found = append(found, "user "+user.UserName)
	}
	for group, err := range root.ListGroups(ctx) {
		if err != nil {
			return nil, err
		}
		found = append(found, "group "+group.GroupName)
	}
	for role, err := range root.ListRoles(ctx) {
		if err != nil {
			return nil, err
		}
		found = append(found, "role "+role.RoleName)
	}
	for policy, err := range root.ListPolicies(ctx, ramclient.PolicyCustom) {
		if err != nil {
			return nil, err
		}
		found = append(found, "policy "+policy.PolicyName)
	}
	for provider, err := range root.ListOIDCProviders(ctx) {
		if err != nil {
			return nil, err
		}
		found = append(found, "OIDC provider "+provider.OIDCProviderName)
	}
	for application, err := range root.ListExternalApplications(ctx) {
		if err != nil {
			return nil, err
		}
		found = append(found, "application "+application.DisplayName)
	}
	return found, nil
}
