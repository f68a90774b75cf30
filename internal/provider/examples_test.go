package provider_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const (
	examplesDir = "../../examples"
	docsDir     = "../../docs"
)

// TestExamples_complete finds what has no example or no page, and examples of nothing.
func TestExamples_complete(t *testing.T) {
	t.Parallel()
	schemas := schemasOf(t)
	for kind, names := range map[string][]string{
		"resources": schemas.resources(), "data-sources": schemas.dataSources(), "ephemeral-resources": schemas.ephemerals(),
		"list-resources": schemas.lists(), "actions": schemas.actions(), "functions": schemas.functions(),
	} {
		if diff := cmp.Diff(names, directories(t, filepath.Join(examplesDir, kind))); diff != "" {
			t.Errorf("directories under examples/%s (-provider +examples):\n%s", kind, diff)
		}
		for _, name := range names {
			page := readFile(t, filepath.Join(docsDir, kind, strings.TrimPrefix(name, "ram_")+".md"))
			sections := []string{"\n## Example Usage\n", "\n## Schema\n", "\n## Permissions\n"}
			if kind == "functions" {
				sections = []string{"\n## Example Usage\n", "\n## Signature\n", "\n## Arguments\n"}
			}
			if kind == "resources" {
				sections = append(sections, "\n## Import\n", "  to = "+name+".", "terraform import ", "  identity = {")
			}
			for _, section := range sections {
				if !strings.Contains(page, section) {
					t.Errorf("the page of %s lacks %q", name, strings.TrimSpace(section))
				}
			}
		}
	}
}

// TestAccExamples applies every example, expects an empty plan, imports it in each way
// that its directory shows, destroys it and expects that nothing is left.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	for _, file := range globbed(t, "resources/*/resource*.tf", "data-sources/*/data-source*.tf", "ephemeral-resources/*/ephemeral-resource*.tf", "functions/*/function*.tf", "guides/*/*.tf") {
		name, err := filepath.Rel(examplesDir, file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithResourceGroup)
			before := objects(t, env)
			hcl := env.Config(served(readFile(t, file)))
			steps := []resource.TestStep{{Config: hcl, ConfigStateChecks: importChecks(t, env, file)}}
			if block := importBlock(t, file); block != "" {
				steps = append(steps, resource.TestStep{Config: hcl + block})
			}
			// The package's own destroy at the end does not know for_each.
			steps = append(steps, resource.TestStep{Config: env.Config("")})
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: env.Factories(), Steps: steps})
			if diff := cmp.Diff(before, objects(t, env)); diff != "" {
				t.Errorf("objects in the account (-before +after):\n%s", diff)
			}
		})
	}
}

// served replaces the provider's address by the one that plugin-testing serves it under.
func served(hcl string) string {
	return strings.ReplaceAll(hcl, `"ramprovider/ram"`, `"hashicorp/ram"`)
}

// objects are the users, groups, roles and policies of the account.
func objects(t *testing.T, env *acctest.Env) []string {
	t.Helper()
	var found []string
	for user, err := range env.Client.ListUsers(t.Context()) {
		acctest.Must(t, err)
		found = append(found, "user "+user.UserPrincipalName)
	}
	for group, err := range env.Client.ListGroups(t.Context()) {
		acctest.Must(t, err)
		found = append(found, "group "+group.GroupName)
	}
	for role, err := range env.Client.ListRoles(t.Context()) {
		acctest.Must(t, err)
		found = append(found, "role "+role.RoleName)
	}
	for policy, err := range env.Client.ListPolicies(t.Context(), ramclient.PolicyCustom) {
		acctest.Must(t, err)
		found = append(found, "policy "+policy.PolicyName)
	}
	return found
}

// importChecks are for the main example of a resource: they import its object by every
// id of import.sh and import-by-string-id.tf and by import-by-identity.tf.
func importChecks(t *testing.T, env *acctest.Env, file string) []statecheck.StateCheck {
	t.Helper()
	if filepath.Base(file) != "resource.tf" {
		return nil
	}
	dir := filepath.Dir(file)
	check := importCheck{dir: dir, protocol: env.Protocol(t, nil), identities: schemasOf(t).ids.IdentitySchemas}
	for line := range strings.Lines(readFile(t, filepath.Join(dir, "import.sh"))) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		found := importCommand.FindStringSubmatch(line)
		if found == nil {
			t.Errorf("%s/import.sh: not a comment nor terraform import ADDRESS ID: %s", dir, line)
			continue
		}
		check.imports = append(check.imports, imported{address: strings.Trim(found[1], "'"), id: found[2]})
	}
	block := readFile(t, filepath.Join(dir, "import-by-string-id.tf"))
	check.imports = append(check.imports, imported{address: one(t, block, importTo), id: one(t, block, importID)})

	block = readFile(t, filepath.Join(dir, "import-by-identity.tf"))
	identity := map[string]any{}
	for _, pair := range assignment.FindAllStringSubmatch(one(t, block, importIdentity), -1) {
		identity[pair[1]] = pair[2]
	}
	for _, list := range listAssignment.FindAllStringSubmatch(one(t, block, importIdentity), -1) {
		var items []string
		for item := range strings.SplitSeq(list[2], ", ") {
			items = append(items, strings.Trim(item, `"`))
		}
		identity[list[1]] = items
	}
	check.imports = append(check.imports, imported{address: one(t, block, importTo), identity: identity})
	return []statecheck.StateCheck{check}
}

