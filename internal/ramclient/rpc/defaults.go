package rpc

import (
	"crypto/rand"
	"encoding/hex"
	mathrand "math/rand/v2"
	"net/http"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

const (
	// DefaultMaxRetries is Config.MaxRetries if left out: with full jitter, about half
	// a minute of waiting on average.
	DefaultMaxRetries = 8
	// DefaultRequestTimeout is Config.RequestTimeout if left out.
	DefaultRequestTimeout = 30 * time.Second
)

func (c Config) withDefaults() Config {
	if c.HTTPClient == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConnsPerHost = 32 // Terraform works on ten objects at a time, or as many as it is told
		c.HTTPClient = &http.Client{Transport: transport}
	}
	own := *c.HTTPClient
	// A signed request must not be carried to another host; the services never redirect.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	own.Jar = nil
	c.HTTPClient = &own
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.MaxRetries == 0 {
		c.MaxRetries = DefaultMaxRetries
	}
	if c.RequestTimeout == 0 {
		c.RequestTimeout = DefaultRequestTimeout
	}
	if c.UserAgent == "" {
		c.UserAgent = "terraform-provider-ram"
	}
	if c.Nonce == nil {
		c.Nonce = randomNonce
	}
	if c.Jitter == nil {
		c.Jitter = mathrand.Float64 // it spreads retries and protects nothing
	}
	return c
}

func randomNonce() string {
	var nonce [16]byte
	_, _ = rand.Read(nonce[:]) // never fails: crypto/rand ends the process instead
	return hex.EncodeToString(nonce[:])
}
