package emulator

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
)

// Key pairs are deprecated: the official SDKs still speak to them (rsa_key_pair), but no
// page of the documentation does. What that leaves open is in the assumptions "key-pair…".

func keyPairOperations() []*operation {
	return []*operation{
		withKeyPair(define(sts, "GenerateSessionAccessKey", issueSTS, nil, generateSessionAccessKey)),
	}
}

// RegisterPublicKey lets an RSA key sign for an identity, and returns the id of the key
// pair. The identity is acs:ram::<account>:root or :user/<name>; the key is PEM of type
// PUBLIC KEY (PKIX).
func (e *Emulator) RegisterPublicKey(identityARN, publicKey string) (keyPairID string, err error) {
	if _, err := parsePublicKey(publicKey); err != nil {
		return "", fmt.Errorf("register public key: %w", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.config.Clock.Now()
	owner, found := e.bareCall(now).identify(identityARN)
	if !found || owner.Kind == callerRole {
		return "", fmt.Errorf("register public key: there is no user or root %s", identityARN)
	}
	id := e.ids.keyPair()
	e.state.KeyPairs[id] = &keyPair{Owner: owner, PublicKey: publicKey}
	e.remember(now)
	return id, e.save()
}

func parsePublicKey(text string) (*rsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("the key is not in PEM form")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the key is not in PKIX form: %w", err)
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("the key is no RSA key")
	}
	return key, nil
}

// verifyRSA checks a SHA256withRSA signature (RSASSA-PKCS1-v1_5), which is in base64.
func verifyRSA(publicKey, stringToSign, value string) bool {
	key, err := parsePublicKey(publicKey)
	if err != nil {
		return false
	}
	signed, err := base64.StdEncoding.DecodeString(value)
	digest := sha256.Sum256([]byte(stringToSign))
	return err == nil && rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signed) == nil
}

// keyPairCredential is a key pair whose owner is still there; nil if there is none.
func (c *call) keyPairCredential(id string) *credential {
	pair := c.state.KeyPairs[id]
	if pair == nil {
		return nil
	}
	owner, found := c.present(pair.Owner)
	if !found {
		return nil
	}
	owner.KeyID = id
	return &credential{secret: pair.PublicKey, caller: owner}
}

type generateSessionAccessKeyInput struct{ DurationSeconds *int }

// generateSessionAccessKey gives out an AccessKey that acts as the owner of the key pair
// for a while, and needs no security token.
func generateSessionAccessKey(c *call, in generateSessionAccessKeyInput) (answer, *apiError) {
	seconds := standardSession
	if in.DurationSeconds != nil {
		seconds = *in.DurationSeconds
	}
	if seconds < shortestSession || seconds > standardSession {
		return nil, invalidParameter("DurationSeconds", "The value of DurationSeconds must be between %d and %d.", shortestSession, standardSession)
	}
	as := c.caller
	as.KeyID = c.ids.sessionKey()
	s := &session{Caller: as, Secret: c.ids.secret(), Expires: c.sessionEnd(seconds)}
	c.state.Sessions[as.KeyID] = s
	return answer{"SessionAccessKey": map[string]any{
		"SessionAccessKeyId": as.KeyID, "SessionAccessKeySecret": s.Secret, "Expiration": stamp(s.Expires),
	}}, nil
}
