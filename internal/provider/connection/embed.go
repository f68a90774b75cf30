package connection

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ForResource is embedded by resources: it implements resource.ResourceWithConfigure.
type ForResource struct{ *Connection }

// Configure implements resource.ResourceWithConfigure.
func (f *ForResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	f.Connection = from(req.ProviderData, &resp.Diagnostics)
}

// ForDataSource is embedded by data sources: it implements
// datasource.DataSourceWithConfigure.
type ForDataSource struct{ *Connection }

// Configure implements datasource.DataSourceWithConfigure.
func (f *ForDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	f.Connection = from(req.ProviderData, &resp.Diagnostics)
}

// ForEphemeral is embedded by ephemeral resources: it implements
// ephemeral.EphemeralResourceWithConfigure.
type ForEphemeral struct{ *Connection }

// Configure implements ephemeral.EphemeralResourceWithConfigure.
func (f *ForEphemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	f.Connection = from(req.ProviderData, &resp.Diagnostics)
}

// ForList is embedded by list resources: it implements list.ListResourceWithConfigure.
type ForList struct{ *Connection }

// Configure implements list.ListResourceWithConfigure.
func (f *ForList) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	f.Connection = from(req.ProviderData, &resp.Diagnostics)
}

// ForAction is embedded by actions: it implements action.ActionWithConfigure.
type ForAction struct{ *Connection }

// Configure implements action.ActionWithConfigure.
func (f *ForAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	f.Connection = from(req.ProviderData, &resp.Diagnostics)
}

// from is nil without data: Terraform validates before it configures the provider.
func from(data any, diags *diag.Diagnostics) *Connection {
	if data == nil {
		return nil
	}
	c, ok := data.(*Connection)
	if !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("Expected *connection.Connection, but received %T. This is a bug in the provider; please report it.", data))
	}
	return c
}
