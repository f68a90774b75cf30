package emulator

// Assumption is one behaviour of the emulator and what it rests on. The page
// "Confirmed, documented, assumed" is generated from this list.
type Assumption struct {
	ID        string // stable name, used in comments
	Behaviour string // what the emulator does
	Basis     string // where that comes from
	Status    Status
	Switch    string // field of Config that changes it; empty if none
}

// Status is how sure a behaviour is.
type Status string

const (
	// Confirmed was seen on the wire or in a published vector.
	Confirmed Status = "confirmed"
	// Documented is stated by the service's documentation or its official SDKs.
	Documented Status = "documented"
	// Assumed is plausible, by analogy or from how others use the service.
	Assumed Status = "assumed"
)

// Assumptions lists what the emulator takes for the behaviour of the service.
func Assumptions() []Assumption {
	return []Assumption{
		{"signature-v3", "ACS3-HMAC-SHA256 over method, path, query, all x-acs- headers, host and content-type, and the hash of the body.", "RunInstances example of the signature page", Confirmed, ""},
		{"signature-v1", "HMAC-SHA1 over query and form parameters together.", "CreateUser example of the signature page; official clients on the wire", Confirmed, ""},
		{"form-body", "Parameters may stand in the query or in a form body, with both signature versions.", "official clients on the wire", Confirmed, ""},
		{"clock-skew", "A request dated more than 15 minutes from the service's time is refused.", "signature page", Documented, ""},
		{"nonce-window", "A nonce is remembered for 30 minutes, per AccessKey.", "follows from the 15 minutes allowed either way", Assumed, ""},
		{"unsigned-header", "A present but unsigned x-acs-, host or content-type header gives IncompleteSignature.", "rule documented, code by analogy", Assumed, ""},
		{"format-default", "Without Format and Accept, calls with an Action parameter get XML and calls with x-acs-action get JSON.", "the documentation contradicts itself", Assumed, ""},
		{"unknown-parameter", "An unknown parameter gives InvalidParameter; the service is more likely to ignore it.", "deliberately stricter, to catch misspelt names", Assumed, ""},
		{"missing-parameter", "A missing parameter gives Missing<Name>.", "common gateway errors; by analogy for parameters of operations", Assumed, ""},
		{"inactive-key-status", "InvalidAccessKeyId.Inactive comes with HTTP 400.", "lists disagree between 400 and 403", Assumed, ""},
		{"throttling-status", "Throttling.User comes with HTTP 400.", "lists disagree between 400 and 429", Assumed, "ThrottleStatus"},
		{"throttling-hint", "Throttling.User carries x-ratelimit-user-api and x-acs-retry-after, in milliseconds.", "official clients read both; RAM sending them was not seen", Assumed, ""},
		{"rates", "100 reads, 20 object writes, 10 relation changes a second per operation and account; AssumeRole 100.", "page \"RAM 2015-05-01 quota\"", Documented, "EnforceRates"},
		{"rates-ims", "IMS operations have the rates of their RAM twins.", "IMS publishes none", Assumed, "EnforceRates"},
		{"rate-window", "Rates are counted in whole seconds.", "only \"per second\" is documented", Assumed, ""},
		{"name-case", "Names of users, groups, roles and policies keep their case and compare without it.", "case preservation is documented, comparison is not", Assumed, ""},
		{"upn-domain", "A principal name is found under the alias and under the account id as domain; it is shown with the alias.", "both spellings occur in the documentation", Assumed, ""},
		{"display-name", "Display names have at most 24 characters in IMS and 128 in RAM.", "operation pages of either API", Documented, ""},
		{"list-order", "Lists are in the order of names; a page begins behind the last name given out.", "the order is not documented", Assumed, ""},
		{"marker", "A marker is valid for the operation that gave it; any other gives InvalidParameter.Marker.", "markers are documented as opaque", Assumed, ""},
		{"delete-user-ram", "RAM DeleteUser refuses a user with keys, groups, policies, login profile or MFA device.", "error table of 2021; the current text names policies and groups", Documented, ""},
		{"delete-user-ims", "IMS DeleteUser refuses the same.", "not documented for IMS", Assumed, "LenientIMSDeleteUser"},
		{"delete-active-key", "DeleteAccessKey accepts an Active key.", "RAM: the alicloud provider relies on it; IMS: not documented", Assumed, "StrictIMSDeleteAccessKey"},
		{"key-recycle-bin", "A deleted key stays in the recycle bin for 30 days; a user has at most 3 there, the oldest makes room.", "page \"AccessKey recycle bin\"", Documented, ""},
		{"user-recycle-bin", "A deleted user stays in the recycle bin for 30 days; an account has at most 1000 there, the oldest makes room.", "page \"RAM user recycle bin\"", Documented, ""},
		{"bin-ram", "RAM 2015 DeleteAccessKey and DeleteUser use the recycle bins too.", "one service behind both APIs", Assumed, ""},
		{"binned-key-call", "A key in the recycle bin, or of a user in it, signs nothing: InvalidAccessKeyId.NotFound.", "that it signs nothing is documented, the code is not", Assumed, ""},
		{"binned-key-quota", "Keys in the recycle bin do not count to the two a user may have.", "consistent with the recycle bin page", Assumed, ""},
		{"binned-name", "The name of a user in the recycle bin may be used again; restoring the old user then gives EntityAlreadyExists.User.", "not documented", Assumed, ""},
		{"restored-key", "A restored key is Inactive; restoring a third gives LimitExceeded.User.AccessKey.", "not documented", Assumed, ""},
		{"restored-user", "A restored user has no policies and no groups; its keys wait in their own recycle bin.", "not documented", Assumed, ""},
		{"bin-codes", "The recycle bin operations answer EntityNotExist.User and EntityNotExist.User.AccessKey.", "their pages list no codes", Assumed, ""},
		{"root-key-bin", "A deleted key of the root account is gone at once.", "the recycle bin is documented for users", Assumed, ""},
		{"last-used", "GetAccessKeyLastUsed follows at once; the service may take two hours. Never used gives empty fields.", "operation page for the delay; the empty value is a guess", Assumed, "LastUsedLag"},
		{"network-policy-denied", "A call from an address that a network policy does not list gives Forbidden.AccessKeyPolicy with 403, once its signature holds.", "that it is refused is documented, the code is not", Assumed, "SourceIPHeader"},
		{"network-policy-level", "An active policy of a key replaces the account's; an inactive one is as good as none.", "the order is documented; that it takes an active one is not", Assumed, ""},
		{"network-policy-empty", "An active policy without statements admits no address.", "not documented", Assumed, ""},
		{"network-policy-vpc", "No call comes from a VPC: VPCWhiteList statements are checked and kept, but admit nobody.", "the emulator is in no VPC", Assumed, ""},
		{"network-policy-codes", "An invalid document gives InvalidParameter.AccessKeyPolicy; more than 8 statements or 50 addresses together LimitExceeded.AccessKeyPolicy.Condition and .IPItem.", "limits from GetAccountSummary; codes by analogy", Assumed, ""},
		{"network-policy-account", "SetAccessKeyPolicyForAccount takes AccessKeyPolicy and answers AccessKeyPolicy.", "the operation is documented; its answer by analogy to SetAccessKeyPolicy", Assumed, ""},
		{"read-lag", "With a lag, reads see the past, and new users, groups, roles and policies are unknown to calls that relate them.", "waits built into the alicloud provider", Assumed, "Lag"},
		{"password-status", "A password given with a new or re-enabled login is initial, InitialValid until InitialPasswordAge has passed (0: for ever), then InitialExpired; any other is NotInitial.", "operation page of GetLoginProfile; the meaning of 0 is a guess", Documented, ""},
		{"password-policy", "SetPasswordPolicy gives what is left out its default. MaxLoginAttemps is 5 by default. Strength is checked at CreateLoginProfile, UpdateLoginProfile and ChangePassword, earlier passwords at ChangePassword alone.", "operation pages; that default, and where earlier passwords count, are guesses", Documented, ""},
		{"password-risk", "InterceptRiskPasswordOnApi, HardExpire, MaxPasswordAge and MaxLoginAttemps are kept, but nobody logs in with a password here.", "they concern the console, and a list of leaked passwords that is not published", Assumed, ""},
		{"change-password", "ChangePassword gives NotSupport.Account to the root account and to roles, NoPermission while the preferences forbid it whatever the policies say; it needs no policy.", "the first from the error table, the rest from its description", Documented, ""},
		{"preference-partial", "SetSecurityPreference leaves alone what it is not given.", "not documented", Assumed, ""},
		{"preference-effects", "Of the security preferences idle days, own AccessKeys and own passwords have an effect; the rest is kept and told.", "the others concern the console", Assumed, ""},
		{"own-keys", "With AllowUserToManageAccessKeys a user may make, list, switch, delete, restore and purge its own keys without a policy, unless one denies it; not change their network policies.", "page \"Manage the security settings of RAM users\"; network policies are a guess", Documented, ""},
		{"idle", "Keys and logins of users unused and unchanged for MaxIdleDays are disabled at the next midnight UTC; root keys never.", "operation page for the next day; the hour and what restarts the count are guesses", Documented, ""},
		{"mfa-root", "The root account has no MFA device.", "binding one needs the console", Assumed, ""},
		{"mfa-picture", "CreateVirtualMFADevice answers without QRCodePNG.", "left out; the seed says the same", Assumed, ""},
		{"credential-report", "GenerateCredentialReport makes a report at once and answers STARTED, and COMPLETE for the next 4 hours, in which it makes no other; more than 3500 users give LimitExceeded.CredentialReport.User.", "the 4 hours and 3500 users are documented, the states only by name", Documented, ""},
		{"credential-report-missing", "GetCredentialReport before the first report gives EntityNotExist.CredentialReport.", "by analogy", Assumed, ""},
		{"credential-report-pages", "Each page of GetCredentialReport begins with the line of column names, which does not count.", "whether it is repeated is not documented", Assumed, ""},
		{"credential-report-values", "TRUE and FALSE; - for never; N/A where there is no login or key, and for the creation and password of the root account. Keys count from the oldest, last rotated is when they were made.", "page \"Get a user credential report\", as far as it says", Documented, ""},
		{"alias-length", "An account alias has 3 to 32 characters.", "SDK text; an error text says 63", Documented, ""},
		{"tag-page", "ListTagResources gives 20 tags a page by default.", "only the maximum of 100 is documented", Assumed, ""},
		{"document-spelling", "Documents come back exactly as they were sent.", "the service is known to re-space trust policies", Assumed, "RespaceDocuments"},
		{"reserved-roles", "Names beginning with AliyunServiceRoleFor or AliyunReservedSSO- are refused by CreateRole, and such roles by UpdateRole, DeleteRole, attaching and detaching, with NotSupport.ReservedRole.", "that they cannot be changed is documented, the code is not", Assumed, ""},
		{"system-policies", "About thirty system policies exist, all as version v1 of 2015. Where their documents are not published they grant the service's own actions alone.", "\"System policies for ECS\" and pages of other services; the real list is far longer", Assumed, ""},
		{"policy-name-types", "A custom policy may have the name of a system policy.", "not documented", Assumed, ""},
		{"policy-list-order", "ListPolicies gives custom policies before those of the system.", "not documented", Assumed, ""},
		{"policy-versions-order", "ListPolicyVersions begins with the oldest version.", "not documented", Assumed, ""},
		{"delete-policy-of-role", "DeletePolicy of a policy attached to a role gives DeleteConflict.Role.Policy.", "the alicloud provider expects this spelling; the other cases are DeleteConflict.Policy.User and .Group", Assumed, ""},
		{"attach-resource-group", "An unknown resource group gives EntityNotExists.ResourceGroup in the RAM operations too.", "ResourceManager's AttachPolicy; by analogy for RAM", Assumed, "ResourceGroups"},
		{"attachment-limits", "The limits of 20 system and 10 custom policies count grants of all scopes.", "the limits page speaks of policies per principal", Assumed, ""},
		{"list-policies-scope", "ListPoliciesForUser, ForGroup and ForRole show grants for the whole account only.", "stated for users; by analogy for groups and roles", Assumed, ""},
		{"entities-scope", "ListEntitiesForPolicy shows each principal once, whatever the scope of the grant.", "not documented", Assumed, ""},
		{"resource-tags", "RAM ListTagResources without ResourceNames lists all tags of the type.", "not documented", Assumed, ""},
		{"resource-group-grants", "A grant for a resource group permits and forbids nothing here: no user, role or policy is in a resource group.", "resource groups hold resources of other services", Assumed, ""},
		{"attach-permission", "Attaching and detaching need permission on the policy and on the principal.", "the resource tables list both", Documented, ""},
		{"secure-transport", "acs:SecureTransport is true although the listener speaks HTTP.", "it stands for an HTTPS endpoint", Assumed, "InsecureTransport"},
		{"mfa-present", "acs:MFAPresent is false for every key and session.", "it is documented for console sessions", Assumed, ""},
		{"denied-detail", "AccessDeniedDetail names a user by id and a session as role:session; EncodedDiagnosticMessage is base64 of JSON.", "samples of answers for users; sessions by analogy", Assumed, ""},
		{"assumed-role-arn", "AssumeRole answers acs:ram::<account>:role/<role>/<session>; GetCallerIdentity acs:ram::<account>:assumed-role/<role>/<session>.", "sample of the AssumeRole page; third-party reports for the other", Assumed, ""},
		{"role-arn-case", "ARNs of roles keep the case of the role's name.", "samples of the operation pages; accounts are reported to get lower case", Assumed, ""},
		{"session-of-deleted-role", "A session outlives its role, without any permission.", "not documented", Assumed, ""},
		{"chained-session", "A session assumed from a session may last as long as any other and inherits its SourceIdentity.", "chaining is documented, its details are not", Assumed, ""},
		{"source-identity", "SourceIdentity needs no permission of its own.", "sts:SetSourceIdentity is not documented", Assumed, ""},
		{"young-role", "A new role can be assumed at once, whatever the lag.", "not documented", Assumed, ""},
		{"attachment-fields", "ListPolicyAttachments gives type, name, description, principal, scope and date; the scope of the whole account is the account's id.", "the wrapper is confirmed, the fields are those of the alicloud provider", Assumed, ""},
		{"attachment-order", "ListPolicyAttachments is in the order of attaching.", "not documented", Assumed, ""},
		{"resource-manager-twins", "ResourceManager's operations on policies and roles act like those of RAM, without tags; lists have PageNumber, PageSize and TotalCount, GetPolicy has the document in the policy alone, CreatePolicyVersion makes no room.", "pages of some of these operations; GetPolicy, and that permission is asked for as in RAM, are guesses", Documented, ""},
		{"resource-groups", "Resource groups are those of the configuration, the same in every account.", "ResourceManager's own operations are not emulated", Assumed, "ResourceGroups"},
		{"oidc-issuers", "Any https issuer is the emulator's own: it makes the tokens and the key set, and fetches nothing. Fingerprints of certificates are stored, not checked.", "a loopback listener cannot be an https issuer", Assumed, "OIDCAlgorithm"},
		{"oidc-codes", "AssumeRoleWithOIDC answers 401 with AuthenticationFail.NoPermission and AuthenticationFail.OIDCToken.Invalid, .InvalidSignature, .AudienceNotMatch and .Expired.", "page \"STS error codes\"", Documented, ""},
		{"oidc-claim-codes", "A wrong issuer, a missing claim, and a token issued too early or too long ago give AuthenticationFail.OIDCToken.Invalid.", "the page names no code for them", Assumed, ""},
		{"oidc-leeway", "The times of a token are compared without leeway.", "not documented", Assumed, ""},
		{"oidc-issuance-limit", "IssuanceLimitTime is 12 hours unless given.", "value of all samples", Assumed, ""},
		{"oidc-token-newline", "A token with white space, such as the newline of its file, is refused.", "deliberately strict: not documented", Assumed, ""},
		{"oidc-provider-codes", "An issuer URL used twice gives EntityAlreadyExists.OIDCProvider.IssuerUrl; client ids and fingerprints answer EntityAlreadyExists. and EntityNotExist.OIDCProvider.ClientId and .Fingerprint.", "by analogy", Assumed, ""},
		{"metadata-status", "ECS metadata without a token where one is needed give 403, with an unknown or expired one 401, without an attached role or for another role's name 404, all as HTML.", "404 as HTML was reported; the others by analogy", Assumed, "Instance"},
		{"metadata-trust", "Credentials of an instance need a role whose trust policy names ecs.aliyuncs.com; otherwise the answer has the Code Failed.", "the trust policy is documented, the answer is not", Assumed, "Instance"},
		{"metadata-session", "Every read gives a new session of six hours, whatever the role's MaxSessionDuration.", "the real service keeps one until it is about to expire", Assumed, ""},
		{"credentials-uri", "GET /credentials/<name> gives sessions of an hour, without asking the trust policy.", "stands for a local program that may assume the role already", Assumed, "CredentialsURIs"},
		{"official-cli", "official-cli is installed with the client id of the CLI as AppId, one for the China site and one for the international.", "the ids are those of the CLI; that they are application ids is inferred", Assumed, ""},
		{"applications", "Besides official-cli only the applications of the configuration exist; own applications cannot be made.", "any third-party application could be installed really", Assumed, "ForeignApplications"},
		{"application-scopes", "ProvisionExternalApplication without Scopes grants all scopes of the application; an unknown one gives InvalidParameter.Scopes.", "not documented", Assumed, ""},
		{"application-codes", "An unknown or not installed application gives EntityNotExist.Application, one installed twice EntityAlreadyExists.Application.", "by analogy", Assumed, ""},
		{"deprovision", "Removing an application drops its assignments and ends all logins through it.", "not documented", Assumed, ""},
		{"assignment-principal", "CreateApplicationAssignment takes a user by principal name or a role by bare name; groups give InvalidParameter.PrincipalType.", "operation page; the code is by analogy", Documented, ""},
		{"assignment-delete", "DeleteApplicationAssignment takes the parameters of CreateApplicationAssignment.", "the operation is documented, its parameters are not", Assumed, ""},
		{"assignment-list", "ListApplicationAssignments takes AppId, MaxItems and Marker and answers ApplicationAssignments.ApplicationAssignment[] with AppId, PrincipalName, PrincipalType, PrincipalId and CreateDate in milliseconds.", "the operation is documented; style of other lists of IMS", Assumed, ""},
		{"assignment-codes", "EntityAlreadyExists.ApplicationAssignment, EntityNotExist.ApplicationAssignment, EntityNotExist.User and .Role.", "by analogy", Assumed, ""},
		{"assignment-official", "Only official applications have assignments; others give InvalidParameter.AppId.", "the rule is documented, the code is not", Assumed, ""},
		{"assignment-of-deleted", "Deleting a user or role drops its assignments; a restored user has none.", "not documented", Assumed, ""},
		{"oauth-client", "official-cli logs in with a code, PKCE S256 and a redirect to http://127.0.0.1:12345 to 12349, and exchanges its token for credentials; answers of the exchange are in lower camel case.", "source of the CLI", Documented, ""},
		{"oauth-consent", "Whoever SignIn names consents at once; an application that is not installed is refused with unauthorized_client, even to an administrator.", "an administrator's consent would install it really", Assumed, ""},
		{"oauth-lifetimes", "A code lives 5 minutes, an access token an hour, a refresh token 30 days from its making, exchanged credentials an hour.", "defaults of applications one owns; those of official-cli are not published", Assumed, ""},
		{"oauth-rotation", "Every refresh gives a new refresh token and uses the old one up; access tokens live on.", "clients store the new one; a rotating server refuses the old", Assumed, ""},
		{"oauth-reuse", "A used refresh token gives invalid_grant and nothing else.", "RFC 9700 advises to end the login; the service is not documented", Assumed, "EndReusedLogins"},
		{"oauth-assignment", "Assignment is looked at by /v1/exchange alone: access_denied with 403. The root account needs none, and credentials given out already stay good.", "that only assigned identities get in is documented, the place and the code are not", Assumed, ""},
		{"oauth-errors", "Errors are error, error_description and requestId: 401 for invalid_client, invalid_token and expired_token, 403 for access_denied, insufficient_scope and unauthorized_client, else 400.", "shape and some codes from clients, the rest from RFC 6749 and 6750", Assumed, ""},
		{"oauth-identity", "A login follows its user or role through a rename and ends with it; the sub of /v1/userinfo is a hash, and there is no id_token.", "not documented", Assumed, ""},
		{"cloudsso", "The portal answers /device-authorization, /token and /cloud-credentials in JSON; errors are ErrorCode, ErrorMessage and RequestId. AuthorizationPending and InvalidDeviceCodeError come with 400.", "source of the CLI; the status is not known", Documented, ""},
		{"cloudsso-codes", "A bad access token gives 401 InvalidAccessTokenError, a missing access configuration 403 AccessDenied; a wrong verifier InvalidGrantError.", "not documented", Assumed, ""},
		{"cloudsso-lifetimes", "A device code lives 10 minutes, a login 8 hours.", "not documented", Assumed, ""},
		{"cloudsso-roles", "An access configuration stands for a role that a test names; its trust policy and MaxSessionDuration are not asked.", "CloudSSO keeps roles of its own in each account", Assumed, ""},
		{"service-linked-roles", "Four service-linked roles can be made, without policies; DeleteServiceLinkedRole deletes at once.", "names from the pages of these roles; the service deletes in a task", Assumed, ""},
	}
}
