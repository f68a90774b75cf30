package emulator

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func (s *service) metadataToken(t *testing.T, seconds string) string {
	t.Helper()
	got := s.fetch(t, http.MethodPut, "/latest/api/token", "X-aliyun-ecs-metadata-token-ttl-seconds", seconds)
	if got.status != http.StatusOK || got.text == "" {
		t.Fatalf("no token: %+v", got)
	}
	return got.text
}

// withInstance has an instance with a role that ECS may assume and that may read RAM.
func withInstance(t *testing.T, access MetadataAccess) *service {
	t.Helper()
	s := serve(t, Config{Instance: Instance{RoleName: "web", Metadata: access}})
	s.root.createRole("web", trusting("Service", "ecs.aliyuncs.com", ""))
	s.root.must(ram, "AttachPolicyToRole", grantOf("RoleName", "web", "System", "AliyunRAMReadOnlyAccess"))
	return s
}

func TestInstanceCredentials(t *testing.T) {
	t.Parallel()
	s := withInstance(t, MetadataTokenOnly)
	header := []string{"X-aliyun-ecs-metadata-token", s.metadataToken(t, "21600")}
	name := s.fetch(t, http.MethodGet, metadataCredentials, header...)
	if diff := cmp.Diff(fetched{200, "text/plain", "web"}, name, cmp.AllowUnexported(fetched{})); diff != "" {
		t.Fatalf("the role's name (-want +got):\n%s", diff)
	}
	got := s.fetch(t, http.MethodGet, metadataCredentials+"web", header...).reply(t)
	got.mustBe(t, `{"Code":"Success","AccessKeyId":%q,"AccessKeySecret":%q,"SecurityToken":%q,
		"Expiration":"2026-01-02T09:04:05Z","LastUpdated":"2026-01-02T03:04:05Z"}`,
		got.at("AccessKeyId"), got.at("AccessKeySecret"), got.at("SecurityToken"))
	session := s.session(got)
	arn := session.must(sts, "GetCallerIdentity", nil).at("Arn")
	if want := "acs:ram::1000000000000001:assumed-role/web/" + instanceID; arn != want {
		t.Errorf("the session is %s, want %s", arn, want)
	}
	session.must(ram, "ListUsers", nil)
	s.clock.Advance(6 * time.Hour)
	session.refused(ram, "ListUsers", nil, 400, "InvalidSecurityToken.Expired")
}

