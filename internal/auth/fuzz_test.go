package auth

import (
	"strings"
	"testing"
)

// Whatever a file of profiles holds, reading it neither panics nor shows a secret.
func FuzzParseConfigFile(f *testing.F) {
	f.Add(twoProfiles)
	f.Add(`{"current":"a","profiles":[{"name":"a","access_key_secret":["testsecret"]}]}`)
	f.Add("\xef\xbb\xbf{\"profiles\":[testsecret]}")
	f.Add("[default]\ntype = access_key\naccess_key_id = x\naccess_key_secret = testsecret\n")
	f.Add("[a\n=testsecret\n[]\n;\n")
	f.Fuzz(func(t *testing.T, content string) {
		file, err := parseConfigFile("file", []byte(content))
		if err != nil {
			noSecrets(t, err.Error())
			return
		}
		for _, name := range file.names {
			// Names, modes and types are shown on purpose.
			if p, err := file.find(name); err != nil && !strings.Contains(name, testSecret) && !strings.Contains(content, "type") {
				noSecrets(t, err.Error())
			} else if err == nil && p.Name != name {
				t.Errorf("found profile %q under the name %q", p.Name, name)
			}
		}
	})
}

// Whatever a program prints, the answer is complete or an error that does not quote it.
func FuzzParseProgramOutput(f *testing.F) {
	f.Add(goodAnswer)
	f.Add(`{"mode":"StsToken","access_key_id":"a","access_key_secret":"testsecret","sts_token":"testtoken","expiration":"x"}`)
	f.Add(`{"mode":"testsecret"}`)
	f.Fuzz(func(t *testing.T, output string) {
		c, err := parseProgramOutput([]byte(output))
		if err != nil {
			noSecrets(t, err.Error())
		} else if c.AccessKeyID == "" || c.AccessKeySecret.IsEmpty() {
			t.Errorf("accepted incomplete credentials from %q", output)
		}
	})
}

// Every accepted command line has a program, and quoting its words gives them back.
func FuzzSplitCommand(f *testing.F) {
	for _, line := range []string{`tool "a b"'c d'`, `t\`, `"C:\P F\t.exe" g`, "a\\\nb"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, windows := range []bool{false, true} {
			words, err := splitCommand(line, windows)
			if err != nil {
				continue
			}
			if len(words) == 0 || words[0] == "" {
				t.Fatalf("windows %t: accepted %q without a program", windows, line)
			}
			if strings.Contains(line, "'") {
				continue // single quotes cannot be quoted by themselves
			}
			again, err := splitCommand("'"+strings.Join(words, "' '")+"'", windows)
			if err != nil || strings.Join(again, "\x00") != strings.Join(words, "\x00") {
				t.Errorf("windows %t: %q gives %q, which quoted gives %q, %v", windows, line, words, again, err)
			}
		}
	})
}
