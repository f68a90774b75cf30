package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// OAuthArguments is the provider argument oauth. Both have a value.
type OAuthArguments struct {
	// Site is CN or INTL.
	Site string
	// AccessToken cannot be renewed: that takes a profile, which keeps a refresh token.
	AccessToken rpc.Secret
}

// An oauthSite is one of the vendor's two sites with the public id, which has no secret,
// of the application that the CLI is there (aliyun-cli 3.4, package config).
type oauthSite struct{ name, host, clientID string }

var oauthSites = []oauthSite{
	{"CN", "https://oauth.aliyun.com", "4038181954557748008"},
	{"INTL", "https://oauth.alibabacloud.com", "4103531455503354461"},
}

// OAuthAppID is the id of the application through which the CLI logs in at a site, CN or
// INTL; empty for any other site.
func OAuthAppID(site string) string {
	for _, known := range oauthSites {
		if known.name == site {
			return known.clientID
		}
	}
	return ""
}

// OAuthSite is the site at which the CLI logs in through the application; empty for an
// application that is not the CLI.
func OAuthSite(appID string) string {
	for _, known := range oauthSites {
		if known.clientID == appID {
			return known.name
		}
	}
	return ""
}

// refreshTokenBefore is how long an access token must last to be used without renewal.
const refreshTokenBefore = 5 * time.Minute

// oauth exchanges the access token of a login for sessions, and its refresh token for
// the next access token. Both steps go through the fetcher rather than an OAuth library:
// the exchange is the vendor's own, and errors must not hold an answer's body.
type oauth struct {
	fetcher
	site oauthSite
}

// tokens are of one login.
type tokens struct {
	access, refresh rpc.Secret
	ends            time.Time // of access; zero if unknown
}

// exchange asks for one session. A token that is refused is a *refusal.
func (o oauth) exchange(ctx context.Context, access rpc.Secret) (rpc.Credentials, error) {
	status, content, err := o.do(ctx, http.MethodPost, o.site.host+"/v1/exchange", http.Header{
		"Authorization": {"Bearer " + access.Reveal()},
		"Content-Type":  {"application/json"},
		"Accept":        {"application/json"},
	})
	var c rpc.Credentials
	switch {
	case err != nil:
	case status != http.StatusOK:
		err = parseRefusal(status, content, access)
		if status == http.StatusForbidden {
			err = fmt.Errorf("%w. A RAM administrator has to assign official-cli to this user or role, in the console or with the resource ram_application_assignment", err)
		}
	default:
		// Lower camel case here; encoding/json does not mind.
		if c, err = parseAnswer(content); err == nil && c.Expiration.IsZero() {
			err = errors.New("in the answer expiration is missing or no RFC 3339 time")
		}
	}
	if err != nil {
		return rpc.Credentials{}, fmt.Errorf("exchange of the OAuth token at %s: %w", o.site.host, err)
	}
	return c, nil
}

// refresh gets the next tokens. The service takes each refresh token once, so what it
// answers must be kept.
func (o oauth) refresh(ctx context.Context, old tokens) (tokens, error) {
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {old.refresh.Reveal()}, "client_id": {o.site.clientID}}
	status, content, err := o.send(ctx, http.MethodPost, o.site.host+"/v1/token", http.Header{
		"Content-Type": {"application/x-www-form-urlencoded"},
		"Accept":       {"application/json"},
	}, form.Encode())
	var answer struct {
		AccessToken  rpc.Secret `json:"access_token"`
		RefreshToken rpc.Secret `json:"refresh_token"`
		ExpiresIn    int64      `json:"expires_in"` // seconds
	}
	switch {
	case err != nil:
	case status != http.StatusOK:
		err = parseRefusal(status, content, old.refresh, old.access)
	default:
		// One field of another type must not cost the new refresh token.
		_ = json.Unmarshal(content, &answer)
		if answer.AccessToken.IsEmpty() {
			err = errors.New("the answer has no access_token")
		}
	}
	if err != nil {
		return tokens{}, fmt.Errorf("refresh of the OAuth token at %s: %w", o.site.host, err)
	}
	fresh := tokens{access: answer.AccessToken, refresh: answer.RefreshToken}
	if fresh.refresh.IsEmpty() {
		fresh.refresh = old.refresh
	}
	if answer.ExpiresIn > 0 {
		fresh.ends = o.clock.Now().Add(time.Duration(answer.ExpiresIn) * time.Second)
	}
	return fresh, nil
}

