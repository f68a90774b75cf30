package rpc

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
)

const algorithm = "ACS3-HMAC-SHA256"

// sign adds the Authorization header (request signature V3, "Request syntax and
// signature method V3" of the API gateway). The rule of what is signed: host,
// content-type and every x-acs- header that the request carries. The query must
// already be in canonical form, which is how formEncode writes it.
func sign(req *http.Request, creds Credentials) {
	signed, names := canonicalHeaders(req)
	canonical := strings.Join([]string{
		req.Method, "/", req.URL.RawQuery, signed, names, req.Header.Get("x-acs-content-sha256"),
	}, "\n")
	mac := hmac.New(sha256.New, []byte(creds.AccessKeySecret.Reveal()))
	mac.Write([]byte(algorithm + "\n" + hexSHA256([]byte(canonical))))
	req.Header.Set("Authorization", algorithm+
		" Credential="+creds.AccessKeyID+
		",SignedHeaders="+names+
		",Signature="+hex.EncodeToString(mac.Sum(nil)))
}

// canonicalHeaders gives the signed headers, one a line, and their names.
func canonicalHeaders(req *http.Request) (lines, names string) {
	values := map[string]string{"host": req.Host}
	for name, value := range req.Header {
		name = strings.ToLower(name)
		if name == "content-type" || strings.HasPrefix(name, "x-acs-") {
			value = slices.Sorted(slices.Values(value))
			values[name] = strings.TrimSpace(strings.Join(value, ","))
		}
	}
	var sorted []string
	for name := range values {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	var b strings.Builder
	for _, name := range sorted {
		b.WriteString(name + ":" + values[name] + "\n")
	}
	return b.String(), strings.Join(sorted, ";")
}

func hexSHA256(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
