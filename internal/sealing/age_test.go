package sealing_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"golang.org/x/crypto/ssh"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
	"github.com/ramprovider/terraform-provider-ram/internal/sealing"
)

var secret = rpc.NewSecret("testsecret")

// What a plugin called yubikey would print for the bytes "0123456789".
const (
	pluginRecipient = "age1yubikey1xqcnyve5x5mrwwpeqf672j"
	pluginIdentity  = "AGE-PLUGIN-YUBIKEY-1XQCNYVE5X5MRWWPEXFZ5UF"
)

// pair is a recipient and the identity that belongs to it.
type pair struct{ recipient, identity string }

func x25519Pair(t testing.TB) pair {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	return pair{identity.Recipient().String(), identity.String()}
}

func hybridPair(t testing.TB) pair {
	t.Helper()
	identity, err := age.GenerateHybridIdentity()
	must(t, err)
	return pair{identity.Recipient().String(), identity.String()}
}

func ed25519Pair(t testing.TB, passphrase string) pair {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	return sshPair(t, key, key.Public(), passphrase)
}

func rsaPair(t testing.TB) pair {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	return sshPair(t, key, key.Public(), "")
}

func sshPair(t testing.TB, private, public any, passphrase string) pair {
	t.Helper()
	recipient, err := ssh.NewPublicKey(public)
	must(t, err)
	block, err := ssh.MarshalPrivateKey(private, "ci@example.com")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(private, "ci@example.com", []byte(passphrase))
	}
	must(t, err)
	return pair{string(ssh.MarshalAuthorizedKey(recipient)), string(pem.EncodeToMemory(block))}
}

func ageSealer(t testing.TB, recipients ...string) sealing.Sealer {
	t.Helper()
	sealer, err := sealing.ParseAgeRecipients(recipients)
	must(t, err)
	return sealer
}

func sealed(t testing.TB, sealer sealing.Sealer) string {
	t.Helper()
	text, err := sealer.Seal(secret)
	must(t, err)
	if strings.Contains(text, secret.Reveal()) {
		t.Error("the sealed text shows the secret")
	}
	return text
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAge_roundTrip(t *testing.T) {
	t.Parallel()
	native, other, hybrid, shell := x25519Pair(t), x25519Pair(t), hybridPair(t), ed25519Pair(t, "")
	tests := map[string]struct {
		recipients []string
		identity   string
	}{
		"X25519":                {[]string{native.recipient}, native.identity},
		"hybrid":                {[]string{hybrid.recipient}, hybrid.identity},
		"two hybrids":           {[]string{hybridPair(t).recipient, hybrid.recipient}, hybrid.identity},
		"ssh-ed25519":           {[]string{shell.recipient}, shell.identity},
		"SSH key with comment":  {[]string{strings.TrimSpace(shell.recipient) + " ci@example.com"}, shell.identity},
		"first of several":      {[]string{native.recipient, other.recipient, shell.recipient}, native.identity},
		"last of several":       {[]string{native.recipient, other.recipient, shell.recipient}, shell.identity},
		"read from a file":      {[]string{" " + native.recipient + "\r\n"}, "# created: 2026-01-02\n# public key: age1…\n\n" + native.identity + "\r\n"},
		"several identities":    {[]string{native.recipient}, other.identity + "\n" + hybrid.identity + "\n" + native.identity},
		"SSH key with trailing": {[]string{shell.recipient}, "\n" + shell.identity + "\n\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := sealed(t, ageSealer(t, test.recipients...))
			if !strings.HasPrefix(text, armor.Header+"\n") || !strings.HasSuffix(text, armor.Footer+"\n") {
				t.Errorf("not ASCII armor: %s", text)
			}
			got, err := sealing.OpenAge(rpc.NewSecret(test.identity), text)
			if err != nil || got != secret {
				t.Errorf("opened %q, %v; want the secret", got.Reveal(), err)
			}
		})
	}
}

func TestAge_roundTripOfOddTexts(t *testing.T) {
	t.Parallel()
	one := x25519Pair(t)
	sealer := ageSealer(t, one.recipient)
	for _, text := range []string{"", "with\nlines\n", " 日本語 ", strings.Repeat("x", 1000)} {
		sealed, err := sealer.Seal(rpc.NewSecret(text))
		must(t, err)
		got, err := sealing.OpenAge(rpc.NewSecret(one.identity), sealed)
		if err != nil || got.Reveal() != text {
			t.Errorf("%q came back as %q, %v", text, got.Reveal(), err)
		}
	}
}

