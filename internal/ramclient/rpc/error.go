package rpc

import (
	"fmt"
	"strings"
	"time"
)

// An Error is a request that did not succeed: the service refused it, could not be
// reached, or gave an answer that could not be read.
type Error struct {
	// Action is the operation, such as "CreateUser".
	Action string
	// Code is the service's error code, such as "EntityAlreadyExists.User". Empty if
	// no readable error came back.
	Code string
	// Message is what the service said, or what is wrong with the answer. The message
	// of SignatureDoesNotMatch is never kept: it repeats every parameter, passwords
	// included.
	Message string
	// RequestID is the service's id of the request, for its support. Empty if it never
	// answered.
	RequestID string
	// HTTPStatus of the answer; 0 if there was none.
	HTTPStatus int
	// Ambiguous means that an operation which changes something may have done so all
	// the same, in this attempt or an earlier one of the same call: the connection
	// broke or the time ran out after sending, or the answer was a 5xx or unreadable.
	Ambiguous bool
	// Host is the endpoint's host, with the port if one was given.
	Host string
	// Attempts is how many times the request was sent or tried to be sent.
	Attempts int
	// SentAt is when the first attempt began and FailedAt when the last one had
	// failed, by the client's clock.
	SentAt, FailedAt time.Time
	// ServerDate is the answer's Date header; zero if there was none. With FailedAt it
	// tells how far the client's clock is off.
	ServerDate time.Time
	// AccessDenied is given by some services with a missing permission.
	AccessDenied *AccessDeniedDetail
	// Credentials says where the signing credentials came from.
	Credentials string
	// AccessKeyID is the id of the signing key; it is no secret.
	AccessKeyID string

	nonce      string // of the last attempt; see Client.Repeat
	outcome    outcome
	retryAfter time.Duration
	cause      error
}

// AccessDeniedDetail explains which check refused a request (API gateway, "No
// permission errors").
type AccessDeniedDetail struct {
	// AuthAction is the permission that lacks, such as "ram:CreateUser".
	AuthAction string
	// AuthPrincipalType, …DisplayName and …OwnerId name the caller: SubUser, AssumedRoleUser;
	// its id or name; the id of its account.
	AuthPrincipalType        string
	AuthPrincipalDisplayName string
	AuthPrincipalOwnerID     string `json:"AuthPrincipalOwnerId"`
	// NoPermissionType is ImplicitDeny (nothing allows it) or ExplicitDeny.
	NoPermissionType string
	// PolicyType is the kind of policy that decided, such as AccountLevelIdentityBasedPolicy.
	PolicyType string
	// EncodedDiagnosticMessage can be read with the operation DecodeDiagnosticMessage.
	EncodedDiagnosticMessage string
}

// Error implements error. It shows no parameter and no URL.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Action + ": ")
	if e.Code != "" {
		b.WriteString(e.Code + ": ")
	}
	b.WriteString(e.Message)
	var facts []string
	if e.HTTPStatus != 0 {
		facts = append(facts, fmt.Sprintf("HTTP %d", e.HTTPStatus))
	}
	if e.RequestID != "" {
		facts = append(facts, "RequestId "+e.RequestID)
	}
	facts = append(facts, "host "+e.Host)
	if e.Attempts > 1 {
		facts = append(facts, fmt.Sprintf("%d attempts", e.Attempts))
	}
	b.WriteString(" (" + strings.Join(facts, ", ") + ")")
	if e.Ambiguous {
		b.WriteString("; the operation may have taken effect")
	}
	return b.String()
}

// Unwrap gives the cause, such as context.DeadlineExceeded or a network error.
func (e *Error) Unwrap() error { return e.cause }
