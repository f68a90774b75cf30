package emulator

import (
	"fmt"
	"net/http"
	"time"
)

// apiError is an answer other than success. Every code the emulator can give is
// made in this file; the families follow "RAM API: common errors" and the error
// tables of the operations.
type apiError struct {
	Status  int
	Code    string
	Message string
	Header  http.Header         // extra response headers, such as throttling hints
	Denied  *accessDeniedDetail // only with NoPermission
}

// accessDeniedDetail explains a NoPermission answer; field names as on the wire.
type accessDeniedDetail struct {
	PolicyType               string
	AuthPrincipalOwnerID     string `json:"AuthPrincipalOwnerId"`
	AuthPrincipalType        string
	AuthPrincipalDisplayName string
	NoPermissionType         string // ImplicitDeny or ExplicitDeny
	AuthAction               string
	EncodedDiagnosticMessage string
}

func refusal(status int, code, format string, args ...any) *apiError {
	return &apiError{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Families of the operations. The path is the part of the code after the dot, such
// as "User.AccessKey".

func notExist(path, format string, args ...any) *apiError {
	return refusal(http.StatusNotFound, "EntityNotExist."+path, format, args...)
}

func alreadyExists(path, format string, args ...any) *apiError {
	return refusal(http.StatusConflict, "EntityAlreadyExists."+path, format, args...)
}

func deleteConflict(path, format string, args ...any) *apiError {
	return refusal(http.StatusConflict, "DeleteConflict."+path, format, args...)
}

func limitExceeded(path string, limit int) *apiError {
	return refusal(http.StatusConflict, "LimitExceeded."+path, "The quota of %s is exceeded; the limit is %d.", path, limit)
}

func invalidParameter(path, format string, args ...any) *apiError {
	return refusal(http.StatusBadRequest, "InvalidParameter."+path, format, args...)
}

func malformedPolicyDocument(err error) *apiError {
	return refusal(http.StatusBadRequest, "MalformedPolicyDocument", "The policy document is malformed: %v.", err)
}

func errAuthenticationCode() *apiError {
	return refusal(http.StatusForbidden, "CheckAuthenticationCodeFail", "The two authentication codes are not consecutive codes of the device.")
}

// errNotForAccount refuses what only users can do ("RAM API: ChangePassword").
func errNotForAccount() *apiError {
	return refusal(http.StatusBadRequest, "NotSupport.Account", "Only RAM users can do this.")
}

// errReservedRole: the service says that such roles cannot be changed, but not with
// which code (assumption "reserved-roles").
func errReservedRole(name string) *apiError {
	return refusal(http.StatusBadRequest, "NotSupport.ReservedRole", "The role %s belongs to a cloud service, which alone may change it.", name)
}

// errNoResourceGroup is spelt unlike its family ("ResourceManager API: AttachPolicy").
func errNoResourceGroup(id string) *apiError {
	return refusal(http.StatusNotFound, "EntityNotExists.ResourceGroup", "The resource group does not exist: %s.", id)
}

// Authorization.

func errNoPermission(message string, detail *accessDeniedDetail) *apiError {
	return &apiError{Status: http.StatusForbidden, Code: "NoPermission", Message: message, Denied: detail}
}

// Federation ("STS API: error codes").

func errToken(code, message string) *apiError {
	return refusal(http.StatusUnauthorized, "AuthenticationFail.OIDCToken."+code, "%s", message)
}

func errFederationDenied(message string) *apiError {
	return refusal(http.StatusUnauthorized, "AuthenticationFail.NoPermission", "%s", message)
}

// Endpoints beside the gateway.

func errNoPage(path string) *apiError {
	return refusal(http.StatusNotFound, "NotFound", "There is nothing at %s.", path)
}

func errMetadata(status int, format string, args ...any) *apiError {
	return refusal(status, http.StatusText(status), format, args...)
}

// errOAuth has the codes of RFC 6749 and RFC 6750, in lower case.
func errOAuth(status int, code, message string) *apiError {
	return refusal(status, code, "%s", message)
}

func errGrant(message string) *apiError {
	return errOAuth(http.StatusBadRequest, "invalid_grant", message)
}

func errNotInstalled() *apiError {
	return errOAuth(http.StatusForbidden, "unauthorized_client", "The account has not installed the application.")
}

func errControl(status int, message string) *apiError {
	return refusal(status, http.StatusText(status), "%s", message)
}

func errCloudSSO(status int, code, message string) *apiError {
	return refusal(status, code, "%s", message)
}

// Gateway: answers that any operation may give before it is looked at.

func errMissing(name string) *apiError {
	return refusal(http.StatusBadRequest, "Missing"+name, "%s is mandatory for this action.", name)
}

func errUnknownParameter(action, name string) *apiError {
	return refusal(http.StatusBadRequest, "InvalidParameter", "The parameter %s is not known to the action %s.", name, action)
}

func errRepeatedParameter(name string) *apiError {
	return refusal(http.StatusBadRequest, "InvalidParameter", "The parameter %s is given more than once.", name)
}

func errUnreadableRequest(reason string) *apiError {
	return refusal(http.StatusBadRequest, "InvalidParameter", "The request cannot be read: %s.", reason)
}

func errUnknownAction(action, version string) *apiError {
	return refusal(http.StatusNotFound, "InvalidAction.NotFound", "Specified api is not found: action %s, version %s.", action, version)
}

func errUnknownVersion(version string) *apiError {
	return refusal(http.StatusBadRequest, "InvalidVersion", "The specified version %s is not valid.", version)
}

func errForeignHost(host string) *apiError {
	return refusal(http.StatusForbidden, "Forbidden.Host",
		"The emulator answers loopback names only, not %q. Start it with --allow-remote to change that.", host)
}

func errKeyNotFound() *apiError {
	return refusal(http.StatusNotFound, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
}

func errKeyInactive() *apiError {
	return refusal(http.StatusBadRequest, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.")
}

// errNetworkDenied: that such calls are refused is documented, the code is not
// (assumption "network-policy-denied").
func errNetworkDenied(address string) *apiError {
	return refusal(http.StatusForbidden, "Forbidden.AccessKeyPolicy", "The network policy of the access key does not allow calls from %s.", address)
}

// errSignature repeats the server's string to sign, as the service does, although it
// holds every parameter of a V1 request: a client must never print this message.
func errSignature(stringToSign string) *apiError {
	return refusal(http.StatusBadRequest, "SignatureDoesNotMatch",
		"Specified signature is not matched with our calculation. server string to sign is:%s", stringToSign)
}

func errIncompleteSignature(reason string) *apiError {
	return refusal(http.StatusBadRequest, "IncompleteSignature", "The request signature does not conform to the standard: %s.", reason)
}

// errSigner: that key pairs sign one operation, and nothing else signs it, is assumed,
// and so is the code (assumption "key-pair-signer").
func errSigner(operation string, byKeyPair bool) *apiError {
	signer := "an AccessKey"
	if byKeyPair {
		signer = "a key pair"
	}
	return errIncompleteSignature(operation + " takes the signature of " + signer)
}

func errTimestampFormat() *apiError {
	return refusal(http.StatusBadRequest, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.")
}

func errTimestampExpired() *apiError {
	return refusal(http.StatusBadRequest, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
}

func errNonceUsed() *apiError {
	return refusal(http.StatusBadRequest, "SignatureNonceUsed", "Specified signature nonce was used already.")
}

func errMissingSecurityToken() *apiError {
	return refusal(http.StatusBadRequest, "MissingSecurityToken", "SecurityToken is mandatory for this action.")
}

func errTokenExpired() *apiError {
	return refusal(http.StatusBadRequest, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
}

func errTokenMalformed() *apiError {
	return refusal(http.StatusBadRequest, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.")
}

func errTokenMismatch() *apiError {
	return refusal(http.StatusBadRequest, "InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatch with the AccessKey.")
}

// errThrottled carries the wait both as the older rate header and, if known to the
// service at all, as the newer one; both count milliseconds.
func errThrottled(status int, wait time.Duration) *apiError {
	err := refusal(status, "Throttling.User", "Request was denied due to user flow control.")
	if wait > 0 {
		milliseconds := wait.Milliseconds()
		err.Header = http.Header{
			"X-Acs-Retry-After":    {fmt.Sprint(milliseconds)},
			"X-Ratelimit-User-Api": {fmt.Sprintf("Remain:0,TimeLeft:%d", milliseconds)},
		}
	}
	return err
}

func errStateFile(err error) *apiError {
	return refusal(http.StatusInternalServerError, "InternalError", "The emulator cannot write its state file: %v.", err)
}

func errInternal() *apiError {
	return refusal(http.StatusInternalServerError, "InternalError", "The request processing has failed due to some unknown error.")
}
