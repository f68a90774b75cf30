package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// framework is all that the plugin framework serves.
type framework interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// detached hands the framework a bare context for each request about an object. The
// framework keeps the context of every request until the process is stopped, so that it
// can be cancelled (internal/proto6server/serve.go of version 1.19), and with it the eight
// kilobytes of loggers that the plugin protocol puts in: 100 MB for a thousand users. A
// process whose log is silent needs none of them.
type detached struct{ framework }

// ValidateResourceConfig implements tfprotov6.ResourceServer. Like UpgradeResourceState it
// only computes, so there is nothing to end early.
func (d detached) ValidateResourceConfig(_ context.Context, request *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return d.framework.ValidateResourceConfig(context.Background(), request) //nolint:contextcheck // see detached
}

// UpgradeResourceState implements tfprotov6.ResourceServer.
func (d detached) UpgradeResourceState(_ context.Context, request *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return d.framework.UpgradeResourceState(context.Background(), request) //nolint:contextcheck // see detached
}

// answer asks with a context that carries nothing, and ends when the request does.
func answer[Request, Response any](ctx context.Context, request *Request, ask func(context.Context, *Request) (*Response, error)) (*Response, error) {
	bare, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	return ask(bare, request) //nolint:contextcheck // see detached
}

// UpgradeResourceIdentity implements tfprotov6.ResourceServer.
func (d detached) UpgradeResourceIdentity(ctx context.Context, request *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return answer(ctx, request, d.framework.UpgradeResourceIdentity)
}

// ImportResourceState implements tfprotov6.ResourceServer.
func (d detached) ImportResourceState(ctx context.Context, request *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return answer(ctx, request, d.framework.ImportResourceState)
}

// ReadResource implements tfprotov6.ResourceServer.
func (d detached) ReadResource(ctx context.Context, request *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return answer(ctx, request, d.framework.ReadResource)
}

// PlanResourceChange implements tfprotov6.ResourceServer.
func (d detached) PlanResourceChange(ctx context.Context, request *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return answer(ctx, request, d.framework.PlanResourceChange)
}

// ApplyResourceChange implements tfprotov6.ResourceServer.
func (d detached) ApplyResourceChange(ctx context.Context, request *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return answer(ctx, request, d.framework.ApplyResourceChange)
}

// ValidateDataResourceConfig implements tfprotov6.DataSourceServer.
func (d detached) ValidateDataResourceConfig(ctx context.Context, request *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return answer(ctx, request, d.framework.ValidateDataResourceConfig)
}

// ReadDataSource implements tfprotov6.DataSourceServer.
func (d detached) ReadDataSource(ctx context.Context, request *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return answer(ctx, request, d.framework.ReadDataSource)
}

// CallFunction implements tfprotov6.FunctionServer.
func (d detached) CallFunction(ctx context.Context, request *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	return answer(ctx, request, d.framework.CallFunction)
}
