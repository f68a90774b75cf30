package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// CloudSSOArguments is the provider argument cloud_sso. All have a value.
type CloudSSOArguments struct {
	// SignInURL is the user portal; only its scheme and host count.
	SignInURL string
	AccountID string
	// AccessConfigurationID is the id (ac-…), not the name.
	AccessConfigurationID string
	// AccessToken is of a device login. It cannot be renewed.
	AccessToken rpc.Secret
}

// cloudSSO exchanges the access token of a login for sessions in an account (aliyun-cli
// 3.4, package cloudsso).
type cloudSSO struct {
	fetcher
	// override stands in for the host of the sign-in URL.
	override string
	env      environment
}

// exchange asks for one session. A login that is refused is a *refusal.
func (s cloudSSO) exchange(ctx context.Context, a CloudSSOArguments) (rpc.Credentials, error) {
	host, err := s.host(a.SignInURL)
	if err != nil {
		return rpc.Credentials{}, err
	}
	body, err := json.Marshal(map[string]string{"AccountId": a.AccountID, "AccessConfigurationId": a.AccessConfigurationID})
	if err != nil {
		return rpc.Credentials{}, err
	}
	status, content, err := s.send(ctx, http.MethodPost, host+"/cloud-credentials", http.Header{
		"Authorization": {"Bearer " + a.AccessToken.Reveal()},
		"Content-Type":  {"application/json"},
		"Accept":        {"application/json"},
	}, string(body))
	if err == nil && status != http.StatusOK {
		err = parseRefusal(status, content, a.AccessToken)
	}
	if err != nil {
		return rpc.Credentials{}, fmt.Errorf("CloudSSO at %s: %w", host, err)
	}
	var answer struct{ CloudCredential json.RawMessage }
	if json.Unmarshal(content, &answer) != nil || len(answer.CloudCredential) == 0 || string(answer.CloudCredential) == "null" {
		return rpc.Credentials{}, fmt.Errorf("CloudSSO at %s: the answer has no CloudCredential", host)
	}
	c, err := parseAnswer(answer.CloudCredential)
	if err == nil && c.Expiration.IsZero() {
		err = errors.New("in the answer Expiration is missing or no RFC 3339 time")
	}
	if err != nil {
		return rpc.Credentials{}, fmt.Errorf("CloudSSO at %s: %w", host, err)
	}
	return c, nil
}

// host is where the token goes: in clear only on this machine, whatever
// insecure_endpoints says, since the sign-in URL may stem from a file.
func (s cloudSSO) host(signInURL string) (string, error) {
	u, err := url.Parse(signInURL)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", errors.New("the sign-in URL of CloudSSO must be an https URL")
	}
	base := u.Scheme + "://" + u.Host
	switch {
	case s.override != "":
		return s.override, nil
	case u.Scheme == "http" && !isLoopback(base):
		return "", fmt.Errorf("the sign-in URL of CloudSSO is plain http to %s; only https is safe for a login", u.Host)
	default:
		return base, (&endpointResolver{env: s.env}).refuseOffLoopback("CloudSSO", base)
	}
}

func (r *resolver) newCloudSSO() (cloudSSO, []Warning, error) {
	override, warnings, err := r.loginOverride("cloud_sso", r.Endpoints.CloudSSO)
	return cloudSSO{fetcher: r.loginFetcher(), override: override, env: r.env}, warnings, err
}

// loginFetcher sends the requests of CloudSSO and OAuth.
func (r *resolver) loginFetcher() fetcher {
	return fetcher{transport: r.Machine.HTTP, clock: r.Machine.Clock, jitter: r.Machine.Jitter, timeout: 10 * time.Second, tries: 3}
}

// cloudSSOLogin is the login of a profile. It has no refresh token: when its access token
// ends, a person logs in again.
type cloudSSOLogin struct {
	cloudSSO
	*login
}

