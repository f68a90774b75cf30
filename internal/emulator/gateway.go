package emulator

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// exchange is one HTTP request as the gateway understands it, whichever way it was
// signed and wherever its parameters stood.
type exchange struct {
	http    *http.Request
	id      string // RequestId of the answer
	format  format
	body    []byte
	query   params // as in the URL
	all     params // query and form body
	action  string
	version string
	signed  signatureVersion
	nonce   string // with the key it was used with; empty if not verified
}

type signatureVersion int

const (
	unsigned signatureVersion = iota
	signedV1
	signedV3
)

// maxBody is far above the largest documented parameter (a SAML assertion, 100,000).
const maxBody = 1 << 20

// commonParameters belong to the gateway and never reach an operation.
var commonParameters = []string{
	"Action", "Version", "Format", "AccessKeyId", "Timestamp", "Signature", "SignatureMethod",
	"SignatureVersion", "SignatureNonce", "SignatureType", "SecurityToken", "RegionId",
}

// read collects the parameters and finds out what is asked for, and in which format.
func (x *exchange) read() *apiError {
	r := x.http
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return errUnreadableRequest("method " + r.Method)
	}
	if r.URL.Path != "/" && r.URL.Path != "" {
		return errUnreadableRequest("path " + r.URL.Path)
	}
	var err error
	if x.body, err = io.ReadAll(io.LimitReader(r.Body, maxBody+1)); err != nil {
		return errUnreadableRequest("body ended early")
	}
	if len(x.body) > maxBody {
		return errUnreadableRequest(fmt.Sprintf("body of more than %d bytes", maxBody))
	}
	x.query, x.all = params{}, params{}
	if refused := x.collect(r.URL.RawQuery, x.query, x.all); refused != nil {
		return refused
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if refused := x.collect(string(x.body), x.all); refused != nil {
			return refused
		}
	} else if len(bytes.TrimSpace(x.body)) > 0 {
		return errUnreadableRequest("the body is no form (application/x-www-form-urlencoded)")
	}
	return x.recognise()
}

// collect adds the parameters of a query or form; a name given twice is refused,
// because nothing documents which of the values counts.
func (x *exchange) collect(text string, into ...params) *apiError {
	values, err := url.ParseQuery(text)
	if err != nil {
		return errUnreadableRequest("parameters are not URL-encoded")
	}
	for _, name := range sortedKeys(values) {
		for _, target := range into {
			if _, repeated := target[name]; repeated || len(values[name]) > 1 {
				return errRepeatedParameter(name)
			}
			target[name] = values[name][0]
		}
	}
	return nil
}

func (x *exchange) recognise() *apiError {
	header := x.http.Header
	switch {
	case strings.HasPrefix(header.Get("Authorization"), "ACS3-"):
		x.signed = signedV3
	case x.all["Signature"] != "":
		x.signed = signedV1
	}
	x.action, x.version = x.all["Action"], x.all["Version"]
	if x.signed != signedV1 && header.Get("X-Acs-Action") != "" {
		x.action, x.version = header.Get("X-Acs-Action"), header.Get("X-Acs-Version")
	}
	if x.action == "" {
		return errMissing("Action")
	}
	if x.version == "" {
		return errMissing("Version")
	}
	return nil
}

// chooseFormat follows Format, then Accept. With neither, an old-style call gets
// XML and a new-style one JSON (assumption "format-default").
func chooseFormat(r *http.Request) format {
	asked := r.URL.Query().Get("Format") + " " + r.Header.Get("Accept")
	switch asked = strings.ToLower(asked); {
	case strings.Contains(asked, "json"):
		return formatJSON
	case strings.Contains(asked, "xml"), r.Header.Get("X-Acs-Action") == "":
		return formatXML
	default:
		return formatJSON
	}
}

// business is what remains for the operation.
func (x *exchange) business() params {
	own := maps.Clone(x.all) // nil if the request could not be read
	for _, name := range commonParameters {
		delete(own, name)
	}
	return own
}