var (
	importCommand  = regexp.MustCompile(`^terraform import ('\S+'|\S+) (\S+)$`)
	importTo       = regexp.MustCompile(`(?m)^  to = (\S+)$`)
	importID       = regexp.MustCompile(`(?m)^  id = "([^"]+)"`)
	importIdentity = regexp.MustCompile(`(?ms)^  identity = \{\n(.*?)^  \}`)
	assignment     = regexp.MustCompile(`(?m)^ +(\w+) += "([^"]*)"`)
	listAssignment = regexp.MustCompile(`(?m)^ +(\w+) += \[(.*)\]`)

	// allotted are the ids that the service makes up, as examples and answers show them.
	allotted       = regexp.MustCompile(`\b([0-9]{18}|LTAI[A-Za-z0-9]{12,26})\b`)
	allottedFields = []string{"user_id", "access_key_id"}
)

type imported struct {
	address  string
	id       string
	identity map[string]any
}

// importCheck imports the objects in state through the protocol, past the state.
type importCheck struct {
	dir        string
	protocol   *acctest.Protocol
	identities map[string]*tfprotov6.ResourceIdentitySchema
	imports    []imported
}

// CheckState implements statecheck.StateCheck.
func (c importCheck) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	for _, want := range c.imports {
		at := slices.IndexFunc(req.State.Values.RootModule.Resources, func(r *tfjson.StateResource) bool { return r.Address == want.address })
		if at < 0 {
			resp.Error = fmt.Errorf("%s imports %s, which resource.tf does not make", c.dir, want.address)
			return
		}
		object := req.State.Values.RootModule.Resources[at]
		got, diags := want.importWith(c.protocol, object) //nolint:contextcheck // the protocol works under the context of its test
		if !got.Exists() {
			resp.Error = fmt.Errorf("%s: import of %s by %q %v: %q", c.dir, want.address, want.id, want.identity, diags.Errors())
			return
		}
		attributes := c.protocol.Attributes(got.Value)
		for _, a := range c.identities[object.Type].IdentityAttributes {
			if !cmp.Equal(attributes[a.Name], object.AttributeValues[a.Name]) {
				resp.Error = fmt.Errorf("%s: import by %q %v: got %s %v, want %v", c.dir, want.id, want.identity, a.Name, attributes[a.Name], object.AttributeValues[a.Name])
				return
			}
		}
	}
}

// importWith imports the object. Ids that the service made up replace those of the
// example, so the example has to have their shape.
func (i imported) importWith(protocol *acctest.Protocol, object *tfjson.StateResource) (acctest.Object, acctest.Diagnostics) {
	actual := ""
	for _, field := range allottedFields {
		if value, ok := object.AttributeValues[field].(string); ok {
			actual = value
		}
	}
	if i.identity == nil {
		return protocol.Import(object.Type, allotted.ReplaceAllString(i.id, actual))
	}
	identity := map[string]any{}
	for name, value := range i.identity {
		if id, ok := value.(string); ok {
			value = allotted.ReplaceAllString(id, actual)
		}
		identity[name] = value
	}
	return protocol.ImportByIdentity(object.Type, identity)
}

// importBlock is the import block beside the example, by string id: the form that every
// Terraform knows. For an object that is in state already it changes nothing.
func importBlock(t *testing.T, file string) string {
	t.Helper()
	if filepath.Base(file) != "resource.tf" {
		return ""
	}
	block, _, _ := strings.Cut(readFile(t, filepath.Join(filepath.Dir(file), "import-by-string-id.tf")), "\nresource ")
	return block
}

// one returns what the pattern's group matches in the text.
func one(t *testing.T, text string, pattern *regexp.Regexp) string {
	t.Helper()
	found := pattern.FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no match of %s in:\n%s", pattern, text)
	}
	return found[1]
}

// globbed lists the files under examples/ that match the patterns.
func globbed(t *testing.T, patterns ...string) []string {
	t.Helper()
	var files []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join(examplesDir, pattern))
		acctest.Must(t, err)
		if len(found) == 0 {
			t.Fatalf("no example matches %s", pattern)
		}
		files = append(files, found...)
	}
	return files
}

func directories(t *testing.T, parent string) []string {
	t.Helper()
	entries, err := os.ReadDir(parent)
	acctest.Must(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}
