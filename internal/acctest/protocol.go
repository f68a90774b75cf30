package acctest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/ramprovider/terraform-provider-ram/internal/provider"
)

// Unknown stands for a value that is known only after apply.
var Unknown = new(struct{ unknown bool })

// Protocol drives one configured provider over its protocol, in the process and
// without a CLI: milliseconds a step, and every feature of the newest CLI (identity,
// list resources, actions), whatever Terraform is installed. It does what Terraform's
// core does around each call, including the second planning call of a replacement and
// the one that precedes every apply.
type Protocol struct {
	t      testing.TB
	server tfprotov6.ProviderServer
	schemas
}

// schemas are what a provider says of itself.
type schemas struct {
	schema *tfprotov6.GetProviderSchemaResponse
	ids    *tfprotov6.GetResourceIdentitySchemasResponse
}

// ownSchemas are asked for once: they are the same for every provider of a test binary.
var ownSchemas = sync.OnceValues(func() (own schemas, err error) {
	ctx := context.Background()
	server, err := providerserver.NewProtocol6WithError(provider.New(provider.Host{}))()
	if err != nil {
		return own, err
	}
	if own.schema, err = server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		return own, err
	}
	own.ids, err = server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	return own, err
})

// Object is a resource as Terraform's state holds it. The zero Object does not exist.
type Object struct {
	Type     string
	Value    tftypes.Value
	Private  []byte
	Identity *tfprotov6.ResourceIdentityData
}

// Exists says whether there is anything in state.
func (o Object) Exists() bool { return o.Type != "" && !o.Value.IsNull() }

// Planned is the outcome of a plan.
type Planned struct {
	Prior, Config Object
	Value         tftypes.Value
	Private       []byte
	Identity      *tfprotov6.ResourceIdentityData
	// Replace lists the attributes that force a replacement; the rest then describes
	// the plan of the new object, as in Terraform's plan.
	Replace     []*tftypes.AttributePath
	Diagnostics Diagnostics
}

// IsEmpty says whether nothing would change.
func (p Planned) IsEmpty() bool {
	return len(p.Replace) == 0 && p.Value.Equal(p.Prior.Value)
}

// Diagnostics are what a call had to say.
type Diagnostics []*tfprotov6.Diagnostic

// Errors are the texts of the errors, summary and detail.
func (d Diagnostics) Errors() []string { return d.texts(tfprotov6.DiagnosticSeverityError) }

// Warnings are the texts of the warnings, summary and detail.
func (d Diagnostics) Warnings() []string { return d.texts(tfprotov6.DiagnosticSeverityWarning) }

func (d Diagnostics) texts(severity tfprotov6.DiagnosticSeverity) []string {
	var texts []string
	for _, one := range d {
		if one.Severity == severity {
			texts = append(texts, one.Summary+"\n"+one.Detail)
		}
	}
	return texts
}

// HasError says whether there is an error among them.
func (d Diagnostics) HasError() bool { return len(d.Errors()) > 0 }

// Protocol starts a provider of its own in the process and configures it with the
// arguments; those of the environment's credentials and endpoints are added.
func (e *Env) Protocol(t testing.TB, arguments map[string]any) *Protocol {
	t.Helper()
	p, config := e.start(t, arguments)
	diags := p.configure(e, config)
	if diags.HasError() {
		t.Fatalf("configure: %q", diags.Errors())
	}
	return p
}

// Configure is Protocol for tests of the configuration itself: it gives what the
// provider has to say on validating the arguments and, if they are valid, on being
// configured with them. An argument of nil takes one of the environment away.
func (e *Env) Configure(t testing.TB, arguments map[string]any) (*Protocol, Diagnostics) {
	t.Helper()
	p, config := e.start(t, arguments)
	valid, err := p.server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
	p.must(err)
	diags := Diagnostics(valid.Diagnostics)
	if diags.HasError() {
		return p, diags
	}
	return p, append(diags, p.configure(e, config)...)
}

