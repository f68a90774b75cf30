package application

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type externalApplicationModel struct {
	App           types.String `tfsdk:"app"`
	Site          types.String `tfsdk:"site"`
	AppID         types.String `tfsdk:"app_id"`
	Scopes        types.Set    `tfsdk:"scopes"`
	AdoptExisting types.Bool   `tfsdk:"adopt_existing"`
	OnDestroy     types.String `tfsdk:"on_destroy"`

	DisplayName      types.String `tfsdk:"display_name"`
	AppPrincipalName types.String `tfsdk:"app_principal_name"`
	LoginCommand     types.String `tfsdk:"login_command"`
	CreateDate       types.String `tfsdk:"create_date"`
	AccountID        types.String `tfsdk:"account_id"`
}

type externalApplicationIdentity struct {
	AppID     types.String `tfsdk:"app_id"`
	AccountID types.String `tfsdk:"account_id"`
}

func (m externalApplicationModel) identity() externalApplicationIdentity {
	return externalApplicationIdentity{AppID: m.AppID, AccountID: m.AccountID}
}

// keepsInstalled says whether a destroy leaves the application in the account.
func (m externalApplicationModel) keepsInstalled() bool { return m.OnDestroy.ValueString() == retain }

// removal is the end of the application, as connection.RefuseOnSelf judges it.
func (m externalApplicationModel) removal() connection.Change {
	return connection.Change{What: "remove " + object(m.AppID.ValueString()), AccountID: m.AccountID.ValueString(), AppID: m.AppID.ValueString()}
}

// isAsPlanned says whether the service shows what was planned; an answer that does not
// speak of scopes contradicts nothing.
func (m externalApplicationModel) isAsPlanned(app ramclient.ExternalApplication) bool {
	return m.Scopes.IsUnknown() || m.Scopes.IsNull() || app.Scopes == nil || slices.Equal(texts(m.Scopes), texts(scopeSet(app.Scopes)))
}

// fromAPI takes over what the service says.
func (m *externalApplicationModel) fromAPI(app ramclient.ExternalApplication, accountID string) {
	m.App, m.Site, m.LoginCommand = official(app.AppID)
	m.AppID = types.StringValue(app.AppID)
	if app.Scopes != nil || m.Scopes.IsUnknown() || m.Scopes.IsNull() {
		m.Scopes = scopeSet(app.Scopes)
	}
	m.DisplayName = schemakit.StringOrNull(app.DisplayName)
	m.AppPrincipalName = schemakit.StringOrNull(app.AppPrincipalName)
	m.CreateDate = types.StringValue(app.CreateDate.Format(time.RFC3339))
	m.AccountID = types.StringValue(accountID)
}

// official is what the id of the Alibaba Cloud CLI's application says by itself; null for
// every other application. The profile of the command has the name that the vendor's page
// "OAuth for Alibaba Cloud CLI" recommends: without one, it would change the default
// profile.
func official(appID string) (app, site, loginCommand types.String) {
	at := auth.OAuthSite(appID)
	if at == "" {
		return types.StringNull(), types.StringNull(), types.StringNull()
	}
	return types.StringValue(officialCLI), types.StringValue(at),
		types.StringValue("aliyun configure --profile OAuthProfile --mode OAuth --oauth-site-type " + at)
}

// object says in words which application is meant.
func object(appID string) string {
	if site := auth.OAuthSite(appID); site != "" {
		return fmt.Sprintf("OAuth application %s (%s)", officialCLI, site)
	}
	return "OAuth application " + appID
}

func scopeSet(scopes ramclient.ApplicationScopes) types.Set {
	names := []attr.Value{}
	for _, scope := range scopes {
		names = append(names, types.StringValue(scope.Name))
	}
	return types.SetValueMust(types.StringType, names)
}

// texts are the elements of a set of strings, sorted.
func texts(set types.Set) []string {
	var all []string
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok {
			all = append(all, text.ValueString())
		}
	}
	slices.Sort(all)
	return all
}

// quoted is a list as HCL writes it.
func quoted(words []string) string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = fmt.Sprintf("%q", word)
	}
	return "[" + strings.Join(all, ", ") + "]"
}
