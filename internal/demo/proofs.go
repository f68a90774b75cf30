package main

import (
	"context"
	"fmt"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// proved says what a call has shown, or why it has not.
func (s *stage) proved(err error, format string, args ...any) error {
	what := fmt.Sprintf(format, args...)
	if err != nil {
		return fmt.Errorf("it should be that %s: %w", what, err)
	}
	s.say("  %s", what)
	return nil
}

// refused says that the service refused a call with the code, as it should.
func (s *stage) refused(err error, code, what string) error {
	switch {
	case err == nil:
		return fmt.Errorf("it should be that %s, but nothing was refused", what)
	case ramclient.Code(err) != code:
		return fmt.Errorf("it should be that %s with %s: %w", what, code, err)
	}
	s.say("  %s (%s)", what, code)
	return nil
}

// signedBy is a client past the provider, as any program with the credentials would be.
func (s *stage) signedBy(credentials rpc.Credentials) *ramclient.Client {
	return ramclient.New(ramclient.Config{
		Credentials: fixed{credentials},
		Endpoints:   ramclient.Endpoints{RAM: s.endpoint, IMS: s.endpoint, STS: s.endpoint, ResourceManager: s.endpoint},
	})
}

// assume opens a session of a role; input needs the role's ARN and may have an external id.
func (s *stage) assume(ctx context.Context, who *ramclient.Client, in ramclient.AssumeRoleInput) (*ramclient.Client, error) {
	in.RoleSessionName = "demo"
	session, err := who.AssumeRole(ctx, in)
	if err != nil {
		return nil, err
	}
	return s.holding(session.Credentials), nil
}

// holding is a client with the credentials of a session.
func (s *stage) holding(session ramclient.RoleSessionCredentials) *ramclient.Client {
	return s.signedBy(rpc.Credentials{
		AccessKeyID: session.AccessKeyID, AccessKeySecret: session.AccessKeySecret, SecurityToken: session.SecurityToken, Source: "demo",
	})
}

func key(id, secret string) rpc.Credentials {
	return rpc.Credentials{AccessKeyID: id, AccessKeySecret: rpc.NewSecret(secret), Source: "demo"}
}

type fixed struct{ credentials rpc.Credentials }

func (f fixed) Credentials(context.Context) (rpc.Credentials, error) { return f.credentials, nil }
