package emulator

import (
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"

	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
)

// Instance is the ECS instance whose metadata the emulator serves, as 100.100.100.200
// does on a real one.
type Instance struct {
	// AccountID is the owner. Default: the first account.
	AccountID string
	// RoleName is the attached role, whose trust policy has to name ecs.aliyuncs.com.
	// Empty: none is attached, and the metadata service says 404.
	RoleName string
	// Metadata is who may read. Default: everybody on the instance.
	Metadata MetadataAccess
}

// MetadataAccess is how the metadata service of an instance may be read.
type MetadataAccess string

const (
	// MetadataOpen admits with a token or without (normal mode).
	MetadataOpen MetadataAccess = ""
	// MetadataTokenOnly admits with a token only (security hardening mode).
	MetadataTokenOnly MetadataAccess = "token-only"
	// MetadataWithoutTokens is a service that knows no tokens.
	MetadataWithoutTokens MetadataAccess = "without-tokens"
	// MetadataDisabled resets every connection.
	MetadataDisabled MetadataAccess = "disabled"
)

func (i Instance) check() error {
	switch i.Metadata {
	case MetadataOpen, MetadataTokenOnly, MetadataWithoutTokens, MetadataDisabled:
	default:
		return fmt.Errorf("unknown metadata access %q", i.Metadata)
	}
	if i.AccountID != "" && !accountID.MatchString(i.AccountID) {
		return fmt.Errorf("the instance's account id %q is not 16 digits", i.AccountID)
	}
	return nil
}

// SetInstance replaces Config.Instance from now on: a role is attached, the metadata
// service is hardened.
func (e *Emulator) SetInstance(i Instance) error {
	if err := i.check(); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if i.AccountID == "" {
		i.AccountID = e.config.Accounts[0]
	}
	e.config.Instance = i
	return nil
}

const (
	metadataTokenHeader = "X-Aliyun-Ecs-Metadata-Token"
	metadataTTLHeader   = "X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds"
	longestMetadataTTL  = 21600 // seconds
	instanceSession     = 21600 // seconds that the credentials of an instance last
	instanceID          = "i-emulated0000000001"
	metadataCredentials = "/latest/meta-data/ram/security-credentials/"
)

func instanceEndpoints() []endpoint {
	return []endpoint{
		{"ECS", "ECSMetadataToken", http.MethodPut, "/latest/api/token", nil, issueMetadataToken, htmlError},
		{"ECS", "ECSMetadata", http.MethodGet, metadataCredentials, nil, readMetadata, htmlError},
	}
}

// issueMetadataToken gives out a token for a time that the caller chooses.
func issueMetadataToken(v *visit) (response, *apiError) {
	switch v.config.Instance.Metadata {
	case MetadataDisabled:
		return response{reset: true}, nil
	case MetadataWithoutTokens:
		return response{}, errNoPage(v.http.URL.Path)
	case MetadataOpen, MetadataTokenOnly:
	}
	seconds, err := strconv.Atoi(v.http.Header.Get(metadataTTLHeader))
	if err != nil || seconds < 1 || seconds > longestMetadataTTL {
		return response{}, errMetadata(http.StatusBadRequest, "The time to live must be between 1 and %d seconds.", longestMetadataTTL)
	}
	token := v.ids.token()
	v.state.MetadataTokens[token] = v.now.Add(time.Duration(seconds) * time.Second)
	return textResponse("text/plain", token), nil
}

// readMetadata answers the name of the attached role, or its credentials.
func readMetadata(v *visit) (response, *apiError) {
	instance := v.config.Instance
	if instance.Metadata == MetadataDisabled {
		return response{reset: true}, nil
	}
	if refused := v.checkMetadataToken(); refused != nil {
		return response{}, refused
	}
	owner := v.state.Accounts[instance.AccountID]
	switch {
	case instance.RoleName == "" || owner == nil:
		return response{}, errNoPage(v.http.URL.Path)
	case v.below == "":
		return textResponse("text/plain", instance.RoleName), nil
	}
	r := owner.Roles[fold(instance.RoleName)]
	if r == nil || v.below != instance.RoleName {
		return response{}, errNoPage(v.http.URL.Path)
	}
	ecs := policylang.Principal{AccountID: owner.ID, Type: policylang.PrincipalService, Name: "ecs.aliyuncs.com"}
	if !v.trusts(r, roleARN(owner.ID, r.Name), ecs, nil) {
		return jsonResponse(http.StatusOK, answer{"Code": "Failed", "LastUpdated": stamp(v.now)}), nil
	}
	v.caller = roleCaller(owner, r, instanceID)
	body := answer{"Code": "Success", "LastUpdated": stamp(v.now)}
	maps.Copy(body, v.openSession(v.caller, instanceSession).credentials())
	return jsonResponse(http.StatusOK, body), nil
}

// checkMetadataToken wants a valid token if one is sent or needed (assumption
// "metadata-status").
func (v *visit) checkMetadataToken() *apiError {
	access, token := v.config.Instance.Metadata, v.http.Header.Get(metadataTokenHeader)
	switch {
	case access == MetadataWithoutTokens, access == MetadataOpen && token == "":
		return nil
	case token == "":
		return errMetadata(http.StatusForbidden, "The metadata of this instance need a token.")
	case !v.now.Before(v.state.MetadataTokens[token]): // zero if unknown
		return errMetadata(http.StatusUnauthorized, "The token is unknown or has expired.")
	default:
		return nil
	}
}
