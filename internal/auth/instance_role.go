package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// InstanceRoleArguments is the provider argument ecs_ram_role.
type InstanceRoleArguments struct {
	// RoleName is the RAM role of the instance; empty asks the metadata service.
	RoleName string
	// DisableIMDSv1 refuses to go on without a metadata token.
	DisableIMDSv1 bool
}

const (
	metadataDisabled   = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
	metadataV1Disabled = "ALIBABA_CLOUD_IMDSV1_DISABLED"

	metadataRolePath  = "/latest/meta-data/ram/security-credentials/"
	metadataTokenPath = "/latest/api/token"
	metadataTokenTTL  = 6 * time.Hour // the longest the service grants
)

// metadataRoleVariables name the instance's role.
var metadataRoleVariables = []string{"ALIBABA_CLOUD_ECS_METADATA", "ALICLOUD_ECS_ROLE_NAME"}

// instanceRole asks the metadata service of an ECS instance for the session of the
// instance's RAM role (ECS documentation, instance metadata, IMDSv2).
type instanceRole struct {
	fetcher
	endpoint string
	role     string // empty: ask
	allowV1  bool

	mu        sync.Mutex
	token     rpc.Secret
	tokenEnds time.Time
}

// Credentials implements rpc.CredentialsProvider.
func (s *instanceRole) Credentials(ctx context.Context) (rpc.Credentials, error) {
	role := s.role
	if role == "" {
		body, err := s.get(ctx, metadataRolePath)
		if err != nil {
			return rpc.Credentials{}, fmt.Errorf("ECS metadata: cannot learn the role of this instance: %w", err)
		}
		role = strings.TrimSpace(string(body))
		if checkRoleName(role) != nil {
			return rpc.Credentials{}, errors.New("ECS metadata: the answer to the question for this instance's role is no role name")
		}
	}
	body, err := s.get(ctx, metadataRolePath+role)
	var missingPage notFoundError
	if errors.As(err, &missingPage) {
		return rpc.Credentials{}, fmt.Errorf("ECS metadata: role %s not found on this instance (404)", role)
	}
	var c rpc.Credentials
	if err == nil {
		c, err = parseMetadata(body)
	}
	if err != nil {
		return rpc.Credentials{}, fmt.Errorf("ECS metadata: role %s: %w", role, err)
	}
	return c, nil
}

// parseMetadata demands what the service always sends: Code and Expiration.
func parseMetadata(body []byte) (rpc.Credentials, error) {
	c, err := parseAnswer(body)
	var head struct{ Code string }
	switch {
	case err != nil:
		return rpc.Credentials{}, err
	case json.Unmarshal(body, &head) != nil || head.Code == "":
		return rpc.Credentials{}, errors.New("in the answer Code is missing")
	case c.Expiration.IsZero():
		return rpc.Credentials{}, errors.New("in the answer Expiration is missing or no RFC 3339 time")
	}
	return c, nil
}

type notFoundError struct{}

func (notFoundError) Error() string { return "no RAM role is attached to this instance (404)" }

// get reads a page with a metadata token. Refused, it tries once more: without a token
// where IMDSv1 is allowed, with a new one elsewhere.
func (s *instanceRole) get(ctx context.Context, path string) ([]byte, error) {
	token, err := s.metadataToken(ctx)
	if err != nil && (!s.allowV1 || ctx.Err() != nil) {
		return nil, err
	}
	status, body, err := s.page(ctx, path, token)
	if status == http.StatusUnauthorized || status == http.StatusForbidden {
		s.dropToken()
	}
	if !token.IsEmpty() && status != http.StatusOK && status != http.StatusNotFound && ctx.Err() == nil {
		token = rpc.Secret{}
		if !s.allowV1 {
			if token, err = s.metadataToken(ctx); err != nil {
				return nil, err
			}
		}
		status, body, err = s.page(ctx, path, token)
	}
	switch {
	case err != nil:
		return nil, err
	case status == http.StatusNotFound:
		return nil, notFoundError{}
	case status != http.StatusOK:
		return nil, fmt.Errorf("HTTP status %d", status)
	}
	return body, nil
}

func (s *instanceRole) page(ctx context.Context, path string, token rpc.Secret) (int, []byte, error) {
	header := http.Header{}
	if !token.IsEmpty() {
		header.Set("X-aliyun-ecs-metadata-token", token.Reveal())
	}
	return s.do(ctx, http.MethodGet, s.endpoint+path, header)
}

