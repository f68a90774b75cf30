package auth

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// maxAnswer bounds what is read from a credentials service or program.
const maxAnswer = 64 << 10

// fetcher gets small documents over HTTP for the modes that need no signature. Its
// errors name no URL, header or body, since each of them may hold a secret.
type fetcher struct {
	transport http.RoundTripper
	clock     clock.Clock
	jitter    func() float64
	timeout   time.Duration // of one try
	tries     int
}

// do sends a request without a body. Network errors, 429, 5xx and throttling are tried
// again.
func (f fetcher) do(ctx context.Context, method, address string, header http.Header) (status int, body []byte, err error) {
	return f.send(ctx, method, address, header, "")
}

// send is do with a body.
func (f fetcher) send(ctx context.Context, method, address string, header http.Header, content string) (status int, body []byte, err error) {
	return f.repeat(ctx, func() (int, []byte, error) { return f.once(ctx, method, address, header, content) })
}

// repeat tries until the answer is one that will not change. A service that asks to slow
// down may say so with any status.
func (f fetcher) repeat(ctx context.Context, once func() (int, []byte, error)) (status int, body []byte, err error) {
	for try := 1; ; try++ {
		status, body, err = once()
		again := err != nil || status == http.StatusTooManyRequests || status >= http.StatusInternalServerError ||
			status >= http.StatusBadRequest && strings.HasPrefix(parseRefusal(status, body).code, "Throttling")
		if !again || try == f.tries || ctx.Err() != nil {
			return status, body, err
		}
		pause := time.Duration((0.5 + f.jitter()/2) * float64(int64(200*time.Millisecond)<<try))
		if err := f.clock.Sleep(ctx, pause); err != nil {
			return 0, nil, err
		}
	}
}

func (f fetcher) once(ctx context.Context, method, address string, header http.Header, content string) (int, []byte, error) {
	tryCtx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(tryCtx, method, address, strings.NewReader(content))
	if err != nil {
		return 0, nil, errors.New("the address cannot be used in a request")
	}
	request.Header = header.Clone()
	client := http.Client{Transport: f.transport, CheckRedirect: sameHostOnly}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, f.networkError(ctx, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	switch {
	case err != nil:
		return 0, nil, f.networkError(ctx, err)
	case len(body) > maxAnswer:
		return 0, nil, fmt.Errorf("the answer is larger than %d KiB", maxAnswer>>10)
	}
	return response.StatusCode, body, nil
}

var errRedirect = errors.New("redirected to another host, which is not followed")

func sameHostOnly(next *http.Request, via []*http.Request) error {
	const maxRedirects = 5
	first := via[0].URL
	if next.URL.Host != first.Host || next.URL.Scheme != first.Scheme || len(via) > maxRedirects {
		return errRedirect
	}
	return nil
}

// networkError keeps what helps and drops what may quote the request or the answer:
// *url.Error holds the whole URL, and net/http quotes answers it cannot parse.
func (f fetcher) networkError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		if wrapped.Timeout() {
			return fmt.Errorf("no answer within %s", f.timeout)
		}
		err = wrapped.Err
	}
	var (
		network     *net.OpError
		certificate *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, errRedirect):
		return errRedirect
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("no answer within %s", f.timeout)
	case errors.As(err, &network):
		return network
	case errors.As(err, &certificate):
		return certificate
	default:
		return errors.New("the connection broke or the answer is not HTTP")
	}
}
