package policy_test

import (
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
)

func TestTrustPolicy(t *testing.T) {
	t.Parallel()
	const account = "acs:ram::1000000000000001:"
	tests := []struct {
		name       string
		principals map[string]any
		conditions any
		want       string
	}{
		{
			"a service",
			map[string]any{"Service": []any{"ecs.aliyuncs.com"}},
			nil,
			`{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs.aliyuncs.com"},"Action":"sts:AssumeRole"}]}`,
		},
		{
			"an account by its id, a user and a role",
			map[string]any{"RAM": []any{"1000000000000001", account + "user/alice", account + "role/ci"}},
			nil,
			`{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["` + account + `root","` + account + `user/alice","` + account + `role/ci"]},"Action":"sts:AssumeRole"}]}`,
		},
		{
			"an external id",
			map[string]any{"RAM": []any{"1000000000000001"}},
			map[string]any{"StringEquals": map[string]any{"sts:ExternalId": "x"}},
			`{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"` + account + `root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"x"}}}]}`,
		},
		{
			"OIDC",
			map[string]any{"Federated": []any{account + "oidc-provider/gh"}},
			map[string]any{
				"StringLike":   map[string]any{"oidc:sub": []any{"repo:a:*", "repo:b:*"}},
				"StringEquals": map[string]any{"oidc:aud": "sts.aliyuncs.com", "oidc:iss": "https://token.example.com"},
			},
			`{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"Federated":"` + account + `oidc-provider/gh"},"Action":"sts:AssumeRole",` +
				`"Condition":{"StringEquals":{"oidc:aud":"sts.aliyuncs.com","oidc:iss":"https://token.example.com"},"StringLike":{"oidc:sub":["repo:a:*","repo:b:*"]}}}]}`,
		},
		{
			"a boolean and a number",
			map[string]any{"RAM": []any{"1000000000000001"}},
			map[string]any{"Bool": map[string]any{"acs:MFAPresent": true}, "NumericLessThan": map[string]any{"a:b": 3600}},
			`{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"` + account + `root"},"Action":"sts:AssumeRole","Condition":{"Bool":{"acs:MFAPresent":"true"},"NumericLessThan":{"a:b":"3600"}}}]}`,
		},
		{
			"no conditions in an object",
			map[string]any{"Service": []any{"ecs.aliyuncs.com"}},
			map[string]any{},
			`{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs.aliyuncs.com"},"Action":"sts:AssumeRole"}]}`,
		},
	}
	p := acctest.New(t).Protocol(t, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := p.Call("trust_policy", test.principals, test.conditions)
			acctest.Must(t, err)
			text, _ := got.(string)
			if !policylang.Equal(text, test.want) {
				t.Errorf("got  %s\nwant %s", text, test.want)
			}
			if err := policylang.ValidateTrust(text); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestTrustPolicy_invalid(t *testing.T) {
	t.Parallel()
	service := map[string]any{"Service": []any{"ecs.aliyuncs.com"}}
	tests := []struct {
		name       string
		principals map[string]any
		conditions any
		want       string
	}{
		{"nobody", map[string]any{}, nil, `argument 0: there is nobody in it, expected RAM, Service or Federated, such as { RAM = ["1234567890123456"] }`},
		{"an empty list", map[string]any{"RAM": []any{}}, nil, "argument 0: RAM is an empty list, expected at least one principal"},
		{"an unknown kind", map[string]any{"User": []any{"alice"}}, nil, `argument 0: "User" is no kind of principal, expected RAM, Service or Federated`},
		{"a name", map[string]any{"RAM": []any{"alice"}}, nil, `argument 0: Statement[0].Principal.RAM: found "alice", which is no principal, expected acs:ram::<account id of 16 digits>:root, …:user/<name> or …:role/<name>`},
		{"conditions that are none", service, "StringEquals", `argument 1: expected an object such as { StringEquals = { "sts:ExternalId" = "example" } }`},
		{"an operator without keys", service, map[string]any{"StringEquals": "x"}, `argument 1: StringEquals: expected an object of condition keys and their values, such as { "sts:ExternalId" = "example" }`},
		{"a key without values", service, map[string]any{"StringEquals": map[string]any{"sts:ExternalId": []any{}}}, "argument 1: StringEquals, sts:ExternalId: expected a text, or a list of at least one"},
		{"too deep", service, map[string]any{"StringEquals": map[string]any{"sts:ExternalId": []any{[]any{"x"}}}}, "argument 1: StringEquals, sts:ExternalId: expected a text, or a list of at least one"},
	}
	p := acctest.New(t).Protocol(t, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := p.Call("trust_policy", test.principals, test.conditions)
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v, %v; want the error\n%s", got, err, test.want)
			}
		})
	}
}
