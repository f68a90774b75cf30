package rpc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// Config makes a Client. The zero value of each field but Endpoints and Credentials
// has a sensible default (defaults.go).
type Config struct {
	// Endpoints are base URLs such as "https://sts.aliyuncs.com", by product.
	Endpoints map[string]string
	// Credentials are asked for each attempt. Nil if only unsigned operations are sent.
	Credentials CredentialsProvider
	// HTTPClient carries the requests; its redirect policy and cookies are not used.
	HTTPClient *http.Client
	// Clock is the client's time.
	Clock clock.Clock
	// Trace is told of each attempt and each wait. Its fields hold no secret and no
	// parameter value.
	Trace func(ctx context.Context, message string, fields map[string]any)
	// MaxRetries is how often a request is repeated at most; negative is never.
	MaxRetries int
	// RequestTimeout bounds one attempt, from connecting to the end of the answer.
	RequestTimeout time.Duration
	// MaxRequestsPerSecond bounds all operations of the client together; 0 is unbounded.
	MaxRequestsPerSecond float64
	// UserAgent is sent along.
	UserAgent string

	// Nonce makes a text that no other request uses. Jitter gives a number in [0, 1).
	Nonce  func() string
	Jitter func() float64
}

// A Client calls operations for one set of credentials. It is safe for concurrent use.
type Client struct {
	config     Config
	pace       *pacer
	serverTime serverTime
}

// New returns a client. It connects to nothing.
func New(config Config) *Client {
	config = config.withDefaults()
	return &Client{config: config, pace: newPacer(config.Clock, config.MaxRequestsPerSecond)}
}

// Do calls an operation. The input is a struct with `param` tags, see encode, or nil;
// the answer is decoded into out, a pointer, or dropped if out is nil. A request that
// did not succeed is an *Error; an input that cannot be sent, or a failure of the
// credentials provider before anything was sent, is an error that names the operation.
//
// The way of a call: encode, then for each attempt wait for the operation's turn, ask
// for credentials, sign with a fresh nonce and date, send, read and decode.
func (c *Client) Do(ctx context.Context, op Operation, in, out any) error {
	params, err := encode(in)
	if err != nil {
		return fmt.Errorf("%s: %w", op.Name, err)
	}
	endpoint, err := c.endpoint(op)
	if err != nil {
		return fmt.Errorf("%s: %w", op.Name, err)
	}
	return c.run(ctx, &call{client: c, op: op, endpoint: endpoint, params: params}, out)
}

func (c *Client) run(ctx context.Context, call *call, out any) error {
	op := call.op
	for {
		if err := c.pace.wait(ctx, op); err != nil {
			return call.stop(err)
		}
		creds, err := c.credentials(ctx, op)
		if err == nil {
			err = call.mayCarry(creds)
		}
		if err != nil {
			return call.stop(fmt.Errorf("credentials: %w", err))
		}
		failure := call.attempt(ctx, creds, out)
		c.pace.learn(op, failure != nil && failure.outcome == throttled)
		if failure == nil {
			return nil
		}
		delay, again := call.retry(ctx, failure, creds)
		if !again {
			return failure
		}
		if err := c.config.Clock.Sleep(ctx, delay); err != nil {
			return call.stop(err)
		}
	}
}

func (c *Client) endpoint(op Operation) (*url.URL, error) {
	text := c.config.Endpoints[op.Product]
	endpoint, err := url.Parse(text)
	if err != nil || endpoint.Host == "" || (endpoint.Scheme != "https" && endpoint.Scheme != "http") {
		// The text is not repeated: a mistaken URL may carry a password.
		return nil, fmt.Errorf("the endpoint of %s is not a URL such as https://host", op.Product)
	}
	return endpoint, nil
}

func (c *Client) credentials(ctx context.Context, op Operation) (Credentials, error) {
	if op.Unsigned {
		return Credentials{}, nil
	}
	if c.config.Credentials == nil {
		return Credentials{}, errors.New("none are configured")
	}
	return c.config.Credentials.Credentials(ctx)
}

// A call is one run of Do: what is sent, and what became of it so far.
type call struct {
	client    *Client
	op        Operation
	endpoint  *url.URL
	params    parameters
	attempts  int
	unreached int
	began     time.Time
	refreshed bool
	nonce     string // of the last attempt
	last      *Error
	// repeats is the failed request that this is a copy of; nil for a request of its own.
	repeats *Error
}

