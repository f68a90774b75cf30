package arn_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
)

// parts are service, region, account_id, resource_type and resource, as arn_build takes
// them.
type parts [5]any

func (p parts) object() map[string]any {
	return map[string]any{"service": p[0], "region": p[1], "account_id": p[2], "resource_type": p[3], "resource": p[4]}
}

// TestFunctions_thereAndBack parses ARNs and builds the same ones again.
func TestFunctions_thereAndBack(t *testing.T) {
	t.Parallel()
	tests := []struct {
		arn  string
		want parts
	}{
		{"acs:ram::1000000000000001:user/alice", parts{"ram", "", "1000000000000001", "user", "alice"}},
		{"acs:ram::1000000000000001:root", parts{"ram", "", "1000000000000001", "", "root"}},
		{"acs:ram::system:policy/AliyunOSSReadOnlyAccess", parts{"ram", "", "system", "policy", "AliyunOSSReadOnlyAccess"}},
		{"acs:oss:*:*:invoices/2026/may.pdf", parts{"oss", "*", "*", "invoices", "2026/may.pdf"}},
		{"acs:log:ap-northeast-1:1000000000000001:project/a/logstore/b:c", parts{"log", "ap-northeast-1", "1000000000000001", "project", "a/logstore/b:c"}},
		{"acs:fc:*:*:/services/a", parts{"fc", "*", "*", "", "/services/a"}},
		{"acs:oss:*:*:invoices/", parts{"oss", "*", "*", "invoices", ""}},
		{"acs:oss:*:*:*", parts{"oss", "*", "*", "", "*"}},
	}
	p := acctest.New(t).Protocol(t, nil)
	for _, test := range tests {
		got, err := p.Call("arn_parse", test.arn)
		acctest.Must(t, err)
		if diff := cmp.Diff(any(test.want.object()), got); diff != "" {
			t.Errorf("arn_parse(%q) (-want +got):\n%s", test.arn, diff)
		}
		if built, err := p.Call("arn_build", test.want[:]...); err != nil || built != test.arn {
			t.Errorf("arn_build(%q) = %v, %v; want %q", test.want, built, err, test.arn)
		}
	}
}

func TestFunctions_invalid(t *testing.T) {
	t.Parallel()
	const form = ` is no ARN, expected acs:<service>:<region>:<account id>:<resource>, such as "acs:ram::1234567890123456:user/alice"`
	tests := []struct {
		name, function string
		arguments      []any
		want           string
	}{
		{"a name", "arn_parse", []any{"alice"}, `argument 0: "alice"` + form},
		{"another cloud's", "arn_parse", []any{"arn:aws:iam::123456789012:user/alice"}, `argument 0: "arn:aws:iam::123456789012:user/alice"` + form},
		{"no service", "arn_parse", []any{"acs::a:b:c"}, `argument 0: "acs::a:b:c"` + form},
		{"no resource", "arn_parse", []any{"acs:ram::1000000000000001:"}, `argument 0: "acs:ram::1000000000000001:"` + form},
		{"no service to build with", "arn_build", []any{"", "", "", "", "a"}, `argument 0: the service is empty, expected its code such as "ram"`},
		{"colon in the region", "arn_build", []any{"ram", "a:b", "", "", "a"}, `argument 1: "a:b" has a colon, which separates the parts of an ARN`},
		{"slash in the type", "arn_build", []any{"oss", "", "", "a/b", "c"}, `argument 3: "a/b" has a slash, which ends the resource type; what follows belongs to the resource`},
		{"nothing named", "arn_build", []any{"ram", "", "", "", ""}, `argument 4: the resource is empty, expected a name, or "*" for all`},
	}
	p := acctest.New(t).Protocol(t, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := p.Call(test.function, test.arguments...)
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v, %v; want the error %q", got, err, test.want)
			}
		})
	}
}

func TestAccARNFunctions_basic(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{{
			Config: env.Config(`
output "name" { value = provider::ram::arn_parse("acs:ram::1000000000000001:user/alice").resource }
output "arn"  { value = provider::ram::arn_build("oss", "*", "*", "invoices", "*") }
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("name", knownvalue.StringExact("alice")),
				statecheck.ExpectKnownOutputValue("arn", knownvalue.StringExact("acs:oss:*:*:invoices/*")),
			},
		}},
	})
}
