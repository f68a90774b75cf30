package application_test

import (
	"regexp"
	"testing"

	tfresource "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

const (
	applicationAddress = applicationType + ".test"
	assignmentAddress  = assignmentType + ".test"
)

// configAssigned installs official-cli and assigns it to the user of this name.
func configAssigned(userName, moreOfApplication string) string {
	return `
resource "ram_external_application" "test" {
  app  = "official-cli"
  site = "CN"
  ` + moreOfApplication + `
}

resource "ram_user" "test" {
  name = "` + userName + `"
}

resource "ram_application_assignment" "test" {
  app_id         = ram_external_application.test.app_id
  principal_type = "user"
  principal_name = ram_user.test.name

  lifecycle {
    replace_triggered_by = [ram_external_application.test.create_date]
  }
}
`
}

func action(address string, what plancheck.ResourceActionType) plancheck.PlanCheck {
	return plancheck.ExpectResourceAction(address, what)
}

func TestAccApplication_basic(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	tfresource.Test(t, tfresource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []tfresource.TestStep{
			{
				Config: env.Config(configAssigned("alice", "")),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(applicationAddress, tfjsonpath.New("app_id"), knownvalue.StringExact(emulator.OfficialCLICN)),
					statecheck.ExpectKnownValue(applicationAddress, tfjsonpath.New("scopes"), knownvalue.SetSizeExact(2)),
				},
			},
			{ // a renamed user is followed
				Config: env.Config(configAssigned("alicia", "")),
				ConfigPlanChecks: tfresource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					action(applicationAddress, plancheck.ResourceActionNoop),
					action(assignmentAddress, plancheck.ResourceActionUpdate),
				}},
			},
			{ // other scopes are another installation, which drops the assignment
				Config: env.Config(configAssigned("alicia", `scopes = ["openid"]`)),
				ConfigPlanChecks: tfresource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					action(applicationAddress, plancheck.ResourceActionDestroyBeforeCreate),
					action(assignmentAddress, plancheck.ResourceActionDestroyBeforeCreate),
				}},
			},
			{ResourceName: applicationAddress, ImportState: true, ImportStateId: emulator.OfficialCLICN, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "app_id"},
			{
				ResourceName: assignmentAddress, ImportState: true, ImportStateId: emulator.OfficialCLICN + "/user/alicia",
				ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "principal_name",
			},
		},
	})
}

func TestAccApplication_disappears(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	hcl := env.Config(configAssigned("alice", ""))
	tfresource.Test(t, tfresource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []tfresource.TestStep{
			{Config: hcl},
			{
				PreConfig: func() {
					acctest.Must(t, env.Client.DeprovisionExternalApplication(t.Context(), emulator.OfficialCLICN))
				},
				Config: hcl,
				ConfigPlanChecks: tfresource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					action(applicationAddress, plancheck.ResourceActionCreate),
					action(assignmentAddress, plancheck.ResourceActionCreate),
				}},
			},
		},
	})
}

// A user destroyed and made anew under the same name is another user.
func TestAccAssignment_replacedUser(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	hcl := env.Config(configAssigned("alice", ""))
	tfresource.Test(t, tfresource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []tfresource.TestStep{
			{Config: hcl},
			{
				Taint:  []string{"ram_user.test"},
				Config: hcl,
				ConfigPlanChecks: tfresource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					action(assignmentAddress, plancheck.ResourceActionDestroyBeforeCreate),
				}},
			},
		},
	})
}

func TestAccAssignment_groupIsRefused(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	tfresource.Test(t, tfresource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []tfresource.TestStep{{
			Config: env.Config(`
resource "ram_application_assignment" "test" {
  app_id         = "` + emulator.OfficialCLICN + `"
  principal_type = "group"
  principal_name = "developers"
}`),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(`cannot\s+be\s+assigned\s+to\s+a\s+group`),
		}},
	})
}
