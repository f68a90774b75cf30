package acctest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"strings"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// With TF_ACC_CLOUD=1 the tests that can run on a real account do so and all others are
// skipped; `make testacc-cloud` sets it. It takes
//
//	TF_ACC_ACCOUNT_ID  the account; another one is refused
//	TF_ACC_RUN_ID      4 to 20 lower-case letters and digits, in every name of the run
//	ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_SECURITY_TOKEN
const cloudSwitch = "TF_ACC_CLOUD"

// Anywhere is New for a test that can also run on a real account. Such a test drives the
// CLI, names all it makes with Name, and uses nothing that only an emulator has: faults,
// the clock, request counts, a second account, keys of users made for the test. There
// Emulator, Clock and Admin are not set.
func Anywhere(t testing.TB) *Env {
	t.Helper()
	lookup := auth.ThisMachine().Lookup
	if !inCloud(lookup) {
		return New(t)
	}
	account, err := openAccount(t.Context(), lookup, clock.System)
	if err != nil {
		t.Fatal(err)
	}
	return &Env{AccountID: account.id, Client: account.client, Machine: auth.ThisMachine(), prefix: account.prefix}
}

// Name is the name that an object of the test bears: the run's prefix before it on a
// real account, so that the run can be swept and two runs do not meet.
func (e *Env) Name(name string) string { return e.prefix + name }

func inCloud(lookup func(string) (string, bool)) bool {
	value, _ := lookup(cloudSwitch)
	return value == "1"
}

// skipInCloud is for what needs the emulator.
func skipInCloud(t testing.TB) {
	t.Helper()
	if inCloud(auth.ThisMachine().Lookup) {
		t.Skip("needs the emulator (its faults, its clock, its request log, or names that are not the run's own)")
	}
}

// account is a real account that a run may work in.
type account struct {
	id, prefix string
	client     *ramclient.Client
}

var runIDFormat = regexp.MustCompile(`^[a-z0-9]{4,20}$`)

// openAccount refuses every account but the one that was named for the run. Endpoints
// of the environment count, as they do for the provider.
func openAccount(ctx context.Context, lookup func(string) (string, bool), c clock.Clock) (*account, error) {
	get := func(name string) string {
		value, _ := lookup(name)
		return value
	}
	id, run := get("TF_ACC_ACCOUNT_ID"), get("TF_ACC_RUN_ID")
	if id == "" {
		return nil, errors.New("TF_ACC_ACCOUNT_ID must be the id of the account that these tests may create and delete RAM objects in")
	}
	if !runIDFormat.MatchString(run) {
		return nil, fmt.Errorf("TF_ACC_RUN_ID must have 4 to 20 lower-case letters and digits, got %q", run)
	}
	hosts, _, err := auth.ResolveEndpoints(auth.EndpointConfig{Lookup: lookup})
	if err != nil {
		return nil, err
	}
	client := ramclient.New(ramclient.Config{
		Clock:     c,
		Endpoints: ramclient.Endpoints{RAM: hosts.RAM, IMS: hosts.IMS, STS: hosts.STS, ResourceManager: hosts.ResourceManager},
		Credentials: fixed{rpc.Credentials{
			AccessKeyID:     get("ALIBABA_CLOUD_ACCESS_KEY_ID"),
			AccessKeySecret: rpc.NewSecret(get("ALIBABA_CLOUD_ACCESS_KEY_SECRET")),
			SecurityToken:   rpc.NewSecret(get("ALIBABA_CLOUD_SECURITY_TOKEN")),
			Source:          "environment",
		}},
	})
	caller, err := client.GetCallerIdentity(ctx)
	if err != nil {
		return nil, err
	}
	if caller.AccountID != id {
		return nil, fmt.Errorf("the credentials belong to account %s, TF_ACC_ACCOUNT_ID is %s: nothing is run", caller.AccountID, id)
	}
	return &account{id: id, prefix: "tfacc-" + run + "-", client: client}, nil
}

// sweep deletes what bears the run's prefix, and nothing else: users with their keys,
// roles, policies. What users and keys are left for 30 days in the recycle bins.
func (a *account) sweep(ctx context.Context) (deleted []string, err error) {
	steps := []func(context.Context, func(kind, name string)) error{a.sweepUsers, a.sweepRoles, a.sweepPolicies}
	for _, step := range steps {
		err = errors.Join(err, step(ctx, func(kind, name string) { deleted = append(deleted, kind+" "+name) }))
	}
	return deleted, err
}

// ofRun picks out of a list what bears the prefix. The list is read to its end first,
// since its pages move while objects are deleted.
func ofRun[T any](prefix string, list iter.Seq2[T, error], name func(T) string) ([]T, error) {
	var found []T
	for one, err := range list {
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(name(one), prefix) {
			found = append(found, one)
		}
	}
	return found, nil
}

func (a *account) sweepUsers(ctx context.Context, done func(kind, name string)) error {
	users, err := ofRun(a.prefix, a.client.ListUsers(ctx), func(user ramclient.User) string { return user.UserName })
	for _, user := range users {
		keys, err := a.client.ListAccessKeys(ctx, user.UserPrincipalName)
		if err != nil {
			return err
		}
		for _, key := range keys {
			ref := ramclient.AccessKeyRef{UserPrincipalName: user.UserPrincipalName, AccessKeyID: key.AccessKeyID}
			if err := a.client.UpdateAccessKey(ctx, ref, ramclient.AccessKeyInactive); err != nil {
				return err
			}
			if err := a.client.DeleteAccessKey(ctx, ref); err != nil {
				return err
			}
		}
		attached, err := a.client.ListPoliciesForUser(ctx, user.UserName)
		if err != nil {
			return err
		}
		for _, policy := range attached {
			in := ramclient.UserPolicy{UserName: user.UserName, PolicyName: policy.PolicyName, PolicyType: policy.PolicyType}
			if err := a.client.DetachPolicyFromUser(ctx, in); err != nil {
				return err
			}
		}
		if err := a.client.DeleteUser(ctx, user.UserID); err != nil {
			return err
		}
		done("user", user.UserName)
	}
	return err
}

func (a *account) sweepRoles(ctx context.Context, done func(kind, name string)) error {
	roles, err := ofRun(a.prefix, a.client.ListRoles(ctx), func(role ramclient.Role) string { return role.RoleName })
	for _, role := range roles {
		attached, err := a.client.ListPoliciesForRole(ctx, role.RoleName)
		if err != nil {
			return err
		}
		for _, policy := range attached {
			in := ramclient.RolePolicy{RoleName: role.RoleName, PolicyName: policy.PolicyName, PolicyType: policy.PolicyType}
			if err := a.client.DetachPolicyFromRole(ctx, in); err != nil {
				return err
			}
		}
		if err := a.client.DeleteRole(ctx, role.RoleName); err != nil {
			return err
		}
		done("role", role.RoleName)
	}
	return err
}

func (a *account) sweepPolicies(ctx context.Context, done func(kind, name string)) error {
	policies, err := ofRun(a.prefix, a.client.ListPolicies(ctx, ramclient.PolicyCustom), func(policy ramclient.Policy) string { return policy.PolicyName })
	for _, policy := range policies {
		if err := a.client.DeletePolicy(ctx, policy.PolicyName, true); err != nil {
			return err
		}
		done("policy", policy.PolicyName)
	}
	return err
}
