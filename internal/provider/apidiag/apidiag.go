// Package apidiag is the one door from an error of the service to a diagnostic. Every
// text has the same form: the summary says what could not be done to which object, the
// detail what the service said, the next step, and the identifiers its support asks for.
package apidiag

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// Error is the diagnostic of a failed attempt. The attempt completes "Cannot …" and
// names verb and object: `create RAM user "ci"`.
func Error(attempt string, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic(summary(attempt), Detail(err))
}

// AttributeError is Error for a failure that one attribute caused.
func AttributeError(at path.Path, attempt string, err error) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, summary(attempt), Detail(err))
}

// Warning is the diagnostic of a failure that the operation survived.
func Warning(attempt string, err error, consequence string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(summary(attempt), consequence+"\n"+Detail(err))
}

// CreateError is the diagnostic of a create that failed. If the object is there already,
// it shows the import block that brings it under Terraform: perhaps an earlier run made
// it and was stopped before it could say so.
func CreateError(object, resourceType, importID string, err error) diag.Diagnostic {
	detail := Detail(err)
	if ramclient.IsAlreadyExists(err) {
		detail += fmt.Sprintf("\n\nIf it is meant to be managed here, for example because an earlier run was interrupted, import it:\n\n"+
			"import {\n  to = %s.<name of the resource>\n  id = %q\n}", resourceType, importID)
	}
	return diag.NewErrorDiagnostic(summary("create "+object), detail)
}

func summary(attempt string) string { return "Cannot " + attempt }

// Detail is the long text for an error, for diagnostics that add to it.
func Detail(err error) string {
	var failure *rpc.Error
	if !errors.As(err, &failure) {
		return detailWithoutAnswer(err)
	}
	lines := []string{said(failure)}
	lines = append(lines, denial(failure.AccessDenied)...)
	if failure.Ambiguous {
		lines = append(lines, "The request may have taken effect all the same, since no answer that could be trusted came back.")
	}
	if step := nextStep(failure); step != "" {
		lines = append(lines, "Next step: "+step)
	}
	return strings.Join(append(lines, identifiers(failure)), "\n")
}

func detailWithoutAnswer(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "The run was cancelled before the service answered."
	default:
		return err.Error()
	}
}

func said(failure *rpc.Error) string {
	switch {
	case failure.Code != "" && failure.Message != "":
		return fmt.Sprintf("The service answered %s: %s", failure.Code, failure.Message)
	case failure.Code != "":
		return fmt.Sprintf("The service answered %s.", failure.Code)
	default:
		return fmt.Sprintf("There was no usable answer from %s: %s", failure.Host, failure.Message)
	}
}

// denial spells out which permission was missing, as far as the service tells.
func denial(detail *rpc.AccessDeniedDetail) []string {
	if detail == nil {
		return nil
	}
	var lines []string
	add := func(label, value string) {
		if value != "" {
			lines = append(lines, label+": "+value)
		}
	}
	add("Missing permission", detail.AuthAction)
	principal := strings.TrimSpace(detail.AuthPrincipalType + " " + detail.AuthPrincipalDisplayName)
	if principal != "" && detail.AuthPrincipalOwnerID != "" {
		principal += " of account " + detail.AuthPrincipalOwnerID
	}
	add("Principal", principal)
	add("Denied by", strings.TrimSpace(detail.NoPermissionType+" "+detail.PolicyType))
	if detail.EncodedDiagnosticMessage != "" {
		lines = append(lines, "Diagnostic message (decode with: aliyun ram DecodeDiagnosticMessage --EncodedDiagnosticMessage …): "+detail.EncodedDiagnosticMessage)
	}
	return lines
}

func identifiers(failure *rpc.Error) string {
	facts := []string{"Action: " + failure.Action}
	if failure.HTTPStatus != 0 {
		facts = append(facts, fmt.Sprintf("HTTP: %d", failure.HTTPStatus))
	}
	if failure.RequestID != "" {
		facts = append(facts, "RequestId: "+failure.RequestID)
	}
	if failure.Attempts > 1 {
		facts = append(facts, fmt.Sprintf("Attempts: %d", failure.Attempts))
	}
	return strings.Join(facts, "  ")
}
