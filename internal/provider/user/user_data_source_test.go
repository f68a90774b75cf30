package user_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	userresource "github.com/ramprovider/terraform-provider-ram/internal/provider/user"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

func TestAccUserDataSource_basic(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{{
			Config: env.Config(configUser("ci", everything) + `
data "ram_user" "by_name" { name = ram_user.test.name }
data "ram_user" "by_id" { user_id = ram_user.test.user_id }
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.ram_user.by_name", tfjsonpath.New("email"), knownvalue.StringExact("ci@example.com")),
				statecheck.ExpectKnownValue("data.ram_user.by_id", tfjsonpath.New("name"), knownvalue.StringExact("ci")),
			},
		}},
	})
}

func TestAccUserDataSource_invalidConfig(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	for name, lines := range map[string]string{
		"neither": "",
		"both":    `name = "ci"` + "\n" + `user_id = "200000000000000001"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: env.Factories(),
				Steps: []resource.TestStep{{
					Config:      env.Config("data \"ram_user\" \"test\" {\n" + lines + "\n}\n"),
					ExpectError: regexp.MustCompile(`\[name,user_id\]`),
				}},
			})
		})
	}
}

func TestUserDataSource_attributes(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, attributes{"ignore_tags": attributes{"keys": []string{"hidden"}}})
	made, err := env.Client.CreateUser(t.Context(), ramclient.CreateUserInput{
		UserPrincipalName: env.PrincipalName("ci"), DisplayName: "CI", Email: "ci@example.com", Tags: ramclient.Tags{"team": "a", "hidden": "1"},
	})
	acctest.Must(t, err)
	want := attributes{
		"name": "ci", "user_id": made.UserID, "principal_name": env.PrincipalName("ci"), "display_name": "CI",
		"comments": nil, "email": "ci@example.com", "mobile_phone": nil, "tags": attributes{"team": "a"},
		"arn": "acs:ram::" + env.AccountID + ":user/ci", "provision_type": "Manual",
		"create_date": "2026-01-02T03:04:05Z", "update_date": "2026-01-02T03:04:05Z", "last_login_date": nil,
		"account_id": env.AccountID,
	}
	for _, config := range []attributes{{"name": "ci"}, {"user_id": made.UserID}} {
		got, diags := p.ReadData("ram_user", config)
		if diff := cmp.Diff(want, got); diff != "" || diags.HasError() {
			t.Errorf("%v: errors %q (-want +got):\n%s", config, diags.Errors(), diff)
		}
	}
}

func TestUserDataSource_notFound(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	_, diags := p.ReadData("ram_user", attributes{"name": "nobody"})
	acctest.RequireOne(t, diags.Errors(), `Cannot read RAM user "nobody"`, "EntityNotExist.User", "Next step: check the user name", "RequestId: ")
	_, diags = p.ReadData("ram_user", attributes{"user_id": "299999999999999999"})
	acctest.RequireOne(t, diags.Errors(), "Cannot read RAM user with ID 299999999999999999", "EntityNotExist.User")
}

func TestUserDataSource_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.MakeUser(t, "ci")
	table := userresource.NewDataSource().(permission.Declarer).Permissions()
	env.As(env.Allowed(t, "limited", table.Read...))
	if _, diags := env.Protocol(t, nil).ReadData("ram_user", attributes{"name": "ci"}); diags.HasError() {
		t.Errorf("with exactly the declared permissions: %q", diags.Errors())
	}
	env.As(env.Allowed(t, "nothing"))
	_, diags := env.Protocol(t, nil).ReadData("ram_user", attributes{"name": "ci"})
	acctest.RequireOne(t, diags.Errors(), "ram:GetUser", "RequestId: ")
}
