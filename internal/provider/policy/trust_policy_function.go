package policy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
)

// NewTrustPolicyFunction makes provider::ram::trust_policy.
func NewTrustPolicyFunction() function.Function { return trustPolicyFunction{} }

type trustPolicyFunction struct{}

// Metadata implements function.Function.
func (trustPolicyFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "trust_policy"
}

// Definition implements function.Function.
func (trustPolicyFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Writes the trust policy of a role.",
		MarkdownDescription: "Writes the trust policy of a role: a document with one statement that lets the principals assume it, if the conditions hold. " +
			"The result suits `assume_role_policy_document` of `ram_role`. For several statements use the data source `ram_policy_document`.",
		Parameters: []function.Parameter{
			function.MapParameter{
				Name: "principals", ElementType: types.ListType{ElemType: types.StringType},
				MarkdownDescription: "Who may assume the role, by kind. `RAM`: an account (its ID, or `acs:ram::<account id>:root`), users (`…:user/<name>`), roles (`…:role/<name>`). " +
					"`Service`: hosts of services, such as `ecs.aliyuncs.com`. `Federated`: ARNs of identity providers.",
			},
			function.DynamicParameter{
				Name: "conditions", AllowNullValue: true,
				MarkdownDescription: "Conditions as in a policy: `{ <operator> = { <key> = <value or list of values> } }`, such as `{ StringEquals = { \"sts:ExternalId\" = \"example\" } }`. " +
					"All must hold. `null` for none.",
			},
		},
		Return: function.StringReturn{},
	}
}

// Run implements function.Function.
func (trustPolicyFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var principals map[string][]string
	var given types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &principals, &given); resp.Error != nil {
		return
	}
	if err := checkPrincipals(principals); err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	conditions, err := conditionsOf(given.UnderlyingValue())
	if err != nil {
		resp.Error = function.NewArgumentFuncError(1, err.Error())
		return
	}

	statement := policylang.Statement{Actions: []string{"sts:AssumeRole"}, Principals: principals}
	if _, err := policylang.Build([]policylang.Statement{statement}); err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	statement.Conditions = conditions
	document, err := policylang.Build([]policylang.Statement{statement})
	if err != nil {
		resp.Error = function.NewArgumentFuncError(1, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, document)
}

// checkPrincipals finds what would otherwise be said of a document that nobody has
// seen, and spells account IDs out.
func checkPrincipals(principals map[string][]string) error {
	if len(principals) == 0 {
		return errors.New(`there is nobody in it, expected RAM, Service or Federated, such as { RAM = ["1234567890123456"] }`)
	}
	for _, kind := range slices.Sorted(maps.Keys(principals)) {
		if !slices.Contains(principalKinds, kind) {
			return fmt.Errorf("%q is no kind of principal, expected RAM, Service or Federated", kind)
		}
		if len(principals[kind]) == 0 {
			return fmt.Errorf("%s is an empty list, expected at least one principal", kind)
		}
		for i, principal := range principals[kind] {
			if kind == "RAM" && accountIDForm.MatchString(principal) {
				principals[kind][i] = "acs:ram::" + principal + ":root"
			}
		}
	}
	return nil
}

var (
	principalKinds = []string{"RAM", "Service", "Federated"}
	accountIDForm  = regexp.MustCompile(`^[0-9]{16}$`)
)

// conditionsOf reads { operator = { key = value or values } }, in the order of the names.
func conditionsOf(given attr.Value) ([]policylang.Condition, error) {
	if given == nil || given.IsNull() {
		return nil, nil
	}
	operators, ok := members(given)
	if !ok {
		return nil, errors.New(`expected an object such as { StringEquals = { "sts:ExternalId" = "example" } }`)
	}
	var conditions []policylang.Condition
	for _, operator := range slices.Sorted(maps.Keys(operators)) {
		keys, ok := members(operators[operator])
		if !ok || len(keys) == 0 {
			return nil, fmt.Errorf(`%s: expected an object of condition keys and their values, such as { "sts:ExternalId" = "example" }`, operator)
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			values, ok := textsOf(keys[key])
			if !ok || len(values) == 0 {
				return nil, fmt.Errorf("%s, %s: expected a text, or a list of at least one", operator, key)
			}
			conditions = append(conditions, policylang.Condition{Operator: operator, Key: key, Values: values})
		}
	}
	return conditions, nil
}

// members are those of an object or a map.
func members(value attr.Value) (map[string]attr.Value, bool) {
	switch value := value.(type) {
	case types.Object:
		return value.Attributes(), !value.IsNull()
	case types.Map:
		return value.Elements(), !value.IsNull()
	default:
		return nil, false
	}
}

// textsOf are a single value or those of a list.
func textsOf(value attr.Value) ([]string, bool) {
	var elements []attr.Value
	switch value := value.(type) {
	case types.List:
		elements = value.Elements()
	case types.Set:
		elements = value.Elements()
	case types.Tuple:
		elements = value.Elements()
	default:
		text, ok := textOf(value)
		return []string{text}, ok
	}
	texts := make([]string, len(elements))
	for i, element := range elements {
		var ok bool
		if texts[i], ok = textOf(element); !ok {
			return nil, false
		}
	}
	return texts, true
}

// textOf is how the policy language writes a value: numbers and booleans in quotes.
func textOf(value attr.Value) (string, bool) {
	if value.IsNull() {
		return "", false
	}
	switch value := value.(type) {
	case types.String:
		return value.ValueString(), true
	case types.Bool:
		return fmt.Sprint(value.ValueBool()), true
	case types.Number:
		return value.ValueBigFloat().Text('f', -1), true
	default:
		return "", false
	}
}
