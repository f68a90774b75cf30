package session_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/session"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

const assumeRole = "ram_assume_role"

// newRole makes the role operator, which the account's users may assume with the
// external id, if one is given, and which may administer the account.
func newRole(t *testing.T, env *acctest.Env, externalID string) ramclient.Role {
	t.Helper()
	condition := ""
	if externalID != "" {
		condition = fmt.Sprintf(`,"Condition":{"StringEquals":{"sts:ExternalId":%q}}`, externalID)
	}
	role, err := env.Client.CreateRole(t.Context(), ramclient.CreateRoleInput{
		RoleName: "operator", MaxSessionDuration: 7200,
		AssumeRolePolicyDocument: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::` + env.AccountID + `:root"}` + condition + `}]}`,
	})
	acctest.Must(t, err)
	acctest.Must(t, env.Client.AttachPolicyToRole(t.Context(), ramclient.RolePolicy{
		PolicyType: ramclient.PolicySystem, PolicyName: "AdministratorAccess", RoleName: "operator",
	}))
	env.Emulator.ResetRequests()
	return role
}

// clientOf signs with the session.
func clientOf(env *acctest.Env, got attributes) *ramclient.Client {
	return ramclient.New(ramclient.Config{
		Credentials: held{
			AccessKeyID:     got["access_key_id"].(string),
			AccessKeySecret: rpc.NewSecret(got["access_key_secret"].(string)),
			SecurityToken:   rpc.NewSecret(got["security_token"].(string)),
		},
		Endpoints: ramclient.Endpoints{RAM: env.URL, STS: env.URL},
		Clock:     env.Clock,
	})
}

// held are credentials that somebody was handed.
type held rpc.Credentials

func (h held) Credentials(context.Context) (rpc.Credentials, error) { return rpc.Credentials(h), nil }

// Terraform opens an ephemeral resource once in a plan and again in the apply. Each
// opens a session and makes nothing else.
func TestAccAssumeRole_basic(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	role := newRole(t, env, "")
	data := tfjsonpath.New("data")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: withEcho(env),
		Steps: []resource.TestStep{{
			Config: env.Config(fmt.Sprintf("ephemeral \"ram_assume_role\" \"test\" {\n  role_arn = %q\n}\n", role.ARN) + echoOf("ephemeral.ram_assume_role.test")),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("echo.test", data.AtMapKey("account_id"), knownvalue.StringExact(env.AccountID)),
				statecheck.ExpectKnownValue("echo.test", data.AtMapKey("assumed_role_arn"), knownvalue.StringExact(role.ARN+"/terraform")),
			},
		}},
	})
	for _, request := range env.Emulator.Requests() {
		if request.Operation != "AssumeRole" && request.Operation != "GetCallerIdentity" {
			t.Errorf("unexpected call of %s", request.Operation)
		}
	}
}

