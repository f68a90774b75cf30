package role_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	roleresource "github.com/ramprovider/terraform-provider-ram/internal/provider/role"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// createOutside makes the role in the console.
func createOutside(t *testing.T, env *acctest.Env) ramclient.Role {
	t.Helper()
	role, err := env.Client.CreateRole(t.Context(), ramclient.CreateRoleInput{
		RoleName: "demo", AssumeRolePolicyDocument: trustSpaced, MaxSessionDuration: 7200,
		Tags: ramclient.Tags{"team": "a", "hidden": "1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return role
}

func TestRoleData_read(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := createOutside(t, env)
	env.Clock.Advance(time.Hour)
	description := "d"
	if _, err := env.Client.UpdateRole(t.Context(), ramclient.UpdateRoleInput{RoleName: "demo", NewDescription: &description}); err != nil {
		t.Fatal(err)
	}
	p := env.Protocol(t, attributes{"ignore_tags": attributes{"keys": []string{"hidden"}}})
	got, diags := p.ReadData("ram_role", attributes{"name": "demo"})
	want := attributes{
		"name": "demo", "assume_role_policy_document": trustSpaced, "description": "d", "max_session_duration": 7200.0,
		"tags": attributes{"team": "a"}, "role_id": made.RoleID, "arn": made.ARN, "account_id": env.AccountID,
		"create_date": "2026-01-02T03:04:05Z", "update_date": "2026-01-02T04:04:05Z",
	}
	if diff := cmp.Diff(want, got); diff != "" || diags.HasError() {
		t.Errorf("errors %q (-want +got):\n%s", diags.Errors(), diff)
	}
}

func TestRoleData_doesNotExist(t *testing.T) {
	t.Parallel()
	_, diags := acctest.New(t).Protocol(t, nil).ReadData("ram_role", attributes{"name": "nobody"})
	errs := diags.Errors()
	for _, want := range []string{`Cannot read RAM role "nobody"`, "EntityNotExist.Role", "RequestId: "} {
		if len(errs) != 1 || !strings.Contains(errs[0], want) {
			t.Errorf("got %q, want one error with %q", errs, want)
		}
	}
}

func TestRoleData_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	table := roleresource.NewDataSource().(permission.Declarer).Permissions()
	for i := range len(table.Read) + 1 {
		env := acctest.New(t)
		createOutside(t, env)
		operations := table.Read[:i] // all of them comes last
		env.As(env.Allowed(t, "limited", operations...))
		_, diags := env.Protocol(t, nil).ReadData("ram_role", attributes{"name": "demo"})
		errs := diags.Errors()
		if i == len(table.Read) {
			if len(errs) > 0 {
				t.Errorf("with exactly the declared permissions: %q", errs)
			}
			continue
		}
		if missing := table.Read[i].Permission(); len(errs) != 1 || !strings.Contains(errs[0], missing) {
			t.Errorf("without %s: got %q, want one error that names it", missing, errs)
		}
	}
}

func TestRoleData_interrupted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	createOutside(t, env)
	for _, operation := range []string{"GetRole", "ListTagResources"} {
		env.Emulator.Fail(operation, emulator.ResetBefore(), emulator.HTML502(), emulator.TruncatedBody())
	}
	if _, diags := env.Protocol(t, nil).ReadData("ram_role", attributes{"name": "demo"}); diags.HasError() {
		t.Errorf("a read that may be repeated was not: %q", diags.Errors())
	}
}

func TestAccRoleData_basic(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	same := func(attribute string) statecheck.StateCheck {
		at := tfjsonpath.New(attribute)
		return statecheck.CompareValuePairs(address, at, "data.ram_role.test", at, compare.ValuesSame())
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{{
			Config: env.Config(configRole("deploy", trustSpaced, "") + `
data "ram_role" "test" {
  name = ram_role.test.name
}
`),
			ConfigStateChecks: []statecheck.StateCheck{same("arn"), same("role_id"), same("assume_role_policy_document"), same("max_session_duration")},
		}},
	})
}
