package policy_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

const address = "ram_policy.test"

// allowSpaced and allowCompact mean the same.
const (
	allowSpaced = `{
  "Version": "1",
  "Statement": [{ "Effect": "Allow", "Action": ["oss:GetObject"], "Resource": "*" }]
}`
	allowCompact = `{"Statement":[{"Action":"oss:GetObject","Effect":"Allow","Resource":["*"]}],"Version":"1"}`
)

func configPolicy(name, document, lines string) string {
	return fmt.Sprintf(`
resource "ram_policy" "test" {
  name            = %[1]q
  policy_document = <<-EOT
%[2]s
EOT
%[3]s
}
`, name, document, lines)
}

func TestAccPolicy_basic(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	is := func(attribute string, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), value)
	}
	plans := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{
				Config: env.Config(configPolicy("demo", allowSpaced, "")),
				ConfigStateChecks: []statecheck.StateCheck{
					is("name", knownvalue.StringExact("demo")),
					is("description", knownvalue.Null()),
					is("keep_versions", knownvalue.Null()),
					is("arn", knownvalue.StringExact("acs:ram::"+env.AccountID+":policy/demo")),
					is("default_version", knownvalue.StringExact("v1")),
					is("attachment_count", knownvalue.Int64Exact(0)),
					is("create_date", knownvalue.StringExact("2026-01-02T03:04:05Z")),
					is("account_id", knownvalue.StringExact(env.AccountID)),
				},
			},
			{
				Config:           env.Config(configPolicy("demo", allowCompact, "")),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
			{
				Config: env.Config(configPolicy("demo", allowing("ecs:*"), `description = "d"
  tags = { team = "a" }`)),
				ConfigPlanChecks:  plans(plancheck.ResourceActionUpdate),
				ConfigStateChecks: []statecheck.StateCheck{is("default_version", knownvalue.StringExact("v2"))},
			},
			{ResourceName: address, ImportState: true, ImportStateId: "demo", ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "name"},
			{
				Config:            env.Config(configPolicy("other", allowing("ecs:*"), "")),
				ConfigPlanChecks:  plans(plancheck.ResourceActionDestroyBeforeCreate),
				ConfigStateChecks: []statecheck.StateCheck{is("default_version", knownvalue.StringExact("v1"))},
			},
		},
	})
}

func TestAccPolicy_interrupted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{
				PreConfig: func() { env.Emulator.Fail("CreatePolicy", emulator.CommitThenReset()) },
				Config:    env.Config(configPolicy("demo", allowSpaced, "")),
			},
			{
				PreConfig: func() { env.Emulator.Fail("CreatePolicyVersion", emulator.CommitThen500()) },
				Config:    env.Config(configPolicy("demo", allowing("ecs:*"), "")),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("default_version"), knownvalue.StringExact("v2")),
				},
			},
		},
	})
}