func TestAge_sealsAnewEachTime(t *testing.T) {
	t.Parallel()
	sealer := ageSealer(t, x25519Pair(t).recipient)
	first, second := sealed(t, sealer), sealed(t, sealer)
	if first == second {
		t.Error("two seals of one secret are the same text, which shows that it is one secret")
	}
}

func TestAgeFingerprint(t *testing.T) {
	t.Parallel()
	one, two := x25519Pair(t).recipient, strings.TrimSpace(ed25519Pair(t, "").recipient)
	lines := []string{one, two}
	slices.Sort(lines)
	want := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(lines[0]+"\n"+lines[1]+"\n")))
	for name, recipients := range map[string][]string{
		"in order":        {one, two},
		"reversed":        {two, one},
		"twice":           {one, two, one},
		"with a comment":  {one, two + " ci@example.com"},
		"with whitespace": {one + "\n", "  " + two},
	} {
		if got := ageSealer(t, recipients...).Fingerprint(); got != want {
			t.Errorf("%s: fingerprint %s, want %s", name, got, want)
		}
	}
	if got := ageSealer(t, one).Fingerprint(); got == want {
		t.Error("other recipients have the same fingerprint")
	}
}

func TestParseAgeRecipients_refusals(t *testing.T) {
	t.Parallel()
	native, hybrid, shell := x25519Pair(t), hybridPair(t), ed25519Pair(t, "")
	// Well-formed, but a point of low order, through which everybody could decrypt.
	lowOrder := "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z"
	mislabelled := "ssh-ed25519 " + strings.Fields(rsaPair(t).recipient)[1]
	tests := map[string]struct {
		recipients []string
		want       string
	}{
		"none":               {nil, "there is no recipient"},
		"empty":              {[]string{native.recipient, " "}, "recipient 2: it is empty"},
		"nonsense":           {[]string{"alice@example.com"}, "recipient 1: it is no age recipient"},
		"plugin":             {[]string{pluginRecipient}, `recipient 1: it belongs to the age plugin "yubikey"; a plugin is a program found on the PATH`},
		"tagged":             {[]string{"age1tag1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqcpqz94"}, `it belongs to the age plugin "tag"`},
		"cut short":          {[]string{native.recipient[:40]}, "it is damaged or incomplete"},
		"one letter changed": {[]string{native.recipient[:20] + "x" + native.recipient[21:] + "x"}, "it is damaged or incomplete"},
		"hybrid cut short":   {[]string{hybrid.recipient[:200]}, "it is damaged or incomplete"},
		"low order point":    {[]string{lowOrder}, "it is damaged or incomplete"},
		"hybrid with others": {[]string{hybrid.recipient, native.recipient}, "hybrid recipients (age1pq1…) cannot be combined with others"},
		"ssh-rsa":            {[]string{rsaPair(t).recipient}, "SSH keys of type ssh-rsa are not supported"},
		"ecdsa":              {[]string{"ecdsa-sha2-nistp256 AAAA"}, "SSH keys of type ecdsa-sha2-nistp256 are not supported"},
		"RSA in disguise":    {[]string{mislabelled}, "it is damaged or incomplete"},
		"SSH key cut short":  {[]string{shell.recipient[:40]}, "it is damaged or incomplete"},
		"several lines":      {[]string{native.recipient + "\n" + shell.recipient}, "it has several lines"},
		"a file":             {[]string{"# me\n" + native.recipient}, "it has several lines"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sealing.ParseAgeRecipients(test.recipients)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestParseAgeRecipients_privateKeys(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]pair{"X25519": x25519Pair(t), "hybrid": hybridPair(t), "ssh-ed25519": ed25519Pair(t, ""), "ssh-rsa": rsaPair(t)} {
		_, err := sealing.ParseAgeRecipients([]string{one.identity})
		if !errors.Is(err, sealing.ErrPrivateKey) {
			t.Errorf("%s: error %v, want ErrPrivateKey", name, err)
			continue
		}
		mustNotQuote(t, err, one.identity)
	}
}

// mustNotQuote fails if the error has any line of the text in it.
func mustNotQuote(t testing.TB, err error, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); len(line) > 15 && strings.Contains(err.Error(), line) {
			t.Errorf("the error repeats a line of what was given: %v", err)
		}
	}
}

