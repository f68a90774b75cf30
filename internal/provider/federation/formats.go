package federation

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// An OIDC provider holds at most so many (IMS API, CreateOIDCProvider).
const (
	maxClientIDs    = 50
	maxFingerprints = 5
)

var (
	providerNamePattern = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$`)
	issuerURLPattern    = regexp.MustCompile(`^https://[^/?#@\s][^?#@\s]{0,246}$`)
	// A comma would tear a client ID apart: the service takes them joined by commas.
	clientIDPattern    = regexp.MustCompile(`^[^,\s]{1,128}$`)
	fingerprintPattern = regexp.MustCompile(`^[A-Za-z0-9]{1,128}$`)
)

// providerName is what CreateOIDCProvider takes.
func providerName() validator.String {
	return stringvalidator.RegexMatches(providerNamePattern,
		"an OIDC provider's name has 1 to 128 letters, digits, '.', '_' or '-', and begins and ends with a letter or digit")
}

// issuerURL is what CreateOIDCProvider takes.
func issuerURL() validator.String {
	return stringvalidator.RegexMatches(issuerURLPattern,
		"an issuer is an https:// URL of at most 255 characters without '?', '#' and '@'")
}

// clientID is a client ID as far as its form is known.
func clientID() validator.String {
	return stringvalidator.RegexMatches(clientIDPattern, "a client ID has 1 to 128 characters, none of them a comma or a space")
}

// fingerprint is a fingerprint without the colons that some tools print.
func fingerprint() validator.String {
	return stringvalidator.RegexMatches(fingerprintPattern, "a fingerprint has 1 to 128 letters and digits, and no colons")
}
