package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEditProfile(t *testing.T) {
	t.Parallel()
	edits := []edit{{"token", `new "1"`}, {"expire", int64(7)}}
	for name, test := range map[string]struct{ before, after string }{
		"a value is replaced in its place": {
			`{"profiles":[{"token":"old","name":"me","expire":1,"x":[1, 2 ]}]}`,
			`{"profiles":[{"token":"new \"1\"","name":"me","expire":7,"x":[1, 2 ]}]}`,
		},
		"new keys go to the end": {
			`{"profiles":[{"name":"me"}]}`,
			`{"profiles":[{"name":"me","token":"new \"1\"","expire":7}]}`,
		},
		"new keys look like the CLI's own": {
			"{\n\t\"profiles\": [\n\t\t{\n\t\t\t\"name\": \"me\",\n\t\t\t\"mode\": \"OAuth\"\n\t\t}\n\t]\n}\n",
			"{\n\t\"profiles\": [\n\t\t{\n\t\t\t\"name\": \"me\",\n\t\t\t\"mode\": \"OAuth\",\n\t\t\t\"token\": \"new \\\"1\\\"\",\n\t\t\t\"expire\": 7\n\t\t}\n\t]\n}\n",
		},
		"carriage returns and the byte order mark stay": {
			"\xef\xbb\xbf{\r\n  \"profiles\" : [ {\r\n    \"name\" : \"me\",\r\n    \"token\" : null\r\n  } ]\r\n}",
			"\xef\xbb\xbf{\r\n  \"profiles\" : [ {\r\n    \"name\" : \"me\",\r\n    \"token\" : \"new \\\"1\\\"\",\r\n    \"expire\" : 7\r\n  } ]\r\n}",
		},
		"other profiles and unknown keys stay as they are": {
			`{"meta_path":"\u0041\/","profiles":[ {"name":"other","token":"old","n":1.50e+3},{"name":"me","token":"","expire":0,"odd":{"name":"me"}} , 5],"current":"me" , "more":{"profiles":[]}}`,
			`{"meta_path":"\u0041\/","profiles":[ {"name":"other","token":"old","n":1.50e+3},{"name":"me","token":"new \"1\"","expire":7,"odd":{"name":"me"}} , 5],"current":"me" , "more":{"profiles":[]}}`,
		},
		"of two profiles with the name the first": {
			`{"profiles":[{"name":"me","token":"a","expire":1},{"name":"me","token":"b"}]}`,
			`{"profiles":[{"name":"me","token":"new \"1\"","expire":7},{"name":"me","token":"b"}]}`,
		},
		"every spelling that encoding/json takes for the key": {
			`{"Profiles":[{"NAME":"me","Token":"a","token":"b","TOKEN":"c","expire":1}]}`,
			`{"Profiles":[{"NAME":"me","Token":"new \"1\"","token":"new \"1\"","TOKEN":"new \"1\"","expire":7}]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := editProfile([]byte(test.before), "me", edits)
			if diff := cmp.Diff(test.after, string(got)); err != nil || diff != "" {
				t.Errorf("error %v, text (-want +got):\n%s", err, diff)
			}
		})
	}
	for name, before := range map[string]string{
		"no such profile":     `{"profiles":[{"name":"other"}]}`,
		"no profiles":         `{"current":"me"}`,
		"profiles no array":   `{"profiles":{"name":"testsecret"}}`,
		"not JSON":            `testsecret`,
		"cut off":             `{"profiles":[{"name":"me","token":"testsecret"`,
		"an array at the top": `[{"name":"me"}]`,
	} {
		if got, err := editProfile([]byte(before), "me", edits); err == nil {
			t.Errorf("%s: got %s, want an error", name, got)
		} else {
			noSecrets(t, err.Error())
		}
	}
}

// Whatever the file holds, an edit changes the keys it is for and no other byte.
func FuzzWriteBack(f *testing.F) {
	f.Add(twoProfiles, "dev", "token")
	f.Add("\xef\xbb\xbf{\r\n\t\"profiles\" : [ { \"name\" : \"a\" , \"x\":[{}] } ] } ", "a", "\x00\"\u2028<>")
	f.Add(`{"PROFILES":[{}, 1, {"name":"b","name":"a","OAuth_Access_Token":{"a":null}}],"profiles":[{"name":"a"}]}`, "a", "")
	f.Add(` , "Oauth_access_token" : { } },{"name":"b"`, "a", "t")
	f.Add(`{"profiles":[{"n\u0061me":"\ud800","oauth_access_token_expire":"x"}]}`, "\ufffd", "t")
	f.Fuzz(func(t *testing.T, before, name, token string) {
		token = strings.ToValidUTF8(token, "")
		keys := []string{"oauth_access_token", "oauth_access_token_expire"}
		if !json.Valid([]byte(strings.TrimPrefix(before, byteOrderMark))) { // perhaps the inside of a profile
			quoted, _ := json.Marshal(name)
			before = `{"profiles":[{},{"name":` + string(quoted) + before + `}]}`
		}
		file, err := parseConfigFile("file", []byte(before))
		if err != nil || !file.isJSON || !slices.Contains(file.names, name) {
			return
		}
		after, err := editProfile([]byte(before), name, []edit{{keys[0], token}, {keys[1], int64(5)}})
		if err != nil {
			if p, foundErr := file.find(name); foundErr == nil && p.Name != "" {
				t.Fatalf("%q: %v", before, err)
			}
			return
		}
		file, err = parseConfigFile("file", after)
		if err != nil {
			t.Fatalf("%q became %q: %v", before, after, err)
		}
		if p, err := file.find(name); err == nil && (p.OAuthAccessToken.Reveal() != token || p.OAuthAccessTokenExpire != 5) {
			t.Errorf("%q became %q, where the token is %q until %d", before, after, p.OAuthAccessToken.Reveal(), p.OAuthAccessTokenExpire)
		}
		start, old, err := findProfileText([]byte(before), name)
		if err != nil {
			t.Fatal(err)
		}
		changed := after[start : len(after)-(len(before)-start-len(old))]
		if string(after[:start]) != before[:start] || string(after[start+len(changed):]) != before[start+len(old):] {
			t.Errorf("%q became %q: bytes outside the profile changed", before, after)
		}
		if got, want := without(t, changed, keys), without(t, old, keys); !bytes.Equal(got, want) {
			t.Errorf("%q became %q: without the edited values %q, want %q", old, changed, got, want)
		}
	})
}

// without cuts the values of some keys out of an object, and members that were added.
func without(t *testing.T, object []byte, keys []string) []byte {
	t.Helper()
	all, err := members(object)
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	copied := 0
	for i, m := range all {
		if !slices.ContainsFunc(keys, func(key string) bool { return strings.EqualFold(key, m.key) }) {
			continue
		}
		// From the end of the value before, so that an added member leaves no trace.
		from := 1
		if i > 0 {
			from = all[i-1].end
		}
		out, copied = append(out, object[copied:max(from, copied)]...), m.end
	}
	return append(out, object[copied:]...)
}

func writeFile(t *testing.T, path, content string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
}

func TestReplaceFile(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("permissions and symbolic links are not like that on Windows")
	}
	for name, mode := range map[string]fs.FileMode{"private": 0o600, "shared with a group": 0o640, "new": 0} {
		directory := t.TempDir()
		target := filepath.Join(directory, "real.json")
		if mode != 0 {
			writeFile(t, target, "old", mode)
		}
		link := filepath.Join(directory, "config.json")
		if mode != 0 {
			if err := os.Symlink("real.json", link); err != nil {
				t.Fatal(err)
			}
		} else {
			link, mode = target, 0o600
		}
		if err := replaceFile(link, []byte("new")); err != nil {
			t.Fatal(err)
		}
		content, _ := os.ReadFile(target)
		info, err := os.Lstat(target)
		if err != nil || string(content) != "new" || info.Mode() != mode {
			t.Errorf("%s: file holds %q with mode %v, %v, want \"new\" with %v", name, content, info.Mode(), err, mode)
		}
		if info, err := os.Lstat(link); err != nil || link != target && info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s: %v, mode %v, want a symbolic link", name, err, info.Mode())
		}
		if left := onlyIn(t, directory, "real.json", "config.json"); len(left) > 0 {
			t.Errorf("%s: left behind %q", name, left)
		}
	}
}

func TestReplaceFileThatCannotBe(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	path := filepath.Join(directory, "config.json")
	writeFile(t, path, "old", 0o400)
	if err := replaceFile(path, []byte("new")); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a read-only file: %v, want %v", err, fs.ErrPermission)
	}
	if content, _ := os.ReadFile(path); string(content) != "old" {
		t.Errorf("the file holds %q, want %q", content, "old")
	}
	if err := replaceFile(filepath.Join(directory, "none", "config.json"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no directory: %v, want %v", err, fs.ErrNotExist)
	}
	if left := onlyIn(t, directory, "config.json"); len(left) > 0 {
		t.Errorf("left behind %q", left)
	}
}

// onlyIn returns the names in a directory that should not be there.
func onlyIn(t *testing.T, directory string, expected ...string) []string {
	t.Helper()
	entries, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	var others []string
	for _, e := range entries {
		if !slices.Contains(expected, e.Name()) {
			others = append(others, e.Name())
		}
	}
	return others
}

// The profile that is edited is the one that is read.
func TestEditedProfileIsTheOneRead(t *testing.T) {
	t.Parallel()
	content := []byte(`{"profiles":[{"name":"dev","mode":"AK"}],"profiles":[{"name":"x"},{"name":"dev","mode":"OAuth"}]}`)
	edited, err := editProfile(content, "dev", []edit{{"oauth_refresh_token", testToken}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := parseProfile("file", edited, "dev")
	if err != nil || p.OAuthRefreshToken.Reveal() != testToken || p.Mode != "OAuth" || !json.Valid(edited) {
		t.Errorf("got a profile of mode %s with the token: %t, %v", p.Mode, !p.OAuthRefreshToken.IsEmpty(), err)
	}
}
