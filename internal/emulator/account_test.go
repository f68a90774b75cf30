package emulator

import "testing"

func TestAccountAliasIsTheDefaultDomain(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	id := s.Accounts()[0].ID
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	domain := func() string { return s.root.must(ims, "GetDefaultDomain", nil).at("DefaultDomainName") }
	if got, want := domain(), id+".onaliyun.com"; got != want {
		t.Errorf("without alias the domain is %q, want %q", got, want)
	}
	s.root.must(ram, "SetAccountAlias", params{"AccountAlias": "example"})
	if got, want := domain(), "example.onaliyun.com"; got != want {
		t.Errorf("the domain is %q, want %q", got, want)
	}
	for _, name := range []string{"bot@example.onaliyun.com", "bot@" + id + ".onaliyun.com", "bot@EXAMPLE.onaliyun.com"} {
		if got := s.root.must(ims, "GetUser", params{"UserPrincipalName": name}).at("User.UserPrincipalName"); got != "bot@example.onaliyun.com" {
			t.Errorf("%s is shown as %q", name, got)
		}
	}
	s.root.refused(ims, "GetUser", params{"UserPrincipalName": "bot@other.onaliyun.com"}, 404, "EntityNotExist.User")
	s.other.refused(ram, "SetAccountAlias", params{"AccountAlias": "example"}, 409, "EntityAlreadyExists.AccountAlias")
	s.other.refused(ims, "SetDefaultDomain", params{"DefaultDomainName": id + ".onaliyun.com"}, 409, "EntityAlreadyExists.AccountAlias")
	if got := s.Accounts()[0].Alias; got != "example" {
		t.Errorf("Accounts tells the alias %q, want example", got)
	}
	if got := s.root.must(ims, "SetDefaultDomain", params{"DefaultDomainName": "renamed.onaliyun.com"}).at("DefaultDomainName"); got != "renamed.onaliyun.com" {
		t.Errorf("SetDefaultDomain answers %q, want renamed.onaliyun.com", got)
	}
	if got := s.root.must(ram, "GetAccountAlias", nil).at("AccountAlias"); got != "renamed" {
		t.Errorf("the alias is %q, want renamed", got)
	}
	s.root.must(ram, "ClearAccountAlias", nil)
	if got := s.root.must(ram, "GetAccountAlias", nil).at("AccountAlias"); got != "" {
		t.Errorf("the alias is %q, want none", got)
	}
	for alias, want := range map[string]string{
		"ab": "InvalidParameter.AccountAlias.Length", "-abc": "InvalidParameter.AccountAlias.Format", "a--b": "InvalidParameter.AccountAlias.Format",
		"Abc": "InvalidParameter.AccountAlias.Format", "abc-": "InvalidParameter.AccountAlias.Format",
	} {
		s.root.refused(ram, "SetAccountAlias", params{"AccountAlias": alias}, 400, want)
	}
}

func TestAccountsAreApart(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	s.other.refused(ram, "GetUser", params{"UserName": "bot"}, 404, "EntityNotExist.User")
	s.other.must(ram, "CreateUser", params{"UserName": "bot"})
	if got := s.root.must(ims, "GetAccountSummary", nil); got.at("SummaryMap.Users") != "1" || got.at("SummaryMap.AccessKeysPerUserQuota") != "2" {
		t.Errorf("the summary is %v", got.Body["SummaryMap"])
	}
}
