package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	policyresource "github.com/ramprovider/terraform-provider-ram/internal/provider/policy"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// createOutside makes a policy in the console.
func createOutside(t *testing.T, env *acctest.Env, name string) {
	t.Helper()
	_, err := env.Client.CreatePolicy(t.Context(), ramclient.CreatePolicyInput{
		PolicyName: name, PolicyDocument: allowSpaced, Description: "d", Tags: ramclient.Tags{"team": "a", "hidden": "1"},
	})
	acctest.Must(t, err)
}

func TestPolicyData_custom(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	createOutside(t, env, "demo")
	attachToUser(t, env, "")
	p := env.Protocol(t, attributes{"ignore_tags": attributes{"keys": []string{"hidden"}}})
	want := attributes{
		"name": "demo", "policy_type": "Custom", "policy_document": allowSpaced, "description": "d",
		"default_version": "v1", "attachment_count": 1.0, "tags": attributes{"team": "a"},
		"arn": "acs:ram::" + env.AccountID + ":policy/demo", "account_id": env.AccountID,
		"create_date": "2026-01-02T03:04:05Z", "update_date": "2026-01-02T03:04:05Z",
	}
	for _, policyType := range []any{nil, "Custom"} {
		got, diags := p.ReadData("ram_policy", attributes{"name": "demo", "policy_type": policyType})
		if diff := cmp.Diff(want, got); diff != "" || diags.HasError() {
			t.Errorf("policy_type %v: errors %q (-want +got):\n%s", policyType, diags.Errors(), diff)
		}
	}
}

func TestPolicyData_system(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	for _, policyType := range []any{nil, "System"} {
		got, diags := p.ReadData("ram_policy", attributes{"name": "AliyunSTSAssumeRoleAccess", "policy_type": policyType})
		if diags.HasError() {
			t.Fatal(diags.Errors())
		}
		text, _ := got["policy_document"].(string)
		if !policylang.Equal(text, allowing("sts:AssumeRole")) {
			t.Errorf("policy_document is %s", text)
		}
		if got["policy_type"] != "System" || got["arn"] != "acs:ram::system:policy/AliyunSTSAssumeRoleAccess" || got["account_id"] != env.AccountID {
			t.Errorf("policy_type %v: got %v", policyType, got)
		}
		if diff := cmp.Diff(attributes{}, got["tags"]); diff != "" {
			t.Errorf("tags (-want +got):\n%s", diff)
		}
	}
}

func TestPolicyData_refusals(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	createOutside(t, env, "AdministratorAccess")
	p := env.Protocol(t, nil)
	tests := map[string]struct {
		config attributes
		want   []string
	}{
		"in both types":         {attributes{"name": "AdministratorAccess"}, []string{"Two policies", `set policy_type to "Custom" or "System"`}},
		"in neither type":       {attributes{"name": "nobody"}, []string{`Cannot read RAM policy "nobody"`, "EntityNotExist.Policy", "RequestId: "}},
		"not in the type named": {attributes{"name": "ReadOnlyAccess", "policy_type": "Custom"}, []string{"EntityNotExist.Policy", "check policy_name and policy_type"}},
	}
	for name, test := range tests {
		_, diags := p.ReadData("ram_policy", test.config)
		errs := diags.Errors()
		for _, want := range test.want {
			if len(errs) != 1 || !strings.Contains(errs[0], want) {
				t.Errorf("%s: got %q, want one error with %q", name, errs, want)
			}
		}
	}
	for _, policyType := range []string{"Custom", "System"} {
		got, diags := p.ReadData("ram_policy", attributes{"name": "AdministratorAccess", "policy_type": policyType})
		if diags.HasError() || got["policy_type"] != policyType {
			t.Errorf("%s: got %v, errors %q", policyType, got["policy_type"], diags.Errors())
		}
	}
}

func TestPolicyData_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	table := policyresource.NewDataSource().(permission.Declarer).Permissions()
	for i := range len(table.Read) + 1 {
		env := acctest.New(t)
		createOutside(t, env, "demo")
		operations := table.Read[:i] // all of them comes last
		env.As(env.Allowed(t, "limited", operations...))
		_, diags := env.Protocol(t, nil).ReadData("ram_policy", attributes{"name": "demo"})
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

func TestPolicyData_interrupted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	createOutside(t, env, "demo")
	for _, operation := range []string{"GetPolicy", "ListTagResources"} {
		env.Emulator.Fail(operation, emulator.ResetBefore(), emulator.HTML502(), emulator.TruncatedBody())
	}
	if _, diags := env.Protocol(t, nil).ReadData("ram_policy", attributes{"name": "demo"}); diags.HasError() {
		t.Errorf("a read that may be repeated was not: %q", diags.Errors())
	}
}

func TestAccPolicyData_basic(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{{
			Config: env.Config(configPolicy("demo", allowSpaced, "") + `
data "ram_policy" "own" {
  name = ram_policy.test.name
}

data "ram_policy" "system" {
  name        = "ReadOnlyAccess"
  policy_type = "System"
}
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.ram_policy.own", tfjsonpath.New("policy_type"), knownvalue.StringExact("Custom")),
				statecheck.ExpectKnownValue("data.ram_policy.system", tfjsonpath.New("arn"), knownvalue.StringExact("acs:ram::system:policy/ReadOnlyAccess")),
			},
		}},
	})
}
