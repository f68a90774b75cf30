package emulator

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"
)

func TestAssumptionsAreNamedOnceAndPointAtSwitches(t *testing.T) {
	t.Parallel()
	config := reflect.TypeFor[Config]()
	seen := map[string]bool{}
	for _, a := range Assumptions() {
		if seen[a.ID] {
			t.Errorf("%s is listed twice", a.ID)
		}
		seen[a.ID] = true
		if a.Behaviour == "" || a.Basis == "" || a.Status == "" {
			t.Errorf("%s is incomplete: %+v", a.ID, a)
		}
		if _, ok := config.FieldByName(a.Switch); a.Switch != "" && !ok {
			t.Errorf("%s names the switch %s, which Config does not have", a.ID, a.Switch)
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	mention := regexp.MustCompile(`assumption "([a-z0-9-]+)"`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range mention.FindAllStringSubmatch(string(text), -1) {
			if !seen[found[1]] {
				t.Errorf("%s refers to the assumption %q, which is not listed", file, found[1])
			}
		}
	}
}
