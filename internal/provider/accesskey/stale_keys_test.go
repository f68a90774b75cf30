package accesskey_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// TestAccAccessKeysData_stale runs the example of stale keys on day 200. build has one
// key since day 0 and another that is disabled, deploy has used its own on day 150, and
// that of report is as young.
func TestAccAccessKeysData_stale(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../examples/data-sources/ram_access_keys/data-source-stale.tf")
	acctest.Must(t, err)
	env := acctest.New(t)
	day := func(n int) string { return acctest.Start.AddDate(0, 0, n).Format(time.RFC3339) }
	hcl := env.Config(strings.ReplaceAll(string(text), "plantimestamp()", `"`+day(200)+`"`))

	var stale string
	makeKeys := func() {
		ctx := t.Context()
		made, err := env.Client.CreateAccessKey(ctx, env.PrincipalName("build"))
		acctest.Must(t, err)
		stale = made.AccessKeyID
		disabled, err := env.Client.CreateAccessKey(ctx, env.PrincipalName("build"))
		acctest.Must(t, err)
		ref := ramclient.AccessKeyRef{UserPrincipalName: env.PrincipalName("build"), AccessKeyID: disabled.AccessKeyID}
		acctest.Must(t, env.Client.UpdateAccessKey(ctx, ref, ramclient.AccessKeyInactive))
		used, err := env.Client.CreateAccessKey(ctx, env.PrincipalName("deploy"))
		acctest.Must(t, err)
		env.Clock.Advance(150 * 24 * time.Hour)
		_, err = env.ClientFor(acctest.Key{ID: used.AccessKeyID, Secret: used.AccessKeySecret.Reveal()}).GetCallerIdentity(ctx)
		acctest.Must(t, err)
		_, err = env.Client.CreateAccessKey(ctx, env.PrincipalName("report"))
		acctest.Must(t, err)
		env.Clock.Advance(50 * 24 * time.Hour)
	}
	deleteKeys := func() {
		for _, name := range []string{"build", "deploy", "report"} {
			keys, err := env.Client.ListAccessKeys(t.Context(), env.PrincipalName(name))
			acctest.Must(t, err)
			for _, key := range keys {
				ref := ramclient.AccessKeyRef{UserPrincipalName: env.PrincipalName(name), AccessKeyID: key.AccessKeyID}
				acctest.Must(t, env.Client.DeleteAccessKey(t.Context(), ref))
			}
		}
	}
	isStale := knownvalue.StringFunc(func(got string) error {
		if want := stale + " of build"; got != want {
			return fmt.Errorf("got %q, want %q", got, want)
		}
		return nil
	})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{Config: hcl, ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("stale", knownvalue.ListExact(nil)),
			}},
			{PreConfig: makeKeys, Config: hcl, ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("stale", knownvalue.ListExact([]knownvalue.Check{isStale})),
			}},
			// The package's own destroy at the end does not know for_each.
			{PreConfig: deleteKeys, Config: env.Config("")},
		},
	})
}
