package ramclient

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var fromOffice = AccessKeyPolicy{AccessKeyPolicyActive, []AccessKeyPolicyStatement{
	{Type: NetworkPublic, IPList: []string{"203.0.113.1", "2001:db8::1"}},
	{Type: NetworkVPC, VPC: AllVPCs, IPList: []string{"172.16.0.0/16"}},
}}

const (
	fromOfficeText = `{"Status":"Active","Statements":[{"Type":"ClassicWhiteList","IPList":["203.0.113.1","2001:db8::1"]},` +
		`{"Type":"VPCWhiteList","Value":"AllowAllVPC","IPList":["172.16.0.0/16"]}]}`
	fromOfficeAnswer = `{"AccessKeyId":"LTAIexample000000000001","AccessKeyPolicy":"{\"Version\":1,\"Status\":\"Active\",\"Statements\":[` +
		`{\"Type\":\"ClassicWhiteList\",\"IPList\":[\"203.0.113.1\",\"2001:db8::1\"]},` +
		`{\"Type\":\"VPCWhiteList\",\"Value\":\"AllowAllVPC\",\"IPList\":[\"172.16.0.0/16\"]}]}"}`
	someKeyQuery = "UserAccessKeyId=LTAIexample000000000001&UserPrincipalName=ci%40example.onaliyun.com"
)

var accessKeyPolicyTests = map[string]operationTest{
	"network policy of a key": {
		OpGetAccessKeyPolicy, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetAccessKeyPolicy(ctx, someKey))
		},
		someKeyQuery, "", fromOfficeAnswer, fromOffice,
	},
	"no network policy": {
		OpGetAccessKeyPolicy, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetAccessKeyPolicy(ctx, someKey))
		},
		someKeyQuery, "", `{"AccessKeyId":"LTAIexample000000000001","AccessKeyPolicy":"{}"}`,
		AccessKeyPolicy{Status: AccessKeyPolicyInactive},
	},
	"set a network policy": {
		OpSetAccessKeyPolicy, func(ctx context.Context, c *Client) (any, error) {
			return value(c.SetAccessKeyPolicy(ctx, someKey, fromOffice))
		},
		someKeyQuery, "AccessKeyPolicy=" + fromOfficeText, fromOfficeAnswer, fromOffice,
	},
	"reset a network policy": {
		OpSetAccessKeyPolicy, func(ctx context.Context, c *Client) (any, error) {
			return value(c.SetAccessKeyPolicy(ctx, someKey, AccessKeyPolicy{Status: AccessKeyPolicyInactive}))
		},
		someKeyQuery, `AccessKeyPolicy={"Status":"Inactive","Statements":[]}`,
		`{"AccessKeyPolicy":"{\"Version\":1,\"Status\":\"Inactive\",\"Statements\":[]}"}`,
		AccessKeyPolicy{AccessKeyPolicyInactive, []AccessKeyPolicyStatement{}},
	},
	"set a network policy without addresses": {
		OpSetAccessKeyPolicy, func(ctx context.Context, c *Client) (any, error) {
			return value(c.SetAccessKeyPolicy(ctx, someKey, AccessKeyPolicy{AccessKeyPolicyActive, []AccessKeyPolicyStatement{{Type: NetworkVPC, VPC: "vpc-1"}}}))
		},
		someKeyQuery, `AccessKeyPolicy={"Status":"Active","Statements":[{"Type":"VPCWhiteList","Value":"vpc-1","IPList":[]}]}`,
		`{"AccessKeyPolicy":""}`,
		AccessKeyPolicy{Status: AccessKeyPolicyInactive},
	},
}

func TestAccessKeyPolicyDocuments(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		json string
		want AccessKeyPolicy
		err  bool
	}{
		"never set":          {`"{}"`, AccessKeyPolicy{Status: AccessKeyPolicyInactive}, false},
		"empty":              {`""`, AccessKeyPolicy{Status: AccessKeyPolicyInactive}, false},
		"a later version":    {`"{\"Version\":\"2\",\"Status\":\"Active\"}"`, AccessKeyPolicy{Status: AccessKeyPolicyActive}, false},
		"an object, no text": {`{"Status":"Active"}`, AccessKeyPolicy{}, true},
		"no document":        {`"Active"`, AccessKeyPolicy{}, true},
		"another shape":      {`"{\"Statements\":{}}"`, AccessKeyPolicy{}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got AccessKeyPolicy
			err := json.Unmarshal([]byte(test.json), &got)
			if diff := cmp.Diff(test.want, got); diff != "" || (err != nil) != test.err {
				t.Errorf("(-want +got)\n%s\nerror: got %v, want %t", diff, err, test.err)
			}
		})
	}
}

// The caller's policy may be in use elsewhere.
func TestSetAccessKeyPolicyLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	service := newFake(t, map[string]func(request) string{"SetAccessKeyPolicy": always(withRequestID(fromOfficeAnswer))})
	policy := AccessKeyPolicy{AccessKeyPolicyActive, []AccessKeyPolicyStatement{{Type: NetworkPublic}}}
	if _, err := service.client().SetAccessKeyPolicy(t.Context(), someKey, policy); err != nil {
		t.Fatal(err)
	}
	if policy.Statements[0].IPList != nil {
		t.Errorf("got %#v, want nil", policy.Statements[0].IPList)
	}
}
