package emulator

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

const sourceHeader = "X-Test-Source-Ip"

// from sends a call that states the address it comes from.
func (c client) from(address string, of api, action string) reply {
	c.t.Helper()
	r := c.newRequest(of, action, nil)
	r.Header.Set(sourceHeader, address)
	return send(c.t, r)
}

func allowingFrom(status string, items ...string) string {
	return fmt.Sprintf(`{"Status":%q,"Statements":[{"Type":"ClassicWhiteList","IPList":["%s"]}]}`, status, strings.Join(items, `","`))
}

const resetPolicy = `{"Version":1,"Status":"Inactive","Statements":[]}`

func TestNetworkPolicyDecidesWhereAKeySigns(t *testing.T) {
	t.Parallel()
	const (
		office = "203.0.113.7"
		home   = "198.51.100.9"
		v6     = "2001:db8::5"
	)
	for _, test := range []struct {
		name         string
		key, account string // policies; empty: never set
		from         string
		denied       bool
	}{
		{"none", "", "", home, false},
		{"listed address", allowingFrom("Active", office), "", office, false},
		{"another address", allowingFrom("Active", office), "", home, true},
		{"listed network", allowingFrom("Active", "203.0.113.0/24"), "", office, false},
		{"another network", allowingFrom("Active", "203.0.113.0/24"), "", home, true},
		{"one of several items", allowingFrom("Active", office, "198.51.100.0/24"), "", home, false},
		{"IPv6 address", allowingFrom("Active", v6), "", v6, false},
		{"IPv6 network", allowingFrom("Active", "2001:db8::/32"), "", v6, false},
		{"IPv4 written as IPv6", allowingFrom("Active", office), "", "::ffff:" + office, false},
		{"every IPv4 address is no IPv6 address", allowingFrom("Active", "0.0.0.0/0"), "", v6, true},
		{"no address at all", allowingFrom("Active", "0.0.0.0/0", "::/0"), "", "nowhere", true},
		{"inactive", allowingFrom("Inactive", office), "", home, false},
		{"reset", resetPolicy, "", home, false},
		{"active without statements", `{"Status":"Active","Statements":[]}`, "", home, true},
		{"VPC only", `{"Status":"Active","Statements":[{"Type":"VPCWhiteList","Value":"AllowAllVPC","IPList":["0.0.0.0/0"]}]}`, "", home, true},
		{"the account's", "", allowingFrom("Active", office), home, true},
		{"the account's, listed", "", allowingFrom("Active", office), office, false},
		{"the key's opens", allowingFrom("Active", home), allowingFrom("Active", office), home, false},
		{"the key's closes", allowingFrom("Active", home), allowingFrom("Active", office), office, true},
		{"the key's is inactive", allowingFrom("Inactive", home), allowingFrom("Active", office), home, true},
	} {
		s := serve(t, Config{SourceIPHeader: sourceHeader})
		bot := s.root.newUser("bot", []string{"AdministratorAccess"})
		if test.key != "" {
			s.root.must(ims, "SetAccessKeyPolicy", params{"UserPrincipalName": upn(s, "bot"), "UserAccessKeyId": bot.key.ID, "AccessKeyPolicy": test.key})
		}
		if test.account != "" {
			s.root.must(ims, "SetAccessKeyPolicyForAccount", params{"AccessKeyPolicy": test.account})
		}
		got := bot.from(test.from, sts, "GetCallerIdentity")
		want := ""
		if test.denied {
			want = "Forbidden.AccessKeyPolicy"
		}
		if got.Code != want || test.denied && got.Status != http.StatusForbidden {
			t.Errorf("%s: got %d %q, want %q", test.name, got.Status, got.Code, want)
		}
	}
}

