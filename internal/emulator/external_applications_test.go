package emulator

import (
	"strings"
	"testing"
	"time"
)

// Parameters of installing official-cli, and of assigning a user or a role to it.
var (
	officialApp = params{"AppId": OfficialCLICN}
	toAlice     = officialApp.with("PrincipalName", "alice@1000000000000001.onaliyun.com").with("PrincipalType", "user")
	toOps       = officialApp.with("PrincipalName", "ops").with("PrincipalType", "role")
)

func TestExternalApplicationLifecycle(t *testing.T) {
	t.Parallel()
	for _, id := range []string{OfficialCLICN, OfficialCLIINTL} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			s := serve(t, Config{})
			app := params{"AppId": id}
			const view = `{"ForeignAppId":%q,"DisplayName":"official-cli","AppPrincipalName":"official-cli@app.1000000000000001.onaliyun.com",
				"TenantId":"1000000000000001","CreateDate":"1767323045000","UpdateDate":"1767323045000","DelegatedScope":{"PredefinedScopes":{"PredefinedScope":[
				{"Name":"openid","Description":"The OpenID of the user."},
				{"Name":"/internal/ram/usersts","Description":"STS credentials to call APIs as the user."}]}}}`
			s.root.must(ims, "ListExternalApplications", nil).mustEqual(t, `{"ExternalApplications":{"ExternalApplication":[]},"IsTruncated":false}`)
			s.root.must(ims, "ProvisionExternalApplication", app).mustEqual(t, `{"ExternalApplication":`+view+`}`, id)
			s.root.must(ims, "GetExternalApplication", app).mustEqual(t, `{"ExternalApplication":`+view+`}`, id)
			s.root.must(ims, "ListExternalApplications", nil).
				mustEqual(t, `{"ExternalApplications":{"ExternalApplication":[`+view+`]},"IsTruncated":false}`, id)
			s.other.refused(ims, "GetExternalApplication", app, 404, "EntityNotExist.Application")
			s.root.refused(ims, "ProvisionExternalApplication", app, 409, "EntityAlreadyExists.Application")
			s.root.must(ims, "DeprovisionExternalApplication", app).mustEqual(t, `{}`)
			for _, action := range []string{"GetExternalApplication", "DeprovisionExternalApplication"} {
				s.root.refused(ims, action, app, 404, "EntityNotExist.Application")
			}
		})
	}
}

func TestExternalApplicationScopes(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{ForeignApplications: map[string]string{"4000000000000000001": "reports"}})
	foreign := params{"AppId": "4000000000000000001"}
	got := s.root.must(ims, "ProvisionExternalApplication", foreign.with("Scopes", "openid;profile"))
	scopes := got.each("ExternalApplication.DelegatedScope.PredefinedScopes.PredefinedScope", "Name")
	if strings.Join(scopes, ";") != "openid;profile" || got.at("ExternalApplication.DisplayName") != "reports" {
		t.Errorf("got %v, want reports with two scopes", got.Body)
	}
	s.root.refused(ims, "ProvisionExternalApplication", officialApp.with("Scopes", "openid;profile"), 400, "InvalidParameter.Scopes")
	s.root.refused(ims, "ProvisionExternalApplication", params{"AppId": "4000000000000000002"}, 404, "EntityNotExist.Application")
	s.root.refused(ims, "ProvisionExternalApplication", nil, 400, "MissingAppId")
	s.root.newUser("nobody", nil).refused(ims, "ProvisionExternalApplication", officialApp, 403, "NoPermission")
}

func TestApplicationAssignments(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{PageSize: 1})
	s.root.must(ims, "ProvisionExternalApplication", officialApp)
	roleID := s.root.createRole("ops", trustAccount1).at("Role.RoleId")
	userID := s.root.must(ram, "CreateUser", params{"UserName": "alice"}).at("User.UserId")

	s.root.must(ims, "CreateApplicationAssignment", toAlice).mustEqual(t, `{}`)
	s.root.must(ims, "CreateApplicationAssignment", toOps)
	s.root.refused(ims, "CreateApplicationAssignment", toOps.with("PrincipalName", "OPS"), 409, "EntityAlreadyExists.ApplicationAssignment")
	s.root.must(ims, "SetDefaultDomain", params{"DefaultDomainName": "example-co.onaliyun.com"})

	first := s.root.must(ims, "ListApplicationAssignments", officialApp)
	first.mustEqual(t, `{"IsTruncated":true,"Marker":%q,"ApplicationAssignments":{"ApplicationAssignment":[{"AppId":"4038181954557748008",
		"PrincipalName":"ops","PrincipalType":"role","PrincipalId":%q,"CreateDate":"1767323045000"}]}}`, first.at("Marker"), roleID)
	s.root.must(ims, "ListApplicationAssignments", officialApp.with("Marker", first.at("Marker"))).
		mustEqual(t, `{"IsTruncated":false,"ApplicationAssignments":{"ApplicationAssignment":[{"AppId":"4038181954557748008",
		"PrincipalName":"alice@example-co.onaliyun.com","PrincipalType":"user","PrincipalId":%q,"CreateDate":"1767323045000"}]}}`, userID)

	s.root.must(ims, "DeleteApplicationAssignment", toAlice).mustEqual(t, `{}`)
	s.root.refused(ims, "DeleteApplicationAssignment", toAlice, 404, "EntityNotExist.ApplicationAssignment")
	s.root.must(ims, "DeprovisionExternalApplication", officialApp)
	s.root.refused(ims, "ListApplicationAssignments", officialApp, 404, "EntityNotExist.Application")
	s.root.must(ims, "ProvisionExternalApplication", officialApp)
	s.root.must(ims, "ListApplicationAssignments", officialApp).
		mustEqual(t, `{"IsTruncated":false,"ApplicationAssignments":{"ApplicationAssignment":[]}}`)
}

