package sealing

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"filippo.io/age/armor"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// ageSealer encrypts to age recipients.
type ageSealer struct {
	recipients []age.Recipient
	names      []string // their spellings, without comments
}

// ParseAgeRecipients makes a sealer for age recipients, each in the form that
// age-keygen or ssh-keygen prints:
//
//   - X25519: age1…
//   - hybrid, safe against quantum computers: age1pq1…, which cannot be combined with others
//   - an SSH key of type ssh-ed25519, with or without its comment
//
// Refused are the recipients of plugins (age1name1…), since a plugin is a program found
// on the PATH, other SSH keys, and private keys (ErrPrivateKey). The error says which
// recipient, counted from 1, and what is wrong with it.
func ParseAgeRecipients(texts []string) (Sealer, error) {
	if len(texts) == 0 {
		return nil, errors.New("there is no recipient")
	}
	var s ageSealer
	hybrids := 0
	for i, text := range texts {
		recipient, name, err := parseAgeRecipient(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("recipient %d: %w", i+1, err)
		}
		if slices.Contains(s.names, name) {
			continue
		}
		if _, ok := recipient.(*age.HybridRecipient); ok {
			hybrids++
		}
		s.recipients, s.names = append(s.recipients, recipient), append(s.names, name)
	}
	if hybrids > 0 && hybrids < len(s.recipients) {
		return nil, errors.New("hybrid recipients (age1pq1…) cannot be combined with others, through which a quantum computer could read the secret all the same")
	}
	slices.Sort(s.names)
	return try(s)
}

// CheckAgeRecipient says what is wrong with one recipient.
func CheckAgeRecipient(text string) error {
	_, _, err := parseAgeRecipient(strings.TrimSpace(text))
	return err
}

// pluginRecipient is Bech32 with a name of its own; the data after the last 1 has none.
var pluginRecipient = regexp.MustCompile(`^age1([a-z0-9+._-]+)1[a-z0-9]*$`)

// otherSSHKey is a public key as ssh-keygen prints it.
var otherSSHKey = regexp.MustCompile(`^(ssh-rsa|ssh-dss|ecdsa-sha2-nistp\d+|sk-[a-z0-9-]+@openssh\.com) `)

// parseAgeRecipient returns the recipient and its spelling without comment. Its errors
// do not repeat the text, which may be anything.
func parseAgeRecipient(text string) (age.Recipient, string, error) {
	plugin := pluginRecipient.FindStringSubmatch(text)
	switch {
	case text == "":
		return nil, "", errors.New("it is empty")
	case holdsPrivateKey(text):
		return nil, "", ErrPrivateKey
	case strings.ContainsAny(text, "\r\n"):
		return nil, "", errors.New("it has several lines; give each recipient on its own")
	case strings.HasPrefix(text, "age1pq1"):
		recipient, err := age.ParseHybridRecipient(text)
		return usable(recipient, text, err)
	case plugin != nil:
		return nil, "", fmt.Errorf("it belongs to the age plugin %q; a plugin is a program found on the PATH, and none of those is run. %s", plugin[1], wanted)
	case strings.HasPrefix(text, "age1"):
		recipient, err := age.ParseX25519Recipient(text)
		return usable(recipient, text, err)
	case strings.HasPrefix(text, "ssh-ed25519 "):
		recipient, err := agessh.ParseRecipient(text)
		if _, ok := recipient.(*agessh.Ed25519Recipient); err == nil && !ok {
			err = errors.New("another kind of key inside")
		}
		return usable(recipient, strings.Join(strings.Fields(text)[:2], " "), err)
	case otherSSHKey.MatchString(text):
		return nil, "", fmt.Errorf("SSH keys of type %s are not supported. %s", strings.Fields(text)[0], wanted)
	default:
		return nil, "", errors.New("it is no age recipient. " + wanted)
	}
}

const wanted = "Recipients are age1… (X25519), age1pq1… (hybrid) or ssh-ed25519 keys"

// usable finds out whether anything can be encrypted to the recipient.
func usable[R age.Recipient](recipient R, name string, err error) (age.Recipient, string, error) {
	if err == nil {
		_, err = recipient.Wrap(make([]byte, 16))
	}
	if err != nil {
		return nil, "", errors.New("it is damaged or incomplete: check that it was copied whole")
	}
	return recipient, name, nil
}

// Seal implements Sealer.
func (s ageSealer) Seal(secret rpc.Secret) (string, error) {
	var text strings.Builder
	armored := armor.NewWriter(&text)
	plain, err := age.Encrypt(armored, s.recipients...)
	if err == nil {
		_, err = io.WriteString(plain, secret.Reveal())
	}
	if err == nil {
		err = plain.Close()
	}
	if err == nil {
		err = armored.Close()
	}
	if err != nil {
		return "", fmt.Errorf("encrypt to the age recipients: %w", err)
	}
	return text.String(), nil
}

// Fingerprint implements Sealer.
func (s ageSealer) Fingerprint() string {
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(strings.Join(s.names, "\n")+"\n")))
}
