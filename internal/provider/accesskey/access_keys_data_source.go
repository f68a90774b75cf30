package accesskey

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ datasource.DataSourceWithConfigure = (*accessKeysDataSource)(nil)
	_ permission.Declarer                = (*accessKeysDataSource)(nil)
)

// NewKeysDataSource makes the data source ram_access_keys.
func NewKeysDataSource() datasource.DataSource { return &accessKeysDataSource{} }

type accessKeysDataSource struct{ connection.ForDataSource }

type accessKeysDataModel struct {
	UserName    types.String       `tfsdk:"user_name"`
	Recycled    types.Bool         `tfsdk:"recycled"`
	WithLastUse types.Bool         `tfsdk:"with_last_use"`
	Keys        []accessKeyElement `tfsdk:"keys"`
	AccountID   types.String       `tfsdk:"account_id"`
}

type accessKeyElement struct {
	AccessKeyID     types.String `tfsdk:"access_key_id"`
	Status          types.String `tfsdk:"status"`
	CreateDate      types.String `tfsdk:"create_date"`
	LastUsedDate    types.String `tfsdk:"last_used_date"`
	LastUsedService types.String `tfsdk:"last_used_service"`
	RecycleDate     types.String `tfsdk:"recycle_date"`
	DeleteDate      types.String `tfsdk:"delete_date"`
}

// Permissions implements permission.Declarer.
func (d *accessKeysDataSource) Permissions() permission.Table {
	return permission.Table{
		Read:     []rpc.Operation{ramclient.OpListAccessKeys, ramclient.OpGetAccessKeyLastUsed},
		Optional: []rpc.Operation{ramclient.OpGetDefaultDomain, ramclient.OpGetUser, ramclient.OpListAccessKeysInRecycleBin},
	}
}

// Metadata implements datasource.DataSource.
func (d *accessKeysDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_keys"
}

// Schema implements datasource.DataSource.
func (d *accessKeysDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	computed := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the AccessKeys of a RAM user, with their last use, or those in the recycle bin. Secrets are not shown. " +
			"It takes one call for the list and one for the last use of each key; the recycle bin takes two calls.",
		Attributes: map[string]schema.Attribute{
			"user_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the user.",
				Validators:          []validator.String{schemakit.UserName()},
			},
			"recycled": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "List the user's keys in the recycle bin instead. It keeps the latest three for 30 days. Default: `false`.",
			},
			"with_last_use": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Ask for the last use of each key that is not in the recycle bin, one call each. Default: `true`.",
			},
			"keys": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The keys, in the order of the service.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"access_key_id":     computed("ID of the AccessKey."),
					"status":            computed("`Active`, `Inactive`, or `Recycled` in the recycle bin."),
					"create_date":       computed("When the key was created, RFC 3339."),
					"last_used_date":    computed("When the key was last used, RFC 3339. The service notes it with a delay of up to two hours. Null if never, or not asked for."),
					"last_used_service": computed("On which service the key was last used, in the service's words, such as `Ram`. Null if never, or not asked for."),
					"recycle_date":      computed("When the key was moved to the recycle bin, RFC 3339. Null if it is not there."),
					"delete_date":       computed("When the recycle bin deletes the key for good, RFC 3339. Null if it is not there."),
				}},
			},
			"account_id": computed("ID of the Alibaba Cloud account that the user belongs to."),
		},
	}
}

// Read implements datasource.DataSource.
func (d *accessKeysDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model accessKeysDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	caller, ok := d.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	userName := model.UserName.ValueString()
	principalName, err := d.PrincipalName(ctx, userName)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("find the login name of "+user(userName), err))
		return
	}

	// The user may have been created a moment ago, in this run.
	err = d.Recent.Await(ctx, func(ctx context.Context) (err error) {
		if model.Recycled.ValueBool() {
			model.Keys, err = d.recycled(ctx, principalName)
		} else {
			model.Keys, err = d.live(ctx, principalName)
		}
		return err
	}, missingUser(userName))
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("user_name"), "list the AccessKeys of "+user(userName), err))
		return
	}
	if !model.Recycled.ValueBool() && (model.WithLastUse.IsNull() || model.WithLastUse.ValueBool()) {
		for i := range model.Keys {
			key := ramclient.AccessKeyRef{UserPrincipalName: principalName, AccessKeyID: model.Keys[i].AccessKeyID.ValueString()}
			use, err := d.Client.GetAccessKeyLastUsed(ctx, key)
			if ramclient.IsNotFound(err) {
				continue // deleted since the list
			}
			if err != nil {
				resp.Diagnostics.Append(apidiag.Error("read the last use of AccessKey "+key.AccessKeyID+" of "+user(userName), err))
				return
			}
			model.Keys[i].usedLast(use)
		}
	}

	model.AccountID = types.StringValue(caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// live lists the keys outside the recycle bin.
func (d *accessKeysDataSource) live(ctx context.Context, principalName string) ([]accessKeyElement, error) {
	keys, err := d.Client.ListAccessKeys(ctx, principalName)
	found := []accessKeyElement{}
	for _, key := range keys {
		found = append(found, accessKeyElement{
			AccessKeyID: types.StringValue(key.AccessKeyID), Status: types.StringValue(string(key.Status)), CreateDate: dateOrNull(key.CreateDate),
		})
	}
	return found, err
}

// recycled lists the keys in the recycle bin, which knows users by their ids.
func (d *accessKeysDataSource) recycled(ctx context.Context, principalName string) ([]accessKeyElement, error) {
	owner, err := d.Client.GetUser(ctx, ramclient.GetUserInput{UserPrincipalName: principalName})
	if err != nil {
		return nil, err
	}
	keys, err := d.Client.ListAccessKeysInRecycleBin(ctx, owner.UserID)
	found := []accessKeyElement{}
	for _, key := range keys {
		found = append(found, accessKeyElement{
			AccessKeyID: types.StringValue(key.AccessKeyID), Status: types.StringValue(statusRecycled), CreateDate: dateOrNull(key.CreateDate),
			RecycleDate: dateOrNull(key.RecycleDate), DeleteDate: dateOrNull(key.DeleteDate),
		})
	}
	return found, err
}

func (e *accessKeyElement) usedLast(use ramclient.AccessKeyLastUsed) {
	e.LastUsedDate = dateOrNull(use.LastUsedDate)
	if !use.LastUsedDate.IsZero() {
		e.LastUsedService = schemakit.StringOrNull(use.ServiceName)
	}
}

func dateOrNull(date ramclient.Time) types.String {
	if date.IsZero() {
		return types.StringNull()
	}
	return types.StringValue(date.Format(time.RFC3339))
}
