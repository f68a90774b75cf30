package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// testKeys are made once, since an RSA key takes its time.
var testKeys = sync.OnceValue(func() (keys struct {
	rsa                    *rsa.PrivateKey
	pkcs1, pkcs8, elliptic string
},
) {
	var err error
	if keys.rsa, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		panic(err)
	}
	armor := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	pkcs8 := func(key any) []byte {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			panic(err)
		}
		return der
	}
	keys.pkcs1 = armor("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(keys.rsa))
	keys.pkcs8, keys.elliptic = armor("PRIVATE KEY", pkcs8(keys.rsa)), armor("PRIVATE KEY", pkcs8(curve))
	return keys
})

// keyPairConfig is config.json of a profile with this private_key.
func keyPairConfig(privateKey, more string) string {
	quoted, _ := json.Marshal(privateKey)
	return fmt.Sprintf(`{"current":"me","profiles":[{"name":"me","mode":"RsaKeyPair","key_pair_name":"APK.example00000001","private_key":%s%s}]}`, quoted, more)
}

func TestKeyPairKeyAsContentOrPath(t *testing.T) {
	t.Parallel()
	keys := testKeys()
	for name, privateKey := range map[string]string{
		"PKCS#8": keys.pkcs8, "PKCS#1": keys.pkcs1, "path": "/keys/me.pem", "path below home": "~/me.pem", "text around it": "key:\n" + keys.pkcs8 + "\nend",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got url.Values
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				got = r.URL.Query()
				checkKeyPairRequest(t, r, &keys.rsa.PublicKey)
				_, _ = w.Write([]byte(`{"RequestId":"R-1","SessionAccessKey":{"SessionAccessKeyId":"TMPSK.example","SessionAccessKeySecret":"testsecret","Expiration":"2026-01-02T04:04:05Z"}}`))
			})
			machine := testMachine(map[string]string{"ALIBABA_CLOUD_STS_ENDPOINT": base}, map[string]string{
				homeConfig: keyPairConfig(privateKey, `,"expired_seconds":900`), "/keys/me.pem": keys.pkcs8, "/home/me/me.pem": keys.pkcs1,
			})
			machine.Nonce = func() string { return "a nonce*~" }
			source := resolveProfile(t, machine, EndpointConfig{}, nil)
			c := mustCredentials(t, source)
			if c.AccessKeyID != "TMPSK.example" || c.AccessKeySecret.Reveal() != testSecret || !c.SecurityToken.IsEmpty() || !c.Expiration.Equal(testStart.Add(time.Hour)) {
				t.Errorf("got %s until %s, want TMPSK.example for an hour and no token", c.AccessKeyID, c.Expiration)
			}
			got.Del("Signature")
			want := url.Values{
				"Action": {"GenerateSessionAccessKey"}, "Version": {"2015-04-01"}, "Format": {"JSON"}, "AccessKeyId": {"APK.example00000001"},
				"DurationSeconds": {"900"}, "SignatureMethod": {"SHA256withRSA"}, "SignatureType": {"PRIVATEKEY"}, "SignatureVersion": {"1.0"},
				"Timestamp": {"2026-01-02T03:04:05Z"}, "SignatureNonce": {"a nonce*~"},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
			if len(source.Warnings) != 1 || !strings.Contains(source.Warnings[0].Summary, "deprecated mode RsaKeyPair") {
				t.Errorf("warnings are %v, want one of the deprecated mode", source.Warnings)
			}
			noSecrets(t, source.Summary())

			// Like every session it is renewed before its end.
			machine.Clock.(*clock.Fake).Advance(44 * time.Minute)
			if again := mustCredentials(t, source); again != c {
				t.Errorf("44 minutes later got %s, want the same", again.AccessKeyID)
			}
		})
	}
}

