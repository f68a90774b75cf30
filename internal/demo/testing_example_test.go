package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAccTestingExample runs the tests of examples/testing as its guide says, and once
// more with a module that grants too little and one that grants too much: then they fail.
func TestAccTestingExample(t *testing.T) {
	t.Parallel()
	environ := acceptance(t)
	terraform, err := findTerraform(environ)
	if err != nil {
		t.Fatal(err)
	}
	built := builtOnce(t)
	mirror := t.TempDir()
	if err := built.mirrorInto(mirror); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ replace, by, want string }{
		"as it is":             {want: "4 passed, 0 failed"},
		"auditors cannot read": {`"AliyunRAMReadOnlyAccess"`, `"AliyunOSSReadOnlyAccess"`, `"an_auditor_reads_users"... fail`},
		"the app reads users":  {`"AliyunSTSAssumeRoleAccess"`, `"AdministratorAccess"`, `"the_application_cannot_read_users"... fail`},
		"other buckets too":    {`"acs:oss:*:*:${var.bucket}/*"`, `"acs:oss:*:*:*"`, "The application can read other buckets."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(filepath.Join(module, "examples", "testing"))); err != nil {
				t.Fatal(err)
			}
			replaceIn(t, filepath.Join(dir, "main.tf"), test.replace, test.by)
			run := func(program string, args ...string) (string, error) {
				command := exec.CommandContext(t.Context(), program, args...)
				command.Dir, command.Env = dir, append(environ, "TF_CLI_CONFIG_FILE=", "CHECKPOINT_DISABLE=1")
				out, err := command.CombinedOutput()
				return string(out), err
			}
			if out, err := run(terraform, "init", "-no-color", "-plugin-dir="+mirror); err != nil {
				t.Fatalf("init: %v\n%s", err, out)
			}
			out, err := run(built.emulator, "exec", "--", terraform, "test", "-no-color")
			if !strings.Contains(out, test.want) || (err == nil) != (test.replace == "") {
				t.Errorf("got %v, want %q in:\n%s", err, test.want, out)
			}
		})
	}
}

func replaceIn(t *testing.T, path, text, by string) {
	t.Helper()
	if text == "" {
		return
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), text) {
		t.Fatalf("%s has no %s", path, text)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(content), text, by)), 0o600); err != nil {
		t.Fatal(err)
	}
}
