package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// The README lists everything that the provider offers.
func TestReadme_listsEverything(t *testing.T) {
	t.Parallel()
	described, err := describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	rowOf := func(kind string) string {
		for line := range strings.Lines(string(readme)) {
			if strings.HasPrefix(line, "| "+kind+" |") {
				return line
			}
		}
		return string(readme)
	}
	for kind, names := range map[string][]string{
		"resources":           slices.Sorted(maps.Keys(described.Resources)), // in several rows
		"data sources":        slices.Sorted(maps.Keys(described.DataSources)),
		"ephemeral resources": slices.Sorted(maps.Keys(described.Ephemerals)),
		"functions":           slices.Sorted(maps.Keys(described.Functions)),
		"list resources":      slices.Sorted(maps.Keys(described.Lists)),
		"actions":             slices.Sorted(maps.Keys(described.Actions)),
	} {
		for _, name := range names {
			if !strings.Contains(rowOf(kind), "`"+name+"`") {
				t.Errorf("the README does not list `%s` among the %s", name, kind)
			}
		}
	}
}
