package session_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
	"github.com/ramprovider/terraform-provider-ram/internal/sealing"
)

type attributes = map[string]any

const decryptedSecret = "ram_decrypted_secret"

// sealedSecret is a secret for one recipient, and the identity that opens it.
type sealedSecret struct{ text, identity string }

func newSealedSecret(t *testing.T, secret string) sealedSecret {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	acctest.Must(t, err)
	sealer, err := sealing.ParseAgeRecipients([]string{identity.Recipient().String()})
	acctest.Must(t, err)
	text, err := sealer.Seal(rpc.NewSecret(secret))
	acctest.Must(t, err)
	return sealedSecret{text, identity.String()}
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "identity.txt")
	acctest.Must(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

// withVariable gives the machine one environment variable.
func withVariable(env *acctest.Env, name, value string) {
	env.Machine.Lookup = func(asked string) (string, bool) { return value, asked == name }
}

// withEcho adds the provider that keeps what it is given, so that a test can look at it.
func withEcho(env *acctest.Env) map[string]func() (tfprotov6.ProviderServer, error) {
	factories := env.Factories()
	factories["echo"] = echoprovider.NewProviderServer()
	return factories
}

func echoOf(address string) string {
	return fmt.Sprintf(`
provider "echo" {
  data = %s
}
resource "echo" "test" {}
`, address)
}

func TestAccDecryptedSecret_basic(t *testing.T) {
	t.Parallel()
	sealed := newSealedSecret(t, "testsecret")
	env := acctest.New(t)
	withVariable(env, "RAM_AGE_IDENTITY", sealed.identity)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: withEcho(env),
		Steps: []resource.TestStep{{
			Config: env.Config(fmt.Sprintf("ephemeral \"ram_decrypted_secret\" \"test\" {\n  encrypted_secret = %q\n}\n", sealed.text) + echoOf("ephemeral.ram_decrypted_secret.test")),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data"), knownvalue.ObjectExact(map[string]knownvalue.Check{
					"encrypted_secret": knownvalue.StringExact(sealed.text), "secret": knownvalue.StringExact("testsecret"),
					"identity": knownvalue.Null(), "identity_file": knownvalue.Null(),
				})),
			},
		}},
	})
	if got := env.Emulator.Total(); got != 0 {
		t.Errorf("%d calls were made, want none", got)
	}
}

// What is encrypted only in the apply, such as the secret of a new key, is opened there,
// in the same run.
func TestAccDecryptedSecret_unknownInPlan(t *testing.T) {
	t.Parallel()
	sealed := newSealedSecret(t, "testsecret")
	env := acctest.New(t)
	withVariable(env, "RAM_AGE_IDENTITY", sealed.identity)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: withEcho(env),
		Steps: []resource.TestStep{{
			Config: env.Config(fmt.Sprintf(`
resource "terraform_data" "maker" {
  input = %q
}
ephemeral "ram_decrypted_secret" "test" {
  encrypted_secret = terraform_data.maker.output
}
`, sealed.text) + echoOf("ephemeral.ram_decrypted_secret.test.secret")),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue("terraform_data.maker", tfjsonpath.New("output")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data"), knownvalue.StringExact("testsecret")),
			},
		}},
	})
}

func TestAccDecryptedSecret_invalidConfig(t *testing.T) {
	t.Parallel()
	sealed := newSealedSecret(t, "testsecret")
	env := acctest.New(t)
	block := func(lines string) string {
		return env.Config(fmt.Sprintf("ephemeral \"ram_decrypted_secret\" \"test\" {\n  encrypted_secret = %q\n  %s\n}\n", sealed.text, lines))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{Config: block(""), ExpectError: regexp.MustCompile(`(?s)No age identity to decrypt the secret with.*Plan,\s+apply\s+and\s+destroy\s+all\s+need\s+it`)},
			{Config: block("identity = \"x\"\n  identity_file = \"y\""), ExpectError: regexp.MustCompile(`Invalid Attribute Combination`)},
		},
	})
}

