package provider_test

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type tags = map[string]string

func roleWith(own tags) attributes {
	config := maps.Clone(demoRole)
	if own != nil {
		config["tags"] = own
	}
	return config
}

func defaults(t tags) attributes { return attributes{"default_tags": attributes{"tags": t}} }

// applied applies the role's configuration under the provider's arguments, and checks
// that the plan after a refresh is empty.
func applied(t *testing.T, env *acctest.Env, arguments attributes, prior acctest.Object, own tags) (acctest.Object, attributes) {
	t.Helper()
	p := env.Protocol(t, arguments)
	if prior.Exists() {
		read, diags := p.Read(prior)
		if diags.HasError() {
			t.Fatal(diags.Errors())
		}
		prior = read
	}
	made, diags := p.Apply(p.Plan("ram_role", prior, roleWith(own)))
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	env.Clock.Advance(time.Minute)
	read, diags := env.Protocol(t, arguments).Read(made)
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	if again := p.Plan("ram_role", read, roleWith(own)); !again.IsEmpty() {
		t.Errorf("the plan after it is not empty: %v", p.Attributes(again.Value))
	}
	return read, p.Attributes(read.Value)
}

func onServer(t *testing.T, env *acctest.Env) tags {
	t.Helper()
	all, err := env.Client.ListTagResources(t.Context(), ramclient.TaggedRole, []string{"demo"})
	if err != nil {
		t.Fatal(err)
	}
	return all["demo"]
}

func tagsByDefault(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	_, got := applied(t, env, defaults(tags{"team": "a", "cost": "1"}), acctest.Object{}, tags{"team": "b"})
	want := attributes{"tags": attributes{"team": "b"}, "tags_all": attributes{"team": "b", "cost": "1"}}
	if diff := cmp.Diff(want, attributes{"tags": got["tags"], "tags_all": got["tags_all"]}); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(tags{"team": "b", "cost": "1"}, onServer(t, env)); diff != "" {
		t.Errorf("on the server (-want +got):\n%s", diff)
	}
}

