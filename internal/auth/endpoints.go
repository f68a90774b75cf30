package auth

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
)

// EndpointConfig is everything that decides which hosts are called. Endpoints are a
// host, host:port or URL; a missing scheme means https.
type EndpointConfig struct {
	// RAM to OAuth are the provider argument endpoints. CloudSSO and OAuth, to which a
	// person's tokens are sent, may only be on this machine.
	RAM, IMS, STS, ResourceManager, ECSMetadata, CloudSSO, OAuth string
	// Region and STSRegion are the provider arguments region and sts_region.
	Region, STSRegion string
	// Insecure is the provider argument insecure_endpoints: allows http off loopback.
	Insecure bool
	// Hints are what the profile in use says (Source.Hints).
	Hints Hints
	// Lookup reads an environment variable.
	Lookup func(name string) (string, bool)
}

// Hints are what a profile says about regions and STS. They rank below the provider's
// arguments.
type Hints struct {
	Region, STSEndpoint, STSRegion string
	// VPC asks for the STS host inside Alibaba Cloud's network.
	VPC bool
}

// Endpoints are base URLs without a trailing slash, and the region in force (may be empty).
type Endpoints struct {
	RAM, IMS, STS, ResourceManager string
	Region                         string
	// OnlyThisMachine says that no other host can be called: RAM_PROVIDER_EMULATOR_ONLY.
	OnlyThisMachine bool
}

// emulatorOnly is set by `ram-emulator exec`: nothing off this machine may be called.
const emulatorOnly = "RAM_PROVIDER_EMULATOR_ONLY"

const stsRegionVariable = "ALIBABA_CLOUD_STS_REGION"

// stsEndpointVariables: ours, then the CLI's.
var stsEndpointVariables = []string{"ALIBABA_CLOUD_ENDPOINT_STS", "ALIBABA_CLOUD_STS_ENDPOINT"}

// Public hosts as of the endpoint pages of RAM, IMS, STS and Resource Management.
const (
	ramHost             = "ram.aliyuncs.com"
	imsHost             = "ims.aliyuncs.com"
	stsHost             = "sts.aliyuncs.com"
	resourceManagerHost = "resourcemanager.aliyuncs.com"
	ecsMetadataURL      = "http://100.100.100.200"
)

// ResolveEndpoints returns the base URLs in force. Each comes from the provider
// argument, else the variable ALIBABA_CLOUD_ENDPOINT_<SERVICE> (with a warning), else it
// is the public host; STS has more choices in between, see sts.
func ResolveEndpoints(config EndpointConfig) (Endpoints, []Warning, error) {
	e := endpointResolver{EndpointConfig: config, env: environment{config.Lookup}}
	out := Endpoints{OnlyThisMachine: e.env.isOn(emulatorOnly)}
	var errs [4]error
	out.Region, _ = e.region()
	out.RAM, errs[0] = e.service("ram", config.RAM, ramHost)
	out.IMS, errs[1] = e.service("ims", config.IMS, imsHost)
	out.ResourceManager, errs[2] = e.service("resource_manager", config.ResourceManager, resourceManagerHost)
	out.STS, errs[3] = e.sts()
	if err := errors.Join(errs[:]...); err != nil {
		return Endpoints{}, nil, err
	}
	return out, e.warning(), nil
}

// stsEndpoint is the STS host for one exchange of credentials.
func (r *resolver) stsEndpoint(hints Hints) (string, error) {
	config := r.Endpoints
	config.Hints = hints
	e := endpointResolver{EndpointConfig: config, env: r.env}
	return e.sts()
}

// ecsMetadataEndpoint is the ECS metadata service.
func (r *resolver) ecsMetadataEndpoint() (string, []Warning, error) {
	e := endpointResolver{EndpointConfig: r.Endpoints, env: r.env}
	if e.ECSMetadata != "" {
		base, err := e.checked("endpoints.ecs_metadata", e.ECSMetadata)
		return base, nil, err
	}
	base, err := e.fromEnvironment("ALIBABA_CLOUD_ENDPOINT_ECS_METADATA")
	if err == nil && base != "" && !isLoopback(base) {
		err = errors.New("ALIBABA_CLOUD_ENDPOINT_ECS_METADATA: only a loopback host is allowed here; use the provider argument endpoints.ecs_metadata")
	}
	if err != nil || base != "" {
		return base, e.warning(), err
	}
	return ecsMetadataURL, nil, e.refuseOffLoopback("ECS metadata", ecsMetadataURL)
}

// loginOverride is a host of this machine that the provider argument endpoints.<service>
// or ALIBABA_CLOUD_ENDPOINT_<SERVICE> puts in the place of the one that exchanges the
// tokens of a person's login; empty if neither is set. Any other host could carry the
// tokens away.
func (r *resolver) loginOverride(service, argument string) (string, []Warning, error) {
	e := endpointResolver{EndpointConfig: r.Endpoints, env: r.env}
	var base string
	var err error
	from := "endpoints." + service
	if argument != "" {
		base, err = e.checked(from, argument)
	} else {
		from = "ALIBABA_CLOUD_ENDPOINT_" + strings.ToUpper(service)
		base, err = e.fromEnvironment(from)
	}
	switch {
	case err != nil:
		return "", nil, err
	case base != "" && !isLoopback(base):
		return "", nil, fmt.Errorf("%s: only a loopback host is allowed here, since a person's tokens are sent to it", from)
	default:
		return base, e.warning(), nil
	}
}

