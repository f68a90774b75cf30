package auth

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// profile holds the keys of one profile that the supported modes read (aliyun-cli 3.4,
// package config; policy and enable_vpc are of credentials-go).
type profile struct {
	Name            string     `json:"name"`
	Mode            string     `json:"mode"`
	AccessKeyID     string     `json:"access_key_id"`
	AccessKeySecret rpc.Secret `json:"access_key_secret"`
	STSToken        rpc.Secret `json:"sts_token"`
	STSRegion       string     `json:"sts_region"`
	STSEndpoint     string     `json:"sts_endpoint"`
	EnableVPC       bool       `json:"enable_vpc"`
	RegionID        string     `json:"region_id"`
	RAMRoleName     string     `json:"ram_role_name"`
	RAMRoleARN      string     `json:"ram_role_arn"`
	RAMSessionName  string     `json:"ram_session_name"`
	ExternalID      string     `json:"external_id"`
	// ExpiredSeconds is the length of a role session; 0 means the default of an hour.
	ExpiredSeconds  int64      `json:"expired_seconds"`
	Policy          string     `json:"policy"`
	SourceProfile   string     `json:"source_profile"`
	ProcessCommand  rpc.Secret `json:"process_command"`
	CredentialsURI  rpc.Secret `json:"credentials_uri"`
	OIDCProviderARN string     `json:"oidc_provider_arn"`
	OIDCTokenFile   string     `json:"oidc_token_file"`
	OIDCToken       rpc.Secret `json:"oidc_token"`
	PrivateKey      rpc.Secret `json:"private_key"`
	KeyPairName     string     `json:"key_pair_name"`

	// STSExpiration and the other times are Unix seconds.
	STSExpiration             int64      `json:"sts_expiration"`
	CloudSSOSignInURL         string     `json:"cloud_sso_sign_in_url"`
	CloudSSOAccountID         string     `json:"cloud_sso_account_id"`
	CloudSSOAccessConfig      string     `json:"cloud_sso_access_config"`
	CloudSSOAccessTokenExpire int64      `json:"cloud_sso_access_token_expire"`
	AccessToken               rpc.Secret `json:"access_token"`
	OAuthSiteType             string     `json:"oauth_site_type"`
	OAuthAccessToken          rpc.Secret `json:"oauth_access_token"`
	OAuthRefreshToken         rpc.Secret `json:"oauth_refresh_token"`
	OAuthAccessTokenExpire    int64      `json:"oauth_access_token_expire"`

	file *configFile
	// via are the profiles that led here over source_profile, to find cycles.
	via []string
}

func (p profile) hints() Hints {
	return Hints{Region: p.RegionID, STSEndpoint: p.STSEndpoint, STSRegion: p.STSRegion, VPC: p.EnableVPC}
}

// buildProfile makes the source of a profile of file.
func (r *resolver) buildProfile(file *configFile, name string, via []string) (*Source, error) {
	if !slices.Contains(file.names, name) {
		return nil, fmt.Errorf("profile %q is not in %s, which has %s", name, file.path, quotedList(file.names))
	}
	p, err := file.find(name)
	if err != nil {
		return nil, err
	}
	p.via = append(slices.Clone(via), name)
	if p.Mode == "" {
		p.Mode = guessMode(p)
	}
	if p.Mode == "" {
		return nil, fmt.Errorf("profile %q in %s has no mode", name, file.path)
	}
	description := fmt.Sprintf("profile %q (mode %s) in %s", name, p.Mode, file.path)
	mode, err := r.findMode(p.Mode)
	if err != nil {
		return nil, fmt.Errorf("profile %q in %s: %w", name, file.path, err)
	}
	source, err := mode.build(r, p)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", description, err)
	}
	source.Description = description
	source.Profile, source.ConfigFile = name, file.path
	source.Hints = p.hints()
	return source, nil
}

// guessMode follows the CLI where there is nothing to mistake: an id and a secret.
func guessMode(p profile) string {
	switch {
	case p.AccessKeyID == "" || p.AccessKeySecret.IsEmpty():
		return ""
	case p.STSToken.IsEmpty():
		return modeAK
	default:
		return modeStsToken
	}
}

// useProfile builds the named profile, or the file's own choice if name is empty.
func (r *resolver) useProfile(file *configFile, name string) (*Source, error) {
	usesCurrent := name == ""
	if usesCurrent {
		name = file.current
	}
	if name == "" {
		return nil, fmt.Errorf(`%s names no profile in "current"; it has %s`, file.path, quotedList(file.names))
	}
	source, err := r.buildProfile(file, name, nil)
	if err != nil {
		return nil, err
	}
	source.UsesCurrentProfile = usesCurrent && file.isJSON
	source.Warnings = append(source.Warnings, r.readableByOthers(file)...)
	return source, nil
}

