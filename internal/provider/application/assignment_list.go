package application

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/listing"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ list.ListResourceWithConfigure = (*assignmentList)(nil)
	_ permission.Declarer            = (*assignmentList)(nil)
)

// NewAssignmentList makes the list resource ram_application_assignment.
func NewAssignmentList() list.ListResource { return &assignmentList{} }

type assignmentList struct{ connection.ForList }

type assignmentListModel struct {
	AppID types.String `tfsdk:"app_id"`
}

// Permissions implements permission.Declarer.
func (l *assignmentList) Permissions() permission.Table {
	return permission.Table{
		Read: []rpc.Operation{ramclient.OpListExternalApplications, ramclient.OpListApplicationAssignments, ramclient.OpGetUser},
	}
}

// Metadata implements list.ListResource.
func (l *assignmentList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_application_assignment"
}

// ListResourceConfigSchema implements list.ListResource.
func (l *assignmentList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists to whom OAuth applications such as `official-cli` are assigned. " +
			"It takes one call for the applications and one for each of them; with `include_resource = true` each user takes another one, for its ID.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only the assignments of this application. Default: those of all that are installed.",
				Validators:          []validator.String{schemakit.ApplicationID()},
			},
		},
	}
}

// List implements list.ListResource.
func (l *assignmentList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config assignmentListModel
	diags := req.Config.Get(ctx, &config)
	caller, ok := l.Begin(ctx, &diags)
	if !ok || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, diags, "list the assignments of OAuth applications", l.items(ctx, l.applications(ctx, config), caller.AccountID))
}

// applications are the ids of the one that the configuration names, or of all.
func (l *assignmentList) applications(ctx context.Context, config assignmentListModel) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if appID := config.AppID.ValueString(); appID != "" {
			yield(appID, nil)
			return
		}
		for app, err := range l.Client.ListExternalApplications(ctx) {
			if !yield(app.AppID, err) {
				return
			}
		}
	}
}

func (l *assignmentList) items(ctx context.Context, applications iter.Seq2[string, error], accountID string) iter.Seq2[listing.Item, error] {
	return func(yield func(listing.Item, error) bool) {
		for appID, err := range applications {
			if err != nil {
				yield(listing.Item{}, err)
				return
			}
			for one, err := range l.Client.ListApplicationAssignments(ctx, appID) {
				if !yield(l.item(one, accountID), err) {
					return
				}
			}
		}
	}
}

func (l *assignmentList) item(one ramclient.ApplicationAssignment, accountID string) listing.Item {
	found := assignmentModel{
		AppID: types.StringValue(one.AppID), PrincipalType: types.StringValue(string(one.PrincipalType)),
		PrincipalName: types.StringValue(one.Name()), AccountID: types.StringValue(accountID),
	}
	return listing.Item{
		DisplayName: fmt.Sprintf("%s %s, %s", one.PrincipalType, one.Name(), object(one.AppID)),
		Identity:    found.identity(),
		Fill: func(ctx context.Context, target *tfsdk.Resource) (diag.Diagnostics, error) {
			if found.isOfUser() {
				user, err := l.Client.GetUser(ctx, ramclient.GetUserInput{UserPrincipalName: one.PrincipalName})
				if err != nil {
					return nil, err
				}
				found.UserID = types.StringValue(user.UserID)
			}
			return target.Set(ctx, found), nil
		},
	}
}
