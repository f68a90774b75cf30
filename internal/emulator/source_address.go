package emulator

import (
	"net"
	"net/http"
)

// sourceAddress is the IP address that a call comes from: that of the connection, or
// what the call says in the header Config.SourceIPHeader.
func (e *Emulator) sourceAddress(r *http.Request) string {
	if name := e.config.SourceIPHeader; name != "" {
		if stated := r.Header.Get(name); stated != "" {
			return stated
		}
	}
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return address
}
