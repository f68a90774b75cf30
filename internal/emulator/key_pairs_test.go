package emulator

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// testKeyPair is made once, since an RSA key takes its time.
var testKeyPair = sync.OnceValues(func() (*rsa.PrivateKey, string) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key, publicPEM(&key.PublicKey)
})

func publicPEM(key any) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

const (
	keyPairUser = "acs:ram::1000000000000001:user/kim"
	keyPairRoot = "acs:ram::1000000000000001:root"
)

// register makes kim and a key pair of the identity.
func (s *service) register(identity string) string {
	s.t.Helper()
	_, public := testKeyPair()
	s.root.must(ram, "CreateUser", params{"UserName": "kim"})
	id, err := s.RegisterPublicKey(identity, public)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

// exchangeKey asks for a session with the signature of the test's key. What differs from an
// ordinary request is in p; an empty value leaves a parameter out.
func (s *service) exchangeKey(id string, p params) reply {
	s.t.Helper()
	all := url.Values{}
	for name, value := range (params{
		"Action": "GenerateSessionAccessKey", "Version": "2015-04-01", "Format": "JSON", "AccessKeyId": id,
		"SignatureMethod": "SHA256withRSA", "SignatureType": "PRIVATEKEY", "SignatureVersion": "1.0",
		"SignatureNonce": newNonce(), "Timestamp": s.clock.Now().Format(wireTime),
	}) {
		all.Set(name, value)
	}
	for name, value := range p {
		if all.Set(name, value); value == "" {
			all.Del(name)
		}
	}
	// Written apart from the server's verification, from the rules of RFC 3986.
	query := strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(all.Encode())
	digest := sha256.Sum256([]byte("GET&%2F&" + strings.NewReplacer("%", "%25", "&", "%26", "=", "%3D").Replace(query)))
	key, _ := testKeyPair()
	signed, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	if err != nil {
		s.t.Fatal(err)
	}
	query += "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signed))
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+"/?"+query, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return send(s.t, r)
}

// keySession is the client that an exchange gives.
func (s *service) keySession(got reply) client {
	s.t.Helper()
	if got.Status != http.StatusOK {
		s.t.Fatalf("exchange: got %d %s, want success", got.Status, got.Code)
	}
	return s.as(Key{got.at("SessionAccessKey.SessionAccessKeyId"), got.at("SessionAccessKey.SessionAccessKeySecret")})
}

func TestKeyPairActsAsItsOwner(t *testing.T) {
	t.Parallel()
	for _, owner := range []string{keyPairUser, keyPairRoot} {
		t.Run(owner, func(t *testing.T) {
			t.Parallel()
			s := serve(t, Config{})
			id := s.register(owner)
			got := s.exchangeKey(id, params{"SignatureNonce": "a nonce*~" + newNonce()})
			session := s.keySession(got)
			if arn := session.must(sts, "GetCallerIdentity", nil).at("Arn"); arn != owner {
				t.Errorf("the session acts as %s, want %s", arn, owner)
			}
			if end := got.at("SessionAccessKey.Expiration"); end != "2026-01-02T04:04:05Z" {
				t.Errorf("the session ends at %s, want 2026-01-02T04:04:05Z", end)
			}
			if _, has := got.Body["SessionAccessKey"].(map[string]any)["SecurityToken"]; has {
				t.Error("the session has a security token, want none")
			}
			list := session.do(ram, "ListUsers", nil)
			if may := list.Status == http.StatusOK; may != (owner == keyPairRoot) {
				t.Errorf("ListUsers gives %d %s: a session may do what its owner may", list.Status, list.Code)
			}
		})
	}
}

func TestKeyPairSessionEnds(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	session := s.keySession(s.exchangeKey(s.register(keyPairUser), params{"DurationSeconds": "900"}))
	s.clock.Advance(15*time.Minute - time.Second)
	session.must(sts, "GetCallerIdentity", nil)
	s.clock.Advance(time.Second)
	session.refused(sts, "GetCallerIdentity", nil, http.StatusNotFound, "InvalidAccessKeyId.NotFound")
}

func TestKeyPairRefusals(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	id := s.register(keyPairUser)
	tests := map[string]struct {
		id     string
		p      params
		status int
		code   string
	}{
		"another id":                  {"APK.EMUunknown", nil, 404, "InvalidAccessKeyId.NotFound"},
		"the id of an AccessKey":      {s.root.key.ID, nil, 404, "InvalidAccessKeyId.NotFound"},
		"an hour and a second":        {id, params{"DurationSeconds": "3601"}, 400, "InvalidParameter.DurationSeconds"},
		"a second too short":          {id, params{"DurationSeconds": "899"}, 400, "InvalidParameter.DurationSeconds"},
		"the method of an AccessKey":  {id, params{"SignatureMethod": "HMAC-SHA1"}, 400, "IncompleteSignature"},
		"no type":                     {id, params{"SignatureType": ""}, 400, "IncompleteSignature"},
		"another version":             {id, params{"SignatureVersion": "2.0"}, 400, "IncompleteSignature"},
		"no nonce":                    {id, params{"SignatureNonce": ""}, 400, "MissingSignatureNonce"},
		"16 minutes ago":              {id, params{"Timestamp": "2026-01-02T02:48:05Z"}, 400, "InvalidTimeStamp.Expired"},
		"another operation":           {id, params{"Action": "GetCallerIdentity"}, 400, "IncompleteSignature"},
		"a parameter it has not":      {id, params{"PublicKeyId": "x"}, 400, "InvalidParameter"},
		"a token, which it never has": {id, params{"SecurityToken": "x"}, 400, "InvalidSecurityToken.MismatchWithAccessKey"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := s.exchangeKey(test.id, test.p); got.Status != test.status || got.Code != test.code {
				t.Errorf("got %d %s, want %d %s", got.Status, got.Code, test.status, test.code)
			}
		})
	}
	s.root.refused(sts, "GenerateSessionAccessKey", nil, 400, "IncompleteSignature")
}

