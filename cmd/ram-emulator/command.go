package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/alecthomas/kong"

	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// process is the world as the commands see it.
type process struct {
	args           []string // without the program's name
	environ        []string // NAME=value
	stdin          io.Reader
	stdout, stderr io.Writer
	signals        <-chan os.Signal
	terminal       bool // stdin is a terminal, which itself signals every process on it
	tempDir        string
}

type commandLine struct {
	Serve serveCommand `cmd:"" help:"Serve until interrupted. Prints the endpoint and where the credentials are."`
	Exec  execCommand  `cmd:"" help:"Run a command against a fresh emulator, cut off from any real account: ram-emulator exec -- terraform test"`
	Token tokenCommand `cmd:"" help:"Print an OpenID Connect token made by a running emulator, as a CI job gets one. Needs the environment that serve prints and exec sets."`
	Login loginCommand `cmd:"" help:"Log an identity in through official-cli and write the profile to a new config.json. Needs the same environment as token."`

	Version versionCommand `cmd:"" help:"Print the version."`
}

// version is set when a release is built.
var version = "dev"

type versionCommand struct{}

// Run prints the version alone.
func (versionCommand) Run(p process) error {
	_, err := fmt.Fprintln(p.stdout, version)
	return err
}

// serviceFlags configure the emulator, in both commands.
type serviceFlags struct {
	Accounts       []string      `help:"Account ids to emulate, 16 digits each." placeholder:"ID,…"`
	State          string        `help:"Keep the state in this file (it will hold secrets; mode 0600)." placeholder:"FILE" type:"path"`
	Listen         string        `help:"Address to listen on; port 0 picks a free one." default:"127.0.0.1:0"`
	AllowRemote    bool          `help:"Serve other machines too: any --listen address, any Host header."`
	Latency        time.Duration `help:"Delay each answer, such as 50ms." default:"0s"`
	Lag            time.Duration `help:"Let reads lag behind writes, such as 1s." default:"0s"`
	Rates          bool          `help:"Refuse what exceeds the documented request rates."`
	PageSize       int           `help:"Cap the pages of lists; 0 keeps the documented sizes." default:"0"`
	ResourceGroups []string      `name:"resource-group" help:"Resource groups that every account has, such as rg-example." placeholder:"ID,…"`
	ECSRole        string        `name:"ecs-role" help:"Be an ECS instance with this role of the first account, and let clients ask its metadata." placeholder:"NAME"`
}

func (f serviceFlags) config() emulator.Config {
	return emulator.Config{
		Accounts: f.Accounts, ResourceGroups: f.ResourceGroups, StateFile: f.State, AllowRemote: f.AllowRemote,
		Latency: f.Latency, Lag: f.Lag, EnforceRates: f.Rates, PageSize: f.PageSize,
		Instance: emulator.Instance{RoleName: f.ECSRole},
	}
}

// checkListen refuses to open the emulator to the network by mistake.
func (f serviceFlags) checkListen() error {
	host, _, err := net.SplitHostPort(f.Listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	ip := net.ParseIP(host)
	if !f.AllowRemote && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("--listen %s is not a loopback address; add --allow-remote to serve other machines", f.Listen)
	}
	return nil
}

// run is the whole program; it returns the exit status.
func run(ctx context.Context, p process) int {
	var line commandLine
	exited := -1
	parser, err := kong.New(&line,
		kong.Name("ram-emulator"),
		kong.Description("A strict local RAM, IMS, STS and ResourceManager, with the places that credentials come from."),
		kong.Writers(p.stdout, p.stderr),
		kong.Exit(func(status int) { exited = status }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(p),
	)
	if err != nil {
		return p.fail(err)
	}
	parsed, err := parser.Parse(p.args)
	switch {
	case exited >= 0: // help was printed
		return exited
	case err != nil:
		return p.fail(err)
	}
	var status exitStatus
	switch err := parsed.Run(); {
	case errors.As(err, &status):
		return int(status)
	case err != nil:
		return p.fail(err)
	default:
		return 0
	}
}

// exitStatus is the error of a command that failed by itself and has said why.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

func (p process) fail(err error) int {
	p.say("%v", err)
	return 2
}

// say tells the person something, apart from what the command prints.
func (p process) say(format string, args ...any) {
	fmt.Fprintf(p.stderr, "ram-emulator: "+format+"\n", args...)
}