// metadataToken returns the IMDSv2 token, a new one if the last is about to end.
func (s *instanceRole) metadataToken(ctx context.Context) (rpc.Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.token.IsEmpty() && s.clock.Now().Before(s.tokenEnds) {
		return s.token, nil
	}
	status, body, err := s.do(ctx, http.MethodPut, s.endpoint+metadataTokenPath, http.Header{
		"X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds": {strconv.Itoa(int(metadataTokenTTL / time.Second))},
	})
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("HTTP status %d", status)
	}
	if err != nil {
		return rpc.Secret{}, fmt.Errorf("no metadata token (IMDSv2): %w", err)
	}
	s.token = rpc.NewSecret(strings.TrimSpace(string(body)))
	s.tokenEnds = s.clock.Now().Add(metadataTokenTTL - time.Minute)
	return s.token, nil
}

func (s *instanceRole) dropToken() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = rpc.Secret{}
}

// checkRoleName keeps a name from becoming another path of the metadata service.
func checkRoleName(name string) error {
	if !roleNamePattern.MatchString(name) {
		return fmt.Errorf("%q is no role name", name)
	}
	return nil
}

func (r *resolver) instanceRoleSource(role string, allowV1 bool) (*Source, error) {
	if r.env.isOn(metadataDisabled) {
		return nil, fmt.Errorf("%s forbids the ECS metadata service", metadataDisabled)
	}
	if role == "" {
		role, _ = r.env.first(metadataRoleVariables...)
	}
	description := "the RAM role of this ECS instance"
	if role != "" {
		if err := checkRoleName(role); err != nil {
			return nil, err
		}
		description = "RAM role " + role + " of this ECS instance"
	}
	endpoint, warnings, err := r.ecsMetadataEndpoint()
	if err != nil {
		return nil, err
	}
	return &Source{
		Description: description,
		Refreshes:   true,
		Warnings:    warnings,
		provider: Cached(&instanceRole{
			fetcher:  fetcher{transport: r.Machine.Direct, clock: r.Machine.Clock, jitter: r.Machine.Jitter, timeout: 2 * time.Second, tries: 2},
			endpoint: endpoint,
			role:     role,
			allowV1:  allowV1 && !r.env.isOn(metadataV1Disabled),
		}, r.Machine.Clock),
	}, nil
}

// instanceRoleProfile builds mode EcsRamRole.
func instanceRoleProfile(r *resolver, p profile) (*Source, error) {
	return r.instanceRoleSource(p.RAMRoleName, true)
}

// roleOverInstanceRoleProfile builds the deprecated mode RamRoleArnWithRoleName.
func roleOverInstanceRoleProfile(r *resolver, p profile) (*Source, error) {
	base, err := r.instanceRoleSource(p.RAMRoleName, true)
	if err != nil {
		return nil, err
	}
	base.Warnings = append(base.Warnings, Warning{
		Summary: fmt.Sprintf("Profile %q uses the deprecated mode %s", p.Name, modeRAMRoleArnWithRoleName),
		Detail:  fmt.Sprintf("It still works. Its replacement is a profile of mode %s whose source_profile has mode %s.", modeChainableRAMRoleArn, modeEcsRAMRole),
	})
	return r.roleOfProfile(base, p)
}

// fromInstanceRoleArguments builds the argument ecs_ram_role.
func (r *resolver) fromInstanceRoleArguments() (*Source, error) {
	a := r.Arguments.ECSRAMRole
	return r.instanceRoleSource(a.RoleName, !a.DisableIMDSv1)
}

// fromInstance uses the instance's role if the environment names one or the firmware
// says that this is an ECS instance. Elsewhere nothing is asked: the address might
// belong to somebody else.
func (r *resolver) fromInstance() (*Source, string, error) {
	if r.env.isOn(metadataDisabled) {
		return nil, metadataDisabled + " is set", nil
	}
	role, variable := r.env.first(metadataRoleVariables...)
	why := variable + " is set"
	if role == "" {
		product, err := r.Machine.ReadFile("/sys/class/dmi/id/product_name")
		if err != nil || !strings.Contains(string(product), "Alibaba Cloud") {
			return nil, metadataRoleVariables[0] + " is not set and this does not look like an ECS instance", nil
		}
		why = "this is an ECS instance"
	}
	source, err := r.instanceRoleSource(role, true)
	if err != nil {
		return nil, "", err
	}
	if role != "" {
		source.Warnings = append(source.Warnings, deprecatedVariable(variable, metadataRoleVariables[0])...)
	}
	return source, why, nil
}