type endpointResolver struct {
	EndpointConfig
	env environment
	// fromVariables says, for each endpoint that a variable gave, which and where to.
	fromVariables []string
}

func (e *endpointResolver) service(name, argument, host string) (string, error) {
	if argument != "" {
		return e.checked("endpoints."+name, argument)
	}
	if base, err := e.fromEnvironment("ALIBABA_CLOUD_ENDPOINT_" + strings.ToUpper(name)); base != "" || err != nil {
		return base, err
	}
	return e.public(name, host)
}

// sts: argument endpoints.sts, the profile's sts_endpoint, the variables, then the host
// of a region: sts_region of argument, profile, variable; region of argument, variable,
// profile. A region at hand matters: the central host is slow from outside China.
func (e *endpointResolver) sts() (string, error) {
	if e.STS != "" {
		return e.checked("endpoints.sts", e.STS)
	}
	if e.Hints.STSEndpoint != "" {
		return e.checked("sts_endpoint of the profile", e.Hints.STSEndpoint)
	}
	for _, variable := range stsEndpointVariables {
		if base, err := e.fromEnvironment(variable); base != "" || err != nil {
			return base, err
		}
	}
	region, from := firstSetting(
		setting{"sts_region", e.STSRegion},
		setting{"sts_region of the profile", e.Hints.STSRegion},
		setting{stsRegionVariable, e.env.get(stsRegionVariable)},
	)
	if region == "" {
		region, from = e.region()
	}
	vpc := e.Hints.VPC || e.env.isOn("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED")
	switch {
	case region == "" && vpc:
		return "", errors.New("the STS endpoint inside a VPC needs a region: set sts_region")
	case region == "":
		return e.public("sts", stsHost)
	case !regionPattern.MatchString(region):
		return "", fmt.Errorf("%s: %q is no region id such as cn-hangzhou", from, region)
	case vpc:
		return e.public("sts", "sts-vpc."+region+".aliyuncs.com")
	default:
		return e.public("sts", "sts."+region+".aliyuncs.com")
	}
}

func (e *endpointResolver) region() (value, from string) {
	variable, name := e.env.first(regionVariables...)
	return firstSetting(setting{"region", e.Region}, setting{name, variable}, setting{"region_id of the profile", e.Hints.Region})
}

func firstSetting(settings ...setting) (value, name string) {
	for _, s := range settings {
		if s.value != "" {
			return s.value, s.name
		}
	}
	return "", ""
}

// regionPattern keeps a region from becoming another host.
var regionPattern = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

// fromEnvironment returns the endpoint a variable gives; empty if it is not set.
func (e *endpointResolver) fromEnvironment(variable string) (string, error) {
	text := e.env.get(variable)
	if text == "" {
		return "", nil
	}
	base, err := e.checked(variable, text)
	if err != nil {
		return "", err
	}
	e.fromVariables = append(e.fromVariables, fmt.Sprintf("%s (%s)", base, variable))
	return base, nil
}

// warning tells of endpoints that came from the environment, where nobody who reads the
// configuration sees them. Under `ram-emulator exec` they are what was asked for.
func (e *endpointResolver) warning() []Warning {
	if len(e.fromVariables) == 0 || e.env.isOn(emulatorOnly) {
		return nil
	}
	return []Warning{{
		Summary: "Endpoints taken from the environment",
		Detail:  "Requests go where environment variables say: " + strings.Join(e.fromVariables, ", ") + ".",
	}}
}

func (e *endpointResolver) public(service, host string) (string, error) {
	base := "https://" + host
	return base, e.refuseOffLoopback(service, base)
}

// checked turns what a person wrote into a base URL. Errors name where it was written
// and never repeat it, since it may hold a password by mistake.
func (e *endpointResolver) checked(from, text string) (string, error) {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return "", fmt.Errorf("%s: expected a host, host:port or an http(s) URL", from)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("%s: user, query and fragment are not allowed in an endpoint", from)
	}
	base := strings.TrimRight(u.String(), "/")
	if u.Scheme == "http" && !e.Insecure && !isLoopback(base) {
		return "", fmt.Errorf("%s: plain http to %s is refused; use https, or set insecure_endpoints = true", from, u.Host)
	}
	return base, e.refuseOffLoopback(from, base)
}

// refuseOffLoopback keeps a run under the emulator from ever reaching the real service.
func (e *endpointResolver) refuseOffLoopback(service, base string) error {
	if !e.env.isOn(emulatorOnly) || isLoopback(base) {
		return nil
	}
	host := base
	if u, err := url.Parse(base); err == nil {
		host = u.Host
	}
	return fmt.Errorf("%s: %s is set, so only hosts of this machine may be called, and %s is none", service, emulatorOnly, host)
}

func isLoopback(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
