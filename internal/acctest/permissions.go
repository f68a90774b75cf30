package acctest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// Allowed is the key of a new user who may call these operations and nothing else.
func (e *Env) Allowed(t testing.TB, userName string, operations ...rpc.Operation) Key {
	t.Helper()
	key := e.UserKey(t, userName)
	var actions []string
	for _, operation := range operations {
		if action := operation.Permission(); action != "" && !slices.Contains(actions, action) {
			actions = append(actions, action)
		}
	}
	if len(actions) == 0 {
		return key
	}
	document, err := json.Marshal(map[string]any{
		"Version":   "1",
		"Statement": []any{map[string]any{"Effect": "Allow", "Action": actions, "Resource": "*"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if _, err := e.Client.CreatePolicy(ctx, ramclient.CreatePolicyInput{PolicyName: userName, PolicyDocument: string(document)}); err != nil {
		t.Fatal(err)
	}
	e.Clock.Advance(e.lag)
	err = e.Client.AttachPolicyToUser(ctx, ramclient.UserPolicy{UserName: userName, PolicyName: userName, PolicyType: ramclient.PolicyCustom})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// A Life is one resource from its birth to its end, as the permission and fault tests
// lead it.
type Life struct {
	// Type of the resource, such as "ram_role".
	Type string
	// Permissions are those that the resource declares.
	Permissions permission.Table
	// Prepare makes what the resource needs around it. It may be nil.
	Prepare func(t testing.TB, e *Env)
	// Given makes what only the service can name, such as an AccessKey, and returns the
	// arguments that name it, for Create and Update alike. It may be nil.
	Given func(t testing.TB, e *Env) map[string]any
	// Burden hangs on the resource, once it is there, what its destruction has to deal
	// with. It may be nil.
	Burden func(t testing.TB, e *Env)
	// Create and Update are the configurations it has one after the other. Update may
	// be nil.
	Create, Update map[string]any
	// CreateFirst is create_before_destroy, for those whose update is a replacement. Only
	// RequireSurvivesKills heeds it.
	CreateFirst bool
}

// A step is a configuration that a life reaches; nil is the end.
type step struct {
	name   string
	config map[string]any
}

func (l Life) steps() []step {
	if l.Update == nil {
		return []step{{"create", l.Create}, {"destroy", nil}}
	}
	return []step{{"create", l.Create}, {"update", l.Update}, {"destroy", nil}}
}

// prepare makes what the resource needs around it, and adds what is given then.
func (l Life) prepare(t testing.TB, e *Env) Life {
	t.Helper()
	if l.Prepare != nil {
		l.Prepare(t, e)
	}
	if l.Given == nil {
		return l
	}
	given := l.Given(t, e)
	for _, config := range []*map[string]any{&l.Create, &l.Update} {
		if *config != nil {
			*config = maps.Clone(*config)
			maps.Copy(*config, given)
		}
	}
	return l
}

// Run leads the life and returns the first errors it meets, with the step they came in.
func (l Life) Run(p *Protocol) (step string, errs []string) {
	object := Object{}
	for _, next := range l.steps() {
		planned := p.Plan(l.Type, object, next.config)
		if planned.Diagnostics.HasError() {
			return "plan of the " + next.name, planned.Diagnostics.Errors()
		}
		applied, diags := p.Apply(planned)
		if diags.HasError() {
			return next.name, diags.Errors()
		}
		if next.config == nil {
			return "", nil
		}
		read, diags := p.Read(applied)
		if diags.HasError() {
			return "read after the " + next.name, diags.Errors()
		}
		if again := p.Plan(l.Type, read, next.config); !again.IsEmpty() {
			return "plan after the " + next.name, []string{fmt.Sprintf("not empty: %v", p.Attributes(again.Value))}
		}
		object = read
	}
	return "", nil
}

// RequireExactPermissions leads the life of a resource with exactly the permissions it
// declares, without its optional ones, and then once more without each of its writes:
// that must fail with one error that names what is missing.
func RequireExactPermissions(t *testing.T, life Life) {
	t.Helper()
	table := life.Permissions
	var needed []rpc.Operation
	for _, operation := range slices.Concat(table.Read, table.Create, table.Update, table.Delete) {
		if !slices.Contains(needed, operation) {
			needed = append(needed, operation)
		}
	}

	run := func(t *testing.T, operations []rpc.Operation) (string, []string) {
		t.Helper()
		env := New(t, WithResourceGroup)
		prepared := life.prepare(t, env)
		env.As(env.Allowed(t, "limited", operations...))
		return prepared.Run(env.Protocol(t, nil))
	}

	if step, errs := run(t, needed); len(errs) > 0 {
		t.Errorf("with exactly the declared permissions, %s fails: %q", step, errs)
	}
	for i, operation := range needed {
		if !operation.Mutates {
			continue
		}
		t.Run("without "+operation.Name, func(t *testing.T) {
			t.Parallel()
			without := slices.Delete(slices.Clone(needed), i, i+1)
			step, errs := run(t, without)
			if len(errs) != 1 || !containsAll(errs[0], operation.Permission(), "RequestId: ") {
				t.Errorf("%s ends with %q; want one error that names %s and the RequestId", orNothing(step), errs, operation.Permission())
			}
		})
	}
}

func containsAll(text string, parts ...string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

func orNothing(step string) string {
	if step == "" {
		return "nothing"
	}
	return step
}
