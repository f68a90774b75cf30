package emulator

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestStateFileCarriesTheStateOver(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	before := serve(t, Config{StateFile: path})
	before.root.must(ram, "CreateUser", params{"UserName": "bot", "Comments": "kept"})
	made := before.root.must(ram, "CreateAccessKey", params{"UserName": "bot"})
	key := Key{made.at("AccessKey.AccessKeyId"), made.at("AccessKey.AccessKeySecret")}

	after := serve(t, Config{StateFile: path})
	if got := after.root.must(ram, "GetUser", params{"UserName": "bot"}).at("User.Comments"); got != "kept" {
		t.Errorf("the comments are %q, want kept", got)
	}
	if got := after.as(key).do(ram, "ListUsers", nil); got.Code != "NoPermission" {
		t.Errorf("a key of the last run: got %s, want NoPermission, that is, a signature that holds", got.Code)
	}
	if got := after.as(before.root.key).do(ram, "ListUsers", nil); got.Code != "InvalidAccessKeyId.NotFound" {
		t.Errorf("the root key of the last run: got %s, want InvalidAccessKeyId.NotFound", got.Code)
	}
	elsewhere := serve(t, Config{StateFile: path, Accounts: []string{"1000000000000003"}})
	if got := elsewhere.as(after.root.key).do(ram, "ListUsers", nil); got.Code != "InvalidAccessKeyId.NotFound" {
		t.Errorf("the root key of an account left out of this run: got %s, want InvalidAccessKeyId.NotFound", got.Code)
	}
}

func TestStateFileWarnsAndIsPrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "state.json")
	serve(t, Config{StateFile: path}).root.must(ram, "CreateUser", params{"UserName": "bot"})
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("the file has the mode %o, want 600", got)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	var tokens []json.Token
	for range 3 {
		token, err := decoder.Token()
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	if warning, _ := tokens[2].(string); tokens[1] != "warning" || !strings.Contains(warning, "secrets") {
		t.Errorf("the file begins with %v, want a warning of its secrets", tokens)
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 1 {
		t.Errorf("%d files are left, want the state file alone", len(left))
	}
}

func TestStateFileThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{"damaged": `{"version":1,"sta`, "from the future": `{"version":2}`, "other": `[]`} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := New(Config{StateFile: path}); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got error %v, want one that names %s", name, err, path)
		}
		if text, err := os.ReadFile(path); err != nil || string(text) != content {
			t.Errorf("%s: the file now holds %q (%v)", name, text, err)
		}
	}
	if _, err := New(Config{StateFile: filepath.Join(dir, "no", "such", "directory")}); err == nil {
		t.Error("a state file in no directory was accepted")
	}
}