// loginIsOver says that only a new login helps: the codes are those that OAuth 2.0 (RFC
// 6749 section 5.2, RFC 6750 section 3.1) and the vendor use for tokens that are void.
// Status 403 is not among them: it means that an administrator has not allowed the CLI.
func loginIsOver(err error) bool {
	var refused *refusal
	return errors.As(err, &refused) && (refused.status == http.StatusUnauthorized ||
		slices.Contains([]string{"invalid_grant", "invalid_client", "unauthorized_client", "invalid_token", "expired_token"}, refused.code))
}

// oauthLogin is the login of a profile, whose tokens it renews and writes back.
type oauthLogin struct {
	oauth
	*login
	warn func(context.Context, Warning)

	// The following belong to whoever has the login's turn.

	// unsaved are tokens that could not be written in the place of the refresh token
	// replaces.
	unsaved  tokens
	replaces rpc.Secret
	warned   bool
}

// Credentials implements rpc.CredentialsProvider.
func (o *oauthLogin) Credentials(ctx context.Context) (rpc.Credentials, error) {
	return o.credentials(ctx, o.fetch)
}

// fetch exchanges an access token. One that is refused before its time is refreshed once.
func (o *oauthLogin) fetch(ctx context.Context) (rpc.Credentials, error) {
	var refused rpc.Secret
	for {
		t, err := o.accessToken(ctx, refused)
		if err != nil {
			return rpc.Credentials{}, err
		}
		c, err := o.exchange(ctx, t.access)
		if !loginIsOver(err) {
			return c, err
		}
		if !refused.IsEmpty() || t.refresh.IsEmpty() {
			return rpc.Credentials{}, o.over("is no longer valid (" + err.Error() + ")")
		}
		refused = t.access
	}
}

// accessToken returns tokens whose access token is good and not the refused one. The
// order matters: lock, read again, refresh, write at once. Several processes, one for
// each alias of the provider, so share one refresh, and whatever happens after the
// answer of the service, its refresh token is in the file.
func (o *oauthLogin) accessToken(ctx context.Context, refused rpc.Secret) (tokens, error) {
	if t := o.known(); o.lasts(t, refreshTokenBefore, refused) {
		return t, nil
	}
	release, err := o.machine.lockFile(ctx, o.profile.file.path)
	if err != nil {
		return tokens{}, err
	}
	defer release()
	o.readAgain()
	old := o.known()
	for {
		switch {
		case o.lasts(old, refreshTokenBefore, refused):
			return old, nil
		case old.refresh.IsEmpty() && o.lasts(old, 0, refused):
			return old, nil
		case old.refresh.IsEmpty():
			return tokens{}, o.over("has expired, and the profile has no refresh token")
		}
		if err := ctx.Err(); err != nil {
			return tokens{}, err
		}
		// Once sent, the answer must arrive: a cancelled run would lose the new token.
		fresh, err := o.refresh(context.WithoutCancel(ctx), old)
		switch {
		case err == nil:
			o.save(ctx, fresh)
			return fresh, nil
		case !loginIsOver(err) && o.lasts(old, 0, refused):
			return old, nil // not renewed early, but good for now
		case !loginIsOver(err):
			return tokens{}, err
		}
		// The CLI does not know our lock: perhaps it was faster.
		o.readAgain()
		if other := o.known(); other.refresh != old.refresh {
			old = other
			continue
		}
		return tokens{}, o.over("is no longer valid (" + err.Error() + ")")
	}
}

// known are the newest tokens: the file's, unless ours could not be written there.
func (o *oauthLogin) known() tokens {
	p := o.profile
	if !o.unsaved.access.IsEmpty() && p.OAuthRefreshToken == o.replaces {
		return o.unsaved
	}
	t := tokens{access: p.OAuthAccessToken, refresh: p.OAuthRefreshToken}
	if p.OAuthAccessTokenExpire > 0 {
		t.ends = time.Unix(p.OAuthAccessTokenExpire, 0)
	}
	return t
}

// lasts says whether the access token is good for longer than d. One that was refused or
// whose end is unknown is not.
func (o *oauthLogin) lasts(t tokens, d time.Duration, refused rpc.Secret) bool {
	return !t.access.IsEmpty() && t.access != refused && t.ends.Sub(o.clock.Now()) > d
}

