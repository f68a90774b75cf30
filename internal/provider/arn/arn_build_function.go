package arn

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

// NewBuildFunction makes provider::ram::arn_build.
func NewBuildFunction() function.Function { return buildFunction{} }

type buildFunction struct{}

// Metadata implements function.Function.
func (buildFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "arn_build"
}

// Definition implements function.Function.
func (buildFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Puts an ARN together.",
		MarkdownDescription: "Puts an ARN together: `acs:<service>:<region>:<account id>:<resource type>/<resource>`. It is the reverse of `arn_parse`. " +
			"Give the empty string for what the ARN leaves out; without a resource type there is no `/` either.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "service", MarkdownDescription: "Code of the service, such as `ram` or `oss`."},
			function.StringParameter{Name: "region", MarkdownDescription: "Region, such as `ap-northeast-1`, or `*`. Empty for RAM, which has none."},
			function.StringParameter{Name: "account_id", MarkdownDescription: "ID of the account, 16 digits, or `*`."},
			function.StringParameter{Name: "resource_type", MarkdownDescription: "What stands before the first `/`, such as `user`. May be empty."},
			function.StringParameter{Name: "resource", MarkdownDescription: "The rest, such as the name of the user."},
		},
		Return: function.StringReturn{},
	}
}

// Run implements function.Function.
func (buildFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var parts arn
	resp.Error = req.Arguments.Get(ctx, &parts.Service, &parts.Region, &parts.AccountID, &parts.ResourceType, &parts.Resource)
	if resp.Error != nil {
		return
	}
	if part, err := parts.check(); err != nil {
		resp.Error = function.NewArgumentFuncError(part, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, parts.String())
}
