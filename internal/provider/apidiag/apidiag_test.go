package apidiag_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

func TestErrorTexts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want string
	}{
		"refused, with advice": {
			&rpc.Error{Action: "CreateAccessKey", Code: "LimitExceeded.User.AccessKey", Message: "The maximum is 2.", HTTPStatus: 409, RequestID: "R-1"},
			`The service answered LimitExceeded.User.AccessKey: The maximum is 2.
Next step: delete or disable and recycle an AccessKey of this user that is no longer used, then apply again.
Action: CreateAccessKey  HTTP: 409  RequestId: R-1`,
		},
		"unknown code: the service's words and no advice": {
			&rpc.Error{Action: "GetRole", Code: "Brand.New", Message: "Something else.", HTTPStatus: 400, RequestID: "R-2"},
			`The service answered Brand.New: Something else.
Action: GetRole  HTTP: 400  RequestId: R-2`,
		},
		"advice for the family of a code": {
			&rpc.Error{Action: "GetRole", Code: "Throttling.User", Message: "Slow down.", HTTPStatus: 400, RequestID: "R-3", Attempts: 9},
			`The service answered Throttling.User: Slow down.
Next step: apply again; if it keeps happening, something else uses up the account's request quota: lower max_requests_per_second or terraform's -parallelism.
Action: GetRole  HTTP: 400  RequestId: R-3  Attempts: 9`,
		},
		"a missing permission is spelled out": {
			&rpc.Error{
				Action: "CreateUser", Code: "NoPermission", Message: "No.", HTTPStatus: 403, RequestID: "R-4",
				AccessDenied: &rpc.AccessDeniedDetail{
					AuthAction: "ram:CreateUser", AuthPrincipalType: "SubUser", AuthPrincipalDisplayName: "ci", AuthPrincipalOwnerID: "1000000000000001",
					NoPermissionType: "ImplicitDeny", PolicyType: "AccountLevelIdentityBasedPolicy", EncodedDiagnosticMessage: "AQ==",
				},
			},
			`The service answered NoPermission: No.
Missing permission: ram:CreateUser
Principal: SubUser ci of account 1000000000000001
Denied by: ImplicitDeny AccountLevelIdentityBasedPolicy
Diagnostic message (decode with: aliyun ram DecodeDiagnosticMessage --EncodedDiagnosticMessage …): AQ==
Next step: allow the missing permission to the caller; the documentation page of each resource lists what it needs.
Action: CreateUser  HTTP: 403  RequestId: R-4`,
		},
		"no answer, maybe acted": {
			&rpc.Error{Action: "CreateRole", Message: "connection reset by peer", Host: "ram.example.com", Ambiguous: true},
			`There was no usable answer from ram.example.com: connection reset by peer
The request may have taken effect all the same, since no answer that could be trusted came back.
Next step: check that ram.example.com is the right endpoint and can be reached from here (endpoints, http_proxy), then apply again.
Action: CreateRole`,
		},
		"a code without words": {
			&rpc.Error{Action: "GetRole", Code: "SignatureDoesNotMatch", HTTPStatus: 400, RequestID: "R-5"},
			`The service answered SignatureDoesNotMatch.
Next step: check the AccessKey secret, which does not belong to this AccessKey ID. (The service's message is not shown, because it repeats every parameter.)
Action: GetRole  HTTP: 400  RequestId: R-5`,
		},
		"not of the service": {errors.New("credentials: the file is gone"), "credentials: the file is gone"},
		"cancelled":          {fmt.Errorf("wait: %w", context.Canceled), "The run was cancelled before the service answered."},
		"wrapped":            {fmt.Errorf("wrapped: %w", &rpc.Error{Action: "A", Code: "C", Message: "M."}), "The service answered C: M.\nAction: A"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diagnostic := apidiag.Error(`do it to "x"`, test.err)
			if got, want := diagnostic.Summary(), `Cannot do it to "x"`; got != want {
				t.Errorf("summary %q, want %q", got, want)
			}
			if diff := cmp.Diff(test.want, diagnostic.Detail()); diff != "" {
				t.Errorf("detail (-want +got):\n%s", diff)
			}
		})
	}
}

