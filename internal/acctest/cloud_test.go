package acctest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// TestCloudSweep is the end of `make testacc-cloud`: it deletes what the run left.
func TestCloudSweep(t *testing.T) {
	t.Parallel()
	lookup := auth.ThisMachine().Lookup
	if !inCloud(lookup) {
		t.Skip("sweeps a real account, with " + cloudSwitch + "=1")
	}
	account, err := openAccount(t.Context(), lookup, clock.System)
	if err != nil {
		t.Fatal(err)
	}
	deleted, err := account.sweep(t.Context())
	for _, name := range deleted {
		t.Logf("deleted %s", name)
	}
	if err != nil {
		t.Error(err)
	}
}

// open opens an emulated account as if it were a real one.
func (e *Env) open(t *testing.T, accountID, run string) (*account, error) {
	t.Helper()
	variables := map[string]string{
		"TF_ACC_ACCOUNT_ID": accountID, "TF_ACC_RUN_ID": run,
		"ALIBABA_CLOUD_ACCESS_KEY_ID": e.Admin.ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": e.Admin.Secret,
		"ALIBABA_CLOUD_ENDPOINT_RAM": e.URL, "ALIBABA_CLOUD_ENDPOINT_IMS": e.URL, "ALIBABA_CLOUD_ENDPOINT_STS": e.URL,
	}
	lookup := func(name string) (string, bool) { value, ok := variables[name]; return value, ok }
	return openAccount(t.Context(), lookup, e.Clock)
}

func TestOpenAccountRefusesAllButTheNamedOne(t *testing.T) {
	t.Parallel()
	env := New(t)
	tests := map[string]struct{ account, run, want string }{
		"the named one":     {env.AccountID, "run1", ""},
		"another one":       {"1000000000000002", "run1", "belong to account " + env.AccountID},
		"none named":        {"", "run1", "TF_ACC_ACCOUNT_ID"},
		"no run":            {env.AccountID, "", "TF_ACC_RUN_ID"},
		"a run like prefix": {env.AccountID, "a-", "TF_ACC_RUN_ID"},
	}
	for name, test := range tests {
		_, err := env.open(t, test.account, test.run)
		if got := fmt.Sprint(err); test.want == "" && err != nil || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}

func TestSweepDeletesOnlyWhatTheRunMade(t *testing.T) {
	t.Parallel()
	env := New(t, func(c *emulator.Config) { c.PageSize = 2 })
	opened, err := env.open(t, env.AccountID, "run1")
	if err != nil {
		t.Fatal(err)
	}
	for _, prefix := range []string{"tfacc-run1-", "tfacc-run10-", "tfacc-", "mine-"} {
		env.UserKey(t, prefix+"user", "AliyunOSSReadOnlyAccess")
		env.Allowed(t, prefix+"granted", ramclient.OpGetUser) // makes a policy of that name too
		role := ramclient.CreateRoleInput{
			RoleName:                 prefix + "role",
			AssumeRolePolicyDocument: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::` + env.AccountID + `:root"}}]}`,
		}
		if _, err := env.Client.CreateRole(t.Context(), role); err != nil {
			t.Fatal(err)
		}
		attach := ramclient.RolePolicy{RoleName: prefix + "role", PolicyName: "AliyunOSSReadOnlyAccess", PolicyType: ramclient.PolicySystem}
		if err := env.Client.AttachPolicyToRole(t.Context(), attach); err != nil {
			t.Fatal(err)
		}
	}
	deleted, err := opened.sweep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"policy tfacc-run1-granted", "role tfacc-run1-role", "user tfacc-run1-granted", "user tfacc-run1-user"}
	slices.Sort(deleted)
	if diff := cmp.Diff(want, deleted); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
	if again, err := opened.sweep(t.Context()); err != nil || len(again) > 0 {
		t.Errorf("a second sweep deleted %q (%v), want nothing", again, err)
	}
	for user, err := range env.Client.ListUsers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(user.UserName, "tfacc-run1-") {
			t.Errorf("%s is still there", user.UserName)
		}
	}
}
