package account_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type attributes = map[string]any

func TestAccCallerIdentity_basic(t *testing.T) {
	t.Parallel()
	env := acctest.Anywhere(t)
	const address = "data.ram_caller_identity.test"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{{
			Config: env.Config(`data "ram_caller_identity" "test" {}`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("account_id"), knownvalue.StringExact(env.AccountID)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("arn"), knownvalue.StringRegexp(regexp.MustCompile("^acs:ram::"+env.AccountID+":"))),
			},
		}},
	})
}

func TestCallerIdentity_ofEachKind(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	ctx := t.Context()
	admin, err := env.Client.GetUser(ctx, ramclient.GetUserInput{UserPrincipalName: env.PrincipalName("terraform")})
	if err != nil {
		t.Fatal(err)
	}
	role, err := env.Client.CreateRole(ctx, ramclient.CreateRoleInput{
		RoleName:                 "demo",
		AssumeRolePolicyDocument: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::` + env.AccountID + `:root"}}]}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	root := env.Emulator.Accounts()[0].RootKey
	masked := func(id string) string { return id[:4] + "****" + id[len(id)-4:] }
	byArgument := "provider argument access_key_id (" + masked(env.Admin.ID) + ")"

	tests := map[string]struct{ arguments, want attributes }{
		"a user": {
			want: attributes{
				"account_id": env.AccountID, "arn": "acs:ram::" + env.AccountID + ":user/terraform", "identity_type": "RAMUser",
				"principal_id": admin.UserID, "user_id": admin.UserID, "role_id": nil, "credential_source": byArgument,
			},
		},
		"the account": {
			arguments: attributes{"access_key_id": root.ID, "access_key_secret": root.Secret},
			want: attributes{
				"account_id": env.AccountID, "arn": "acs:ram::" + env.AccountID + ":root", "identity_type": "Account",
				"principal_id": env.AccountID, "user_id": env.AccountID, "role_id": nil,
				"credential_source": "provider argument access_key_id (" + masked(root.ID) + ")",
			},
		},
		"a role": {
			arguments: attributes{"assume_role": []any{attributes{"role_arn": role.ARN, "role_session_name": "ci"}}},
			want: attributes{
				"account_id": env.AccountID, "arn": "acs:ram::" + env.AccountID + ":assumed-role/demo/ci", "identity_type": "AssumedRoleUser",
				"principal_id": role.RoleID + ":ci", "user_id": nil, "role_id": role.RoleID,
				"credential_source": role.ARN + " assumed by " + byArgument,
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, diags := env.Protocol(t, test.arguments).ReadData("ram_caller_identity", attributes{})
			if diags.HasError() {
				t.Fatal(diags.Errors())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("attributes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCallerIdentity_needsNoPermissionAndOneCall(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.As(env.Allowed(t, "nobody"))
	env.Emulator.ResetRequests()
	p := env.Protocol(t, nil)
	for range 3 {
		if _, diags := p.ReadData("ram_caller_identity", attributes{}); diags.HasError() {
			t.Fatal(diags.Errors())
		}
	}
	if got := env.Emulator.Total(); got != 1 || env.Emulator.Count("GetCallerIdentity") != 1 {
		t.Errorf("three reads made %d calls, want one GetCallerIdentity", got)
	}
}
