package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// cliConfig is the config.json of the aliyun CLI, as far as it is needed here.
type cliConfig struct {
	Current  string       `json:"current"`
	Profiles []cliProfile `json:"profiles"`
	MetaPath string       `json:"meta_path"`
}

type cliProfile struct {
	Name            string `json:"name"`
	Mode            string `json:"mode"`
	AccessKeyID     string `json:"access_key_id,omitempty"`
	AccessKeySecret string `json:"access_key_secret,omitempty"`
	OAuthSite       string `json:"oauth_site_type,omitempty"`
	OAuthAccess     string `json:"oauth_access_token,omitempty"`
	OAuthRefresh    string `json:"oauth_refresh_token,omitempty"`
	OAuthExpires    int64  `json:"oauth_access_token_expire,omitempty"` // Unix time
	RegionID        string `json:"region_id"`
	OutputFormat    string `json:"output_format"`
	Language        string `json:"language"`
}

// profilesOf makes one profile per account, named after the account, with the key
// of its root.
func profilesOf(accounts []emulator.AccountInfo) cliConfig {
	config := cliConfig{Current: accounts[0].ID}
	for _, account := range accounts {
		config.Profiles = append(config.Profiles, cliProfile{
			Name: account.ID, Mode: "AK",
			AccessKeyID: account.RootKey.ID, AccessKeySecret: account.RootKey.Secret,
			RegionID: "cn-hangzhou", OutputFormat: "json", Language: "en",
		})
	}
	return config
}

// writeNew writes the profiles to a file that must not exist yet, so that no real
// config.json is ever lost. Only the owner may read it.
func (c cliConfig) writeNew(path string) error {
	text, err := json.MarshalIndent(c, "", "\t")
	if err != nil {
		return fmt.Errorf("encode profiles: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write profiles: %w", err)
	}
	_, err = file.Write(append(text, '\n'))
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write profiles: %w", err)
	}
	return nil
}
