package emulator

import (
	"net/http"
	"testing"
)

func TestCredentialsURI(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{CredentialsURIs: map[string]string{"build": "acs:ram::1000000000000001:role/build"}})
	refused := func(path, code string) {
		t.Helper()
		if got := s.fetch(t, http.MethodGet, path).reply(t); got.Status != http.StatusNotFound || got.Code != code {
			t.Errorf("%s: got %d %s, want 404 %s", path, got.Status, got.Code, code)
		}
	}
	refused("/credentials/build", "EntityNotExist.Role")
	s.root.createRole("build", trustAccount2)
	got := s.fetch(t, http.MethodGet, "/credentials/build").reply(t)
	got.mustBe(t, `{"Code":"Success","AccessKeyId":%q,"AccessKeySecret":%q,"SecurityToken":%q,"Expiration":"2026-01-02T04:04:05Z"}`,
		got.at("AccessKeyId"), got.at("AccessKeySecret"), got.at("SecurityToken"))
	arn := s.session(got).must(sts, "GetCallerIdentity", nil).at("Arn")
	if want := "acs:ram::1000000000000001:assumed-role/build/credentials-uri"; arn != want {
		t.Errorf("the session is %s, want %s", arn, want)
	}

	refused("/credentials/test", "NotFound")
	if err := s.SetCredentialsURI("test", "acs:ram::1000000000000001:role/build"); err != nil {
		t.Fatal(err)
	}
	if got := s.fetch(t, http.MethodGet, "/credentials/test").reply(t); got.Code != "Success" {
		t.Errorf("got %d %s, want Success", got.Status, got.Code)
	}
	if err := s.SetCredentialsURI("build", ""); err != nil {
		t.Fatal(err)
	}
	refused("/credentials/build", "NotFound")
	if err := s.SetCredentialsURI("test", "build"); err == nil {
		t.Error("a name was taken for an ARN")
	}
	if _, err := New(Config{CredentialsURIs: map[string]string{"x": "y"}}); err == nil {
		t.Error("an emulator with a wrong ARN was started")
	}
}
