package arn

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// NewParseFunction makes provider::ram::arn_parse.
func NewParseFunction() function.Function { return parseFunction{} }

type parseFunction struct{}

// Metadata implements function.Function.
func (parseFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "arn_parse"
}

// Definition implements function.Function.
func (parseFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Takes an ARN apart.",
		MarkdownDescription: "Takes an ARN, `acs:<service>:<region>:<account id>:<resource>`, apart into an object with `service`, `region`, `account_id`, `resource_type` and `resource`. " +
			"What an ARN leaves out is the empty string, as the region in those of RAM. `resource_type` is what stands before the first `/`, such as `user` in `user/alice`; it is empty in `root`, and in a resource that begins with `/`. " +
			"Not every service has types: of an OSS object it is the bucket.",
		Parameters: []function.Parameter{function.StringParameter{
			Name:                "arn",
			MarkdownDescription: "The ARN, such as `acs:ram::1234567890123456:user/alice`. Any service's will do, and wildcards are kept as they are.",
		}},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"service": types.StringType, "region": types.StringType, "account_id": types.StringType,
			"resource_type": types.StringType, "resource": types.StringType,
		}},
	}
}

// Run implements function.Function.
func (parseFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	parsed, err := parse(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, parsed)
}
