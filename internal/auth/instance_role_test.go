package auth

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// metadata is an ECS metadata service that keeps a log such as "GET /… token".
type metadata struct {
	mu       sync.Mutex
	log      []string
	noTokens bool   // the PUT fails: an instance with IMDSv1 only
	v2Only   bool   // a GET without a token is refused
	refuse   int    // so many GETs with a token are answered 403
	role     string // empty: none attached
	body     string
}

func (m *metadata) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	const token = "testtoken-imds"
	hasToken := r.Header.Get("X-aliyun-ecs-metadata-token") == token
	entry := r.Method + " " + strings.TrimPrefix(r.URL.Path, metadataRolePath)
	if hasToken {
		entry += " with token"
	}
	m.log = append(m.log, entry)
	switch {
	case r.Method == http.MethodPut && (m.noTokens || r.Header.Get("X-aliyun-ecs-metadata-token-ttl-seconds") != "21600"):
		w.WriteHeader(http.StatusForbidden)
	case r.Method == http.MethodPut:
		_, _ = w.Write([]byte(token))
	case m.v2Only && !hasToken, hasToken && m.refuse > 0:
		m.refuse--
		w.WriteHeader(http.StatusForbidden)
	case m.role != "" && r.URL.Path == metadataRolePath:
		_, _ = w.Write([]byte(m.role + "\n"))
	case m.role != "" && r.URL.Path == metadataRolePath+m.role:
		_, _ = w.Write([]byte(m.body))
	default:
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte("<html><body>testsecret: 404 - Not Found</body></html>"))
	}
}

