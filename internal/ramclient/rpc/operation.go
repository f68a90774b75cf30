package rpc

// An Operation is what the client has to know of one API operation. It is data:
// the packages that know an API declare theirs as variables, and Client.Do is the
// only machine that acts on them.
type Operation struct {
	// Product selects the endpoint, such as "RAM" or "STS".
	Product string
	// Version of the product's API, such as "2015-05-01".
	Version string
	// Name of the operation, such as "CreateUser".
	Name string
	// Retry says when a failed request may be sent again.
	Retry RetryClass
	// Rate is the documented request rate; zero is not paced.
	Rate RateClass
	// Mutates is true if the operation changes something on the service.
	Mutates bool
	// Unsigned operations take their proof from a parameter (an OIDC token), so they
	// are sent without credentials.
	Unsigned bool
	// PermissionScope is the part before the colon of the permission that a caller
	// needs, such as "ram". Empty if every valid caller may call the operation.
	PermissionScope string
}

// Permission is the action to allow in a policy, such as "ram:CreateUser", or empty
// if the operation needs none.
func (o Operation) Permission() string {
	if o.PermissionScope == "" {
		return ""
	}
	return o.PermissionScope + ":" + o.Name
}

// A RetryClass says when a failed request may be sent again.
type RetryClass int

const (
	// RetryAlways is for reads and for writes that may happen twice without harm.
	RetryAlways RetryClass = iota + 1
	// RetryIfRejected is for creates: they are repeated only if the service
	// certainly did not act, because it throttled or was never reached.
	RetryIfRejected
	// RetryNever is for requests of which each one counts, such as tries of a password.
	RetryNever
)

// RateClass is a request rate per second and account, shared by all operations that
// the service documents alike. Each operation has a bucket of its own.
type RateClass float64
