package compat

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// service is one emulator under two addresses, since some SDKs speak HTTPS only.
type service struct {
	*emulator.Emulator
	Host, HostTLS string
}

func start(t *testing.T) service {
	t.Helper()
	emu, err := emulator.New(emulator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	plain, encrypted := httptest.NewServer(emu), httptest.NewTLSServer(emu)
	t.Cleanup(plain.Close)
	t.Cleanup(encrypted.Close)
	return service{emu, plain.Listener.Addr().String(), encrypted.Listener.Addr().String()}
}

// credentials sign a request; Token is empty but for a session.
type credentials struct{ ID, Secret, Token string }

// Root are the credentials of the first account's root.
func (s service) Root() credentials {
	key := s.Accounts()[0].RootKey
	return credentials{ID: key.ID, Secret: key.Secret}
}

// TestMain makes the process trust httptest's certificate: credentials-go speaks HTTPS
// only and clones the default transport, which is the one place to tell it.
func TestMain(m *testing.M) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	trusted := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	server.Close()
	http.DefaultTransport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}
	os.Exit(m.Run())
}
