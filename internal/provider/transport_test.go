package provider_test

import (
	"encoding/base64"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// secured is an environment whose emulator speaks TLS under the name of example.com,
// with a certificate of the authority in the file.
func secured(t *testing.T) (env *acctest.Env, server *httptest.Server, bundle string) {
	t.Helper()
	env = acctest.New(t, func(c *emulator.Config) { c.AllowRemote = true })
	server = httptest.NewUnstartedServer(env.Emulator)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // the failed handshakes are meant
	server.StartTLS()
	t.Cleanup(server.Close)
	bundle = filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(bundle, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return env, server, bundle
}

func trustsTheBundle(t *testing.T) {
	t.Helper()
	env, server, bundle := secured(t)
	arguments := everyEndpoint(server.URL)
	acctest.RequireOne(t, createRole(t, env, arguments), "certificate", "Next step: ")

	arguments["custom_ca_bundle"] = bundle
	identity(t, env, arguments)
}

// proxy is an HTTP proxy that leads every tunnel to the one server and remembers who
// asked, and for what.
type proxy struct {
	server string // host and port
	mu     sync.Mutex
	asked  []string // "user:password host"
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	credentials, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.Header.Get("Proxy-Authorization"), "Basic "))
	p.mu.Lock()
	p.asked = append(p.asked, string(credentials)+" "+r.Host)
	p.mu.Unlock()
	if r.Method != http.MethodConnect {
		http.Error(w, "tunnels only", http.StatusMethodNotAllowed)
		return
	}
	there, err := new(net.Dialer).DialContext(r.Context(), "tcp", p.server)
	if err != nil {
		http.Error(w, "unreachable", http.StatusBadGateway)
		return
	}
	here, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = there.Close()
		return
	}
	_, _ = io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(there, here); _ = there.Close() }()
	go func() { _, _ = io.Copy(here, there); _ = here.Close() }()
}

func goesThroughTheProxy(t *testing.T) {
	t.Helper()
	env, server, bundle := secured(t)
	through := &proxy{server: server.Listener.Addr().String()}
	listening := httptest.NewServer(through)
	t.Cleanup(listening.Close)

	arguments := everyEndpoint("https://example.com")
	arguments["custom_ca_bundle"] = bundle
	arguments["http_proxy"] = strings.Replace(listening.URL, "http://", "http://me:testpassword@", 1)
	identity(t, env, arguments)
	acctest.RequireOne(t, through.asked, "me:testpassword example.com:443")
}

func TestTransport_proxyThatRefusesIsNamedWithoutItsPassword(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "who are you?", http.StatusProxyAuthRequired)
	}))
	t.Cleanup(refusing.Close)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for _, address := range []string{refusing.URL, closed.URL} {
		arguments := everyEndpoint("https://ram.example.com")
		arguments["http_proxy"] = strings.Replace(address, "http://", "http://me:hunter2@", 1)
		errs := createRole(t, env, arguments)
		acctest.RequireOne(t, errs, "ram.example.com", "Next step: ")
		if strings.Contains(errs[0], "hunter2") {
			t.Errorf("the error shows the password of the proxy: %q", errs)
		}
	}
}
