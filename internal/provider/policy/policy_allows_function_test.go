package policy_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
)

const (
	readInvoices = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:Get*","Resource":"acs:oss:*:*:invoices/*"}]}`
	officeOnly   = `{"Version":"1","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"acs:SourceIp":"203.0.113.0/24"}}}]}`
	trustsRoot   = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1000000000000001:root"}}]}`
	invoice      = "acs:oss:*:1000000000000001:invoices/2026.pdf"
)

type conditions = map[string]any

func TestPolicyAllows(t *testing.T) {
	t.Parallel()
	office := conditions{"acs:SourceIp": []any{"203.0.113.7"}}
	tests := []struct {
		name             string
		documents        []any
		action, resource string
		context          conditions
		want             bool
	}{
		{"allowed", []any{readInvoices}, "oss:GetObject", invoice, conditions{}, true},
		{"whatever the case of the action", []any{readInvoices}, "OSS:getobject", invoice, conditions{}, true},
		{"another action", []any{readInvoices}, "oss:PutObject", invoice, conditions{}, false},
		{"another resource", []any{readInvoices}, "oss:GetObject", "acs:oss:*:*:salaries/2026.pdf", conditions{}, false},
		{"no resource in particular", []any{readInvoices}, "oss:GetService", "*", conditions{}, false},
		{"no documents", []any{}, "oss:GetObject", invoice, conditions{}, false},
		{"denied by another document", []any{readInvoices, officeOnly}, "oss:GetObject", invoice, conditions{}, false},
		{"not denied in the office", []any{readInvoices, officeOnly}, "oss:GetObject", invoice, office, true},
		{"nothing but not denied", []any{officeOnly}, "oss:GetObject", invoice, office, false},
		{"larger than one's own may be", []any{strings.Replace(readInvoices, "{", "{"+strings.Repeat(" ", 7000), 1)}, "oss:GetObject", invoice, conditions{}, true},
	}
	p := acctest.New(t).Protocol(t, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := p.Call("policy_allows", test.documents, test.action, test.resource, test.context)
			if err != nil || got != test.want {
				t.Errorf("got %v, %v; want %t", got, err, test.want)
			}
		})
	}
}

func TestPolicyAllows_invalid(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name             string
		documents        []any
		action, resource string
		want             string
	}{
		{"no JSON", []any{readInvoices, "{\n  nonsense"}, "oss:GetObject", invoice, "argument 0: document 1 is no permission policy:\n  line 2, column 3: "},
		{
			"two faults",
			[]any{`{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resources":"*"}]}`},
			"oss:GetObject", invoice,
			"argument 0: document 0 is no permission policy:\n  line 1, column 29: Statement[0]: the statement has no Resource, expected \"Resource\": \"*\" or ARNs\n  line 1, column 72: Statement[0].Resources: ",
		},
		{"a trust policy", []any{trustsRoot}, "sts:AssumeRole", "*", "argument 0: document 0 is no permission policy:\n  "},
		{"an operation alone", []any{readInvoices}, "GetObject", invoice, `argument 1: "GetObject" is no action, expected <service>:<operation> without wildcards, such as "oss:GetObject"`},
		{"a pattern of actions", []any{readInvoices}, "oss:Get*", invoice, `argument 1: "oss:Get*" is no action, `},
		{"a name for a resource", []any{readInvoices}, "oss:GetObject", "invoices/2026.pdf", `argument 2: "invoices/2026.pdf" is no ARN, `},
	}
	p := acctest.New(t).Protocol(t, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := p.Call("policy_allows", test.documents, test.action, test.resource, conditions{})
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, %v; want an error that begins with\n%s", got, err, test.want)
			}
		})
	}
}

// TestAccPolicyAllows_systemPolicy evaluates what the service holds, in the way that a
// test of a module does.
func TestAccPolicyAllows_systemPolicy(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{{
			Config: env.Config(`
data "ram_policy" "read" {
  name = "AliyunOSSReadOnlyAccess"
  policy_type = "System"
}

output "reads" {
  value = provider::ram::policy_allows([data.ram_policy.read.policy_document], "oss:GetObject", "acs:oss:*:*:a/b", {})
}

output "writes" {
  value = provider::ram::policy_allows([data.ram_policy.read.policy_document], "oss:PutObject", "acs:oss:*:*:a/b", {})
}
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("reads", knownvalue.Bool(true)),
				statecheck.ExpectKnownOutputValue("writes", knownvalue.Bool(false)),
			},
		}},
	})
}
