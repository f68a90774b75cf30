package rpc

import (
	"net/http"
	"sync/atomic"
	"time"
)

// serverTime estimates how far the service's clock is ahead of the client's, from the
// Date headers of the answers. It is exact to the header's whole seconds plus the time
// that the answer travelled.
type serverTime struct{ ahead atomic.Int64 }

func (s *serverTime) learn(resp *http.Response, now time.Time) {
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		s.ahead.Store(int64(date.Sub(now.Truncate(time.Second))))
	}
}

// ServerTime is what the service's clock shows, as far as its last answer tells; the
// client's own clock before the first one.
func (c *Client) ServerTime() time.Time {
	return c.config.Clock.Now().Add(time.Duration(c.serverTime.ahead.Load()))
}
