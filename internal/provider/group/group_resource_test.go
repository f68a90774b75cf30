package group_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
)

const address = "ram_group.test"

func configGroup(name, lines string) string {
	return fmt.Sprintf(`
resource "ram_group" "test" {
  name = %[1]q
%[2]s
}
`, name, lines)
}

func TestAccGroup_basic(t *testing.T) {
	t.Parallel()
	env := acctest.Anywhere(t)
	name, renamed := env.Name("dev"), env.Name("ops")
	inPlace := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)}}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{
				Config: env.Config(configGroup(name, "")),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("display_name"), knownvalue.Null()),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("arn"), knownvalue.StringExact("acs:ram::"+env.AccountID+":group/"+name)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("account_id"), knownvalue.StringExact(env.AccountID)),
				},
			},
			{
				Config:           env.Config(configGroup(renamed, `comments = "c"`)),
				ConfigPlanChecks: inPlace,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("arn"), knownvalue.StringExact("acs:ram::"+env.AccountID+":group/"+renamed)),
				},
			},
			{
				Config:           env.Config(configGroup(renamed, `display_name = "Operators"`)),
				ConfigPlanChecks: inPlace,
			},
			{ResourceName: address, ImportState: true, ImportStateId: renamed, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "name"},
		},
	})
}
