// Package ramclient calls Alibaba Cloud RAM, IMS, ResourceManager (attachments) and
// STS with typed operations: one method per operation, named as the operation, in one
// file per area of the API. It knows nothing of Terraform.
//
// Failures are *rpc.Error, wrapped or not; ask IsNotFound, IsAlreadyExists, Code and
// the like. Lists that the service gives in pages are iterators; lists that it gives
// whole are slices.
package ramclient

import (
	"context"
	"net/http"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// Endpoints are base URLs, such as "https://ram.aliyuncs.com". An empty one is the
// public endpoint.
type Endpoints struct {
	RAM, IMS, STS, ResourceManager string
}

// The public endpoints. Except for STS, each is the same for all regions and for the
// accounts of the international site.
const (
	publicRAM             = "https://ram.aliyuncs.com"
	publicIMS             = "https://ims.aliyuncs.com"
	publicSTS             = "https://sts.aliyuncs.com"
	publicResourceManager = "https://resourcemanager.aliyuncs.com"
)

// Config makes a Client. Only Credentials are required; the defaults of the other
// fields are those of rpc.Config.
type Config struct {
	Credentials          rpc.CredentialsProvider
	Endpoints            Endpoints
	HTTPClient           *http.Client
	Clock                clock.Clock
	Trace                func(ctx context.Context, message string, fields map[string]any)
	MaxRetries           int // negative is never
	RequestTimeout       time.Duration
	MaxRequestsPerSecond float64 // of all operations together; 0 is unbounded
	UserAgent            string
}

// A Client calls operations with one set of credentials. It is safe for concurrent use.
type Client struct {
	rpc      *rpc.Client
	shared   *SharedReads
	tagCalls gathering
}

// New returns a client. It connects to nothing; a malformed endpoint is an error of
// the first operation that needs it.
func New(config Config) *Client {
	c := &Client{rpc: rpc.New(rpc.Config{
		Endpoints: map[string]string{
			productRAM:             orElse(config.Endpoints.RAM, publicRAM),
			productIMS:             orElse(config.Endpoints.IMS, publicIMS),
			productSTS:             orElse(config.Endpoints.STS, publicSTS),
			productResourceManager: orElse(config.Endpoints.ResourceManager, publicResourceManager),
		},
		Credentials:          config.Credentials,
		HTTPClient:           config.HTTPClient,
		Clock:                config.Clock,
		Trace:                config.Trace,
		MaxRetries:           config.MaxRetries,
		RequestTimeout:       config.RequestTimeout,
		MaxRequestsPerSecond: config.MaxRequestsPerSecond,
		UserAgent:            config.UserAgent,
	})}
	c.shared = newSharedReads(c)
	return c
}

// Shared gives the reads of this client that many readers share.
func (c *Client) Shared() *SharedReads { return c.shared }

// ServerTime is what the service's clock shows, as far as its answers told.
func (c *Client) ServerTime() time.Time { return c.rpc.ServerTime() }

// do calls an operation. After anything that may have changed the service, no shared
// read that began before is given out any more.
func (c *Client) do(ctx context.Context, op rpc.Operation, in, out any) error {
	if op.Mutates {
		defer c.shared.forget()
	}
	return c.rpc.Do(ctx, op, in, out)
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