// attempt sends the request once. It returns nil after a readable success.
func (c *call) attempt(ctx context.Context, creds Credentials, out any) *Error {
	started := c.client.config.Clock.Now()
	if c.attempts++; c.attempts == 1 {
		c.began = started
	}
	attemptCtx, cancel := context.WithTimeout(ctx, c.client.config.RequestTimeout)
	defer cancel()
	var connected atomic.Bool
	attemptCtx = httptrace.WithClientTrace(attemptCtx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})

	var failure *Error
	requestID := ""
	resp, err := c.client.config.HTTPClient.Do(c.request(attemptCtx, started, creds))
	if err != nil {
		failure = connectionError(ctx, err, connected.Load(), c.client.config.RequestTimeout)
	} else {
		defer func() { _ = resp.Body.Close() }()
		c.client.serverTime.learn(resp, c.client.config.Clock.Now())
		requestID, failure = readAnswer(resp, out)
	}
	c.complete(failure, creds)
	c.trace(ctx, started, resp, requestID, failure)
	return failure
}

// request builds and signs one attempt.
func (c *call) request(ctx context.Context, now time.Time, creds Credentials) *http.Request {
	body := []byte(formEncode(c.params.body))
	target := url.URL{Scheme: c.endpoint.Scheme, Host: c.endpoint.Host, Path: "/", RawQuery: formEncode(c.params.query)}
	// The parts are known to be good, so this cannot fail.
	req, _ := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), bytes.NewReader(body))
	req.Host = c.endpoint.Host
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.client.config.UserAgent)
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("x-acs-action", c.op.Name)
	req.Header.Set("x-acs-version", c.op.Version)
	req.Header.Set("x-acs-date", now.UTC().Format("2006-01-02T15:04:05Z"))
	c.nonce = c.nextNonce()
	req.Header.Set("x-acs-signature-nonce", c.nonce)
	req.Header.Set("x-acs-content-sha256", hexSHA256(body))
	if c.op.Unsigned {
		return req
	}
	if !creds.SecurityToken.IsEmpty() {
		req.Header.Set("x-acs-accesskey-id", creds.AccessKeyID)
		req.Header.Set("x-acs-security-token", creds.SecurityToken.Reveal())
	}
	sign(req, creds)
	return req
}

// complete adds to a failure what the call knows.
func (c *call) complete(failure *Error, creds Credentials) {
	if failure == nil {
		return
	}
	failure.Action = c.op.Name
	failure.Host = c.endpoint.Host
	failure.nonce = c.nonce
	failure.Attempts = c.attempts
	failure.SentAt, failure.FailedAt = c.began, c.client.config.Clock.Now()
	failure.Credentials, failure.AccessKeyID = creds.Source, creds.AccessKeyID
	failure.Ambiguous = c.op.Mutates && (failure.outcome == lost || c.last != nil && c.last.Ambiguous)
	for _, secret := range append(c.params.secrets, creds.AccessKeySecret.Reveal(), creds.SecurityToken.Reveal()) {
		if secret != "" {
			failure.Message = strings.ReplaceAll(failure.Message, secret, redacted)
		}
	}
	c.last = failure
}

// stop ends a call that gets no further attempt because of err. What an earlier
// attempt may have done must not be forgotten over it.
func (c *call) stop(err error) error {
	if c.last == nil {
		return fmt.Errorf("%s: %w", c.op.Name, err)
	}
	c.last.cause = errors.Join(err, c.last.cause)
	return c.last
}

func (c *call) trace(ctx context.Context, started time.Time, resp *http.Response, requestID string, failure *Error) {
	if c.client.config.Trace == nil {
		return
	}
	fields := map[string]any{
		"action":      c.op.Name,
		"version":     c.op.Version,
		"host":        c.endpoint.Host,
		"attempt":     c.attempts,
		"duration_ms": c.client.config.Clock.Now().Sub(started).Milliseconds(),
	}
	if resp != nil {
		fields["http_status"] = resp.StatusCode
		fields["request_id"] = requestID
	}
	if failure != nil {
		fields["code"], fields["error"], fields["ambiguous"] = failure.Code, failure.Message, failure.Ambiguous
	}
	c.client.config.Trace(ctx, "called "+c.op.Product, fields)
}
