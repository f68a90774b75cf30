package main

import (
	"context"
	"fmt"
	"net/url"
)

type tokenCommand struct {
	Issuer   string            `help:"Issuer, the IssuerUrl of an OIDC provider." default:"https://oidc.example.com" placeholder:"URL"`
	Subject  string            `help:"Subject, such as repo:example/app:ref:refs/heads/main." default:"job"`
	Audience string            `help:"Audience, one of the provider's client ids." required:""`
	Claims   map[string]string `name:"claim" help:"Another claim; may be repeated." placeholder:"NAME=TEXT"`
}

// Run prints the token alone, so that a shell can put it into a file.
func (t *tokenCommand) Run(ctx context.Context, p process) error {
	serving, err := p.findTarget()
	if err != nil {
		return err
	}
	form := url.Values{}
	for name, value := range t.Claims {
		form.Set(name, value)
	}
	form.Set("iss", t.Issuer)
	form.Set("sub", t.Subject)
	form.Set("aud", t.Audience)
	var minted struct{ Token string }
	if err := serving.ask(ctx, "/emulator/oidc-token", form, &minted); err != nil {
		return err
	}
	fmt.Fprint(p.stdout, minted.Token)
	return nil
}
