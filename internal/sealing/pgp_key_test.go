package sealing_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"github.com/ramprovider/terraform-provider-ram/internal/sealing"
)

var (
	born = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	now  = born.Add(24 * time.Hour)
)

// newPGPKey makes a key at the time born; with RSA if bits are given, else with curves.
func newPGPKey(t testing.TB, bits int, options ...func(*packet.Config)) *openpgp.Entity {
	t.Helper()
	config := pgpConfig(bits)
	for _, option := range options {
		option(config)
	}
	key, err := openpgp.NewEntity("CI", "", "ci@example.com", config)
	must(t, err)
	return key
}

func pgpConfig(bits int) *packet.Config {
	config := &packet.Config{Time: func() time.Time { return born }, Algorithm: packet.PubKeyAlgoEdDSA}
	if bits > 0 {
		config.Algorithm, config.RSABits = packet.PubKeyAlgoRSA, bits
	}
	return config
}

func exported(t testing.TB, serialize func(io.Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, serialize(&out))
	return out.Bytes()
}

func public(t testing.TB, key *openpgp.Entity) []byte {
	t.Helper()
	return exported(t, key.Serialize)
}

func private(t testing.TB, key *openpgp.Entity) []byte {
	t.Helper()
	return exported(t, func(w io.Writer) error { return key.SerializePrivate(w, pgpConfig(0)) })
}

func armored(t testing.TB, blockType string, packets []byte) string {
	t.Helper()
	return string(exported(t, func(w io.Writer) error {
		block, err := armor.Encode(w, blockType, map[string]string{"Comment": "a test"})
		if err != nil {
			return err
		}
		if _, err := block.Write(packets); err != nil {
			return err
		}
		return block.Close()
	}))
}

func publicBlock(t testing.TB, key *openpgp.Entity) string {
	t.Helper()
	return armored(t, openpgp.PublicKeyType, public(t, key))
}

func openPGP(t testing.TB, key *openpgp.Entity, sealed string) string {
	t.Helper()
	message, err := base64.StdEncoding.DecodeString(sealed)
	must(t, err)
	opened, err := openpgp.ReadMessage(bytes.NewReader(message), openpgp.EntityList{key}, nil, pgpConfig(0))
	must(t, err)
	plain, err := io.ReadAll(opened.UnverifiedBody)
	must(t, err)
	return string(plain)
}

func TestPGP_roundTrip(t *testing.T) {
	t.Parallel()
	curves, rsa := newPGPKey(t, 0), newPGPKey(t, 2048)
	plain := base64.StdEncoding.EncodeToString(public(t, curves))
	tests := map[string]struct {
		key  *openpgp.Entity
		text string
	}{
		"curves, armored":      {curves, publicBlock(t, curves)},
		"RSA, armored":         {rsa, publicBlock(t, rsa)},
		"space around it":      {curves, "\n " + publicBlock(t, curves) + " \n\n"},
		"Windows line ends":    {curves, strings.ReplaceAll(publicBlock(t, curves), "\n", "\r\n")},
		"base64":               {curves, plain},
		"base64 of many lines": {curves, regexp.MustCompile(`.{76}`).ReplaceAllString(plain, "$0\n") + "\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			must(t, sealing.CheckPGPKey(test.text))
			sealer, err := sealing.ParsePGPKey(test.text, now)
			must(t, err)
			if got := openPGP(t, test.key, sealed(t, sealer)); got != secret.Reveal() {
				t.Errorf("opened %q, want the secret", got)
			}
			if got := sealer.Fingerprint(); !regexp.MustCompile(`^[0-9A-F]{40}$`).MatchString(got) {
				t.Errorf("fingerprint %s, want 40 capital hex digits", got)
			}
		})
	}
}

func TestPGPFingerprint_staysWhenTheKeyIsProlonged(t *testing.T) {
	t.Parallel()
	key := newPGPKey(t, 0)
	before, err := sealing.ParsePGPKey(publicBlock(t, key), now)
	must(t, err)
	must(t, key.AddEncryptionSubkey(pgpConfig(0)))
	after, err := sealing.ParsePGPKey(publicBlock(t, key), now)
	must(t, err)
	if got, want := after.Fingerprint(), before.Fingerprint(); got != want {
		t.Errorf("fingerprint %s with another subkey, want %s", got, want)
	}
}

// onlySigns takes the encryption subkeys away.
func onlySigns(key *openpgp.Entity) *openpgp.Entity {
	key.Subkeys = nil
	return key
}

func revoked(t testing.TB, key *openpgp.Entity) *openpgp.Entity {
	t.Helper()
	must(t, key.RevokeKey(packet.KeySuperseded, "", pgpConfig(0)))
	return key
}

func subkeyRevoked(t testing.TB, key *openpgp.Entity) *openpgp.Entity {
	t.Helper()
	must(t, key.RevokeSubkey(&key.Subkeys[0], packet.KeySuperseded, "", pgpConfig(0)))
	return key
}

func weakSubkey(t testing.TB) *openpgp.Entity {
	t.Helper()
	key := onlySigns(newPGPKey(t, 2048))
	must(t, key.AddEncryptionSubkey(pgpConfig(1024)))
	return key
}

// livesOneHour limits the key, or only its subkey, to an hour.
func livesOneHour(config *packet.Config) { config.KeyLifetimeSecs = 3600 }

func subkeyLivesOneHour(t testing.TB) *openpgp.Entity {
	t.Helper()
	key, config := onlySigns(newPGPKey(t, 0)), pgpConfig(0)
	livesOneHour(config)
	must(t, key.AddEncryptionSubkey(config))
	return key
}

