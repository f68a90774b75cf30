package provider_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// A real Terraform and a provider in a process of its own work with secrets in every
// place that can hold one, while Terraform logs all it can. Then everything that they
// wrote is searched: credentials must be nowhere, the secrets of AccessKeys that were
// created only in the state, in the attribute `secret`.

func TestAccSecrets_areNowhereButInTheState(t *testing.T) {
	t.Parallel()
	binary := buildProvider(t)
	places := secretPlaces()
	maps.Copy(places, modeSecretPlaces())
	for name, prepare := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSecretRun(t, binary)
			prepare(t, s)
			s.lifeOfAKey()
			s.search()
		})
	}
	for name, address := range map[string]string{
		"in a proxy that refuses":      "http://me:planted-proxy-password@127.0.0.1:9",
		"in a proxy that is malformed": "http://me:planted-proxy-password@127.0.0.1:port",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSecretRun(t, binary)
			s.plant("planted-proxy-password", s.env.Admin.Secret)
			s.variables = map[string]string{
				"HTTPS_PROXY":                 address,
				"ALIBABA_CLOUD_ACCESS_KEY_ID": s.env.Admin.ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": s.env.Admin.Secret,
			}
			s.endpoint = "https://ram.invalid"
			s.block = "max_retries = 0"
			s.start()
			s.terraform(1, "apply", "-no-color", "-auto-approve")
			s.search()
		})
	}
}

// secretPlaces are the places that can hold credentials of the provider.
func secretPlaces() map[string]func(*testing.T, *secretRun) {
	const proxyPassword = "planted-proxy-password"
	return map[string]func(*testing.T, *secretRun){
		"in the provider block": func(t *testing.T, s *secretRun) {
			t.Helper()
			held := assume(t, s.env)
			s.plant(held.secret, held.token, proxyPassword, "planted-unused-secret")
			s.variables = map[string]string{
				"TF_VAR_id": held.id, "TF_VAR_secret": held.secret, "TF_VAR_token": held.token,
				"TF_VAR_proxy":                    "http://me:" + proxyPassword + "@127.0.0.1:9",
				"ALIBABA_CLOUD_ACCESS_KEY_ID":     "LTAIexample000000000001",
				"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "planted-unused-secret",
			}
			s.block = `access_key_id = var.id
  access_key_secret = var.secret
  security_token = var.token
  http_proxy = var.proxy`
		},
		"in the environment": func(t *testing.T, s *secretRun) {
			t.Helper()
			held := assume(t, s.env)
			s.plant(held.secret, held.token, proxyPassword)
			s.variables = map[string]string{
				"ALIBABA_CLOUD_ACCESS_KEY_ID": held.id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": held.secret, "ALIBABA_CLOUD_SECURITY_TOKEN": held.token,
				"HTTPS_PROXY": "http://me:" + proxyPassword + "@127.0.0.1:port", "HTTP_PROXY": "http://me:" + proxyPassword + "@127.0.0.1:9",
			}
		},
		"in a profile whose role is assumed": func(t *testing.T, s *secretRun) {
			t.Helper()
			assume(t, s.env)
			s.plant(s.env.Admin.Secret)
			s.profile = fmt.Sprintf(`{"current":"prod","profiles":[{"name":"prod","mode":"RamRoleArn","access_key_id":%q,"access_key_secret":%q,`+
				`"ram_role_arn":"acs:ram::%s:role/operator","ram_session_name":"ci"}]}`, s.env.Admin.ID, s.env.Admin.Secret, s.env.AccountID)
			s.block, s.loseAnswer = `profile = "prod"`, true
		},
	}
}

const secretConfig = `
terraform {
  required_providers {
    ram = { source = "ramprovider/ram" }
  }
}

variable "id" {
  type      = string
  default   = null
  ephemeral = true
}
variable "secret" {
  type      = string
  default   = null
  ephemeral = true
}
variable "token" {
  type      = string
  default   = null
  ephemeral = true
}
variable "proxy" {
  type      = string
  default   = null
  ephemeral = true
}
variable "rotation" { default = "1" }
variable "roles" { default = 0 }

provider "ram" {
  endpoints = { ram = "%[1]s", ims = "%[1]s", sts = "%[1]s", resource_manager = "%[1]s" }
  %[2]s
}

resource "ram_user" "ci" {
  name = "ci"
}
resource "ram_access_key" "ci" {
  user_name           = ram_user.ci.name
  rotate_when_changed = { n = var.rotation }
}
resource "ram_role" "fails" {
  count                       = var.roles
  name                        = "fails"
  assume_role_policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ecs.aliyuncs.com"] } }] })
}
`

