// Package policy is the policy language of RAM: it reads documents with positions,
// compares them by meaning, validates them, evaluates them and builds them. It knows
// neither the service nor Terraform.
package policy
