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
)

const indexPage = "../../templates/index.md.tmpl"

// TestIndex_arguments holds the table of arguments on the first page against the schema:
// the same arguments, and the defaults and variables that the descriptions name.
func TestIndex_arguments(t *testing.T) {
	t.Parallel()
	described, err := describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	arguments := map[string]attribute{}
	collect("", described.Provider.Block.Attributes, arguments)

	rows := map[string][]string{}
	for _, line := range strings.Split(section(t, "## Arguments, environment, defaults"), "\n") {
		if cells := strings.Split(line, "|"); len(cells) == 5 && strings.HasPrefix(cells[1], " `") {
			rows[strings.Trim(cells[1], " `")] = cells
		}
	}
	want, got := slices.Sorted(maps.Keys(arguments)), slices.Sorted(maps.Keys(rows))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("arguments in the table (-schema +table):\n%s", diff)
	}

	defaults := regexp.MustCompile("Default: `?\"?([^`\".:;]+(?:\\.[a-z]+)*)")
	variables := regexp.MustCompile("`(A[A-Z_]+[A-Z])`")
	for name, argument := range arguments {
		environment, fallback := rows[name][2], rows[name][3]
		if found := defaults.FindStringSubmatch(argument.Description); found != nil && !strings.Contains(fallback, found[1]) && name != "http_proxy" && name != "max_requests_per_second" {
			t.Errorf("%s: the description has the default %q, the table%s", name, found[1], fallback)
		}
		for _, variable := range variables.FindAllStringSubmatch(argument.Description, -1) {
			if !strings.Contains(environment, variable[1]) && !strings.Contains(environment, "see above") {
				t.Errorf("%s: the description names %s, the table%s", name, variable[1], environment)
			}
		}
	}
}

func collect(prefix string, attributes map[string]attribute, into map[string]attribute) {
	for name, a := range attributes {
		into[prefix+name] = a
		if a.NestedType != nil {
			collect(prefix+name+".", a.NestedType.Attributes, into)
		}
	}
}

// TestIndex_variables holds the variables on the first page against those that the
// code reads.
func TestIndex_variables(t *testing.T) {
	t.Parallel()
	variable := regexp.MustCompile("[\"`]((?:ALIBABA_CLOUD|ALIBABACLOUD|ALICLOUD|RAM)_[A-Z0-9_]*[A-Z0-9])[\"`]")
	inCode := map[string]bool{
		// Endpoint variables are made of the names of the services.
		"ALIBABA_CLOUD_ENDPOINT_RAM": true, "ALIBABA_CLOUD_ENDPOINT_IMS": true, "ALIBABA_CLOUD_ENDPOINT_RESOURCE_MANAGER": true,
	}
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
	onPage := map[string]bool{}
	for _, found := range variable.FindAllStringSubmatch(read(t, indexPage), -1) {
		onPage[found[1]] = true
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(inCode)), slices.Sorted(maps.Keys(onPage))); diff != "" {
		t.Errorf("environment variables (-code +page):\n%s", diff)
	}
}

// section is the part of the first page below a heading.
func section(t *testing.T, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut(read(t, indexPage), "\n"+heading+"\n")
	if !found {
		t.Fatalf("%s has no %q", indexPage, heading)
	}
	text, _, _ := strings.Cut(rest, "\n## ")
	return text
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
