package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// A scenario is one question about the limits, and its answer.
type scenario struct {
	name string
	goal string
	measurement
}

// measureScenarios asks what the mixes do not answer: first, with so many attachments, how
// the quota is used.
func measureScenarios(ctx context.Context, t tools, grants int, r *report) error {
	for _, one := range []struct {
		name, goal string
		measure    func() (measurement, error)
	}{
		{
			fmt.Sprintf("apply %d attachments", grants), "at most 1.05 of the floor, no late refusal",
			func() (measurement, error) { return measureGrants(ctx, t, grants, parallelism, 0) },
		},
		{
			"the same with -parallelism=50", "the same",
			func() (measurement, error) { return measureGrants(ctx, t, grants, 50, 0) },
		},
		{
			"the same while somebody else uses half the quota", "at most 1.15 of the floor, no failure",
			func() (measurement, error) { return measureGrants(ctx, t, grants, parallelism, relationsPerSecond/2) },
		},
		{
			fmt.Sprintf("plan without changes, %d AccessKeys of as many users", grants), "at most one call for each user, 1.1 of the floor",
			func() (measurement, error) { return measureKeys(ctx, t, grants) },
		},
		{
			fmt.Sprintf("%d provider aliases over one OAuth login, create", aliases), "1 refresh of the login, 1 AssumeRole for each alias and process",
			func() (measurement, error) { return measureAliases(ctx, t, create) },
		},
		{
			fmt.Sprintf("%d provider aliases over one OAuth login, plan without changes", aliases), "the same",
			func() (measurement, error) { return measureAliases(ctx, t, plan) },
		},
	} {
		m, err := one.measure()
		if err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		r.scenarios = append(r.scenarios, scenario{one.name, one.goal, m})
		_, _ = fmt.Fprintln(r.progress, one.name+":", m)
	}
	return nil
}

// measureGrants applies the plan of many attachments of ten policies to users, while
// somebody else makes so many calls of the same operation a second. Users and policies are
// those of another state.
func measureGrants(ctx context.Context, t tools, grants, parallelism int, others float64) (measurement, error) {
	const policies = 10
	s, err := newSite(ctx, t, func(endpoint, keyID, keySecret string) map[string]string {
		var text strings.Builder
		text.WriteString(providerBlock(endpoint, keyID, keySecret) + people(grants/policies))
		for i := range policies {
			fmt.Fprintf(&text, `
resource "ram_user_policy_attachment" "p%[1]d" {
  for_each    = local.people
  user_name   = each.key
  policy_name = "policy-%[1]d"
  policy_type = "Custom"
}
`, i)
		}
		return map[string]string{"main.tf": text.String()}
	})
	if err != nil {
		return measurement{}, err
	}
	defer func() { _ = s.close() }()
	if err := s.createUsers(ctx, grants/policies); err != nil {
		return measurement{}, err
	}
	client := s.client(0)
	for i := range policies {
		const document = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}]}`
		if _, err := client.CreatePolicy(ctx, ramclient.CreatePolicyInput{PolicyName: fmt.Sprintf("policy-%d", i), PolicyDocument: document}); err != nil {
			return measurement{}, err
		}
	}
	if _, err := s.terraform(ctx, "plan", "-out=plan"); err != nil {
		return measurement{}, err
	}
	busy, stop := context.WithCancel(ctx)
	defer stop()
	if others > 0 {
		go s.keepBusy(busy, others)
	}
	m, err := s.terraform(ctx, "apply", fmt.Sprintf("-parallelism=%d", parallelism), "plan")
	m.floor = time.Duration(float64(grants) / (relationsPerSecond - others) * float64(time.Second))
	return m, err
}

// measureKeys plans one AccessKey of each of so many users, who are those of another state.
func measureKeys(ctx context.Context, t tools, users int) (measurement, error) {
	s, err := newSite(ctx, t, func(endpoint, keyID, keySecret string) map[string]string {
		return map[string]string{"main.tf": providerBlock(endpoint, keyID, keySecret) + people(users) + `
resource "ram_access_key" "all" {
  for_each  = local.people
  user_name = each.key
}
`}
	})
	if err != nil {
		return measurement{}, err
	}
	defer func() { _ = s.close() }()
	if err := s.createUsers(ctx, users); err != nil {
		return measurement{}, err
	}
	if _, err := s.terraform(ctx, "apply", "-auto-approve"); err != nil {
		return measurement{}, err
	}
	m, err := s.terraform(ctx, "plan", "-detailed-exitcode")
	m.floor = floor(map[string]int{"ListAccessKeys": users}, parallelism)
	return m, err
}

// people is Terraform's local.people, a map by the names that createUsers gives. It is
// computed once, where an expression in for_each would be for each instance.
func people(users int) string {
	return fmt.Sprintf(`
