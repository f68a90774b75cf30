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
		name, goal  string
		parallelism int
		others      float64 // calls a second of somebody else
	}{
		{fmt.Sprintf("apply %d attachments", grants), "at most 1.05 of the floor, no late refusal", 10, 0},
		{"the same with -parallelism=50", "the same", 50, 0},
		{"the same while somebody else uses half the quota", "at most 1.15 of the floor, no failure", 10, relationsPerSecond / 2},
	} {
		m, err := measureGrants(ctx, t, grants, one.parallelism, one.others)
		if err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		r.scenarios = append(r.scenarios, scenario{one.name, one.goal, m})
		_, _ = fmt.Fprintln(r.progress, one.name+":", m)
	}
	for _, p := range []phase{create, plan} {
		m, err := measureAliases(ctx, t, p)
		if err != nil {
			return fmt.Errorf("40 aliases: %w", err)
		}
		name := fmt.Sprintf("40 provider aliases over one OAuth login, %s", p)
		r.scenarios = append(r.scenarios, scenario{name, "1 refresh of the login, 1 AssumeRole for each alias and process", m})
		_, _ = fmt.Fprintln(r.progress, name+":", m)
	}
	return nil
}

// measureGrants creates many attachments of ten policies to users that are there already,
// while somebody else makes so many calls of the same operation a second.
func measureGrants(ctx context.Context, t tools, grants, parallelism int, others float64) (measurement, error) {
	const policies = 10
	s, err := newSite(t, func(endpoint, keyID, keySecret string) string {
		return providerBlock(endpoint, keyID, keySecret) + fmt.Sprintf(`
variable "grants" { default = 0 }
resource "ram_user" "all" {
  count = %[1]d
  name  = format("user-%%04d", count.index)
}
resource "ram_policy" "all" {
  count           = %[2]d
  name            = "policy-${count.index}"
  policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = ["oss:GetObject"], Resource = ["acs:oss:*:*:bucket-${count.index}/*"] }] })
}
resource "ram_user_policy_attachment" "all" {
  count       = var.grants
  user_name   = ram_user.all[floor(count.index / %[2]d)].name
  policy_name = ram_policy.all[count.index %% %[2]d].name
  policy_type = "Custom"
}
`, grants/policies, policies)
	})
	if err != nil {
		return measurement{}, err
	}
	defer func() { _ = s.close() }()
	if _, err := s.terraform(ctx, "apply", "-auto-approve"); err != nil {
		return measurement{}, err
	}
	busy, stop := context.WithCancel(ctx)
	defer stop()
	if others > 0 {
		go s.keepBusy(busy, others)
	}
	m, err := s.terraform(ctx, "apply", "-auto-approve", fmt.Sprintf("-var=grants=%d", grants), fmt.Sprintf("-parallelism=%d", parallelism))
	m.floor = time.Duration(float64(grants) / (relationsPerSecond - others) * float64(time.Second))
	return m, err
}

// keepBusy uses up the quota of attachments evenly, as a colleague's pipeline would. Its
// calls name a user who is not there: they count all the same, and change nothing.
func (s *site) keepBusy(ctx context.Context, perSecond float64) {
	root := s.emulator.Accounts()[0].RootKey
	client := ramclient.New(ramclient.Config{
		Credentials: static{rpc.Credentials{AccessKeyID: root.ID, AccessKeySecret: rpc.NewSecret(root.Secret), Source: "bench"}},
		Endpoints:   ramclient.Endpoints{RAM: s.endpoint, IMS: s.endpoint, STS: s.endpoint, ResourceManager: s.endpoint}, MaxRetries: -1,
	})
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
	s, err := newSite(t, func(endpoint, _, _ string) string {
		var blocks strings.Builder
		blocks.WriteString("terraform {\n  required_providers {\n    ram = { source = \"ramprovider/ram\" }\n  }\n}\n")
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
		return blocks.String()
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
	account := s.emulator.Accounts()[0]
	client := ramclient.New(ramclient.Config{
		Credentials: static{rpc.Credentials{AccessKeyID: account.RootKey.ID, AccessKeySecret: rpc.NewSecret(account.RootKey.Secret), Source: "bench"}},
		Endpoints:   ramclient.Endpoints{RAM: s.endpoint, IMS: s.endpoint, STS: s.endpoint, ResourceManager: s.endpoint},
	})
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
