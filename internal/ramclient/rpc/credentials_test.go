package rpc

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretsStayHiddenHoweverPrinted(t *testing.T) {
	t.Parallel()
	const text = "correct-horse"
	creds := Credentials{AccessKeyID: "testid", AccessKeySecret: NewSecret(text), SecurityToken: NewSecret(text)}
	asJSON, err := json.Marshal(creds)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("test", "creds", creds, "secret", creds.AccessKeySecret)

	prints := map[string]string{"JSON": string(asJSON), "slog": log.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		prints[verb] = fmt.Sprintf(verb, creds)
		prints["pointer "+verb] = fmt.Sprintf(verb, &creds)
		prints["secret "+verb] = fmt.Sprintf(verb, creds.AccessKeySecret)
		prints["unexported "+verb] = fmt.Sprintf(verb, struct{ hidden Credentials }{creds})
	}
	for how, out := range prints {
		if strings.Contains(out, text) || strings.Contains(out, fmt.Sprintf("%x", text)) {
			t.Errorf("%s shows the secret: %s", how, out)
		}
	}
	if creds.AccessKeySecret.Reveal() != text {
		t.Error("Reveal does not give the text")
	}
	if NewSecret(text) != creds.AccessKeySecret || NewSecret("other") == creds.AccessKeySecret {
		t.Error("secrets do not compare by their text")
	}
}

func TestSecretIsReadFromJSON(t *testing.T) {
	t.Parallel()
	var s Secret
	if err := json.Unmarshal([]byte(`"once"`), &s); err != nil || s.Reveal() != "once" {
		t.Errorf("got %q, %v", s.Reveal(), err)
	}
}
