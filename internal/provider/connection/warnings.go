package connection

import (
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Warnings are of what goes wrong while credentials are renewed. Nobody who notices
// that has an answer to Terraform at hand, so they wait for the next one: Begin gives
// each out once. It is safe for concurrent use.
type Warnings struct {
	mu    sync.Mutex
	all   diag.Diagnostics
	shown int // so many of all were given out
}

// Add leaves a warning for the next answer, unless it was left before.
func (w *Warnings) Add(summary, detail string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all.AddWarning(summary, detail) // no duplicates
}

// show moves the warnings that nobody has seen yet into an answer.
func (w *Warnings) show(diags *diag.Diagnostics) {
	w.mu.Lock()
	defer w.mu.Unlock()
	diags.Append(w.all[w.shown:]...)
	w.shown = len(w.all)
}
