package policy_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
)

// statement is a statement block that allows the action on everything.
func statement(sid any, action string) attributes {
	return attributes{"sid": sid, "actions": []string{action}, "resources": []string{"*"}}
}

// sourced is the statement of a document that is made to be merged.
func sourced(sid, action string) string {
	return fmt.Sprintf(`{"Version":"1","Statement":[{"Sid":%q,"Effect":"Deny","Action":%q,"Resource":"*"}]}`, sid, action)
}

func TestPolicyDocument_builds(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	tests := map[string]struct {
		config attributes
		want   string
	}{
		"least": {
			attributes{"statement": []any{statement(nil, "oss:GetObject")}},
			`{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}]}`,
		},
		"everything of a permission policy": {
			attributes{"version": "1", "statement": []any{attributes{
				"sid": "all", "effect": "Deny", "not_actions": []string{"oss:Get*", "oss:List*"}, "not_resources": []string{"acs:oss:*:*:public/*"},
				"condition": []any{
					attributes{"operator": "NotIpAddress", "variable": "acs:SourceIp", "values": []string{"192.0.2.0/24", "198.51.100.0/24"}},
					attributes{"operator": "Bool", "variable": "acs:SecureTransport", "values": []string{"false"}},
				},
			}}},
			`{"Version":"1","Statement":[{"Effect":"Deny","NotAction":["oss:Get*","oss:List*"],"NotResource":"acs:oss:*:*:public/*",` +
				`"Condition":{"Bool":{"acs:SecureTransport":"false"},"NotIpAddress":{"acs:SourceIp":["192.0.2.0/24","198.51.100.0/24"]}}}]}`,
		},
		"a trust policy": {
			attributes{"statement": []any{attributes{
				"actions": []string{"sts:AssumeRole"},
				"principal": []any{
					attributes{"entity": "RAM", "identifiers": []string{"acs:ram::1000000000000001:root"}},
					attributes{"entity": "Service", "identifiers": []string{"ecs.aliyuncs.com"}},
					attributes{"entity": "RAM", "identifiers": []string{"acs:ram::1000000000000002:user/ci"}},
				},
				"condition": []any{attributes{"operator": "StringEquals", "variable": "sts:ExternalId", "values": []string{"example"}}},
			}}},
			`{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["acs:ram::1000000000000001:root","acs:ram::1000000000000002:user/ci"],"Service":"ecs.aliyuncs.com"},` +
				`"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"example"}}}]}`,
		},
		"only sources": {
			attributes{"source_policy_documents": []string{allowSpaced, allowing("ecs:*")}},
			`{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"},{"Effect":"Allow","Action":"ecs:*","Resource":"*"}]}`,
		},
		"one's own statement replaces a source's": {
			attributes{"source_policy_documents": []string{sourced("a", "ecs:Run*"), sourced("b", "ecs:Stop*")}, "statement": []any{statement("a", "ecs:Get*"), statement("c", "ecs:List*")}},
			`{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:Get*","Resource":"*"},{"Effect":"Deny","Action":"ecs:Stop*","Resource":"*"},{"Effect":"Allow","Action":"ecs:List*","Resource":"*"}]}`,
		},
		"overrides replace both, the last one wins": {
			attributes{
				"source_policy_documents": []string{sourced("a", "ecs:Run*")}, "statement": []any{statement("b", "ecs:Get*")},
				"override_policy_documents": []string{sourced("b", "ram:*"), sourced("a", "sts:*"), sourced("b", "oss:*")},
			},
			`{"Version":"1","Statement":[{"Effect":"Deny","Action":"sts:*","Resource":"*"},{"Effect":"Deny","Action":"oss:*","Resource":"*"}]}`,
		},
	}
	for name, test := range tests {
		got, diags := p.ReadData("ram_policy_document", test.config)
		if diff := cmp.Diff(any(test.want), got["json"]); diff != "" || diags.HasError() {
			t.Errorf("%s: errors %q, json (-want +got):\n%s", name, diags.Errors(), diff)
		}
	}
	if got := env.Emulator.Total(); got != 0 {
		t.Errorf("building documents made %d calls, want none", got)
	}
}

func TestPolicyDocument_sidsPassFromDocumentToDocument(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	base, diags := p.ReadData("ram_policy_document", attributes{"statement": []any{statement("read", "oss:Get*"), statement("list", "oss:List*")}})
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	if text, _ := base["json"].(string); strings.Contains(text, "Sid") {
		t.Errorf("the service knows no Sid, but json has one: %s", text)
	}
	got, diags := p.ReadData("ram_policy_document", attributes{
		"source_policy_documents": []any{base["source_json"]}, "statement": []any{statement("read", "oss:GetObject")},
	})
	want := `{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"},{"Effect":"Allow","Action":"oss:List*","Resource":"*"}]}`
	if diff := cmp.Diff(any(want), got["json"]); diff != "" || diags.HasError() {
		t.Errorf("errors %q, json (-want +got):\n%s", diags.Errors(), diff)
	}
}