func TestPGPKey_refusals(t *testing.T) {
	t.Parallel()
	good := publicBlock(t, newPGPKey(t, 0))
	tests := map[string]struct {
		text, want string
		// dated says that the fault depends on the time, so CheckPGPKey lets it pass.
		dated bool
	}{
		"empty":                    {"  ", "it is empty", false},
		"nonsense":                 {"alice@example.com", "it is neither an armored OpenPGP public key nor base64", false},
		"keybase":                  {"keybase:alice", "names at Keybase are not looked up", false},
		"base64 of nonsense":       {base64.StdEncoding.EncodeToString([]byte("nonsense")), "it is no OpenPGP key that can be read", false},
		"noise before":             {"My key:\n" + good, "it is not exactly one armored block", false},
		"noise after":              {good + "\nregards", "it is not exactly one armored block", false},
		"two blocks":               {good + "\n" + good, "it is not exactly one armored block", false},
		"another block":            {armored(t, "PGP MESSAGE", []byte("x")), "it is not exactly one armored block", false},
		"noise inside":             {strings.Replace(good, "\n\n", "\n\n!!noise!!\n", 1), "the armored block is damaged", false},
		"noise after the checksum": {strings.Replace(good, "-----END", "=AAAA\nnoise\n-----END", 1), "the armored block is damaged", false},
		"cut short": {
			armored(t, openpgp.PublicKeyType, public(t, newPGPKey(t, 0))[:300]), "it is no OpenPGP key that can be read", false,
		},
		"two keys": {
			armored(t, openpgp.PublicKeyType, append(public(t, newPGPKey(t, 0)), public(t, newPGPKey(t, 0))...)), "it holds 2 keys, expected one", false,
		},
		"revoked":              {publicBlock(t, revoked(t, newPGPKey(t, 0))), "it is revoked", false},
		"subkey revoked":       {publicBlock(t, subkeyRevoked(t, newPGPKey(t, 0))), "its subkey for encryption is revoked", false},
		"cannot encrypt":       {publicBlock(t, onlySigns(newPGPKey(t, 0))), "neither the key nor a subkey is made for encryption", false},
		"RSA of 1024 bits":     {publicBlock(t, newPGPKey(t, 1024)), "it is an RSA key of 1024 bits; at least 2048 are needed", false},
		"subkey of 1024 bits":  {publicBlock(t, weakSubkey(t)), "it is an RSA key of 1024 bits; at least 2048 are needed", false},
		"expired":              {publicBlock(t, newPGPKey(t, 0, livesOneHour)), "it expired at 2026-01-02T04:04:05Z", true},
		"subkey expired":       {publicBlock(t, subkeyLivesOneHour(t)), "its subkey for encryption expired at 2026-01-02T04:04:05Z", true},
		"made in the future":   {publicBlock(t, newPGPKey(t, 0, bornLater)), "it is not valid before 2026-01-04T03:04:05Z", true},
		"self-signature ended": {publicBlock(t, newPGPKey(t, 0, signedForOneHour)), "a signature on it has expired", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sealing.ParsePGPKey(test.text, now)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			if timeless := sealing.CheckPGPKey(test.text); (timeless == nil) != test.dated {
				t.Errorf("CheckPGPKey: %v, want a fault: %t", timeless, !test.dated)
			}
		})
	}
}

func bornLater(config *packet.Config) {
	config.Time = func() time.Time { return born.Add(48 * time.Hour) }
}

func signedForOneHour(config *packet.Config) { config.SigLifetimeSecs = 3600 }

func TestPGPKey_validJustBeforeItExpires(t *testing.T) {
	t.Parallel()
	key := newPGPKey(t, 0, livesOneHour)
	sealer, err := sealing.ParsePGPKey(publicBlock(t, key), born.Add(time.Hour))
	must(t, err)
	sealed(t, sealer)
}

func TestPGPKey_privateKeys(t *testing.T) {
	t.Parallel()
	packets := private(t, newPGPKey(t, 0))
	for name, text := range map[string]string{
		"armored":                    armored(t, openpgp.PrivateKeyType, packets),
		"armored, with noise":        "look:\n" + armored(t, openpgp.PrivateKeyType, packets),
		"base64":                     base64.StdEncoding.EncodeToString(packets),
		"armored under a false name": armored(t, openpgp.PublicKeyType, packets),
		"of SSH":                     ed25519Pair(t, "").identity,
		"of age":                     x25519Pair(t).identity,
	} {
		_, err := sealing.ParsePGPKey(text, now)
		if !errors.Is(err, sealing.ErrPrivateKey) {
			t.Errorf("%s: error %v, want ErrPrivateKey", name, err)
			continue
		}
		mustNotQuote(t, err, text)
	}
}

func TestOpenAge_saysThatItIsOpenPGP(t *testing.T) {
	t.Parallel()
	sealer, err := sealing.ParsePGPKey(publicBlock(t, newPGPKey(t, 0)), now)
	must(t, err)
	_, err = sealing.OpenAge(identityOf(t), sealed(t, sealer))
	if want := "the encrypted text: it is an OpenPGP message"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one with %q", err, want)
	}
}

func FuzzParsePGPKey(f *testing.F) {
	f.Add([]byte{}, true)
	f.Add(public(f, newPGPKey(f, 0)), false)
	f.Add(public(f, newPGPKey(f, 0)), true)
	f.Add(private(f, newPGPKey(f, 0)), false)
	f.Fuzz(func(t *testing.T, packets []byte, isArmored bool) {
		text := base64.StdEncoding.EncodeToString(packets)
		if isArmored {
			text = armored(t, openpgp.PublicKeyType, packets)
		}
		sealer, err := sealing.ParsePGPKey(text, now)
		if err == nil {
			sealed(t, sealer)
		}
	})
}
