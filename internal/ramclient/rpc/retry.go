package rpc

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The loop is plain lines rather than a retrying HTTP client: each attempt needs new
// credentials, nonce and date, the decision needs the service's code and whether
// anything was sent, and both stay readable here.

const (
	backoffBase = 250 * time.Millisecond
	backoffCap  = 15 * time.Second
	// maxRetryAfter bounds the pause that a service may ask for.
	maxRetryAfter = time.Minute
	// maxUnreached is how often connecting is tried again: a host that cannot be
	// reached is more likely a mistake in the configuration than a passing fault.
	maxUnreached = 3
)

// outcome says what a failed attempt means for the next one.
type outcome int

const (
	refused     outcome = iota // it was said no, and a repetition would be answered alike
	unreachable                // nothing was sent, and a repetition would fail alike
	unreached                  // nothing was sent
	throttled                  // the service did not act and asks to come again
	expired                    // the service did not act, since the session has ended
	lost                       // sent, but what became of it is not known
)

// outcomeOf judges an answer by its status, its code if one could be read, and the
// pause it asks for.
func outcomeOf(status int, code string, pause time.Duration) outcome {
	switch {
	case strings.Contains(code, "Throttling"), status == http.StatusTooManyRequests:
		return throttled
	case code == "InvalidSecurityToken.Expired":
		return expired
	case code == "SignatureNonceUsed":
		// Nonces are random, so it was this very request that something between here and
		// the service delivered twice; the first copy may have acted.
		return lost
	case status >= 500, status == http.StatusRequestTimeout:
		return lost
	case pause > 0:
		return throttled
	}
	return refused
}

// allows says whether a request may be sent again after an outcome.
func (r RetryClass) allows(o outcome) bool {
	switch o {
	case unreached, throttled:
		return r != RetryNever
	case lost:
		return r == RetryAlways
	case refused, unreachable, expired:
	}
	return false
}

// retry decides whether to repeat the call, and after which pause.
func (c *call) retry(ctx context.Context, failure *Error, creds Credentials) (time.Duration, bool) {
	if ctx.Err() != nil {
		return 0, false
	}
	if failure.outcome == expired && c.op.Retry != RetryNever && !c.refreshed {
		c.refreshed = true
		refresher, ok := c.client.config.Credentials.(Refresher)
		return 0, ok && refresher.Refresh(ctx, creds)
	}
	if failure.outcome == unreached {
		c.unreached++
	}
	if !c.op.Retry.allows(failure.outcome) || c.attempts > c.client.config.MaxRetries || c.unreached > maxUnreached {
		return 0, false
	}
	delay := failure.retryAfter
	if delay == 0 {
		delay = backoff(c.attempts, c.client.config.Jitter())
	}
	if c.client.config.Trace != nil {
		c.client.config.Trace(ctx, "will repeat the call", map[string]any{
			"action": c.op.Name, "attempt": c.attempts, "delay_ms": delay.Milliseconds(),
		})
	}
	return delay, true
}

// backoff is exponential with full jitter: any time up to the bound, so that clients
// which failed together do not come back together.
func backoff(attempt int, jitter float64) time.Duration {
	bound := backoffCap
	if attempt < 7 {
		bound = min(bound, backoffBase<<(attempt-1))
	}
	return time.Duration(jitter * float64(bound))
}

// connectionError judges a request that got no answer. The *url.Error around the
// cause is taken off, since it shows the whole URL.
func connectionError(ctx context.Context, err error, connected bool, timeout time.Duration) *Error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	failure := &Error{cause: err, outcome: unreached, Message: "the host cannot be reached: " + err.Error()}
	switch {
	case connected:
		failure.outcome = lost
		failure.Message = "the connection was lost before an answer came: " + err.Error()
	case ctx.Err() != nil, isPermanent(err):
		failure.outcome = unreachable
	}
	if ctx.Err() != nil {
		failure.Message = "given up while waiting for the answer: " + ctx.Err().Error()
		failure.cause = errors.Join(ctx.Err(), err)
	} else if errors.Is(err, context.DeadlineExceeded) {
		failure.Message = fmt.Sprintf("no answer within %s", timeout)
	}
	return failure
}

// isPermanent is true of failures to connect that time does not heal.
func isPermanent(err error) bool {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var notTLS tls.RecordHeaderError
	return errors.As(err, &dns) && dns.IsNotFound ||
		errors.As(err, &certificate) || errors.As(err, &notTLS) || errors.Is(err, http.ErrSchemeMismatch)
}
