package application_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/application"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
)

// readAllowed reads a data source with exactly the permissions that it declares.
func readAllowed(t *testing.T, env *acctest.Env, source datasource.DataSource, dataType string, config attributes) (attributes, acctest.Diagnostics) {
	t.Helper()
	key := env.Allowed(t, "reader", source.(permission.Declarer).Permissions().Read...)
	return env.Protocol(t, attributes{"access_key_id": key.ID, "access_key_secret": key.Secret}).ReadData(dataType, config)
}

func TestExternalApplicationDataSource(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	install(t, env)
	got, diags := readAllowed(t, env, application.NewExternalDataSource(), applicationType, cli)
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	want := attributes{
		"app": "official-cli", "site": "CN", "app_id": emulator.OfficialCLICN, "scopes": got["scopes"],
		"display_name":       "official-cli",
		"app_principal_name": "official-cli@app." + env.AccountID + ".onaliyun.com",
		"login_command":      "aliyun configure --profile OAuthProfile --mode OAuth --oauth-site-type CN",
		"create_date":        "2026-01-02T03:04:05Z", "account_id": env.AccountID,
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got["scopes"].([]any)) != 2 {
		t.Errorf("two scopes, and (-want +got):\n%s", diff)
	}

	p := env.Protocol(t, nil)
	byID, diags := p.ReadData(applicationType, attributes{"app_id": emulator.OfficialCLICN})
	if diff := cmp.Diff(got, byID); diff != "" {
		t.Errorf("by id (-by name +by id), %q:\n%s", diags.Errors(), diff)
	}
	_, diags = p.ReadData(applicationType, attributes{"app": "official-cli"})
	requireOne(t, "without a site", diags.Errors(), "The site is not known")
	_, diags = p.ReadData(applicationType, attributes{"app": "official-cli", "site": "INTL"})
	requireOne(t, "one that is not installed", diags.Errors(), "Cannot read OAuth application official-cli (INTL)", "EntityNotExist.Application", "install")
	fromLogin, diags := env.Protocol(t, loggedIn(t, env, "root")).ReadData(applicationType, attributes{"app": "official-cli"})
	if fromLogin["site"] != "CN" {
		t.Errorf("logged in at the China site, got %v, %q", fromLogin, diags.Errors())
	}
}

func TestExternalApplicationsDataSource(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, withReports)
	p := env.Protocol(t, nil)
	none, diags := p.ReadData("ram_external_applications", attributes{})
	if diff := cmp.Diff(attributes{"applications": []any{}, "account_id": env.AccountID}, none); diff != "" {
		t.Errorf("with none installed, %q (-want +got):\n%s", diags.Errors(), diff)
	}
	p.MustCreate(applicationType, cli)
	p.MustCreate(applicationType, attributes{"app_id": reports})
	got, diags := readAllowed(t, env, application.NewExternalsDataSource(), "ram_external_applications", attributes{})
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	names := map[any]any{}
	for _, one := range got["applications"].([]any) {
		app := one.(attributes)
		names[app["display_name"]] = app["site"]
	}
	if diff := cmp.Diff(map[any]any{"official-cli": "CN", "reports": nil}, names); diff != "" {
		t.Errorf("names and sites (-want +got):\n%s", diff)
	}
}

func TestApplicationAssignmentsDataSource(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.PageSize = 1 })
	populate(t, env)
	p := env.Protocol(t, nil)
	p.MustCreate(assignmentType, toAlice)
	p.MustCreate(assignmentType, toOps)
	got, diags := readAllowed(t, env, application.NewAssignmentsDataSource(), "ram_application_assignments", attributes{"app_id": emulator.OfficialCLICN})
	want := attributes{"app_id": emulator.OfficialCLICN, "account_id": env.AccountID, "assignments": []any{
		attributes{"principal_type": "role", "principal_name": "ops"}, attributes{"principal_type": "user", "principal_name": "alice"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q (-want +got):\n%s", diags.Errors(), diff)
	}
	_, diags = p.ReadData("ram_application_assignments", attributes{"app_id": reports})
	requireOne(t, "an application that is not installed", diags.Errors(), "Cannot list the assignments of OAuth application "+reports)
}
