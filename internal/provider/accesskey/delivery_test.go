package accesskey_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
	"github.com/ramprovider/terraform-provider-ram/internal/sealing"
)

func newIdentity(t *testing.T) *age.X25519Identity {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return identity
}

func to(identities ...*age.X25519Identity) []string {
	var recipients []string
	for _, identity := range identities {
		recipients = append(recipients, identity.Recipient().String())
	}
	return recipients
}

// newPGPKey is an OpenPGP key made a minute before the test begins, that lasts for a day.
func newPGPKey(t *testing.T) (key *openpgp.Entity, public string) {
	t.Helper()
	key, err := openpgp.NewEntity("CI", "", "ci@example.com", &packet.Config{
		Time: func() time.Time { return acctest.Start.Add(-time.Minute) }, Algorithm: packet.PubKeyAlgoEdDSA, KeyLifetimeSecs: 24 * 60 * 60,
	})
	if err != nil {
		t.Fatal(err)
	}
	var packets bytes.Buffer
	if err := key.Serialize(&packets); err != nil {
		t.Fatal(err)
	}
	return key, base64.StdEncoding.EncodeToString(packets.Bytes())
}

// wantSigns fails unless the secret is that of the key in state.
func (w *world) wantSigns(key acctest.Object, secret string) {
	w.t.Helper()
	client := w.ClientFor(acctest.Key{ID: w.text(key, "access_key_id"), Secret: secret})
	if _, err := client.GetCallerIdentity(w.t.Context()); err != nil {
		w.t.Errorf("the delivered secret does not sign: %v", err)
	}
}

func (w *world) openAge(key acctest.Object, identity *age.X25519Identity) string {
	w.t.Helper()
	secret, err := sealing.OpenAge(rpc.NewSecret(identity.String()), w.text(key, "encrypted_secret"))
	w.must(err)
	return secret.Reveal()
}

// wantNowhere fails if the secret is anywhere in what Terraform stores of the key.
func (w *world) wantNowhere(key acctest.Object, secret string) {
	w.t.Helper()
	if secret == "" || strings.Contains(key.Value.String()+string(key.Private), secret) {
		w.t.Error("the secret is in state in clear text")
	}
}

func TestAccessKey_ageRecipients(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	w.arguments["plaintext_secrets"] = "error" // which this is not
	w.restart()
	alice, bob := newIdentity(t), newIdentity(t)
	written := config("age_recipients", to(alice, bob))
	planned := w.plan(gone, written)
	wantNone(t, "warning", planned.Diagnostics.Warnings())
	sealer, err := sealing.ParseAgeRecipients(to(alice, bob))
	w.must(err)
	got := w.Attributes(planned.Value)
	if got["secret"] != nil || got["encrypted_secret"] != acctest.Unknown || got["key_fingerprint"] != sealer.Fingerprint() {
		t.Errorf("planned: %v", got)
	}
	key, diags := w.Apply(planned)
	wantNone(t, "diagnostic", append(diags.Errors(), diags.Warnings()...))
	for _, identity := range []*age.X25519Identity{alice, bob} {
		secret := w.openAge(key, identity)
		w.wantSigns(key, secret)
		w.wantNowhere(key, secret)
	}
	key = w.wantEmptyPlan(key, written)

	// The same recipients in another order get no new secret.
	turned := config("age_recipients", to(bob, alice))
	if planned := w.plan(key, turned); len(planned.Replace) > 0 {
		t.Errorf("another order replaces for %v", planned.Replace)
	}
	key = w.wantEmptyPlan(w.apply(key, turned), turned)

	// Others do.
	planned = w.plan(key, config("age_recipients", to(bob)))
	if !replaces(planned, "age_recipients") {
		t.Errorf("other recipients replace for %v", planned.Replace)
	}
	renewed, diags := w.Apply(planned)
	wantNone(t, "error", diags.Errors())
	w.wantSigns(renewed, w.openAge(renewed, bob))
	w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(renewed, "access_key_id"): "Active"})
}

func TestAccessKey_pgpKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	private, public := newPGPKey(t)
	key := w.apply(gone, config("pgp_key", public))
	message, err := base64.StdEncoding.DecodeString(w.text(key, "encrypted_secret"))
	w.must(err)
	opened, err := openpgp.ReadMessage(bytes.NewReader(message), openpgp.EntityList{private}, nil, &packet.Config{Time: w.Clock.Now})
	w.must(err)
	secret, err := io.ReadAll(opened.UnverifiedBody)
	w.must(err)
	w.wantSigns(key, string(secret))
	w.wantNowhere(key, string(secret))

	// The key expires: what encrypts nothing still plans, what does is refused.
	w.Clock.Advance(48 * time.Hour)
	key = w.wantEmptyPlan(key, config("pgp_key", public))
	w.plan(key, config("pgp_key", public, "status", "Inactive"))
	for name, planned := range map[string]acctest.Planned{
		"create":  w.Plan(resourceType, gone, config("pgp_key", public)),
		"replace": w.Plan(resourceType, key, config("pgp_key", public, "rotate_when_changed", month("2"))),
	} {
		t.Log(name)
		acctest.RequireAmong(t, planned.Diagnostics.Errors(), "Cannot encrypt the secret of a new AccessKey", "expired")
	}
	if got := w.Emulator.Count("CreateAccessKey"); got != 1 {
		t.Errorf("%d keys were requested, want 1", got)
	}
}

