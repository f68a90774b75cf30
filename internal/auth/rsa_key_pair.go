package auth

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// maxKeyPairSeconds is the longest session of STS GenerateSessionAccessKey; the shortest
// is that of any role.
const maxKeyPairSeconds = 3600

// keyPair exchanges signatures of an RSA key for session AccessKeys: the deprecated mode
// RsaKeyPair (credentials-go 1.4, provider "rsa_key_pair"). Its signature is none that
// the API client knows, so the request is made here.
type keyPair struct {
	fetcher
	endpoint string
	id       string
	duration time.Duration
	nonce    func() string
	// sign holds the private key where nothing that prints a keyPair can see it.
	sign func(digest []byte) ([]byte, error)
}

// Credentials implements rpc.CredentialsProvider; each call is an exchange.
func (k keyPair) Credentials(ctx context.Context) (rpc.Credentials, error) {
	c, err := k.exchange(ctx)
	if err != nil {
		return rpc.Credentials{}, fmt.Errorf("session for key pair %s at %s: %w", MaskKeyID(k.id), k.endpoint, err)
	}
	return c, nil
}

func (k keyPair) exchange(ctx context.Context) (rpc.Credentials, error) {
	// Every try has its own nonce and date: the service takes a signature once.
	status, body, err := k.repeat(ctx, func() (int, []byte, error) {
		query, err := k.signedQuery()
		if err != nil {
			return 0, nil, err
		}
		return k.once(ctx, http.MethodGet, k.endpoint+"/?"+query, http.Header{"Accept": {"application/json"}}, "")
	})
	if err != nil {
		return rpc.Credentials{}, err
	}
	if status != http.StatusOK {
		return rpc.Credentials{}, parseRefusal(status, body)
	}
	var answer struct {
		SessionAccessKey struct {
			SessionAccessKeyID     string `json:"SessionAccessKeyId"`
			SessionAccessKeySecret rpc.Secret
			Expiration             string
		}
	}
	if json.Unmarshal(body, &answer) != nil {
		return rpc.Credentials{}, errors.New("the answer is not the expected JSON object")
	}
	session := answer.SessionAccessKey
	c := rpc.Credentials{
		AccessKeyID: session.SessionAccessKeyID, AccessKeySecret: session.SessionAccessKeySecret,
		Expiration: parseExpiration(session.Expiration),
	}
	if c.AccessKeyID == "" || c.AccessKeySecret.IsEmpty() || c.Expiration.IsZero() {
		return rpc.Credentials{}, errors.New("the answer of STS lacks a part of the credentials")
	}
	return c, nil
}

// signedQuery is a request of GenerateSessionAccessKey with its signature.
func (k keyPair) signedQuery() (string, error) {
	query := url.Values{
		"Action": {"GenerateSessionAccessKey"}, "Version": {"2015-04-01"}, "Format": {"JSON"},
		"AccessKeyId": {k.id}, "DurationSeconds": {strconv.Itoa(int(k.duration / time.Second))},
		"SignatureMethod": {"SHA256withRSA"}, "SignatureType": {"PRIVATEKEY"}, "SignatureVersion": {"1.0"},
		"SignatureNonce": {k.nonce()}, "Timestamp": {k.clock.Now().UTC().Format("2006-01-02T15:04:05Z")},
	}
	// Encode sorts, and differs from RFC 3986 in nothing but the space.
	sorted := strings.ReplaceAll(query.Encode(), "+", "%20")
	digest := sha256.Sum256([]byte("GET&%2F&" + url.QueryEscape(sorted)))
	signature, err := k.sign(digest[:])
	if err != nil {
		return "", errors.New("the private key cannot sign")
	}
	return sorted + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature)), nil
}

// parsePrivateKey reads PEM of PKCS#8 or PKCS#1. Errors never quote it.
func parsePrivateKey(text []byte) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("is not in PEM form")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("is neither PKCS#8 nor PKCS#1, or is encrypted")
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("is no RSA key")
	}
	return key, nil
}

// readPrivateKey accepts the key or the path of its file: `aliyun configure` stores the
// one, `aliyun configure set` the other.
func (r *resolver) readPrivateKey(keyOrPath string) (*rsa.PrivateKey, error) {
	text := []byte(keyOrPath)
	if !strings.Contains(keyOrPath, "-----BEGIN") {
		path, err := r.expandHome(keyOrPath)
		if err != nil {
			return nil, err
		}
		if text, err = r.Machine.ReadFile(path); err != nil {
			return nil, errors.New("is neither a key in PEM form nor a file that can be read")
		}
	}
	return parsePrivateKey(text)
}

// keyPairProfile builds the deprecated mode RsaKeyPair.
func keyPairProfile(r *resolver, p profile) (*Source, error) {
	if err := missing(setting{"key_pair_name", p.KeyPairName}, setting{"private_key", p.PrivateKey.Reveal()}); err != nil {
		return nil, err
	}
	key, err := r.readPrivateKey(p.PrivateKey.Reveal())
	if err != nil {
		return nil, fmt.Errorf("private_key: %w", err)
	}
	seconds := p.ExpiredSeconds
	if seconds == 0 {
		seconds = defaultSessionSeconds
	}
	if seconds < minSessionSeconds || seconds > maxKeyPairSeconds {
		return nil, fmt.Errorf("expired_seconds: a session of %d seconds is not possible, expected %d to %d", seconds, minSessionSeconds, maxKeyPairSeconds)
	}
	endpoint, err := r.stsEndpoint(p.hints())
	if err != nil {
		return nil, err
	}
	return &Source{
		Refreshes: true,
		Warnings: []Warning{{
			Summary: fmt.Sprintf("Profile %q uses the deprecated mode %s", p.Name, modeRsaKeyPair),
			Detail:  "Alibaba Cloud no longer documents key pairs. Replace it by an AccessKey, or better by a mode without a permanent secret, such as " + modeOAuth + " or " + modeOIDC + ".",
		}},
		provider: Cached(keyPair{
			fetcher: r.loginFetcher(), endpoint: endpoint, id: p.KeyPairName,
			duration: time.Duration(seconds) * time.Second, nonce: r.Machine.Nonce,
			sign: func(digest []byte) ([]byte, error) { return rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest) },
		}, r.Machine.Clock),
	}, nil
}
