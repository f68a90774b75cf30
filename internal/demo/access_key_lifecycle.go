package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// accessKeyLifecycle is the story of examples/walkthroughs/access-key-lifecycle.
func accessKeyLifecycle(ctx context.Context, s *stage) error {
	tutorial := s.configuration(".")
	root := s.accounts[0].root

	s.chapter("Before you begin, and create an AccessKey pair: terraform apply")
	first, err := tutorial.apply(ctx)
	if err != nil {
		return err
	}

	s.chapter("Use the AccessKey pair directly")
	owner := s.signedBy(key(first["access_key_id"], first["access_key_secret"]))
	users, err := countUsers(ctx, owner)
	if err := s.proved(err, "%s lists the users of the account: %d", first["access_key_id"], users); err != nil {
		return err
	}

	s.chapter("Use the AccessKey pair indirectly")
	role := ramclient.AssumeRoleInput{RoleARN: first["role_arn"], ExternalID: "abcd1234"}
	session, err := s.assume(ctx, owner, role)
	if err := s.proved(err, "the key opens a session of %s", role.RoleARN); err != nil {
		return err
	}
	users, err = countUsers(ctx, session)
	if err := s.proved(err, "the session lists the users of the account: %d", users); err != nil {
		return err
	}
	_, err = session.CreateGroup(ctx, ramclient.CreateGroupInput{GroupName: "unwanted"})
	if err := s.refused(err, "NoPermission", "the session may do nothing else, though the user may"); err != nil {
		return err
	}
	_, err = s.assume(ctx, owner, ramclient.AssumeRoleInput{RoleARN: role.RoleARN})
	if err := s.refused(err, "NoPermission", "without the external ID there is no session"); err != nil {
		return err
	}

	s.chapter("Rotate: terraform apply -var key_rotation=second")
	second, err := tutorial.apply(ctx, "key_rotation=second")
	if err != nil {
		return err
	}
	_, err = owner.GetCallerIdentity(ctx)
	if err := s.refused(err, "InvalidAccessKeyId.NotFound", "the first key opens nothing any more"); err != nil {
		return err
	}
	if err := s.inBin(ctx, root, first["access_key_id"], true); err != nil {
		return err
	}

	s.chapter("Detach the administrator's policy: terraform apply … -var admin_policy=false")
	owner = s.signedBy(key(second["access_key_id"], second["access_key_secret"]))
	if _, err := tutorial.apply(ctx, "admin_policy=false"); err != nil {
		return err
	}
	_, err = countUsers(ctx, owner)
	if err := s.proved(err, "the second key still lists the users"); err != nil {
		return err
	}
	_, err = owner.CreateGroup(ctx, ramclient.CreateGroupInput{GroupName: "unwanted"})
	if err := s.refused(err, "NoPermission", "but changes nothing any more"); err != nil {
		return err
	}

	s.chapter("Disable the AccessKey pair: terraform apply … -var key_status=Inactive")
	if _, err := tutorial.apply(ctx, "key_status=Inactive", "key_on_destroy=purge"); err != nil {
		return err
	}
	_, err = owner.GetCallerIdentity(ctx)
	if err := s.refused(err, "InvalidAccessKeyId.Inactive", "the second key is refused"); err != nil {
		return err
	}

	s.chapter("Recycle and purge the AccessKey pair: terraform apply … -var key=false")
	if _, err := tutorial.apply(ctx, "key=false"); err != nil {
		return err
	}
	_, err = owner.GetCallerIdentity(ctx)
	if err := s.refused(err, "InvalidAccessKeyId.NotFound", "the second key is gone"); err != nil {
		return err
	}
	return s.inBin(ctx, root, second["access_key_id"], false)
}

func countUsers(ctx context.Context, who *ramclient.Client) (int, error) {
	count := 0
	for _, err := range who.ListUsers(ctx) {
		if err != nil {
			return count, err
		}
		count++
	}
	return count, nil
}

// inBin proves that the key of the tutorial's user is in the recycle bin, or is not.
func (s *stage) inBin(ctx context.Context, root *ramclient.Client, accessKeyID string, want bool) error {
	owner, err := root.GetUser(ctx, ramclient.GetUserInput{UserPrincipalName: "accesskey-tutorial@" + s.accounts[0].id + ".onaliyun.com"})
	if err != nil {
		return err
	}
	recycled, err := root.ListAccessKeysInRecycleBin(ctx, owner.UserID)
	if err != nil {
		return err
	}
	isThere := slices.ContainsFunc(recycled, func(k ramclient.RecycledAccessKey) bool { return k.AccessKeyID == accessKeyID })
	if isThere != want {
		return fmt.Errorf("%s in the recycle bin: %t, want %t", accessKeyID, isThere, want)
	}
	if want {
		s.say("  and waits in the recycle bin")
	} else {
		s.say("  and in no recycle bin")
	}
	return nil
}
