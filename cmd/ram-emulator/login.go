package main

import (
	"context"
	"net/url"

	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

type loginCommand struct {
	Identity  string `arg:"" help:"acs:ram::<account>:root, :user/<name> or :role/<name>. It need not be assigned to official-cli yet."`
	Site      string `help:"Site of official-cli, which has to be installed." enum:"CN,INTL" default:"CN"`
	ConfigOut string `help:"The new file." required:"" placeholder:"FILE" type:"path"`
}

// Run writes what aliyun configure --mode OAuth would write after the browser.
func (l *loginCommand) Run(ctx context.Context, p process) error {
	serving, err := p.findTarget()
	if err != nil {
		return err
	}
	appID := emulator.OfficialCLICN
	if l.Site == "INTL" {
		appID = emulator.OfficialCLIINTL
	}
	var login struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Expires int64  `json:"access_token_expire"`
	}
	form := url.Values{"app_id": {appID}, "identity": {l.Identity}}
	if err := serving.ask(ctx, "/emulator/oauth-login", form, &login); err != nil {
		return err
	}
	profile := cliProfile{
		Name: "oauth", Mode: "OAuth", OAuthSite: l.Site, OAuthAccess: login.Access, OAuthRefresh: login.Refresh, OAuthExpires: login.Expires,
		RegionID: serving.key.RegionID, OutputFormat: "json", Language: "en",
	}
	return cliConfig{Current: profile.Name, Profiles: []cliProfile{profile}}.writeNew(l.ConfigOut)
}
