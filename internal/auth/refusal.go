package auth

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// A refusal is an answer without credentials. The services have three spellings for the
// same: CloudSSO (ErrorCode, ErrorMessage), OAuth (error, error_description), STS (Code,
// Message).
type refusal struct {
	status                   int
	code, message, requestID string
}

const maxRefusalMessage = 500 // characters

var codePattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`)

// parseRefusal keeps what helps of an answer and nothing that was sent along as a secret.
func parseRefusal(status int, body []byte, secrets ...rpc.Secret) *refusal {
	var answer struct {
		Code, ErrorCode       string
		Error                 string `json:"error"`
		Message, ErrorMessage string
		Description           string `json:"error_description"`
		RequestID             string `json:"RequestId"`
	}
	_ = json.Unmarshal(body, &answer) // a page of HTML leaves nothing but the status
	r := &refusal{
		status:    status,
		code:      answer.Code + answer.ErrorCode + answer.Error,
		message:   answer.Message + answer.ErrorMessage + answer.Description,
		requestID: answer.RequestID,
	}
	if !codePattern.MatchString(r.code) {
		r.code = ""
	}
	if !codePattern.MatchString(r.requestID) {
		r.requestID = ""
	}
	if r.code == "SignatureDoesNotMatch" { // it repeats the whole request
		r.message = ""
	}
	for _, secret := range secrets {
		if !secret.IsEmpty() {
			r.message = strings.ReplaceAll(r.message, secret.Reveal(), secret.String())
		}
	}
	r.message = strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return ' '
	}, r.message)
	if runes := []rune(r.message); len(runes) > maxRefusalMessage {
		r.message = string(runes[:maxRefusalMessage]) + "…"
	}
	return r
}

func (r *refusal) Error() string {
	text := fmt.Sprintf("HTTP status %d", r.status)
	if r.code != "" {
		text += ", " + r.code
	}
	if r.message != "" {
		text += ": " + r.message
	}
	if r.requestID != "" {
		text += " (RequestId " + r.requestID + ")"
	}
	return text
}

// unauthorized says that the login itself was refused.
func (r *refusal) unauthorized() bool {
	return r.status == http.StatusUnauthorized || r.status == http.StatusForbidden
}
