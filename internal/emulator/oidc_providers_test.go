package emulator

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var ciProvider = params{"OIDCProviderName": "CI", "IssuerUrl": "https://ci.example.com", "ClientIds": "deploy,plan"}

func TestOIDCProviderLifecycle(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	named := params{"OIDCProviderName": "ci"}
	const view = `{"OIDCProvider":{"OIDCProviderName":"CI","Arn":"acs:ram::1000000000000001:oidc-provider/CI","IssuerUrl":"https://ci.example.com",
		"ClientIds":%q,"Fingerprints":%q,"Description":%q,"IssuanceLimitTime":%d,
		"CreateDate":"2026-01-02T03:04:05Z","UpdateDate":%q,"GmtCreate":"1767323045000","GmtModified":%q}}`
	created := []string{"2026-01-02T03:04:05Z", "1767323045000"}
	s.root.must(ims, "CreateOIDCProvider", ciProvider).mustEqual(t, view, "deploy,plan", "", "", 12, created[0], created[1])
	s.root.must(ims, "GetOIDCProvider", named).mustEqual(t, view, "deploy,plan", "", "", 12, created[0], created[1])

	s.clock.Advance(time.Minute)
	updated := []string{"2026-01-02T03:05:05Z", "1767323105000"}
	s.root.must(ims, "UpdateOIDCProvider", named.with("ClientIds", "a").with("NewDescription", "of the CI").with("IssuanceLimitTime", "1")).
		mustEqual(t, view, "a", "", "of the CI", 1, updated[0], updated[1])
	s.root.must(ims, "AddClientIdToOIDCProvider", named.with("ClientId", "b"))
	s.root.must(ims, "RemoveClientIdFromOIDCProvider", named.with("ClientId", "a"))
	s.root.must(ims, "AddFingerprintToOIDCProvider", named.with("Fingerprint", "902ef2de"))
	s.root.must(ims, "AddFingerprintToOIDCProvider", named.with("Fingerprint", "0BBFAB97"))
	s.root.must(ims, "RemoveFingerprintFromOIDCProvider", named.with("Fingerprint", "902ef2de")).
		mustEqual(t, view, "b", "0BBFAB97", "of the CI", 1, updated[0], updated[1])
	s.root.must(ims, "UpdateOIDCProvider", named.with("ClientIds", "").with("NewDescription", "")).
		mustEqual(t, view, "", "0BBFAB97", "", 1, updated[0], updated[1])

	s.root.must(ims, "DeleteOIDCProvider", named)
	for _, action := range []string{"GetOIDCProvider", "UpdateOIDCProvider", "DeleteOIDCProvider"} {
		s.root.refused(ims, action, named, 404, "EntityNotExist.OIDCProvider")
	}
}

func TestListOIDCProviders(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{PageSize: 2})
	for _, name := range []string{"b", "a", "c"} {
		s.root.must(ims, "CreateOIDCProvider", params{"OIDCProviderName": name, "IssuerUrl": "https://example.com/" + name})
	}
	var names []string
	for marker, more := "", true; more; {
		got := s.root.must(ims, "ListOIDCProviders", params{"Marker": marker})
		names = append(names, got.each("OIDCProviders.OIDCProvider", "OIDCProviderName")...)
		marker = got.at("Marker")
		more = marker != ""
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	s.other.must(ims, "ListOIDCProviders", nil).mustEqual(t, `{"OIDCProviders":{"OIDCProvider":[]},"IsTruncated":false}`)
	s.root.refused(ims, "ListOIDCProviders", params{"MaxItems": "101"}, 400, "InvalidParameter.MaxItems")
}

