package provider

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
)

// idleConnections is how many connections to a host stay open: Terraform works on ten
// objects at a time, or as many as it is told.
const idleConnections = 32

// transport is the machine's own, with the proxy and the authorities of the arguments.
func (m providerModel) transport(machine auth.Machine, diags *diag.Diagnostics) http.RoundTripper {
	base, ok := machine.HTTP.(*http.Transport)
	if !ok {
		return machine.HTTP
	}
	transport := base.Clone()
	transport.MaxIdleConnsPerHost = idleConnections
	if !m.HTTPProxy.IsNull() {
		proxy, err := url.Parse(m.HTTPProxy.ValueString())
		if err != nil {
			diags.AddAttributeError(path.Root("http_proxy"), "Invalid proxy", "http_proxy is not a URL such as http://proxy.example.com:3128.")
			return nil
		}
		transport.Proxy = argumentProxy(proxy)
	}
	if !m.CustomCABundle.IsNull() {
		pem, err := machine.ReadFile(m.CustomCABundle.ValueString())
		roots := x509.NewCertPool()
		if err != nil || !roots.AppendCertsFromPEM(pem) {
			diags.AddAttributeError(path.Root("custom_ca_bundle"), "Invalid CA bundle",
				fmt.Sprintf("%q cannot be read, or holds no certificate in PEM form.", m.CustomCABundle.ValueString()))
			return nil
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	return transport
}

// argumentProxy is for all requests but those to this machine, just as a proxy of the
// environment: what must stay on this machine, such as a run against the emulator, does.
func argumentProxy(proxy *url.URL) func(*http.Request) (*url.URL, error) {
	return func(req *http.Request) (*url.URL, error) {
		host := req.URL.Hostname()
		if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
			return nil, nil
		}
		return proxy, nil
	}
}
