package emulator

import (
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// reportRows decodes one page of a credential report.
func reportRows(t *testing.T, page reply) [][]string {
	t.Helper()
	text, err := base64.StdEncoding.DecodeString(page.at("Content"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestCredentialReport(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.refused(ims, "GetCredentialReport", nil, 404, "EntityNotExist.CredentialReport")
	for _, name := range []string{"bot", "staff", "idle"} {
		s.root.must(ram, "CreateUser", params{"UserName": name})
	}
	s.root.must(ims, "SetPasswordPolicy", params{"MaxPasswordAge": "30"})
	s.root.must(ram, "CreateLoginProfile", params{"UserName": "staff", "Password": "hunter2hunter2"})
	s.root.must(ims, "CreateLoginProfile", params{"UserPrincipalName": upn(s, "idle"), "Status": "Inactive"})
	s.bindDevice("staff")
	first := s.newKey()
	s.clock.Advance(time.Hour)
	s.newKey().must(sts, "GetCallerIdentity", nil)
	s.root.must(ram, "UpdateAccessKey", params{"UserName": "bot", "UserAccessKeyId": first.key.ID, "Status": "Inactive"})
	if got := s.root.must(ims, "GenerateCredentialReport", nil).at("State"); got != "STARTED" {
		t.Errorf("the first report is %s, want STARTED", got)
	}
	if got := s.root.must(ims, "GenerateCredentialReport", nil).at("State"); got != "COMPLETE" {
		t.Errorf("asked again, the report is %s, want COMPLETE", got)
	}

	const begin, later = "2026-01-02T03:04:05Z", "2026-01-02T04:04:05Z"
	want := [][]string{
		{
			"user", "user_creation_time", "user_last_logon", "password_exist", "password_active", "password_last_changed",
			"password_next_rotation", "mfa_active", "access_key_1_exist", "access_key_1_active", "access_key_1_last_rotated",
			"access_key_1_last_used", "access_key_2_exist", "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used",
		},
		{"<root>", "N/A", "-", "TRUE", "N/A", "N/A", "N/A", "FALSE", "TRUE", "TRUE", begin, later, "FALSE", "N/A", "N/A", "N/A"},
		{upn(s, "bot"), begin, "-", "FALSE", "N/A", "N/A", "N/A", "FALSE", "TRUE", "FALSE", begin, "-", "TRUE", "TRUE", later, later},
		{upn(s, "idle"), begin, "-", "TRUE", "FALSE", "-", "-", "FALSE", "FALSE", "N/A", "N/A", "N/A", "FALSE", "N/A", "N/A", "N/A"},
		{upn(s, "staff"), begin, "-", "TRUE", "TRUE", begin, "2026-02-01T03:04:05Z", "TRUE", "FALSE", "N/A", "N/A", "N/A", "FALSE", "N/A", "N/A", "N/A"},
	}
	s.root.must(ram, "DeleteLoginProfile", params{"UserName": "idle"}) // too late for the report
	s.clock.Advance(4*time.Hour - time.Second)
	s.root.must(ims, "GenerateCredentialReport", nil)
	got := s.root.must(ims, "GetCredentialReport", nil)
	if got.Body["IsTruncated"] != "false" || got.at("GeneratedTime") != later || got.at("NextToken") != "" {
		t.Errorf("got IsTruncated %v, GeneratedTime %s, NextToken %q", got.Body["IsTruncated"], got.at("GeneratedTime"), got.at("NextToken"))
	}
	if diff := cmp.Diff(want, reportRows(t, got)); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}

	s.clock.Advance(time.Second)
	if got := s.root.must(ims, "GenerateCredentialReport", nil).at("State"); got != "STARTED" {
		t.Errorf("after four hours the report is %s, want STARTED", got)
	}
	if got := reportRows(t, s.root.must(ims, "GetCredentialReport", nil))[3][3]; got != "FALSE" {
		t.Errorf("password_exist of a user without login profile is %s in the next report, want FALSE", got)
	}
}

func TestCredentialReportInPages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		pageSize int
		p        params
	}{
		{"asked for", 0, params{"MaxItems": "2"}},
		{"capped", 2, params{"MaxItems": "3501"}},
	} {
		s := serve(t, Config{PageSize: test.pageSize})
		want := []string{"<root>"}
		for i := range 4 {
			s.root.must(ram, "CreateUser", params{"UserName": fmt.Sprint("u", i)})
			want = append(want, upn(s, fmt.Sprint("u", i)))
		}
		s.root.must(ims, "GenerateCredentialReport", nil)
		var got []string
		p, pages := test.p, 0
		for {
			page := s.root.must(ims, "GetCredentialReport", p)
			pages++
			for _, row := range reportRows(t, page)[1:] {
				got = append(got, row[0])
			}
			if page.Body["IsTruncated"] != "true" {
				break
			}
			p = test.p.with("NextToken", page.at("NextToken"))
		}
		if diff := cmp.Diff(want, got); diff != "" || pages != 3 {
			t.Errorf("%s: %d pages, want 3; users (-want +got):\n%s", test.name, pages, diff)
		}
		s.root.refused(ims, "GetCredentialReport", params{"MaxItems": "3502"}, 400, "InvalidParameter.MaxItems")
		s.root.refused(ims, "GetCredentialReport", params{"NextToken": "other"}, 400, "InvalidParameter.NextToken")
	}
}
