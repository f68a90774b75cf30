package emulator

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

func externalApplicationOperations() []*operation {
	return []*operation{
		define(ims, "ProvisionExternalApplication", write, nil, provisionApplication),
		define(ims, "GetExternalApplication", read, nil, getExternalApplication),
		define(ims, "ListExternalApplications", read, nil, listExternalApplications),
		define(ims, "DeprovisionExternalApplication", write, nil, deprovisionApplication),
	}
}

// Client ids of official-cli, which are its application ids too (assumption
// "official-cli"): of the China site and of the international one.
const (
	OfficialCLICN   = "4038181954557748008"
	OfficialCLIINTL = "4103531455503354461"
)

// The scopes that official-cli asks for: who the person is, and credentials of theirs.
const (
	scopeOpenID = "openid"
	scopeSTS    = "/internal/ram/usersts"
)

// foreignApplication is an application of somebody else that an account may install.
type foreignApplication struct {
	name     string
	official bool // only identities assigned to it may use it
	scopes   []string
}

var officialCLI = foreignApplication{name: "official-cli", official: true, scopes: []string{scopeOpenID, scopeSTS}}

// foreign finds an application by id: an official one, or one of the configuration.
func (c *call) foreign(appID string) (foreignApplication, *apiError) {
	if appID == OfficialCLICN || appID == OfficialCLIINTL {
		return officialCLI, nil
	}
	if name := c.config.ForeignApplications[appID]; name != "" {
		return foreignApplication{name: name, scopes: []string{scopeOpenID, "aliuid", "profile"}}, nil
	}
	return foreignApplication{}, errNoApplication(appID)
}

func errNoApplication(appID string) *apiError {
	return notExist("Application", "The application does not exist: %s.", appID)
}

// scopeDescriptions are those of the page "OAuth for Alibaba Cloud CLI" and of
// ListPredefinedScopes, in fewer words.
var scopeDescriptions = map[string]string{
	scopeOpenID: "The OpenID of the user.", scopeSTS: "STS credentials to call APIs as the user.",
	"aliuid": "The user and account ids.", "profile": "The user's names.",
}

type appIDParam struct {
	AppID string `param:"AppId,required"`
}

// find finds an installed application.
func (in appIDParam) find(c *call) (*externalApplication, *apiError) {
	if app := c.account.Applications[in.AppID]; app != nil {
		return app, nil
	}
	return nil, errNoApplication(in.AppID)
}

type provisionInput struct {
	appIDParam
	Scopes *string
}

// provisionApplication installs an application, with all its scopes unless some are
// given (assumption "application-scopes").
func provisionApplication(c *call, in provisionInput) (answer, *apiError) {
	foreign, refused := c.foreign(in.AppID)
	if refused != nil {
		return nil, refused
	}
	scopes := foreign.scopes
	if in.Scopes != nil && *in.Scopes != "" {
		scopes = strings.Split(*in.Scopes, ";")
	}
	for _, scope := range scopes {
		if !slices.Contains(foreign.scopes, scope) {
			return nil, invalidParameter("Scopes", "The application %s has no scope %q.", foreign.name, scope)
		}
	}
	if c.account.Applications[in.AppID] != nil {
		return nil, alreadyExists("Application", "The application is installed already: %s.", in.AppID)
	}
	app := &externalApplication{
		ID: in.AppID, Name: foreign.name, Scopes: scopes, Created: c.now, Updated: c.now, Assignments: map[string]assignment{},
	}
	c.account.Applications[app.ID] = app
	return answer{"ExternalApplication": c.applicationView(app)}, nil
}

func getExternalApplication(c *call, in appIDParam) (answer, *apiError) {
	app, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	return answer{"ExternalApplication": c.applicationView(app)}, nil
}

func listExternalApplications(c *call, _ none) (answer, *apiError) {
	out := listed("ExternalApplications", "ExternalApplication", inOrder(c.account.Applications),
		func(app *externalApplication) any { return c.applicationView(app) })
	out["IsTruncated"] = false
	return out, nil
}

// deprovisionApplication removes an application with its assignments and ends every
// login through it (assumption "deprovision").
func deprovisionApplication(c *call, in appIDParam) (answer, *apiError) {
	app, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	delete(c.account.Applications, app.ID)
	c.endLogins(func(login *oauthLogin) bool { return login.AppID == app.ID && login.Who.AccountID == c.account.ID })
	return answer{}, nil
}

func (c *call) applicationView(app *externalApplication) map[string]any {
	scopes := []any{}
	for _, scope := range app.Scopes {
		scopes = append(scopes, map[string]any{"Name": scope, "Description": scopeDescriptions[scope]})
	}
	return map[string]any{
		"ForeignAppId": app.ID, "DisplayName": app.Name, "TenantId": c.account.ID,
		"AppPrincipalName": app.Name + "@app." + c.account.ID + domainSuffix,
		"DelegatedScope":   map[string]any{"PredefinedScopes": map[string]any{"PredefinedScope": scopes}},
		"CreateDate":       milliseconds(app.Created), "UpdateDate": milliseconds(app.Updated),
	}
}

// milliseconds is how some answers of IMS spell a time: as text, since 1970.
func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
