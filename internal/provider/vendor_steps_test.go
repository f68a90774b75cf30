package provider_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// vendorSteps is the guide that names a resource or argument for every step of the
// vendor's instructions.
const vendorSteps = "../../templates/guides/vendor-steps.md.tmpl"

// inSchema are names of the guide: [kind.]name[.attribute] in code.
var inSchema = regexp.MustCompile("`((?:data|ephemeral|action)\\.)?(ram_[a-z_]+)(?:\\.([a-z_]+))?`|`provider\\.([a-z_]+)`(?: \\(([^)]*)\\))?")

func TestVendorSteps_nameWhatThereIs(t *testing.T) {
	t.Parallel()
	schemas := schemasOf(t)
	kinds := map[string]map[string]*tfprotov6.Schema{
		"": schemas.all.ResourceSchemas, "data.": schemas.all.DataSourceSchemas, "ephemeral.": schemas.all.EphemeralResourceSchemas,
		"action.": {},
	}
	for name, action := range schemas.all.ActionSchemas {
		kinds["action."][name] = action.Schema
	}
	found := inSchema.FindAllStringSubmatch(readFile(t, vendorSteps), -1)
	if len(found) < 100 {
		t.Fatalf("the guide names %d things; the pattern of this test does not fit it", len(found))
	}
	for _, one := range found {
		if argument := one[4]; argument != "" {
			requireAttribute(t, one[0], schemas.all.Provider, argument)
			for _, nested := range regexp.MustCompile("`([a-z0-9_]+)`").FindAllStringSubmatch(one[5], -1) {
				requireNested(t, one[0], schemas.all.Provider, argument, nested[1])
			}
			continue
		}
		schema, ok := kinds[one[1]][one[2]]
		if !ok {
			t.Errorf("the guide names %s, which there is not", one[0])
			continue
		}
		if one[3] != "" {
			requireAttribute(t, one[0], schema, one[3])
		}
	}
}

func TestVendorSteps_walkthroughsExist(t *testing.T) {
	t.Parallel()
	found := regexp.MustCompile("`(examples/[a-z0-9/-]+)`").FindAllStringSubmatch(readFile(t, vendorSteps), -1)
	if len(found) < 5 {
		t.Errorf("the guide names %d walkthroughs, want one for each page at least", len(found))
	}
	for _, one := range found {
		if _, err := os.Stat(filepath.Join("..", "..", one[1])); err != nil {
			t.Errorf("the guide names %s: %v", one[1], err)
		}
	}
}

// A step is either somebody's own, or done by something here.
func TestVendorSteps_everyStepHasAnAnswer(t *testing.T) {
	t.Parallel()
	steps := 0
	for line := range strings.Lines(readFile(t, vendorSteps)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 4 || strings.HasPrefix(cells[1], "---") || strings.TrimSpace(cells[2]) == "Here" {
			continue
		}
		steps++
		answer := cells[2]
		isAnswered := inSchema.MatchString(answer) || strings.Contains(answer, "**Manual**") ||
			slices.ContainsFunc([]string{"the CLI's own step", "does not arise", "the plan", "`for_each`", "the same document", "read if nothing"},
				func(words string) bool { return strings.Contains(answer, words) })
		if !isAnswered {
			t.Errorf("no answer to %q: %q", strings.TrimSpace(cells[1]), strings.TrimSpace(answer))
		}
	}
	if steps < 80 {
		t.Errorf("the guide has %d steps; a row is missing, or this test does not read it", steps)
	}
}

func requireAttribute(t *testing.T, said string, schema *tfprotov6.Schema, name string) {
	t.Helper()
	if attributeOf(schema, name) == nil && !slices.ContainsFunc(schema.Block.BlockTypes, func(b *tfprotov6.SchemaNestedBlock) bool { return b.TypeName == name }) {
		t.Errorf("the guide names %s, which has no %s", said, name)
	}
}

func requireNested(t *testing.T, said string, schema *tfprotov6.Schema, name, nested string) {
	t.Helper()
	outer := attributeOf(schema, name)
	if outer == nil || outer.NestedType == nil ||
		!slices.ContainsFunc(outer.NestedType.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == nested }) {
		t.Errorf("the guide names %s, which has no %s", said, nested)
	}
}

func attributeOf(schema *tfprotov6.Schema, name string) *tfprotov6.SchemaAttribute {
	at := slices.IndexFunc(schema.Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == name })
	if at < 0 {
		return nil
	}
	return schema.Block.Attributes[at]
}