// checkKeyPairRequest verifies the signature of the request as it came over the wire,
// from the rules and not from the code: everything but the signature, sorted, in the
// encoding of RFC 3986.
func checkKeyPairRequest(t *testing.T, r *http.Request, key *rsa.PublicKey) {
	t.Helper()
	signed, encoded, _ := strings.Cut(r.URL.RawQuery, "&Signature=")
	text, _ := url.QueryUnescape(encoded)
	signature, err := base64.StdEncoding.DecodeString(text)
	if err != nil || r.Method != http.MethodGet || r.URL.Path != "/" {
		t.Errorf("request is %s %s with signature %q, %v", r.Method, r.URL.Path, text, err)
	}
	if !strings.Contains(signed, "SignatureNonce=a%20nonce%2A~&") || !strings.HasPrefix(signed, "AccessKeyId=") || !strings.HasSuffix(signed, "Version=2015-04-01") {
		t.Errorf("query is %s, want it sorted and encoded as in RFC 3986", signed)
	}
	again := strings.NewReplacer("%", "%25", "&", "%26", "=", "%3D").Replace(signed)
	digest := sha256.Sum256([]byte("GET&%2F&" + again))
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature); err != nil {
		t.Errorf("signature of %s: %v", signed, err)
	}
}

func TestKeyPairFaults(t *testing.T) {
	t.Parallel()
	keys := testKeys()
	for name, test := range map[string]struct {
		config string
		status int
		body   string
		want   []string
	}{
		"no key pair":         {config: `{"current":"me","profiles":[{"name":"me","mode":"RsaKeyPair"}]}`, want: []string{`profile "me" (mode RsaKeyPair)`, "key_pair_name and private_key are missing"}},
		"no such file":        {config: keyPairConfig("/none/testsecret.pem", ""), want: []string{"private_key: is neither a key in PEM form nor a file that can be read"}},
		"a file that is none": {config: keyPairConfig("/text", ""), want: []string{"private_key: is not in PEM form"}},
		"cut off":             {config: keyPairConfig("-----BEGIN PRIVATE KEY-----\ntestsecret", ""), want: []string{"private_key: is not in PEM form"}},
		"another content":     {config: keyPairConfig("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", ""), want: []string{"private_key: is neither PKCS#8 nor PKCS#1"}},
		"no RSA key":          {config: keyPairConfig(keys.elliptic, ""), want: []string{"private_key: is no RSA key"}},
		"too long":            {config: keyPairConfig(keys.pkcs8, `,"expired_seconds":3601`), want: []string{"expired_seconds", "900 to 3600"}},
		"too short":           {config: keyPairConfig(keys.pkcs8, `,"expired_seconds":899`), want: []string{"expired_seconds", "900 to 3600"}},
		"refused":             {status: 404, body: `{"Code":"InvalidAccessKeyId.NotFound","Message":"no","RequestId":"R-1"}`, want: []string{"session for key pair APK.****0001", "HTTP status 404, InvalidAccessKeyId.NotFound: no (RequestId R-1)"}},
		"signature":           {status: 400, body: `{"Code":"SignatureDoesNotMatch","Message":"GET&testsecret"}`, want: []string{"HTTP status 400, SignatureDoesNotMatch"}},
		"5xx":                 {status: 500, body: "testsecret", want: []string{"HTTP status 500"}},
		"no JSON":             {status: 200, body: "testsecret", want: []string{"not the expected JSON"}},
		"no secret":           {status: 200, body: `{"SessionAccessKey":{"SessionAccessKeyId":"x","Expiration":"2026-01-02T04:04:05Z"}}`, want: []string{"lacks a part"}},
		"no end":              {status: 200, body: `{"SessionAccessKey":{"SessionAccessKeyId":"x","SessionAccessKeySecret":"testsecret"}}`, want: []string{"lacks a part"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			})
			if test.config == "" {
				test.config = keyPairConfig(keys.pkcs8, "")
			}
			machine := testMachine(map[string]string{"ALIBABA_CLOUD_STS_ENDPOINT": base}, map[string]string{homeConfig: test.config, "/text": testSecret})
			machine.Nonce = func() string { return "nonce" }
			source, err := Resolve(Config{Machine: machine})
			if err == nil {
				_, err = source.Credentials(t.Context())
			}
			wantError(t, err, test.want...)
		})
	}
}