func (e *Env) start(t testing.TB, arguments map[string]any) (p *Protocol, config *tfprotov6.DynamicValue) {
	t.Helper()
	server, err := e.ProviderServer()
	if err != nil {
		t.Fatal(err)
	}
	p = &Protocol{t: t, server: server}
	if p.schemas, err = ownSchemas(); err != nil {
		t.Fatal(err)
	}
	all := e.ProviderArguments()
	maps.Copy(all, arguments)
	return p, p.dynamic(p.schema.Provider, all)
}

func (p *Protocol) configure(e *Env, config *tfprotov6.DynamicValue) Diagnostics {
	p.t.Helper()
	ctx := p.t.Context()
	if e.Logs != nil {
		ctx = tflogtest.RootLogger(ctx, e.Logs)
	}
	resp, err := p.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.15.9", Config: config})
	p.must(err)
	return resp.Diagnostics
}

// Validate checks a configuration as `terraform validate` does.
func (p *Protocol) Validate(resourceType string, config map[string]any) Diagnostics {
	p.t.Helper()
	resp, err := p.server.ValidateResourceConfig(p.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: resourceType, Config: p.dynamic(p.resource(resourceType), config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	p.must(err)
	return resp.Diagnostics
}

// Plan plans what takes prior (the zero Object for a create) to config. A nil config
// plans the destruction. For a replacement it plans again with no prior state, as core
// does, and returns that second plan with Replace filled in.
func (p *Protocol) Plan(resourceType string, prior Object, config map[string]any) Planned {
	p.t.Helper()
	first := p.plan(resourceType, prior, config)
	if len(first.Replace) == 0 || first.Diagnostics.HasError() || config == nil {
		return first
	}
	// The planned private state of the first call goes into the second one.
	second := p.plan(resourceType, Object{Type: resourceType, Value: p.null(resourceType), Private: first.Private}, config)
	second.Prior, second.Replace = prior, first.Replace
	second.Diagnostics = append(first.Diagnostics, second.Diagnostics...)
	return second
}

func (p *Protocol) plan(resourceType string, prior Object, config map[string]any) Planned {
	p.t.Helper()
	schema := p.resource(resourceType)
	if prior.Type == "" {
		prior = Object{Type: resourceType, Value: p.null(resourceType)}
	}
	proposed, configValue := p.null(resourceType), p.null(resourceType)
	if config != nil {
		configValue = p.value(schema.ValueType(), config)
		proposed = proposedNew(schema, prior.Value, configValue)
	}
	resp, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: resourceType, PriorState: p.pack(schema, prior.Value), PriorPrivate: prior.Private, PriorIdentity: prior.Identity,
		ProposedNewState: p.pack(schema, proposed), Config: p.pack(schema, configValue),
	})
	p.must(err)
	planned := Planned{
		Prior: prior, Config: Object{Type: resourceType, Value: configValue}, Private: resp.PlannedPrivate,
		Identity: resp.PlannedIdentity, Replace: resp.RequiresReplace, Diagnostics: resp.Diagnostics,
	}
	if resp.PlannedState != nil {
		planned.Value = p.unpack(schema, resp.PlannedState)
	}
	return planned
}

// Apply carries a plan out and returns what is in state afterwards, also when it
// failed half way. A replacement is destroyed first, unless createFirst is given.
func (p *Protocol) Apply(planned Planned, options ...ApplyOption) (Object, Diagnostics) {
	p.t.Helper()
	if planned.Diagnostics.HasError() {
		p.t.Fatalf("applying a plan that failed: %q", planned.Diagnostics.Errors())
	}
	if len(planned.Replace) == 0 {
		return p.apply(planned)
	}
	create := planned
	create.Prior = Object{Type: planned.Prior.Type, Value: p.null(planned.Prior.Type)}
	destroy := p.Plan(planned.Prior.Type, planned.Prior, nil)
	for _, option := range options {
		if option == CreateBeforeDestroy {
			created, diags := p.apply(create)
			if diags.HasError() {
				return created, diags
			}
			_, more := p.apply(destroy)
			return created, append(diags, more...)
		}
	}
	left, diags := p.apply(destroy)
	if diags.HasError() {
		return left, diags
	}
	created, more := p.apply(create)
	return created, append(diags, more...)
}