func TestPolicyDocument_refusals(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	trusting := func(entity, identifier string) attributes {
		return attributes{"actions": []string{"sts:AssumeRole"}, "principal": []any{attributes{"entity": entity, "identifiers": []string{identifier}}}}
	}
	good := statement(nil, "oss:GetObject")
	tests := map[string]struct {
		config attributes
		want   string
	}{
		"nothing at all": {attributes{}, "at least one statement"},
		"no action":      {attributes{"statement": []any{good, attributes{"resources": []string{"*"}}}}, "Statement[1]: it has no Action"},
		"no resource":    {attributes{"statement": []any{attributes{"actions": []string{"*"}}}}, "Statement[0]: the statement has no Resource"},
		"both actions": {
			attributes{"statement": []any{attributes{"actions": []string{"*"}, "not_actions": []string{"*"}, "resources": []string{"*"}}}},
			"Statement[0]: it has both Action and NotAction",
		},
		"an action that is none": {attributes{"statement": []any{good, statement(nil, "GetObject")}}, `Statement[1].Action: found "GetObject"`},
		"a principal that is none": {
			attributes{"statement": []any{trusting("RAM", "somebody")}}, `Statement[0].Principal.RAM: found "somebody"`,
		},
		"a resource that is none": {
			attributes{"statement": []any{attributes{"actions": []string{"*"}, "resources": []string{"bucket"}}}}, `Statement[0].Resource: found "bucket"`,
		},
		"trust and permission in one": {attributes{"statement": []any{good, trusting("Service", "ecs.aliyuncs.com")}}, "Statement[0]"},
		"the same sid twice":          {attributes{"statement": []any{statement("a", "oss:*"), statement("a", "ecs:*")}}, `statements 0 and 1 have the same sid "a"`},
		"too long": {
			attributes{"statement": []any{statement(nil, "oss:"+strings.Repeat("x", 6144))}}, "the service takes at most 6144",
		},
		"too long together": {
			attributes{
				"source_policy_documents": []string{allowing("oss:" + strings.Repeat("x", 4000))},
				"statement":               []any{statement(nil, "ecs:"+strings.Repeat("y", 4000))},
			}, "the service takes at most 6144",
		},
		"a broken source":   {attributes{"source_policy_documents": []string{allowing("*"), "{\n  oops"}}, "source document 1: line 2"},
		"a broken override": {attributes{"source_policy_documents": []string{allowing("*")}, "override_policy_documents": []string{"{\n  oops"}}, "override document 0: line 2"},
	}
	for name, test := range tests {
		_, diags := p.ReadData("ram_policy_document", test.config)
		if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], test.want) {
			t.Errorf("%s: got %q, want one error with %q", name, errs, test.want)
		}
	}
}

// emptyProvider has no credentials, and a machine that has none either.
const emptyProvider = `
provider "ram" {}
`

func TestAccPolicyDocument_withoutCredentials(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{{
			Config: emptyProvider + `
data "ram_policy_document" "test" {
  statement {
    actions   = ["oss:GetObject"]
    resources = ["*"]

    condition {
      operator = "Bool"
      variable = "acs:SecureTransport"
      values   = [true]
    }
  }
}
`,
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue("data.ram_policy_document.test", tfjsonpath.New("json"), knownvalue.StringExact(
				`{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":"true"}}}]}`))},
		}},
	})
}

func TestAccPolicyDocument_unknownInputs(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{{
			Config: env.Config(configPolicy("base", allowSpaced, "") + `
data "ram_policy_document" "test" {
  source_policy_documents = [ram_policy.test.policy_document]

  statement {
    actions   = ["ram:GetPolicy"]
    resources = [ram_policy.test.arn]
  }
}

resource "ram_policy" "built" {
  name            = "built"
  policy_document = data.ram_policy_document.test.json
}
`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue("ram_policy.built", tfjsonpath.New("policy_document")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue("ram_policy.built", tfjsonpath.New("policy_document"), knownvalue.StringExact(fmt.Sprintf(
				`{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"},{"Effect":"Allow","Action":"ram:GetPolicy","Resource":"acs:ram::%s:policy/base"}]}`, env.AccountID)))},
		}},
	})
}

func TestAccPolicyDocument_invalidConfig(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	tests := map[string]string{
		`version = "2012-10-17"`: `value must be one of: \["1"\]`,
		`statement {
  effect = "allow"
}`: `value must be one of: \["Allow" "Deny"\]`,
		`statement {
  principal {
    entity      = "AWS"
    identifiers = ["*"]
  }
}`: `value must be one of: \["RAM" "Service" "Federated"\]`,
		`statement {
  condition {
    operator = "Bool"
    variable = "acs:SecureTransport"
    values   = []
  }
}`: `list must contain at least 1 elements`,
		`statement {
  actions = [null]
}`: `null value`,
	}
	var steps []resource.TestStep
	for lines, want := range tests {
		steps = append(steps, resource.TestStep{
			Config:      emptyProvider + "data \"ram_policy_document\" \"test\" {\n" + lines + "\n}\n",
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(strings.ReplaceAll(want, " ", `\s+`)),
		})
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: env.Factories(), Steps: steps})
}
