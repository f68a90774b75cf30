package auth

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func lookupIn(env map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := env[name]; return v, ok }
}

func TestResolveEndpointsDefaults(t *testing.T) {
	t.Parallel()
	got, warnings, err := ResolveEndpoints(EndpointConfig{Lookup: lookupIn(nil)})
	if err != nil {
		t.Fatal(err)
	}
	want := Endpoints{
		RAM: "https://ram.aliyuncs.com", IMS: "https://ims.aliyuncs.com", STS: "https://sts.aliyuncs.com",
		ResourceManager: "https://resourcemanager.aliyuncs.com",
	}
	if diff := cmp.Diff(want, got); diff != "" || len(warnings) != 0 {
		t.Errorf("endpoints (-want +got):\n%swarnings: %v", diff, warnings)
	}
}

// Each service listens to its own argument and variable and to no other.
func TestResolveEndpointsArgumentAndVariable(t *testing.T) {
	t.Parallel()
	for name, service := range map[string]struct {
		variable string
		argument func(*EndpointConfig) *string
		result   func(*Endpoints) *string
	}{
		"ram": {"ALIBABA_CLOUD_ENDPOINT_RAM", func(c *EndpointConfig) *string { return &c.RAM }, func(e *Endpoints) *string { return &e.RAM }},
		"ims": {"ALIBABA_CLOUD_ENDPOINT_IMS", func(c *EndpointConfig) *string { return &c.IMS }, func(e *Endpoints) *string { return &e.IMS }},
		"sts": {"ALIBABA_CLOUD_ENDPOINT_STS", func(c *EndpointConfig) *string { return &c.STS }, func(e *Endpoints) *string { return &e.STS }},
		"resource_manager": {
			"ALIBABA_CLOUD_ENDPOINT_RESOURCE_MANAGER",
			func(c *EndpointConfig) *string { return &c.ResourceManager },
			func(e *Endpoints) *string { return &e.ResourceManager },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := map[string]string{service.variable: "http://127.0.0.1:8080/"}
			defaults, _, _ := ResolveEndpoints(EndpointConfig{Lookup: lookupIn(nil)})
			want := defaults
			*service.result(&want) = "http://127.0.0.1:8080"
			got, warnings, err := ResolveEndpoints(EndpointConfig{Lookup: lookupIn(env)})
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("variable: error %v, endpoints (-want +got):\n%s", err, diff)
			}
			if len(warnings) != 1 || !strings.Contains(warnings[0].Detail, service.variable) {
				t.Errorf("variable: warnings %v, want one that names %s", warnings, service.variable)
			}

			config := EndpointConfig{Lookup: lookupIn(env)}
			*service.argument(&config) = "service.example.com:8443/path/"
			*service.result(&want) = "https://service.example.com:8443/path"
			got, warnings, err = ResolveEndpoints(config)
			if diff := cmp.Diff(want, got); err != nil || diff != "" || len(warnings) != 0 {
				t.Errorf("argument: error %v, warnings %v, endpoints (-want +got):\n%s", err, warnings, diff)
			}
		})
	}
}

