package sealing

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// minRSABits is the least size of an RSA key that is encrypted to.
const minRSABits = 2048

// pgpSealer encrypts to an OpenPGP key.
type pgpSealer struct {
	key *openpgp.Entity
	now time.Time
}

// ParsePGPKey makes a sealer for an OpenPGP public key: armored, or the base64 of its
// binary form, as `gpg --export [--armor] NAME` gives them. It refuses what CheckPGPKey
// refuses, and keys that are not valid at the time now.
func ParsePGPKey(text string, now time.Time) (Sealer, error) {
	key, err := readPGPKey(text)
	if err != nil {
		return nil, err
	}
	if err := validAt(key, now); err != nil {
		return nil, err
	}
	return try(pgpSealer{key, now})
}

// CheckPGPKey says what is wrong with an OpenPGP key, whatever the time is: anything
// around the armored block, several keys, a private key (ErrPrivateKey), a key that is
// revoked or not made for encryption, RSA of less than 2048 bits.
func CheckPGPKey(text string) error {
	_, err := readPGPKey(text)
	return err
}

// PGPKeyFingerprint is the Fingerprint of the sealer that ParsePGPKey would make, also of a
// key that has expired. It refuses what CheckPGPKey refuses.
func PGPKeyFingerprint(text string) (string, error) {
	key, err := readPGPKey(text)
	if err != nil {
		return "", err
	}
	return pgpSealer{key: key}.Fingerprint(), nil
}

func readPGPKey(text string) (*openpgp.Entity, error) {
	if holdsPrivateKey(text) {
		return nil, ErrPrivateKey
	}
	packets, err := decodePGPKey(strings.TrimSpace(text))
	if err != nil {
		return nil, err
	}
	keys, err := openpgp.ReadKeyRing(bytes.NewReader(packets))
	if err != nil {
		return nil, fmt.Errorf("it is no OpenPGP key that can be read: %w", err)
	}
	if len(keys) != 1 {
		return nil, fmt.Errorf("it holds %d keys, expected one", len(keys))
	}
	return keys[0], check(keys[0])
}

// decodePGPKey gives the binary form of a key. Unlike OpenPGP's own reader it does not
// skip what is around an armored block: a text that shows one key to people, and another
// to the reader, must not pass.
func decodePGPKey(text string) ([]byte, error) {
	const begin, end = "-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----END PGP PUBLIC KEY BLOCK-----"
	switch {
	case text == "":
		return nil, errors.New("it is empty")
	case strings.HasPrefix(text, "keybase:"):
		return nil, errors.New("names at Keybase are not looked up; give the key itself")
	case !strings.Contains(text, "-----"):
		packets, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			return nil, errors.New("it is neither an armored OpenPGP public key nor base64")
		}
		const secretKey = 5
		if len(packets) > 0 && packetTag(packets[0]) == secretKey {
			return nil, ErrPrivateKey
		}
		return packets, nil
	case !strings.HasPrefix(text, begin) || !strings.HasSuffix(text, end) || strings.Count(text, "-----") != 4:
		return nil, fmt.Errorf("it is not exactly one armored block: expected nothing before %q, nothing after %q and no second one", begin, end)
	}
	// The reader stops at the checksum, so nothing but the end may follow it.
	if _, checksum, ok := strings.Cut(text, "\n="); ok {
		if _, rest, _ := strings.Cut(checksum, "\n"); strings.TrimSpace(rest) != end {
			return nil, errDamagedArmor
		}
	}
	block, err := armor.Decode(strings.NewReader(text))
	if err != nil {
		return nil, errDamagedArmor
	}
	packets, err := io.ReadAll(block.Body)
	if err != nil {
		return nil, errDamagedArmor
	}
	return packets, nil
}

var errDamagedArmor = errors.New("the armored block is damaged")

// packetTag is the type of an OpenPGP packet by its first octet, 0 if there is none
// (RFC 9580, section 4.2).
func packetTag(first byte) byte {
	switch {
	case first&0xc0 == 0xc0:
		return first & 0x3f
	case first&0x80 != 0:
		return first & 0x3c >> 2
	default:
		return 0
	}
}

