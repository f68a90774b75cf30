package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// ExternalArguments is the provider argument external.
type ExternalArguments struct {
	// Command is a line that is split as the CLI splits process_command; Argv is the
	// same as a list. Exactly one is set.
	Command string
	Argv    []string
	// Timeout ends the program; 0 means a minute.
	Timeout time.Duration
}

// externalDisabled forbids programs and credentials URIs, as in the CLI (3.4.3 and later).
const externalDisabled = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS"

const defaultExternalTimeout = time.Minute

// A RunFunc runs a program without a shell and returns what it wrote to its standard
// output. The program and its children end with ctx. Errors never quote its output or
// arguments.
type RunFunc func(ctx context.Context, argv []string) (stdout []byte, err error)

// external runs a program that prints credentials: mode External.
type external struct {
	argv    []string
	timeout time.Duration
	run     RunFunc
	clock   clock.Clock
}

// Credentials implements rpc.CredentialsProvider; each call runs the program.
func (e external) Credentials(ctx context.Context) (rpc.Credentials, error) {
	runCtx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	output, err := e.run(runCtx, e.argv)
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case runCtx.Err() != nil:
		err = fmt.Errorf("no answer within %s", e.timeout)
	}
	var c rpc.Credentials
	if err == nil {
		c, err = parseProgramOutput(output)
	}
	if err != nil {
		return rpc.Credentials{}, fmt.Errorf("program %s: %w", e.argv[0], err)
	}
	if c.Expiration.IsZero() && !c.SecurityToken.IsEmpty() {
		c.Expiration = e.clock.Now().Add(assumedLifetime)
	}
	return c, nil
}

// parseProgramOutput accepts the shape of the CLI documentation ({"mode","access_key_id",
// "access_key_secret","sts_token","expiration"}) and that of a credentials URI.
func parseProgramOutput(output []byte) (rpc.Credentials, error) {
	var out struct {
		Mode            string     `json:"mode"`
		AccessKeyID     string     `json:"access_key_id"`
		AccessKeySecret rpc.Secret `json:"access_key_secret"`
		STSToken        rpc.Secret `json:"sts_token"`
		Expiration      string     `json:"expiration"`
		URIKeyID        string     `json:"AccessKeyId"`
	}
	if json.Unmarshal(output, &out) != nil {
		return rpc.Credentials{}, errors.New("its output is not the expected JSON object")
	}
	if out.URIKeyID != "" {
		return parseAnswer(output)
	}
	switch out.Mode {
	case "", modeAK, modeStsToken:
	default:
		return rpc.Credentials{}, fmt.Errorf("it answered with %s; only %s and %s are accepted", knownMode(out.Mode), modeAK, modeStsToken)
	}
	needed := []setting{{"access_key_id", out.AccessKeyID}, {"access_key_secret", out.AccessKeySecret.Reveal()}}
	if out.Mode == modeStsToken {
		needed = append(needed, setting{"sts_token", out.STSToken.Reveal()})
	}
	if err := missing(needed...); err != nil {
		return rpc.Credentials{}, fmt.Errorf("in its output %w", err)
	}
	if out.Mode == modeAK {
		out.STSToken = rpc.Secret{}
	}
	c := rpc.Credentials{AccessKeyID: out.AccessKeyID, AccessKeySecret: out.AccessKeySecret, SecurityToken: out.STSToken}
	// A program that works with the CLI, which ignores this field, works here too.
	c.Expiration = parseExpiration(out.Expiration)
	return c, nil
}

// knownMode shows a mode only if it is one: anything else is output of the program.
func knownMode(name string) string {
	if slices.ContainsFunc(modes(), func(m mode) bool { return m.name == name }) {
		return "mode " + name
	}
	return "an unknown mode"
}

func (r *resolver) externalSource(argv []string, timeout time.Duration) (*Source, error) {
	if err := r.refuseIfExternalDisabled("a credentials program"); err != nil {
		return nil, err
	}
	if timeout == 0 {
		timeout = defaultExternalTimeout
	}
	return &Source{
		Description: "program " + argv[0],
		Refreshes:   true,
		provider:    Cached(external{argv, timeout, r.Machine.Run, r.Machine.Clock}, r.Machine.Clock),
	}, nil
}

func (r *resolver) refuseIfExternalDisabled(what string) error {
	if r.env.isOn(externalDisabled) {
		return fmt.Errorf("%s forbids %s", externalDisabled, what)
	}
	return nil
}

// externalProfile builds mode External.
func externalProfile(r *resolver, p profile) (*Source, error) {
	argv, err := splitCommand(p.ProcessCommand.Reveal(), r.Machine.Windows)
	if err != nil {
		return nil, fmt.Errorf("process_command: %w", err)
	}
	return r.externalSource(argv, 0)
}

// fromExternalArguments builds the argument external.
func (r *resolver) fromExternalArguments() (*Source, error) {
	a := r.Arguments.External
	argv, err := a.Argv, error(nil)
	switch {
	case a.Command != "" && len(a.Argv) > 0:
		err = errors.New("set it either as a string or as a list")
	case len(a.Argv) == 0:
		argv, err = splitCommand(a.Command, r.Machine.Windows)
	case a.Argv[0] == "":
		err = errEmptyCommand
	}
	if err != nil {
		return nil, fmt.Errorf("command: %w", err)
	}
	if a.Timeout < 0 {
		return nil, errors.New("timeout: must not be negative")
	}
	return r.externalSource(argv, a.Timeout)
}
