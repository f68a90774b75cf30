package ramclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

func at(text string) Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return Time{t}
}

func all[T any](list iter.Seq2[T, error]) (any, error) {
	items, err := collect(list)
	return items, err
}

func nothing(err error) (any, error) { return nil, err }

func value[T any](v T, err error) (any, error) { return v, err }

const (
	someUser = `"UserId":"200000000000000001","UserPrincipalName":"ci@example.onaliyun.com","DisplayName":"CI"`
	someRole = `"RoleId":"300000000000000001","RoleName":"ops","Arn":"acs:ram::1000000000000001:role/ops"`
)

var (
	ci      = User{UserID: "200000000000000001", UserPrincipalName: "ci@example.onaliyun.com", UserName: "ci", DisplayName: "CI"}
	ops     = Role{RoleID: "300000000000000001", RoleName: "ops", ARN: "acs:ram::1000000000000001:role/ops"}
	readOSS = PolicyRef{PolicyName: "ReadOSS", PolicyType: PolicyCustom}
	someKey = AccessKeyRef{UserPrincipalName: "ci@example.onaliyun.com", AccessKeyID: "LTAIexample000000000001"}
	binned  = RecycledAccessKeyRef{UserID: "200000000000000001", AccessKeyID: "LTAIexample000000000001"}
)

// operationTest is one call: what it sends, and what it makes of an answer. RequestId is
// added to the answer.
type operationTest struct {
	op          rpc.Operation
	call        func(context.Context, *Client) (any, error)
	query, body string
	answer      string
	want        any
}

// operationTests are the tests of all operations, which lie beside each area of the API.
var operationTests = joined(
	userTests, accessKeyTests, accessKeyPolicyTests, loginTests, groupTests, tagTests,
	roleTests, policyTests, attachmentTests, accountTests, securityPreferenceTests,
	oidcProviderTests, externalApplicationTests, applicationAssignmentTests, stsTests,
)

func joined(areas ...map[string]operationTest) map[string]operationTest {
	union := map[string]operationTest{}
	for _, tests := range areas {
		for name, test := range tests {
			if _, taken := union[name]; taken {
				panic("two tests are called " + name)
			}
			union[name] = test
		}
	}
	return union
}

func TestOperations(t *testing.T) {
	t.Parallel()
	for name, test := range operationTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := newFake(t, map[string]func(request) string{
				test.op.Name: always(withRequestID(test.answer)),
			})
			got, err := test.call(t.Context(), service.client())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmp.Comparer(func(a, b rpc.Secret) bool { return a == b })); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			want := []request{{test.op.Name, test.op.Version, query(t, test.query), query(t, test.body)}}
			if diff := cmp.Diff(want, service.sent(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("requests (-want +got)\n%s", diff)
			}
		})
	}
}

func withRequestID(answer string) string {
	if answer == "{}" {
		return `{"RequestId":"R"}`
	}
	return `{"RequestId":"R",` + strings.TrimPrefix(answer, "{")
}

