package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// A measurement is what one command of Terraform took.
type measurement struct {
	workload workload
	phase    phase
	calls    map[string]int // by operation
	total    int
	refused  int
	// refusedOf are the refused calls by operation.
	refusedOf map[string]int
	// late are the refusals after the first second of the operation that was refused.
	late  int
	took  time.Duration
	floor time.Duration
	// inTurn is the time that the quotas need if they are not used at the same time.
	inTurn time.Duration
	usage  usage
	// terraform is the processor time of Terraform itself.
	terraform time.Duration
}

// ratio of the time taken to the floor.
func (m measurement) ratio() float64 { return m.took.Seconds() / m.floor.Seconds() }

// site is an emulated account and the directory that Terraform manages it from.
type site struct {
	tools
	emulator *emulator.Emulator
	server   *http.Server
	endpoint string
	work     string
	config   string // Terraform's own
}

// newSite starts an emulator with the latency and the documented rates, and writes the
// configuration, which gets the endpoint and the root key of the account.
func newSite(ctx context.Context, t tools, configuration func(endpoint, keyID, keySecret string) map[string]string) (*site, error) {
	emu, err := emulator.New(emulator.Config{EnforceRates: true, Latency: latency})
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // loopback, at once
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", emu)
	mux.Handle("/terraform-state", &remoteState{})
	s := &site{
		tools: t, emulator: emu, server: &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute},
		endpoint: "http://" + listener.Addr().String(),
	}
	go func() { _ = s.server.Serve(listener) }()
	if err := s.layOut(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	root := emu.Accounts()[0].RootKey
	files := configuration(s.endpoint, root.ID, root.Secret)
	files["backend.tf"] = fmt.Sprintf("terraform {\n  backend \"http\" {\n    address = %q\n  }\n}\n", s.endpoint+"/terraform-state")
	if err := s.write(files); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if _, err := s.terraform(ctx, "init"); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// layOut makes the directory, with a mirror from which Terraform installs the provider, and
// a configuration that makes it do so. The provider gets a file of its own there, by which
// watch knows its processes.
func (s *site) layOut() (err error) {
	if s.work, err = os.MkdirTemp(s.dir, "work-"); err != nil {
		return err
	}
	mirror := filepath.Join(s.work, "mirror")
	own := filepath.Join(mirror, "registry.terraform.io", "ramprovider", "ram", "0.0.1", runtime.GOOS+"_"+runtime.GOARCH, filepath.Base(s.provider))
	if err := os.MkdirAll(filepath.Dir(own), 0o700); err != nil {
		return err
	}
	if err := os.Link(s.provider, own); err != nil {
		return err
	}
	s.provider, s.config = own, filepath.Join(s.work, "terraformrc")
	return os.WriteFile(s.config, fmt.Appendf(nil, "provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror), 0o600)
}

// write writes the files of the configuration.
func (s *site) write(files map[string]string) error {
	for name, text := range files {
		path := filepath.Join(s.work, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (s *site) close() error { return s.server.Close() }

// terraform runs a command and measures it.
func (s *site) terraform(ctx context.Context, arguments ...string) (measurement, error) {
	s.emulator.ResetRequests()
	watching, stop := context.WithCancel(ctx)
	result := watch(watching, s.provider)
	command := exec.CommandContext(ctx, s.tools.terraform, slices.Insert(arguments, 1, "-no-color", "-input=false")...) //nolint:gosec // found by prepare
	command.Dir = s.work
	command.Env = []string{
		"HOME=" + s.work, "TF_CLI_CONFIG_FILE=" + s.config, "CHECKPOINT_DISABLE=1",
		"ALIBABA_CLOUD_ECS_METADATA_DISABLED=true",
	}
	for _, entry := range environment() {
		if strings.HasPrefix(entry, "PATH=") {
			command.Env = append(command.Env, entry)
		}
	}
	started := clock.System.Now()
	output, err := command.CombinedOutput()
	took := clock.System.Now().Sub(started)
	stop()
	m := measurement{took: took, usage: result(), calls: map[string]int{}, refusedOf: map[string]int{}}
	if all := command.ProcessState; all != nil { // Terraform, and the providers that it waited for
		m.terraform = max(0, all.UserTime()+all.SystemTime()-m.usage.cpu)
	}
	if err != nil {
		return m, fmt.Errorf("terraform %s: %w\n%s", strings.Join(arguments, " "), err, output)
	}
	m.count(s.emulator.Requests())
	return m, nil
}

// count counts the requests by operation. Operations of one name in two products carry
// the product.
func (m *measurement) count(requests []emulator.Request) {
	first := map[string]time.Time{}
	for _, request := range requests {
		name := request.Operation
		if name == "TagResources" || name == "UntagResources" || name == "ListTagResources" {
			name = request.Product + " " + name
		}
		if first[name].IsZero() {
			first[name] = request.Time
		}
		m.calls[name]++
		m.total++
		if strings.HasPrefix(request.Code, "Throttling") {
			m.refused++
			m.refusedOf[name]++
			if request.Time.Sub(first[name]) >= time.Second {
				m.late++
			}
		}
	}
}

func measureMixes(ctx context.Context, t tools, mixes []workload, r *report) error {
	for _, w := range mixes {
		if err := measureMix(ctx, t, w, r); err != nil {
			return fmt.Errorf("%d users: %w", w.users, err)
		}
	}
	return nil
}

// measureMix measures every phase of a workload.
func measureMix(ctx context.Context, t tools, w workload, r *report) error {
	s, err := newSite(ctx, t, w.configuration)
	if err != nil {
		return err
	}
	defer func() { _ = s.close() }()
	for _, p := range phases {
		arguments := map[phase][]string{
			create: {"apply", "-auto-approve"}, plan: {"plan", "-detailed-exitcode"},
			retag: {"apply", "-auto-approve", "-var=tag=second"}, destroy: {"destroy", "-auto-approve", "-var=tag=second"},
		}[p]
		m, err := s.terraform(ctx, arguments...)
		if err != nil {
			return err
		}
		m.workload, m.phase, m.floor, m.inTurn = w, p, floor(w.needed(p), parallelism), inTurn(w.needed(p))
		r.mixes = append(r.mixes, m)
		_, _ = fmt.Fprintln(r.progress, m)
	}
	return nil
}

// String is the line that the progress shows.
func (m measurement) String() string {
	return fmt.Sprintf("%5d users, %-26s %6d calls, %d refused (%d late), %6.1f s, floor %6.1f s, ratio %.2f, %d MB, %.1f s CPU and %.1f s of Terraform",
		m.workload.users, m.phase, m.total, m.refused, m.late, m.took.Seconds(), m.floor.Seconds(), m.ratio(), m.usage.peakMemory>>20, m.usage.cpu.Seconds(), m.terraform.Seconds())
}