func TestInstanceRole(t *testing.T) {
	t.Parallel()
	const put = "PUT /latest/api/token"
	for name, test := range map[string]struct {
		service *metadata
		args    InstanceRoleArguments
		env     map[string]string
		log     []string
		want    []string // parts of the error; nil for credentials
	}{
		"IMDSv2": {
			service: &metadata{v2Only: true, role: "web"}, args: InstanceRoleArguments{RoleName: "web"},
			log: []string{put, "GET web with token"},
		},
		"the role is discovered, its newline trimmed, with one token": {
			service: &metadata{v2Only: true, role: "web"},
			log:     []string{put, "GET  with token", "GET web with token"},
		},
		"the role of the environment": {
			service: &metadata{role: "web"}, env: map[string]string{"ALIBABA_CLOUD_ECS_METADATA": "web"},
			log: []string{put, "GET web with token"},
		},
		"no token, IMDSv1 allowed": {
			service: &metadata{noTokens: true, role: "web"}, args: InstanceRoleArguments{RoleName: "web"},
			log: []string{put, "GET web"},
		},
		"no token, IMDSv1 refused by argument": {
			service: &metadata{noTokens: true, role: "web"}, args: InstanceRoleArguments{RoleName: "web", DisableIMDSv1: true},
			log: []string{put}, want: []string{"role web", "no metadata token (IMDSv2)", "HTTP status 403"},
		},
		"no token, IMDSv1 refused by variable": {
			service: &metadata{noTokens: true, role: "web"}, env: map[string]string{"ALIBABA_CLOUD_IMDSV1_DISABLED": "true"},
			log: []string{put}, want: []string{"cannot learn the role", "no metadata token (IMDSv2)"},
		},
		"token refused, IMDSv1 allowed": {
			service: &metadata{refuse: 1, role: "web"}, args: InstanceRoleArguments{RoleName: "web"},
			log: []string{put, "GET web with token", "GET web"},
		},
		"token refused once, IMDSv1 forbidden": {
			service: &metadata{refuse: 1, v2Only: true, role: "web"}, args: InstanceRoleArguments{RoleName: "web", DisableIMDSv1: true},
			log: []string{put, "GET web with token", put, "GET web with token"},
		},
		"token refused for good, IMDSv1 forbidden": {
			service: &metadata{refuse: 9, v2Only: true, role: "web"}, args: InstanceRoleArguments{RoleName: "web", DisableIMDSv1: true},
			log: []string{put, "GET web with token", put, "GET web with token"}, want: []string{"role web", "HTTP status 403"},
		},
		"no role attached": {
			service: &metadata{},
			log:     []string{put, "GET  with token"}, want: []string{"no RAM role is attached to this instance (404)"},
		},
		"another role": {
			service: &metadata{role: "web"}, args: InstanceRoleArguments{RoleName: "db"},
			log: []string{put, "GET db with token"}, want: []string{"role db not found on this instance (404)"},
		},
		"an answer without Code": {
			service: &metadata{role: "web", body: strings.Replace(goodAnswer, `"Code":"Success",`, "", 1)}, args: InstanceRoleArguments{RoleName: "web"},
			log: []string{put, "GET web with token"}, want: []string{"Code is missing"},
		},
		"an answer without Expiration": {
			service: &metadata{role: "web", body: strings.Replace(goodAnswer, "Expiration", "X", 1)}, args: InstanceRoleArguments{RoleName: "web"},
			log: []string{put, "GET web with token"}, want: []string{"Expiration is missing"},
		},
		"an answer that failed": {
			service: &metadata{role: "web", body: `{"Code":"Failed testsecret"}`}, args: InstanceRoleArguments{RoleName: "web"},
			log: []string{put, "GET web with token"}, want: []string{"Code is not Success"},
		},
		"a page in place of a role name": {
			service: &metadata{role: "<html>testsecret</html>"},
			log:     []string{put, "GET  with token"}, want: []string{"is no role name"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := test.service
			if service.body == "" {
				service.body = goodAnswer
			}
			source, err := Resolve(Config{
				Arguments: Arguments{ECSRAMRole: &test.args},
				Endpoints: EndpointConfig{ECSMetadata: serve(t, service.ServeHTTP)},
				Machine:   testMachine(test.env, nil),
			})
			if err != nil {
				t.Fatal(err)
			}
			c, err := source.Credentials(t.Context())
			if test.want != nil {
				wantError(t, err, test.want...)
			} else if err != nil || c.AccessKeyID != "STS.example" {
				t.Errorf("got %v, %v, want STS.example", c.AccessKeyID, err)
			}
			if diff := cmp.Diff(test.log, service.log); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// The token lasts six hours, sessions less: renewals share it while it lasts.
func TestInstanceRoleKeepsItsToken(t *testing.T) {
	t.Parallel()
	service := &metadata{role: "web", v2Only: true}
	machine := testMachine(nil, nil)
	fake := machine.Clock.(*clock.Fake)
	source, err := Resolve(Config{
		Arguments: Arguments{ECSRAMRole: &InstanceRoleArguments{RoleName: "web"}},
		Endpoints: EndpointConfig{ECSMetadata: serve(t, service.ServeHTTP)},
		Machine:   machine,
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		service.mu.Lock()
		service.body = strings.Replace(goodAnswer, "2026-01-02T05:04:05Z", fake.Now().Add(3*time.Hour).Format(time.RFC3339), 1)
		service.mu.Unlock()
		mustCredentials(t, source)
		fake.Advance(170 * time.Minute)
	}
	mustCredentials(t, source)
	var puts int
	for _, entry := range service.log {
		if strings.HasPrefix(entry, "PUT") {
			puts++
		}
	}
	if puts != 2 {
		t.Errorf("asked for %d tokens in eight and a half hours, want 2:\n%s", puts, strings.Join(service.log, "\n"))
	}
}

func TestInstanceRoleRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		role     string
		env      map[string]string
		endpoint string
		want     []string
	}{
		"switched off":         {env: map[string]string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "True"}, want: []string{"ecs_ram_role", "ALIBABA_CLOUD_ECS_METADATA_DISABLED forbids"}},
		"role with a slash":    {role: "../user-data", want: []string{`"../user-data" is no role name`}},
		"role with a newline":  {role: "a\nb", want: []string{"is no role name"}},
		"variable off machine": {env: map[string]string{"ALIBABA_CLOUD_ENDPOINT_ECS_METADATA": "https://evil.example.com"}, want: []string{"ALIBABA_CLOUD_ENDPOINT_ECS_METADATA", "only a loopback host"}},
		"under the emulator":   {env: map[string]string{"RAM_PROVIDER_EMULATOR_ONLY": "1"}, want: []string{"ECS metadata", "100.100.100.200 is none"}},
		"plain http elsewhere": {endpoint: "http://metadata.example.com", want: []string{"endpoints.ecs_metadata", "plain http"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Resolve(Config{
				Arguments: Arguments{ECSRAMRole: &InstanceRoleArguments{RoleName: test.role}},
				Endpoints: EndpointConfig{ECSMetadata: test.endpoint},
				Machine:   testMachine(test.env, nil),
			})
			wantError(t, err, test.want...)
		})
	}
}

// With nothing configured the metadata service is asked only on what looks like ECS.
func TestInstanceRoleInTheDefaultChain(t *testing.T) {
	t.Parallel()
	const product = "/sys/class/dmi/id/product_name"
	for name, test := range map[string]struct {
		env   map[string]string
		files map[string]string
		want  string // description; empty if it does not apply
	}{
		"ECS":                   {files: map[string]string{product: "Alibaba Cloud ECS\n"}, want: "the RAM role of this ECS instance"},
		"another machine":       {files: map[string]string{product: "Laptop\n"}},
		"role in the variable":  {env: map[string]string{"ALIBABA_CLOUD_ECS_METADATA": "web"}, want: "RAM role web of this ECS instance"},
		"ECS, but switched off": {env: map[string]string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "1"}, files: map[string]string{product: "Alibaba Cloud ECS\n"}},
		"ini file of ecs_ram_role": {
			files: map[string]string{"/home/me/.alibabacloud/credentials": "[default]\ntype=ecs_ram_role\nrole_name=web\n"},
			want:  `profile "default" (mode EcsRamRole) in /home/me/.alibabacloud/credentials`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, err := Resolve(Config{Machine: testMachine(test.env, test.files)})
			if test.want == "" {
				wantError(t, err, "no credentials found", "ECS metadata: ")
				return
			}
			if err != nil || source.Description != test.want {
				t.Errorf("got %v, %v, want %s", source, err, test.want)
			}
		})
	}
}

