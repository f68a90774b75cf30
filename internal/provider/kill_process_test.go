//go:build unix

package provider_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

const killedConfig = `
terraform {
  required_providers {
    ram = { source = "ramprovider/ram" }
  }
}

variable "rotation" { default = "1" }

provider "ram" {
  endpoints         = { ram = "%[1]s", ims = "%[1]s", sts = "%[1]s", resource_manager = "%[1]s" }
  access_key_id     = "%[2]s"
  access_key_secret = "%[3]s"
  plaintext_secrets = "allow"
}

resource "ram_user" "ci" {
  name = "ci"
}
resource "ram_user_policy_attachment" "ci" {
  user_name   = ram_user.ci.name
  policy_name = "AliyunOSSReadOnlyAccess"
  policy_type = "System"
}
resource "ram_access_key" "ci" {
  user_name           = ram_user.ci.name
  rotate_when_changed = { n = var.rotation }
  lifecycle { create_before_destroy = true }
}
`

// TestAccKilledProcesses kills a real Terraform and its provider with SIGKILL at the n-th
// call of a create, of a rotation and of a destroy, for every n there is; TestKillMatrix
// does so for every resource within the process. The service carries that call out. Each
// time a person applies again and follows the advice, and there is then what the
// configuration says; of what nobody can know, a message has named everything.
func TestAccKilledProcesses(t *testing.T) {
	t.Parallel()
	binary := buildProvider(t)
	made := newKilledRun(t, binary).lead(0)
	t.Logf("create, rotation and destroy make %d calls", made)
	for call := 1; call <= slices.Max(made); call++ {
		t.Run(fmt.Sprintf("call %d", call), func(t *testing.T) {
			t.Parallel()
			newKilledRun(t, binary).lead(call)
		})
	}
}

// killedRun is a working directory, and the service that kills who works in it.
type killedRun struct {
	t      *testing.T
	env    *acctest.Env
	home   string
	work   string
	output strings.Builder

	mu      sync.Mutex
	calls   int
	killAt  int
	command *exec.Cmd
}

func newKilledRun(t *testing.T, binary string) *killedRun {
	t.Helper()
	env := acctest.New(t)
	env.Clock.Advance(time.Since(acctest.Start)) // the provider's process has the real time
	r := &killedRun{t: t, env: env, home: t.TempDir(), work: t.TempDir()}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	write := func(path, text string) { acctest.Must(t, os.WriteFile(path, []byte(text), 0o600)) }
	write(filepath.Join(r.work, "main.tf"), fmt.Sprintf(killedConfig, server.URL, env.Admin.ID, env.Admin.Secret))
	write(filepath.Join(r.home, "terraformrc"), fmt.Sprintf("provider_installation {\n  dev_overrides { \"ramprovider/ram\" = %q }\n  direct {}\n}\n", binary))
	return r
}

// ServeHTTP implements http.Handler.
func (r *killedRun) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	r.calls++
	kills := r.calls == r.killAt
	if kills {
		if err := syscall.Kill(-r.command.Process.Pid, syscall.SIGKILL); err != nil {
			r.t.Errorf("kill: %v", err)
		}
	}
	late := r.killAt > 0 && r.calls > r.killAt // sent just before the kill
	r.mu.Unlock()
	switch {
	case !kills && !late:
		r.env.Emulator.ServeHTTP(w, req)
		return
	case kills:
		r.env.Emulator.ServeHTTP(httptest.NewRecorder(), req)
	}
	panic(http.ErrAbortHandler)
}

// lead creates, rotates and destroys, each killed at the call of this number (0 for
// never), and returns how many calls each made.
func (r *killedRun) lead(killAt int) (calls []int) {
	r.t.Helper()
	for _, arguments := range [][]string{
		{"apply", "-var=rotation=1"}, {"apply", "-var=rotation=2"}, {"destroy", "-var=rotation=2"},
	} {
		made, done := r.terraform(killAt, arguments...)
		for range 4 {
			r.followAdvice()
			if done {
				break
			}
			_, done = r.terraform(0, arguments...)
		}
		if !done {
			r.t.Fatalf("terraform %s: no success in five runs:\n%s", arguments[0], r.output.String())
		}
		r.requireReached(arguments[0] == "apply")
		r.output.Reset()
		calls = append(calls, made)
	}
	return calls
}

