package emulator

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// DefaultIssuer is the issuer of tokens that name none.
const DefaultIssuer = "https://oidc.example.com"

// issuers are the OpenID Connect issuers the emulator plays. The service takes https
// issuers only and fetches their keys from the internet; here every https URL is an
// issuer whose key the emulator makes, and nothing is fetched (assumption
// "oidc-issuers"). Keys last as long as the process.
type issuers struct {
	algorithm jose.SignatureAlgorithm
	random    io.Reader
	keys      map[string]jose.JSONWebKey // private, by issuer URL
}

func newIssuers(config Config) *issuers {
	return &issuers{
		algorithm: jose.SignatureAlgorithm(config.OIDCAlgorithm), random: config.Random, keys: map[string]jose.JSONWebKey{},
	}
}

// key is the signing key of an issuer, made at its first token.
func (i *issuers) key(issuer string) (jose.JSONWebKey, error) {
	if key, made := i.keys[issuer]; made {
		return key, nil
	}
	private, err := i.generate()
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("make a key for issuer %s: %w", issuer, err)
	}
	key := jose.JSONWebKey{Key: private, Algorithm: string(i.algorithm), Use: "sig"}
	thumbprint, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("name the key of issuer %s: %w", issuer, err)
	}
	key.KeyID = hex.EncodeToString(thumbprint[:8])
	i.keys[issuer] = key
	return key, nil
}

func (i *issuers) generate() (crypto.Signer, error) {
	if i.algorithm == jose.ES256 {
		return ecdsa.GenerateKey(elliptic.P256(), i.random)
	}
	return rsa.GenerateKey(i.random, 2048)
}

// keySet is what an issuer publishes; empty for one that never issued a token.
func (i *issuers) keySet(issuer string) *jose.JSONWebKeySet {
	set := &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	if key, made := i.keys[issuer]; made {
		set.Keys = append(set.Keys, key.Public())
	}
	return set
}

func (i *issuers) sign(issuer string, claims map[string]any) (string, error) {
	key, err := i.key(issuer)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: i.algorithm, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
}

// IssueToken makes a signed OpenID Connect token, as a CI system or a cluster would
// hand to a job. Claims not given are filled in: iss is DefaultIssuer, sub is "job",
// iat is now and exp an hour later; one given as nil is left out. A time.Time becomes
// seconds since 1970. Any iss may be named: the emulator plays every issuer, each with
// a key of its own, published at /oidc/<issuer without https://>/keys.
func (e *Emulator) IssueToken(claims map[string]any) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.bareCall(e.config.Clock.Now()).issueToken(claims)
}

func (c *call) issueToken(claims map[string]any) (string, error) {
	all := map[string]any{"iss": DefaultIssuer, "sub": "job", "iat": c.now, "exp": c.now.Add(time.Hour)}
	maps.Copy(all, claims)
	for name, value := range all {
		switch value := value.(type) {
		case nil:
			delete(all, name)
		case time.Time:
			all[name] = value.Unix()
		}
	}
	issuer, ok := all["iss"].(string)
	if !ok {
		return "", fmt.Errorf("the claim iss is %v, not an URL", all["iss"])
	}
	return c.issuers.sign(issuer, all)
}

func oidcIssuerEndpoints() []endpoint {
	return []endpoint{{"OIDC", "OIDCIssuer", http.MethodGet, "/oidc/", nil, oidcIssuer, refuseAsAPI}}
}

// oidcIssuer serves discovery document and keys of an issuer.
func oidcIssuer(v *visit) (response, *apiError) {
	if name, found := strings.CutSuffix(v.below, "/.well-known/openid-configuration"); found {
		issuer := "https://" + name
		return jsonResponse(http.StatusOK, answer{
			"issuer": issuer, "jwks_uri": "http://" + v.http.Host + "/oidc/" + name + "/keys",
			"response_types_supported": []string{"id_token"}, "subject_types_supported": []string{"public"},
			"id_token_signing_alg_values_supported": []string{string(v.issuers.algorithm)},
		}), nil
	}
	if name, found := strings.CutSuffix(v.below, "/keys"); found {
		return jsonResponse(http.StatusOK, answer{"keys": v.issuers.keySet("https://" + name).Keys}), nil
	}
	return response{}, errNoPage(v.http.URL.Path)
}
