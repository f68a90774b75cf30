package main

import (
	"context"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// walkthrough is the story of one directory below examples/walkthroughs.
type walkthrough struct {
	// title says in a few words what it shows.
	title string
	// serve are flags for `ram-emulator serve`.
	serve []string
	// play applies the configurations of the directory and proves what they did. What is
	// applied when it ends is destroyed for it.
	play func(context.Context, *stage) error
}

const (
	walkthroughsDir    = "examples/walkthroughs"
	defaultWalkthrough = "cross-account"
)

// walkthroughs has one entry for each directory.
var walkthroughs = map[string]walkthrough{
	"access-key-lifecycle": {title: "The life of an AccessKey", play: accessKeyLifecycle},
	"ci-oidc":              {title: "A CI pipeline without AccessKeys", play: ciOIDC},
	"credential-modes":     {title: "One configuration for each credential mode", serve: []string{"--ecs-role", "operator"}, play: credentialModes},
	"delegated-keys":       {title: "Users manage their own AccessKeys", play: delegatedKeys},
	"official-cli":         {title: "Log in to the CLI with a browser", play: officialCLI},
	"cross-account":        {title: "Two companies, one role", serve: []string{"--resource-group", demoResourceGroup}, play: crossAccount},
}

// find takes the name of a walkthrough, or its directory as a shell completes it.
func find(chosen string) (name string, err error) {
	clean := path.Clean(filepath.ToSlash(chosen))
	name = strings.TrimPrefix(clean, walkthroughsDir+"/")
	if _, ok := walkthroughs[name]; !ok {
		return "", fmt.Errorf("there is no walkthrough %q; there are %s", chosen, strings.Join(slices.Sorted(maps.Keys(walkthroughs)), ", "))
	}
	return name, nil
}