// Between no encryption, age and OpenPGP the secret moves only with a new key.
func TestAccessKey_deliveryChanges(t *testing.T) {
	t.Parallel()
	identity := newIdentity(t)
	_, public := newPGPKey(t)
	kinds := map[string][]any{"plain": nil, "age": {"age_recipients", to(identity)}, "pgp": {"pgp_key", public}}
	causes := map[string][]string{
		"plain age": {"age_recipients"}, "age plain": {"age_recipients"}, "plain pgp": {"pgp_key"}, "pgp plain": {"pgp_key"},
		"age pgp": {"age_recipients", "pgp_key"}, "pgp age": {"age_recipients", "pgp_key"},
	}
	for name, want := range causes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, next, _ := strings.Cut(name, " ")
			w := newWorld(t, acctest.New(t))
			planned := w.plan(w.apply(gone, config(kinds[from]...)), config(kinds[next]...))
			if len(planned.Replace) != len(want) || slices.ContainsFunc(want, func(cause string) bool { return !replaces(planned, cause) }) {
				t.Errorf("replaces for %v, want %v", planned.Replace, want)
			}
			key, diags := w.Apply(planned)
			wantNone(t, "error", diags.Errors())
			if isPlain := w.text(key, "secret") != ""; isPlain != (next == "plain") || isPlain == (w.text(key, "encrypted_secret") != "") {
				t.Errorf("secret in clear text: %t", isPlain)
			}
			w.wantEmptyPlan(key, config(kinds[next]...))
		})
	}
}

// Of an imported key nobody has the secret, so there is nothing to encrypt.
func TestAccessKey_recipientsAfterAnImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	imported, diags := w.Import(resourceType, w.colleagueKey())
	wantNone(t, "error", diags.Errors())
	key := imported
	for range 2 { // written first, changed then
		written := config("age_recipients", to(newIdentity(t)))
		planned := w.plan(key, written)
		if len(planned.Replace) > 0 || w.Attributes(planned.Value)["key_fingerprint"] != nil {
			t.Fatalf("the plan replaces for %v: %v", planned.Replace, w.Attributes(planned.Value))
		}
		key = w.wantEmptyPlan(w.apply(key, written), written)
	}
	// The next key of this resource is encrypted.
	identity := newIdentity(t)
	key = w.apply(key, config("age_recipients", to(identity)))
	planned := w.plan(key, config("age_recipients", to(identity), "rotate_when_changed", month("1")))
	if len(planned.Replace) == 0 {
		key = w.apply(key, config("age_recipients", to(identity), "rotate_when_changed", month("1")))
		planned = w.plan(key, config("age_recipients", to(identity), "rotate_when_changed", month("2")))
	}
	renewed, diags := w.Apply(planned)
	wantNone(t, "error", diags.Errors())
	w.wantSigns(renewed, w.openAge(renewed, identity))
}

// Recipients that are known only at apply are checked before the key is made.
func TestAccessKey_recipientsNotKnownYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	w.arguments["plaintext_secrets"] = "error"
	w.restart()
	identity := newIdentity(t)
	planned := w.plan(gone, config("age_recipients", []any{acctest.Unknown}))
	if got := w.Attributes(planned.Value); got["secret"] != acctest.Unknown || got["key_fingerprint"] != acctest.Unknown {
		t.Errorf("planned: %v", got)
	}
	key, diags := w.Apply(w.Resolve(planned, config("age_recipients", to(identity))))
	wantNone(t, "error", diags.Errors())
	w.wantSigns(key, w.openAge(key, identity))
}

func TestAccessKey_invalidRecipients(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	_, public := newPGPKey(t)
	good := to(newIdentity(t))
	for name, test := range map[string]struct {
		config map[string]any
		want   string
	}{
		"no recipient":              {config("age_recipients", []string{}), "no recipient"},
		"one of two wrong":          {config("age_recipients", append(good, "me")), "age_recipients[1]"},
		"an armored key with noise": {config("pgp_key", "Alice:\n"+"-----BEGIN PGP PUBLIC KEY BLOCK-----"), "exactly one armored block"},
		"both":                      {config("age_recipients", good, "pgp_key", public), "pgp_key"},
	} {
		diags := w.Validate(resourceType, test.config)
		t.Log(name)
		acctest.RequireAmong(t, diags.Errors(), test.want)
	}
	w.wantCalls()
}