func TestMetadataAccess(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name                             string
		access                           MetadataAccess
		token, with, without, afterwards int // HTTP status; 0: connection lost
	}{
		{"open", MetadataOpen, 200, 200, 200, 401},
		{"token only", MetadataTokenOnly, 200, 200, 403, 401},
		{"without tokens", MetadataWithoutTokens, 404, 200, 200, 200},
		{"disabled", MetadataDisabled, 0, 0, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := withInstance(t, test.access)
			token := s.fetch(t, http.MethodPut, "/latest/api/token", metadataTTLHeader, "60")
			read := func(headers ...string) int {
				return s.fetch(t, http.MethodGet, metadataCredentials+"web", headers...).status
			}
			header := []string{metadataTokenHeader, strings.TrimSpace(token.text)}
			if token.status != http.StatusOK {
				header[1] = "none was given"
			}
			with, without := read(header...), read()
			s.clock.Advance(time.Minute)
			afterwards := read(header...)
			got, want := []int{token.status, with, without, afterwards}, []int{test.token, test.with, test.without, test.afterwards}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("status of the token, and of reads with it, without it, with the expired one (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMetadataRefusals(t *testing.T) {
	t.Parallel()
	s := withInstance(t, MetadataOpen)
	for _, test := range []struct {
		name, method, path string
		headers            []string
		status             int
	}{
		{"no time to live", http.MethodPut, "/latest/api/token", nil, 400},
		{"no seconds to live", http.MethodPut, "/latest/api/token", []string{metadataTTLHeader, "0"}, 400},
		{"long time to live", http.MethodPut, "/latest/api/token", []string{metadataTTLHeader, "21601"}, 400},
		{"invented token", http.MethodGet, metadataCredentials, []string{metadataTokenHeader, "invented"}, 401},
		{"another role", http.MethodGet, metadataCredentials + "db", nil, 404},
		{"below the role", http.MethodGet, metadataCredentials + "web/x", nil, 404},
	} {
		got := s.fetch(t, test.method, test.path, test.headers...)
		if got.status != test.status || got.contentType != "text/html" || !strings.HasPrefix(got.text, "<!DOCTYPE html>") {
			t.Errorf("%s: got %+v, want %d as HTML", test.name, got, test.status)
		}
	}
}

func TestInstanceWithoutUsableRole(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	if got := s.fetch(t, http.MethodGet, metadataCredentials); got.status != http.StatusNotFound {
		t.Errorf("no role attached: got %+v, want 404", got)
	}
	attach := func(i Instance) {
		t.Helper()
		if err := s.SetInstance(i); err != nil {
			t.Fatal(err)
		}
	}
	attach(Instance{RoleName: "web"})
	if got := s.fetch(t, http.MethodGet, metadataCredentials+"web"); got.status != http.StatusNotFound {
		t.Errorf("attached role does not exist: got %+v, want 404", got)
	}
	s.root.createRole("web", trustAccount1)
	if got := s.fetch(t, http.MethodGet, metadataCredentials+"web").reply(t); got.Code != "Failed" || got.at("AccessKeyId") != "" {
		t.Errorf("role that does not trust ECS: got %v, want Code Failed and no key", got.Body)
	}
	s.other.createRole("web", trusting("Service", "1000000000000002@ecs.aliyuncs.com", ""))
	attach(Instance{RoleName: "web", AccountID: "1000000000000002"})
	if got := s.fetch(t, http.MethodGet, metadataCredentials+"web").reply(t); got.Code != "Success" {
		t.Errorf("role that trusts ECS of its account: got %v, want Success", got.Body)
	}
	for _, bad := range []Instance{{Metadata: "sometimes"}, {AccountID: "12"}} {
		if err := s.SetInstance(bad); err == nil {
			t.Errorf("the instance %+v was taken", bad)
		}
		if _, err := New(Config{Instance: bad}); err == nil {
			t.Errorf("an emulator with the instance %+v was started", bad)
		}
	}
}

// TestEndpointsMeetFaultsAndAreLogged: what holds for operations holds for endpoints.
func TestEndpointsMeetFaultsAndAreLogged(t *testing.T) {
	t.Parallel()
	s := withInstance(t, MetadataOpen)
	s.ResetRequests()
	s.Fail("ECSMetadata", Refuse(403, "Forbidden", "no"), HTML502(), EmptyBody(), CommitThen500())
	for _, want := range []fetched{
		{403, "text/html", "<!DOCTYPE html>\n<html><head><title>403 - Forbidden</title></head><body><h1>403 - Forbidden</h1></body></html>\n"},
		{502, "text/html", "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"},
		{200, "text/plain", ""},
		{500, "text/html", "<!DOCTYPE html>\n<html><head><title>500 - Internal Server Error</title></head><body><h1>500 - Internal Server Error</h1></body></html>\n"},
	} {
		if diff := cmp.Diff(want, s.fetch(t, http.MethodGet, metadataCredentials), cmp.AllowUnexported(fetched{})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	s.fetch(t, http.MethodGet, metadataCredentials+"web?token=secret")
	if left := s.PendingFaults(); len(left) > 0 {
		t.Errorf("faults are left: %v", left)
	}
	lines := s.Requests()
	for i := range lines {
		lines[i].RequestID = ""
	}
	line := Request{Time: start, Product: "ECS", Operation: "ECSMetadata", Params: map[string]string{}, Status: 200}
	want := []Request{line, line, line, line, line}
	for i, fault := range []struct {
		status      int
		code, fault string
	}{{403, "Forbidden", "Refuse(Forbidden)"}, {502, "", "HTML502"}, {200, "", "EmptyBody"}, {500, "InternalError", "CommitThen500"}} {
		want[i].Status, want[i].Code, want[i].Fault = fault.status, fault.code, fault.fault
	}
	want[4].Params = map[string]string{"token": removed}
	want[4].Account, want[4].CallerARN = "1000000000000001", "acs:ram::1000000000000001:assumed-role/web/"+instanceID
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
}
