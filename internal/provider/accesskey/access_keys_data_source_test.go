package accesskey_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/accesskey"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// threeKeys gives the user "demo" an active key, used an hour after it was made, an
// inactive one that was never used, and one in the recycle bin.
func threeKeys(t *testing.T, env *acctest.Env) (used, unused, recycled string) {
	t.Helper()
	ctx, demo := t.Context(), env.PrincipalName("demo")
	first := env.UserKey(t, "demo", "AliyunRAMReadOnlyAccess")
	another := func() ramclient.AccessKeyRef {
		t.Helper()
		made, err := env.Client.CreateAccessKey(ctx, demo)
		acctest.Must(t, err)
		return ramclient.AccessKeyRef{UserPrincipalName: demo, AccessKeyID: made.AccessKeyID}
	}
	gone := another()
	env.Clock.Advance(time.Hour)
	acctest.Must(t, env.Client.DeleteAccessKey(ctx, gone))
	idle := another()
	acctest.Must(t, env.Client.UpdateAccessKey(ctx, idle, ramclient.AccessKeyInactive))
	_, err := env.ClientFor(first).GetUser(ctx, ramclient.GetUserInput{UserPrincipalName: demo})
	acctest.Must(t, err)
	env.Clock.Advance(24 * time.Hour)
	env.Emulator.ResetRequests()
	return first.ID, idle.AccessKeyID, gone.AccessKeyID
}

func TestAccessKeysData_read(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	used, unused, recycled := threeKeys(t, env)
	key := func(id, status, created string) map[string]any {
		return map[string]any{
			"access_key_id": id, "status": status, "create_date": created,
			"last_used_date": nil, "last_used_service": nil, "recycle_date": nil, "delete_date": nil,
		}
	}
	with := func(key map[string]any, pairs ...string) map[string]any {
		for i := 0; i < len(pairs); i += 2 {
			key[pairs[i]] = pairs[i+1]
		}
		return key
	}
	const before, after = "2026-01-02T03:04:05Z", "2026-01-02T04:04:05Z"
	tests := map[string]struct {
		config map[string]any
		want   []any
		calls  []string
	}{
		"with last use": {
			map[string]any{"user_name": "demo"},
			[]any{with(key(used, "Active", before), "last_used_date", after, "last_used_service", "IMS"), key(unused, "Inactive", after)},
			[]string{"GetCallerIdentity", "GetDefaultDomain", "ListAccessKeys", "GetAccessKeyLastUsed", "GetAccessKeyLastUsed"},
		},
		"without": {
			map[string]any{"user_name": "demo", "with_last_use": false},
			[]any{key(used, "Active", before), key(unused, "Inactive", after)},
			[]string{"GetCallerIdentity", "GetDefaultDomain", "ListAccessKeys"},
		},
		"recycle bin": {
			map[string]any{"user_name": "demo", "recycled": true},
			[]any{with(key(recycled, "Recycled", before), "recycle_date", after, "delete_date", "2026-02-01T04:04:05Z")},
			[]string{"GetCallerIdentity", "GetDefaultDomain", "GetUser", "ListAccessKeysInRecycleBin"},
		},
		"nothing in the recycle bin": {
			map[string]any{"user_name": "terraform", "recycled": true},
			[]any{},
			[]string{"GetCallerIdentity", "GetDefaultDomain", "GetUser", "ListAccessKeysInRecycleBin"},
		},
	}
	for name, test := range tests {
		env.Emulator.ResetRequests()
		got, diags := env.Protocol(t, nil).ReadData("ram_access_keys", test.config)
		if diags.HasError() {
			t.Errorf("%s: %q", name, diags.Errors())
			continue
		}
		if diff := cmp.Diff(test.want, got["keys"]); diff != "" || got["account_id"] != env.AccountID {
			t.Errorf("%s: account %v, keys (-want +got):\n%s", name, got["account_id"], diff)
		}
		calls := env.TakeCalls()
		if diff := cmp.Diff(test.calls, calls); diff != "" {
			t.Errorf("%s: calls (-want +got):\n%s", name, diff)
		}
	}
}