func query(t *testing.T, encoded string) url.Values {
	t.Helper()
	values, err := url.ParseQuery(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func TestEveryOperationIsTestedAndDeclaredOnce(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for _, test := range operationTests {
		tested[test.op.Product+"."+test.op.Name] = true
	}
	seen := map[string]bool{}
	for _, op := range Operations() {
		key := op.Product + "." + op.Name
		if !tested[key] {
			t.Errorf("%s has no test", key)
		}
		if seen[key] {
			t.Errorf("%s is declared twice", key)
		}
		seen[key] = true
		if op.Version == "" || op.Retry == 0 || op.Rate == 0 {
			t.Errorf("%s is incomplete: %+v", key, op)
		}
		reads := strings.HasPrefix(op.Name, "Get") || strings.HasPrefix(op.Name, "List") || strings.HasPrefix(op.Name, "AssumeRole")
		if reads == op.Mutates {
			t.Errorf("%s: Mutates is %v", key, op.Mutates)
		}
		creates := strings.HasPrefix(op.Name, "Create") || strings.HasPrefix(op.Name, "Restore") || strings.HasPrefix(op.Name, "Provision")
		if creates != (op.Retry == rpc.RetryIfRejected) {
			t.Errorf("%s: Retry is %v", key, op.Retry)
		}
	}
}

// Whoever has the token needs no credentials, and none are sent.
func TestAssumeRoleWithOIDCNeedsNoCredentials(t *testing.T) {
	t.Parallel()
	service := newFake(t, map[string]func(request) string{OpAssumeRoleWithOIDC.Name: always(withRequestID(operationTests["assume a role with a token"].answer))})
	client := New(Config{Endpoints: Endpoints{STS: service.URL}, HTTPClient: service.Client(), Clock: clock.NewFake(start)})
	session, err := client.AssumeRoleWithOIDC(t.Context(), AssumeRoleWithOIDCInput{
		OIDCProviderARN: "acs:ram::1000000000000001:oidc-provider/ci", RoleARN: ops.ARN, OIDCToken: rpc.NewSecret("testtoken"), RoleSessionName: "s1",
	})
	if err != nil || session.Credentials.AccessKeyID != "STS.testid" {
		t.Errorf("got %q, %v, want STS.testid", session.Credentials.AccessKeyID, err)
	}
	if got := OpAssumeRoleWithOIDC.Permission(); got != "" || !OpAssumeRoleWithOIDC.Unsigned {
		t.Errorf("needs permission %q, unsigned is %t, want none and true", got, OpAssumeRoleWithOIDC.Unsigned)
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	for want, op := range map[string]rpc.Operation{
		"ram:CreateUser":            OpCreateUser,
		"ram:TagResources":          OpTagUsers,
		"ram:ListPolicyAttachments": OpListPolicyAttachments,
		"sts:AssumeRole":            OpAssumeRole,
		"":                          OpGetCallerIdentity,
	} {
		if got := op.Permission(); got != want {
			t.Errorf("%s: got %q, want %q", op.Name, got, want)
		}
	}
}

// An answer without what identifies the thing is worse than an error: it would be taken
// for an object without a name, or a key without a secret.
func TestIncompleteAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		call string
		want string
	}{
		"user":     {"get a user by id", "User.UserId"},
		"key":      {"create a key", "AccessKey.AccessKeyId"},
		"role":     {"get a role", "Role.RoleId"},
		"policy":   {"get a policy", "Policy.PolicyName"},
		"bin":      {"find a deleted key", "AccessKey.AccessKeyId"},
		"user bin": {"get a deleted user", "User.UserId"},
		"domain":   {"default domain", "DefaultDomainName"},
		"group":    {"get a group", "Group.GroupId"},
		"networks": {"network policy of a key", "AccessKeyPolicy"},
		"security": {"get the security preference", "SecurityPreference"},
		"OIDC":     {"get an OIDC provider", "OIDCProvider.OIDCProviderName"},
		"app":      {"get an application", "ExternalApplication.ForeignAppId"},
		"assigned": {"assignments of an application", "ApplicationAssignments"},
		"login":    {"get a login profile", "LoginProfile.UserPrincipalName"},
		"session":  {"assume a role", "Credentials.AccessKeyId"},
		"identity": {"who am I", "AccountId"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			operation := operationTests[test.call]
			service := newFake(t, map[string]func(request) string{operation.op.Name: always(`{"RequestId":"R"}`)})
			_, err := operation.call(t.Context(), service.client())
			var failure *rpc.Error
			if want := "the answer cannot be used: it has no " + test.want; !errors.As(err, &failure) || failure.Message != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

// Where the service takes the caller if nobody is named, a forgotten name must not
// reach it.
func TestNobodyIsNamed(t *testing.T) {
	t.Parallel()
	service := newFake(t, nil)
	c := service.client()
	calls := map[string]func() error{
		"CreateAccessKey": func() error { _, err := c.CreateAccessKey(t.Context(), ""); return err },
		"ListAccessKeys":  func() error { _, err := c.ListAccessKeys(t.Context(), ""); return err },
		"UpdateAccessKey": func() error { return c.UpdateAccessKey(t.Context(), AccessKeyRef{AccessKeyID: "k"}, AccessKeyInactive) },
		"DeleteAccessKey": func() error { return c.DeleteAccessKey(t.Context(), AccessKeyRef{AccessKeyID: "k"}) },
		"DeleteUser":      func() error { return c.DeleteUser(t.Context(), "") },
		"DeleteAccessKeyInRecycleBin": func() error {
			return c.DeleteAccessKeyInRecycleBin(t.Context(), RecycledAccessKeyRef{AccessKeyID: "k"})
		},
		"GetUser": func() error { _, err := c.GetUser(t.Context(), GetUserInput{}); return err },
		"GetUser twice": func() error {
			_, err := c.GetUser(t.Context(), GetUserInput{UserID: "1", UserPrincipalName: "n"})
			return err
		},
		"GetUserInRecycleBin": func() error { _, err := c.GetUserInRecycleBin(t.Context(), GetRecycledUserInput{}); return err },
		"GetAccessKeyPolicy": func() error {
			_, err := c.GetAccessKeyPolicy(t.Context(), AccessKeyRef{AccessKeyID: "k"})
			return err
		},
		"SetAccessKeyPolicy": func() error {
			_, err := c.SetAccessKeyPolicy(t.Context(), AccessKeyRef{AccessKeyID: "k"}, fromOffice)
			return err
		},
		"SetAccessKeyPolicy without a status": func() error {
			_, err := c.SetAccessKeyPolicy(t.Context(), someKey, AccessKeyPolicy{Statements: fromOffice.Statements})
			return err
		},
		"AddClientIDToOIDCProvider": func() error {
			_, err := c.AddClientIDToOIDCProvider(t.Context(), "gh", "")
			return err
		},
		"RemoveFingerprintFromOIDCProvider": func() error {
			_, err := c.RemoveFingerprintFromOIDCProvider(t.Context(), "gh", "")
			return err
		},
		"DeprovisionExternalApplication": func() error { return c.DeprovisionExternalApplication(t.Context(), "") },
		"CreateApplicationAssignment": func() error {
			return c.CreateApplicationAssignment(t.Context(), ApplicationAssignment{AppID: someAppID, PrincipalName: "ops"})
		},
		"DeleteApplicationAssignment": func() error {
			return c.DeleteApplicationAssignment(t.Context(), ApplicationAssignment{AppID: someAppID, PrincipalType: AssigneeRole})
		},
		"ListApplicationAssignments": func() error { _, err := collect(c.ListApplicationAssignments(t.Context(), "")); return err },
		"SetAccountAlias":            func() error { return c.SetAccountAlias(t.Context(), "") },
		"SetDefaultDomain":           func() error { return c.SetDefaultDomain(t.Context(), "") },
		"DeleteGroup":                func() error { return c.DeleteGroup(t.Context(), "") },
		"AddUserToGroup":             func() error { return c.AddUserToGroup(t.Context(), "", "dev") },
		"CreateLoginProfile":         func() error { _, err := c.CreateLoginProfile(t.Context(), CreateLoginProfileInput{}); return err },
		"UpdateLoginProfile":         func() error { _, err := c.UpdateLoginProfile(t.Context(), UpdateLoginProfileInput{}); return err },
		"UntagUsers":                 func() error { return c.UntagUsers(t.Context(), []string{"1"}, nil) },
	}
	for name, call := range calls {
		if err := call(); err == nil || errors.As(err, new(*rpc.Error)) {
			t.Errorf("%s: got %v, want a refusal before sending", name, err)
		}
	}
	if got := service.counts(); got != nil {
		t.Errorf("sent %v", got)
	}
}

func TestListsGoThroughAllPages(t *testing.T) {
	t.Parallel()
	service := newFake(t, map[string]func(request) string{
		"ListUsers": func(r request) string {
			if r.Query.Get("Marker") == "" {
				return `{"RequestId":"R","IsTruncated":true,"Marker":"m2","Users":{"User":[{"UserId":"1"}]}}`
			}
			return `{"RequestId":"R","IsTruncated":false,"Users":{"User":[{"UserId":"` + r.Query.Get("Marker") + `"}]}}`
		},
		"ListGroups": func(r request) string {
			if r.Query.Get("Marker") == "" {
				return `{"RequestId":"R","IsTruncated":true,"Marker":"m2","Groups":{"Group":[{"GroupName":"g1"}]}}`
			}
			return `{"RequestId":"R","Groups":{"Group":[{"GroupName":"g2 of ` + r.Query.Get("Marker") + `"}]}}`
		},
		"ListOIDCProviders": func(r request) string {
			if r.Query.Get("Marker") == "" {
				return `{"RequestId":"R","IsTruncated":true,"Marker":"m2","OIDCProviders":{"OIDCProvider":[{"OIDCProviderName":"p1"}]}}`
			}
			return `{"RequestId":"R","OIDCProviders":{"OIDCProvider":[{"OIDCProviderName":"p2 of ` + r.Query.Get("Marker") + `"}]}}`
		},
		"ListExternalApplications": func(r request) string {
			if r.Query.Get("Marker") == "" {
				return `{"RequestId":"R","IsTruncated":true,"Marker":"m2","ExternalApplications":{"ExternalApplication":[{"ForeignAppId":"1"}]}}`
			}
			return `{"RequestId":"R","ExternalApplications":{"ExternalApplication":[{"ForeignAppId":"2 of ` + r.Query.Get("Marker") + `"}]}}`
		},
		"ListUsersForGroup": func(r request) string {
			if r.Query.Get("Marker") == "" {
				return `{"RequestId":"R","IsTruncated":true,"Marker":"m2","Users":{"User":[{"UserId":"1"}]}}`
			}
			return `{"RequestId":"R","Users":{"User":[{"UserId":"2 of ` + r.Query.Get("GroupName") + `"}]}}`
		},
		"ListPolicyAttachments": func(r request) string {
			return `{"RequestId":"R","TotalCount":3,"PolicyAttachments":{"PolicyAttachment":[{"PolicyName":"p` + r.Query.Get("PageNumber") + `"}]}}`
		},
		"ListTagResources": func(r request) string {
			if r.Query.Get("NextToken") == "" {
				return `{"RequestId":"R","NextToken":"t","TagResources":[{"ResourceName":"a","TagKey":"1","TagValue":"x"}]}`
			}
			return `{"RequestId":"R","NextToken":"","TagResources":[{"ResourceName":"a","TagKey":"2","TagValue":"y"},{"ResourceName":"stranger"}]}`
		},
	})
	c := service.client()
	users, err := collect(c.ListUsers(t.Context()))
	if err != nil || len(users) != 2 || users[1].UserID != "m2" {
		t.Errorf("users: got %v, %v", users, err)
	}
	groups, err := collect(c.ListGroups(t.Context()))
	if diff := cmp.Diff([]Group{{GroupName: "g1"}, {GroupName: "g2 of m2"}}, groups); diff != "" || err != nil {
		t.Errorf("groups (-want +got)\n%s%v", diff, err)
	}
	members, err := collect(c.ListUsersForGroup(t.Context(), "dev"))
	if diff := cmp.Diff([]GroupMember{{UserID: "1"}, {UserID: "2 of dev"}}, members); diff != "" || err != nil {
		t.Errorf("members (-want +got)\n%s%v", diff, err)
	}
	providers, err := collect(c.ListOIDCProviders(t.Context()))
	if diff := cmp.Diff([]OIDCProvider{{OIDCProviderName: "p1"}, {OIDCProviderName: "p2 of m2"}}, providers); diff != "" || err != nil {
		t.Errorf("providers (-want +got)\n%s%v", diff, err)
	}
	applications, err := collect(c.ListExternalApplications(t.Context()))
	if diff := cmp.Diff([]ExternalApplication{{AppID: "1"}, {AppID: "2 of m2"}}, applications); diff != "" || err != nil {
		t.Errorf("applications (-want +got)\n%s%v", diff, err)
	}
	list := c.ListPolicyAttachments(t.Context(), ListPolicyAttachmentsInput{})
	for range 2 { // an iterator can be used again
		var names []string
		for attachment, err := range list {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, attachment.PolicyName)
		}
		if diff := cmp.Diff([]string{"p1", "p2", "p3"}, names); diff != "" {
			t.Errorf("attachments (-want +got)\n%s", diff)
		}
	}
	tags, err := c.ListTagResources(t.Context(), TaggedRole, []string{"a"})
	if diff := cmp.Diff(map[string]Tags{"a": {"1": "x", "2": "y"}}, tags); diff != "" || err != nil {
		t.Errorf("tags (-want +got)\n%s%v", diff, err)
	}
}

func TestErrorsAreHandedOn(t *testing.T) {
	t.Parallel()
	for name, test := range operationTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := newFake(t, map[string]func(request) string{test.op.Name: always(refusal(403, "NoPermission"))})
			if _, err := test.call(t.Context(), service.client()); !IsNoPermission(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// FuzzDecode puts any answer in the way of every operation: a value or an error must
// come back, and never a success that lacks what the operation promises.
func FuzzDecode(f *testing.F) {
	for _, test := range operationTests {
		f.Add(withRequestID(test.answer))
	}
	f.Add(`{"RequestId":"R","User":null,"Role":[],"Users":{"User":[null]}}`)
	f.Fuzz(func(t *testing.T, answer string) {
		client := New(Config{
			Credentials: testCredentials{}, Clock: clock.NewFake(start), MaxRetries: -1,
			HTTPClient: &http.Client{Transport: answering(answer)},
		})
		for name, test := range operationTests {
			got, err := test.call(t.Context(), client)
			if err != nil {
				continue
			}
			if !json.Valid([]byte(answer)) {
				t.Errorf("%s takes %q for %s", name, answer, fmt.Sprint(got))
			}
			if key, ok := got.(CreatedAccessKey); ok && key.AccessKeySecret.IsEmpty() {
				t.Errorf("a key without a secret from %q", answer)
			}
			if user, ok := got.(User); ok && user.UserID == "" {
				t.Errorf("a user without an id from %q", answer)
			}
			if assignments, ok := got.([]ApplicationAssignment); ok {
				for _, assignment := range assignments {
					if assignment.PrincipalName == "" {
						t.Errorf("an assignment to nobody from %q", answer)
					}
				}
			}
		}
	})
}

// answering gives every request the same answer, without a network.
type answering string

func (a answering) RoundTrip(*http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	_, _ = recorder.WriteString(string(a))
	return recorder.Result(), nil
}
