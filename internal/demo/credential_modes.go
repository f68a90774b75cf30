package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// profile is a profile of config.json, with the keys that the CLI writes.
type profile map[string]any

// credentialMode is a directory of examples/walkthroughs/credential-modes, the profile it
// names, and who one is then.
type credentialMode struct {
	dir     string
	profile profile
	caller  string
}

// credentialModes is the story of examples/walkthroughs/credential-modes.
func credentialModes(ctx context.Context, s *stage) error {
	s.chapter("setup, terraform apply: a user with an AccessKey, two roles, an issuer of tokens")
	setup, err := s.configuration("setup").apply(ctx)
	if err != nil {
		return err
	}
	alice := s.signedBy(key(setup["access_key_id"], setup["access_key_secret"]))
	opened, err := alice.AssumeRole(ctx, ramclient.AssumeRoleInput{RoleARN: setup["operator_arn"], RoleSessionName: "alice"})
	if err != nil {
		return err
	}
	address, err := s.handOut(ctx, opened.Credentials)
	if err != nil {
		return err
	}
	modes, err := s.modes(ctx, setup, opened.Credentials, address)
	if err != nil {
		return err
	}
	if err := s.addProfiles(modes); err != nil {
		return err
	}

	for _, mode := range modes {
		s.chapter(fmt.Sprintf("%s: terraform apply with the profile %s", mode.profile["mode"], mode.profile["name"]))
		got, err := s.configuration(mode.dir, "ALIBABA_CLOUD_PROFILE=").apply(ctx)
		if err != nil {
			return err
		}
		if !strings.Contains(got["arn"], ":"+mode.caller) {
			return fmt.Errorf("the provider acts as %s, want %s", got["arn"], mode.caller)
		}
		s.say("  it acts as %s", got["arn"])
	}
	return nil
}

// modes are the modes of the vendor's page, in its order, with the profile that
// `aliyun configure` writes for each.
func (s *stage) modes(ctx context.Context, setup outputs, session ramclient.RoleSessionCredentials, address string) ([]credentialMode, error) {
	printed, tokenFile := s.path("external.json"), s.path("oidctoken")
	token, err := s.token(ctx, claims{"https://idp.example.com", "alice", "terraform"})
	if err != nil {
		return nil, err
	}
	login, err := s.logInToCloudSSO(ctx)
	if err != nil {
		return nil, err
	}
	static := profile{"access_key_id": session.AccessKeyID, "access_key_secret": session.AccessKeySecret.Reveal(), "sts_token": session.SecurityToken.Reveal()}
	static["mode"] = "StsToken"
	asJSON, err := json.Marshal(static)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.WriteFile(printed, asJSON, 0o600), os.WriteFile(tokenFile, []byte(token), 0o600)); err != nil {
		return nil, err
	}

	id, secret, operator := setup["access_key_id"], setup["access_key_secret"], setup["operator_arn"]
	const asOperator = "assumed-role/operator/"
	modes := []credentialMode{
		{"ak", profile{"name": "AkProfile", "mode": "AK", "access_key_id": id, "access_key_secret": secret}, "user/alice"},
		{"sts-token", profile{
			"name": "StsProfile", "mode": "StsToken",
			"access_key_id": static["access_key_id"], "access_key_secret": static["access_key_secret"], "sts_token": static["sts_token"],
		}, asOperator},
		{"ram-role-arn", profile{
			"name": "RamRoleArnProfile", "mode": "RamRoleArn", "access_key_id": id, "access_key_secret": secret,
			"ram_role_arn": operator, "ram_session_name": "alice", "expired_seconds": 900, "sts_region": "cn-hangzhou",
		}, asOperator + "alice"},
		{"ecs-ram-role", profile{"name": "EcsProfile", "mode": "EcsRamRole", "ram_role_name": "operator"}, asOperator},
		{"external", profile{"name": "ExternalProfile", "mode": "External", "process_command": "cat " + printed}, asOperator},
		{"chainable-ram-role-arn", profile{
			"name": "ChainableProfile", "mode": "ChainableRamRoleArn", "source_profile": "RamRoleArnProfile",
			"ram_role_arn": setup["auditor_arn"], "ram_session_name": "alice", "external_id": "abcd1234", "expired_seconds": 900, "sts_region": "cn-hangzhou",
		}, "assumed-role/auditor/alice"},
		{"credentials-uri", profile{"name": "URIProfile", "mode": "CredentialsURI", "credentials_uri": address}, asOperator},
		{"oidc", profile{
			"name": "OIDC_Profile", "mode": "OIDC", "oidc_provider_arn": setup["oidc_provider_arn"], "oidc_token_file": tokenFile,
			"ram_role_arn": operator, "ram_session_name": "alice",
		}, asOperator + "alice"},
		{"cloud-sso", profile{
			"name": "sso", "mode": "CloudSSO", "cloud_sso_sign_in_url": "https://signin-cn-shanghai.alibabacloudsso.com/device/login",
			"cloud_sso_account_id": s.accounts[0].id, "cloud_sso_access_config": accessConfiguration,
			"access_token": login.AccessToken, "cloud_sso_access_token_expire": login.Expire,
		}, asOperator + "alice@example.com"},
	}
	for _, mode := range modes {
		mode.profile["region_id"], mode.profile["output_format"], mode.profile["language"] = "cn-hangzhou", "json", "en"
	}
	return modes, nil
}

