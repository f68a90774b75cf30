package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// atOnce runs work for 0 to n-1, ten at a time, as Terraform does.
func atOnce(n int, work func(i int)) {
	var wait sync.WaitGroup
	slots := make(chan struct{}, 10)
	for i := range n {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			work(i)
		})
	}
	wait.Wait()
}

// calls counts the requests since the last reset, by operation.
func calls(env *acctest.Env) string {
	counts := map[string]int{}
	for _, request := range env.Emulator.Requests() {
		counts[request.Operation]++
	}
	env.Emulator.ResetRequests()
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		lines = append(lines, fmt.Sprintf("%s %d", name, counts[name]))
	}
	return strings.Join(lines, "\n")
}

// crowd is a number of users with a key and two policies each.
type crowd struct {
	t       *testing.T
	env     *acctest.Env
	configs []crowdConfig
	objects []acctest.Object
}

type crowdConfig struct {
	typeName string
	config   map[string]any
}

func newCrowd(t *testing.T, users int) *crowd {
	t.Helper()
	c := &crowd{t: t, env: acctest.New(t)}
	for i := range users {
		name := fmt.Sprintf("user-%04d", i)
		c.configs = append(c.configs, crowdConfig{"ram_user", map[string]any{"name": name}})
	}
	for i := range users {
		name := fmt.Sprintf("user-%04d", i)
		c.configs = append(c.configs, crowdConfig{"ram_access_key", map[string]any{"user_name": name}})
		for _, policy := range []string{"AliyunOSSReadOnlyAccess", "AliyunECSReadOnlyAccess"} {
			c.configs = append(c.configs, crowdConfig{"ram_user_policy_attachment", map[string]any{"user_name": name, "policy_name": policy, "policy_type": "System"}})
		}
	}
	c.objects = make([]acctest.Object, len(c.configs))
	return c
}

// create plans everything in one process and applies it in another, users first.
func (c *crowd) create() {
	c.t.Helper()
	planning := c.env.Protocol(c.t, nil)
	c.usersFirst(func(i int) {
		planning.Plan(c.configs[i].typeName, acctest.Object{}, c.configs[i].config)
	})
	applying := c.env.Protocol(c.t, nil)
	c.usersFirst(func(i int) {
		c.objects[i] = applying.MustCreate(c.configs[i].typeName, c.configs[i].config)
	})
}

// usersFirst works on all users before anything of theirs, as Terraform does.
func (c *crowd) usersFirst(work func(i int)) {
	users := len(c.configs) / 4
	atOnce(users, work)
	atOnce(len(c.configs)-users, func(i int) { work(users + i) })
}

// plan refreshes and plans everything in one process and wants no change.
func (c *crowd) plan() {
	c.t.Helper()
	p := c.env.Protocol(c.t, nil)
	atOnce(len(c.configs), func(i int) {
		if planned := p.Plan(c.configs[i].typeName, p.MustRead(c.objects[i]), c.configs[i].config); !planned.IsEmpty() {
			c.t.Errorf("%v: the plan is not empty", c.configs[i])
		}
	})
}

// sum of the calls that calls lists.
func sum(listed string) int {
	total := 0
	for line := range strings.Lines(listed) {
		var name string
		var count int
		if _, err := fmt.Sscan(line, &name, &count); err == nil {
			total += count
		}
	}
	return total
}

// Users, keys and attachments cost one call each to create, and one look at the keys of
// each user; a plan costs one call for each user's keys and next to none for the rest.
func TestCalls_ofACrowd(t *testing.T) {
	t.Parallel()
	const users = 50
	c := newCrowd(t, users)
	c.create()
	want := fmt.Sprintf("AttachPolicyToUser %d\nCreateAccessKey %d\nCreateUser %[2]d\nGetCallerIdentity 1\nGetDefaultDomain 1\nListAccessKeys %[2]d", 2*users, users)
	if diff := cmp.Diff(want, calls(c.env)); diff != "" {
		t.Errorf("create (-want +got):\n%s", diff)
	}
	c.env.Clock.Advance(time.Minute)
	c.plan()
	got := calls(c.env)
	for operation, most := range map[string]int{
		"GetCallerIdentity": 1, "GetDefaultDomain": 1, "ListAccessKeys": users, "GetUser": 3, "ListUsers": 1, // all users are on one page
		"ListPoliciesForUser": 2 * 2, "ListPolicyAttachments": 2, // 101 grants are two pages
	} {
		_, rest, _ := strings.Cut(got, operation+" ")
		count := 0
		_, _ = fmt.Sscan(rest, &count)
		if count > most {
			t.Errorf("plan: %d calls of %s, want at most %d", count, operation, most)
		}
		got = strings.Replace(got, fmt.Sprintf("%s %d", operation, count), "", 1)
	}
	if others := sum(got); others > 0 {
		t.Errorf("plan: other calls: %s", got)
	}
}