// Credentials implements rpc.CredentialsProvider.
func (s cloudSSOLogin) Credentials(ctx context.Context) (rpc.Credentials, error) {
	return s.credentials(ctx, s.fetch)
}

func (s cloudSSOLogin) fetch(ctx context.Context) (rpc.Credentials, error) {
	p := s.profile
	end := time.Unix(p.CloudSSOAccessTokenExpire, 0)
	switch {
	case p.AccessToken.IsEmpty() || p.CloudSSOAccessTokenExpire <= 0:
		return rpc.Credentials{}, s.over("has never taken place")
	case !end.After(s.clock.Now()):
		return rpc.Credentials{}, s.over("expired at " + end.UTC().Format(time.RFC3339))
	}
	c, err := s.exchange(ctx, p.cloudSSOArguments())
	var refused *refusal
	if errors.As(err, &refused) && refused.unauthorized() {
		return rpc.Credentials{}, s.over("was refused (" + refused.Error() + ")")
	}
	return c, err
}

func (p profile) cloudSSOArguments() CloudSSOArguments {
	return CloudSSOArguments{
		SignInURL: p.CloudSSOSignInURL, AccountID: p.CloudSSOAccountID,
		AccessConfigurationID: p.CloudSSOAccessConfig, AccessToken: p.AccessToken,
	}
}

// cloudSSOProfile builds mode CloudSSO.
func cloudSSOProfile(r *resolver, p profile) (*Source, error) {
	s, warnings, err := r.newCloudSSO()
	if err != nil {
		return nil, err
	}
	l := r.newLogin(p, "--profile", p.Name, "--mode", modeCloudSSO)
	if err := missing(
		setting{"cloud_sso_sign_in_url", p.CloudSSOSignInURL},
		setting{"cloud_sso_account_id", p.CloudSSOAccountID},
		setting{"cloud_sso_access_config", p.CloudSSOAccessConfig},
	); err != nil {
		return nil, l.over("is not complete: " + err.Error())
	}
	if _, err := s.host(p.CloudSSOSignInURL); err != nil {
		return nil, fmt.Errorf("cloud_sso_sign_in_url: %w", err)
	}
	return &Source{
		Refreshes: true,
		Warnings:  warnings,
		provider:  Cached(cloudSSOLogin{s, l}, r.Machine.Clock),
	}, nil
}

// cloudSSOToken is a login that the provider's arguments describe.
type cloudSSOToken struct {
	cloudSSO
	arguments CloudSSOArguments
}

// Credentials implements rpc.CredentialsProvider.
func (s cloudSSOToken) Credentials(ctx context.Context) (rpc.Credentials, error) {
	c, err := s.exchange(ctx, s.arguments)
	var refused *refusal
	if errors.As(err, &refused) && refused.unauthorized() {
		return rpc.Credentials{}, fmt.Errorf("access_token is no longer accepted; set a new one, or use profile with a login of the Alibaba Cloud CLI: %w", err)
	}
	return c, err
}

// fromCloudSSOArguments builds the argument cloud_sso.
func (r *resolver) fromCloudSSOArguments() (*Source, error) {
	a := *r.Arguments.CloudSSO
	if err := missing(
		setting{"sign_in_url", a.SignInURL},
		setting{"account_id", a.AccountID},
		setting{"access_configuration_id", a.AccessConfigurationID},
		setting{"access_token", a.AccessToken.Reveal()},
	); err != nil {
		return nil, err
	}
	s, warnings, err := r.newCloudSSO()
	if err != nil {
		return nil, err
	}
	host, err := s.host(a.SignInURL)
	if err != nil {
		return nil, fmt.Errorf("sign_in_url: %w", err)
	}
	return &Source{
		Description: fmt.Sprintf("CloudSSO at %s (account %s)", host, a.AccountID),
		Refreshes:   true,
		Warnings:    warnings,
		provider:    Cached(cloudSSOToken{s, a}, r.Machine.Clock),
	}, nil
}
