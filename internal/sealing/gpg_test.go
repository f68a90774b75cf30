package sealing_test

import (
	"encoding/base64"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
	"github.com/ramprovider/terraform-provider-ram/internal/sealing"
)

func identityOf(t testing.TB) rpc.Secret {
	t.Helper()
	return rpc.NewSecret(x25519Pair(t).identity)
}

// gnupg is a home directory of GnuPG.
type gnupg struct{ home string }

func newGnuPG(t *testing.T) gnupg {
	t.Helper()
	if _, err := exec.LookPath("gpg"); err != nil {
		t.Skip("there is no gpg on this machine")
	}
	g := gnupg{t.TempDir()}
	t.Cleanup(func() { _ = exec.Command("gpgconf", "--homedir", g.home, "--kill", "all").Run() }) //nolint:noctx // the test's context has ended by then
	return g
}

func (g gnupg) run(t *testing.T, stdin []byte, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "gpg", append([]string{"--homedir", g.home, "--batch", "--quiet", "--no-tty", "--passphrase", ""}, args...)...)
	command.Stdin = strings.NewReader(string(stdin))
	out, err := command.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("gpg %s: %v\n%s", args, err, exit.Stderr)
		}
		t.Fatalf("gpg %s: %v", args, err)
	}
	return string(out)
}

// GnuPG makes keys that we read, and reads messages that we make.
func TestPGP_withGnuPG(t *testing.T) {
	t.Parallel()
	g := newGnuPG(t)
	for name, kind := range map[string]string{"curves": "future-default", "RSA": "rsa2048"} {
		usage := map[string]string{"future-default": "default", "rsa2048": "sign,encrypt"}[kind]
		g.run(t, nil, "--quick-generate-key", name+" <"+name+"@example.com>", kind, usage, "never")
		fingerprint := fingerprintOf(g.run(t, nil, "--with-colons", "--fingerprint", name+"@example.com"))
		for form, text := range map[string]string{
			"armored": g.run(t, nil, "--armor", "--export", name+"@example.com"),
			"base64":  base64.StdEncoding.EncodeToString([]byte(g.run(t, nil, "--export", name+"@example.com"))),
		} {
			sealer, err := sealing.ParsePGPKey(text, time.Now())
			if err != nil {
				t.Errorf("%s, %s: %v", name, form, err)
				continue
			}
			if got := sealer.Fingerprint(); got != fingerprint {
				t.Errorf("%s, %s: fingerprint %s, gpg says %s", name, form, got, fingerprint)
			}
			message, err := base64.StdEncoding.DecodeString(sealed(t, sealer))
			must(t, err)
			if got := g.run(t, message, "--decrypt"); got != secret.Reveal() {
				t.Errorf("%s, %s: gpg reads %q, want the secret", name, form, got)
			}
		}
	}
}

// fingerprintOf finds the first fingerprint in the output of gpg --with-colons.
func fingerprintOf(colons string) string {
	for line := range strings.Lines(colons) {
		if fields := strings.Split(line, ":"); fields[0] == "fpr" {
			return fields[9]
		}
	}
	return ""
}