// check finds the faults of a key that no date changes.
func check(key *openpgp.Entity) error {
	if key.PrivateKey != nil {
		return ErrPrivateKey
	}
	if len(key.Revocations) > 0 {
		return errors.New("it is revoked")
	}
	if self, _ := key.PrimarySelfSignature(); self == nil {
		return errors.New("it is not signed by itself")
	}
	if err := checkSize(key.PrimaryKey); err != nil {
		return err
	}
	made := madeToEncrypt(key)
	if len(made) == 0 {
		return errors.New("neither the key nor a subkey is made for encryption")
	}
	var newest *openpgp.Key // which will be encrypted to, unless it has expired
	for _, one := range made {
		if one.PrivateKey != nil {
			return ErrPrivateKey
		}
		if len(one.Revocations) == 0 && (newest == nil || one.SelfSignature.CreationTime.After(newest.SelfSignature.CreationTime)) {
			newest = &one
		}
	}
	if newest == nil {
		return errors.New("its subkey for encryption is revoked")
	}
	return checkSize(newest.PublicKey)
}

// madeToEncrypt are the subkeys for encryption, and the key itself if it is one.
func madeToEncrypt(key *openpgp.Entity) []openpgp.Key {
	var made []openpgp.Key
	for _, subkey := range key.Subkeys {
		if subkey.Sig.FlagsValid && subkey.Sig.FlagEncryptCommunications && subkey.PublicKey.PubKeyAlgo.CanEncrypt() {
			made = append(made, openpgp.Key{
				Entity: key, PublicKey: subkey.PublicKey, PrivateKey: subkey.PrivateKey, SelfSignature: subkey.Sig, Revocations: subkey.Revocations,
			})
		}
	}
	self, _ := key.PrimarySelfSignature()
	if self.FlagsValid && self.FlagEncryptCommunications && key.PrimaryKey.PubKeyAlgo.CanEncrypt() {
		made = append(made, openpgp.Key{Entity: key, PublicKey: key.PrimaryKey, SelfSignature: self})
	}
	return made
}

// validAt finds the faults of a key at a time.
func validAt(key *openpgp.Entity, now time.Time) error {
	self, _ := key.PrimarySelfSignature()
	if err := lifetime(key.PrimaryKey, self, now); err != nil {
		return fmt.Errorf("it %w", err)
	}
	if chosen, ok := key.EncryptionKey(now); ok {
		return checkSize(chosen.PublicKey)
	}
	for _, one := range madeToEncrypt(key) {
		if err := lifetime(one.PublicKey, one.SelfSignature, now); err != nil && len(one.Revocations) == 0 {
			return fmt.Errorf("its subkey for encryption %w", err)
		}
	}
	return errors.New("it cannot encrypt: its user ID is revoked, or a signature on it has expired")
}

// lifetime says that the key is too old or too young. The errors complete "it …".
func lifetime(key *packet.PublicKey, self *packet.Signature, now time.Time) error {
	switch {
	case key.CreationTime.After(now):
		return fmt.Errorf("is not valid before %s, when it was made by its own account", key.CreationTime.UTC().Format(time.RFC3339))
	case key.KeyExpired(self, now):
		end := key.CreationTime.Add(time.Duration(*self.KeyLifetimeSecs) * time.Second)
		return fmt.Errorf("expired at %s", end.UTC().Format(time.RFC3339))
	default:
		return nil
	}
}

func checkSize(key *packet.PublicKey) error {
	switch key.PubKeyAlgo {
	case packet.PubKeyAlgoRSA, packet.PubKeyAlgoRSAEncryptOnly, packet.PubKeyAlgoRSASignOnly:
		bits, err := key.BitLength()
		if err != nil || bits < minRSABits {
			return fmt.Errorf("it is an RSA key of %d bits; at least %d are needed", bits, minRSABits)
		}
	default: // the other kinds have no size to choose, or none that is still in use
	}
	return nil
}

// Seal implements Sealer.
func (s pgpSealer) Seal(secret rpc.Secret) (string, error) {
	var message bytes.Buffer
	config := &packet.Config{Time: func() time.Time { return s.now }, DefaultCipher: packet.CipherAES256}
	plain, err := openpgp.Encrypt(&message, []*openpgp.Entity{s.key}, nil, &openpgp.FileHints{IsBinary: true}, config)
	if err == nil {
		_, err = io.WriteString(plain, secret.Reveal())
	}
	if err == nil {
		err = plain.Close()
	}
	if err != nil {
		return "", fmt.Errorf("encrypt to the OpenPGP key: %w", err)
	}
	return base64.StdEncoding.EncodeToString(message.Bytes()), nil
}

// Fingerprint implements Sealer.
func (s pgpSealer) Fingerprint() string { return fmt.Sprintf("%X", s.key.PrimaryKey.Fingerprint) }
