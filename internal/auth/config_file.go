package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// configFile is a file of profiles: config.json of the Alibaba Cloud CLI, or the INI
// file of the SDKs. Profiles are decoded when chosen, so a broken one harms no other.
type configFile struct {
	path string
	// isJSON tells the two formats apart.
	isJSON bool
	// current is the profile used when nobody names one.
	current string
	// names in the order of the file; a repeated name stands here once.
	names []string
	// find decodes a profile that is in names; the first of a name wins.
	find func(name string) (profile, error)
	// hasSecrets is true if any profile holds one.
	hasSecrets bool
}

// byteOrderMark begins files that some Windows editors write.
const byteOrderMark = "\xef\xbb\xbf"

// parseConfigFile decides by content, since ALIBABA_CLOUD_CREDENTIALS_FILE means the
// JSON file to some tools and the INI file to others. Errors never quote the content.
func parseConfigFile(path string, content []byte) (*configFile, error) {
	content = bytes.TrimPrefix(content, []byte(byteOrderMark))
	trimmed := bytes.TrimSpace(content)
	switch {
	case len(trimmed) == 0:
		return nil, fmt.Errorf("%s is empty", path)
	case trimmed[0] == '{':
		return parseJSON(path, content)
	default:
		return parseINI(path, content)
	}
}

func parseJSON(path string, content []byte) (*configFile, error) {
	var top struct {
		Current  string            `json:"current"`
		Profiles []json.RawMessage `json:"profiles"`
	}
	if err := json.Unmarshal(content, &top); err != nil {
		return nil, fmt.Errorf("%s (read as JSON): %w", path, jsonFault(content, err))
	}
	file := &configFile{path: path, isJSON: true, current: top.Current}
	raw := map[string]json.RawMessage{}
	for i, text := range top.Profiles {
		var head struct {
			Name string `json:"name"`
		}
		if err := json.Unmarshal(text, &head); err != nil {
			return nil, fmt.Errorf("%s: profiles[%d]: %w", path, i, jsonFault(text, err))
		}
		if _, repeated := raw[head.Name]; !repeated {
			raw[head.Name] = text
			file.names = append(file.names, head.Name)
		}
		file.hasSecrets = file.hasSecrets || holdsSecret(text)
	}
	file.find = func(name string) (profile, error) {
		p := profile{file: file}
		if err := json.Unmarshal(raw[name], &p); err != nil {
			return profile{}, fmt.Errorf("profile %q in %s: %w", name, path, jsonFault(raw[name], err))
		}
		return p, nil
	}
	return file, nil
}

// holdsSecret looks for the keys of config.json that let their reader act.
func holdsSecret(profile json.RawMessage) bool {
	var secrets struct {
		AccessKeySecret   string `json:"access_key_secret"`
		PrivateKey        string `json:"private_key"`
		AccessToken       string `json:"access_token"`
		OAuthAccessToken  string `json:"oauth_access_token"`
		OAuthRefreshToken string `json:"oauth_refresh_token"`
		OIDCToken         string `json:"oidc_token"`
		BearerToken       string `json:"bearer_token"`
	}
	_ = json.Unmarshal(profile, &secrets) // a value of another type is no secret
	return secrets.AccessKeySecret+secrets.PrivateKey+secrets.AccessToken+secrets.OAuthAccessToken+
		secrets.OAuthRefreshToken+secrets.OIDCToken+secrets.BearerToken != ""
}

// jsonFault says what is wrong without the content that encoding/json would quote.
func jsonFault(content []byte, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		before := content[:min(int(syntax.Offset), len(content))]
		return fmt.Errorf("not valid JSON at line %d", bytes.Count(before, []byte("\n"))+1)
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return fmt.Errorf("%s has a value of the wrong type, want %s", kind.Field, jsonType(kind.Type.Kind().String()))
	}
	return errors.New("not the expected JSON object")
}

func jsonType(kind string) string {
	switch {
	case kind == "slice":
		return "array"
	case strings.HasPrefix(kind, "int"):
		return "number"
	case kind == "bool":
		return "boolean"
	default:
		return "string"
	}
}
