//go:build linux

package provider_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
)

// A provider that crashes prints the stacks of everything it does, and Terraform logs
// them. It crashes with the answer to CreateAccessKey on its way, when the secrets of
// credentials and keys are in its memory.
func TestAccSecrets_crash(t *testing.T) {
	t.Parallel()
	s := newSecretRun(t, buildProvider(t))
	s.plant(s.env.Admin.Secret)
	s.variables = map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": s.env.Admin.ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": s.env.Admin.Secret}
	var crashed atomic.Bool
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.issued.ServeHTTP(w, r)
		if r.Header.Get("X-Acs-Action") == "CreateAccessKey" && crashed.CompareAndSwap(false, true) {
			abort(t, s.binary)
		}
	}))
	t.Cleanup(service.Close)
	s.endpoint = service.URL
	s.start()

	s.terraform(1, "apply", "-no-color", "-auto-approve")
	if log := readFile(t, s.log); !strings.Contains(log, "SIGABRT") || !strings.Contains(log, "goroutine ") {
		t.Errorf("the provider did not crash as it should:\n%s", s.output.String())
	}
	s.terraform(0, "apply", "-no-color", "-auto-approve")
	s.search()
}

// abort sends SIGABRT, on which Go programs print every stack and exit, to the providers
// that run the binary in the directory.
func abort(t *testing.T, directory string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	acctest.Must(t, err)
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || filepath.Dir(target) != directory {
			continue
		}
		process, err := strconv.Atoi(filepath.Base(filepath.Dir(link)))
		acctest.Must(t, err)
		acctest.Must(t, syscall.Kill(process, syscall.SIGABRT))
	}
}
