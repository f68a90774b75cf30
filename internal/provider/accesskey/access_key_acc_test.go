package accesskey_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const address = "ram_access_key.test"

// configKey is a user and a key of it.
func configKey(userName, lines string) string {
	return fmt.Sprintf(`
resource "ram_user" "test" {
  name = %[1]q
}

resource "ram_access_key" "test" {
  user_name = ram_user.test.name
%[2]s
}
`, userName, lines)
}

func planned(checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: checks}
}

func action(want plancheck.ResourceActionType) plancheck.PlanCheck {
	return plancheck.ExpectResourceAction(address, want)
}

func inState(attribute string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), want)
}

func TestAccAccessKey_basic(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{
				Config: env.Config(configKey("ci", "")),
				ConfigPlanChecks: planned(
					action(plancheck.ResourceActionCreate),
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("access_key_id")),
					plancheck.ExpectSensitiveValue(address, tfjsonpath.New("secret")),
				),
				ConfigStateChecks: []statecheck.StateCheck{
					inState("status", knownvalue.StringExact("Active")),
					inState("secret", knownvalue.StringRegexp(regexp.MustCompile(`^[A-Za-z0-9]{30}$`))),
					inState("secret_version", knownvalue.Int64Func(func(version int64) error {
						if version < acctest.Start.Unix() {
							return fmt.Errorf("%d is before the key was made", version)
						}
						return nil
					})),
					inState("account_id", knownvalue.StringExact(env.AccountID)),
					statecheck.CompareValuePairs(address, tfjsonpath.New("user_id"), "ram_user.test", tfjsonpath.New("user_id"), compare.ValuesSame()),
				},
			},
			{Config: env.Config(configKey("ci", "")), ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan())},
			{
				ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "access_key_id",
				ImportStateIdFunc: keyID(""), ImportStateVerifyIgnore: []string{"secret"},
			},
			{
				ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "access_key_id",
				ImportStateIdFunc: keyID("ci/"), ImportStateVerifyIgnore: []string{"secret"},
			},
		},
	})
}

// keyID is the import ID of the key, with something in front.
func keyID(prefix string) func(*terraform.State) (string, error) {
	return func(state *terraform.State) (string, error) {
		return prefix + state.RootModule().Resources[address].Primary.Attributes["access_key_id"], nil
	}
}

func TestAccAccessKey_update(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	same := statecheck.CompareValue(compare.ValuesSame())
	secret := func() statecheck.StateCheck { return same.AddStateValue(address, tfjsonpath.New("secret")) }
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{Config: env.Config(configKey("ci", "")), ConfigStateChecks: []statecheck.StateCheck{secret()}},
			{
				Config:            env.Config(configKey("ci", `status = "Inactive"`)),
				ConfigPlanChecks:  planned(action(plancheck.ResourceActionUpdate)),
				ConfigStateChecks: []statecheck.StateCheck{secret(), inState("status", knownvalue.StringExact("Inactive"))},
			},
			{
				Config:            env.Config(configKey("ci", `status = "Active"`+"\n"+`on_destroy = "purge"`)),
				ConfigPlanChecks:  planned(action(plancheck.ResourceActionUpdate)),
				ConfigStateChecks: []statecheck.StateCheck{secret(), inState("status", knownvalue.StringExact("Active"))},
			},
			{
				// Left out, the status is whatever it is.
				Config:            env.Config(configKey("ci", `on_destroy = "purge"`)),
				ConfigPlanChecks:  planned(plancheck.ExpectEmptyPlan()),
				ConfigStateChecks: []statecheck.StateCheck{secret(), inState("status", knownvalue.StringExact("Active"))},
			},
		},
	})
}

func TestAccAccessKey_rename(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	same := statecheck.CompareValue(compare.ValuesSame())
	id := func() statecheck.StateCheck { return same.AddStateValue(address, tfjsonpath.New("access_key_id")) }
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{Config: env.Config(configKey("ci", "")), ConfigStateChecks: []statecheck.StateCheck{id()}},
			{
				Config:            env.Config(configKey("deploy", "")),
				ConfigPlanChecks:  planned(action(plancheck.ResourceActionUpdate)),
				ConfigStateChecks: []statecheck.StateCheck{id(), inState("user_name", knownvalue.StringExact("deploy"))},
			},
			{Config: env.Config(configKey("deploy", "")), ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan())},
		},
	})
}

func TestAccAccessKey_replace(t *testing.T) {
	t.Parallel()
	for _, lifecycle := range []string{"", "lifecycle { create_before_destroy = true }"} {
		t.Run(lifecycle, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			differs := statecheck.CompareValue(compare.ValuesDiffer())
			want := plancheck.ResourceActionDestroyBeforeCreate
			if lifecycle != "" {
				want = plancheck.ResourceActionCreateBeforeDestroy
			}
			var steps []resource.TestStep
			for _, month := range []string{"1", "2", "3"} {
				step := resource.TestStep{
					PreConfig:         func() { env.Clock.Advance(31 * 24 * time.Hour) },
					Config:            env.Config(configKey("ci", fmt.Sprintf("rotate_when_changed = { month = %q }\n%s", month, lifecycle))),
					ConfigStateChecks: []statecheck.StateCheck{differs.AddStateValue(address, tfjsonpath.New("secret"))},
				}
				if month != "1" {
					step.ConfigPlanChecks = planned(action(want), plancheck.ExpectUnknownValue(address, tfjsonpath.New("secret_version")))
				}
				steps = append(steps, step)
			}
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: env.Factories(), Steps: steps})
		})
	}
}

