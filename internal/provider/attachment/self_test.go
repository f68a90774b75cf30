package attachment_test

import (
	"strings"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
)

const administrator = "AdministratorAccess"

func TestAttachment_warnsOfHighRisk(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	makeUser(t, env)
	risky := attributes{"user_name": "demo", "policy_name": administrator}
	p := env.Protocol(t, nil)
	planned := p.Plan("ram_user_policy_attachment", acctest.Object{}, risky)
	if warnings := planned.Diagnostics.Warnings(); len(warnings) != 1 || !strings.Contains(warnings[0], administrator) {
		t.Errorf("got %q, want one warning", warnings)
	}
	made, _ := p.Apply(planned)
	if warnings := p.Plan("ram_user_policy_attachment", made, risky).Diagnostics.Warnings(); len(warnings) > 0 {
		t.Errorf("what stays as it is: %q", warnings)
	}
}

func TestAttachment_refusesToDisarmItself(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	own := attributes{"user_name": "terraform", "policy_name": administrator}
	made := p.MustCreate("ram_user_policy_attachment", own)
	want := `Refusing to detach policy "AdministratorAccess" (System) from RAM user "terraform"`
	another := attributes{"user_name": "terraform", "policy_name": oss}
	for what, config := range map[string]attributes{"destroy": nil, "replace": another} {
		if errs := p.Plan("ram_user_policy_attachment", made, config).Diagnostics.Errors(); len(errs) != 1 || !strings.Contains(errs[0], want) {
			t.Errorf("%s: %q", what, errs)
		}
	}
	env.Protocol(t, attributes{"allow_self_change": true}).MustDestroy(made)
	requireFree(t, env)
}

// requireFree fails the test if the user terraform has the policy still.
func requireFree(t *testing.T, env *acctest.Env) {
	t.Helper()
	attached, err := env.Client.ListPoliciesForUser(t.Context(), "terraform")
	acctest.Must(t, err)
	if len(attached) > 0 {
		t.Errorf("still attached: %v", attached)
	}
}
