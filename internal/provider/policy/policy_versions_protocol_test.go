package policy_test

import (
	"fmt"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
)

func TestPolicy_aChangedDocumentIsANewVersion(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_policy", policy(nil))
	config := policy(attributes{"policy_document": allowing("ecs:*")})
	planned := p.Plan("ram_policy", made, config)
	if got := p.Attributes(planned.Value)["default_version"]; got != acctest.Unknown {
		t.Errorf("the plan says that the version in force will be %v, want unknown", got)
	}
	changed, diags := p.Apply(planned)
	if got := p.Attributes(changed.Value)["default_version"]; diags.HasError() || got != "v2" {
		t.Errorf("the version in force is %v (%q), want v2", got, diags.Errors())
	}
	requireVersions(t, env, "v1", "v2*")
	env.RequireSettled(t, changed, config)
}

func TestPolicy_anUnknownDocument(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_policy", policy(nil))
	for _, text := range []string{allowSpaced, allowCompact, allowing("ecs:*")} {
		planned := p.Plan("ram_policy", made, policy(attributes{"policy_document": acctest.Unknown}))
		if got := p.Attributes(planned.Value)["default_version"]; got != acctest.Unknown {
			t.Errorf("default_version is planned as %v, want unknown", got)
		}
		config := policy(attributes{"policy_document": text})
		applied, diags := p.Apply(p.Resolve(planned, config))
		if diags.HasError() {
			t.Fatal(diags.Errors())
		}
		env.RequireSettled(t, applied, config)
	}
	requireVersions(t, env, "v1", "v2*")
}

func TestPolicy_oldVersionsArePruned(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keep any
		want []string
	}{
		"by default all that the service keeps": {nil, []string{"v4", "v5", "v6", "v7", "v8*"}},
		"five":                                  {5, []string{"v4", "v5", "v6", "v7", "v8*"}},
		"two":                                   {2, []string{"v7", "v8*"}},
		"only the one in force":                 {1, []string{"v8*"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			p := env.Protocol(t, nil)
			object := p.MustCreate("ram_policy", policy(attributes{"keep_versions": test.keep}))
			var config attributes
			for i := range 7 {
				config = policy(attributes{"keep_versions": test.keep, "policy_document": allowing(fmt.Sprintf("ecs:Get%d", i))})
				object = p.MustApply("ram_policy", object, config)
			}
			requireVersions(t, env, test.want...)
			env.RequireSettled(t, object, config)
		})
	}
}

func TestPolicy_keepingFewerPrunesAtOnce(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	object := p.MustCreate("ram_policy", policy(nil))
	for i := range 3 {
		object = p.MustApply("ram_policy", object, policy(attributes{"policy_document": allowing(fmt.Sprintf("ecs:Get%d", i))}))
	}
	config := policy(attributes{"policy_document": allowing("ecs:Get2"), "keep_versions": 2})
	planned := p.Plan("ram_policy", object, config)
	if got := p.Attributes(planned.Value)["default_version"]; got != "v4" {
		t.Errorf("default_version is planned as %v, want v4: the document does not change", got)
	}
	object = p.MustApply("ram_policy", object, config)
	requireVersions(t, env, "v3", "v4*")
	env.RequireSettled(t, object, config)
}

func TestPolicy_anotherDefaultVersionIsDrift(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	config := policy(attributes{"policy_document": allowing("ecs:*")})
	object := p.MustApply("ram_policy", p.MustCreate("ram_policy", policy(nil)), config)
	env.Clock.Advance(settled)
	acctest.Must(t, env.Client.SetDefaultPolicyVersion(t.Context(), "demo", "v1"))

	read := p.MustRead(object)
	if got := p.Attributes(read.Value); got["default_version"] != "v1" || got["policy_document"] != allowSpaced {
		t.Errorf("the version that somebody put in force does not show: %v", got)
	}
	env.RequireSettled(t, p.MustApply("ram_policy", read, config), config)
	requireVersions(t, env, "v1", "v2", "v3*")
}
