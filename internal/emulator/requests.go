package emulator

import (
	"slices"
	"time"
)

// Request is one line of the request log.
type Request struct {
	Time      time.Time
	RequestID string
	Account   string // of the caller; empty if the signature did not hold
	CallerARN string
	Product   string            // "RAM", "IMS", "STS", "ResourceManager"; of endpoints "OAuth", "CloudSSO", "ECS", "CredentialsURI", "OIDC"
	Operation string            // such as "CreateUser"; of endpoints such as "OAuthToken", see the file of each
	Params    map[string]string // business parameters; values of secret ones are "(removed)"
	Status    int               // 0 if the connection was reset
	Code      string            // error code, empty on success
	Fault     string            // the fault this call met, empty if none
}

const removed = "(removed)"

// maxRequests bounds the log of a service that runs for days; the older half goes.
const maxRequests = 200_000

// Requests lists the requests since the start or the last reset, oldest first.
func (e *Emulator) Requests() []Request {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.requests)
}

// Count is how many requests named an operation, refused ones included.
func (e *Emulator) Count(operation string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	count := 0
	for _, r := range e.requests {
		if r.Operation == operation {
			count++
		}
	}
	return count
}

// Total is how many requests there were.
func (e *Emulator) Total() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.requests)
}

// ResetRequests empties the request log.
func (e *Emulator) ResetRequests() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.requests = nil
}

// withoutSecrets is the parameters as they may be logged. Those of an unknown
// operation are all removed: nobody knows which are secret.
func withoutSecrets(p params, op *operation) map[string]string {
	shown := make(map[string]string, len(p))
	for name, value := range p {
		if op == nil || slices.Contains(op.secrets, name) {
			value = removed
		}
		shown[name] = value
	}
	return shown
}
