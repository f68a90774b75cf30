package policy

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
)

// NewAllowsFunction makes provider::ram::policy_allows.
func NewAllowsFunction() function.Function { return allowsFunction{} }

type allowsFunction struct{}

// Metadata implements function.Function.
func (allowsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "policy_allows"
}

// The parameters, by their positions.
const (
	argDocuments int64 = iota
	argAction
	argResource
)

// Definition implements function.Function.
func (allowsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Tells whether policies allow an action.",
		MarkdownDescription: "Tells whether permission policies, taken together, allow an action on a resource: at least one statement allows it, and none denies it. " +
			"It suits `check` blocks, conditions and `terraform test`. " +
			"It knows the policies that it is given and nothing else: no other policy of the user, no trust policy, no control policy of a resource directory. " +
			"A statement that has elements or condition operators which RAM does not document allows nothing, and denies as if they were not there.",
		Parameters: []function.Parameter{
			function.ListParameter{
				Name: "documents", ElementType: types.StringType,
				MarkdownDescription: "Permission policies, as JSON. With none, nothing is allowed. One that the service would refuse is an error.",
			},
			function.StringParameter{
				Name:                "action",
				MarkdownDescription: "What is asked for, `<service>:<operation>` such as `oss:GetObject`. One action, without wildcards.",
			},
			function.StringParameter{
				Name: "resource",
				MarkdownDescription: "ARN of what it is asked for, such as `acs:oss:*:1234567890123456:invoices/2026.pdf`. " +
					"`*` for an action that is about no object in particular, such as `ram:ListUsers`.",
			},
			function.MapParameter{
				Name: "context", ElementType: types.ListType{ElemType: types.StringType},
				MarkdownDescription: "Values of condition keys, such as `{ \"acs:SourceIp\" = [\"203.0.113.7\"] }`; times in RFC 3339. `{}` for none. " +
					"A key that is left out meets no condition but a negated one, such as `NotIpAddress`.",
			},
		},
		Return: function.BoolReturn{},
	}
}

// Run implements function.Function.
func (allowsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var documents []string
	var asked policylang.Request
	resp.Error = req.Arguments.Get(ctx, &documents, &asked.Action, &asked.Resource, &asked.Context)
	if resp.Error != nil {
		return
	}
	if !askedAction.MatchString(asked.Action) {
		resp.Error = function.NewArgumentFuncError(argAction, fmt.Sprintf(
			`%q is no action, expected <service>:<operation> without wildcards, such as "oss:GetObject"`, asked.Action))
		return
	}
	if asked.Resource != "*" && !askedResource.MatchString(asked.Resource) {
		resp.Error = function.NewArgumentFuncError(argResource, fmt.Sprintf(
			`%q is no ARN, expected acs:<service>:<region>:<account id>:<resource>, such as "acs:ram::1234567890123456:user/alice", or "*"`, asked.Resource))
		return
	}
	parsed := make([]*policylang.Document, len(documents))
	for i, text := range documents {
		doc, err := judged(text)
		if err != nil {
			resp.Error = function.NewArgumentFuncError(argDocuments, fmt.Sprintf("document %d is no permission policy:\n%s", i, indented(err)))
			return
		}
		parsed[i] = doc
	}
	resp.Error = resp.Result.Set(ctx, policylang.Evaluate(parsed, asked) == policylang.Allow)
}

var (
	askedAction   = regexp.MustCompile(`^[^\s:*?]+:[^\s:*?]+$`)
	askedResource = regexp.MustCompile(`(?s)^acs:[^\s:]+:[^\s:]*:[^\s:]*:.+$`)
)

// judged reads a document strictly: a misspelt element would make "is not allowed" true
// for the wrong reason. Those of Alibaba Cloud may be larger than the service takes from
// others, and are as they are.
func judged(text string) (*policylang.Document, error) {
	if policylang.Size(text) <= policylang.MaxDocumentSize {
		if err := policylang.ValidateIdentity(text); err != nil {
			return nil, err
		}
	}
	return policylang.Parse(text)
}

// indented shows one fault a line.
func indented(err error) string {
	return "  " + strings.ReplaceAll(err.Error(), "\n", "\n  ")
}