func ignoresTags(t *testing.T) {
	t.Helper()
	env := acctest.New(t)
	ignore := attributes{"ignore_tags": attributes{"keys": []string{"audit"}, "key_prefixes": []string{"sys:"}}}
	made, _ := applied(t, env, ignore, acctest.Object{}, tags{"team": "a"})
	foreign := tags{"audit": "1", "sys:owner": "x"}
	if err := env.Client.TagResources(t.Context(), ramclient.TaggedRole, []string{"demo"}, foreign); err != nil {
		t.Fatal(err)
	}
	env.Clock.Advance(time.Minute)
	_, got := applied(t, env, ignore, made, tags{"team": "b"})
	if diff := cmp.Diff(attributes{"team": "b"}, got["tags_all"]); diff != "" {
		t.Errorf("tags_all (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(tags{"team": "b", "audit": "1", "sys:owner": "x"}, onServer(t, env)); diff != "" {
		t.Errorf("on the server (-want +got):\n%s", diff)
	}
}

// Tags that the service does not show yet, or still shows, are waited for.
func TestTags_underLag(t *testing.T) {
	t.Parallel()
	const document = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}]}`
	kinds := map[string]attributes{"ram_role": roleWith(nil), "ram_user": {"name": "demo"}, "ram_policy": {"name": "demo", "policy_document": document}}
	for resourceType, config := range kinds {
		for name, test := range map[string]struct{ before, after tags }{
			"the first tag":    {nil, tags{"team": "a"}},
			"another tag":      {tags{"team": "a"}, tags{"team": "a", "cost": "1"}},
			"another value":    {tags{"team": "a"}, tags{"team": "b"}},
			"one tag less":     {tags{"team": "a", "cost": "1"}, tags{"team": "a"}},
			"the last one off": {tags{"team": "a"}, nil},
		} {
			t.Run(resourceType+" "+name, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
				with := func(own tags) attributes {
					tagged := maps.Clone(config)
					if own != nil {
						tagged["tags"] = own
					}
					return tagged
				}
				made := env.Protocol(t, nil).MustCreate(resourceType, with(test.before))
				env.Clock.Advance(time.Minute)
				changed := env.Protocol(t, nil).MustApply(resourceType, made, with(test.after))
				env.RequireSettled(t, changed, with(test.after))
			})
		}
	}
}

// A tag that is written and ignored at once would be planned for ever.
func TestTags_writtenAndIgnored(t *testing.T) {
	t.Parallel()
	ignore := attributes{"ignore_tags": attributes{"keys": []string{"audit"}, "key_prefixes": []string{"sys:"}}}
	written := tags{"team": "a", "audit": "1", "sys:owner": "x"}
	policy := attributes{"name": "demo", "policy_document": `{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}]}`, "tags": written}
	for resourceType, config := range map[string]attributes{"ram_role": roleWith(written), "ram_user": {"name": "demo", "tags": written}, "ram_policy": policy} {
		t.Run(resourceType, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			errs := env.Protocol(t, ignore).Plan(resourceType, acctest.Object{}, config).Diagnostics.Errors()
			acctest.RequireOne(t, errs, "Tags are written and ignored", "audit, sys:owner", "ignore_tags")
		})
	}
}

func TestTags_samePairInBoth(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	same := defaults(tags{"team": "a"})
	made, got := applied(t, env, same, acctest.Object{}, tags{"team": "a"})
	if diff := cmp.Diff(attributes{"team": "a"}, got["tags"]); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	// Written by the resource no more: the default keeps the tag where it is.
	env.Emulator.ResetRequests()
	_, got = applied(t, env, same, made, nil)
	if got["tags"] != nil || env.Emulator.Count("UntagResources") > 0 {
		t.Errorf("tags is %v after %d removals, want null and none", got["tags"], env.Emulator.Count("UntagResources"))
	}
}

func TestTags_defaultRemoved(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made, _ := applied(t, env, defaults(tags{"team": "a", "cost": "1"}), acctest.Object{}, tags{"own": "1"})
	_, got := applied(t, env, defaults(tags{"team": "a"}), made, tags{"own": "1"})
	if diff := cmp.Diff(attributes{"own": "1", "team": "a"}, got["tags_all"]); diff != "" {
		t.Errorf("tags_all (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(tags{"own": "1", "team": "a"}, onServer(t, env)); diff != "" {
		t.Errorf("on the server (-want +got):\n%s", diff)
	}
}

func TestTags_unknownDefault(t *testing.T) {
	t.Parallel()
	for name, unknown := range map[string]attributes{
		"one value":   {"default_tags": attributes{"tags": attributes{"team": "a", "cost": acctest.Unknown}}},
		"all tags":    {"default_tags": attributes{"tags": acctest.Unknown}},
		"the setting": {"default_tags": acctest.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			made, _ := applied(t, env, defaults(tags{"team": "a", "cost": "1"}), acctest.Object{}, tags{"own": "1"})

			p := env.Protocol(t, unknown)
			read, diags := p.Read(made)
			if diags.HasError() {
				t.Fatalf("a refresh needs no default: %q", diags.Errors())
			}
			if diff := cmp.Diff(attributes{"own": "1"}, p.Attributes(read.Value)["tags"]); diff != "" {
				t.Errorf("tags (-want +got):\n%s", diff)
			}
			planned := p.Plan("ram_role", read, roleWith(tags{"own": "1"}))
			if got := p.Attributes(planned.Value); got["tags_all"] != any(acctest.Unknown) {
				t.Errorf("tags_all is planned as %v, want unknown", got["tags_all"])
			}
			_, got := applied(t, env, defaults(tags{"team": "a", "cost": "2"}), read, tags{"own": "1"})
			if diff := cmp.Diff(attributes{"own": "1", "team": "a", "cost": "2"}, got["tags_all"]); diff != "" {
				t.Errorf("tags_all (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAccTags_defaultKnownAfterApply(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	config := func(input string) string {
		return env.Config(`
resource "terraform_data" "cost" { input = "`+input+`" }
resource "ram_role" "test" {
  name                        = "demo"
  assume_role_policy_document = jsonencode(`+trusting(env.AccountID)+`)
  tags                        = { own = "1" }
}`, `default_tags = { tags = { cost = terraform_data.cost.output } }`)
	}
	all := func(cost string) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectKnownValue("ram_role.test", tfjsonpath.New("tags_all"), knownvalue.MapExact(
			map[string]knownvalue.Check{"own": knownvalue.StringExact("1"), "cost": knownvalue.StringExact(cost)}))}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{Config: config("1"), ConfigStateChecks: all("1")},
			{
				Config: config("2"), ConfigStateChecks: all("2"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction("ram_role.test", plancheck.ResourceActionUpdate),
					plancheck.ExpectUnknownValue("ram_role.test", tfjsonpath.New("tags_all")),
				}},
			},
		},
	})
}
