package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// target is the emulator that the environment points at, with the root key of the
// profile chosen there.
type target struct {
	url string
	key cliProfile
}

// findTarget reads what serve prints and exec sets.
func (p process) findTarget() (target, error) {
	base, path := p.variable("ALIBABA_CLOUD_ENDPOINT_STS"), p.variable("ALIBABA_CLOUD_CONFIG_FILE")
	if base == "" || path == "" {
		return target{}, errors.New("no emulator in sight: run this inside ram-emulator exec, or with the variables that ram-emulator serve prints")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return target{}, fmt.Errorf("read the emulator's profiles: %w", err)
	}
	var config cliConfig
	if err := json.Unmarshal(text, &config); err != nil {
		return target{}, fmt.Errorf("%s is no config.json", path)
	}
	name := p.variable("ALIBABA_CLOUD_PROFILE")
	if name == "" {
		name = config.Current
	}
	at := slices.IndexFunc(config.Profiles, func(profile cliProfile) bool { return profile.Name == name })
	if at < 0 || config.Profiles[at].AccessKeySecret == "" {
		return target{}, fmt.Errorf("%s has no root key under the profile %q", path, name)
	}
	return target{base, config.Profiles[at]}, nil
}

func (p process) variable(name string) string {
	for _, entry := range p.environ {
		if value, found := strings.CutPrefix(entry, name+"="); found {
			return value
		}
	}
	return ""
}

// ask calls one of the emulator's control endpoints. Nothing but an emulator is sent
// the key: the header that only it sends is looked at first.
func (t target) ask(ctx context.Context, path string, form url.Values, into any) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	greeting, err := t.send(ctx, http.MethodGet, "/", nil)
	if err != nil {
		return err
	}
	_ = greeting.Body.Close()
	if greeting.Header.Get("X-Ram-Emulator") != "1" {
		return fmt.Errorf("%s is no emulator", t.url)
	}
	answered, err := t.send(ctx, http.MethodPost, path, form)
	if err != nil {
		return err
	}
	defer answered.Body.Close()
	var body json.RawMessage
	if err := json.NewDecoder(answered.Body).Decode(&body); err != nil {
		return fmt.Errorf("the emulator's answer %d is no JSON: %w", answered.StatusCode, err)
	}
	if answered.StatusCode != http.StatusOK {
		var refused struct{ Message string }
		_ = json.Unmarshal(body, &refused) // without a message the status says enough
		return fmt.Errorf("the emulator answered %d: %s", answered.StatusCode, refused.Message)
	}
	return json.Unmarshal(body, into)
}

func (t target) send(ctx context.Context, method, path string, form url.Values) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, t.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("ask the emulator: %w", err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.SetBasicAuth(t.key.AccessKeyID, t.key.AccessKeySecret)
	}
	answered, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request) // no proxy, no redirect
	if err != nil {
		return nil, fmt.Errorf("ask the emulator: %w", err)
	}
	return answered, nil
}