func TestKeyPairOfAnotherKeyDoesNotSign(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.register(keyPairUser)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	id, err := s.RegisterPublicKey(keyPairUser, publicPEM(&other.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.exchangeKey(id, nil); got.Status != 400 || got.Code != "SignatureDoesNotMatch" {
		t.Errorf("got %d %s, want 400 SignatureDoesNotMatch", got.Status, got.Code)
	}
}

func TestKeyPairFollowsItsOwner(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	id := s.register(keyPairUser)
	s.root.must(ram, "UpdateUser", params{"UserName": "kim", "NewUserName": "lee"})
	if arn := s.keySession(s.exchangeKey(id, nil)).must(sts, "GetCallerIdentity", nil).at("Arn"); !strings.HasSuffix(arn, ":user/lee") {
		t.Errorf("after a rename the session acts as %s, want user/lee", arn)
	}
	s.root.must(ram, "DeleteUser", params{"UserName": "lee"})
	if got := s.exchangeKey(id, nil); got.Code != "InvalidAccessKeyId.NotFound" {
		t.Errorf("after the user was deleted: got %s, want InvalidAccessKeyId.NotFound", got.Code)
	}
}

func TestKeyPairIsInTheStateFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	id := serve(t, Config{StateFile: path}).register(keyPairUser)
	if got := serve(t, Config{StateFile: path}).exchangeKey(id, nil); got.Status != http.StatusOK {
		t.Errorf("a key pair of the last run: got %d %s, want success", got.Status, got.Code)
	}
}

func TestRegisterPublicKeyRefusals(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	_, public := testKeyPair()
	s.root.createRole("r", trustAccount1)
	for name, test := range map[string]struct{ identity, key, want string }{
		"nobody":  {keyPairUser, public, "no user or root"},
		"a role":  {"acs:ram::1000000000000001:role/r", public, "no user or root"},
		"no PEM":  {keyPairRoot, "key", "not in PEM form"},
		"no PKIX": {keyPairRoot, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "not in PKIX form"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := s.RegisterPublicKey(test.identity, test.key); err == nil || !strings.Contains(fmt.Sprint(err), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}
