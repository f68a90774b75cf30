package schemakit_test

import (
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
)

func text(value string) attr.Value { return types.StringValue(value) }

func newIdentity(t *testing.T) *age.X25519Identity {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return identity
}

func TestAgeRecipients(t *testing.T) {
	t.Parallel()
	good := newIdentity(t).Recipient().String()
	hybrid, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	at := path.Root("age_recipients")
	tests := map[string]struct {
		elements []attr.Value
		want     map[string]string // by the path that is marked, a part of the detail
	}{
		"valid":             {[]attr.Value{text(good), text(good + "\n")}, nil},
		"unknown":           {[]attr.Value{types.StringUnknown(), text(good)}, nil},
		"unknown and wrong": {[]attr.Value{types.StringUnknown(), text("me")}, map[string]string{at.AtListIndex(1).String(): "it is no age recipient"}},
		"null":              {[]attr.Value{types.StringNull()}, map[string]string{at.AtListIndex(0).String(): "it is empty"}},
		"empty list":        {[]attr.Value{}, map[string]string{at.String(): "there is no recipient"}},
		"two wrong": {
			[]attr.Value{text("me"), text(good), text("ssh-rsa AAAA")},
			map[string]string{at.AtListIndex(0).String(): "it is no age recipient", at.AtListIndex(2).String(): "SSH keys of type ssh-rsa are not supported"},
		},
		"mixed": {[]attr.Value{text(good), text(hybrid.Recipient().String())}, map[string]string{at.String(): "cannot be combined"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var resp validator.ListResponse
			schemakit.AgeRecipients().ValidateList(t.Context(), validator.ListRequest{
				Path: at, ConfigValue: types.ListValueMust(types.StringType, test.elements),
			}, &resp)
			wantMarked(t, resp.Diagnostics, test.want)
		})
	}
	var resp validator.ListResponse
	for _, open := range []types.List{types.ListNull(types.StringType), types.ListUnknown(types.StringType)} {
		schemakit.AgeRecipients().ValidateList(t.Context(), validator.ListRequest{Path: at, ConfigValue: open}, &resp)
	}
	wantMarked(t, resp.Diagnostics, nil)
}

func wantMarked(t *testing.T, diags diag.Diagnostics, want map[string]string) {
	t.Helper()
	if len(diags) != len(want) {
		t.Errorf("%d diagnostics, want %d: %v", len(diags), len(want), diags)
	}
	for _, one := range diags {
		marked, ok := one.(diag.DiagnosticWithPath)
		if !ok {
			t.Errorf("nothing is marked by: %s", one.Detail())
			continue
		}
		part, ok := want[marked.Path().String()]
		if !ok || !strings.Contains(one.Detail(), part) {
			t.Errorf("%s is marked with %q, want %v", marked.Path(), one.Detail(), want)
		}
	}
}

// Terraform would quote the lines of what is marked.
func TestPrivateKeysAreNotMarked(t *testing.T) {
	t.Parallel()
	private := newIdentity(t).String()
	var list validator.ListResponse
	schemakit.AgeRecipients().ValidateList(t.Context(), validator.ListRequest{
		Path: path.Root("age_recipients"), ConfigValue: types.ListValueMust(types.StringType, []attr.Value{text("wrong"), text(private)}),
	}, &list)
	var single validator.StringResponse
	schemakit.PGPKey().ValidateString(t.Context(), validator.StringRequest{
		Path: path.Root("pgp_key"), ConfigValue: types.StringValue(private),
	}, &single)
	for at, diags := range map[string]diag.Diagnostics{"age_recipients[1]": list.Diagnostics, "pgp_key": single.Diagnostics} {
		if len(diags) != 1 || diags[0].Summary() != "Private key given" || !strings.Contains(diags[0].Detail(), "The value of "+at+" is refused: this is a private key") {
			t.Errorf("%s: diagnostics %v, want one about a private key", at, diags)
			continue
		}
		if _, ok := diags[0].(diag.DiagnosticWithPath); ok {
			t.Errorf("%s: a place is marked", at)
		}
		if strings.Contains(diags[0].Detail(), private) {
			t.Errorf("%s: the key is repeated", at)
		}
	}
}

func TestPGPKey(t *testing.T) {
	t.Parallel()
	var resp validator.StringResponse
	at := path.Root("pgp_key")
	for _, open := range []types.String{types.StringNull(), types.StringUnknown()} {
		schemakit.PGPKey().ValidateString(t.Context(), validator.StringRequest{Path: at, ConfigValue: open}, &resp)
	}
	wantMarked(t, resp.Diagnostics, nil)
	schemakit.PGPKey().ValidateString(t.Context(), validator.StringRequest{Path: at, ConfigValue: types.StringValue("keybase:alice")}, &resp)
	wantMarked(t, resp.Diagnostics, map[string]string{"pgp_key": "names at Keybase are not looked up"})
}
