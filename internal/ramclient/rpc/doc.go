// Package rpc is the wire of Alibaba Cloud's RPC-style services: it encodes an
// operation's parameters, paces and signs the request (ACS3-HMAC-SHA256), sends it,
// repeats it where that is safe, and gives back the decoded answer or an *Error.
// It knows no operation by name and nothing of Terraform.
package rpc