// ApplyOption changes how a replacement is applied.
type ApplyOption int

// CreateBeforeDestroy is the lifecycle setting of that name.
const CreateBeforeDestroy ApplyOption = iota

func (p *Protocol) apply(planned Planned) (Object, Diagnostics) {
	p.t.Helper()
	typeName := planned.Prior.Type
	schema := p.resource(typeName)
	if !planned.Config.Value.IsNull() {
		planned = p.replan(planned)
	}
	resp, err := p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeName, PriorState: p.pack(schema, planned.Prior.Value), PlannedState: p.pack(schema, planned.Value),
		Config: p.pack(schema, planned.Config.Value), PlannedPrivate: planned.Private, PlannedIdentity: planned.Identity,
	})
	p.must(err)
	after := Object{Type: typeName, Value: p.unpack(schema, resp.NewState), Private: resp.Private, Identity: resp.NewIdentity}
	diags := Diagnostics(resp.Diagnostics)
	if !diags.HasError() && !after.Value.IsNull() {
		p.mustConform(planned.Value, after.Value)
	}
	return after, diags
}

// replan plans once more just before the apply, as core does, and fails the test where
// core would report "Provider produced inconsistent final plan".
func (p *Protocol) replan(planned Planned) Planned {
	p.t.Helper()
	final := p.plan(planned.Prior.Type, planned.Prior, p.Attributes(planned.Config.Value))
	if final.Diagnostics.HasError() {
		p.t.Fatalf("planning again for the apply: %q", final.Diagnostics.Errors())
	}
	if len(final.Replace) > 0 {
		p.t.Errorf("the final plan wants a replacement for %v, which the plan did not", final.Replace)
	}
	var want, got map[string]tftypes.Value
	p.must(planned.Value.As(&want))
	p.must(final.Value.As(&got))
	for name, value := range want {
		if value.IsFullyKnown() && !value.Equal(got[name]) {
			p.t.Errorf("inconsistent final plan: %s was planned as %s and is now %s", name, value, got[name])
		}
	}
	return final
}

// Resolve gives the plan the configuration of the apply, in which what was Unknown at
// plan is known.
func (p *Protocol) Resolve(planned Planned, config map[string]any) Planned {
	p.t.Helper()
	planned.Config.Value = p.value(p.resource(planned.Prior.Type).ValueType(), config)
	return planned
}

// mustConform fails the test where core would report "Provider produced inconsistent
// result after apply".
func (p *Protocol) mustConform(planned, applied tftypes.Value) {
	p.t.Helper()
	if !applied.IsFullyKnown() {
		p.t.Errorf("unknown values after apply: %s", applied)
	}
	var want, got map[string]tftypes.Value
	p.must(planned.As(&want))
	p.must(applied.As(&got))
	for name, value := range want {
		if value.IsFullyKnown() && !value.Equal(got[name]) {
			p.t.Errorf("inconsistent result after apply: %s was planned as %s and came out as %s", name, value, got[name])
		}
	}
}

// Read refreshes the object; the zero Object says that it is gone.
func (p *Protocol) Read(object Object) (Object, Diagnostics) {
	p.t.Helper()
	schema := p.resource(object.Type)
	resp, err := p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: object.Type, CurrentState: p.pack(schema, object.Value), Private: object.Private, CurrentIdentity: object.Identity,
	})
	p.must(err)
	if resp.NewState == nil {
		return object, resp.Diagnostics
	}
	value := p.unpack(schema, resp.NewState)
	if value.IsNull() {
		return Object{}, resp.Diagnostics
	}
	return Object{Type: object.Type, Value: value, Private: resp.Private, Identity: resp.NewIdentity}, resp.Diagnostics
}

