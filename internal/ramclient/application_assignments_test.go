package ramclient

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	ciUsesCLI  = ApplicationAssignment{someAppID, AssigneeUser, "ci@example.onaliyun.com"}
	opsUsesCLI = ApplicationAssignment{someAppID, AssigneeRole, "ops"}
)

var applicationAssignmentTests = map[string]operationTest{
	"assign an application to a user": {
		OpCreateApplicationAssignment, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.CreateApplicationAssignment(ctx, ciUsesCLI))
		},
		"AppId=4000000000000000001&PrincipalName=ci%40example.onaliyun.com&PrincipalType=user", "", `{}`, nil,
	},
	"assign an application to a role": {
		OpCreateApplicationAssignment, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.CreateApplicationAssignment(ctx, opsUsesCLI))
		},
		"AppId=4000000000000000001&PrincipalName=ops&PrincipalType=role", "", `{}`, nil,
	},
	"take an application away": {
		OpDeleteApplicationAssignment, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DeleteApplicationAssignment(ctx, opsUsesCLI))
		},
		"AppId=4000000000000000001&PrincipalName=ops&PrincipalType=role", "", `{}`, nil,
	},
	"assignments of an application": {
		OpListApplicationAssignments, func(ctx context.Context, c *Client) (any, error) {
			return all(c.ListApplicationAssignments(ctx, someAppID))
		},
		"AppId=4000000000000000001", "",
		`{"ApplicationAssignments":{"ApplicationAssignment":[{"PrincipalType":"user","PrincipalName":"ci@example.onaliyun.com"},
		{"PrincipalType":"role","PrincipalName":"ops"}]}}`,
		[]ApplicationAssignment{ciUsesCLI, opsUsesCLI},
	},
}

func TestShapesOfApplicationAssignments(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer string
		want   []ApplicationAssignment
		err    string // after "the answer cannot be used: "
	}{
		"wrapped": {answer: `{"ApplicationAssignments":{"ApplicationAssignment":[{"AppId":"4000000000000000001","PrincipalType":"role","PrincipalName":"ops"}]}}`, want: []ApplicationAssignment{opsUsesCLI}},
		"a bare list in capitals": {
			answer: `{"ApplicationAssignments":[{"PrincipalType":"Role","PrincipalName":"ops","PrincipalId":"3","CreateDate":1767323045}]}`,
			want:   []ApplicationAssignment{opsUsesCLI},
		},
		"lower-case names":            {answer: `{"applicationAssignments":[{"principalType":"USER","principalName":"ci@example.onaliyun.com"}]}`, want: []ApplicationAssignment{ciUsesCLI}},
		"wrapped and empty":           {answer: `{"ApplicationAssignments":{"ApplicationAssignment":[]}}`},
		"bare and empty":              {answer: `{"ApplicationAssignments":[]}`},
		"null":                        {answer: `{"ApplicationAssignments":null}`},
		"truncated false":             {answer: `{"IsTruncated":false,"Marker":"","NextToken":"","ApplicationAssignments":[]}`},
		"nothing":                     {answer: `{}`, err: "it has no ApplicationAssignments"},
		"another name":                {answer: `{"Assignments":{"Assignment":[]}}`, err: "it has no ApplicationAssignments"},
		"another name in the wrapper": {answer: `{"ApplicationAssignments":{"Assignment":[]}}`, err: "it has no ApplicationAssignments"},
		"no name of a principal":      {answer: `{"ApplicationAssignments":[{"PrincipalType":"user","PrincipalId":"2"}]}`, err: "it has no PrincipalName in an item"},
		"no type of a principal":      {answer: `{"ApplicationAssignments":[{"PrincipalName":"ops"}]}`, err: "it has no PrincipalType in an item"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := newFake(t, map[string]func(request) string{"ListApplicationAssignments": always(withRequestID(test.answer))})
			got, err := collect(service.client().ListApplicationAssignments(t.Context(), someAppID))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			var failure *rpc.Error
			if errors.As(err, &failure) != (test.err != "") || failure != nil && failure.Message != "the answer cannot be used: "+test.err {
				t.Errorf("got %v, want %q", err, test.err)
			}
		})
	}
}

func TestPagesOfApplicationAssignments(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		first string // what the first page says of the next one
		want  url.Values
		err   string
	}{
		"by marker":              {`"IsTruncated":true,"Marker":"m 2"`, url.Values{"AppId": {someAppID}, "Marker": {"m 2"}}, ""},
		"by token":               {`"NextToken":"t 2","MaxResults":1`, url.Values{"AppId": {someAppID}, "NextToken": {"t 2"}}, ""},
		"by token and truncated": {`"IsTruncated":true,"NextToken":"t2"`, url.Values{"AppId": {someAppID}, "NextToken": {"t2"}}, ""},
		"cut off":                {`"IsTruncated":true`, nil, "ListApplicationAssignments: the service says that there are more pages but gives no marker"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			item := `[{"PrincipalType":"role","PrincipalName":"ops"}]`
			service := newFake(t, map[string]func(request) string{"ListApplicationAssignments": func(r request) string {
				if len(r.Query) > 1 {
					return `{"RequestId":"R","ApplicationAssignments":` + item + `}`
				}
				return `{"RequestId":"R",` + test.first + `,"ApplicationAssignments":` + item + `}`
			}})
			list := service.client().ListApplicationAssignments(t.Context(), someAppID)
			for range 2 { // an iterator can be used again
				got, err := collect(list)
				if test.err != "" {
					if err == nil || err.Error() != test.err {
						t.Errorf("got %v, want %s", err, test.err)
					}
					continue
				}
				if diff := cmp.Diff([]ApplicationAssignment{opsUsesCLI, opsUsesCLI}, got); diff != "" || err != nil {
					t.Errorf("(-want +got)\n%s%v", diff, err)
				}
				sent := service.sent()
				if diff := cmp.Diff(test.want, sent[len(sent)-1].Query); diff != "" {
					t.Errorf("second request (-want +got)\n%s", diff)
				}
			}
		})
	}
}

func TestSamePrincipal(t *testing.T) {
	t.Parallel()
	user := func(name string) ApplicationAssignment {
		return ApplicationAssignment{PrincipalType: AssigneeUser, PrincipalName: name}
	}
	role := func(name string) ApplicationAssignment {
		return ApplicationAssignment{PrincipalType: AssigneeRole, PrincipalName: name}
	}
	tests := map[string]struct {
		a, b ApplicationAssignment
		want bool
	}{
		"the same user":              {user("ci@example.onaliyun.com"), user("ci@example.onaliyun.com"), true},
		"alias and account id":       {user("ci@example.onaliyun.com"), user("ci@1000000000000001.onaliyun.com"), true},
		"another case of the domain": {user("ci@other.onaliyun.com"), user("ci@Other.OnAliyun.com"), true},
		"another case of the name":   {user("ci@example.onaliyun.com"), user("CI@example.onaliyun.com"), true},
		"another name":               {user("ci@example.onaliyun.com"), user("cd@1000000000000001.onaliyun.com"), false},
		"no domain":                  {user("ci@example.onaliyun.com"), user("ci"), true},
		"the same role":              {role("ops"), role("ops"), true},
		"another case of the role":   {role("Ops"), role("ops"), true},
		"another role":               {role("ops"), role("dev"), false},
		"a user named like a role":   {role("ops"), user("ops"), false},
		"without any domain":         {user("ci"), user("ci"), true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.a.SamePrincipal(test.b); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}
