package user_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const address = "ram_user.test"

func configUser(name, lines string) string {
	return fmt.Sprintf(`
resource "ram_user" "test" {
  name = %[1]q
%[2]s
}
`, name, lines)
}

func inState(attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), check)
}

func planned(checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: checks}
}

func updatesInPlace() plancheck.PlanCheck {
	return plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)
}

const everything = `
  display_name = "Continuous integration"
  comments     = "Deploys."
  email        = "ci@example.com"
  mobile_phone = "86-18600000000"
  tags         = { team = "platform", env = "test" }
`

func TestAccUser_basic(t *testing.T) {
	t.Parallel()
	env := acctest.Anywhere(t)
	name := env.Name("ci")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{
				Config: env.Config(configUser(name, "")),
				ConfigPlanChecks: planned(
					plancheck.ExpectKnownValue(address, tfjsonpath.New("display_name"), knownvalue.StringExact(name)),
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("user_id")),
				),
				ConfigStateChecks: []statecheck.StateCheck{
					inState("name", knownvalue.StringExact(name)),
					inState("display_name", knownvalue.StringExact(name)),
					inState("comments", knownvalue.Null()),
					inState("email", knownvalue.Null()),
					inState("mobile_phone", knownvalue.Null()),
					inState("tags", knownvalue.Null()),
					inState("tags_all", knownvalue.MapExact(map[string]knownvalue.Check{})),
					inState("user_id", knownvalue.StringRegexp(regexp.MustCompile(`^[0-9]{18}$`))),
					inState("principal_name", knownvalue.StringRegexp(regexp.MustCompile("^"+name+"@.+[.]onaliyun[.]com$"))),
					inState("arn", knownvalue.StringExact("acs:ram::"+env.AccountID+":user/"+name)),
					inState("create_date", knownvalue.StringRegexp(regexp.MustCompile(`^20[0-9-]+T[0-9:]+Z$`))),
					inState("account_id", knownvalue.StringExact(env.AccountID)),
				},
			},
			{
				Config:           env.Config(configUser(name, "")),
				ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan()),
			},
		},
	})
}

func TestAccUser_update(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{Config: env.Config(configUser("ci", ""))},
			{
				Config:           env.Config(configUser("ci", everything)),
				ConfigPlanChecks: planned(updatesInPlace()),
				ConfigStateChecks: []statecheck.StateCheck{
					inState("display_name", knownvalue.StringExact("Continuous integration")),
					inState("comments", knownvalue.StringExact("Deploys.")),
					inState("email", knownvalue.StringExact("ci@example.com")),
					inState("mobile_phone", knownvalue.StringExact("86-18600000000")),
					inState("tags_all", knownvalue.MapExact(map[string]knownvalue.Check{
						"team": knownvalue.StringExact("platform"), "env": knownvalue.StringExact("test"),
					})),
				},
			},
			{
				// What is left out is cleared, but for the display name, which a user cannot be without.
				Config:           env.Config(configUser("ci", "")),
				ConfigPlanChecks: planned(updatesInPlace()),
				ConfigStateChecks: []statecheck.StateCheck{
					inState("display_name", knownvalue.StringExact("Continuous integration")),
					inState("comments", knownvalue.Null()),
					inState("email", knownvalue.Null()),
					inState("mobile_phone", knownvalue.Null()),
					inState("tags_all", knownvalue.MapExact(map[string]knownvalue.Check{})),
				},
			},
			{
				Config:           env.Config(configUser("ci", "")),
				ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan()),
			},
		},
	})
}

func TestAccUser_rename(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{Config: env.Config(configUser("ci", ""))},
			{
				Config: env.Config(configUser("deploy", "")),
				ConfigPlanChecks: planned(
					updatesInPlace(),
					plancheck.ExpectKnownValue(address, tfjsonpath.New("arn"), knownvalue.StringExact("acs:ram::"+env.AccountID+":user/deploy")),
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("principal_name")),
				),
				ConfigStateChecks: []statecheck.StateCheck{
					inState("name", knownvalue.StringExact("deploy")),
					inState("display_name", knownvalue.StringExact("ci")),
					inState("principal_name", knownvalue.StringExact(env.PrincipalName("deploy"))),
				},
			},
			{
				// A rename in the console is drift in the name: planned back, in place.
				PreConfig: func() { renameOutside(t, env, "deploy", "elsewhere") },
				Config:    env.Config(configUser("deploy", "")),
				ConfigPlanChecks: planned(
					updatesInPlace(),
					plancheck.ExpectKnownValue(address, tfjsonpath.New("name"), knownvalue.StringExact("deploy")),
				),
				ConfigStateChecks: []statecheck.StateCheck{inState("name", knownvalue.StringExact("deploy"))},
			},
		},
	})
}

func TestAccUser_import(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{Config: env.Config(configUser("ci", everything))},
			{
				ResourceName: address, ImportState: true, ImportStateId: "ci",
				ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "user_id",
			},
			{
				ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID,
				ImportStateIdFunc: resource.ImportStateIdFunc(attributeOf("user_id")),
			},
		},
	})
}

func TestAccUser_disappears(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{Config: env.Config(configUser("temporary", ""))},
			{
				PreConfig: func() {
					env.Clock.Advance(settled)
					id := userNamed(t, env, "temporary").UserID
					deleteOutside(t, env, "temporary")
					acctest.Must(t, env.Client.DeleteUserInRecycleBin(t.Context(), id))
				},
				Config:           env.Config(configUser("temporary", "")),
				ConfigPlanChecks: planned(plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate)),
			},
		},
	})
}

// The answer to the create is lost: the user is adopted, and the next plan is empty.
func TestAccUser_interrupted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{{
			PreConfig:         func() { env.Emulator.Fail("CreateUser", emulator.CommitThenReset()) },
			Config:            env.Config(configUser("ci", everything)),
			ConfigStateChecks: []statecheck.StateCheck{inState("name", knownvalue.StringExact("ci"))},
		}},
	})
}

func TestAccUser_defaultTags(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	withDefault := `default_tags = { tags = { owner = "a" } }`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{
				Config: env.Config(configUser("ci", `tags = { team = "b" }`), withDefault),
				ConfigStateChecks: []statecheck.StateCheck{
					inState("tags", knownvalue.MapExact(map[string]knownvalue.Check{"team": knownvalue.StringExact("b")})),
					inState("tags_all", knownvalue.MapExact(map[string]knownvalue.Check{
						"owner": knownvalue.StringExact("a"), "team": knownvalue.StringExact("b"),
					})),
				},
			},
			{
				Config:           env.Config(configUser("ci", `tags = { team = "b", owner = "a" }`), withDefault),
				ConfigPlanChecks: planned(updatesInPlace()),
			},
			{
				Config:           env.Config(configUser("ci", `tags = { team = "b" }`)),
				ConfigPlanChecks: planned(updatesInPlace()),
				ConfigStateChecks: []statecheck.StateCheck{
					inState("tags_all", knownvalue.MapExact(map[string]knownvalue.Check{"team": knownvalue.StringExact("b")})),
				},
			},
			{
				// What something else tags is left alone where the provider is told to.
				PreConfig:        func() { tagOutside(t, env, "ci", ramclient.Tags{"cost:center": "7"}) },
				Config:           env.Config(configUser("ci", `tags = { team = "b" }`), `ignore_tags = { key_prefixes = ["cost:"] }`),
				ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan()),
			},
		},
	})
}
