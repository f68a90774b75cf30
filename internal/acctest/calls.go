package acctest

// TakeCalls gives the operations that were called since the last time, in order, and
// forgets them.
func (e *Env) TakeCalls() []string {
	var names []string
	for _, request := range e.Emulator.Requests() {
		names = append(names, request.Operation)
	}
	e.Emulator.ResetRequests()
	return names
}
