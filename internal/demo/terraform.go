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

// configuration is a directory that Terraform (or OpenTofu) works in.
type configuration struct {
	narrator
	stage       *stage
	program     string
	dir         string
	where       string // for people: empty, or " in ak"
	environment []string
	initialised bool
}

// findTerraform takes the one that make chose, else the first on PATH.
func findTerraform(environ []string) (string, error) {
	candidates := []string{"terraform", "tofu"}
	for _, entry := range environ {
		if chosen, ok := strings.CutPrefix(entry, "TF_ACC_TERRAFORM_PATH="); ok && chosen != "" {
			candidates = slices.Insert(candidates, 0, chosen)
		}
	}
	for _, candidate := range candidates {
		if path, err := exec.LookPath(candidate); err == nil {
			return path, nil
		}
	}
	return "", errors.New("neither terraform nor tofu is on PATH; `make demo` fetches one, or install Terraform 1.11 or newer")
}

// configuration is a directory of the walkthrough, "." for its own. More environment
// variables, NAME=value, can be given: an empty value hides one.
func (s *stage) configuration(dir string, environment ...string) *configuration {
	where := ""
	if dir != "." {
		where = " in " + dir
	}
	return &configuration{
		narrator: s.narrator, stage: s, program: s.terraform, where: where,
		dir: s.path("work", dir), environment: append(s.environment(), environment...),
	}
}

// set gives variables, name=value, to the commands from here on. They travel in the
// environment, where no list of processes shows them.
func (c *configuration) set(variables ...string) {
	for _, variable := range variables {
		c.environment = append(c.environment, "TF_VAR_"+variable)
	}
}

// apply applies with the variables, requires that the plan is empty then, and returns the
// outputs.
func (c *configuration) apply(ctx context.Context, variables ...string) (outputs, error) {
	c.set(variables...)
	if !slices.Contains(c.stage.applied, c) {
		c.stage.applied = append(c.stage.applied, c) // a failed apply leaves things too
	}
	if err := c.tell(ctx, "apply", "-auto-approve"); err != nil {
		return nil, err
	}
	if err := c.plan(ctx, "-detailed-exitcode"); err != nil {
		return nil, fmt.Errorf("the plan after the apply is not empty: %w", err)
	}
	c.say("  The plan is empty: what is there is what was asked for.")
	return c.outputs(ctx)
}

// plan runs terraform plan and shows it only if it fails.
func (c *configuration) plan(ctx context.Context, flags ...string) error {
	return c.quietly(ctx, append([]string{"plan", "-no-color"}, flags...)...)
}

// refused applies what the service is expected to refuse, and returns what Terraform said.
func (c *configuration) refused(ctx context.Context) (string, error) {
	err := c.quietly(ctx, "apply", "-auto-approve", "-no-color")
	if err == nil {
		return "", errors.New("terraform apply succeeded, although it should have been refused")
	}
	return err.Error(), nil
}

func (c *configuration) destroy(ctx context.Context) error {
	c.chapter("terraform destroy" + c.where)
	return c.tell(ctx, "destroy", "-auto-approve")
}

// outputs are the outputs of a configuration that are texts.
type outputs map[string]string

func (c *configuration) outputs(ctx context.Context) (outputs, error) {
	out, err := c.command(ctx, "output", "-json").Output()
	if err != nil {
		return nil, fmt.Errorf("terraform output: %w", err)
	}
	var values map[string]struct{ Value any }
	if err := json.Unmarshal(out, &values); err != nil {
		return nil, errors.New("terraform output is not JSON")
	}
	texts := outputs{}
	for name, output := range values {
		if text, ok := output.Value.(string); ok {
			texts[name] = text
		}
	}
	return texts, nil
}

func (c *configuration) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, c.program, args...) //nolint:gosec // the point of the demo
	command.Dir, command.Env = c.dir, c.environment
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	return command
}

// initialise runs terraform init before the first other command.
func (c *configuration) initialise(ctx context.Context) error {
	if c.initialised {
		return nil
	}
	if out, err := c.command(ctx, "init", "-input=false", "-no-color", "-plugin-dir="+c.stage.path("plugins")).CombinedOutput(); err != nil {
		return fmt.Errorf("terraform init: %w\n%s", err, indent(out))
	}
	c.initialised = true
	return nil
}

// quietly runs a command and shows its output only if it fails.
func (c *configuration) quietly(ctx context.Context, args ...string) error {
	if err := c.initialise(ctx); err != nil {
		return err
	}
	if out, err := c.command(ctx, append(args, "-input=false")...).CombinedOutput(); err != nil {
		return fmt.Errorf("terraform %s: %w\n%s", args[0], err, indent(out))
	}
	return nil
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

// tell runs a command and tells its story: what was done, what was warned of, and how
// it ended.
func (c *configuration) tell(ctx context.Context, args ...string) error {
	if err := c.initialise(ctx); err != nil {
		return err
	}
	command := c.command(ctx, append(args, "-input=false", "-json")...)
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
			c.say("  %s %s", marks[e.Hook.Action], e.Hook.Resource.Addr)
		case e.Type == "change_summary":
			c.say("  %s", e.Message)
		case e.Diagnostic.Severity == "error":
			failures = append(failures, e.Diagnostic.Summary+"\n"+e.Diagnostic.Detail)
		case e.Diagnostic.Severity == "warning" && !slices.Contains(warned, e.Diagnostic.Summary):
			warned = append(warned, e.Diagnostic.Summary)
		}
	}
	for _, summary := range warned {
		c.say("  ! warned: %s", summary)
	}
	if err := command.Wait(); err != nil {
		for _, failure := range failures {
			stderr.WriteString(failure + "\n")
		}
		return fmt.Errorf("terraform %s: %w\n%s", args[0], err, indent(stderr.Bytes()))
	}
	return nil
}

// indent puts two spaces before every line.
func indent(text []byte) string {
	return "  " + string(bytes.ReplaceAll(bytes.TrimSpace(text), []byte("\n"), []byte("\n  ")))
}
