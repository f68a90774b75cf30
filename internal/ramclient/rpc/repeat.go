package rpc

import (
	"context"
	"errors"
	"fmt"
)

// ErrOtherCredentials says that a request cannot be repeated, since the credentials have
// changed: the service remembers nonces by the key that they were used with.
var ErrOtherCredentials = errors.New("the credentials have changed since the request was sent")

// Repeat sends a request whose answer was lost once more, under the nonce of the first
// copy. The gateway lets a nonce pass once, to keep requests from being replayed (V3
// request structure and signature: x-acs-signature-nonce), so at most one of the copies
// acts, whichever arrives first: a success is the answer to the one request, and the code
// SignatureNonceUsed says that an earlier copy had arrived. It is sent once, and not
// repeated by itself.
func (c *Client) Repeat(ctx context.Context, failed *Error, op Operation, in, out any) error {
	params, err := encode(in)
	if err != nil {
		return fmt.Errorf("%s: %w", op.Name, err)
	}
	endpoint, err := c.endpoint(op)
	if err != nil {
		return fmt.Errorf("%s: %w", op.Name, err)
	}
	op.Retry = RetryNever
	return c.run(ctx, &call{client: c, op: op, endpoint: endpoint, params: params, repeats: failed}, out)
}

func (c *call) nextNonce() string {
	if c.repeats != nil {
		return c.repeats.nonce
	}
	return c.client.config.Nonce()
}

// mayCarry says whether the credentials suit the call.
func (c *call) mayCarry(creds Credentials) error {
	if c.repeats != nil && c.repeats.AccessKeyID != creds.AccessKeyID {
		return ErrOtherCredentials
	}
	return nil
}
