package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// introduce signs a first call with Alice's first key.
func introduce(ctx context.Context, endpoint string, alice results) error {
	self, err := signedBy(endpoint, key(alice.AccessKeyID, alice.AccessKeySecret)).GetCallerIdentity(ctx)
	if err != nil {
		return fmt.Errorf("the first key does not work: %w", err)
	}
	say("  her key %s works: it signs as %s", alice.AccessKeyID, self.ARN)
	return nil
}

// prove uses the keys as Alice would: the new one opens company A's role, the old one
// opens nothing any more.
func prove(ctx context.Context, endpoint string, before, after results) error {
	alice := signedBy(endpoint, key(after.AccessKeyID, after.AccessKeySecret))
	self, err := alice.GetCallerIdentity(ctx)
	if err != nil {
		return fmt.Errorf("the new key does not work: %w", err)
	}
	say("  the new key signs as   %s", self.ARN)

	session, err := alice.AssumeRole(ctx, ramclient.AssumeRoleInput{RoleARN: after.RoleARN, RoleSessionName: "demo"})
	if err != nil {
		return fmt.Errorf("alice cannot assume the role: %w", err)
	}
	role := signedBy(endpoint, rpc.Credentials{
		AccessKeyID:     session.Credentials.AccessKeyID,
		AccessKeySecret: session.Credentials.AccessKeySecret,
		SecurityToken:   session.Credentials.SecurityToken,
	})
	assumed, err := role.GetCallerIdentity(ctx)
	if err != nil {
		return fmt.Errorf("the session does not work: %w", err)
	}
	say("  with it she assumes    %s", after.RoleARN)
	say("  and becomes            %s, in account %s", assumed.ARN, assumed.AccountID)

	_, err = signedBy(endpoint, key(before.AccessKeyID, before.AccessKeySecret)).GetCallerIdentity(ctx)
	if err == nil {
		return errors.New("the old key still works")
	}
	say("  the old key is refused (%s); it waits in the recycle bin", ramclient.Code(err))
	return nil
}

func key(id, secret string) rpc.Credentials {
	return rpc.Credentials{AccessKeyID: id, AccessKeySecret: rpc.NewSecret(secret), Source: "demo"}
}

func signedBy(endpoint string, credentials rpc.Credentials) *ramclient.Client {
	return ramclient.New(ramclient.Config{
		Credentials: fixed{credentials},
		Endpoints:   ramclient.Endpoints{RAM: endpoint, IMS: endpoint, STS: endpoint, ResourceManager: endpoint},
	})
}

type fixed struct{ credentials rpc.Credentials }

func (f fixed) Credentials(context.Context) (rpc.Credentials, error) { return f.credentials, nil }
