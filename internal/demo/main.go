// Command demo shows the provider at work without an account: it builds the provider
// and the emulator, applies an example with a real Terraform, rotates its AccessKey,
// proves the result with the new key, and takes everything down again.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Environ()); err != nil {
		fmt.Fprintf(os.Stderr, "\nThe demo failed: %v\n", err)
		os.Exit(1)
	}
}

const defaultExample = "cross-account"

func run(ctx context.Context, args, environ []string) (err error) {
	example := defaultExample
	if len(args) > 0 {
		example = args[0]
	}
	if example != defaultExample {
		return fmt.Errorf("there is no example %q to run; there is %q", example, defaultExample)
	}

	say("A tour of the RAM provider: two companies, one role, and no Alibaba Cloud account.")

	chapter("Building the provider and the emulator")
	stage, err := newStage(ctx, environ, "examples/walkthroughs/"+example)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.strike()) }()

	chapter("Starting the emulator, a strict local RAM, IMS and STS")
	if err := stage.startEmulator(ctx); err != nil {
		return err
	}
	return crossAccount(ctx, stage)
}

// crossAccount is the story of examples/walkthroughs/cross-account.
func crossAccount(ctx context.Context, s *stage) error {
	companyA, companyB := s.profiles[0], s.profiles[1]
	variables := []string{"-var", "company_a_profile=" + companyA, "-var", "company_b_profile=" + companyB}
	rotated := append([]string{"-var", "key_rotation=2026-07"}, variables...)
	say("  company A is account %s, company B is account %s", companyA, companyB)

	chapter("terraform init")
	if err := s.terraform.run(ctx, "init", "-input=false", "-no-color"); err != nil {
		return err
	}
	say("  Terraform found the provider that was just built.")

	chapter("terraform apply: A's role trusts B's user Alice, Alice gets an AccessKey")
	if err := s.terraform.apply(ctx, variables...); err != nil {
		return err
	}
	first, err := s.terraform.outputs(ctx)
	if err != nil {
		return err
	}
	if err := introduce(ctx, s.endpoint, first); err != nil {
		return err
	}

	chapter("terraform plan: nothing to do")
	if err := s.terraform.run(ctx, append([]string{"plan", "-input=false", "-no-color", "-detailed-exitcode"}, variables...)...); err != nil {
		return fmt.Errorf("the plan after the apply is not empty: %w", err)
	}
	say("  The plan is empty: what is there is what was asked for.")

	chapter("terraform apply: rotate Alice's key, the new one first")
	if err := s.terraform.apply(ctx, rotated...); err != nil {
		return err
	}
	second, err := s.terraform.outputs(ctx)
	if err != nil {
		return err
	}
	say("  old key %s, new key %s", first.AccessKeyID, second.AccessKeyID)

	chapter("The proof: Alice of company B assumes the role of company A")
	if err := prove(ctx, s.endpoint, first, second); err != nil {
		return err
	}

	chapter("terraform destroy")
	if err := s.terraform.destroy(ctx, rotated...); err != nil {
		return err
	}
	say("\nDone. The configuration is %s/main.tf; nothing is left on this machine.", s.example)
	return nil
}

func chapter(title string) { say("\n== %s", title) }

func say(format string, args ...any) { fmt.Printf(format+"\n", args...) }
