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
	made := create(t, p, policy(nil))
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
	requireSettled(t, env, changed, config)
}

func TestPolicy_anUnknownDocument(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := create(t, p, policy(nil))
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
		requireSettled(t, env, applied, config)
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
			object := create(t, p, policy(attributes{"keep_versions": test.keep}))
			var config attributes
			for i := range 7 {
				config = policy(attributes{"keep_versions": test.keep, "policy_document": allowing(fmt.Sprintf("ecs:Get%d", i))})
				object = apply(t, p, object, config)
			}
			requireVersions(t, env, test.want...)
			requireSettled(t, env, object, config)
		})
	}
}

func TestPolicy_keepingFewerPrunesAtOnce(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	object := create(t, p, policy(nil))
	for i := range 3 {
		object = apply(t, p, object, policy(attributes{"policy_document": allowing(fmt.Sprintf("ecs:Get%d", i))}))
	}
	config := policy(attributes{"policy_document": allowing("ecs:Get2"), "keep_versions": 2})
	planned := p.Plan("ram_policy", object, config)
	if got := p.Attributes(planned.Value)["default_version"]; got != "v4" {
		t.Errorf("default_version is planned as %v, want v4: the document does not change", got)
	}
	object = apply(t, p, object, config)
	requireVersions(t, env, "v3", "v4*")
	requireSettled(t, env, object, config)
}

func TestPolicy_anotherDefaultVersionIsDrift(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	config := policy(attributes{"policy_document": allowing("ecs:*")})
	object := apply(t, p, create(t, p, policy(nil)), config)
	env.Clock.Advance(settled)
	must(t, env.Client.SetDefaultPolicyVersion(t.Context(), "demo", "v1"))

	read := refresh(t, p, object)
	if got := p.Attributes(read.Value); got["default_version"] != "v1" || got["policy_document"] != allowSpaced {
		t.Errorf("the version that somebody put in force does not show: %v", got)
	}
	requireSettled(t, env, apply(t, p, read, config), config)
	requireVersions(t, env, "v1", "v2", "v3*")
}
