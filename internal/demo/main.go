// Command demo shows the provider at work without an account: it builds the provider
// and the emulator, plays one of examples/walkthroughs with a real Terraform, proves
// each step against the emulator, and takes everything down again.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, os.Args[1:], os.Environ()); err != nil {
		fmt.Fprintf(os.Stderr, "\nThe demo failed: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, args, environ []string) (err error) {
	chosen := defaultWalkthrough
	if len(args) > 0 {
		chosen = args[0]
	}
	name, err := find(chosen)
	if err != nil {
		return err
	}
	tell := narrator{out}
	tell.say("%s: no Alibaba Cloud account needed.", walkthroughs[name].title)

	tell.chapter("Building the provider and the emulator")
	dir, err := os.MkdirTemp("", "ram-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	built, err := build(ctx, tell, ".", dir)
	if err != nil {
		return err
	}
	return play(ctx, tell, built, name, environ)
}

// play plays a walkthrough on a stage of its own: its steps, the destruction of what
// they applied, and the proof that the accounts are then as they were.
func play(ctx context.Context, tell narrator, built programs, name string, environ []string) (err error) {
	story := walkthroughs[name]
	stage, err := newStage(tell, built, name, environ)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.strike()) }()

	tell.chapter("Starting the emulator, a strict local RAM, IMS and STS")
	if err := stage.startEmulator(ctx, story.serve...); err != nil {
		return err
	}
	before, err := stage.objects(ctx)
	if err != nil {
		return err
	}
	if err := story.play(ctx, stage); err != nil {
		return err
	}
	if err := stage.destroy(ctx); err != nil {
		return err
	}
	if err := stage.requireOnly(ctx, before); err != nil {
		return err
	}
	tell.say("\nDone. The configuration is in %s/%s; nothing is left on this machine.", walkthroughsDir, name)
	return nil
}

// narrator tells the person who watches what happens.
type narrator struct{ io.Writer }

func (n narrator) chapter(title string) { n.say("\n== %s", title) }

func (n narrator) say(format string, args ...any) { fmt.Fprintf(n, format+"\n", args...) }
