package provider_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type attributes = map[string]any

// noKey takes the environment's AccessKey out of the provider block.
var noKey = attributes{"access_key_id": nil, "access_key_secret": nil}

func trusting(accountID string) string {
	return `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::` + accountID + `:root"}}]}`
}

var demoRole = attributes{"name": "demo", "assume_role_policy_document": trusting("1000000000000001")}

// createRole configures a provider and creates a role with it; it returns every error on
// the way.
func createRole(t *testing.T, env *acctest.Env, arguments attributes) []string {
	t.Helper()
	p, diags := env.Configure(t, arguments)
	if diags.HasError() {
		return diags.Errors()
	}
	planned := p.Plan("ram_role", acctest.Object{}, demoRole)
	if planned.Diagnostics.HasError() {
		return planned.Diagnostics.Errors()
	}
	_, diags = p.Apply(planned)
	return diags.Errors()
}

// identity is what ram_caller_identity shows under the arguments.
func identity(t *testing.T, env *acctest.Env, arguments attributes) attributes {
	t.Helper()
	who, diags := env.Protocol(t, arguments).ReadData("ram_caller_identity", attributes{})
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	return who
}

// arn of the caller under the arguments, without its account.
func callerName(t *testing.T, env *acctest.Env, arguments attributes) string {
	t.Helper()
	arn, _ := identity(t, env, arguments)["arn"].(string)
	return arn[strings.LastIndex(arn, ":")+1:]
}

// requireNothingChanged fails the test if the account has more than it began with.
func requireNothingChanged(t *testing.T, env *acctest.Env) {
	t.Helper()
	if _, err := env.Client.GetRole(t.Context(), "demo"); !ramclient.IsNotFound(err) {
		t.Errorf("the role exists, or cannot be looked for: %v", err)
	}
}

// environment makes the variables the provider's whole environment.
func environment(env *acctest.Env, variables map[string]string) {
	env.Machine.Lookup = func(name string) (string, bool) {
		value, ok := variables[name]
		return value, ok
	}
}

// session is an AccessKey with the token that goes with it.
type session struct{ id, secret, token string }

func (s session) arguments() attributes {
	return attributes{"access_key_id": s.id, "access_key_secret": s.secret, "security_token": s.token}
}

// assume makes a role that the environment's account may assume, and a session of it.
func assume(t *testing.T, env *acctest.Env) session {
	t.Helper()
	ctx := t.Context()
	role, err := env.Client.CreateRole(ctx, ramclient.CreateRoleInput{RoleName: "operator", AssumeRolePolicyDocument: trusting(env.AccountID)})
	if err != nil {
		t.Fatal(err)
	}
	all := ramclient.RolePolicy{RoleName: "operator", PolicyName: "AdministratorAccess", PolicyType: ramclient.PolicySystem}
	if err := env.Client.AttachPolicyToRole(ctx, all); err != nil {
		t.Fatal(err)
	}
	made, err := env.ClientFor(env.Admin).AssumeRole(ctx, ramclient.AssumeRoleInput{RoleARN: role.ARN, RoleSessionName: "test"})
	if err != nil {
		t.Fatal(err)
	}
	env.Emulator.ResetRequests()
	return session{made.Credentials.AccessKeyID, made.Credentials.AccessKeySecret.Reveal(), made.Credentials.SecurityToken.Reveal()}
}

// wiretap carries all requests to the emulator, whatever host they are meant for, and
// remembers where each operation was sent.
type wiretap struct {
	emulator *url.URL
	mu       sync.Mutex
	sentTo   map[string]string // by operation: scheme and host
	agents   []string
}

// tapped is an environment whose provider talks through a wiretap.
func tapped(t *testing.T) (*acctest.Env, *wiretap) {
	t.Helper()
	env := acctest.New(t, func(c *emulator.Config) { c.AllowRemote = true })
	target, err := url.Parse(env.URL)
	if err != nil {
		t.Fatal(err)
	}
	tap := &wiretap{emulator: target, sentTo: map[string]string{}}
	env.Machine.HTTP = tap
	return env, tap
}

func (w *wiretap) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.sentTo[req.Header.Get("X-Acs-Action")] = req.URL.Scheme + "://" + req.URL.Host
	w.agents = append(w.agents, req.UserAgent())
	w.mu.Unlock()
	carried := req.Clone(req.Context())
	carried.Host, carried.URL.Scheme, carried.URL.Host = req.URL.Host, w.emulator.Scheme, w.emulator.Host
	return http.DefaultTransport.RoundTrip(carried)
}

func (w *wiretap) host(operation string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sentTo[operation]
}