func TestNetworkPolicyLeavesSessionsAlone(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{SourceIPHeader: sourceHeader})
	s.root.createRole("r", trustAccount1)
	user := s.root.newUser("u", mayAssume)
	session := user.assume(roleOf(1, "r"))
	s.root.must(ims, "SetAccessKeyPolicyForAccount", params{"AccessKeyPolicy": allowingFrom("Active", "203.0.113.7")})
	if got := session.from("198.51.100.9", sts, "GetCallerIdentity"); got.Status != http.StatusOK {
		t.Errorf("a session elsewhere: got %d %s, want success", got.Status, got.Code)
	}
	if got := s.root.from("198.51.100.9", ram, "ListUsers"); got.Code != "Forbidden.AccessKeyPolicy" {
		t.Errorf("the root key elsewhere: got %d %q, want Forbidden.AccessKeyPolicy", got.Status, got.Code)
	}
	if got := s.other.from("198.51.100.9", ram, "ListUsers"); got.Status != http.StatusOK {
		t.Errorf("another account: got %d %s, want success", got.Status, got.Code)
	}
}

func TestAddressIsStatedOnlyWhereConfigured(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	bot := s.root.newUser("bot", nil, stating("Allow", "ram:ListUsers", "*", `{"IpAddress":{"acs:SourceIp":"203.0.113.7"}}`))
	if got := bot.from("203.0.113.7", ram, "ListUsers"); got.Code != "NoPermission" {
		t.Errorf("header not configured: got %d %q, want NoPermission", got.Status, got.Code)
	}
	open := serve(t, Config{SourceIPHeader: sourceHeader})
	bot = open.root.newUser("bot", nil, stating("Allow", "ram:ListUsers", "*", `{"IpAddress":{"acs:SourceIp":"203.0.113.7"}}`))
	if got := bot.from("203.0.113.7", ram, "ListUsers"); got.Status != http.StatusOK {
		t.Errorf("header configured: got %d %q, want success", got.Status, got.Code)
	}
}

func TestDeniedCallIsNoUseOfTheKey(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{SourceIPHeader: sourceHeader})
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	bot := s.newKey()
	named := params{"UserPrincipalName": upn(s, "bot"), "UserAccessKeyId": bot.key.ID}
	s.root.must(ims, "SetAccessKeyPolicy", named.with("AccessKeyPolicy", allowingFrom("Active", "203.0.113.7")))
	bot.from("198.51.100.9", sts, "GetCallerIdentity")
	if got := s.root.must(ims, "GetAccessKeyLastUsed", named).at("AccessKeyLastUsed.LastUsedDate"); got != "" {
		t.Errorf("after a denied call the key was last used %s, want never", got)
	}
	stranger := s.as(Key{bot.key.ID, "not its secret"})
	if got := stranger.from("198.51.100.9", sts, "GetCallerIdentity"); got.Code != "SignatureDoesNotMatch" {
		t.Errorf("a wrong secret from elsewhere: got %q, want SignatureDoesNotMatch", got.Code)
	}
}

