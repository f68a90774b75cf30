package attachment_test

import (
	"testing"

	tfresource "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
)

const configRoleAttachment = `
resource "ram_role" "test" {
  name = "demo"
  assume_role_policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { RAM = "acs:ram::1000000000000001:root" } }]
  })
}
`

func configAttachment(policy string) string {
	return configRoleAttachment + `
resource "ram_role_policy_attachment" "test" {
  role_name   = ram_role.test.name
  policy_name = "` + policy + `"
}
`
}

func TestAccRolePolicyAttachment_basic(t *testing.T) {
	t.Parallel()
	const address = "ram_role_policy_attachment.test"
	env := acctest.New(t)
	tfresource.Test(t, tfresource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []tfresource.TestStep{
			{
				Config: env.Config(configAttachment("AliyunOSSReadOnlyAccess")),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("policy_type"), knownvalue.StringExact("System")),
				},
			},
			{
				Config: env.Config(configAttachment("AliyunECSReadOnlyAccess")),
				ConfigPlanChecks: tfresource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate),
				}},
			},
			{
				ResourceName: address, ImportState: true, ImportStateId: "demo/System/AliyunECSReadOnlyAccess",
				ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "role_name",
			},
		},
	})
}
