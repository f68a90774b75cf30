package auth

import (
	crand "crypto/rand"
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
	// HTTP sends the requests of the modes that need no AccessKey, through a proxy where
	// one is configured.
	HTTP http.RoundTripper
	// Direct sends requests to the ECS metadata service, which no proxy can reach.
	Direct http.RoundTripper
	// Jitter returns a number in [0, 1) that spreads retries.
	Jitter func() float64
	// Nonce makes a text that no other request has.
	Nonce func() string
	// Run starts a credential program.
	Run RunFunc
	// ReplaceFile changes a whole file at once.
	ReplaceFile func(path string, content []byte) error
	// TryLock takes the lock of a file among all processes of this machine, or says
	// that another one holds it. The lock ends with its process.
	TryLock func(path string) (release func(), held bool, err error)
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
		Nonce:   crand.Text,

		Run:         runProcess,
		ReplaceFile: replaceFile,
		TryLock:     tryLock,
	}
}