// secretRun is one working directory of Terraform and all that was said in it.
type secretRun struct {
	t      *testing.T
	env    *acctest.Env
	issued *issuedSecrets
	// loseAnswer loses the answer to a create; finding out takes ten seconds.
	loseAnswer bool
	endpoint   string
	config     string            // of Terraform; the endpoint and the block are filled in
	block      string            // more lines of the provider block
	profile    string            // ~/.aliyun/config.json
	variables  map[string]string // of the environment
	binary     string            // directory of the provider
	home       string            // what is in here, the test wrote
	work       string            // what is in here but the configuration, Terraform wrote
	log        string
	output     bytes.Buffer
	planted    []string
}

func newSecretRun(t *testing.T, binary string) *secretRun {
	t.Helper()
	env := acctest.New(t)
	env.Clock.Advance(time.Since(acctest.Start)) // the provider's process has the real time
	issued := &issuedSecrets{emulator: env.Emulator}
	server := httptest.NewServer(issued)
	t.Cleanup(server.Close)
	return &secretRun{
		t: t, env: env, issued: issued, endpoint: server.URL, config: secretConfig, binary: binary,
		home: t.TempDir(), work: t.TempDir(), log: filepath.Join(t.TempDir(), "trace.log"),
	}
}

func (s *secretRun) plant(secrets ...string) { s.planted = append(s.planted, secrets...) }

func (s *secretRun) start() {
	s.t.Helper()
	write := func(path, text string) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			s.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	write(filepath.Join(s.work, "main.tf"), fmt.Sprintf(s.config, s.endpoint, s.block))
	write(filepath.Join(s.home, "terraformrc"), fmt.Sprintf("provider_installation {\n  dev_overrides { \"ramprovider/ram\" = %q }\n  direct {}\n}\n", s.binary))
	if s.profile != "" {
		write(filepath.Join(s.home, ".aliyun", "config.json"), s.profile)
	}
}

// lifeOfAKey creates, rotates and destroys a key, with failures in between.
func (s *secretRun) lifeOfAKey() {
	s.t.Helper()
	s.start()
	s.terraform(0, "plan", "-no-color", "-out=first.plan")
	s.terraform(0, "show", "-no-color", "-json", "first.plan")
	s.terraform(0, "apply", "-no-color", "-auto-approve", "first.plan")

	if s.loseAnswer { // cut in the middle, so that the secret of the second key is lost
		s.env.Emulator.Fail("CreateAccessKey", emulator.TruncatedBody())
	}
	s.terraform(0, "apply", "-no-color", "-auto-approve", "-var=rotation=2")

	// The service repeats the request in its answer.
	s.env.Emulator.Fail("CreateRole", emulator.Refuse(http.StatusBadRequest, "SignatureDoesNotMatch", "string to sign is: planted-message"))
	s.plant("planted-message")
	s.terraform(1, "apply", "-no-color", "-auto-approve", "-var=rotation=2", "-var=roles=1")
	s.terraform(0, "destroy", "-no-color", "-auto-approve", "-var=rotation=2")

	if got := len(s.issued.created()); got < 2 {
		s.t.Errorf("the provider was given the secrets of %d keys, want 2 at least: nothing was tested", got)
	}
}

// terraform runs a command and keeps what it says. The environment is only what is
// listed here.
func (s *secretRun) terraform(wantExit int, arguments ...string) {
	s.t.Helper()
	command := exec.CommandContext(s.t.Context(), terraformPath(s.t), arguments...)
	command.Dir = s.work
	command.Env = []string{
		"PATH=" + variable("PATH"), "HOME=" + s.home, "USERPROFILE=" + s.home,
		"TF_CLI_CONFIG_FILE=" + filepath.Join(s.home, "terraformrc"), "CHECKPOINT_DISABLE=1", "TF_INPUT=0",
		"TF_LOG=TRACE", "TF_LOG_PATH=" + s.log, "ALIBABA_CLOUD_ECS_METADATA_DISABLED=true",
	}
	for name, value := range s.variables {
		command.Env = append(command.Env, name+"="+value)
	}
	output, err := command.CombinedOutput()
	s.output.Write(output)
	if got := command.ProcessState.ExitCode(); got != wantExit {
		s.t.Fatalf("terraform %s ended with %d (%v), want %d:\n%s", arguments[0], got, err, wantExit, output)
	}
}