func TestOpenAge_refusals(t *testing.T) {
	t.Parallel()
	one, other, shell := x25519Pair(t), x25519Pair(t), ed25519Pair(t, "")
	text := sealed(t, ageSealer(t, one.recipient))
	tests := map[string]struct{ identity, text, want string }{
		"wrong identity":             {other.identity, text, "the identity is a wrong one: the text was encrypted to other recipients (identities tried: 1)"},
		"two wrong identities":       {other.identity + "\n" + hybridPair(t).identity, text, "(identities tried: 2)"},
		"wrong kind of identity":     {shell.identity, text, "the identity is a wrong one"},
		"no identity":                {"# nothing\n\n", text, "the identity: it holds none"},
		"recipient for identity":     {"# me\n" + one.recipient, text, "the identity: line 2 is a recipient, which can only encrypt"},
		"SSH recipient for identity": {shell.recipient, text, "the identity: line 1 is a recipient"},
		"plugin identity":            {pluginIdentity, text, "the identity: line 1 is an identity of an age plugin"},
		"path for identity":          {"/home/ci/key.txt", text, "the identity: line 1 is no age identity"},
		"identity cut short":         {one.identity[:50], text, "the identity: line 1 is damaged or incomplete"},
		"encrypted identity file":    {text, text, "the identity: it is encrypted itself"},
		"locked SSH key":             {ed25519Pair(t, "open sesame").identity, text, "the identity: the SSH key is protected with a passphrase"},
		"RSA key":                    {rsaPair(t).identity, text, "the identity: the SSH key is not of type ed25519"},
		"broken PEM":                 {shell.identity[:100], text, "the identity: it is no SSH private key that can be read"},
		"nothing sealed":             {one.identity, "", "the encrypted text: it is empty"},
		"not sealed":                 {one.identity, "testsecret", "the encrypted text: it is not in age's ASCII armor"},
		"binary age file":            {one.identity, "age-encryption.org/v1\n-> X25519", "the encrypted text: it is not in age's ASCII armor"},
		"armored OpenPGP message":    {one.identity, "-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----", "the encrypted text: it is an OpenPGP message"},
		"base64 of something":        {one.identity, base64.StdEncoding.EncodeToString([]byte("something")), "the encrypted text: it is not in age's ASCII armor"},
		"cut short":                  {one.identity, text[:len(text)-80], "the encrypted text is damaged or incomplete"},
		"noise after it":             {one.identity, text + "noise", "the encrypted text is damaged or incomplete"},
		"tampered with":              {one.identity, tampered(t, text), "the encrypted text is damaged or incomplete"},
		"not a text":                 {one.identity, sealedRaw(t, one.recipient, "\xff\xfe"), "what was encrypted is no text"},
		"too long":                   {one.identity, sealedRaw(t, one.recipient, strings.Repeat("x", 65537)), "holds more than 65536 bytes"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := sealing.OpenAge(rpc.NewSecret(test.identity), test.text)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error %v, want one with %q", err, test.want)
			}
			if !got.IsEmpty() {
				t.Errorf("something came out in spite of the error")
			}
			mustNotQuote(t, err, test.identity)
		})
	}
}

// tampered changes the last byte of the payload.
func tampered(t *testing.T, text string) string {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	block.Bytes[len(block.Bytes)-1] ^= 1
	return string(pem.EncodeToMemory(block))
}

func sealedRaw(t *testing.T, recipient, plain string) string {
	t.Helper()
	text, err := ageSealer(t, recipient).Seal(rpc.NewSecret(plain))
	must(t, err)
	return text
}

// FuzzParseRecipient: no text breaks the parser or is quoted as a whole by its error,
// and whatever it takes can be sealed to and keeps its fingerprint.
func FuzzParseRecipient(f *testing.F) {
	one, shell := x25519Pair(f), ed25519Pair(f, "")
	for _, text := range []string{
		one.recipient, one.identity, hybridPair(f).recipient, shell.recipient, shell.identity,
		pluginRecipient, "age1", "ssh-ed25519 ", "ssh-rsa", "",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sealer, err := sealing.ParseAgeRecipients([]string{text})
		if err != nil {
			mustNotQuote(t, err, text)
			return
		}
		sealed(t, sealer)
		again := ageSealer(t, text, text)
		if got, want := again.Fingerprint(), sealer.Fingerprint(); got != want {
			t.Errorf("fingerprint %s, the first time %s", got, want)
		}
	})
}