func TestAssumeRole_attributes(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	role := newRole(t, env, "partner-7")
	p := env.Protocol(t, nil)
	got, diags := p.Open(assumeRole, attributes{
		"role_arn": role.ARN, "role_session_name": "ci@example", "duration_seconds": 900, "external_id": "partner-7",
	})
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	caller, err := clientOf(env, got).GetCallerIdentity(t.Context())
	acctest.Must(t, err)
	if caller.PrincipalID != got["assumed_role_id"] {
		t.Errorf("the session is %s, the attributes say %s", caller.PrincipalID, got["assumed_role_id"])
	}
	for _, secret := range []string{"access_key_id", "access_key_secret", "security_token"} {
		delete(got, secret)
	}
	want := attributes{
		"role_arn": role.ARN, "role_session_name": "ci@example", "duration_seconds": 900.0, "external_id": "partner-7", "policy": nil,
		"expiration":       acctest.Start.Add(15 * time.Minute).Format(time.RFC3339),
		"assumed_role_arn": role.ARN + "/ci@example",
		"assumed_role_id":  role.RoleID + ":ci@example", "account_id": env.AccountID,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
}

func TestAssumeRole_policyNarrowsTheSession(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	role := newRole(t, env, "")
	got, diags := env.Protocol(t, nil).Open(assumeRole, attributes{
		"role_arn": role.ARN,
		"policy":   `{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:GetRole","Resource":"*"}]}`,
	})
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	client := clientOf(env, got)
	if _, err := client.GetRole(t.Context(), "operator"); err != nil {
		t.Errorf("what the policy allows fails: %v", err)
	}
	if err := client.DeleteRole(t.Context(), "operator"); !ramclient.IsNoPermission(err) {
		t.Errorf("what the policy does not allow ends with %v, want NoPermission", err)
	}
}

// Each opening is a session of its own; only the first asks who the caller is.
func TestAssumeRole_calls(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	role := newRole(t, env, "")
	p := env.Protocol(t, nil)
	seen := map[any]bool{}
	for range 3 {
		got, diags := p.Open(assumeRole, attributes{"role_arn": role.ARN})
		if diags.HasError() {
			t.Fatal(diags.Errors())
		}
		seen[got["access_key_id"]] = true
	}
	if identities, sessions := env.Emulator.Count("GetCallerIdentity"), env.Emulator.Count("AssumeRole"); len(seen) != 3 || identities != 1 || sessions != 3 || env.Emulator.Total() != 4 {
		t.Errorf("%d sessions by %d calls, %d of AssumeRole and %d of GetCallerIdentity; want 3 by 4, 3 and 1", len(seen), env.Emulator.Total(), sessions, identities)
	}
}

// One more session harms nobody, so a lost answer is asked for again.
func TestAssumeRole_lostAnswer(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	role := newRole(t, env, "")
	env.Emulator.Fail("AssumeRole", emulator.CommitThenReset(), emulator.CommitThen500())
	if _, diags := env.Protocol(t, nil).Open(assumeRole, attributes{"role_arn": role.ARN}); diags.HasError() {
		t.Error(diags.Errors())
	}
}

func TestAssumeRole_errors(t *testing.T) {
	t.Parallel()
	const otherAccount = "1000000000000099"
	tests := map[string]struct {
		arguments, config attributes // in which ROLE and ACCOUNT are filled in
		want              []string
		uncalled          bool // no session was asked for
	}{
		"no such role":      {nil, attributes{"role_arn": "acs:ram::ACCOUNT:role/missing"}, []string{"Cannot assume the role acs:ram::", "EntityNotExist.Role", "Next step: check the role name", "RequestId: "}, false},
		"no external id":    {nil, attributes{"role_arn": "ROLE"}, []string{"NoPermission", "let the role's trust policy name the caller"}, false},
		"wrong external id": {nil, attributes{"role_arn": "ROLE", "external_id": "partner-8"}, []string{"NoPermission"}, false},
		"too long for role": {nil, attributes{"role_arn": "ROLE", "external_id": "partner-7", "duration_seconds": 7201}, []string{"InvalidParameter.DurationSeconds", "lower duration_seconds"}, false},
		"no ARN":            {nil, attributes{"role_arn": "operator"}, []string{`"operator" is no role ARN`}, true},
		"bad session name":  {nil, attributes{"role_arn": "ROLE", "role_session_name": "a b"}, []string{"is no role session name"}, true},
		"too short":         {nil, attributes{"role_arn": "ROLE", "duration_seconds": 899}, []string{"must be between 900 and 43200"}, true},
		"bad policy":        {nil, attributes{"role_arn": "ROLE", "policy": "{"}, []string{"policy"}, true},
		"bad external id":   {nil, attributes{"role_arn": "ROLE", "external_id": "ü"}, []string{"must have 2 to 1224 letters"}, true},
		"caller not allowed": {
			attributes{"forbidden_account_ids": []any{"ACCOUNT"}}, attributes{"role_arn": "ROLE"}, []string{"Wrong Alibaba Cloud account", "The credentials of the provider"}, true,
		},
		"role not allowed": {
			attributes{"allowed_account_ids": []any{"ACCOUNT"}},
			attributes{"role_arn": "acs:ram::" + otherAccount + ":role/operator"},
			[]string{"Wrong Alibaba Cloud account", "belongs to account " + otherAccount, "It was not assumed"},
			true,
		},
		"role forbidden": {
			attributes{"forbidden_account_ids": []any{otherAccount}},
			attributes{"role_arn": "acs:ram::" + otherAccount + ":role/operator"},
			[]string{"Wrong Alibaba Cloud account"},
			true,
		},
		"credentials unknown": {attributes{"access_key_id": acctest.Unknown}, attributes{"role_arn": "ROLE"}, []string{"configuration is not known yet"}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			role := newRole(t, env, "partner-7")
			fill := func(in attributes) attributes {
				out := attributes{}
				for key, value := range in {
					switch value := value.(type) {
					case string:
						out[key] = strings.NewReplacer("ROLE", role.ARN, "ACCOUNT", env.AccountID).Replace(value)
					case []any:
						out[key] = []any{strings.ReplaceAll(value[0].(string), "ACCOUNT", env.AccountID)}
					default:
						out[key] = value
					}
				}
				return out
			}
			got, diags := env.Protocol(t, fill(test.arguments)).Open(assumeRole, fill(test.config))
			errs := diags.Errors()
			if len(errs) != 1 || got != nil {
				t.Fatalf("got %v and errors %q, want one error", got, errs)
			}
			for _, part := range test.want {
				if !strings.Contains(errs[0], part) {
					t.Errorf("the error lacks %q: %s", part, errs[0])
				}
			}
			if called := env.Emulator.Count("AssumeRole") > 0; called == test.uncalled {
				t.Errorf("AssumeRole was called: %t, want %t", called, !test.uncalled)
			}
		})
	}
}

func TestAssumeRole_permissions(t *testing.T) {
	t.Parallel()
	declared := session.NewAssumeRole().(permission.Declarer).Permissions().Read
	env := acctest.New(t)
	role := newRole(t, env, "")
	for name, operations := range map[string][]rpc.Operation{"allowed": declared, "denied": nil} {
		env.As(env.Allowed(t, name, operations...))
		_, diags := env.Protocol(t, nil).Open(assumeRole, attributes{"role_arn": role.ARN})
		if failed := diags.HasError(); failed != (name == "denied") {
			t.Errorf("user %s: errors %q", name, diags.Errors())
		}
	}
}
