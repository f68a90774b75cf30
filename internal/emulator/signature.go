package emulator

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // V1 signatures are HMAC-SHA1 by definition
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// signature is what a request claims, and how to check it.
type signature struct {
	keyID, token, date, nonce string
	stringToSign              string
	value                     string
	sign                      func(secret, stringToSign string) string // nil: by a key pair
}

// matches checks the signature with the secret of an AccessKey, or with the public key
// of a key pair.
func (s signature) matches(secret string) bool {
	if s.byKeyPair() {
		return verifyRSA(secret, s.stringToSign, s.value)
	}
	return hmac.Equal([]byte(s.value), []byte(s.sign(secret, s.stringToSign)))
}

// byKeyPair tells a signature of an RSA key from one of an AccessKey.
func (s signature) byKeyPair() bool { return s.sign == nil }

// V3: ACS3-HMAC-SHA256 ("Request syntax and signature method V3").

const algorithmV3 = "ACS3-HMAC-SHA256"

func readV3(x *exchange) (signature, *apiError) {
	claim, refused := parseAuthorization(x.http.Header.Get("Authorization"))
	if refused != nil {
		return signature{}, refused
	}
	header := x.http.Header
	for _, name := range []string{"X-Acs-Date", "X-Acs-Signature-Nonce", "X-Acs-Content-Sha256"} {
		if header.Get(name) == "" {
			return signature{}, errMissing(name)
		}
	}
	bodyHash := hexSHA256(x.body)
	if header.Get("X-Acs-Content-Sha256") != bodyHash {
		return signature{}, errIncompleteSignature("x-acs-content-sha256 is not the hash of the body")
	}
	for _, name := range mustSign(header) {
		if !slices.Contains(claim.signedHeaders, name) {
			return signature{}, errIncompleteSignature("the header " + name + " is present but not signed")
		}
	}
	return signature{
		keyID:        claim.keyID,
		token:        header.Get("X-Acs-Security-Token"),
		date:         header.Get("X-Acs-Date"),
		nonce:        header.Get("X-Acs-Signature-Nonce"),
		stringToSign: algorithmV3 + "\n" + hexSHA256([]byte(canonicalV3(x, claim.signedHeaders, bodyHash))),
		value:        claim.value,
		sign:         signV3,
	}, nil
}

type authorization struct {
	keyID, value  string
	signedHeaders []string
}

func parseAuthorization(text string) (authorization, *apiError) {
	algorithm, rest, _ := strings.Cut(text, " ")
	if algorithm != algorithmV3 {
		return authorization{}, errIncompleteSignature("the algorithm " + algorithm + " is not supported")
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, found := strings.Cut(strings.TrimSpace(part), "=")
		if _, repeated := parts[name]; !found || repeated {
			return authorization{}, errIncompleteSignature("Authorization must be Credential=…,SignedHeaders=…,Signature=…")
		}
		parts[name] = value
	}
	if len(parts) != 3 || parts["Credential"] == "" || parts["SignedHeaders"] == "" || parts["Signature"] == "" {
		return authorization{}, errIncompleteSignature("Authorization must be Credential=…,SignedHeaders=…,Signature=…")
	}
	return authorization{
		keyID:         parts["Credential"],
		value:         parts["Signature"],
		signedHeaders: strings.Split(parts["SignedHeaders"], ";"),
	}, nil
}

// mustSign lists the headers of a request that its signature has to cover.
func mustSign(header http.Header) []string {
	names := []string{"host"}
	for name := range header {
		if name = strings.ToLower(name); name == "content-type" || strings.HasPrefix(name, "x-acs-") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func canonicalV3(x *exchange, signedHeaders []string, bodyHash string) string {
	names := slices.Sorted(slices.Values(signedHeaders))
	var headers strings.Builder
	for _, name := range names {
		values := slices.Clone(x.http.Header.Values(name))
		if name == "host" {
			values = []string{x.http.Host}
		}
		for i := range values {
			values[i] = strings.TrimSpace(values[i])
		}
		slices.Sort(values)
		headers.WriteString(name + ":" + strings.Join(values, ",") + "\n")
	}
	return strings.Join([]string{
		x.http.Method, "/", x.query.canonical(), headers.String(), strings.Join(signedHeaders, ";"), bodyHash,
	}, "\n")
}

func signV3(secret, stringToSign string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stringToSign))
	return hex.EncodeToString(mac.Sum(nil))
}

// V1: HMAC-SHA1 over all parameters ("Signature method" of RPC APIs).

func readV1(x *exchange) (signature, *apiError) {
	for _, name := range []string{"AccessKeyId", "Timestamp", "SignatureNonce", "SignatureMethod", "SignatureVersion"} {
		if x.all[name] == "" {
			return signature{}, errMissing(name)
		}
	}
	sign, refused := methodV1(x.all)
	if refused != nil {
		return signature{}, refused
	}
	signed := params{}
	for name, value := range x.all {
		if name != "Signature" {
			signed[name] = value
		}
	}
	return signature{
		keyID:        x.all["AccessKeyId"],
		token:        x.all["SecurityToken"],
		date:         x.all["Timestamp"],
		nonce:        x.all["SignatureNonce"],
		stringToSign: x.http.Method + "&" + percentEncode("/") + "&" + percentEncode(signed.canonical()),
		value:        x.all["Signature"],
		sign:         sign,
	}, nil
}

// methodV1 is how a request is signed; nil for the signature of a key pair.
func methodV1(given params) (func(secret, stringToSign string) string, *apiError) {
	method, kind := given["SignatureMethod"], given["SignatureType"]
	switch {
	case given["SignatureVersion"] != "1.0":
		return nil, errIncompleteSignature("only SignatureVersion=1.0 is supported")
	case method == "HMAC-SHA1" && kind == "":
		return signV1, nil
	case method == "SHA256withRSA" && kind == "PRIVATEKEY":
		return nil, nil
	default:
		return nil, errIncompleteSignature("SignatureMethod must be HMAC-SHA1, or SHA256withRSA with SignatureType=PRIVATEKEY")
	}
}

func signV1(secret, stringToSign string) string {
	mac := hmac.New(sha1.New, []byte(secret+"&"))
	mac.Write([]byte(stringToSign))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// canonical is the parameters sorted by name, encoded, joined.
func (p params) canonical() string {
	pairs := make([]string, 0, len(p))
	for _, name := range sortedKeys(p) {
		pairs = append(pairs, percentEncode(name)+"="+percentEncode(p[name]))
	}
	return strings.Join(pairs, "&")
}

// percentEncode follows RFC 3986; Go's query encoding differs in three characters.
func percentEncode(text string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(text))
}

func hexSHA256(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