// The same word means something else where a role is assumed.
func TestNextStepsWhereARoleIsAssumed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ action, code, want string }{
		{"AssumeRole", "NoPermission", "trust policy name the caller"},
		{"AssumeRole", "NoPermission.Role", "trust policy name the caller"},
		{"CreateUser", "NoPermission", "allow the missing permission to the caller"},
		{"AssumeRole", "EntityNotExist.Role", "the role ARN and its account"},
		{"AssumeRole", "InvalidParameter.RoleArn", "acs:ram::<account id>:role/<role name>"},
		{"AssumeRole", "InvalidParameter.RoleSessionName", "role_session_name"},
		{"AssumeRole", "InvalidParameter.PolicyGrammar", "correct policy"},
		{"AssumeRole", "InvalidParameter.PolicySize", "2048 characters"},
		{"AssumeRole", "InvalidParameter.DurationSeconds", "max_session_duration"},
		{"AssumeRole", "Throttling.User", "request quota"},
		{"AssumeRole", "InvalidSecurityToken.Expired", "get a new security token"},
		{"AssumeRoleWithOIDC", "InvalidParameter.DurationSeconds", "max_session_duration"},
		{"AssumeRoleWithOIDC", "EntityNotExist.Role", "the role ARN and its account"},
		{"AssumeRoleWithOIDC", "AuthenticationFail.NoPermission", "oidc:iss, oidc:aud, oidc:sub"},
		{"AssumeRoleWithOIDC", "AuthenticationFail.OIDCToken.AudienceNotMatch", "client IDs of the OIDC provider"},
		{"AssumeRoleWithOIDC", "AuthenticationFail.OIDCToken.Expired", "token_file"},
		{"AssumeRoleWithOIDC", "AuthenticationFail.OIDCToken.Invalid", "check that the token is complete"},
		{"AssumeRoleWithOIDC", "AuthenticationFail.OIDCToken.InvalidSignature", "publish the key that signed it"},
		{"AssumeRoleWithOIDC", "AuthenticationFail.OIDCToken.HttpsUrlInvalid", "the chain must be complete"},
		{"AssumeRoleWithOIDC", "AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch", "fingerprint of the issuer's present certificate"},
		{"AssumeRoleWithOIDC", "AuthenticationFail.OIDCToken.Brand.New", "check the OIDC token, the OIDC provider"},
	} {
		detail := apidiag.Detail(&rpc.Error{Action: test.action, Code: test.code, Message: "No.", HTTPStatus: 401, RequestID: "R-1"})
		_, step, found := strings.Cut(detail, "\nNext step: ")
		step, _, _ = strings.Cut(step, "\n")
		if !found || !strings.Contains(step, test.want) {
			t.Errorf("%s, %s: the next step is %q, want one with %q", test.action, test.code, step, test.want)
		}
	}
	if detail := apidiag.Detail(&rpc.Error{Action: "AssumeRoleWithOIDC", Code: "Brand.New", Message: "No."}); strings.Contains(detail, "Next step") {
		t.Errorf("advice for a code that nobody knows: %s", detail)
	}
}

func TestCreateErrorShowsHowToImport(t *testing.T) {
	t.Parallel()
	taken := &rpc.Error{Action: "CreateRole", Code: "EntityAlreadyExists.Role", Message: "Taken.", HTTPStatus: 409}
	detail := apidiag.CreateError(`RAM role "x"`, "ram_role", "x", taken).Detail()
	if want := "import {\n  to = ram_role.<name of the resource>\n  id = \"x\"\n}"; !strings.HasSuffix(detail, want) {
		t.Errorf("the detail does not end with the import block:\n%s", detail)
	}
	other := apidiag.CreateError(`RAM role "x"`, "ram_role", "x", errors.New("no"))
	if strings.Contains(other.Detail(), "import") {
		t.Errorf("an import is offered for an error that does not call for it: %s", other.Detail())
	}
}