// Attachments to users of an earlier run ask once who each of them is, however many there
// are.
func TestCalls_ofAttachmentsToUsersOfAnEarlierRun(t *testing.T) {
	t.Parallel()
	const users, policies = 5, 5
	const document = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}]}`
	env := acctest.New(t)
	before := env.Protocol(t, nil)
	for i := range users {
		before.MustCreate("ram_user", map[string]any{"name": fmt.Sprintf("user-%d", i)})
	}
	for i := range policies {
		before.MustCreate("ram_policy", map[string]any{"name": fmt.Sprintf("policy-%d", i), "policy_document": document})
	}
	env.Emulator.ResetRequests()
	now := env.Protocol(t, nil)
	atOnce(users*policies, func(i int) {
		now.MustCreate("ram_user_policy_attachment", map[string]any{
			"user_name": fmt.Sprintf("user-%d", i/policies), "policy_name": fmt.Sprintf("policy-%d", i%policies), "policy_type": "Custom",
		})
	})
	want := fmt.Sprintf("AttachPolicyToUser %d\nGetCallerIdentity 1\nGetDefaultDomain 1\nGetUser %d", users*policies, users)
	if diff := cmp.Diff(want, calls(env)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// BenchmarkSimulatedAccount creates and plans an account at its limits, on a clock of its
// own: what it reports as simulated is how long the documented rates alone make it take,
// one call after the other.
func BenchmarkSimulatedAccount(b *testing.B) {
	const users, roles, grants = 4999, 1000, 4 * 4999 // the provider signs as the user with the number 5,000
	for range b.N {
		simulate(b, users, roles, grants)
	}
}

func simulate(b *testing.B, users, roles, grants int) {
	b.Helper()
	env := acctest.New(b, func(c *emulator.Config) { c.EnforceRates = true })
	policies := []string{"AliyunOSSReadOnlyAccess", "AliyunECSReadOnlyAccess", "AliyunRAMReadOnlyAccess", "AliyunSTSAssumeRoleAccess"}
	const trust = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}`
	var all []crowdConfig
	for i := range users {
		all = append(all, crowdConfig{"ram_user", map[string]any{"name": fmt.Sprintf("user-%05d", i)}})
	}
	for i := range roles {
		all = append(all, crowdConfig{"ram_role", map[string]any{"name": fmt.Sprintf("role-%05d", i), "assume_role_policy_document": trust}})
	}
	for i := range grants {
		all = append(all, crowdConfig{"ram_user_policy_attachment", map[string]any{
			"user_name": fmt.Sprintf("user-%05d", i%users), "policy_name": policies[i/users], "policy_type": "System",
		}})
	}
	objects := make([]acctest.Object, len(all))
	measure := func(phase string, work func(p *acctest.Protocol)) {
		began := env.Clock.Now()
		env.Emulator.ResetRequests()
		work(env.Protocol(b, map[string]any{"high_risk_policies": "ignore"}))
		b.ReportMetric(env.Clock.Now().Sub(began).Seconds(), "simulated-s/"+phase)
		b.ReportMetric(float64(env.Emulator.Total()), "calls/"+phase)
		env.Clock.Advance(time.Minute)
	}
	measure("create", func(p *acctest.Protocol) {
		for i, one := range all {
			objects[i] = p.MustCreate(one.typeName, one.config)
		}
	})
	measure("plan", func(p *acctest.Protocol) {
		for i, one := range all {
			if !p.Plan(one.typeName, p.MustRead(objects[i]), one.config).IsEmpty() {
				b.Fatalf("%v: the plan is not empty", one)
			}
		}
	})
}
