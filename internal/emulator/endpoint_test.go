package emulator

import (
	"encoding/json"
	"testing"
)

// decode turns what was read as plain JSON into a type.
func decode(t *testing.T, from, into any) {
	t.Helper()
	text, err := json.Marshal(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}
