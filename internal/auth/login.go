package auth

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// savedWhileLeft is how long a session saved in a profile must last to be preferred over
// a new one: the shortest window of the cache, which would renew it at once.
const savedWhileLeft = 3 * time.Minute

// login is a profile in which `aliyun configure` keeps what a person's login gave: modes
// CloudSSO and OAuth. Only a person can log in again, and may do so while we run: the
// file is read anew at each renewal.
type login struct {
	machine Machine
	// command is what the person types to log in again.
	command string
	// turn lets one renewal at a time use the fields below.
	turn    chan struct{}
	profile profile
	// given is the saved session that was given out already.
	given rpc.Credentials
}

func (r *resolver) newLogin(p profile, options ...string) *login {
	if defaultPath, err := r.homePath(".aliyun", "config.json"); err != nil || p.file.path != defaultPath {
		options = append(slices.Clone(options), "--config-path", p.file.path)
	}
	words := append([]string{"aliyun", "configure"}, options...)
	for i, word := range words {
		words[i] = quoteWord(word, r.Machine.Windows)
	}
	return &login{machine: r.Machine, command: strings.Join(words, " "), turn: make(chan struct{}, 1), profile: p}
}

// credentials returns the session that the profile has saved while it is good, even if
// the login has expired, else what fetch gets. A saved session is given out once: asked
// again, it has been found wanting.
func (l *login) credentials(ctx context.Context, fetch func(context.Context) (rpc.Credentials, error)) (rpc.Credentials, error) {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return rpc.Credentials{}, ctx.Err()
	}
	l.readAgain()
	saved := l.profile.savedSession()
	left := saved.Expiration.Sub(l.machine.Clock.Now())
	if saved.AccessKeyID == l.given.AccessKeyID && saved.SecurityToken == l.given.SecurityToken {
		left = 0
	}
	if left > savedWhileLeft {
		l.given = saved
		return saved, nil
	}
	fresh, err := fetch(ctx)
	if err != nil && ctx.Err() == nil && left > keepWhileLeft {
		l.given = saved
		return saved, nil
	}
	return fresh, err
}

// readAgain takes over what the file says now. Without a file, or if the profile has
// become another mode, what was read before counts on.
func (l *login) readAgain() {
	content, err := l.machine.ReadFile(l.profile.file.path)
	if err != nil {
		return
	}
	if p, err := parseProfile(l.profile.file.path, content, l.profile.Name); err == nil && p.Mode == l.profile.Mode {
		l.profile = p
	}
}

func parseProfile(path string, content []byte, name string) (profile, error) {
	file, err := parseConfigFile(path, content)
	if err != nil {
		return profile{}, err
	}
	if !slices.Contains(file.names, name) {
		return profile{}, fmt.Errorf("profile %q is gone", name)
	}
	return file.find(name)
}

// savedSession is the session that the CLI keeps in a profile; zero if a part is missing.
func (p profile) savedSession() rpc.Credentials {
	if p.AccessKeyID == "" || p.AccessKeySecret.IsEmpty() || p.STSToken.IsEmpty() || p.STSExpiration <= 0 {
		return rpc.Credentials{}
	}
	return rpc.Credentials{
		AccessKeyID: p.AccessKeyID, AccessKeySecret: p.AccessKeySecret, SecurityToken: p.STSToken,
		Expiration: time.Unix(p.STSExpiration, 0),
	}
}

// over says that the login is no longer good and how to renew it. The command stands on
// a line of its own, to be copied.
func (l *login) over(why string) error {
	return fmt.Errorf("the %s login of profile %q %s. Run:\n\n  %s\n\nthen run Terraform again", l.profile.Mode, l.profile.Name, why, l.command)
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=~-]+$`)

// quoteWord makes a word safe to paste into a shell.
func quoteWord(word string, windows bool) string {
	switch {
	case plainWord.MatchString(word):
		return word
	case windows:
		return `"` + word + `"`
	default:
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
}