func TestDecryptedSecret_fromEachPlace(t *testing.T) {
	t.Parallel()
	sealed, other := newSealedSecret(t, "testsecret"), newSealedSecret(t, "other")
	tests := map[string]struct {
		config      attributes
		environment string
	}{
		"argument":                      {attributes{"identity": sealed.identity}, ""},
		"argument before environment":   {attributes{"identity": sealed.identity}, other.identity},
		"file":                          {attributes{"identity_file": writeFile(t, "# made today\n"+sealed.identity+"\n")}, ""},
		"file before environment":       {attributes{"identity_file": writeFile(t, sealed.identity)}, other.identity},
		"environment":                   {attributes{}, sealed.identity},
		"environment, argument is void": {attributes{"identity": ""}, sealed.identity},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			withVariable(env, "RAM_AGE_IDENTITY", test.environment)
			test.config["encrypted_secret"] = sealed.text
			got, diags := env.Protocol(t, nil).Open(decryptedSecret, test.config)
			if diags.HasError() {
				t.Fatal(diags.Errors())
			}
			if got["secret"] != "testsecret" {
				t.Errorf("secret %q, want testsecret", got["secret"])
			}
		})
	}
}

// A key that was imported has no secret: null in, null out, and nobody needs an identity.
func TestDecryptedSecret_null(t *testing.T) {
	t.Parallel()
	got, diags := acctest.New(t).Protocol(t, nil).Open(decryptedSecret, attributes{"identity_file": "/does/not/exist"})
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	want := attributes{"encrypted_secret": nil, "identity": nil, "identity_file": "/does/not/exist", "secret": nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
}

// Decrypting is the machine's own business: it works before the provider's credentials
// are known, and without any.
func TestDecryptedSecret_needsNoCredentials(t *testing.T) {
	t.Parallel()
	sealed := newSealedSecret(t, "testsecret")
	for name, arguments := range map[string]attributes{
		"unknown": {"access_key_id": acctest.Unknown, "access_key_secret": acctest.Unknown},
		"none":    {"access_key_id": nil, "access_key_secret": nil, "skip_default_chain": true},
	} {
		env := acctest.New(t)
		got, diags := env.Protocol(t, arguments).Open(decryptedSecret, attributes{"encrypted_secret": sealed.text, "identity": sealed.identity})
		if diags.HasError() || got["secret"] != "testsecret" || env.Emulator.Total() != 0 {
			t.Errorf("credentials %s: %v %q, %d calls", name, got["secret"], diags.Errors(), env.Emulator.Total())
		}
	}
}

func TestDecryptedSecret_errors(t *testing.T) {
	t.Parallel()
	sealed, other := newSealedSecret(t, "testsecret"), newSealedSecret(t, "other")
	missing := filepath.Join(t.TempDir(), "missing.txt")
	tests := map[string]struct {
		config attributes
		want   []string
		// marked is the attribute that Terraform quotes; never one with a secret.
		marked string
	}{
		"no identity":    {attributes{"encrypted_secret": sealed.text}, []string{"No age identity to decrypt the secret with", "RAM_AGE_IDENTITY", "Plan, apply and destroy all need it"}, ""},
		"missing file":   {attributes{"encrypted_secret": sealed.text, "identity_file": missing}, []string{"Cannot read the age identity", missing, "plan, apply and destroy all need it"}, "identity_file"},
		"empty file":     {attributes{"encrypted_secret": sealed.text, "identity_file": writeFile(t, "")}, []string{"Cannot decrypt the secret", "identity.txt failed: the identity: it holds none"}, ""},
		"wrong identity": {attributes{"encrypted_secret": sealed.text, "identity": other.identity}, []string{"the argument identity failed: the identity is a wrong one", "Next step: give the identity"}, ""},
		"OpenPGP":        {attributes{"encrypted_secret": "hQEMAxxxxxxxxxxx", "identity": sealed.identity}, []string{"the encrypted text: it is an OpenPGP message"}, ""},
		"plain text":     {attributes{"encrypted_secret": "testsecret", "identity": sealed.identity}, []string{"it is not in age's ASCII armor"}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, diags := acctest.New(t).Protocol(t, nil).Open(decryptedSecret, test.config)
			errs := diags.Errors()
			if len(errs) != 1 || got != nil {
				t.Fatalf("got %v and errors %q, want one error", got, errs)
			}
			for _, part := range test.want {
				if !strings.Contains(errs[0], part) {
					t.Errorf("the error lacks %q: %s", part, errs[0])
				}
			}
			for _, secret := range []string{"testsecret", sealed.identity, other.identity} {
				if strings.Contains(errs[0], secret) {
					t.Errorf("the error shows a secret: %s", errs[0])
				}
			}
			marked := ""
			if diags[0].Attribute != nil {
				marked = string(diags[0].Attribute.Steps()[0].(tftypes.AttributeName))
			}
			if marked != test.marked {
				t.Errorf("marked is %q, want %q", marked, test.marked)
			}
		})
	}
}
