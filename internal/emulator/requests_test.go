package emulator

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestRequestLog(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	account := s.Accounts()[0].ID
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	s.root.must(ims, "CreateLoginProfile", params{"UserPrincipalName": upn(s, "bot"), "Password": "hunter2hunter2"})
	s.root.refused(ram, "GetUser", params{"UserName": "nobody"}, 404, "EntityNotExist.User")
	s.root.refused(ram, "GetNothing", params{"Password": "hunter2hunter2"}, 404, "InvalidAction.NotFound")
	s.as(Key{s.root.key.ID, "wrong"}).do(ram, "ListUsers", nil)

	root := "acs:ram::" + account + ":root"
	want := []Request{
		{Time: start, Account: account, CallerARN: root, Product: "RAM", Operation: "CreateUser", Params: map[string]string{"UserName": "bot"}, Status: 200},
		{Time: start, Account: account, CallerARN: root, Product: "IMS", Operation: "CreateLoginProfile", Params: map[string]string{"UserPrincipalName": upn(s, "bot"), "Password": "(removed)"}, Status: 200},
		{Time: start, Account: account, CallerARN: root, Product: "RAM", Operation: "GetUser", Params: map[string]string{"UserName": "nobody"}, Status: 404, Code: "EntityNotExist.User"},
		{Time: start, Operation: "GetNothing", Params: map[string]string{"Password": "(removed)"}, Status: 404, Code: "InvalidAction.NotFound"},
		{Time: start, Product: "RAM", Operation: "ListUsers", Params: map[string]string{}, Status: 400, Code: "SignatureDoesNotMatch"},
	}
	if diff := cmp.Diff(want, s.Requests(), cmpopts.IgnoreFields(Request{}, "RequestID")); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if s.Count("GetUser") != 1 || s.Total() != 5 {
		t.Errorf("got %d GetUser and %d in all, want 1 and 5", s.Count("GetUser"), s.Total())
	}
	if shown := fmt.Sprintf("%+v", s.Requests()); strings.Contains(shown, "hunter2") || strings.Contains(shown, s.root.key.Secret) {
		t.Errorf("the log holds a secret: %s", shown)
	}
	s.ResetRequests()
	if s.Total() != 0 {
		t.Errorf("after the reset there are %d requests, want none", s.Total())
	}
}
