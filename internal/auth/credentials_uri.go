package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// uriVariables name a credentials URI in the environment.
var uriVariables = []string{"ALIBABA_CLOUD_CREDENTIALS_URI", "ALICLOUD_CREDENTIALS_URI"}

// credentialsURI fetches a session from a local or remote address (Alibaba Cloud CLI
// documentation, CredentialsURI).
type credentialsURI struct {
	fetcher
	address rpc.Secret // its query may hold a secret
	host    string     // scheme and host, which may be shown
}

// Credentials implements rpc.CredentialsProvider.
func (u credentialsURI) Credentials(ctx context.Context) (rpc.Credentials, error) {
	status, body, err := u.do(ctx, http.MethodGet, u.address.Reveal(), http.Header{"Accept": {"application/json"}})
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("HTTP status %d, want 200", status)
	}
	var c rpc.Credentials
	if err == nil {
		c, err = parseAnswer(body)
	}
	if err != nil {
		return rpc.Credentials{}, fmt.Errorf("credentials URI at %s: %w", u.host, err)
	}
	if c.Expiration.IsZero() {
		c.Expiration = u.clock.Now().Add(assumedLifetime)
	}
	return c, nil
}

func (r *resolver) credentialsURISource(address rpc.Secret) (*Source, error) {
	if err := r.refuseIfExternalDisabled("a credentials URI"); err != nil {
		return nil, err
	}
	u, err := url.Parse(address.Reveal())
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the credentials URI must be an http or https URL")
	}
	host := u.Scheme + "://" + u.Host
	if err := (&endpointResolver{env: r.env}).refuseOffLoopback("credentials URI", host); err != nil {
		return nil, err
	}
	source := &Source{
		Description: "credentials URI at " + host,
		Refreshes:   true,
		provider: Cached(credentialsURI{
			fetcher: fetcher{transport: r.Machine.HTTP, clock: r.Machine.Clock, jitter: r.Machine.Jitter, timeout: 10 * time.Second, tries: 3},
			address: address,
			host:    host,
		}, r.Machine.Clock),
	}
	if u.Scheme == "http" && !isLoopback(host) {
		source.Warnings = []Warning{{
			Summary: "Credentials are fetched over plain http",
			Detail:  "Whoever can listen between this machine and " + host + " can use them. Serve the credentials URI over https or on this machine.",
		}}
	}
	return source, nil
}

// credentialsURIProfile builds mode CredentialsURI.
func credentialsURIProfile(r *resolver, p profile) (*Source, error) {
	if err := missing(setting{"credentials_uri", p.CredentialsURI.Reveal()}); err != nil {
		return nil, err
	}
	return r.credentialsURISource(p.CredentialsURI)
}

// fromCredentialsURIArgument builds the argument credentials_uri.
func (r *resolver) fromCredentialsURIArgument() (*Source, error) {
	return r.credentialsURISource(r.Arguments.CredentialsURI)
}

// fromEnvironmentURI uses a credentials URI named by the environment.
func (r *resolver) fromEnvironmentURI() (*Source, string, error) {
	address, name := r.env.first(uriVariables...)
	if address == "" {
		return nil, uriVariables[0] + " is not set", nil
	}
	source, err := r.credentialsURISource(rpc.NewSecret(address))
	if err != nil {
		return nil, "", fmt.Errorf("environment variable %s: %w", name, err)
	}
	source.Warnings = append(source.Warnings, deprecatedVariable(name, uriVariables[0])...)
	return source, name + " is set", nil
}