// save writes the tokens into the profile. Failing that, this run goes on with them; the
// person must know, for the file's refresh token is void.
func (o *oauthLogin) save(ctx context.Context, fresh tokens) {
	path, name := o.profile.file.path, o.profile.Name
	err := func() error {
		content, err := o.machine.ReadFile(path)
		if err != nil {
			return err
		}
		now, err := parseProfile(path, content, name)
		switch {
		case err != nil:
			return err
		case now.OAuthRefreshToken != o.profile.OAuthRefreshToken:
			return nil // somebody has logged in anew since; their login stays
		}
		var ends int64
		if !fresh.ends.IsZero() {
			ends = fresh.ends.Unix()
		}
		content, err = editProfile(content, name, []edit{
			{"oauth_access_token", fresh.access.Reveal()},
			{"oauth_refresh_token", fresh.refresh.Reveal()},
			{"oauth_access_token_expire", ends},
		})
		if err != nil {
			return err
		}
		return o.machine.ReplaceFile(path, content)
	}()
	if err == nil {
		o.unsaved, o.replaces = tokens{}, rpc.Secret{}
		return
	}
	o.unsaved, o.replaces = fresh, o.profile.OAuthRefreshToken
	if !o.warned && o.warn != nil {
		o.warned = true
		o.warn(ctx, Warning{
			Summary: fmt.Sprintf("The renewed login of profile %q could not be saved", name),
			Detail: fmt.Sprintf("%s cannot be changed: %v. The service has replaced the refresh token, so the one in the file is void: what runs now goes on, "+
				"but the Alibaba Cloud CLI and the next start of the provider, which may be the apply after this plan, will need a new login. Make the file writable, then run: %s", path, err, o.command),
		})
	}
}

func findOAuthSite(name string) (oauthSite, error) {
	for _, site := range oauthSites {
		if strings.EqualFold(site.name, name) {
			return site, nil
		}
	}
	return oauthSite{}, fmt.Errorf("%q is no site, expected CN or INTL", name)
}

func (r *resolver) newOAuth(site oauthSite) (oauth, []Warning, error) {
	o := oauth{fetcher: r.loginFetcher(), site: site}
	override, warnings, err := r.loginOverride("oauth", r.Endpoints.OAuth)
	if err != nil {
		return oauth{}, nil, err
	}
	if override != "" {
		o.site.host = override
	}
	return o, warnings, (&endpointResolver{env: r.env}).refuseOffLoopback("OAuth", o.site.host)
}

// oauthProfile builds mode OAuth.
func oauthProfile(r *resolver, p profile) (*Source, error) {
	site, err := findOAuthSite(p.OAuthSiteType)
	if err != nil {
		return nil, fmt.Errorf("oauth_site_type: %w", err)
	}
	o, warnings, err := r.newOAuth(site)
	if err != nil {
		return nil, err
	}
	l := r.newLogin(p, "--mode", modeOAuth, "--oauth-site-type", o.site.name, "--profile", p.Name)
	return &Source{
		Refreshes:  true,
		Warnings:   warnings,
		OAuthAppID: site.clientID,
		provider:   Cached(&oauthLogin{oauth: o, login: l, warn: r.Warn}, r.Machine.Clock),
	}, nil
}

// oauthToken is a login that the provider's arguments describe.
type oauthToken struct {
	oauth
	access rpc.Secret
}

// Credentials implements rpc.CredentialsProvider.
func (o oauthToken) Credentials(ctx context.Context) (rpc.Credentials, error) {
	c, err := o.exchange(ctx, o.access)
	if loginIsOver(err) {
		return rpc.Credentials{}, fmt.Errorf("access_token is no longer accepted; set a new one, or use profile with a login of the Alibaba Cloud CLI, which is renewed: %w", err)
	}
	return c, err
}

// fromOAuthArguments builds the argument oauth.
func (r *resolver) fromOAuthArguments() (*Source, error) {
	a := *r.Arguments.OAuth
	if err := missing(setting{"site", a.Site}, setting{"access_token", a.AccessToken.Reveal()}); err != nil {
		return nil, err
	}
	site, err := findOAuthSite(a.Site)
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	o, warnings, err := r.newOAuth(site)
	if err != nil {
		return nil, err
	}
	return &Source{
		Description: "OAuth login at " + o.site.host,
		Refreshes:   true,
		Warnings:    warnings,
		OAuthAppID:  site.clientID,
		provider:    Cached(oauthToken{o, a.AccessToken}, r.Machine.Clock),
	}, nil
}