// passing is a plan check that lets time pass between the plan and its apply.
type passing struct {
	env *acctest.Env
	d   time.Duration
}

func (p passing) CheckPlan(context.Context, plancheck.CheckPlanRequest, *plancheck.CheckPlanResponse) {
	p.env.Clock.Advance(p.d)
}

// The key falls due between a plan and its apply: that plan is carried out as it is, and
// the next one rotates, whenever it is applied.
func TestAccAccessKey_rotationPeriod(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	const day = 24 * time.Hour
	const rotating = `rotation_period = "30d"`
	differs := statecheck.CompareValue(compare.ValuesDiffer())
	secret := func() statecheck.StateCheck { return differs.AddStateValue(address, tfjsonpath.New("secret")) }
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{Config: env.Config(configKey("ci", rotating)), ConfigStateChecks: []statecheck.StateCheck{secret()}},
			{
				PreConfig:          func() { env.Clock.Advance(29 * day) },
				Config:             env.Config(configKey("ci", rotating+"\n"+`on_destroy = "purge"`)),
				ConfigPlanChecks:   planned(action(plancheck.ResourceActionUpdate), passing{env, 2 * day}),
				ExpectNonEmptyPlan: true,
			},
			{
				Config:            env.Config(configKey("ci", rotating+"\n"+`on_destroy = "purge"`)),
				ConfigPlanChecks:  planned(action(plancheck.ResourceActionDestroyBeforeCreate), plancheck.ExpectUnknownValue(address, tfjsonpath.New("secret_version")), passing{env, 20 * day}),
				ConfigStateChecks: []statecheck.StateCheck{secret()},
			},
			{
				PreConfig:         func() { env.Clock.Advance(30 * day) },
				Config:            env.Config(configKey("ci", rotating+"\nlifecycle { create_before_destroy = true }")),
				ConfigPlanChecks:  planned(action(plancheck.ResourceActionCreateBeforeDestroy), passing{env, 20 * day}),
				ConfigStateChecks: []statecheck.StateCheck{secret()},
			},
		},
	})
}

func TestAccAccessKey_disappears(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{
				Config:             env.Config(configKey("ci", "")),
				ConfigStateChecks:  []statecheck.StateCheck{deleteKey{env}},
				ExpectNonEmptyPlan: true,
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PostApplyPostRefresh: []plancheck.PlanCheck{action(plancheck.ResourceActionDestroyBeforeCreate)},
				},
			},
			{
				Config:           env.Config(configKey("ci", "")),
				ConfigPlanChecks: planned(action(plancheck.ResourceActionDestroyBeforeCreate)),
			},
		},
	})
}

// deleteKey deletes the user's keys in the console, a while after the apply.
type deleteKey struct{ env *acctest.Env }

// CheckState implements statecheck.StateCheck.
func (d deleteKey) CheckState(ctx context.Context, _ statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	d.env.Clock.Advance(time.Minute)
	keys, err := d.env.Client.ListAccessKeys(ctx, d.env.PrincipalName("ci"))
	for _, key := range keys {
		if err == nil {
			err = d.env.Client.DeleteAccessKey(ctx, ramclient.AccessKeyRef{UserPrincipalName: d.env.PrincipalName("ci"), AccessKeyID: key.AccessKeyID})
		}
	}
	resp.Error = err
}

func TestAccAccessKey_invalidConfig(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	var steps []resource.TestStep
	for line, want := range map[string]string{
		`status = "Recycled"`:            `Attribute status value must be one of`,
		`on_destroy = "delete"`:          `Attribute on_destroy value must be one of`,
		`on_lost_answer = ""`:            `Attribute on_lost_answer value must be one of`,
		`rotate_when_changed = "always"`: `(?s)map of string\s+required`,
	} {
		steps = append(steps, resource.TestStep{Config: env.Config(configKey("ci", line)), ExpectError: regexp.MustCompile(want)})
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: env.Factories(), Steps: steps})
}

func TestAccAccessKey_noFreeSlot(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.UserKey(t, "ci")
	if _, err := env.Client.CreateAccessKey(t.Context(), env.PrincipalName("ci")); err != nil {
		t.Fatal(err)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{{
			Config:      env.Config(`resource "ram_access_key" "test" { user_name = "ci" }`),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(`(?s)no free slot.*LTAI.*LTAI.*disable one.*import.*another user`),
		}},
	})
}

// The answer is lost in a real run, and everything lags: one apply, then an empty plan.
func TestAccAccessKey_interrupted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{
				PreConfig:         func() { env.Emulator.Fail("CreateAccessKey", emulator.CommitThenReset()) },
				Config:            env.Config(configKey("ci", `status = "Inactive"`)),
				ConfigStateChecks: []statecheck.StateCheck{inState("status", knownvalue.StringExact("Inactive"))},
			},
			{Config: env.Config(configKey("ci", `status = "Inactive"`)), ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan())},
		},
	})
}

// A tainted key is replaced, though its plan looks like that of a first one.
func TestAccAccessKey_tainted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	differs := statecheck.CompareValue(compare.ValuesDiffer())
	id := func() statecheck.StateCheck { return differs.AddStateValue(address, tfjsonpath.New("access_key_id")) }
	key := `resource "ram_access_key" "test" { user_name = "ci" }`
	env.UserKey(t, "ci")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{Config: env.Config(key), ConfigStateChecks: []statecheck.StateCheck{id()}},
			{
				Taint: []string{address}, Config: env.Config(key),
				ConfigPlanChecks:  planned(action(plancheck.ResourceActionDestroyBeforeCreate)),
				ConfigStateChecks: []statecheck.StateCheck{id()},
			},
		},
	})
}
