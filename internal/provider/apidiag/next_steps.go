package apidiag

import (
	"fmt"
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
	"InvalidParameter.DurationSeconds":       "lower duration_seconds: a session cannot last longer than the role's max_session_duration.",
	"InvalidParameter.MobilePhone":           "write the number as <country code>-<number>, such as 86-18600000000; the service takes it on the China site only.",
	"ServiceUnavailable":                     "apply again in a few minutes.",
	"InternalError":                          "apply again; if it persists, ask Alibaba Cloud with the RequestId.",
	"AuthenticationFail.OIDCToken.Expired":   "provide a fresh OIDC token.",
	"InvalidParameter.UserName.InvalidChars": "use only letters, digits, '.', '-' and '_' in the name.",
}

func nextStep(failure *rpc.Error) string {
	if failure.Action == "AssumeRole" && failure.Code == "NoPermission" {
		return "let the role's trust policy name the caller, and give the caller sts:AssumeRole on the role (the system policy AliyunSTSAssumeRoleAccess); the account's root key can assume no role."
	}
	for code := failure.Code; code != ""; {
		if step, ok := nextSteps[code]; ok {
			return step
		}
		dot := strings.LastIndexByte(code, '.')
		code = code[:max(dot, 0)]
	}
	if failure.Code == "" {
		return fmt.Sprintf("check that %s is the right endpoint and can be reached from here (endpoints, http_proxy), then apply again.", failure.Host)
	}
	return ""
}
