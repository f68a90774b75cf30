// Package arn takes apart and puts together the names that policies use for objects:
// acs:<service>:<region>:<account id>:<relative id> (RAM help, "Basic elements of a
// policy", Resource).
package arn

import (
	"errors"
	"fmt"
	"strings"
)

// An arn is a name in its parts. The region and the account may be empty, and the type if there is a resource.
type arn struct {
	Service      string `tfsdk:"service"`
	Region       string `tfsdk:"region"`
	AccountID    string `tfsdk:"account_id"`
	ResourceType string `tfsdk:"resource_type"`
	Resource     string `tfsdk:"resource"`
}

// parse takes an ARN apart; String of the result is the same text again.
func parse(text string) (arn, error) {
	parts := strings.SplitN(text, ":", 5)
	if len(parts) != 5 || parts[0] != "acs" || parts[1] == "" || parts[4] == "" {
		return arn{}, fmt.Errorf(`%q is no ARN, expected acs:<service>:<region>:<account id>:<resource>, such as "acs:ram::1234567890123456:user/alice"`, text)
	}
	a := arn{Service: parts[1], Region: parts[2], AccountID: parts[3], Resource: parts[4]}
	if kind, name, ok := strings.Cut(a.Resource, "/"); ok && kind != "" {
		a.ResourceType, a.Resource = kind, name
	}
	return a, nil
}

// check finds the first part, counted from 0, that would be read back as something else.
func (a arn) check() (part int64, err error) {
	for i, segment := range []string{a.Service, a.Region, a.AccountID} {
		if strings.Contains(segment, ":") {
			return int64(i), fmt.Errorf("%q has a colon, which separates the parts of an ARN", segment)
		}
	}
	switch {
	case a.Service == "":
		return 0, errors.New(`the service is empty, expected its code such as "ram"`)
	case strings.Contains(a.ResourceType, "/"):
		return 3, fmt.Errorf("%q has a slash, which ends the resource type; what follows belongs to the resource", a.ResourceType)
	case a.ResourceType == "" && a.Resource == "":
		return 4, errors.New(`the resource is empty, expected a name, or "*" for all`)
	}
	return 0, nil
}

// String implements fmt.Stringer.
func (a arn) String() string {
	relative := a.Resource
	if a.ResourceType != "" {
		relative = a.ResourceType + "/" + a.Resource
	}
	return strings.Join([]string{"acs", a.Service, a.Region, a.AccountID, relative}, ":")
}
