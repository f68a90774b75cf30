package emulator

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Fault is something that goes wrong with one call of an operation. Faults wait in a
// queue per operation; each call takes the next one, after its signature was verified.
type Fault struct {
	name  string
	times int // calls it lasts for
	stale bool
	// unreached means that the request never came to the service, which so has not seen
	// its nonce either.
	unreached bool
	spoil     func(ctx context.Context, e *Emulator, act func() response, refuse func(*apiError) response) response
}

// Fail queues faults for calls of an operation, such as "CreateUser", of any product, or
// of an endpoint, such as "OAuthToken".
func (e *Emulator) Fail(operation string, faults ...Fault) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, fault := range faults {
		waiting := pendingFault{Fault: fault}
		if fault.stale {
			waiting.past = e.state.clone()
		}
		for range max(fault.times, 1) {
			e.faults[operation] = append(e.faults[operation], waiting)
		}
	}
}

// PendingFaults names the faults no call has met yet, as "CreateUser: CommitThenReset".
// A test whose faults are still pending has not tested what it meant to.
func (e *Emulator) PendingFaults() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var pending []string
	for _, operation := range sortedKeys(e.faults) {
		for _, fault := range e.faults[operation] {
			pending = append(pending, operation+": "+fault.name)
		}
	}
	return pending
}

type pendingFault struct {
	Fault
	past *state // what a stale read sees
}

// nextFault takes the next fault of an operation off its queue.
func (e *Emulator) nextFault(operation string) *pendingFault {
	queue := e.faults[operation]
	if len(queue) == 0 {
		return nil
	}
	if e.faults[operation] = queue[1:]; len(queue) == 1 {
		delete(e.faults, operation)
	}
	return &queue[0]
}

// Refuse answers with an error of the service instead of acting.
func Refuse(status int, code, message string) Fault {
	return refuseWith("Refuse("+code+")", func(*Emulator) *apiError { return refusal(status, code, "%s", message) })
}

// Throttle answers Throttling.User with a hint to come back after a while; none if zero.
func Throttle(retryAfter time.Duration) Fault {
	return refuseWith(fmt.Sprintf("Throttle(%s)", retryAfter), func(e *Emulator) *apiError {
		return errThrottled(e.config.ThrottleStatus, retryAfter)
	})
}

// ExpireToken answers that the security token of the caller has expired.
func ExpireToken() Fault {
	return refuseWith("ExpireToken", func(*Emulator) *apiError { return errTokenExpired() })
}

func refuseWith(name string, err func(*Emulator) *apiError) Fault {
	return Fault{name: name, spoil: func(_ context.Context, e *Emulator, _ func() response, refuse func(*apiError) response) response {
		return refuse(err(e))
	}}
}

// ResetBefore closes the connection without acting.
func ResetBefore() Fault {
	return instead("ResetBefore", response{reset: true})
}

// HTML502 is the error page of a proxy that never reached the service.
func HTML502() Fault {
	return instead("HTML502", response{
		status: http.StatusBadGateway,
		header: http.Header{"Content-Type": {"text/html"}},
		body:   []byte("<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"),
	})
}

func instead(name string, r response) Fault {
	return Fault{name: name, unreached: true, spoil: func(context.Context, *Emulator, func() response, func(*apiError) response) response {
		return r
	}}
}

// CommitThenReset acts, then closes the connection without an answer.
func CommitThenReset() Fault {
	return after("CommitThenReset", func(r response, _ func(*apiError) response) response {
		r.reset = true
		return r
	})
}

// CommitThen500 acts, then answers InternalError.
func CommitThen500() Fault {
	return after("CommitThen500", func(_ response, refuse func(*apiError) response) response {
		return refuse(errInternal())
	})
}

// EmptyBody acts, then answers with the right status and no body.
func EmptyBody() Fault {
	return after("EmptyBody", func(r response, _ func(*apiError) response) response {
		r.body = nil
		return r
	})
}

// TruncatedBody acts, then sends half of the announced body.
func TruncatedBody() Fault {
	return after("TruncatedBody", func(r response, _ func(*apiError) response) response {
		r.truncate = true
		return r
	})
}

func after(name string, change func(response, func(*apiError) response) response) Fault {
	return Fault{name: name, spoil: func(_ context.Context, _ *Emulator, act func() response, refuse func(*apiError) response) response {
		return change(act(), refuse)
	}}
}

// Delay waits on the service's clock, then acts as usual.
func Delay(d time.Duration) Fault {
	return Fault{
		name: fmt.Sprintf("Delay(%s)", d),
		spoil: func(ctx context.Context, e *Emulator, act func() response, _ func(*apiError) response) response {
			if e.config.Clock.Sleep(ctx, d) != nil {
				return response{reset: true} // the client went away
			}
			return act()
		},
	}
}

// StaleReads lets the next n calls of a read see the state as of now, whatever is
// written until then.
func StaleReads(n int) Fault {
	return Fault{
		name: "StaleRead", times: n, stale: true,
		spoil: func(_ context.Context, _ *Emulator, act func() response, _ func(*apiError) response) response {
			return act()
		},
	}
}