// Import imports by string id and reads, as core does.
func (p *Protocol) Import(resourceType, id string) (Object, Diagnostics) {
	p.t.Helper()
	return p.imported(&tfprotov6.ImportResourceStateRequest{TypeName: resourceType, ID: id})
}

// ImportByIdentity imports by identity and reads, as core does.
func (p *Protocol) ImportByIdentity(resourceType string, identity map[string]any) (Object, Diagnostics) {
	p.t.Helper()
	data := p.identity(resourceType, identity)
	return p.imported(&tfprotov6.ImportResourceStateRequest{TypeName: resourceType, Identity: data})
}

func (p *Protocol) imported(req *tfprotov6.ImportResourceStateRequest) (Object, Diagnostics) {
	p.t.Helper()
	resp, err := p.server.ImportResourceState(p.t.Context(), req)
	p.must(err)
	diags := Diagnostics(resp.Diagnostics)
	if diags.HasError() || len(resp.ImportedResources) != 1 {
		return Object{}, diags
	}
	one := resp.ImportedResources[0]
	read, more := p.Read(Object{
		Type: one.TypeName, Value: p.unpack(p.resource(one.TypeName), one.State), Private: one.Private, Identity: one.Identity,
	})
	return read, append(diags, more...)
}

// ReadData reads a data source and returns its attributes.
func (p *Protocol) ReadData(dataType string, config map[string]any) (map[string]any, Diagnostics) {
	p.t.Helper()
	schema, ok := p.schema.DataSourceSchemas[dataType]
	if !ok {
		p.t.Fatalf("no data source %s", dataType)
	}
	resp, err := p.server.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: dataType, Config: p.dynamic(schema, config)})
	p.must(err)
	if resp.State == nil {
		return nil, resp.Diagnostics
	}
	attributes, _ := plain(p.unpack(schema, resp.State)).(map[string]any)
	return attributes, resp.Diagnostics
}

// Open validates an ephemeral resource's configuration, opens it and returns its
// attributes, as core does once in every plan, apply and destroy.
func (p *Protocol) Open(ephemeralType string, config map[string]any) (map[string]any, Diagnostics) {
	p.t.Helper()
	schema, ok := p.schema.EphemeralResourceSchemas[ephemeralType]
	if !ok {
		p.t.Fatalf("no ephemeral resource %s", ephemeralType)
	}
	valid, err := p.server.ValidateEphemeralResourceConfig(p.t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{
		TypeName: ephemeralType, Config: p.dynamic(schema, config),
	})
	p.must(err)
	diags := Diagnostics(valid.Diagnostics)
	if diags.HasError() {
		return nil, diags
	}
	resp, err := p.server.OpenEphemeralResource(p.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: ephemeralType, Config: p.dynamic(schema, config),
	})
	p.must(err)
	diags = append(diags, resp.Diagnostics...)
	if resp.Result == nil || diags.HasError() {
		return nil, diags
	}
	attributes, _ := plain(p.unpack(schema, resp.Result)).(map[string]any)
	return attributes, diags
}

// Found is one result of a list resource.
type Found struct {
	DisplayName string
	// Identity and Resource are in plain Go. Resource is nil unless it was asked for.
	Identity, Resource map[string]any
}

// Query says how much of a list is wanted.
type Query struct {
	// Limit is how many results at most; 0 is as many as there are.
	Limit int64
	// WithResources asks for whole objects and not only for their identities.
	WithResources bool
	// StopAfter ends the consumption after so many results, as an interrupted CLI does;
	// 0 is never.
	StopAfter int
}