// loopback tells whether a Host header names this machine. A page in a browser that
// had its own name resolve to 127.0.0.1 does not get through.
func loopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.Trim(name, "[]")
	if ip := net.ParseIP(name); ip != nil {
		return ip.IsLoopback()
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// maxSkew is how far a request's date may be from the service's clock.
const maxSkew = 15 * time.Minute

const wireTime = "2006-01-02T15:04:05Z"

// verify finds out who signed the request, and whether the signature holds.
func (e *Emulator) verify(x *exchange, op *operation) (*credential, *apiError) {
	var proof signature
	var refused *apiError
	switch x.signed {
	case signedV3:
		proof, refused = readV3(x)
	case signedV1:
		proof, refused = readV1(x)
	default:
		return nil, errMissing("AccessKeyId")
	}
	if refused != nil {
		return nil, refused
	}
	if proof.byKeyPair() != op.keyPair {
		return nil, errSigner(op.name, op.keyPair)
	}
	known := e.state.credentialOf(proof.keyID)
	if proof.byKeyPair() {
		known = e.bareCall(e.config.Clock.Now()).keyPairCredential(proof.keyID)
	}
	if refused := e.checkCredential(proof, known); refused != nil {
		return nil, refused
	}
	date, err := time.Parse(wireTime, proof.date)
	if err != nil {
		return nil, errTimestampFormat()
	}
	now := e.config.Clock.Now()
	if skew := now.Sub(date).Abs(); skew > maxSkew {
		return nil, errTimestampExpired()
	}
	if !proof.matches(known.secret) {
		return nil, errSignature(proof.stringToSign)
	}
	nonce := proof.keyID + " " + proof.nonce
	if !e.nonces.use(nonce, now) {
		return nil, errNonceUsed()
	}
	x.nonce = nonce
	return known, nil
}

// checkCredential looks at the key itself: known, enabled, and, for a session, come
// with its own token and in time.
func (e *Emulator) checkCredential(proof signature, known *credential) *apiError {
	temporary := strings.HasPrefix(proof.keyID, "STS.")
	switch {
	case temporary && proof.token == "":
		return errMissingSecurityToken()
	case known == nil:
		return errKeyNotFound()
	case known.key != nil && known.key.Status != keyActive:
		return errKeyInactive()
	case !temporary && proof.token != "":
		return errTokenMismatch()
	case temporary && proof.token != known.token:
		return e.explainToken(proof)
	case temporary && e.ended(proof.keyID):
		return errTokenExpired()
	case e.ended(proof.keyID): // a session of a key pair, which has no token
		return errKeyNotFound()
	default:
		return nil
	}
}

// ended says whether the key is a session's that is over.
func (e *Emulator) ended(keyID string) bool {
	found := e.state.Sessions[keyID]
	return found != nil && !e.config.Clock.Now().Before(found.Expires)
}

// explainToken tells a token of somebody else from one that is none.
func (e *Emulator) explainToken(proof signature) *apiError {
	for _, s := range e.state.Sessions {
		if s.Token == proof.token {
			return errTokenMismatch()
		}
	}
	return errTokenMalformed()
}

// nonces remembers what was used for at least twice the allowed skew: an older
// request is refused for its date. Two generations keep forgetting cheap.
type nonces struct {
	recent, older map[string]bool
	since         time.Time // when recent began
}

// use tells whether a nonce is new, and remembers it.
func (n *nonces) use(nonce string, now time.Time) bool {
	if n.recent == nil || now.Sub(n.since) > 2*maxSkew {
		n.older, n.recent, n.since = n.recent, map[string]bool{}, now
	}
	if n.recent[nonce] || n.older[nonce] {
		return false
	}
	n.recent[nonce] = true
	return true
}

// forget undoes use, for a request that never was.
func (n *nonces) forget(nonce string) {
	delete(n.recent, nonce)
}