func TestResolveEndpointsSTSOrder(t *testing.T) {
	t.Parallel()
	// The choices from strongest to weakest; each case leaves out the ones before it.
	config := EndpointConfig{
		STS: "sts1.example.com", Region: "cn-beijing", STSRegion: "eu-central-1",
		Hints: Hints{STSEndpoint: "sts2.example.com", STSRegion: "cn-shanghai", Region: "cn-tokyo"},
	}
	env := map[string]string{
		"ALIBABA_CLOUD_ENDPOINT_STS": "sts3.example.com", "ALIBABA_CLOUD_STS_ENDPOINT": "sts4.example.com",
		"ALIBABA_CLOUD_STS_REGION": "us-west-1",
		"ALIBABA_CLOUD_REGION_ID":  "r1", "ALIBABA_CLOUD_REGION": "r2", "ALIBABACLOUD_REGION_ID": "r3",
		"ALICLOUD_REGION_ID": "r4", "ALICLOUD_REGION": "r5",
	}
	steps := []struct {
		want string
		drop func()
	}{
		{"https://sts1.example.com", func() { config.STS = "" }},
		{"https://sts2.example.com", func() { config.Hints.STSEndpoint = "" }},
		{"https://sts3.example.com", func() { env["ALIBABA_CLOUD_ENDPOINT_STS"] = "" }},
		{"https://sts4.example.com", func() { delete(env, "ALIBABA_CLOUD_STS_ENDPOINT") }},
		{"https://sts.eu-central-1.aliyuncs.com", func() { config.STSRegion = "" }},
		{"https://sts.cn-shanghai.aliyuncs.com", func() { config.Hints.STSRegion = "" }},
		{"https://sts.us-west-1.aliyuncs.com", func() { delete(env, "ALIBABA_CLOUD_STS_REGION") }},
		{"https://sts.cn-beijing.aliyuncs.com", func() { config.Region = "" }},
		{"https://sts.r1.aliyuncs.com", func() { delete(env, "ALIBABA_CLOUD_REGION_ID") }},
		{"https://sts.r2.aliyuncs.com", func() { delete(env, "ALIBABA_CLOUD_REGION") }},
		{"https://sts.r3.aliyuncs.com", func() { delete(env, "ALIBABACLOUD_REGION_ID") }},
		{"https://sts.r4.aliyuncs.com", func() { delete(env, "ALICLOUD_REGION_ID") }},
		{"https://sts.r5.aliyuncs.com", func() { delete(env, "ALICLOUD_REGION") }},
		{"https://sts.cn-tokyo.aliyuncs.com", func() { config.Hints.Region = "" }},
		{"https://sts.aliyuncs.com", func() {}},
	}
	for _, step := range steps {
		config.Lookup = lookupIn(env)
		got, _, err := ResolveEndpoints(config)
		if err != nil || got.STS != step.want {
			t.Errorf("got %s, %v, want %s", got.STS, err, step.want)
		}
		step.drop()
	}
}

func TestResolveEndpointsVPC(t *testing.T) {
	t.Parallel()
	vpc := lookupIn(map[string]string{"ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED": "True"})
	got, _, err := ResolveEndpoints(EndpointConfig{Region: "cn-beijing", Lookup: vpc})
	if want := "https://sts-vpc.cn-beijing.aliyuncs.com"; err != nil || got.STS != want {
		t.Errorf("variable: got %s, %v, want %s", got.STS, err, want)
	}
	got, _, err = ResolveEndpoints(EndpointConfig{Hints: Hints{VPC: true, STSRegion: "cn-beijing"}, Lookup: lookupIn(nil)})
	if want := "https://sts-vpc.cn-beijing.aliyuncs.com"; err != nil || got.STS != want {
		t.Errorf("profile: got %s, %v, want %s", got.STS, err, want)
	}
	_, _, err = ResolveEndpoints(EndpointConfig{Lookup: vpc})
	wantError(t, err, "needs a region")
}

