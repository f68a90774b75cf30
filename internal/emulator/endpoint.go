package emulator

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// endpoint is an address of the service that is no API call: hosts of their own in the
// cloud, paths of the one listener here. Faults and request log know it by its name.
type endpoint struct {
	product, name string
	method, path  string   // a path that ends with "/" stands for all below it
	shown         []string // parameters that may be logged; all others may be secret
	serve         func(*visit) (response, *apiError)
	refuse        func(requestID string, err *apiError) response // how its errors look
}

// visit is one request to an endpoint.
type visit struct {
	*call
	http   *http.Request
	id     string // request id
	below  string // rest of the path of an endpoint that ends with "/"
	params params // of the form or JSON body; for GET of the query
}

// endpoints is every address beside the gateway. Each list stands beside its functions.
func endpoints() []endpoint {
	return slices.Concat(
		oidcIssuerEndpoints(),
		instanceEndpoints(),
		credentialsURIEndpoints(),
		oauthEndpoints(),
		cloudSSOEndpoints(),
		controlEndpoints(),
	)
}

func findEndpoint(r *http.Request) (at *endpoint, below string) {
	for _, candidate := range endpoints() {
		rest, found := strings.CutPrefix(r.URL.Path, candidate.path)
		if found && r.Method == candidate.method && (rest == "" || strings.HasSuffix(candidate.path, "/")) {
			return &candidate, rest
		}
	}
	return nil, ""
}

// visit answers a request to an endpoint: read, meet a fault, act.
func (e *Emulator) visit(ctx context.Context, at *endpoint, below string, r *http.Request, logged *Request) response {
	logged.Product, logged.Operation = at.product, at.name
	refuse := func(err *apiError) response {
		answered := at.refuse(logged.RequestID, err)
		answered.code = err.Code
		return answered
	}
	given, refused := readVisit(r)
	logged.Params = at.loggable(given)
	if refused != nil {
		return refuse(refused)
	}
	act := func() response {
		answered, who, refused := e.actOn(at, &visit{http: r, id: logged.RequestID, below: below, params: given})
		logged.Account, logged.CallerARN = who.AccountID, who.arn()
		if refused != nil {
			return refuse(refused)
		}
		return answered
	}
	e.mu.Lock()
	fault := e.nextFault(at.name)
	e.mu.Unlock()
	if fault == nil {
		return act()
	}
	logged.Fault = fault.name
	return fault.spoil(ctx, e, act, refuse)
}

// actOn serves a visit with the state locked. A refused visit may have changed the
// state too: a code or token that was tried is used up.
func (e *Emulator) actOn(at *endpoint, v *visit) (response, caller, *apiError) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.config.Clock.Now()
	e.expire(now)
	v.call = e.newCall(v.http, e.state, now)
	answered, refused := at.serve(v)
	e.remember(now)
	if err := e.save(); err != nil {
		return response{}, v.caller, errStateFile(err)
	}
	return answered, v.caller, refused
}

// readVisit collects what was sent: the form or JSON object of a body, else the query.
// Of a name given twice the first value counts, as in most web frameworks.
func readVisit(r *http.Request) (params, *apiError) {
	given := params{}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return given, errUnreadableRequest("body ended early or is too large")
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") && len(body) > 0 {
		if err := json.Unmarshal(body, &given); err != nil {
			return params{}, errUnreadableRequest("the body is no JSON object of texts")
		}
		return given, nil
	}
	text := string(body)
	if r.Method == http.MethodGet {
		text = r.URL.RawQuery
	}
	values, err := url.ParseQuery(text)
	if err != nil {
		return given, errUnreadableRequest("parameters are not URL-encoded")
	}
	for name := range values {
		given[name] = values.Get(name)
	}
	return given, nil
}

// loggable is the parameters without those that may be secret.
func (at *endpoint) loggable(given params) map[string]string {
	logged := withoutSecrets(given, nil)
	for _, name := range at.shown {
		if value, sent := given[name]; sent {
			logged[name] = value
		}
	}
	return logged
}

// bearer is the token of the Authorization header, empty if there is none.
func (v *visit) bearer() string {
	scheme, token, _ := strings.Cut(v.http.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

func jsonResponse(status int, body answer) response {
	return encode(formatJSON, status, "", body)
}

func textResponse(contentType, text string) response {
	return response{status: http.StatusOK, header: http.Header{"Content-Type": {contentType}}, body: []byte(text)}
}

// htmlError is the page of a web server.
func htmlError(_ string, err *apiError) response {
	title := fmt.Sprintf("%d - %s", err.Status, http.StatusText(err.Status))
	answered := textResponse("text/html", "<!DOCTYPE html>\n<html><head><title>"+title+"</title></head><body><h1>"+title+"</h1></body></html>\n")
	answered.status = err.Status
	return answered
}

// refuseAsAPI answers the way the gateway does.
func refuseAsAPI(requestID string, err *apiError) response {
	return jsonResponse(err.Status, answer{"RequestId": requestID, "Code": err.Code, "Message": err.Message})
}
