package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// terraform runs the Terraform (or OpenTofu) at hand in the demo's directory.
type terraform struct {
	path        string
	dir         string
	environment []string
}

// find takes the one that make chose, else the first on PATH.
func (t *terraform) find(environ []string) error {
	candidates := []string{"terraform", "tofu"}
	for _, entry := range environ {
		if chosen, ok := strings.CutPrefix(entry, "TF_ACC_TERRAFORM_PATH="); ok && chosen != "" {
			candidates = slices.Insert(candidates, 0, chosen)
		}
	}
	for _, candidate := range candidates {
		if path, err := exec.LookPath(candidate); err == nil {
			t.path = path
			return nil
		}
	}
	return errors.New("neither terraform nor tofu is on PATH; `make demo` fetches one, or install Terraform 1.11 or newer")
}

func (t terraform) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, t.path, args...) //nolint:gosec // the point of the demo
	command.Dir, command.Env = t.dir, t.environment
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	return command
}

// run runs a command and shows its output only if it fails.
func (t terraform) run(ctx context.Context, args ...string) error {
	if out, err := t.command(ctx, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("terraform %s: %w\n%s", args[0], err, indent(out))
	}
	return nil
}

func (t terraform) apply(ctx context.Context, variables ...string) error {
	return t.follow(ctx, append([]string{"apply", "-auto-approve", "-input=false", "-json"}, variables...)...)
}

func (t terraform) destroy(ctx context.Context, variables ...string) error {
	return t.follow(ctx, append([]string{"destroy", "-auto-approve", "-input=false", "-json"}, variables...)...)
}

// event is one line of Terraform's machine-readable output.
type event struct {
	Message string `json:"@message"`
	Type    string `json:"type"`
	Hook    struct {
		Resource struct{ Addr string } `json:"resource"`
		Action   string                `json:"action"`
	} `json:"hook"`
	Diagnostic struct {
		Severity string `json:"severity"`
		Summary  string `json:"summary"`
		Detail   string `json:"detail"`
	} `json:"diagnostic"`
}

// marks are how the demo shows what Terraform did.
var marks = map[string]string{"create": "+", "update": "~", "delete": "-", "read": "<"}

// follow runs a command and tells its story: what was done, what was warned of, and how
// it ended.
func (t terraform) follow(ctx context.Context, args ...string) error {
	command := t.command(ctx, args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	var failures, warned []string
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue
		}
		switch {
		case e.Type == "apply_complete":
			say("  %s %s", marks[e.Hook.Action], e.Hook.Resource.Addr)
		case e.Type == "change_summary":
			say("  %s", e.Message)
		case e.Diagnostic.Severity == "error":
			failures = append(failures, e.Diagnostic.Summary+"\n"+e.Diagnostic.Detail)
		case e.Diagnostic.Severity == "warning" && !slices.Contains(warned, e.Diagnostic.Summary):
			warned = append(warned, e.Diagnostic.Summary)
		}
	}
	for _, summary := range warned {
		say("  ! warned: %s", summary)
	}
	if err := command.Wait(); err != nil {
		for _, failure := range failures {
			stderr.WriteString(failure + "\n")
		}
		return fmt.Errorf("terraform %s: %w\n%s", args[0], err, indent(stderr.Bytes()))
	}
	return nil
}

// results are the outputs of the walkthrough.
type results struct{ RoleARN, AccessKeyID, AccessKeySecret string }

func (t terraform) outputs(ctx context.Context) (results, error) {
	out, err := t.command(ctx, "output", "-json").Output()
	if err != nil {
		return results{}, fmt.Errorf("terraform output: %w", err)
	}
	var values map[string]struct{ Value string }
	if err := json.Unmarshal(out, &values); err != nil {
		return results{}, errors.New("terraform output is not JSON")
	}
	return results{values["role_arn"].Value, values["access_key_id"].Value, values["access_key_secret"].Value}, nil
}