func TestAccessKeysData_noSuchUser(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	for _, recycled := range []bool{false, true} {
		_, diags := p.ReadData("ram_access_keys", map[string]any{"user_name": "nobody", "recycled": recycled})
		errs := diags.Errors()
		for _, want := range []string{`Cannot list the AccessKeys of RAM user "nobody"`, "EntityNotExist.User", "RequestId: "} {
			if len(errs) != 1 || !strings.Contains(errs[0], want) {
				t.Errorf("recycled = %t: got %q, want one error with %q", recycled, errs, want)
			}
		}
	}
}

func TestAccessKeysData_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	table := accesskey.NewKeysDataSource().(permission.Declarer).Permissions()
	tests := map[string]struct {
		config     map[string]any
		operations []rpc.Operation
	}{
		"keys":        {map[string]any{"user_name": "demo"}, table.Read},
		"recycle bin": {map[string]any{"user_name": "demo", "recycled": true}, []rpc.Operation{ramclient.OpGetUser, ramclient.OpListAccessKeysInRecycleBin}},
	}
	for name, test := range tests {
		for i := range len(test.operations) + 1 {
			env := acctest.New(t)
			threeKeys(t, env)
			env.As(env.Allowed(t, "limited", test.operations[:i]...)) // all of them comes last
			_, diags := env.Protocol(t, nil).ReadData("ram_access_keys", test.config)
			errs := diags.Errors()
			if i == len(test.operations) {
				if len(errs) > 0 {
					t.Errorf("%s, with exactly the declared permissions: %q", name, errs)
				}
				continue
			}
			if missing := test.operations[i].Permission(); len(errs) != 1 || !strings.Contains(errs[0], missing) {
				t.Errorf("%s, without %s: got %q, want one error that names it", name, missing, errs)
			}
		}
	}
}

func TestAccessKeysData_interrupted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	threeKeys(t, env)
	for _, operation := range []string{"ListAccessKeys", "GetAccessKeyLastUsed"} {
		env.Emulator.Fail(operation, emulator.ResetBefore(), emulator.HTML502(), emulator.TruncatedBody())
	}
	if _, diags := env.Protocol(t, nil).ReadData("ram_access_keys", map[string]any{"user_name": "demo"}); diags.HasError() {
		t.Errorf("a read that may be repeated was not: %q", diags.Errors())
	}
}

// Somebody may delete a key between the list and the question for its last use.
func TestAccessKeysData_keyDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	used, unused, _ := threeKeys(t, env)
	env.Emulator.Fail("GetAccessKeyLastUsed", emulator.Refuse(404, "EntityNotExist.User.AccessKey", "The access key does not exist."))
	got, diags := env.Protocol(t, nil).ReadData("ram_access_keys", map[string]any{"user_name": "demo"})
	keys, _ := got["keys"].([]any)
	if diags.HasError() || len(keys) != 2 {
		t.Fatalf("got %d keys, errors %q; want %s and %s", len(keys), diags.Errors(), used, unused)
	}
	if first, _ := keys[0].(map[string]any); first["access_key_id"] != used || first["last_used_date"] != nil {
		t.Errorf("got %v, want %s without a last use", first, used)
	}
}

// A user made in the same run is waited for.
func TestAccessKeysData_lagOfASecond(t *testing.T) {
	t.Parallel()
	for _, recycled := range []bool{false, true} {
		env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
		p := env.Protocol(t, nil)
		if _, diags := p.Apply(p.Plan("ram_user", acctest.Object{}, map[string]any{"name": "demo"})); diags.HasError() {
			t.Fatalf("create the user: %q", diags.Errors())
		}
		if _, diags := p.ReadData("ram_access_keys", map[string]any{"user_name": "demo", "recycled": recycled}); diags.HasError() {
			t.Errorf("recycled = %t: %q", recycled, diags.Errors())
		}
	}
}

func TestAccAccessKeysData_basic(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	const address = "data.ram_access_keys.test"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{{
			Config: env.Config(`
resource "ram_user" "test" {
  name = "demo"
}

resource "ram_access_key" "test" {
  user_name = ram_user.test.name
}

data "ram_access_keys" "test" {
  user_name  = ram_user.test.name
  depends_on = [ram_access_key.test]
}
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("keys"), knownvalue.ListSizeExact(1)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("keys").AtSliceIndex(0).AtMapKey("status"), knownvalue.StringExact("Active")),
			},
		}},
	})
}
