// Package emulator is a local service that speaks RAM, IMS, STS and the attachment
// calls of ResourceManager, for tests and for trying the provider without an account.
//
// It has three goals. It is strict: signatures, nonces, clock skew, permissions,
// limits, conflicts and recycle bins are those of the service, and unknown parameters
// are refused. It is honest: [Assumptions] lists what each behaviour rests on, and
// what is not known is a switch in [Config]. And it fails on demand: [Emulator.Fail]
// queues faults per operation, and [Emulator.PendingFaults] is the receipt.
//
// It shares no code with the client it tests. Two independent readings of the API
// cannot hide the same misreading, and the published signature vectors bind both.
//
// The way of a call is [Emulator.ServeHTTP]: read the request (gateway.go), verify its
// signature (signature.go), meet a fault (faults.go), then under one mutex check rate,
// parameters and permission, and run the operation. An operation is a line in a table
// (operation.go) and a plain function over the state (state.go).
//
// What is no API call (OAuth, CloudSSO, ECS metadata, the credentials URI, the issuers of
// OIDC tokens) is an endpoint (endpoint.go), found by method and path on the same
// listener, with the same log and faults. A test makes what a person or a CI system
// would bring: [Emulator.IssueToken], [Emulator.LogIn], [Emulator.LogInToCloudSSO],
// [Emulator.RegisterPublicKey].
package emulator