// readableByOthers warns of a file with secrets that more than its owner can read.
func (r *resolver) readableByOthers(file *configFile) []Warning {
	const othersMayRead fs.FileMode = 0o044
	if r.Machine.Windows || !file.hasSecrets {
		return nil
	}
	mode, err := r.Machine.FileMode(file.path)
	if err != nil || mode.Perm()&othersMayRead == 0 {
		return nil
	}
	return []Warning{{
		Summary: "Other users of this machine can read your credentials",
		Detail:  fmt.Sprintf("%s holds secrets and has mode %04o. Run: chmod 600 %s", file.path, mode.Perm(), file.path),
	}}
}

// fromProfileArguments builds the arguments profile and config_file. What is not given
// comes from the environment, unless skip_default_chain forbids it.
func (r *resolver) fromProfileArguments() (*Source, error) {
	name, path := r.Arguments.Profile, r.Arguments.ConfigFile
	if !r.Arguments.SkipDefaultChain {
		if name == "" {
			name, _ = r.env.first(profileVariables...)
		}
		if path == "" {
			path, _ = r.env.first(configFileVariables...)
		}
	}
	file, err := r.openConfigFile(path)
	if err != nil {
		return nil, err
	}
	return r.useProfile(file, name)
}

// fromEnvironmentProfile uses a profile name or a config file named by the environment.
func (r *resolver) fromEnvironmentProfile() (*Source, string, error) {
	name, nameVariable := r.env.first(profileVariables...)
	path, pathVariable := r.env.first(configFileVariables...)
	variables := nameVariable
	switch {
	case nameVariable == "":
		variables = pathVariable
	case pathVariable != "":
		variables += " with " + pathVariable
	}
	if name == "" && path == "" {
		return nil, "no variable such as " + profileVariables[0] + " or " + configFileVariables[0] + " is set", nil
	}
	if off := r.profilesOff(); off != "" {
		return nil, off, nil
	}
	file, err := r.openConfigFile(path)
	if err == nil {
		var source *Source
		if source, err = r.useProfile(file, name); err == nil {
			if name != "" {
				source.Warnings = append(source.Warnings, deprecatedVariable(nameVariable, profileVariables[0])...)
			}
			return source, "named by " + variables, nil
		}
	}
	return nil, "", fmt.Errorf("environment variable %s: %w", variables, err)
}

// fromCurrentProfile uses what `aliyun configure switch` last chose.
func (r *resolver) fromCurrentProfile() (*Source, string, error) {
	if off := r.profilesOff(); off != "" {
		return nil, off, nil
	}
	path, err := r.homePath(".aliyun", "config.json")
	if err != nil {
		return nil, err.Error(), nil
	}
	return r.fromOptionalFile(path)
}

// fromCredentialsFile uses the section "default" of the SDKs' INI file.
func (r *resolver) fromCredentialsFile() (*Source, string, error) {
	path, err := r.homePath(".alibabacloud", "credentials")
	if err != nil {
		return nil, err.Error(), nil
	}
	return r.fromOptionalFile(path)
}

func (r *resolver) fromOptionalFile(path string) (*Source, string, error) {
	file, err := r.openConfigFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, path + " does not exist", nil
	case err != nil:
		return nil, "", err
	case file.current == "":
		return nil, path + ` names no profile in "current"`, nil
	}
	source, err := r.useProfile(file, "")
	if err != nil {
		return nil, "", err
	}
	return source, fmt.Sprintf("%s exists and its current profile is %q", path, file.current), nil
}

// profilesOff says which variable switches profiles off: the CLI knows two spellings
// and wants exactly TRUE, credentials-go has a name of its own.
func (r *resolver) profilesOff() string {
	for _, name := range []string{"ALIBABA_CLOUD_IGNORE_PROFILE", "ALIBABACLOUD_IGNORE_PROFILE"} {
		if r.env.get(name) == "TRUE" {
			return name + " switches profiles off"
		}
	}
	if name := "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"; r.env.isOn(name) {
		return name + " switches profiles off"
	}
	return ""
}

// openConfigFile reads a file of profiles; an empty path means the CLI's own.
func (r *resolver) openConfigFile(path string) (*configFile, error) {
	var err error
	if path == "" {
		if path, err = r.homePath(".aliyun", "config.json"); err != nil {
			return nil, err
		}
	}
	if path, err = r.expandHome(path); err != nil {
		return nil, err
	}
	content, err := r.Machine.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the config file: %w", err)
	}
	return parseConfigFile(path, content)
}

func (r *resolver) expandHome(path string) (string, error) {
	if rest, found := strings.CutPrefix(path, "~/"); found {
		return r.homePath(rest)
	}
	return path, nil
}

func (r *resolver) homePath(parts ...string) (string, error) {
	home, err := r.Machine.HomeDir()
	if err != nil {
		return "", fmt.Errorf("the home directory is unknown: %w", err)
	}
	return filepath.Join(append([]string{home}, parts...)...), nil
}

func quotedList(names []string) string {
	if len(names) == 0 {
		return "no profiles"
	}
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(quoted, ", ")
}
