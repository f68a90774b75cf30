package ramclient

import (
	"slices"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

const (
	productRAM             = "RAM"
	productIMS             = "IMS"
	productSTS             = "STS"
	productResourceManager = "ResourceManager"
)

// versions are the API versions that this package speaks.
var versions = map[string]string{
	productRAM:             "2015-05-01",
	productIMS:             "2019-08-15",
	productSTS:             "2015-04-01",
	productResourceManager: "2020-03-31",
}

// Requests per second, per operation and account ("Limits" page of RAM, 2026). IMS
// and ResourceManager publish none; they start at the rate of the RAM operation of the
// same kind, and the pacing adapts if that is too much.
const (
	rateRead     rpc.RateClass = 100
	rateWrite    rpc.RateClass = 20
	rateRelation rpc.RateClass = 10
	rateSTS      rpc.RateClass = 100
)

// The operations. A create is repeated only if the service certainly did not act: no
// operation takes a token that would make it idempotent. Attaching, adding, detaching
// and deleting may be repeated: the second time is answered EntityAlreadyExists or
// EntityNotExist, which the caller recognises as its own work if IsAmbiguous.
var (
	OpCreateUser = declare(productIMS, "CreateUser", create)
	OpGetUser    = declare(productIMS, "GetUser", read)
	OpUpdateUser = declare(productIMS, "UpdateUser", write)
	OpDeleteUser = declare(productIMS, "DeleteUser", write)
	OpListUsers  = declare(productIMS, "ListUsers", read)

	OpListUsersInRecycleBin     = declare(productIMS, "ListUsersInRecycleBin", read)
	OpGetUserInRecycleBin       = declare(productIMS, "GetUserInRecycleBin", read)
	OpRestoreUserFromRecycleBin = declare(productIMS, "RestoreUserFromRecycleBin", create)
	OpDeleteUserInRecycleBin    = declare(productIMS, "DeleteUserInRecycleBin", write)

	OpCreateAccessKey      = declare(productIMS, "CreateAccessKey", create)
	OpListAccessKeys       = declare(productIMS, "ListAccessKeys", read)
	OpUpdateAccessKey      = declare(productIMS, "UpdateAccessKey", write)
	OpDeleteAccessKey      = declare(productIMS, "DeleteAccessKey", write)
	OpGetAccessKeyLastUsed = declare(productIMS, "GetAccessKeyLastUsed", read)

	OpGetAccessKeyPolicy = declare(productIMS, "GetAccessKeyPolicy", read)
	OpSetAccessKeyPolicy = declare(productIMS, "SetAccessKeyPolicy", write)

	OpListAccessKeysInRecycleBin     = declare(productIMS, "ListAccessKeysInRecycleBin", read)
	OpGetAccessKeyInfoInRecycleBin   = declare(productIMS, "GetAccessKeyInfoInRecycleBin", read)
	OpRestoreAccessKeyFromRecycleBin = declare(productIMS, "RestoreAccessKeyFromRecycleBin", create)
	OpDeleteAccessKeyInRecycleBin    = declare(productIMS, "DeleteAccessKeyInRecycleBin", write)

	OpCreateLoginProfile = declare(productIMS, "CreateLoginProfile", create)
	OpGetLoginProfile    = declare(productIMS, "GetLoginProfile", read)
	OpUpdateLoginProfile = declare(productIMS, "UpdateLoginProfile", write)
	OpDeleteLoginProfile = declare(productIMS, "DeleteLoginProfile", write)
	OpGetUserMFAInfo     = declare(productIMS, "GetUserMFAInfo", read)
	OpUnbindMFADevice    = declare(productIMS, "UnbindMFADevice", write)

	OpCreateGroup         = declare(productIMS, "CreateGroup", create)
	OpGetGroup            = declare(productIMS, "GetGroup", read)
	OpUpdateGroup         = declare(productIMS, "UpdateGroup", write)
	OpDeleteGroup         = declare(productIMS, "DeleteGroup", write)
	OpListGroups          = declare(productIMS, "ListGroups", read)
	OpListUsersForGroup   = declare(productIMS, "ListUsersForGroup", read)
	OpListGroupsForUser   = declare(productIMS, "ListGroupsForUser", read)
	OpAddUserToGroup      = declare(productIMS, "AddUserToGroup", relate)
	OpRemoveUserFromGroup = declare(productIMS, "RemoveUserFromGroup", relate)

	OpTagUsers   = declare(productIMS, "TagResources", relate)
	OpUntagUsers = declare(productIMS, "UntagResources", relate)

	OpTagResources     = declare(productRAM, "TagResources", relate)
	OpUntagResources   = declare(productRAM, "UntagResources", relate)
	OpListTagResources = declare(productRAM, "ListTagResources", read)

	OpCreateRole = declare(productRAM, "CreateRole", create)
	OpGetRole    = declare(productRAM, "GetRole", read)
	OpUpdateRole = declare(productRAM, "UpdateRole", write)
	OpDeleteRole = declare(productRAM, "DeleteRole", write)
	OpListRoles  = declare(productRAM, "ListRoles", read)

	OpCreatePolicy            = declare(productRAM, "CreatePolicy", create)
	OpGetPolicy               = declare(productRAM, "GetPolicy", read)
	OpListPolicies            = declare(productRAM, "ListPolicies", read)
	OpUpdatePolicyDescription = declare(productRAM, "UpdatePolicyDescription", write)
	OpDeletePolicy            = declare(productRAM, "DeletePolicy", write)

	OpCreatePolicyVersion     = declare(productRAM, "CreatePolicyVersion", create)
	OpListPolicyVersions      = declare(productRAM, "ListPolicyVersions", read)
	OpSetDefaultPolicyVersion = declare(productRAM, "SetDefaultPolicyVersion", write)
	OpDeletePolicyVersion     = declare(productRAM, "DeletePolicyVersion", write)

	OpAttachPolicyToUser    = declare(productRAM, "AttachPolicyToUser", relate)
	OpAttachPolicyToGroup   = declare(productRAM, "AttachPolicyToGroup", relate)
	OpAttachPolicyToRole    = declare(productRAM, "AttachPolicyToRole", relate)
	OpDetachPolicyFromUser  = declare(productRAM, "DetachPolicyFromUser", relate)
	OpDetachPolicyFromGroup = declare(productRAM, "DetachPolicyFromGroup", relate)
	OpDetachPolicyFromRole  = declare(productRAM, "DetachPolicyFromRole", relate)
	OpListPoliciesForUser   = declare(productRAM, "ListPoliciesForUser", read)
	OpListPoliciesForGroup  = declare(productRAM, "ListPoliciesForGroup", read)
	OpListPoliciesForRole   = declare(productRAM, "ListPoliciesForRole", read)
	OpListEntitiesForPolicy = declare(productRAM, "ListEntitiesForPolicy", read)

	OpDetachPolicy          = declare(productResourceManager, "DetachPolicy", relate)
	OpListPolicyAttachments = declare(productResourceManager, "ListPolicyAttachments", read)

	OpGetAccountAlias       = declare(productRAM, "GetAccountAlias", read)
	OpSetAccountAlias       = declare(productRAM, "SetAccountAlias", write)
	OpClearAccountAlias     = declare(productRAM, "ClearAccountAlias", write)
	OpGetDefaultDomain      = declare(productIMS, "GetDefaultDomain", read)
	OpSetDefaultDomain      = declare(productIMS, "SetDefaultDomain", write)
	OpGetAccountSummary     = declare(productIMS, "GetAccountSummary", read)
	OpGetSecurityPreference = declare(productIMS, "GetSecurityPreference", read)
	OpSetSecurityPreference = declare(productIMS, "SetSecurityPreference", write)

	OpCreateOIDCProvider                = declare(productIMS, "CreateOIDCProvider", create)
	OpGetOIDCProvider                   = declare(productIMS, "GetOIDCProvider", read)
	OpUpdateOIDCProvider                = declare(productIMS, "UpdateOIDCProvider", write)
	OpAddClientIDToOIDCProvider         = declare(productIMS, "AddClientIdToOIDCProvider", write)
	OpRemoveClientIDFromOIDCProvider    = declare(productIMS, "RemoveClientIdFromOIDCProvider", write)
	OpAddFingerprintToOIDCProvider      = declare(productIMS, "AddFingerprintToOIDCProvider", write)
	OpRemoveFingerprintFromOIDCProvider = declare(productIMS, "RemoveFingerprintFromOIDCProvider", write)
	OpDeleteOIDCProvider                = declare(productIMS, "DeleteOIDCProvider", write)
	OpListOIDCProviders                 = declare(productIMS, "ListOIDCProviders", read)

	OpProvisionExternalApplication   = declare(productIMS, "ProvisionExternalApplication", create)
	OpGetExternalApplication         = declare(productIMS, "GetExternalApplication", read)
	OpDeprovisionExternalApplication = declare(productIMS, "DeprovisionExternalApplication", write)
	OpListExternalApplications       = declare(productIMS, "ListExternalApplications", read)

	OpCreateApplicationAssignment = declare(productIMS, "CreateApplicationAssignment", create)
	OpDeleteApplicationAssignment = declare(productIMS, "DeleteApplicationAssignment", write)
	OpListApplicationAssignments  = declare(productIMS, "ListApplicationAssignments", read)

	OpAssumeRole         = declare(productSTS, "AssumeRole", session)
	OpAssumeRoleWithOIDC = declare(productSTS, "AssumeRoleWithOIDC", federate)
	OpGetCallerIdentity  = declare(productSTS, "GetCallerIdentity", identify)
)

// declared collects what declare has made.
var declared []rpc.Operation

// Operations are all operations of this package, each once.
func Operations() []rpc.Operation { return slices.Clone(declared) }

// declare makes an operation of one kind and remembers it, so that none can be left
// out of Operations.
func declare(product, name string, kind func(*rpc.Operation)) rpc.Operation {
	// RAM checks the permissions of IMS and of ResourceManager's attachment calls
	// under its own prefix (RAM: "RAM authorization").
	op := rpc.Operation{Product: product, Version: versions[product], Name: name, PermissionScope: "ram"}
	kind(&op)
	declared = append(declared, op)
	return op
}

func read(op *rpc.Operation) {
	op.Retry, op.Rate = rpc.RetryAlways, rateRead
}

func write(op *rpc.Operation) {
	op.Retry, op.Rate, op.Mutates = rpc.RetryAlways, rateWrite, true
}

func create(op *rpc.Operation) {
	op.Retry, op.Rate, op.Mutates = rpc.RetryIfRejected, rateWrite, true
}

func relate(op *rpc.Operation) {
	op.Retry, op.Rate, op.Mutates = rpc.RetryAlways, rateRelation, true
}

// session operations give out temporary credentials; one more of them harms nobody.
func session(op *rpc.Operation) {
	op.Retry, op.Rate, op.PermissionScope = rpc.RetryAlways, rateSTS, "sts"
}

// federate is for sessions that a token of an identity provider opens: nobody signs, so
// there is no caller who could need a permission.
func federate(op *rpc.Operation) {
	op.Retry, op.Rate, op.PermissionScope = rpc.RetryAlways, rateSTS, ""
	op.Unsigned = true
}

// identify is for what every valid caller may ask.
func identify(op *rpc.Operation) {
	op.Retry, op.Rate = rpc.RetryAlways, rateSTS
	op.PermissionScope = ""
}