// No proxy can reach the link-local address, and one that answers would be a stranger.
func TestInstanceRoleUsesNoProxy(t *testing.T) {
	t.Parallel()
	if direct := ThisMachine().Direct.(*http.Transport); direct.Proxy != nil {
		t.Error("the transport for the ECS metadata service has a proxy")
	}
}

func TestDeprecatedRoleOverInstanceRole(t *testing.T) {
	t.Parallel()
	service := &metadata{role: "web", body: goodAnswer}
	machine := testMachine(map[string]string{"ALIBABA_CLOUD_ENDPOINT_ECS_METADATA": serve(t, service.ServeHTTP)}, map[string]string{homeConfig: fmt.Sprintf(
		`{"current":"p","profiles":[{"name":"p","mode":"RamRoleArnWithRoleName","ram_role_name":"web","ram_role_arn":%q}]}`, testRole)})
	var calls []string
	source, err := Resolve(Config{Machine: machine, AssumeRole: recordingAssumeRole(machine.Clock, &calls)})
	if err != nil {
		t.Fatal(err)
	}
	mustCredentials(t, source)
	if want := []string{"STS.example deploy https://sts.aliyuncs.com"}; !slices.Equal(calls, want) {
		t.Errorf("exchanges %q, want %q", calls, want)
	}
	if len(source.Warnings) != 2 || !strings.Contains(source.Warnings[0].Detail, "ALIBABA_CLOUD_ENDPOINT_ECS_METADATA") ||
		!strings.Contains(source.Warnings[1].Detail, "ChainableRamRoleArn") {
		t.Errorf("warnings are %v, want one of the endpoint's variable and one that names ChainableRamRoleArn", source.Warnings)
	}
}
