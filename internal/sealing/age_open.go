package sealing

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"filippo.io/age/armor"
	"golang.org/x/crypto/ssh"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// maxOpened bounds what is decrypted, in bytes. Secrets are short; a file that is not
// one should not fill the memory.
const maxOpened = 64 << 10

// OpenAge decrypts what Seal has made for age recipients. The identity is what an
// identity file holds: native identities (AGE-SECRET-KEY-1…, AGE-SECRET-KEY-PQ-1…), one a
// line among comments and empty lines, or one SSH private key of type ed25519 without
// passphrase. Errors repeat nothing of the identity.
func OpenAge(identity rpc.Secret, sealed string) (rpc.Secret, error) {
	identities, err := parseIdentities(identity)
	if err != nil {
		return rpc.Secret{}, fmt.Errorf("the identity: %w", err)
	}
	if err := ageArmor(sealed); err != nil {
		return rpc.Secret{}, fmt.Errorf("the encrypted text: %w", err)
	}
	plain, err := age.Decrypt(armor.NewReader(strings.NewReader(sealed)), identities...)
	var foreign *age.NoIdentityMatchError
	if errors.As(err, &foreign) {
		return rpc.Secret{}, fmt.Errorf("the identity is a wrong one: the text was encrypted to other recipients (identities tried: %d)", len(identities))
	}
	var opened []byte
	if err == nil {
		opened, err = io.ReadAll(io.LimitReader(plain, maxOpened+1))
	}
	switch {
	case err != nil:
		return rpc.Secret{}, fmt.Errorf("the encrypted text is damaged or incomplete: %w", err)
	case len(opened) > maxOpened:
		return rpc.Secret{}, fmt.Errorf("the encrypted text holds more than %d bytes, so it is no secret", maxOpened)
	case !utf8.Valid(opened):
		return rpc.Secret{}, errors.New("what was encrypted is no text (UTF-8)")
	}
	return rpc.NewSecret(string(opened)), nil
}

// ageArmor says what the text is if it is not age's ASCII armor.
func ageArmor(text string) error {
	trimmed := strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(trimmed, armor.Header):
		return nil
	case trimmed == "":
		return errors.New("it is empty")
	case strings.HasPrefix(trimmed, "-----BEGIN PGP "), isOpenPGPMessage(trimmed):
		return errors.New("it is an OpenPGP message, which only its recipient's gpg opens; what is wanted here was encrypted to age recipients")
	default:
		return fmt.Errorf("it is not in age's ASCII armor, which begins with %q", armor.Header)
	}
}

// isOpenPGPMessage recognises the base64 of a message that begins with an encrypted
// session key (RFC 9580, section 5.1), as a Sealer for OpenPGP gives it.
func isOpenPGPMessage(text string) bool {
	data, err := base64.StdEncoding.DecodeString(text)
	const publicKeyEncryptedSessionKey = 1
	return err == nil && len(data) > 0 && packetTag(data[0]) == publicKeyEncryptedSessionKey
}

// parseIdentities reads an identity file.
func parseIdentities(identity rpc.Secret) ([]age.Identity, error) {
	text := strings.TrimSpace(identity.Reveal())
	switch {
	case strings.HasPrefix(text, armor.Header), strings.HasPrefix(text, "age-encryption.org/"):
		return nil, errors.New("it is encrypted itself; decrypt it first (age -d)")
	case strings.HasPrefix(text, "-----BEGIN "):
		one, err := parseSSHIdentity(text)
		return []age.Identity{one}, err
	}
	var identities []age.Identity
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		one, err := parseIdentity(line)
		if err != nil {
			return nil, fmt.Errorf("line %d %w", number, err)
		}
		identities = append(identities, one)
	}
	if len(identities) == 0 {
		return nil, errors.New("it holds none: expected a line that begins with AGE-SECRET-KEY-")
	}
	return identities, nil
}

// parseIdentity reads one line. The errors complete "line 3 …".
func parseIdentity(line string) (identity age.Identity, err error) {
	switch {
	case strings.HasPrefix(line, "AGE-SECRET-KEY-PQ-1"):
		identity, err = age.ParseHybridIdentity(line)
	case strings.HasPrefix(line, "AGE-SECRET-KEY-1"):
		identity, err = age.ParseX25519Identity(line)
	case strings.HasPrefix(line, "AGE-PLUGIN-"):
		return nil, errors.New("is an identity of an age plugin; a plugin is a program found on the PATH, and none of those is run")
	case strings.HasPrefix(line, "age1"), strings.HasPrefix(line, "ssh-"):
		return nil, errors.New("is a recipient, which can only encrypt; the identity that belongs to it is wanted")
	default:
		return nil, errors.New("is no age identity, which begins with AGE-SECRET-KEY-")
	}
	if err != nil {
		return nil, errors.New("is damaged or incomplete: check that it was copied whole")
	}
	return identity, nil
}

func parseSSHIdentity(text string) (age.Identity, error) {
	one, err := agessh.ParseIdentity([]byte(text + "\n"))
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		return nil, errors.New("the SSH key is protected with a passphrase; use one without, or an identity made by age-keygen")
	}
	if err != nil {
		return nil, errors.New("it is no SSH private key that can be read")
	}
	if _, ok := one.(*agessh.Ed25519Identity); !ok {
		return nil, errors.New("the SSH key is not of type ed25519, the only one that is supported")
	}
	return one, nil
}
