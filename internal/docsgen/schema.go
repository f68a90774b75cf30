package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ramprovider/terraform-provider-ram/internal/provider"
)

// The types below are the JSON of `terraform providers schema -json` (Terraform docs:
// "providers schema" command), with the names and the omissions of Terraform 1.15.

type schemaFile struct {
	FormatVersion string                    `json:"format_version"`
	Providers     map[string]providerSchema `json:"provider_schemas"`
}

type providerSchema struct {
	Provider    schema                    `json:"provider"`
	Resources   map[string]schema         `json:"resource_schemas,omitempty"`
	DataSources map[string]schema         `json:"data_source_schemas,omitempty"`
	Ephemerals  map[string]schema         `json:"ephemeral_resource_schemas,omitempty"`
	Lists       map[string]schema         `json:"list_resource_schemas,omitempty"`
	Actions     map[string]actionSchema   `json:"action_schemas,omitempty"`
	Functions   map[string]function       `json:"functions,omitempty"`
	Identities  map[string]identitySchema `json:"resource_identity_schemas,omitempty"`
}

type schema struct {
	Version int64 `json:"version"`
	Block   block `json:"block"`
}

type actionSchema struct {
	Block block `json:"block"`
}

type function struct {
	Description        string              `json:"description,omitempty"`
	Summary            string              `json:"summary,omitempty"`
	DeprecationMessage string              `json:"deprecation_message,omitempty"`
	ReturnType         tftypes.Type        `json:"return_type"`
	Parameters         []functionParameter `json:"parameters,omitempty"`
	VariadicParameter  *functionParameter  `json:"variadic_parameter,omitempty"`
}

type functionParameter struct {
	Name        string       `json:"name,omitempty"`
	Description string       `json:"description,omitempty"`
	IsNullable  bool         `json:"is_nullable,omitempty"`
	Type        tftypes.Type `json:"type"`
}

type block struct {
	Attributes      map[string]attribute   `json:"attributes,omitempty"`
	BlockTypes      map[string]nestedBlock `json:"block_types,omitempty"`
	Description     string                 `json:"description,omitempty"`
	DescriptionKind string                 `json:"description_kind,omitempty"`
	Deprecated      bool                   `json:"deprecated,omitempty"`
}

type nestedBlock struct {
	NestingMode string `json:"nesting_mode"`
	Block       block  `json:"block"`
	MinItems    int64  `json:"min_items,omitempty"`
	MaxItems    int64  `json:"max_items,omitempty"`
}

type attribute struct {
	Type            tftypes.Type `json:"type,omitempty"`
	NestedType      *nestedType  `json:"nested_type,omitempty"`
	Description     string       `json:"description,omitempty"`
	DescriptionKind string       `json:"description_kind,omitempty"`
	Deprecated      bool         `json:"deprecated,omitempty"`
	Required        bool         `json:"required,omitempty"`
	Optional        bool         `json:"optional,omitempty"`
	Computed        bool         `json:"computed,omitempty"`
	Sensitive       bool         `json:"sensitive,omitempty"`
	WriteOnly       bool         `json:"write_only,omitempty"`
}

type nestedType struct {
	Attributes  map[string]attribute `json:"attributes"`
	NestingMode string               `json:"nesting_mode"`
}

type identitySchema struct {
	Version    int64                        `json:"version"`
	Attributes map[string]identityAttribute `json:"attributes"`
}

type identityAttribute struct {
	Type              tftypes.Type `json:"type"`
	Description       string       `json:"description,omitempty"`
	RequiredForImport bool         `json:"required_for_import,omitempty"`
	OptionalForImport bool         `json:"optional_for_import,omitempty"`
}

// printSchema writes the schema of everything the provider offers, under the short name
// that tfplugindocs looks for.
func printSchema(ctx context.Context, out io.Writer) error {
	described, err := describe(ctx)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(schemaFile{FormatVersion: "1.0", Providers: map[string]providerSchema{"ram": described}})
}