func TestOIDCProviderRefusals(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ims, "CreateOIDCProvider", ciProvider.with("Fingerprints", "a,b,c,d,e"))
	full := params{"OIDCProviderName": "full"}
	var ids []string
	for i := range maxClientIDs {
		ids = append(ids, fmt.Sprint("id", i))
	}
	s.root.must(ims, "CreateOIDCProvider", full.with("IssuerUrl", "https://full.example.com").with("ClientIds", strings.Join(ids, ",")))
	fresh := params{"OIDCProviderName": "new", "IssuerUrl": "https://new.example.com"}
	named := params{"OIDCProviderName": "CI"}
	for _, test := range []struct {
		name, action string
		params       params
		status       int
		code         string
	}{
		{"no name", "CreateOIDCProvider", params{"IssuerUrl": "https://x"}, 400, "MissingOIDCProviderName"},
		{"no issuer", "CreateOIDCProvider", params{"OIDCProviderName": "new"}, 400, "MissingIssuerUrl"},
		{"name begins with a dot", "CreateOIDCProvider", fresh.with("OIDCProviderName", ".new"), 400, "InvalidParameter.OIDCProviderName.InvalidChars"},
		{"name ends with a dash", "CreateOIDCProvider", fresh.with("OIDCProviderName", "new-"), 400, "InvalidParameter.OIDCProviderName.InvalidChars"},
		{"long name", "CreateOIDCProvider", fresh.with("OIDCProviderName", strings.Repeat("a", 129)), 400, "InvalidParameter.OIDCProviderName.Length"},
		{"http", "CreateOIDCProvider", fresh.with("IssuerUrl", "http://new.example.com"), 400, "InvalidParameter.IssuerUrl"},
		{"query", "CreateOIDCProvider", fresh.with("IssuerUrl", "https://new.example.com?a=b"), 400, "InvalidParameter.IssuerUrl"},
		{"fragment", "CreateOIDCProvider", fresh.with("IssuerUrl", "https://new.example.com#a"), 400, "InvalidParameter.IssuerUrl"},
		{"login", "CreateOIDCProvider", fresh.with("IssuerUrl", "https://me@new.example.com"), 400, "InvalidParameter.IssuerUrl"},
		{"no host", "CreateOIDCProvider", fresh.with("IssuerUrl", "https:///x"), 400, "InvalidParameter.IssuerUrl"},
		{"long issuer", "CreateOIDCProvider", fresh.with("IssuerUrl", "https://"+strings.Repeat("a", 248)), 400, "InvalidParameter.IssuerUrl.Length"},
		{"client id begins with a dot", "CreateOIDCProvider", fresh.with("ClientIds", "a,.b"), 400, "InvalidParameter.ClientIds.InvalidChars"},
		{"empty client id", "CreateOIDCProvider", fresh.with("ClientIds", "a,,b"), 400, "InvalidParameter.ClientIds.Length"},
		{"too many client ids", "CreateOIDCProvider", fresh.with("ClientIds", strings.Join(append(slices.Clone(ids), "more"), ",")), 409, "LimitExceeded.OIDCProvider.ClientIds"},
		{"too many fingerprints", "CreateOIDCProvider", fresh.with("Fingerprints", "a,b,c,d,e,f"), 409, "LimitExceeded.OIDCProvider.Fingerprints"},
		{"long description", "CreateOIDCProvider", fresh.with("Description", strings.Repeat("a", 257)), 400, "InvalidParameter.Description.Length"},
		{"no issuance limit", "CreateOIDCProvider", fresh.with("IssuanceLimitTime", "0"), 400, "InvalidParameter.IssuanceLimitTime"},
		{"long issuance limit", "UpdateOIDCProvider", named.with("IssuanceLimitTime", "169"), 400, "InvalidParameter.IssuanceLimitTime"},
		{"name taken", "CreateOIDCProvider", fresh.with("OIDCProviderName", "ci"), 409, "EntityAlreadyExists.OIDCProvider"},
		{"issuer taken", "CreateOIDCProvider", fresh.with("IssuerUrl", "https://ci.example.com"), 409, "EntityAlreadyExists.OIDCProvider.IssuerUrl"},
		{"client id there", "AddClientIdToOIDCProvider", named.with("ClientId", "plan"), 409, "EntityAlreadyExists.OIDCProvider.ClientId"},
		{"client id not there", "RemoveClientIdFromOIDCProvider", named.with("ClientId", "x"), 404, "EntityNotExist.OIDCProvider.ClientId"},
		{"bad client id", "AddClientIdToOIDCProvider", named.with("ClientId", "a b"), 400, "InvalidParameter.ClientId.InvalidChars"},
		{"one client id too many", "AddClientIdToOIDCProvider", full.with("ClientId", "more"), 409, "LimitExceeded.OIDCProvider.ClientId"},
		{"fingerprint not there", "RemoveFingerprintFromOIDCProvider", named.with("Fingerprint", "x"), 404, "EntityNotExist.OIDCProvider.Fingerprint"},
		{"one fingerprint too many", "AddFingerprintToOIDCProvider", named.with("Fingerprint", "f"), 409, "LimitExceeded.OIDCProvider.Fingerprint"},
		{"no such provider", "AddClientIdToOIDCProvider", params{"OIDCProviderName": "x", "ClientId": "y"}, 404, "EntityNotExist.OIDCProvider"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s.root.in(t).refused(ims, test.action, test.params, test.status, test.code)
		})
	}
}

func TestOIDCProviderLimit(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	provider := func(n int) params {
		return params{"OIDCProviderName": fmt.Sprint("p", n), "IssuerUrl": fmt.Sprintf("https://%d.example.com", n)}
	}
	for n := range maxOIDCProviders {
		s.root.must(ims, "CreateOIDCProvider", provider(n))
	}
	s.root.refused(ims, "CreateOIDCProvider", provider(maxOIDCProviders), 409, "LimitExceeded.OIDCProvider")
}

// TestEarlierStateFile has an account from before there were providers and applications.
func TestEarlierStateFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	earlier := `{"version":1,"state":{"Accounts":{"1000000000000001":{"ID":"1000000000000001","Users":{},"Roles":{}}},"Sessions":{}}}`
	if err := os.WriteFile(path, []byte(earlier), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, Config{StateFile: path})
	s.root.must(ims, "CreateOIDCProvider", ciProvider)
	s.root.must(ims, "ProvisionExternalApplication", officialApp)
	if got := s.fetch(t, http.MethodPut, "/latest/api/token", metadataTTLHeader, "60"); got.status != http.StatusOK {
		t.Errorf("a metadata token: got %+v", got)
	}
}
