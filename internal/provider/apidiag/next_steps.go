package apidiag

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// nextSteps says what to do about an error code. A code is looked up whole, then
// without its last part, and so on: "EntityNotExist.User" before "EntityNotExist".
// What is not here gets no advice: a guess would rot, the service's words do not.
var nextSteps = map[string]string{
	"InvalidAccessKeyId.NotFound":            "check the AccessKey ID; the key may have been deleted, or be a session's that has ended.",
	"InvalidAccessKeyId.Inactive":            "the AccessKey is disabled; enable it, or configure another one.",
	"SignatureDoesNotMatch":                  "check the AccessKey secret, which does not belong to this AccessKey ID. (The service's message is not shown, because it repeats every parameter.)",
	"IncompleteSignature":                    "report this as a bug in the provider, with the RequestId.",
	"InvalidTimeStamp.Expired":               "set this machine's clock; it is more than 15 minutes off the service's.",
	"InvalidSecurityToken.Expired":           "the session has ended: get a new security token, or use a credential mode that refreshes itself (a CLI profile, assume_role).",
	"InvalidSecurityToken":                   "check security_token: it must be the one issued with this AccessKey ID.",
	"MissingSecurityToken":                   "set security_token: an AccessKey ID that begins with STS. only works with the token issued with it.",
	"NoPermission":                           "allow the missing permission to the caller; the documentation page of each resource lists what it needs.",
	"Forbidden":                              "allow the missing permission to the caller; the documentation page of each resource lists what it needs.",
	"Inactive":                               "activate RAM for this account in the console.",
	"Throttling":                             "apply again; if it keeps happening, something else uses up the account's request quota: lower max_requests_per_second or terraform's -parallelism.",
	"InvalidAction":                          "check the endpoint: it does not serve this operation.",
	"EntityNotExist.User":                    "check the user name; if the user is managed elsewhere, it may have been renamed or deleted.",
	"EntityNotExist.Role":                    "check the role name, or the role ARN and its account.",
	"EntityNotExist.Policy":                  "check policy_name and policy_type; a policy made by Alibaba Cloud is of type System, one of your own of type Custom.",
	"EntityNotExist.Application":             "install the application first, with ram_external_application, or check app_id and site.",
	"EntityNotExist.Group":                   "check the group name.",
	"EntityNotExists.ResourceGroup":          "check resource_group_id; the resource groups of the account are in the Resource Management console.",
	"LimitExceeded.User.AccessKey":           "delete or disable and recycle an AccessKey of this user that is no longer used, then apply again.",
	"LimitExceeded.User.Policy":              "detach a policy from the user, merge custom policies, or attach through a group.",
	"LimitExceeded.Group.Policy":             "detach a policy from the group, merge custom policies, or give some of them through another group.",
	"LimitExceeded.Role.Policy":              "detach a policy from the role, or merge custom policies into one.",
	"LimitExceeded.Policy.Version":           "delete a version that is not the default one, or lower keep_versions.",
	"LimitExceeded":                          "remove what is no longer needed, or ask Alibaba Cloud to raise the limit.",
	"DeleteConflict.User.AccessKey":          "delete the user's AccessKeys first, or set force_destroy = true and apply that before destroying.",
	"DeleteConflict.User":                    "remove what the user still has, or set force_destroy = true and apply that before destroying.",
	"DeleteConflict.Group":                   "remove the group's members and policies first, or set force_destroy = true and apply that before destroying.",
	"DeleteConflict.Role.Policy":             "detach the role's policies first, or set force_destroy = true and apply that before destroying.",
	"DeleteConflict.Policy":                  "detach the policy everywhere first, or set force_destroy = true and apply that before destroying.",
	"DeleteConflict":                         "remove what still depends on the object, then apply again.",
	"MalformedPolicyDocument":                "correct the document; ram_policy_document builds one that is well formed.",
	"EntityAlreadyExists.AccountAlias":       "choose another alias: one is unique among all accounts of Alibaba Cloud.",
	"InvalidParameter.DurationSeconds":       "lower duration_seconds: a session cannot last longer than the role's max_session_duration.",
	"InvalidParameter.MobilePhone":           "write the number as <country code>-<number>, such as 86-18600000000; the service takes it on the China site only.",
	"ServiceUnavailable":                     "apply again in a few minutes.",
	"InternalError":                          "apply again; if it persists, ask Alibaba Cloud with the RequestId.",
	"InvalidParameter.UserName.InvalidChars": "use only letters, digits, '.', '-' and '_' in the name.",
}

// assumingSteps are for the operations that assume a role (STS API: error codes). What
// AssumeRole calls NoPermission, AssumeRoleWithOIDC calls AuthenticationFail.NoPermission.
var assumingSteps = map[string]string{
	"NoPermission":                                              "let the role's trust policy name the caller, and give the caller sts:AssumeRole on the role (the system policy AliyunSTSAssumeRoleAccess); the account's root key can assume no role.",
	"InvalidParameter.RoleArn":                                  "write role_arn as acs:ram::<account id>:role/<role name>.",
	"InvalidParameter.RoleSessionName":                          "use 2 to 64 letters, digits or . @ - _ in role_session_name.",
	"InvalidParameter.PolicyGrammar":                            "correct policy, the document that narrows the session down.",
	"InvalidParameter.PolicySize":                               "shorten policy, the document that narrows the session down, to 2048 characters.",
	"AuthenticationFail":                                        "check the OIDC token, the OIDC provider, and the role's trust policy.",
	"AuthenticationFail.NoPermission":                           "let the role's trust policy name the OIDC provider, and match the issuer, audience and subject of the token (oidc:iss, oidc:aud, oidc:sub); check that oidc_provider_arn names a provider that is there.",
	"AuthenticationFail.OIDCToken.AudienceNotMatch":             "add the audience (aud) of the token to the client IDs of the OIDC provider, or have the token issued for one of those.",
	"AuthenticationFail.OIDCToken.Expired":                      "provide a fresh OIDC token; if the platform keeps one in a file, name the file (token_file), which is read anew at each renewal.",
	"AuthenticationFail.OIDCToken.Invalid":                      "check that the token is complete, and issued by the issuer of the OIDC provider for this job (the issuer's own signature, not HS256).",
	"AuthenticationFail.OIDCToken.InvalidSignature":             "check that the token comes from the issuer of the OIDC provider, which must publish the key that signed it.",
	"AuthenticationFail.OIDCToken.HttpsUrlInvalid":              "check the certificates of the issuer's URL: the chain must be complete, and its root one that Alibaba Cloud trusts.",
	"AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch": "add the fingerprint of the issuer's present certificate to the OIDC provider.",
}

var assuming = []string{"AssumeRole", "AssumeRoleWithOIDC"}

func nextStep(failure *rpc.Error) string {
	if slices.Contains(assuming, failure.Action) {
		if step := lookUp(assumingSteps, failure.Code); step != "" {
			return step
		}
	}
	if step := lookUp(nextSteps, failure.Code); step != "" {
		return step
	}
	if failure.Code == "" {
		return fmt.Sprintf("check that %s is the right endpoint and can be reached from here (endpoints, http_proxy), then apply again.", failure.Host)
	}
	return ""
}

// lookUp finds the step for a code, or for what is left of it without its last parts.
func lookUp(steps map[string]string, code string) string {
	for code != "" {
		if step, ok := steps[code]; ok {
			return step
		}
		code = code[:max(strings.LastIndexByte(code, '.'), 0)]
	}
	return ""
}