// describe asks the provider for its schemas over its protocol, in this process.
func describe(ctx context.Context) (providerSchema, error) {
	server, err := providerserver.NewProtocol6WithError(provider.New(provider.Host{}))()
	if err != nil {
		return providerSchema{}, err
	}
	all, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return providerSchema{}, err
	}
	ids, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return providerSchema{}, err
	}
	for _, d := range append(all.Diagnostics, ids.Diagnostics...) {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return providerSchema{}, fmt.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	return providerSchema{
		Provider:    newSchema(all.Provider),
		Resources:   each(all.ResourceSchemas, newSchema),
		DataSources: each(all.DataSourceSchemas, newSchema),
		Ephemerals:  each(all.EphemeralResourceSchemas, newSchema),
		Lists:       each(all.ListResourceSchemas, newSchema),
		Actions:     each(all.ActionSchemas, newActionSchema),
		Functions:   each(all.Functions, newFunction),
		Identities:  each(ids.IdentitySchemas, newIdentitySchema),
	}, nil
}

func newSchema(s *tfprotov6.Schema) schema {
	return schema{Version: s.Version, Block: newBlock(s.Block)}
}

func newActionSchema(s *tfprotov6.ActionSchema) actionSchema {
	return actionSchema{Block: newBlock(s.Schema.Block)}
}

func newFunction(f *tfprotov6.Function) function {
	out := function{
		Description: f.Description, Summary: f.Summary, DeprecationMessage: f.DeprecationMessage, ReturnType: f.Return.Type,
	}
	for _, parameter := range f.Parameters {
		out.Parameters = append(out.Parameters, newFunctionParameter(parameter))
	}
	if f.VariadicParameter != nil {
		variadic := newFunctionParameter(f.VariadicParameter)
		out.VariadicParameter = &variadic
	}
	return out
}

func newFunctionParameter(p *tfprotov6.FunctionParameter) functionParameter {
	return functionParameter{Name: p.Name, Description: p.Description, IsNullable: p.AllowNullValue, Type: p.Type}
}

func newBlock(b *tfprotov6.SchemaBlock) block {
	out := block{
		Attributes: newAttributes(b.Attributes), BlockTypes: map[string]nestedBlock{},
		Description: b.Description, DescriptionKind: lower(b.DescriptionKind), Deprecated: b.Deprecated,
	}
	for _, nested := range b.BlockTypes {
		out.BlockTypes[nested.TypeName] = nestedBlock{
			NestingMode: lower(nested.Nesting), Block: newBlock(nested.Block),
			MinItems: nested.MinItems, MaxItems: nested.MaxItems,
		}
	}
	return out
}

func newAttributes(attributes []*tfprotov6.SchemaAttribute) map[string]attribute {
	out := map[string]attribute{}
	for _, a := range attributes {
		one := attribute{
			Description: a.Description, DescriptionKind: lower(a.DescriptionKind), Deprecated: a.Deprecated,
			Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive, WriteOnly: a.WriteOnly,
		}
		if a.NestedType != nil {
			one.NestedType = &nestedType{Attributes: newAttributes(a.NestedType.Attributes), NestingMode: lower(a.NestedType.Nesting)}
		} else {
			one.Type = a.Type
		}
		out[a.Name] = one
	}
	return out
}

func newIdentitySchema(s *tfprotov6.ResourceIdentitySchema) identitySchema {
	out := identitySchema{Version: s.Version, Attributes: map[string]identityAttribute{}}
	for _, a := range s.IdentityAttributes {
		out.Attributes[a.Name] = identityAttribute{
			Type: a.Type, Description: a.Description,
			RequiredForImport: a.RequiredForImport, OptionalForImport: a.OptionalForImport,
		}
	}
	return out
}

// each converts every value of a map.
func each[In, Out any](in map[string]In, convert func(In) Out) map[string]Out {
	out := make(map[string]Out, len(in))
	for name, value := range in {
		out[name] = convert(value)
	}
	return out
}

// lower is the JSON spelling of an enumeration of the protocol.
func lower(value fmt.Stringer) string { return strings.ToLower(value.String()) }