// terraform runs a command in a process group of its own, and says how many calls it made
// and whether it succeeded. It works on one resource at a time: Terraform does not replace
// its state file but writes into it, so a kill while another resource is being recorded
// would leave an empty state, which no provider can do anything about.
func (r *killedRun) terraform(killAt int, arguments ...string) (calls int, done bool) {
	r.t.Helper()
	command := exec.CommandContext(r.t.Context(), terraformPath(r.t), append(arguments, "-no-color", "-auto-approve", "-parallelism=1")...)
	command.Dir = r.work
	command.Env = []string{
		"PATH=" + variable("PATH"), "HOME=" + r.home, "TF_CLI_CONFIG_FILE=" + filepath.Join(r.home, "terraformrc"),
		"CHECKPOINT_DISABLE=1", "TF_INPUT=0", "ALIBABA_CLOUD_ECS_METADATA_DISABLED=true",
	}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	output := &strings.Builder{}
	command.Stdout, command.Stderr = output, output

	r.mu.Lock()
	r.calls, r.killAt, r.command = 0, killAt, command
	err := command.Start()
	r.mu.Unlock()
	acctest.Must(r.t, err)
	err = command.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	killed := killAt > 0 && r.calls >= killAt
	r.killAt = 0
	status, ok := command.ProcessState.Sys().(syscall.WaitStatus)
	if killed && (!ok || status.Signal() != syscall.SIGKILL) {
		r.t.Errorf("terraform %s ended with %v, want it killed at call %d", arguments[0], err, killAt)
	}
	r.output.WriteString(output.String())
	return r.calls, err == nil
}

var importAdvice = regexp.MustCompile(`import \{\s+to = (ram_\w+)\.<name of the resource>\s+id = "([^"]+)"\s+\}`)

// followAdvice does what a person does who reads the messages: it deletes the keys that
// they name and the state does not hold, and imports what they say is there already.
func (r *killedRun) followAdvice() {
	r.t.Helper()
	for _, id := range r.orphans() {
		if strings.Contains(r.output.String(), id) {
			ref := ramclient.AccessKeyRef{UserPrincipalName: r.env.PrincipalName("ci"), AccessKeyID: id}
			acctest.Must(r.t, r.env.Client.UpdateAccessKey(r.t.Context(), ref, ramclient.AccessKeyInactive))
			acctest.Must(r.t, r.env.Client.DeleteAccessKey(r.t.Context(), ref))
		}
	}
	for i, advice := range importAdvice.FindAllStringSubmatch(r.output.String(), -1) {
		block := fmt.Sprintf("import {\n  to = %s.ci\n  id = %q\n}\n", advice[1], advice[2])
		acctest.Must(r.t, os.WriteFile(filepath.Join(r.work, fmt.Sprintf("import%d.tf", i)), []byte(block), 0o600))
	}
}

// orphans are the keys of the user that the state does not hold.
func (r *killedRun) orphans() []string {
	r.t.Helper()
	state, err := os.ReadFile(filepath.Join(r.work, "terraform.tfstate"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.t.Fatal(err)
	}
	var ids []string
	for _, key := range r.keys() {
		if !strings.Contains(string(state), key.AccessKeyID) {
			ids = append(ids, key.AccessKeyID)
		}
	}
	return ids
}

// requireReached fails the test unless the user has just the key in state, or is gone if
// it is to be.
func (r *killedRun) requireReached(exists bool) {
	r.t.Helper()
	if orphans := r.orphans(); len(orphans) > 0 {
		r.t.Errorf("keys that are not in the state, and that nobody named: %v\n%s", orphans, r.output.String())
	}
	if keys := r.keys(); exists && (len(keys) != 1 || keys[0].Status != ramclient.AccessKeyActive) || !exists && len(keys) > 0 {
		r.t.Errorf("the user has the keys %v", keys)
	}
	_, err := r.env.Client.GetUser(r.t.Context(), ramclient.GetUserInput{UserPrincipalName: r.env.PrincipalName("ci")})
	if exists && err != nil || !exists && !ramclient.IsNotFound(err) {
		r.t.Errorf("the user: got %v, want it to exist: %t\n%s", err, exists, r.output.String())
	}
	grants, err := r.env.Client.ListPoliciesForUser(r.t.Context(), "ci")
	if exists && (err != nil || len(grants) != 1) || !exists && !ramclient.IsNotFound(err) {
		r.t.Errorf("the user's policies: got %v, %v", grants, err)
	}
}

func (r *killedRun) keys() []ramclient.AccessKey {
	r.t.Helper()
	keys, err := r.env.Client.ListAccessKeys(r.t.Context(), r.env.PrincipalName("ci"))
	if ramclient.IsNotFound(err) {
		return nil
	}
	acctest.Must(r.t, err)
	return keys
}
