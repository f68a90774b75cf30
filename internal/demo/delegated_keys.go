package main

import (
	"context"
	"fmt"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// delegatedKeys is the story of examples/walkthroughs/delegated-keys.
func delegatedKeys(ctx context.Context, s *stage) error {
	s.chapter("terraform apply: two users, and for each a policy about itself")
	made, err := s.configuration(".").apply(ctx)
	if err != nil {
		return err
	}
	principal := func(user string) string { return user + "@" + s.accounts[0].id + ".onaliyun.com" }
	creator := s.signedBy(key(made["creator_key_id"], made["creator_key_secret"]))
	manager := s.signedBy(key(made["manager_key_id"], made["manager_key_secret"]))

	s.chapter("Allow a user to create AccessKeys")
	own, err := creator.CreateAccessKey(ctx, principal("key-creator"))
	if err := s.proved(err, "key-creator makes a second key, %s", own.AccessKeyID); err != nil {
		return err
	}
	ref := ramclient.AccessKeyRef{UserPrincipalName: principal("key-creator"), AccessKeyID: own.AccessKeyID}
	err = creator.UpdateAccessKey(ctx, ref, ramclient.AccessKeyInactive)
	if err := s.refused(err, "NoPermission", "but cannot disable it"); err != nil {
		return err
	}
	_, err = creator.CreateAccessKey(ctx, principal("key-manager"))
	if err := s.refused(err, "NoPermission", "nor make one for key-manager"); err != nil {
		return err
	}

	s.chapter("Allow a user to manage AccessKeys")
	own, err = manager.CreateAccessKey(ctx, principal("key-manager"))
	if err := s.proved(err, "key-manager makes a second key, %s", own.AccessKeyID); err != nil {
		return err
	}
	ref = ramclient.AccessKeyRef{UserPrincipalName: principal("key-manager"), AccessKeyID: own.AccessKeyID}
	if err := s.proved(manager.UpdateAccessKey(ctx, ref, ramclient.AccessKeyInactive), "disables it"); err != nil {
		return err
	}
	if err := s.proved(manager.DeleteAccessKey(ctx, ref), "and deletes it"); err != nil {
		return err
	}
	keys, err := manager.ListAccessKeys(ctx, principal("key-manager"))
	if err == nil && len(keys) != 1 {
		err = fmt.Errorf("it has %d keys", len(keys))
	}
	if err := s.proved(err, "so that one is left"); err != nil {
		return err
	}
	ref = ramclient.AccessKeyRef{UserPrincipalName: principal("key-creator"), AccessKeyID: made["creator_key_id"]}
	err = manager.UpdateAccessKey(ctx, ref, ramclient.AccessKeyInactive)
	return s.refused(err, "NoPermission", "but cannot touch a key of key-creator")
}
