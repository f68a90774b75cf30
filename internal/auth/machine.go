package auth

import (
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// Machine is the computer as the credential modes see it. Tests build their own;
// everybody else takes ThisMachine.
type Machine struct {
	// Lookup reads an environment variable.
	Lookup func(name string) (string, bool)
	// ReadFile reads a whole file.
	ReadFile func(path string) ([]byte, error)
	// FileMode tells a file's permissions.
	FileMode func(path string) (fs.FileMode, error)
	// HomeDir is where .aliyun/config.json lies.
	HomeDir func() (string, error)
	// Windows selects that system's rules of command lines and file permissions.
	Windows bool
	Clock   clock.Clock
	// HTTP sends requests to a credentials URI, through a proxy where one is configured.
	HTTP http.RoundTripper
	// Direct sends requests to the ECS metadata service, which no proxy can reach.
	Direct http.RoundTripper
	// Jitter returns a number in [0, 1) that spreads retries.
	Jitter func() float64
	// Run starts a credential program.
	Run RunFunc
}

// ThisMachine is the real one.
func ThisMachine() Machine {
	direct := http.DefaultTransport.(*http.Transport).Clone()
	direct.Proxy = nil
	return Machine{
		Lookup:   os.LookupEnv,
		ReadFile: os.ReadFile,
		FileMode: func(path string) (fs.FileMode, error) {
			info, err := os.Stat(path)
			if err != nil {
				return 0, err
			}
			return info.Mode(), nil
		},
		HomeDir: os.UserHomeDir,
		Windows: runtime.GOOS == "windows",
		Clock:   clock.System,
		HTTP:    http.DefaultTransport,
		Direct:  direct,
		Jitter:  rand.Float64,
		Run:     runProcess,
	}
}
