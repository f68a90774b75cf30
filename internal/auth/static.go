package auth

import (
	"context"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// static gives the same credentials for ever: modes AK and StsToken. It is no
// rpc.Refresher, since there is nothing to renew them with.
type static rpc.Credentials

// Credentials implements rpc.CredentialsProvider.
func (s static) Credentials(context.Context) (rpc.Credentials, error) { return rpc.Credentials(s), nil }

// staticSource holds an AccessKey, or a session if there is a token.
func staticSource(where, id, secret, token string) *Source {
	return &Source{
		Description: where + " (" + MaskKeyID(id) + ")",
		provider: static{
			AccessKeyID:     id,
			AccessKeySecret: rpc.NewSecret(secret),
			SecurityToken:   rpc.NewSecret(token),
		},
	}
}

// fromKeyArguments builds access_key_id, access_key_secret and security_token.
func (r *resolver) fromKeyArguments() (*Source, error) {
	a := r.Arguments
	if err := missing(
		setting{"access_key_id", a.AccessKeyID},
		setting{"access_key_secret", a.AccessKeySecret.Reveal()},
	); err != nil {
		return nil, err
	}
	return staticSource("provider argument access_key_id", a.AccessKeyID, a.AccessKeySecret.Reveal(), a.SecurityToken.Reveal()), nil
}

// accessKeyProfile builds mode AK.
func accessKeyProfile(_ *resolver, p profile) (*Source, error) { return staticProfile(p, "") }

// stsTokenProfile builds mode StsToken.
func stsTokenProfile(_ *resolver, p profile) (*Source, error) {
	token := p.STSToken.Reveal()
	if err := missing(setting{"sts_token", token}); err != nil {
		return nil, err
	}
	return staticProfile(p, token)
}

func staticProfile(p profile, token string) (*Source, error) {
	if err := missing(
		setting{"access_key_id", p.AccessKeyID},
		setting{"access_key_secret", p.AccessKeySecret.Reveal()},
	); err != nil {
		return nil, err
	}
	return staticSource("access_key_id", p.AccessKeyID, p.AccessKeySecret.Reveal(), token), nil
}
