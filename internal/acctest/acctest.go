// Package acctest gives every acceptance test an emulator of its own and a provider
// that talks to it, both in the test's process and on one fake clock. It is for tests
// only; nothing of the product imports it.
package acctest

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// Start is when every test begins on the fake clock.
var Start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// Env is the world of one test.
type Env struct {
	// Emulator is the service. Faults that a test plants and nothing consumes fail it.
	Emulator *emulator.Emulator
	// Clock moves by itself when somebody sleeps on it. Provider and emulator share it.
	Clock *clock.Fake
	// URL is where the emulator listens.
	URL string
	// AccountID is the account that Admin belongs to.
	AccountID string
	// Admin is the key of a RAM user with AdministratorAccess; the provider signs with it.
	Admin Key
	// Client calls the service past the provider, as a colleague in the console would.
	Client *ramclient.Client
	// Machine is what the provider believes to run on: the test's clock, an empty
	// environment, no home. A test may change it before it starts a provider.
	Machine auth.Machine
	// Logs gets what the provider logs while it is configured, as lines of JSON; nil
	// drops it.
	Logs io.Writer

	prefix    string // of every name, on a real account
	root      Key
	lag       time.Duration
	line      *line
	arguments map[string]any
}

// Key is an AccessKey of the emulator.
type Key struct{ ID, Secret string }

// New starts an emulator for the test. On a real account the test is skipped; see
// Anywhere.
func New(t testing.TB, options ...func(*emulator.Config)) *Env {
	t.Helper()
	skipInCloud(t)
	fake := clock.NewFake(Start)
	config := emulator.Config{Clock: fake}
	for _, option := range options {
		option(&config)
	}
	emu, err := emulator.New(config)
	if err != nil {
		t.Fatal(err)
	}
	line := &line{service: emu}
	server := httptest.NewServer(line)
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		if left := emu.PendingFaults(); len(left) > 0 && !t.Failed() {
			t.Errorf("faults that nothing ran into: %s", strings.Join(left, ", "))
		}
	})
	account := emu.Accounts()[0]
	e := &Env{
		Emulator: emu, Clock: fake, URL: server.URL, AccountID: account.ID,
		root: Key{account.RootKey.ID, account.RootKey.Secret},
		lag:  config.Lag, Machine: bareMachine(fake), line: line,
	}
	e.Client = e.ClientFor(e.root)
	e.Admin = e.UserKey(t, "terraform", "AdministratorAccess")
	e.arguments = map[string]any{"access_key_id": e.Admin.ID, "access_key_secret": e.Admin.Secret}
	emu.ResetRequests()
	return e
}

// ClientFor is a client of the emulator that signs with the key.
func (e *Env) ClientFor(key Key) *ramclient.Client { return e.clientFor(key, 0) }

func (e *Env) clientFor(key Key, requestTimeout time.Duration) *ramclient.Client {
	return ramclient.New(ramclient.Config{
		RequestTimeout: requestTimeout,
		Credentials:    fixed{rpc.Credentials{AccessKeyID: key.ID, AccessKeySecret: rpc.NewSecret(key.Secret), Source: "test"}},
		Endpoints:      ramclient.Endpoints{RAM: e.URL, IMS: e.URL, STS: e.URL, ResourceManager: e.URL},
		Clock:          e.Clock,
	})
}

// UserKey makes a user with the system policies attached, and a key for it.
func (e *Env) UserKey(t testing.TB, name string, systemPolicies ...string) Key {
	t.Helper()
	ctx := t.Context()
	user := e.MakeUser(t, name)
	e.Clock.Advance(e.lag)
	for _, policy := range systemPolicies {
		if err := e.Client.AttachPolicyToUser(ctx, ramclient.UserPolicy{PolicyType: ramclient.PolicySystem, PolicyName: policy, UserName: name}); err != nil {
			t.Fatal(err)
		}
	}
	key, err := e.Client.CreateAccessKey(ctx, user.UserPrincipalName)
	if err != nil {
		t.Fatal(err)
	}
	e.Clock.Advance(e.lag)
	return Key{key.AccessKeyID, key.AccessKeySecret.Reveal()}
}

// PrincipalName is the login name of a user of the test's account.
func (e *Env) PrincipalName(userName string) string {
	return userName + "@" + e.AccountID + ".onaliyun.com"
}

// As makes the provider sign with another key from here on.
func (e *Env) As(key Key) *Env {
	e.arguments["access_key_id"], e.arguments["access_key_secret"] = key.ID, key.Secret
	return e
}

// ProviderArguments are what the provider block needs to reach the emulator.
func (e *Env) ProviderArguments() map[string]any {
	all := maps.Clone(e.arguments)
	all["endpoints"] = map[string]any{
		"ram": e.URL, "ims": e.URL, "sts": e.URL, "resource_manager": e.URL,
		"ecs_metadata": e.URL, "oauth": e.URL, "cloud_sso": e.URL,
	}
	return all
}

// Config puts the provider block in front of a configuration. More lines for the block
// can be given.
func (e *Env) Config(hcl string, providerLines ...string) string {
	var block strings.Builder
	block.WriteString("provider \"ram\" {\n")
	for _, name := range slices.Sorted(maps.Keys(e.arguments)) {
		fmt.Fprintf(&block, "  %s = %q\n", name, e.arguments[name])
	}
	if e.Emulator == nil {
		fmt.Fprintf(&block, "  allowed_account_ids = [%q]\n", e.AccountID)
	} else {
		fmt.Fprintf(&block, "  endpoints = { ram = %[1]q, ims = %[1]q, sts = %[1]q, resource_manager = %[1]q, ecs_metadata = %[1]q, oauth = %[1]q, cloud_sso = %[1]q }\n", e.URL)
	}
	for _, line := range providerLines {
		block.WriteString("  " + line + "\n")
	}
	return block.String() + "}\n" + hcl
}

func bareMachine(c clock.Clock) auth.Machine {
	machine := auth.ThisMachine()
	machine.Clock = c
	machine.Lookup = func(string) (string, bool) { return "", false }
	machine.HomeDir = func() (string, error) { return "", errors.New("this machine has no home") }
	return machine
}

// ProviderServer is a new provider process, as it were.
func (e *Env) ProviderServer() (tfprotov6.ProviderServer, error) {
	return providerserver.NewProtocol6WithError(provider.New(provider.Host{Version: "test", Machine: e.Machine}))()
}

// Factories serve the provider to terraform-plugin-testing.
func (e *Env) Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){"ram": e.ProviderServer}
}
