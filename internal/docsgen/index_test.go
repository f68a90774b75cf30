package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/provider"
)

// TestIndex_arguments holds the table of arguments against the descriptions in the
// schema: both name the same defaults and variables.
func TestIndex_arguments(t *testing.T) {
	t.Parallel()
	described, err := describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	table, err := argumentSection(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	value := regexp.MustCompile("Default: `\"?([^`\"]+)\"?`")
	variable := regexp.MustCompile("`(AL[A-Z_]+[A-Z])`")
	rows := 0
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		argument, ok := leaves("", described.Provider.Block.Attributes)[strings.Trim(cells[1], " `")]
		if !ok {
			continue
		}
		rows++
		if found := value.FindStringSubmatch(argument.Description); found != nil && !strings.Contains(cells[3], found[1]) {
			t.Errorf("the description has the default %q, the table %s", found[1], line)
		}
		for _, found := range variable.FindAllStringSubmatch(argument.Description, -1) {
			if !strings.Contains(cells[2], found[1]) {
				t.Errorf("the description names %s, the table %s", found[1], line)
			}
		}
	}
	if want := len(leaves("", described.Provider.Block.Attributes)); rows != want {
		t.Errorf("the table has %d arguments, the schema %d", rows, want)
	}
}

// TestIndex_variables holds the variables on the first page against those that the
// code reads.
func TestIndex_variables(t *testing.T) {
	t.Parallel()
	variable := regexp.MustCompile("[\"`]((?:ALIBABA_CLOUD|ALIBABACLOUD|ALICLOUD|RAM)_[A-Z0-9_]*[A-Z0-9])[\"`]")
	inCode := map[string]bool{}
	files, err := filepath.Glob("../auth/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of package auth: %v", err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			for _, found := range variable.FindAllStringSubmatch(read(t, file), -1) {
				inCode[found[1]] = true
			}
		}
	}
	table, err := argumentSection(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	onPage := map[string]bool{}
	for _, found := range variable.FindAllStringSubmatch(read(t, indexPage)+table, -1) {
		onPage[found[1]] = true
		// Those of endpoints are made of the names of the services.
		inCode[found[1]] = inCode[found[1]] || strings.HasPrefix(found[1], "ALIBABA_CLOUD_ENDPOINT_")
	}
	maps.DeleteFunc(inCode, func(_ string, is bool) bool { return !is })
	if diff := cmp.Diff(slices.Sorted(maps.Keys(inCode)), slices.Sorted(maps.Keys(onPage))); diff != "" {
		t.Errorf("environment variables (-code +page):\n%s", diff)
	}
}

// TestIndex_modes holds the modes of profiles on the first page against those that the
// provider offers when it meets one that it does not know.
func TestIndex_modes(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(file, []byte(`{"current":"a","profiles":[{"name":"a","mode":"Unheard"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	server, err := providerserver.NewProtocol6WithError(provider.New(provider.Host{Machine: auth.ThisMachine()}))()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	typ, _ := schema.Provider.ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, attribute := range typ.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
	}
	values["config_file"] = tftypes.NewValue(tftypes.String, file)
	values["profile"] = tftypes.NewValue(tftypes.String, "a")
	config, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, values))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &config})
	if err != nil || len(resp.Diagnostics) != 1 {
		t.Fatalf("got %v, %v; want one error about the mode", resp.Diagnostics, err)
	}
	want := regexp.MustCompile(`use one of ([A-Za-z, ]+)`).FindStringSubmatch(resp.Diagnostics[0].Detail)
	got := regexp.MustCompile(`Modes of a profile that can be used: ([^.]+)\.`).FindStringSubmatch(read(t, indexPage))
	if want == nil || got == nil {
		t.Fatalf("cannot find the modes in %q, or on the page", resp.Diagnostics[0].Detail)
	}
	if diff := cmp.Diff(words(want[1]), words(got[1])); diff != "" {
		t.Errorf("modes of profiles (-provider +page):\n%s", diff)
	}
}

const indexPage = "../../templates/index.md.tmpl"

// words of a list, sorted, without commas and backquotes.
func words(list string) []string {
	return slices.Sorted(slices.Values(strings.Fields(strings.NewReplacer(",", " ", "`", " ").Replace(list))))
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