// search looks for the planted credentials and the issued secrets in all that was said
// and written.
func (s *secretRun) search() {
	s.t.Helper()
	written := map[string]string{"the output": s.output.String(), "the log": readFile(s.t, s.log)}
	if len(written["the log"]) < 10_000 {
		s.t.Errorf("the log has only %d bytes: nothing was tested", len(written["the log"]))
	}
	err := filepath.WalkDir(s.work, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Base(path) == "main.tf" {
			return err
		}
		maps.Copy(written, unpacked(s.t, path))
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	for name, text := range written {
		for _, secret := range append(s.issued.all(), s.planted...) {
			if secret == "" {
				s.t.Fatal("an empty text is no secret to look for")
			}
			if at := strings.Index(text, secret); at >= 0 {
				s.t.Errorf("%s shows a secret: …%s<here>", filepath.Base(name), text[max(0, at-120):at])
			}
		}
	}
}

// unpacked is what a file says: for a state without the attribute `secret`, which is
// the one place for it, but with private state decoded; for a saved plan its parts.
func unpacked(t *testing.T, path string) map[string]string {
	t.Helper()
	text := readFile(t, path)
	if strings.HasPrefix(text, "PK") {
		parts := map[string]string{}
		archive, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.File {
			part, err := file.Open()
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(part)
			if err != nil {
				t.Fatal(err)
			}
			parts[path+":"+file.Name] = string(content)
		}
		return parts
	}
	if strings.Contains(filepath.Base(path), ".tfstate") {
		return map[string]string{path: stateWithoutSecret(t, text)}
	}
	return map[string]string{path: text}
}

func stateWithoutSecret(t *testing.T, text string) string {
	t.Helper()
	var state struct {
		Resources []struct {
			Type      string
			Instances []struct {
				Attributes map[string]any
				Private    []byte
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &state); err != nil {
		t.Fatal(err)
	}
	var rest strings.Builder
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			if resource.Type == "ram_access_key" {
				delete(instance.Attributes, "secret")
			}
			fmt.Fprintf(&rest, "%s %v %s\n", resource.Type, instance.Attributes, instance.Private)
		}
	}
	return rest.String()
}

// issuedSecrets serves the emulator and keeps what its answers give away.
type issuedSecrets struct {
	emulator http.Handler
	mu       sync.Mutex
	sessions []string
	keys     []string
}

var secretInAnswer = regexp.MustCompile(`(?i)"(?:AccessKeySecret|SecurityToken|access_token|refresh_token)":\s*"([^"]+)"`)

func (i *issuedSecrets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kept := &keeping{ResponseWriter: w}
	defer func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		for _, match := range secretInAnswer.FindAllStringSubmatch(kept.body.String(), -1) {
			if r.Header.Get("X-Acs-Action") == "CreateAccessKey" {
				i.keys = append(i.keys, match[1])
			} else {
				i.sessions = append(i.sessions, match[1])
			}
		}
	}()
	i.emulator.ServeHTTP(kept, r)
}

func (i *issuedSecrets) created() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]string(nil), i.keys...)
}

func (i *issuedSecrets) all() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append(append([]string(nil), i.keys...), i.sessions...)
}

// keeping keeps a copy of what is answered.
type keeping struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (k *keeping) Write(text []byte) (int, error) {
	k.body.Write(text)
	return k.ResponseWriter.Write(text)
}

// Unwrap lets the emulator break connections.
func (k *keeping) Unwrap() http.ResponseWriter { return k.ResponseWriter }

// buildProvider builds the provider as its users run it and returns the directory.
func buildProvider(t *testing.T) string {
	t.Helper()
	terraformPath(t)
	directory := t.TempDir()
	name := "terraform-provider-ram"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(directory, name), "../..")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return directory
}

// terraformPath finds the CLI as the acceptance tests do; without TF_ACC it skips.
func terraformPath(t *testing.T) string {
	t.Helper()
	if variable("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1")
	}
	if path := variable("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	path, err := exec.LookPath("terraform")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// variable reads the environment of the test itself.
func variable(name string) string {
	value, _ := auth.ThisMachine().Lookup(name)
	return value
}