func TestAssignmentsEndWithTheirIdentity(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ims, "ProvisionExternalApplication", officialApp)
	s.root.createRole("ops", trustAccount1)
	s.root.must(ram, "CreateUser", params{"UserName": "alice"})
	s.root.must(ims, "CreateApplicationAssignment", toAlice)
	s.root.must(ims, "CreateApplicationAssignment", toOps)
	s.root.must(ram, "DeleteUser", params{"UserName": "alice"})
	s.root.must(ram, "DeleteRole", params{"RoleName": "ops"})
	s.root.must(ims, "ListApplicationAssignments", officialApp).
		mustEqual(t, `{"IsTruncated":false,"ApplicationAssignments":{"ApplicationAssignment":[]}}`)
}

func TestAssignmentRefusals(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{ForeignApplications: map[string]string{"4000000000000000001": "reports"}})
	s.root.must(ims, "ProvisionExternalApplication", officialApp)
	s.root.must(ims, "ProvisionExternalApplication", params{"AppId": "4000000000000000001"})
	s.root.must(ram, "CreateUser", params{"UserName": "alice"})
	s.root.must(ram, "CreateGroup", params{"GroupName": "devs"})
	for _, test := range []struct {
		name   string
		params params
		status int
		code   string
	}{
		{"group", officialApp.with("PrincipalName", "devs").with("PrincipalType", "group"), 400, "InvalidParameter.PrincipalType"},
		{"type in upper case", toAlice.with("PrincipalType", "User"), 400, "InvalidParameter.PrincipalType"},
		{"no type", officialApp.with("PrincipalName", "alice"), 400, "MissingPrincipalType"},
		{"no name", officialApp.with("PrincipalType", "user"), 400, "MissingPrincipalName"},
		{"no application", toAlice.with("AppId", ""), 400, "MissingAppId"},
		{"application not installed", toAlice.with("AppId", OfficialCLIINTL), 404, "EntityNotExist.Application"},
		{"application open to all", toAlice.with("AppId", "4000000000000000001"), 400, "InvalidParameter.AppId"},
		{"bare user name", toAlice.with("PrincipalName", "alice"), 404, "EntityNotExist.User"},
		{"unknown user", toAlice.with("PrincipalName", "bob@1000000000000001.onaliyun.com"), 404, "EntityNotExist.User"},
		{"user of another account", toAlice.with("PrincipalName", "alice@1000000000000002.onaliyun.com"), 404, "EntityNotExist.User"},
		{"unknown role", toOps, 404, "EntityNotExist.Role"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s.root.in(t).refused(ims, "CreateApplicationAssignment", test.params, test.status, test.code)
		})
	}
}

func TestYoungIdentitiesAndApplicationsAreNotAssigned(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{Lag: time.Second})
	s.root.must(ims, "ProvisionExternalApplication", officialApp)
	s.root.must(ram, "CreateUser", params{"UserName": "alice"})
	s.root.createRole("ops", trustAccount1)
	s.root.refused(ims, "CreateApplicationAssignment", toAlice, 404, "EntityNotExist.User")
	s.root.refused(ims, "CreateApplicationAssignment", toOps, 404, "EntityNotExist.Role")
	s.clock.Advance(2 * time.Second)
	s.root.must(ims, "CreateApplicationAssignment", toAlice)
	s.root.must(ims, "CreateApplicationAssignment", toOps)

	s.root.must(ims, "ProvisionExternalApplication", params{"AppId": OfficialCLIINTL})
	s.root.refused(ims, "CreateApplicationAssignment", toAlice.with("AppId", OfficialCLIINTL), 404, "EntityNotExist.Application")
	s.clock.Advance(2 * time.Second)
	s.root.must(ims, "CreateApplicationAssignment", toAlice.with("AppId", OfficialCLIINTL))
}