func TestNetworkPolicyDocument(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	bot := s.newKey()
	named := params{"UserPrincipalName": upn(s, "bot"), "UserAccessKeyId": bot.key.ID}
	shown := func() string {
		t.Helper()
		return s.root.must(ims, "GetAccessKeyPolicy", named).at("AccessKeyPolicy")
	}
	if got := shown(); got != "{}" {
		t.Errorf("never set: got %s, want {}", got)
	}
	if got := s.root.must(ims, "GetAccessKeyPolicyForAccount", nil).at("AccessKeyPolicy"); got != "{}" {
		t.Errorf("never set for the account: got %s, want {}", got)
	}
	many := func(n int) string {
		items := make([]string, n)
		for i := range items {
			items[i] = fmt.Sprint("203.0.113.", i)
		}
		return allowingFrom("Active", items...)
	}
	statements := func(n int) string {
		return `{"Status":"Inactive","Statements":[` + strings.TrimSuffix(strings.Repeat(`{"Type":"ClassicWhiteList","IPList":["203.0.113.1"]},`, n), ",") + `]}`
	}
	one := func(statement string) string { return `{"Status":"Inactive","Statements":[` + statement + `]}` }
	for _, document := range []string{
		`{}`, `[]`, `null`, `nonsense`, resetPolicy + "{}", resetPolicy + "x",
		`{"Status":"Active"}`, `{"Status":"Active","Statements":null}`, `{"Statements":[]}`,
		`{"Status":"active","Statements":[]}`, `{"Version":2,"Status":"Active","Statements":[]}`,
		`{"Version":"1","Status":"Active","Statements":[]}`, `{"Status":"Active","Statements":[],"More":1}`,
		one(`{}`), one(`{"Type":"Other","IPList":["203.0.113.1"]}`), one(`{"Type":"ClassicWhiteList"}`),
		one(`{"Type":"ClassicWhiteList","IPList":[]}`), one(`{"Type":"ClassicWhiteList","Value":"vpc-1","IPList":["203.0.113.1"]}`),
		one(`{"Type":"VPCWhiteList","IPList":["172.16.0.0/16"]}`), one(`{"Type":"VPCWhiteList","Value":"other","IPList":["172.16.0.0/16"]}`),
		allowingFrom("Active", "host.example.com"), allowingFrom("Active", "203.0.113.0/33"), allowingFrom("Active", "203.0.113"), allowingFrom("Active", ""),
	} {
		s.root.refused(ims, "SetAccessKeyPolicy", named.with("AccessKeyPolicy", document), 400, "InvalidParameter.AccessKeyPolicy")
		s.root.refused(ims, "SetAccessKeyPolicyForAccount", params{"AccessKeyPolicy": document}, 400, "InvalidParameter.AccessKeyPolicy")
	}
	s.root.refused(ims, "SetAccessKeyPolicy", named.with("AccessKeyPolicy", statements(9)), 409, "LimitExceeded.AccessKeyPolicy.Condition")
	s.root.refused(ims, "SetAccessKeyPolicy", named.with("AccessKeyPolicy", many(51)), 409, "LimitExceeded.AccessKeyPolicy.IPItem")
	s.root.refused(ims, "SetAccessKeyPolicy", named.with("AccessKeyPolicy", resetPolicy).with("UserAccessKeyId", "LTAIexample000000000001"), 404, "EntityNotExist.User.AccessKey")
	if got := shown(); got != "{}" {
		t.Errorf("after refusals only: got %s, want {}", got)
	}
	s.root.must(ims, "SetAccessKeyPolicy", named.with("AccessKeyPolicy", statements(8)))
	s.root.must(ims, "SetAccessKeyPolicy", named.with("AccessKeyPolicy", many(50)))

	const sent = `{"Statements":[{"IPList":["172.16.0.0/16"],"Value":"vpc-1","Type":"VPCWhiteList"},{"IPList":["203.0.113.1"],"Type":"ClassicWhiteList"}],"Status":"Inactive"}`
	const kept = `{"Version":1,"Status":"Inactive","Statements":[{"Type":"VPCWhiteList","Value":"vpc-1","IPList":["172.16.0.0/16"]},{"Type":"ClassicWhiteList","IPList":["203.0.113.1"]}]}`
	answered := s.root.must(ims, "SetAccessKeyPolicy", named.with("AccessKeyPolicy", sent))
	if answered.at("AccessKeyId") != bot.key.ID || answered.at("AccessKeyPolicy") != kept || shown() != kept {
		t.Errorf("got %v and then %s, want %s", answered.Body, shown(), kept)
	}
	s.root.must(ims, "SetAccessKeyPolicy", named.with("AccessKeyPolicy", resetPolicy))
	if got := shown(); got != resetPolicy {
		t.Errorf("after the reset: got %s, want %s", got, resetPolicy)
	}
}

func TestNetworkPolicyIsReadLate(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{Lag: time.Second})
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	s.clock.Advance(2 * time.Second)
	bot := s.newKey()
	s.clock.Advance(2 * time.Second)
	named := params{"UserPrincipalName": upn(s, "bot"), "UserAccessKeyId": bot.key.ID}
	s.root.must(ims, "SetAccessKeyPolicy", named.with("AccessKeyPolicy", resetPolicy))
	for _, want := range []string{"{}", resetPolicy} {
		if got := s.root.must(ims, "GetAccessKeyPolicy", named).at("AccessKeyPolicy"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		s.clock.Advance(time.Second)
	}
}