// List validates the configuration of a list resource and lists, as `terraform query`
// does.
func (p *Protocol) List(resourceType string, config map[string]any, query Query) ([]Found, Diagnostics) {
	p.t.Helper()
	server, ok := p.server.(tfprotov6.ListResourceServer)
	schema := p.schema.ListResourceSchemas[resourceType]
	if !ok || schema == nil {
		p.t.Fatalf("no list resource %s", resourceType)
	}
	packed := p.dynamic(schema, config)
	valid, err := server.ValidateListResourceConfig(p.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: resourceType, Config: packed})
	p.must(err)
	diags := Diagnostics(valid.Diagnostics)
	if diags.HasError() {
		return nil, diags
	}
	stream, err := server.ListResource(p.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: resourceType, Config: packed, Limit: query.Limit, IncludeResource: query.WithResources,
	})
	p.must(err)
	var all []Found
	for result := range stream.Results {
		diags = append(diags, result.Diagnostics...)
		if result.Identity == nil {
			continue // nothing but diagnostics
		}
		one := Found{DisplayName: result.DisplayName, Identity: p.IdentityAttributes(Object{Type: resourceType, Identity: result.Identity})}
		if result.Resource != nil {
			one.Resource = p.Attributes(p.unpack(p.resource(resourceType), result.Resource))
		}
		if all = append(all, one); len(all) == query.StopAfter {
			break
		}
	}
	return all, diags
}

// PlanAction validates the configuration of an action and plans it, as core does before
// anything is applied.
func (p *Protocol) PlanAction(actionType string, config map[string]any) Diagnostics {
	p.t.Helper()
	server, packed := p.action(actionType, config)
	valid, err := server.ValidateActionConfig(p.t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: actionType, Config: packed})
	p.must(err)
	if diags := Diagnostics(valid.Diagnostics); diags.HasError() {
		return diags
	}
	planned, err := server.PlanAction(p.t.Context(), &tfprotov6.PlanActionRequest{ActionType: actionType, Config: packed})
	p.must(err)
	return append(valid.Diagnostics, planned.Diagnostics...)
}

// InvokeAction invokes an action and returns its progress messages. It does not plan.
func (p *Protocol) InvokeAction(actionType string, config map[string]any) (progress []string, diags Diagnostics) {
	p.t.Helper()
	server, packed := p.action(actionType, config)
	stream, err := server.InvokeAction(p.t.Context(), &tfprotov6.InvokeActionRequest{ActionType: actionType, Config: packed})
	p.must(err)
	completed := 0
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			completed++
			diags = event.Diagnostics
		}
	}
	if completed != 1 {
		p.t.Errorf("%s completed %d times", actionType, completed)
	}
	return progress, diags
}

func (p *Protocol) action(actionType string, config map[string]any) (tfprotov6.ActionServer, *tfprotov6.DynamicValue) {
	p.t.Helper()
	server, ok := p.server.(tfprotov6.ActionServer)
	schema := p.schema.ActionSchemas[actionType]
	if !ok || schema == nil {
		p.t.Fatalf("no action %s", actionType)
	}
	return server, p.dynamic(schema.Schema, config)
}

// Call calls a function of the provider, without its namespace provider::ram. The error
// is as core shows it, and begins with the position of the argument that it is about.
func (p *Protocol) Call(name string, arguments ...any) (any, error) {
	p.t.Helper()
	definition, ok := p.schema.Functions[name]
	if !ok || len(arguments) != len(definition.Parameters) {
		p.t.Fatalf("no function %s of %d arguments", name, len(arguments))
	}
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for i, parameter := range definition.Parameters {
		packed, err := tfprotov6.NewDynamicValue(parameter.Type, p.value(parameter.Type, arguments[i]))
		p.must(err)
		req.Arguments = append(req.Arguments, &packed)
	}
	resp, err := p.server.CallFunction(p.t.Context(), req)
	p.must(err)
	if resp.Error != nil {
		if at := resp.Error.FunctionArgument; at != nil {
			return nil, fmt.Errorf("argument %d: %s", *at, resp.Error.Text)
		}
		return nil, errors.New(resp.Error.Text)
	}
	result, err := resp.Result.Unmarshal(definition.Return.Type)
	p.must(err)
	return plain(result), nil
}

