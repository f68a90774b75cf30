// Package sealing encrypts a secret to the people and machines that are meant to read
// it, so that a text which anybody may see can carry it: to age recipients or to an
// OpenPGP key. Everything about the recipients that can be wrong is found when they are
// parsed, before there is a secret that a failure could lose.
package sealing

import (
	"errors"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// A Sealer encrypts to recipients that were settled when it was made.
type Sealer interface {
	// Seal encrypts the secret, and nothing else: no newline, no name. For age the
	// result is an ASCII-armored file, for OpenPGP the base64 of a binary message. Two
	// calls never give the same text.
	Seal(secret rpc.Secret) (string, error)
	// Fingerprint tells the recipients apart from others; it says nothing of any secret.
	//
	// For age it is "sha256:" and, in hex, the SHA-256 of the recipients (those of SSH
	// without their comments), each once, sorted, and each ended with a newline:
	//
	//	printf '%s\n' "$recipient" … | LC_ALL=C sort -u | sha256sum
	//
	// For OpenPGP it is the fingerprint of the primary key in capital hex digits, as gpg
	// shows it: it stays when the key is prolonged or gets another subkey.
	Fingerprint() string
}

// ErrPrivateKey says that a private key stands where a public one belongs. Whoever
// reports it must not show the place in the configuration, for that shows the key.
var ErrPrivateKey = errors.New("this is a private key, but a public one belongs here; the private one stays with whoever decrypts. " +
	"(It is not repeated here. If others can read this configuration, treat the key as leaked)")

// holdsPrivateKey recognises the private keys of age, SSH, OpenPGP and PEM by their marks.
func holdsPrivateKey(text string) bool {
	text = strings.ToUpper(text)
	return strings.Contains(text, "AGE-SECRET-KEY-") || strings.Contains(text, "PRIVATE KEY")
}

// trial is sealed once when recipients are parsed. Some keys parse well and yet cannot
// be encrypted to; that must show before a secret is at stake.
var trial = rpc.NewSecret("trial")

// try makes sure that the sealer can seal.
func try(s Sealer) (Sealer, error) {
	if _, err := s.Seal(trial); err != nil {
		return nil, err
	}
	return s, nil
}
