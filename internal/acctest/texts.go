package acctest

import (
	"slices"
	"strings"
	"testing"
)

// RequireOne fails the test unless there is exactly one text, with all the parts in it.
func RequireOne(t testing.TB, texts []string, parts ...string) {
	t.Helper()
	if len(texts) != 1 {
		t.Errorf("got %d texts, want one with %q:\n%s", len(texts), parts, strings.Join(texts, "\n---\n"))
		return
	}
	for _, part := range parts {
		if !strings.Contains(texts[0], part) {
			t.Errorf("the text lacks %q:\n%s", part, texts[0])
		}
	}
}

// RequireAmong fails the test unless one of the texts has all the parts.
func RequireAmong(t testing.TB, texts []string, parts ...string) {
	t.Helper()
	hasAll := func(text string) bool {
		return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(text, part) })
	}
	if !slices.ContainsFunc(texts, hasAll) {
		t.Errorf("got %d texts, want one among them with all of %q:\n%s", len(texts), parts, strings.Join(texts, "\n---\n"))
	}
}