// Attributes are the values of an object in plain Go: string, bool, float64, []any,
// map[string]any, nil, or Unknown.
func (p *Protocol) Attributes(value tftypes.Value) map[string]any {
	attributes, _ := plain(value).(map[string]any)
	return attributes
}

// IdentityAttributes are the values of an object's identity in plain Go.
func (p *Protocol) IdentityAttributes(object Object) map[string]any {
	p.t.Helper()
	if object.Identity == nil || object.Identity.IdentityData == nil {
		return nil
	}
	value, err := object.Identity.IdentityData.Unmarshal(p.identityType(object.Type))
	p.must(err)
	attributes, _ := plain(value).(map[string]any)
	return attributes
}

func (p *Protocol) resource(name string) *tfprotov6.Schema {
	p.t.Helper()
	schema, ok := p.schema.ResourceSchemas[name]
	if !ok {
		p.t.Fatalf("no resource %s", name)
	}
	return schema
}

func (p *Protocol) identityType(resourceType string) tftypes.Type {
	p.t.Helper()
	if p.ids == nil || p.ids.IdentitySchemas[resourceType] == nil {
		p.t.Fatalf("%s has no identity", resourceType)
	}
	return p.ids.IdentitySchemas[resourceType].ValueType()
}

func (p *Protocol) identity(resourceType string, attributes map[string]any) *tfprotov6.ResourceIdentityData {
	p.t.Helper()
	typ := p.identityType(resourceType)
	packed, err := tfprotov6.NewDynamicValue(typ, p.value(typ, attributes))
	p.must(err)
	return &tfprotov6.ResourceIdentityData{IdentityData: &packed}
}

func (p *Protocol) null(resourceType string) tftypes.Value {
	p.t.Helper()
	return tftypes.NewValue(p.resource(resourceType).ValueType(), nil)
}

func (p *Protocol) dynamic(schema *tfprotov6.Schema, attributes map[string]any) *tfprotov6.DynamicValue {
	p.t.Helper()
	return p.pack(schema, p.value(schema.ValueType(), attributes))
}

func (p *Protocol) pack(schema *tfprotov6.Schema, value tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	packed, err := tfprotov6.NewDynamicValue(schema.ValueType(), value)
	p.must(err)
	return &packed
}

func (p *Protocol) unpack(schema *tfprotov6.Schema, packed *tfprotov6.DynamicValue) tftypes.Value {
	p.t.Helper()
	value, err := packed.Unmarshal(schema.ValueType())
	p.must(err)
	return value
}

func (p *Protocol) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// value makes a Terraform value of the type from plain Go; what a map leaves out is null.
func (p *Protocol) value(typ tftypes.Type, from any) tftypes.Value {
	p.t.Helper()
	if from == any(Unknown) {
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	}
	if from == nil {
		return tftypes.NewValue(typ, nil)
	}
	if typ.Is(tftypes.DynamicPseudoType) {
		return p.anyValue(from)
	}
	switch typ := typ.(type) {
	case tftypes.Object:
		given, ok := from.(map[string]any)
		if !ok {
			p.t.Fatalf("want a map[string]any for %s, got %T", typ, from)
		}
		for name := range given {
			if _, ok := typ.AttributeTypes[name]; !ok {
				p.t.Fatalf("there is no attribute %q", name)
			}
		}
		values := map[string]tftypes.Value{}
		for name, attribute := range typ.AttributeTypes {
			values[name] = p.value(attribute, given[name])
		}
		return tftypes.NewValue(typ, values)
	case tftypes.Map:
		values := map[string]tftypes.Value{}
		switch given := from.(type) {
		case map[string]any:
			for name, one := range given {
				values[name] = p.value(typ.ElementType, one)
			}
		case map[string]string:
			for name, one := range given {
				values[name] = p.value(typ.ElementType, one)
			}
		default:
			p.t.Fatalf("want a map for %s, got %T", typ, from)
		}
		return tftypes.NewValue(typ, values)
	case tftypes.List:
		return tftypes.NewValue(typ, p.elements(typ.ElementType, from))
	case tftypes.Set:
		return tftypes.NewValue(typ, p.elements(typ.ElementType, from))
	default:
		return tftypes.NewValue(typ, from)
	}
}