// addProfiles writes the profiles beside those that the emulator wrote.
func (s *stage) addProfiles(modes []credentialMode) error {
	text, err := os.ReadFile(s.configFile())
	if err != nil {
		return err
	}
	var config struct {
		Current  string    `json:"current"`
		Profiles []profile `json:"profiles"`
	}
	if err := json.Unmarshal(text, &config); err != nil {
		return err
	}
	for _, mode := range modes {
		config.Profiles = append(config.Profiles, mode.profile)
	}
	if text, err = json.Marshal(config); err != nil {
		return err
	}
	return os.WriteFile(s.configFile(), text, 0o600)
}

// handOut serves the session at an address of this machine until the stage is struck, as
// a program that a CredentialsURI names does.
func (s *stage) handOut(ctx context.Context, session ramclient.RoleSessionCredentials) (address string, err error) {
	body, err := json.Marshal(map[string]string{
		"Code": "Success", "AccessKeyId": session.AccessKeyID, "AccessKeySecret": session.AccessKeySecret.Reveal(),
		"SecurityToken": session.SecurityToken.Reveal(), "Expiration": session.Expiration.UTC().Format(time.RFC3339),
	})
	if err != nil {
		return "", err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }),
	}
	go func() { _ = server.Serve(listener) }() // ends with Close
	s.closers = append(s.closers, server)
	return "http://" + listener.Addr().String() + "/credentials", nil
}

// accessConfiguration stands for one that CloudSSO has provisioned as the role operator.
const accessConfiguration = "ac-operator"

// ssoLogin is what a login in the browser leaves in the profile.
type ssoLogin struct {
	AccessToken string `json:"access_token"`
	Expire      int64  `json:"access_token_expire"`
}

// logInToCloudSSO lets the emulator do what a person does in the browser.
func (s *stage) logInToCloudSSO(ctx context.Context) (login ssoLogin, err error) {
	form := url.Values{"user": {"alice@example.com"}, "access_configuration_id": {accessConfiguration}, "role_name": {"operator"}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.endpoint+"/emulator/cloudsso-login", strings.NewReader(form.Encode()))
	if err != nil {
		return login, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	root := s.accounts[0].rootKey
	request.SetBasicAuth(root.AccessKeyID, root.AccessKeySecret.Reveal())
	answered, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request) // no proxy
	if err != nil {
		return login, err
	}
	defer answered.Body.Close()
	body, err := io.ReadAll(answered.Body)
	if err == nil && answered.StatusCode != http.StatusOK {
		err = fmt.Errorf("the emulator answered %d: %s", answered.StatusCode, body)
	}
	if err != nil {
		return login, err
	}
	return login, json.Unmarshal(body, &login)
}
