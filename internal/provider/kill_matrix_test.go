package provider_test

import (
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
)

// TestKillMatrix kills the provider at every call of every life.
func TestKillMatrix(t *testing.T) {
	t.Parallel()
	cells := 0
	for name, ofType := range lives() {
		for _, life := range ofType {
			life.Type = name
			t.Run(name, func(t *testing.T) {
				cells += acctest.RequireSurvivesKills(t, life)
			})
		}
	}
	t.Logf("%d cells", cells)
}
