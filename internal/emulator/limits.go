package emulator

import "time"

// Limits of the service ("Limits" page, December 2025). GetAccountSummary reports
// the same figures.
const (
	maxUsers                  = 5000
	maxGroups                 = 300
	maxRoles                  = 1000
	maxPolicies               = 1500 // custom, per account
	maxPolicyVersions         = 5
	maxPolicySize             = 6144 // characters
	maxSessionPolicySize      = 2048 // characters; the Policy of AssumeRole
	maxSystemPolicies         = 20   // attached, per principal
	maxCustomPolicies         = 10   // attached, per principal
	maxGroupsPerUser          = 10
	maxKeysPerUser            = 2
	maxRootKeys               = 2
	maxTags                   = 20 // per resource and per request
	maxTagResources           = 50 // per request
	maxVirtualMFADevices      = maxUsers
	maxConditionsPerKeyPolicy = 8
	maxIPItemsPerKeyPolicy    = 50
	maxBinnedKeys             = 3 // per user; the oldest makes room
	maxBinnedUsers            = 1000
	recycleBinRetention       = 30 * 24 * time.Hour
	maxOIDCProviders          = 100
	maxClientIDs              = 50 // per OIDC provider
	maxFingerprints           = 5  // per OIDC provider
	maxTagKeyLength           = 128
	maxTagValueLengthUser     = 128
	maxTagValueLengthOther    = 256
)
