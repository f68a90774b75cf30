package accesskey

import (
	"context"
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
	_ list.ListResourceWithConfigure = (*accessKeyList)(nil)
	_ permission.Declarer            = (*accessKeyList)(nil)
)

// NewList makes the list resource ram_access_key.
func NewList() list.ListResource { return &accessKeyList{} }

type accessKeyList struct{ connection.ForList }

type accessKeyListModel struct {
	UserName types.String `tfsdk:"user_name"`
	Recycled types.Bool   `tfsdk:"recycled"`
}

// Permissions implements permission.Declarer.
func (l *accessKeyList) Permissions() permission.Table {
	return permission.Table{
		Read: []rpc.Operation{ramclient.OpListUsers, ramclient.OpListAccessKeys},
		Optional: []rpc.Operation{
			ramclient.OpGetDefaultDomain, ramclient.OpGetUser, ramclient.OpListAccessKeysInRecycleBin, ramclient.OpListUsersInRecycleBin,
		},
	}
}

// Metadata implements list.ListResource.
func (l *accessKeyList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_key"
}

// ListResourceConfigSchema implements list.ListResource.
func (l *accessKeyList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the AccessKeys of one RAM user or of all, or those in the recycle bin. Secrets are not shown: the service tells one only when it makes the key. " +
			"The service lists keys user by user, so it takes one call for each; the list stops at its `limit` (100 unless set) without asking further users.",
		Attributes: map[string]schema.Attribute{
			"user_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only the keys of the user of this name. Default: those of all users.",
				Validators:          []validator.String{schemakit.UserName()},
			},
			"recycled": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "List the keys in the recycle bin instead, which keeps the latest three of a user for 30 days; without `user_name` also those of users who are in the recycle bin themselves. " +
					"Such a key can be imported: its `status` is `Recycled`. Default: `false`.",
			},
		},
	}
}

// List implements list.ListResource.
func (l *accessKeyList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config accessKeyListModel
	diags := req.Config.Get(ctx, &config)
	caller, ok := l.Begin(ctx, &diags)
	if !ok || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	owners, attempt := l.owners(ctx, config), "list the AccessKeys of all RAM users"
	if name := config.UserName.ValueString(); name != "" {
		attempt = "list the AccessKeys of " + user(name)
	}
	stream.Results = listing.Stream(ctx, req, diags, attempt, l.items(ctx, owners, config.Recycled.ValueBool(), caller.AccountID))
}

// A keyOwner is a user whose keys are asked for.
type keyOwner struct{ userName, userID, principalName string }

// owners are the user that the configuration names, or all; with recycled also those who
// are in the recycle bin themselves.
func (l *accessKeyList) owners(ctx context.Context, config accessKeyListModel) iter.Seq2[keyOwner, error] {
	return func(yield func(keyOwner, error) bool) {
		if name := config.UserName.ValueString(); name != "" {
			yield(l.ownerCalled(ctx, name))
			return
		}
		for user, err := range l.Client.ListUsers(ctx) {
			if !yield(keyOwner{user.UserName, user.UserID, user.UserPrincipalName}, err) {
				return
			}
		}
		if !config.Recycled.ValueBool() {
			return
		}
		for user, err := range l.Client.ListUsersInRecycleBin(ctx, "") {
			if !yield(keyOwner{ramclient.UserNameOf(user.UserPrincipalName), user.UserID, user.UserPrincipalName}, err) {
				return
			}
		}
	}
}

func (l *accessKeyList) ownerCalled(ctx context.Context, userName string) (keyOwner, error) {
	principalName, err := l.PrincipalName(ctx, userName)
	if err != nil {
		return keyOwner{}, err
	}
	user, err := l.Client.GetUser(ctx, ramclient.GetUserInput{UserPrincipalName: principalName})
	return keyOwner{user.UserName, user.UserID, user.UserPrincipalName}, err
}

// items are the keys of the owners. A user who is gone by the time that the keys are asked
// for has none.
func (l *accessKeyList) items(ctx context.Context, owners iter.Seq2[keyOwner, error], recycled bool, accountID string) iter.Seq2[listing.Item, error] {
	read := l.live
	if recycled {
		read = l.recycled
	}
	return func(yield func(listing.Item, error) bool) {
		for owner, err := range owners {
			var keys []listedKey
			if err == nil {
				if keys, err = read(ctx, owner); ramclient.IsNotFound(err) {
					continue
				}
			}
			if err != nil {
				yield(listing.Item{}, err)
				return
			}
			for _, key := range keys {
				if !yield(key.item(accountID), nil) {
					return
				}
			}
		}
	}
}

// A listedKey is a key's id and all that a list tells of it.
type listedKey struct {
	accessKeyID string
	sighting
}

func (l *accessKeyList) live(ctx context.Context, owner keyOwner) ([]listedKey, error) {
	keys, err := l.Client.ListAccessKeys(ctx, owner.principalName)
	listed := make([]listedKey, len(keys))
	for i, key := range keys {
		listed[i] = listedKey{key.AccessKeyID, sighting{owner.userName, owner.userID, string(key.Status), key.CreateDate.Time}}
	}
	return listed, err
}

func (l *accessKeyList) recycled(ctx context.Context, owner keyOwner) ([]listedKey, error) {
	keys, err := l.Client.ListAccessKeysInRecycleBin(ctx, owner.userID)
	listed := make([]listedKey, len(keys))
	for i, key := range keys {
		listed[i] = listedKey{key.AccessKeyID, sighting{owner.userName, owner.userID, statusRecycled, key.CreateDate.Time}}
	}
	return listed, err
}

func (k listedKey) item(accountID string) listing.Item {
	return listing.Item{
		DisplayName: k.accessKeyID + " of " + k.userName,
		Identity:    accessKeyIdentity{AccessKeyID: types.StringValue(k.accessKeyID), AccountID: types.StringValue(accountID)},
		Fill: func(ctx context.Context, target *tfsdk.Resource) (diag.Diagnostics, error) {
			return listing.Set(ctx, target, func(m *accessKeyModel) {
				m.AccessKeyID = types.StringValue(k.accessKeyID)
				m.fromSighting(k.sighting, accountID)
			}), nil
		},
	}
}
