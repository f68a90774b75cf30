package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// claims are what the CI system puts into the token of a job.
type claims struct{ issuer, subject, audience string }

// ciOIDC is the story of examples/walkthroughs/ci-oidc.
func ciOIDC(ctx context.Context, s *stage) error {
	s.chapter("terraform apply: the issuer, a role to plan and a role to apply")
	account, err := s.configuration(".").apply(ctx)
	if err != nil {
		return err
	}
	pullRequest := claims{"https://token.ci.example.com", "repo:example/app:pull_request", "sts.aliyuncs.com"}
	main := pullRequest
	main.subject = "repo:example/app:ref:refs/heads/main"

	s.chapter("A job of a pull request")
	planner, err := s.job(ctx, "pull-request", pullRequest, account, account["plan_role_arn"])
	if err != nil {
		return err
	}
	if err := s.proved(planner.plan(ctx), "terraform plan works: the role may read"); err != nil {
		return err
	}
	said, err := planner.refused(ctx)
	if err != nil {
		return err
	}
	if !strings.Contains(said, "NoPermission") || !strings.Contains(said, "ram:CreateGroup") {
		return fmt.Errorf("the apply of the role that plans failed otherwise than by NoPermission: %s", said)
	}
	s.say("  terraform apply is refused: the role may not create groups")

	s.chapter("A job of the main branch")
	applier, err := s.job(ctx, "main", main, account, account["apply_role_arn"])
	if err != nil {
		return err
	}
	if _, err := applier.apply(ctx); err != nil {
		return err
	}
	if _, err := s.accounts[0].root.GetGroup(ctx, "developers"); err != nil {
		return s.proved(err, "the group is there")
	}

	s.chapter("Tokens that open nothing")
	for _, other := range []struct {
		what, code, role string
		claims           claims
	}{
		{"the pull request's token for the role that applies", "AuthenticationFail.NoPermission", "apply_role_arn", pullRequest},
		{"a token of another repository", "AuthenticationFail.NoPermission", "plan_role_arn", claims{main.issuer, "repo:example/other:ref:refs/heads/main", main.audience}},
		{"a token of a repository with a longer name", "AuthenticationFail.NoPermission", "plan_role_arn", claims{main.issuer, "repo:example/app-fork:pull_request", main.audience}},
		{"a token for somebody else", "AuthenticationFail.OIDCToken.AudienceNotMatch", "apply_role_arn", claims{main.issuer, main.subject, "https://other.example.com"}},
		{"a token of another issuer", "AuthenticationFail.OIDCToken", "apply_role_arn", claims{"https://token.other.example.com", main.subject, main.audience}},
	} {
		token, err := s.token(ctx, other.claims)
		if err != nil {
			return err
		}
		_, err = s.signedBy(rpc.Credentials{}).AssumeRoleWithOIDC(ctx, ramclient.AssumeRoleWithOIDCInput{
			OIDCProviderARN: account["oidc_provider_arn"], RoleARN: account[other.role], OIDCToken: rpc.NewSecret(token), RoleSessionName: "demo",
		})
		if code := ramclient.Code(err); !strings.HasPrefix(code, other.code) {
			return fmt.Errorf("%s: got %w, want a refusal with %s", other.what, err, other.code)
		}
		s.say("  %s is refused (%s)", other.what, ramclient.Code(err))
	}
	return nil
}

// job is the pipeline as a job runs it: with a token in a file, the role in the
// environment, and no other credentials.
func (s *stage) job(ctx context.Context, name string, token claims, account outputs, roleARN string) (*configuration, error) {
	text, err := s.token(ctx, token)
	if err != nil {
		return nil, err
	}
	file := s.path(name + ".token")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, err
	}
	return s.configuration("pipeline",
		"ALIBABA_CLOUD_PROFILE=", "ALIBABA_CLOUD_CONFIG_FILE="+s.path("no-config.json"),
		"ALIBABA_CLOUD_OIDC_PROVIDER_ARN="+account["oidc_provider_arn"],
		"ALIBABA_CLOUD_ROLE_ARN="+roleARN,
		"ALIBABA_CLOUD_OIDC_TOKEN_FILE="+file,
	), nil
}

// token lets the emulator sign a token, as the CI system would.
func (s *stage) token(ctx context.Context, c claims) (string, error) {
	command := exec.CommandContext(ctx, s.programs.emulator, "token", "--issuer", c.issuer, "--subject", c.subject, "--audience", c.audience) //nolint:gosec // the demo built it
	command.Env = s.environment()
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("ram-emulator token: %w", err)
	}
	return string(out), nil
}