func TestResolveEndpointsRefuses(t *testing.T) {
	t.Parallel()
	emulator := map[string]string{"RAM_PROVIDER_EMULATOR_ONLY": "1"}
	for name, test := range map[string]struct {
		config EndpointConfig
		env    map[string]string
		want   []string
	}{
		"plain http off loopback":                {config: EndpointConfig{RAM: "http://ram.example.com"}, want: []string{"endpoints.ram", "plain http to ram.example.com", "insecure_endpoints"}},
		"plain http off loopback by variable":    {env: map[string]string{"ALIBABA_CLOUD_ENDPOINT_IMS": "http://ims.example.com"}, want: []string{"ALIBABA_CLOUD_ENDPOINT_IMS", "plain http"}},
		"a name that only begins with localhost": {config: EndpointConfig{RAM: "http://localhost.example.com"}, want: []string{"plain http"}},
		"another scheme":                         {config: EndpointConfig{RAM: "ftp://ram.example.com"}, want: []string{"endpoints.ram", "expected a host"}},
		"no host":                                {config: EndpointConfig{STS: "https:///path"}, want: []string{"endpoints.sts", "expected a host"}},
		"not a URL":                              {config: EndpointConfig{IMS: "https://testsecret:%zz"}, want: []string{"endpoints.ims"}},
		"a password":                             {config: EndpointConfig{IMS: "https://me:testsecret@ims.example.com"}, want: []string{"endpoints.ims", "user, query and fragment"}},
		"a query":                                {config: EndpointConfig{IMS: "https://ims.example.com?x=testsecret"}, want: []string{"user, query and fragment"}},
		"a region that would be another host":    {config: EndpointConfig{Region: "example.com/"}, want: []string{"region", "no region id"}},
		"the public hosts under the emulator":    {env: emulator, want: []string{"RAM_PROVIDER_EMULATOR_ONLY", "ram.aliyuncs.com", "ims.aliyuncs.com", "sts.aliyuncs.com", "resourcemanager.aliyuncs.com"}},
		"another host under the emulator":        {config: EndpointConfig{RAM: "https://ram.example.com"}, env: emulator, want: []string{"endpoints.ram", "ram.example.com is none"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.config.Lookup = lookupIn(test.env)
			_, _, err := ResolveEndpoints(test.config)
			wantError(t, err, test.want...)
		})
	}
}

func TestResolveEndpointsAccepts(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]EndpointConfig{
		"http to 127.0.0.1": {RAM: "http://127.0.0.1:1"},
		"http to ::1":       {RAM: "http://[::1]:1"},
		"http to localhost": {RAM: "http://localhost:1"},
		"http if insecure":  {RAM: "http://ram.example.com", Insecure: true},
	} {
		config.Lookup = lookupIn(nil)
		want := config.RAM
		if got, _, err := ResolveEndpoints(config); err != nil || got.RAM != want {
			t.Errorf("%s: got %s, %v, want %s", name, got.RAM, err, want)
		}
	}
	const base = "http://127.0.0.1:1"
	_, _, err := ResolveEndpoints(EndpointConfig{
		RAM: base, IMS: base, STS: base, ResourceManager: base,
		Lookup: lookupIn(map[string]string{"RAM_PROVIDER_EMULATOR_ONLY": "1"}),
	})
	if err != nil {
		t.Errorf("under the emulator: %v", err)
	}
}

func TestEndpointVariablesGiveOneWarning(t *testing.T) {
	t.Parallel()
	env := map[string]string{
		"ALIBABA_CLOUD_ENDPOINT_RAM":              "http://127.0.0.1:1",
		"ALIBABA_CLOUD_ENDPOINT_IMS":              "http://127.0.0.1:1",
		"ALIBABA_CLOUD_ENDPOINT_STS":              "http://127.0.0.1:2",
		"ALIBABA_CLOUD_ENDPOINT_RESOURCE_MANAGER": "http://127.0.0.1:1",
	}
	_, warnings, err := ResolveEndpoints(EndpointConfig{Lookup: lookupIn(env)})
	if err != nil || len(warnings) != 1 {
		t.Fatalf("got %v, %v; want one warning", warnings, err)
	}
	for _, part := range []string{"ALIBABA_CLOUD_ENDPOINT_RAM", "127.0.0.1:1", "ALIBABA_CLOUD_ENDPOINT_STS", "127.0.0.1:2"} {
		if !strings.Contains(warnings[0].Detail, part) {
			t.Errorf("the warning does not name %s: %s", part, warnings[0].Detail)
		}
	}

	env["RAM_PROVIDER_EMULATOR_ONLY"] = "1"
	if _, warnings, err := ResolveEndpoints(EndpointConfig{Lookup: lookupIn(env)}); err != nil || len(warnings) != 0 {
		t.Errorf("with the emulator alone allowed: %v, %v; want no warning", warnings, err)
	}
}
