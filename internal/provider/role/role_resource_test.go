package role_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
)

const address = "ram_role.test"

// trust lets an account assume the role, in the spelling given.
const (
	trustSpaced = `{
  "Version": "1",
  "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "RAM": "acs:ram::1000000000000001:root" } }]
}`
	trustCompact = `{"Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"RAM":["acs:ram::1000000000000001:root"]}}],"Version":"1"}`
)

func configRole(name, trust, lines string) string {
	return fmt.Sprintf(`
resource "ram_role" "test" {
  name                        = %[1]q
  assume_role_policy_document = <<-EOT
%[2]s
EOT
%[3]s
}
`, name, trust, lines)
}

func TestAccRole_basic(t *testing.T) {
	t.Parallel()
	env := acctest.Anywhere(t)
	name, own := env.Name("demo"), strings.NewReplacer("1000000000000001", env.AccountID)
	spaced, compact := own.Replace(trustSpaced), own.Replace(trustCompact)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{
				Config: env.Config(configRole(name, spaced, "")),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("name"), knownvalue.StringExact(name)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("description"), knownvalue.Null()),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("max_session_duration"), knownvalue.Int64Exact(3600)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("account_id"), knownvalue.StringExact(env.AccountID)),
				},
			},
			{
				Config:           env.Config(configRole(name, compact, "")),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
			{
				Config: env.Config(configRole(name, spaced, `description = "d"
  max_session_duration = 7200
  tags = { team = "a" }`)),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)}},
			},
			{ResourceName: address, ImportState: true, ImportStateId: name, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "name"},
		},
	})
}
