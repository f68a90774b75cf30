package provider_test

import (
	"sync/atomic"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
)

// TestKillMatrix kills the provider at every call of every life.
func TestKillMatrix(t *testing.T) {
	t.Parallel()
	var cells atomic.Int64
	t.Cleanup(func() { t.Logf("%d cells", cells.Load()) })
	for name, ofType := range lives() {
		for _, life := range ofType {
			life.Type = name
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				cells.Add(int64(acctest.RequireSurvivesKills(t, life)))
			})
		}
	}
}
