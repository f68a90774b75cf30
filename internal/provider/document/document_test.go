package document_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/document"
)

const (
	spaced    = `{ "Version": "1", "Statement": [ { "Effect": "Allow", "Action": ["oss:Get*", "oss:List*"], "Resource": "*" } ] }`
	reordered = `{"Statement":[{"Resource":["*"],"Action":["oss:List*","oss:Get*"],"Effect":"Allow"}],"Version":"1"}`
	another   = `{"Version":"1","Statement":[{"Effect":"Deny","Action":"oss:*","Resource":"*"}]}`
)

func TestKeepSpelling(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ state, plan, want types.String }{
		"same meaning":  {types.StringValue(spaced), types.StringValue(reordered), types.StringValue(spaced)},
		"other meaning": {types.StringValue(spaced), types.StringValue(another), types.StringValue(another)},
		"create":        {types.StringNull(), types.StringValue(spaced), types.StringValue(spaced)},
		"unknown":       {types.StringValue(spaced), types.StringUnknown(), types.StringUnknown()},
	}
	for name, test := range tests {
		resp := planmodifier.StringResponse{PlanValue: test.plan}
		document.KeepSpelling().PlanModifyString(t.Context(), planmodifier.StringRequest{StateValue: test.state, PlanValue: test.plan}, &resp)
		if !resp.PlanValue.Equal(test.want) {
			t.Errorf("%s: planned %s, want %s", name, resp.PlanValue, test.want)
		}
	}
}

func TestValidateAttributeFollowsTheGrammarOfItsKind(t *testing.T) {
	t.Parallel()
	const trust = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1000000000000001:root"}}]}`
	tests := map[string]struct {
		value     document.Value
		wantError bool
	}{
		"a policy":               {document.NewValue(document.Policy, spaced), false},
		"a trust policy":         {document.NewValue(document.Trust, trust), false},
		"a trust policy, though": {document.NewValue(document.Policy, trust), true},
		"a policy, though":       {document.NewValue(document.Trust, spaced), true},
		"no JSON":                {document.NewValue(document.Policy, "{\n  oops"), true},
		"null":                   {document.Value{StringValue: types.StringNull()}, false},
		"unknown":                {document.Value{StringValue: types.StringUnknown()}, false},
	}
	for name, test := range tests {
		var resp xattr.ValidateAttributeResponse
		test.value.ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: path.Root("policy_document")}, &resp)
		if resp.Diagnostics.HasError() != test.wantError {
			t.Errorf("%s: got %v, want an error: %t", name, resp.Diagnostics, test.wantError)
		}
		if name == "no JSON" && !strings.Contains(resp.Diagnostics[0].Detail(), "line 2") {
			t.Errorf("the detail does not name the line: %s", resp.Diagnostics[0].Detail())
		}
	}
}
