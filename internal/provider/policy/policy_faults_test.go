package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// lostAnswers are the ways in which a request's fate stays unknown.
func lostAnswers() map[string]emulator.Fault {
	return map[string]emulator.Fault{
		"reset after commit": emulator.CommitThenReset(), "500 after commit": emulator.CommitThen500(),
		"reset before": emulator.ResetBefore(), "HTML": emulator.HTML502(),
		"empty": emulator.EmptyBody(), "truncated": emulator.TruncatedBody(),
	}
}

func TestPolicy_lostAnswerOfTheCreate(t *testing.T) {
	t.Parallel()
	for name, fault := range lostAnswers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			env.Emulator.Fail("CreatePolicy", fault)
			config := policy(attributes{"description": "d", "tags": map[string]string{"team": "a"}})
			env.RequireSettled(t, env.Protocol(t, nil).MustCreate("ram_policy", config), config)
		})
	}
}

func TestPolicy_lostAnswerOfTheUpdate(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"CreatePolicyVersion", "UpdatePolicyDescription", "TagResources", "UntagResources", "DeletePolicyVersion"} {
		for name, fault := range lostAnswers() {
			t.Run(operation+", "+name, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				p := env.Protocol(t, nil)
				made := p.MustCreate("ram_policy", policy(attributes{"keep_versions": 1, "tags": map[string]string{"old": "1"}}))
				env.Emulator.Fail(operation, fault)
				config := policy(attributes{
					"keep_versions": 1, "policy_document": allowing("ecs:*"), "description": "d", "tags": map[string]string{"new": "1"},
				})
				changed := p.MustApply("ram_policy", made, config)
				env.RequireSettled(t, changed, config)
				requireVersions(t, env, "v2*")
				if got := p.Attributes(changed.Value)["default_version"]; got != "v2" {
					t.Errorf("default_version is %v, want v2", got)
				}
			})
		}
	}
}

func TestPolicy_lostAnswersTwice(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		faults  []emulator.Fault
		succeed bool
	}{
		"lost before, then after acting": {[]emulator.Fault{emulator.ResetBefore(), emulator.CommitThenReset()}, true},
		"lost before both times":         {[]emulator.Fault{emulator.ResetBefore(), emulator.ResetBefore()}, false},
		"then refused":                   {[]emulator.Fault{emulator.ResetBefore(), emulator.Refuse(403, "NoPermission", "no")}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			p := env.Protocol(t, nil)
			made := p.MustCreate("ram_policy", policy(nil))
			env.Emulator.Fail("CreatePolicyVersion", test.faults...)
			config := policy(attributes{"policy_document": allowing("ecs:*"), "description": "d"})
			object, diags := p.Apply(p.Plan("ram_policy", made, config))
			if diags.HasError() == test.succeed {
				t.Errorf("got %q, want success: %t", diags.Errors(), test.succeed)
			}
			if !test.succeed {
				requireVersions(t, env, "v1*")
				if got := p.Attributes(object.Value); got["default_version"] != "v1" || got["policy_document"] != allowSpaced {
					t.Errorf("the state says that more was done than was: %v", got)
				}
				object = p.MustApply("ram_policy", object, config)
			}
			env.RequireSettled(t, object, config)
			requireVersions(t, env, "v1", "v2*")
		})
	}
}

func TestPolicy_anEqualVersionIsPutInForce(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault emulator.Fault
		want  []string
		calls int
	}{
		"the request did not act":         {emulator.ResetBefore(), []string{"v1", "v2*"}, 1},
		"the request made one of its own": {emulator.CommitThenReset(), []string{"v1", "v2", "v3*"}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			p := env.Protocol(t, nil)
			made := p.MustCreate("ram_policy", policy(nil))
			_, err := env.Client.CreatePolicyVersion(t.Context(), ramclient.CreatePolicyVersionInput{PolicyName: "demo", PolicyDocument: allowing("ecs:*")})
			acctest.Must(t, err)
			env.Emulator.Fail("CreatePolicyVersion", test.fault)

			config := policy(attributes{"policy_document": allowing("ecs:*")})
			env.RequireSettled(t, p.MustApply("ram_policy", made, config), config)
			requireVersions(t, env, test.want...)
			if got := env.Emulator.Count("SetDefaultPolicyVersion"); got != test.calls {
				t.Errorf("SetDefaultPolicyVersion was called %d times, want %d", got, test.calls)
			}
		})
	}
}

func TestPolicy_lostAnswerOfTheDelete(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"DeletePolicy", "DetachPolicyFromUser"} {
		for name, fault := range lostAnswers() {
			t.Run(operation+", "+name, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				p := env.Protocol(t, nil)
				made := p.MustCreate("ram_policy", policy(attributes{"force_destroy": true}))
				attachToUser(t, env, "")
				env.Emulator.Fail(operation, fault)
				if left, diags := p.Apply(p.Plan("ram_policy", made, nil)); diags.HasError() || left.Exists() {
					t.Errorf("got %q, still in state: %t", diags.Errors(), left.Exists())
				}
				if _, err := env.Client.GetPolicy(t.Context(), ref); !ramclient.IsNotFound(err) {
					t.Errorf("the policy is still there: %v", err)
				}
			})
		}
	}
}

// What was done before a failure is in state, so that the next apply goes on from there.
func TestPolicy_interruptedUpdate(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_policy", policy(nil))
	config := policy(attributes{"policy_document": allowing("ecs:*"), "description": "d", "tags": map[string]string{"team": "a"}})
	env.Emulator.Fail("TagResources", emulator.Refuse(403, "NoPermission", "not yet"))
	half, diags := p.Apply(p.Plan("ram_policy", made, config))
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "Cannot change the tags") {
		t.Fatalf("got %q", errs)
	}
	got := p.Attributes(half.Value)
	if got["description"] != "d" || got["default_version"] != "v2" || got["tags"] != nil {
		t.Errorf("the state is not what was done: %v", got)
	}
	env.RequireSettled(t, p.MustApply("ram_policy", half, config), config)
	requireVersions(t, env, "v1", "v2*")
}

func TestPolicy_lagOfASecond(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	config := policy(attributes{"keep_versions": 1, "tags": map[string]string{"team": "a"}})
	object := env.Protocol(t, nil).MustCreate("ram_policy", config)
	env.RequireSettled(t, object, config)
	for i := range 3 {
		config = policy(attributes{"keep_versions": 1, "policy_document": allowing(fmt.Sprintf("ecs:Get%d", i)), "description": fmt.Sprint(i)})
		object = env.Protocol(t, nil).MustApply("ram_policy", object, config)
		env.RequireSettled(t, object, config)
	}
	env.Clock.Advance(settled)
	requireVersions(t, env, "v4*")
}

func TestPolicy_lostAnswerUnderLag(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	p := env.Protocol(t, nil)
	env.Emulator.Fail("CreatePolicy", emulator.CommitThenReset())
	env.Emulator.Fail("CreatePolicyVersion", emulator.CommitThenReset())
	made := p.MustCreate("ram_policy", policy(nil))
	config := policy(attributes{"policy_document": allowing("ecs:*")})
	env.RequireSettled(t, p.MustApply("ram_policy", made, config), config)
	env.Clock.Advance(settled)
	requireVersions(t, env, "v1", "v2*")
}