locals {
  people = { for i in range(%d) : format("user-%%04d", i) => i }
}
`, users)
}

func (s *site) createUsers(ctx context.Context, users int) error {
	client := s.client(0)
	for i := range users {
		name := fmt.Sprintf("user-%04d", i)
		in := ramclient.CreateUserInput{UserPrincipalName: name + "@" + s.emulator.Accounts()[0].ID + ".onaliyun.com", DisplayName: name}
		if _, err := client.CreateUser(ctx, in); err != nil {
			return err
		}
	}
	return nil
}

// client calls the service as the account itself.
func (s *site) client(maxRetries int) *ramclient.Client {
	root := s.emulator.Accounts()[0].RootKey
	return ramclient.New(ramclient.Config{
		Credentials: static{rpc.Credentials{AccessKeyID: root.ID, AccessKeySecret: rpc.NewSecret(root.Secret), Source: "bench"}},
		Endpoints:   ramclient.Endpoints{RAM: s.endpoint, IMS: s.endpoint, STS: s.endpoint, ResourceManager: s.endpoint}, MaxRetries: maxRetries,
	})
}

// keepBusy uses up the quota of attachments evenly, as a colleague's pipeline would. Its
// calls name a user who is not there: they count all the same, and change nothing.
func (s *site) keepBusy(ctx context.Context, perSecond float64) {
	client := s.client(-1)
	gap := time.Duration(float64(time.Second) / perSecond)
	for clock.System.Sleep(ctx, gap) == nil {
		_ = client.AttachPolicyToUser(ctx, ramclient.UserPolicy{UserName: "nobody", PolicyName: "AliyunOSSReadOnlyAccess", PolicyType: ramclient.PolicySystem})
	}
}

type static struct{ credentials rpc.Credentials }

// Credentials implements rpc.CredentialsProvider.
func (s static) Credentials(context.Context) (rpc.Credentials, error) { return s.credentials, nil }

// aliases is how many provider blocks share a login.
const aliases = 40

// measureAliases plans or creates one user through each of many provider blocks, which all
// assume a role of their own on the same OAuth login. Its access token has expired.
func measureAliases(ctx context.Context, t tools, p phase) (measurement, error) {
	s, err := newSite(ctx, t, func(endpoint, _, _ string) map[string]string {
		var blocks strings.Builder
		blocks.WriteString(requiredProvider)
		for i := range aliases {
			fmt.Fprintf(&blocks, `
provider "ram" {
  alias       = "a%[1]d"
  profile     = "login"
  config_file = "config.json"
  endpoints   = { ram = %[2]q, ims = %[2]q, sts = %[2]q, resource_manager = %[2]q, oauth = %[2]q }
  assume_role = [{ role_arn = "acs:ram::1000000000000001:role/a%[1]d" }]
}
resource "ram_user" "a%[1]d" {
  provider = ram.a%[1]d
  name     = "user-%[1]d"
}
`, i, endpoint)
		}
		return map[string]string{"main.tf": blocks.String()}
	})
	if err != nil {
		return measurement{}, err
	}
	defer func() { _ = s.close() }()
	if err := s.prepareLogin(ctx); err != nil {
		return measurement{}, err
	}
	command := []string{"apply", "-auto-approve"}
	if p == plan {
		if _, err := s.terraform(ctx, command...); err != nil {
			return measurement{}, err
		}
		if err := s.writeLogin(); err != nil { // with a token that has expired again
			return measurement{}, err
		}
		command = []string{"plan", "-detailed-exitcode"}
	}
	m, err := s.terraform(ctx, command...)
	m.floor = 2 * latency
	return m, err
}

// prepareLogin makes a user who may assume a role for each alias, and logs it in.
func (s *site) prepareLogin(ctx context.Context) error {
	account, client := s.emulator.Accounts()[0], s.client(0)
	alice := "alice@" + account.ID + ".onaliyun.com"
	if _, err := client.CreateUser(ctx, ramclient.CreateUserInput{UserPrincipalName: alice, DisplayName: "alice"}); err != nil {
		return err
	}
	if err := client.AttachPolicyToUser(ctx, ramclient.UserPolicy{UserName: "alice", PolicyName: "AliyunSTSAssumeRoleAccess", PolicyType: ramclient.PolicySystem}); err != nil {
		return err
	}
	trust := fmt.Sprintf(`{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::%s:root"}}]}`, account.ID)
	for i := range aliases {
		name := fmt.Sprintf("a%d", i)
		if _, err := client.CreateRole(ctx, ramclient.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: trust}); err != nil {
			return err
		}
		if err := client.AttachPolicyToRole(ctx, ramclient.RolePolicy{RoleName: name, PolicyName: "AdministratorAccess", PolicyType: ramclient.PolicySystem}); err != nil {
			return err
		}
	}
	if _, err := client.ProvisionExternalApplication(ctx, emulator.OfficialCLICN, nil); err != nil {
		return err
	}
	err := client.CreateApplicationAssignment(ctx, ramclient.ApplicationAssignment{AppID: emulator.OfficialCLICN, PrincipalType: "user", PrincipalName: alice})
	if err != nil {
		return err
	}
	return s.writeLogin()
}

// writeLogin logs in and writes the profile, with an access token that is said to have
// expired, so that it has to be refreshed.
func (s *site) writeLogin() error {
	tokens, err := s.emulator.LogIn(emulator.OfficialCLICN, "acs:ram::"+s.emulator.Accounts()[0].ID+":user/alice")
	if err != nil {
		return err
	}
	text, err := json.Marshal(map[string]any{"current": "login", "profiles": []any{map[string]any{
		"name": "login", "mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": tokens.AccessToken,
		"oauth_refresh_token": tokens.RefreshToken, "oauth_access_token_expire": 1, "region_id": "cn-hangzhou",
	}}})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.work, "config.json"), text, 0o600)
}
