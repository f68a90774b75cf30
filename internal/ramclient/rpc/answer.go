package rpc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// maxAnswer bounds what is read of an answer. A full page of 1,000 users with all
// their tags stays well under it.
const maxAnswer = 8 << 20

// A Checker is an answer that can say that it lacks something without which it is of
// no use. Such an answer counts as unreadable.
type Checker interface{ Check() error }

// envelope is what success and error answers have in common. Field names are matched
// without regard to case, since some gateways write them in lower case.
type envelope struct {
	RequestID          string `json:"RequestId"`
	Code               string
	Message            string
	Description        string
	AccessDeniedDetail json.RawMessage
}

// readAnswer decodes the body into out, or says what is wrong with the answer.
func readAnswer(resp *http.Response, out any) (requestID string, failure *Error) {
	failure = &Error{HTTPStatus: resp.StatusCode, retryAfter: retryAfter(resp.Header)}
	failure.ServerDate, _ = http.ParseTime(resp.Header.Get("Date"))
	success := resp.StatusCode >= 200 && resp.StatusCode < 300

	var answer envelope
	body, err := readBody(resp.Body)
	if err == nil {
		err = decode(body, &answer)
	}
	if err == nil && success {
		err = decodeResult(body, answer, out)
	}
	failure.RequestID = answer.RequestID
	switch {
	case err != nil:
		failure.Message, failure.cause = unreadable(resp, err), err
		failure.outcome = outcomeOf(resp.StatusCode, "", failure.retryAfter)
		if success {
			failure.outcome = lost
		}
	case success:
		return answer.RequestID, nil
	default:
		failure.refusal(answer)
	}
	return failure.RequestID, failure
}

func readBody(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("it broke off after %d bytes: %w", len(body), err)
	case len(body) > maxAnswer:
		return nil, fmt.Errorf("it is larger than %d MiB", maxAnswer>>20)
	}
	return body, nil
}

// decode reads a JSON object, and names the ways in which a body can be none.
func decode(body []byte, into any) error {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return errors.New("it is empty")
	}
	if body[0] == '<' {
		return errors.New("it is HTML or XML, not JSON, so it may come from a proxy or from a host that is not the service")
	}
	if body[0] != '{' {
		return errors.New("it is not a JSON object")
	}
	err := json.Unmarshal(body, into)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("its JSON is broken at byte %d of %d: %w", syntax.Offset, len(body), err)
	}
	if err != nil {
		return fmt.Errorf("its JSON cannot be read: %w", err)
	}
	return nil
}

func decodeResult(body []byte, answer envelope, out any) error {
	if answer.RequestID == "" {
		return errors.New("it has no RequestId, which every answer of the service has")
	}
	if out == nil {
		return nil
	}
	reflect.ValueOf(out).Elem().SetZero() // nothing of an earlier attempt shall remain
	if err := decode(body, out); err != nil {
		return err
	}
	if checker, ok := out.(Checker); ok {
		return checker.Check()
	}
	return nil
}

// unreadable describes an answer without quoting it: it may hold secrets.
func unreadable(resp *http.Response, err error) string {
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return "the host answers with a redirect, which the service never does; is the endpoint right, or a proxy in between?"
	}
	return "the answer cannot be used: " + err.Error()
}

// refusal takes over an error that the service has spelled out.
func (e *Error) refusal(answer envelope) {
	e.Code = answer.Code
	e.Message = answer.Message
	if e.Message == "" {
		e.Message = answer.Description
	}
	if e.Message == "" {
		e.Message = "the service gives no message"
	}
	if strings.Contains(e.Code, "SignatureDoesNotMatch") {
		e.Message = "the signature does not match the access key's secret (the service's own message is withheld: it repeats every parameter)"
	}
	var detail AccessDeniedDetail
	if json.Unmarshal(answer.AccessDeniedDetail, &detail) == nil && detail != (AccessDeniedDetail{}) {
		e.AccessDenied = &detail
	}
	e.outcome = outcomeOf(e.HTTPStatus, e.Code, e.retryAfter)
}

// retryAfter reads the header with which a service asks for a pause, in milliseconds.
func retryAfter(header http.Header) time.Duration {
	ms, err := strconv.Atoi(header.Get("x-acs-retry-after"))
	if err != nil || ms <= 0 {
		return 0
	}
	return min(time.Duration(ms)*time.Millisecond, maxRetryAfter)
}