// anyValue is for an attribute or a parameter of any type: a text, a number, a boolean,
// or what a list in brackets or an object in braces of them is.
func (p *Protocol) anyValue(from any) tftypes.Value {
	p.t.Helper()
	switch given := from.(type) {
	case []any:
		typ, values := tftypes.Tuple{ElementTypes: []tftypes.Type{}}, []tftypes.Value{}
		for _, one := range given {
			value := p.anyValue(one)
			typ.ElementTypes, values = append(typ.ElementTypes, value.Type()), append(values, value)
		}
		return tftypes.NewValue(typ, values)
	case map[string]any:
		typ, values := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}, map[string]tftypes.Value{}
		for name, one := range given {
			values[name] = p.anyValue(one)
			typ.AttributeTypes[name] = values[name].Type()
		}
		return tftypes.NewValue(typ, values)
	case bool:
		return tftypes.NewValue(tftypes.Bool, given)
	case int:
		return tftypes.NewValue(tftypes.Number, given)
	default:
		return p.value(tftypes.String, given)
	}
}

func (p *Protocol) elements(typ tftypes.Type, from any) []tftypes.Value {
	p.t.Helper()
	values := []tftypes.Value{}
	switch given := from.(type) {
	case []any:
		for _, one := range given {
			values = append(values, p.value(typ, one))
		}
	case []string:
		for _, one := range given {
			values = append(values, p.value(typ, one))
		}
	default:
		p.t.Fatalf("want a slice, got %T", from)
	}
	return values
}

// proposedNew is core's first draft of a plan: the configuration, with the prior
// values of computed attributes that the configuration leaves out.
func proposedNew(schema *tfprotov6.Schema, prior, config tftypes.Value) tftypes.Value {
	if prior.IsNull() {
		prior = tftypes.NewValue(schema.ValueType(), nil)
	}
	var before, written map[string]tftypes.Value
	if !prior.IsNull() {
		if err := prior.As(&before); err != nil {
			panic(fmt.Sprintf("prior state: %v", err))
		}
	}
	if err := config.As(&written); err != nil {
		panic(fmt.Sprintf("configuration: %v", err))
	}
	proposed := maps.Clone(written) // As hands out the configuration's own map
	for _, attribute := range schema.Block.Attributes {
		old, ok := before[attribute.Name]
		if ok && attribute.Computed && proposed[attribute.Name].IsNull() {
			proposed[attribute.Name] = old
		}
	}
	return tftypes.NewValue(schema.ValueType(), proposed)
}

func plain(value tftypes.Value) any {
	if !value.IsKnown() {
		return Unknown
	}
	if value.IsNull() {
		return nil
	}
	var (
		text    string
		flag    bool
		number  = new(big.Float)
		members map[string]tftypes.Value
		items   []tftypes.Value
	)
	switch {
	case value.Type().Is(tftypes.String) && value.As(&text) == nil:
		return text
	case value.Type().Is(tftypes.Bool) && value.As(&flag) == nil:
		return flag
	case value.Type().Is(tftypes.Number) && value.As(number) == nil:
		float, _ := number.Float64()
		return float
	case value.As(&members) == nil:
		out := map[string]any{}
		for name, member := range members {
			out[name] = plain(member)
		}
		return out
	case value.As(&items) == nil:
		out := make([]any, len(items))
		for i, item := range items {
			out[i] = plain(item)
		}
		return out
	}
	panic(fmt.Sprintf("cannot show a %s", value.Type()))
}
