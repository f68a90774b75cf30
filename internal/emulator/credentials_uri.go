package emulator

import (
	"fmt"
	"maps"
	"net/http"
)

func credentialsURIEndpoints() []endpoint {
	return []endpoint{
		{"CredentialsURI", "CredentialsURI", http.MethodGet, "/credentials/", nil, giveCredentials, refuseCredentials},
	}
}

// SetCredentialsURI lets GET /credentials/<name> give out sessions of a role, named by
// its ARN, or nothing any more if roleARN is empty. The role may be made later.
func (e *Emulator) SetCredentialsURI(name, roleARN string) error {
	if roleARN != "" && !roleARNFormat.MatchString(roleARN) {
		return fmt.Errorf("%q is no ARN of a role", roleARN)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.config.CredentialsURIs = maps.Clone(e.config.CredentialsURIs); e.config.CredentialsURIs == nil {
		e.config.CredentialsURIs = map[string]string{}
	}
	e.config.CredentialsURIs[name] = roleARN
	return nil
}

// giveCredentials stands for a local program that may assume the role already: nobody
// asks the trust policy (assumption "credentials-uri").
func giveCredentials(v *visit) (response, *apiError) {
	arn := v.config.CredentialsURIs[v.below]
	if arn == "" {
		return response{}, errNoPage(v.http.URL.Path)
	}
	owner, r := v.roleByARN(arn)
	if r == nil {
		return response{}, errNoRole(arn)
	}
	v.caller = roleCaller(owner, r, "credentials-uri")
	body := answer{"Code": "Success"}
	maps.Copy(body, v.openSession(v.caller, standardSession).credentials())
	return jsonResponse(http.StatusOK, body), nil
}

func refuseCredentials(_ string, err *apiError) response {
	return jsonResponse(err.Status, answer{"Code": err.Code, "Message": err.Message})
}
