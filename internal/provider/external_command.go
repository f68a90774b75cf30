package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var errCommandShape = errors.New("a command is a string or a list of strings, and neither it nor its first word may be empty")

// commandOf reads external.command, which is known: a line that package auth splits, or
// the words themselves. The error does not repeat it, since it may hold a secret.
func commandOf(value types.Dynamic) (line string, argv []string, err error) {
	var words []attr.Value
	switch value := value.UnderlyingValue().(type) {
	case types.String:
		if value.ValueString() == "" {
			return "", nil, errCommandShape
		}
		return value.ValueString(), nil, nil
	case types.Tuple: // what a list in brackets is
		words = value.Elements()
	case types.List:
		words = value.Elements()
	}
	for _, word := range words {
		text, ok := word.(types.String)
		if !ok || text.IsNull() {
			return "", nil, errCommandShape
		}
		argv = append(argv, text.ValueString())
	}
	if len(argv) == 0 || argv[0] == "" {
		return "", nil, errCommandShape
	}
	return "", argv, nil
}

// commandShape validates external.command.
type commandShape struct{}

func (commandShape) Description(context.Context) string         { return errCommandShape.Error() }
func (commandShape) MarkdownDescription(context.Context) string { return errCommandShape.Error() }

func (commandShape) ValidateDynamic(_ context.Context, req validator.DynamicRequest, resp *validator.DynamicResponse) {
	if req.ConfigValue.IsNull() || !wholly(req.ConfigValue) {
		return
	}
	if _, _, err := commandOf(req.ConfigValue); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid command", "In external, "+err.Error()+".")
	}
}
