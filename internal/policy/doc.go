// Package policy is the policy language of RAM: it reads documents with the position of
// every fault (Parse), validates them (ValidateIdentity, ValidateTrust), compares them by
// meaning (Canonical, Equal), evaluates them (Evaluate) and builds them (Build, Merge). It
// knows neither the service nor Terraform, and reads no clock: the time of a request is
// its context key acs:CurrentTime.
//
// # Where RAM's pages are silent
//
// The language is described in "Policy structure and syntax", "Policy elements" and
// "Conditional operators" of the RAM documentation. Where these leave a question open, this
// package decides:
//
//   - A condition key which the request does not have makes an operator false and a negated
//     operator (StringNotEquals, NotIpAddress, …) true. Keys are case-sensitive.
//   - A request's key with several values matches if one of them does.
//   - Operators other than the documented ones (ForAnyValue:…, …IfExists, Null) pass
//     validation, since the service may know them. In an evaluation a statement with such
//     an operator, or with an unknown element, grants nothing and denies as if without it.
//   - Numbers and booleans without quotes are accepted in conditions and mean the same as in
//     quotes.
//   - Actions ignore case, and so do the role names of ARNs, which the service is reported
//     to return in lower case. User names and all other parts of ARNs do not.
//   - In a Resource, each segment is a pattern of its own; an empty region is any region.
//   - A principal has no wildcard, but for the account: acs:ram::*:root, or just *.
//   - The size limit counts characters of the document as sent, white space included.
package policy
