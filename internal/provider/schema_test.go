package provider_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/provider"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// schemas are what the provider says about itself over its protocol.
type schemas struct {
	all *tfprotov6.GetProviderSchemaResponse
	ids *tfprotov6.GetResourceIdentitySchemasResponse
}

func schemasOf(t *testing.T) schemas {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(provider.New(provider.Host{}))()
	acctest.Must(t, err)
	var s schemas
	s.all, err = server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	acctest.Must(t, err)
	s.ids, err = server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	acctest.Must(t, err)
	for _, d := range append(s.all.Diagnostics, s.ids.Diagnostics...) {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
	return s
}

func (s schemas) resources() []string   { return slices.Sorted(maps.Keys(s.all.ResourceSchemas)) }
func (s schemas) dataSources() []string { return slices.Sorted(maps.Keys(s.all.DataSourceSchemas)) }
func (s schemas) ephemerals() []string {
	return slices.Sorted(maps.Keys(s.all.EphemeralResourceSchemas))
}

func (s schemas) lists() []string     { return slices.Sorted(maps.Keys(s.all.ListResourceSchemas)) }
func (s schemas) actions() []string   { return slices.Sorted(maps.Keys(s.all.ActionSchemas)) }
func (s schemas) functions() []string { return slices.Sorted(maps.Keys(s.all.Functions)) }

// named are all schemas, by what a person would call them.
func (s schemas) named() map[string]*tfprotov6.Schema {
	out := map[string]*tfprotov6.Schema{"provider": s.all.Provider}
	for name, schema := range s.all.ResourceSchemas {
		out["resource "+name] = schema
	}
	for name, schema := range s.all.DataSourceSchemas {
		out["data source "+name] = schema
	}
	for name, schema := range s.all.EphemeralResourceSchemas {
		out["ephemeral resource "+name] = schema
	}
	for name, schema := range s.all.ListResourceSchemas {
		out["list resource "+name] = schema
	}
	for name, schema := range s.all.ActionSchemas {
		out["action "+name] = schema.Schema
	}
	return out
}

// attributesOf are the attributes of a block and of everything in it, by their paths.
func attributesOf(block *tfprotov6.SchemaBlock) map[string]*tfprotov6.SchemaAttribute {
	found := map[string]*tfprotov6.SchemaAttribute{}
	var collect func(prefix string, attributes []*tfprotov6.SchemaAttribute)
	collect = func(prefix string, attributes []*tfprotov6.SchemaAttribute) {
		for _, a := range attributes {
			found[prefix+a.Name] = a
			if a.NestedType != nil {
				collect(prefix+a.Name+".", a.NestedType.Attributes)
			}
		}
	}
	collect("", block.Attributes)
	for _, nested := range block.BlockTypes {
		for name, a := range attributesOf(nested.Block) {
			found[nested.TypeName+"."+name] = a
		}
	}
	return found
}

func TestSchemas_descriptions(t *testing.T) {
	t.Parallel()
	sentence := regexp.MustCompile(`(?s)^[A-Z0-9` + "`" + `].*\.$`)
	for name, schema := range schemasOf(t).named() {
		if !sentence.MatchString(schema.Block.Description) {
			t.Errorf("%s: description %q is no sentence", name, schema.Block.Description)
		}
		for path, a := range attributesOf(schema.Block) {
			if !sentence.MatchString(a.Description) {
				t.Errorf("%s: %s: description %q is no sentence", name, path, a.Description)
			}
		}
	}
}

func TestFunctions_descriptions(t *testing.T) {
	t.Parallel()
	sentence := regexp.MustCompile(`(?s)^[A-Z0-9` + "`" + `].*\.$`)
	for name, function := range schemasOf(t).all.Functions {
		texts := map[string]string{"summary": function.Summary, "description": function.Description}
		for _, parameter := range function.Parameters {
			texts[parameter.Name] = parameter.Description
		}
		for part, text := range texts {
			if !sentence.MatchString(text) {
				t.Errorf("function %s: %s: %q is no sentence", name, part, text)
			}
		}
	}
}

// secretName matches names of attributes that hold a secret. What only belongs to one
// (its version, whether to warn of it) and what is encrypted is none.
var (
	secretName   = regexp.MustCompile(`(^|_)(secret|password|token|private_key)(_wo)?$`)
	noSecretName = regexp.MustCompile(`^encrypted_`)
)

func TestSchemas_secrets(t *testing.T) {
	t.Parallel()
	checked := 0
	for name, schema := range schemasOf(t).named() {
		for path, a := range attributesOf(schema.Block) {
			if secretName.MatchString(a.Name) && !noSecretName.MatchString(a.Name) && tftypes.String.Is(a.Type) {
				checked++
				if !a.Sensitive && !a.WriteOnly {
					t.Errorf("%s: %s is neither sensitive nor write-only", name, path)
				}
			}
		}
	}
	if checked < 3 {
		t.Errorf("found %d secrets in all schemas, want at least the provider's two and that of ram_access_key", checked)
	}
}

func TestSchemas_names(t *testing.T) {
	t.Parallel()
	for name, schema := range schemasOf(t).named() {
		attributes := attributesOf(schema.Block)
		for path, a := range attributes {
			if a.Name == "id" {
				t.Errorf("%s: %s: an object's own name is name, and its ids say whose they are", name, path)
			}
			if a.WriteOnly != strings.HasSuffix(a.Name, "_wo") {
				t.Errorf("%s: %s: write-only is %t; write-only attributes, and only they, end in _wo", name, path, a.WriteOnly)
			}
			if a.WriteOnly && attributes[path+"_version"] == nil {
				t.Errorf("%s: %s has no %s_version that says when to write it again", name, path, path)
			}
		}
	}
}

func TestSchemas_identities(t *testing.T) {
	t.Parallel()
	s := schemasOf(t)
	for name, schema := range s.all.ResourceSchemas {
		identity := s.ids.IdentitySchemas[name]
		if identity == nil {
			t.Errorf("%s has no identity", name)
			continue
		}
		attributes := attributesOf(schema.Block)
		hasAccount, required := false, 0
		for _, a := range identity.IdentityAttributes {
			if attributes[a.Name] == nil {
				t.Errorf("%s: identity attribute %s is no attribute of the resource", name, a.Name)
			}
			if a.Description == "" {
				t.Errorf("%s: identity attribute %s has no description", name, a.Name)
			}
			if a.RequiredForImport {
				required++
			}
			// What an account has once is named by the account alone.
			hasAccount = hasAccount || a.Name == "account_id" && (a.OptionalForImport || len(identity.IdentityAttributes) == 1)
		}
		if !hasAccount {
			t.Errorf("%s: the identity has no account_id that an import may leave out", name)
		}
		if required == 0 {
			t.Errorf("%s: nothing in the identity is required for import", name)
		}
	}
}

func TestPermissions_areOperations(t *testing.T) {
	t.Parallel()
	ram := provider.New(provider.Host{})
	known := ramclient.Operations()
	check := func(name string, declarer any) {
		declared, ok := declarer.(permission.Declarer)
		if !ok {
			t.Errorf("%s does not declare its permissions", name)
			return
		}
		table := declared.Permissions()
		for _, operation := range slices.Concat(table.Read, table.Create, table.Update, table.Delete, table.Import, table.Invoke, table.Optional) {
			if !slices.Contains(known, operation) {
				t.Errorf("%s declares %s, which is no operation of ramclient", name, operation.Name)
			}
		}
		for _, operation := range slices.Concat(table.Read, table.Import) {
			if operation.Mutates {
				t.Errorf("%s: %s changes something, so it is no read", name, operation.Name)
			}
		}
		for _, write := range [][]rpc.Operation{table.Create, table.Update, table.Delete, table.Invoke} {
			if len(write) > 0 && !slices.ContainsFunc(write, func(o rpc.Operation) bool { return o.Mutates }) {
				t.Errorf("%s: %s… changes nothing, so it is no write", name, write[0].Name)
			}
		}
	}
	for _, newResource := range ram.Resources(t.Context()) {
		r := newResource()
		var named resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "ram"}, &named)
		check(named.TypeName, r)
	}
	for _, newDataSource := range ram.DataSources(t.Context()) {
		d := newDataSource()
		var named datasource.MetadataResponse
		d.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "ram"}, &named)
		check("data source "+named.TypeName, d)
	}
	if ephemerals, ok := ram.(frameworkprovider.ProviderWithEphemeralResources); ok {
		for _, newEphemeral := range ephemerals.EphemeralResources(t.Context()) {
			e := newEphemeral()
			var named ephemeral.MetadataResponse
			e.Metadata(t.Context(), ephemeral.MetadataRequest{ProviderTypeName: "ram"}, &named)
			check("ephemeral resource "+named.TypeName, e)
		}
	}
	if lists, ok := ram.(frameworkprovider.ProviderWithListResources); ok {
		for _, newList := range lists.ListResources(t.Context()) {
			l := newList()
			var named resource.MetadataResponse
			l.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "ram"}, &named)
			check("list resource "+named.TypeName, l)
		}
	}
	if actions, ok := ram.(frameworkprovider.ProviderWithActions); ok {
		for _, newAction := range actions.Actions(t.Context()) {
			a := newAction()
			var named action.MetadataResponse
			a.Metadata(t.Context(), action.MetadataRequest{ProviderTypeName: "ram"}, &named)
			check("action "+named.TypeName, a)
		}
	}
}
