package auth

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// actAsProvider is a process of the provider on the real machine but for its home and
// its OAuth host: it says that it is ready, asks for credentials and prints their id.
func actAsProvider(home, host string) int {
	machine := ThisMachine()
	machine.Lookup = lookupIn(map[string]string{"ALIBABA_CLOUD_ENDPOINT_OAUTH": host})
	machine.HomeDir = func() (string, error) { return home, nil }
	source, err := Resolve(Config{Machine: machine})
	if err == nil {
		_, _ = os.Stdout.WriteString("ready\n")
		c, failure := source.Credentials(context.Background())
		err = failure
		_, _ = os.Stdout.WriteString(c.AccessKeyID + "\n")
	}
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error())
		return 1
	}
	return 0
}

// A providerProcess is this test binary as actAsProvider.
type providerProcess struct {
	command *exec.Cmd
	output  *bufio.Reader
	errors  strings.Builder
}

// startProvider returns once the process is about to ask for credentials.
func startProvider(t *testing.T, config, host string) *providerProcess {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Dir(filepath.Dir(config))
	p := &providerProcess{command: exec.CommandContext(t.Context(), self, "act-as-program", "provide", home, host)}
	p.command.Stderr = &p.errors
	pipe, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.output = bufio.NewReader(pipe)
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := p.output.ReadString('\n'); line != "ready\n" {
		t.Fatalf("the process says %q, %v: %s", line, err, p.errors.String())
	}
	return p
}

// wait returns what the process printed after "ready".
func (p *providerProcess) wait() (string, error) {
	rest, _ := io.ReadAll(p.output)
	if err := p.command.Wait(); err != nil {
		return string(rest), fmt.Errorf("%w: %s", err, p.errors.String())
	}
	return string(rest), nil
}

func TestOAuthTwoProcessesRefreshOnce(t *testing.T) {
	t.Parallel()
	_, path := diskMachine(t, nil, expiredLogin(clock.System.Now()))
	host := newOAuthHost(clock.System)
	bothAsk := make(chan struct{})
	host.atToken = func(int) (int, string) {
		<-bothAsk // whoever came first holds the lock until the other is there, too
		return 0, ""
	}
	base := serve(t, host.ServeHTTP)
	processes := []*providerProcess{startProvider(t, path, base), startProvider(t, path, base)}
	close(bothAsk)
	var waiting sync.WaitGroup
	for _, p := range processes {
		waiting.Go(func() {
			if id, err := p.wait(); err != nil || id != "STS.access-2\n" {
				t.Errorf("a process got %q, %v, want STS.access-2", id, err)
			}
		})
	}
	waiting.Wait()
	if got, want := host.counts(t), "1 refreshed, 0 refused, 2 exchanges"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	wantRefreshToken(t, path, 2)
}

// Between refresh and exchange the newest refresh token is in no memory alone: a process
// that is killed there leaves it, and no lock that would hold the next one up.
func TestOAuthKilledBetweenRefreshAndExchangeLosesNothing(t *testing.T) {
	t.Parallel()
	_, path := diskMachine(t, nil, expiredLogin(clock.System.Now()))
	host := newOAuthHost(clock.System)
	reached, killed := make(chan struct{}), make(chan struct{})
	host.atExchange = func(n int) (int, string) {
		if n == 1 {
			close(reached)
			<-killed
		}
		return 0, ""
	}
	base := serve(t, host.ServeHTTP)
	first := startProvider(t, path, base)
	<-reached
	if err := first.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := first.wait(); err == nil {
		t.Error("the killed process ended well")
	}
	close(killed)
	wantRefreshToken(t, path, 2)
	if id, err := startProvider(t, path, base).wait(); err != nil || id != "STS.access-2\n" {
		t.Errorf("the next process got %q, %v, want STS.access-2", id, err)
	}
	if got, want := host.counts(t), "1 refreshed, 0 refused, 2 exchanges"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Killed while it holds the lock, a process holds nobody up: the next one refreshes.
func TestOAuthKilledWithTheLockHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	_, path := diskMachine(t, nil, expiredLogin(clock.System.Now()))
	host := newOAuthHost(clock.System)
	reached, killed := make(chan struct{}), make(chan struct{})
	host.atToken = func(n int) (int, string) {
		if n == 1 {
			close(reached)
			<-killed
			return 503, ""
		}
		return 0, ""
	}
	base := serve(t, host.ServeHTTP)
	first := startProvider(t, path, base)
	<-reached
	if err := first.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = first.wait()
	close(killed)
	began := time.Now()
	if id, err := startProvider(t, path, base).wait(); err != nil || id != "STS.access-2\n" {
		t.Errorf("the next process got %q, %v, want STS.access-2", id, err)
	}
	if took := time.Since(began); took > lockWait/2 {
		t.Errorf("the next process took %s", took)
	}
	wantRefreshToken(t, path, 2)
}

// wantRefreshToken checks that config.json holds the n-th refresh token.
func wantRefreshToken(t *testing.T, path string, n int) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p, err := parseProfile(path, content, "me")
	if want := fmt.Sprintf("testtoken-refresh-%d", n); err != nil || p.OAuthRefreshToken.Reveal() != want {
		t.Errorf("the refresh token on disk is %q, %v, want %q", p.OAuthRefreshToken.Reveal(), err, want)
	}
}
