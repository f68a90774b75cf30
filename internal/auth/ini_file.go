package auth

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// iniTypes are the types of the SDKs' credentials file (credentials-go 1.4, provider
// "profile"), the mode each one is and the keys it must have.
var iniTypes = map[string]struct {
	mode     string
	required []string
}{
	"access_key":   {modeAK, []string{"access_key_id", "access_key_secret"}},
	"ecs_ram_role": {modeEcsRAMRole, nil},
	"ram_role_arn": {modeRAMRoleArn, []string{"access_key_id", "access_key_secret", "role_arn", "role_session_name"}},
}

// parseINI reads "[section]", "key = value" and comments that begin with # or ;.
func parseINI(path string, content []byte) (*configFile, error) {
	file := &configFile{path: path, current: "default"}
	sections := map[string]map[string]string{}
	var section map[string]string
	for i, line := range strings.Split(string(content), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case line[0] == '[' && line[len(line)-1] == ']':
			section = map[string]string{}
			name := strings.TrimSpace(line[1 : len(line)-1])
			if _, repeated := sections[name]; !repeated {
				sections[name] = section
				file.names = append(file.names, name)
			}
		default:
			key, value, found := strings.Cut(line, "=")
			if !found || section == nil {
				return nil, fmt.Errorf(`%s (read as INI, since it does not begin with "{"): line %d is neither a section nor key = value inside one`, path, i+1)
			}
			key = strings.TrimSpace(key)
			section[key] = strings.TrimSpace(value)
			file.hasSecrets = file.hasSecrets || key == "access_key_secret" && section[key] != ""
		}
	}
	file.find = func(name string) (profile, error) {
		p, err := iniProfile(sections[name])
		if err != nil {
			return profile{}, fmt.Errorf("section [%s] in %s: %w", name, path, err)
		}
		p.Name, p.file = name, file
		return p, nil
	}
	return file, nil
}

func iniProfile(keys map[string]string) (profile, error) {
	kind, known := iniTypes[keys["type"]]
	if !known {
		return profile{}, fmt.Errorf("type %s is not supported; use one of access_key, ecs_ram_role, ram_role_arn", strconv.Quote(keys["type"]))
	}
	required := make([]setting, len(kind.required))
	for i, key := range kind.required {
		required[i] = setting{key, keys[key]}
	}
	if err := missing(required...); err != nil {
		return profile{}, err
	}
	return profile{
		Mode:            kind.mode,
		AccessKeyID:     keys["access_key_id"],
		AccessKeySecret: rpc.NewSecret(keys["access_key_secret"]),
		RAMRoleName:     keys["role_name"],
		RAMRoleARN:      keys["role_arn"],
		RAMSessionName:  keys["role_session_name"],
		Policy:          keys["policy"],
	}, nil
}
