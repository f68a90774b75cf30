package ramclient

import (
	"context"
	"encoding/json"
	"slices"
)

// TagUsers adds tags to users, or changes their values (IMS 2019-08-15: TagResources).
// At most 50 users and 20 tags a call; a user has at most 20. Users that get the same tags
// at the same time share a call, see gathering; so they do below. Errors:
// EntityNotExist.User, LimitExceeded.*, InvalidParameter.*.
func (c *Client) TagUsers(ctx context.Context, userIDs []string, tags Tags) error {
	return c.tagCalls.do(ctx, sameCall("tag users", tags), userIDs, func(ctx context.Context, userIDs []string) error {
		return c.do(ctx, OpTagUsers, struct {
			ResourceType string   `param:"ResourceType"`
			ResourceID   []string `param:"ResourceId,required"`
			Tags         Tags     `param:"Tag,required"`
		}{"user", userIDs, tags}, nil)
	})
}

// sameCall is equal for calls that do the same to different resources. Maps become JSON
// in the order of their keys.
func sameCall(what ...any) string {
	text, err := json.Marshal(what)
	if err != nil {
		panic(err) // texts, lists and maps of texts
	}
	return string(text)
}

// UntagUsers takes tags off users (IMS 2019-08-15: UntagResources). At most 50 users and
// 20 keys a call; keys that are not there do not matter. Errors: EntityNotExist.User.
func (c *Client) UntagUsers(ctx context.Context, userIDs, keys []string) error {
	keys = slices.Sorted(slices.Values(keys))
	return c.tagCalls.do(ctx, sameCall("untag users", keys), userIDs, func(ctx context.Context, userIDs []string) error {
		return c.do(ctx, OpUntagUsers, struct {
			ResourceType string   `param:"ResourceType"`
			ResourceID   []string `param:"ResourceId,required"`
			TagKey       []string `param:"TagKey,required"`
		}{"user", userIDs, keys}, nil)
	})
}

// TaggedType is a type of resource that RAM keeps tags of.
type TaggedType string

// The types of resources that RAM, as opposed to IMS, keeps tags of.
const (
	TaggedRole   TaggedType = "role"
	TaggedPolicy TaggedType = "policy"
)

// TagResources adds tags to roles or policies, or changes their values (RAM
// 2015-05-01: TagResources). At most 50 names and 20 tags a call; a value has at most
// 256 characters. Errors: EntityNotExist.{Role,Policy}, LimitExceeded.*, InvalidParameter.*.
func (c *Client) TagResources(ctx context.Context, resourceType TaggedType, names []string, tags Tags) error {
	return c.tagCalls.do(ctx, sameCall("tag", resourceType, tags), names, func(ctx context.Context, names []string) error {
		return c.do(ctx, OpTagResources, struct {
			ResourceType  TaggedType `param:"ResourceType,required"`
			ResourceNames []string   `param:"ResourceNames,required,json"`
			Tags          Tags       `param:"Tag,required,json"`
		}{resourceType, names, tags}, nil)
	})
}

// UntagResources takes tags off roles or policies (RAM 2015-05-01: UntagResources). At
// most 50 names and 20 keys a call. Errors: EntityNotExist.{Role,Policy}.
func (c *Client) UntagResources(ctx context.Context, resourceType TaggedType, names, keys []string) error {
	keys = slices.Sorted(slices.Values(keys))
	return c.tagCalls.do(ctx, sameCall("untag", resourceType, keys), names, func(ctx context.Context, names []string) error {
		return c.do(ctx, OpUntagResources, struct {
			ResourceType  TaggedType `param:"ResourceType,required"`
			ResourceNames []string   `param:"ResourceNames,required,json"`
			TagKeys       []string   `param:"TagKeys,required,json"`
		}{resourceType, names, keys}, nil)
	})
}

// ListTagResources reads the tags of up to 50 roles or policies, by their names (RAM
// 2015-05-01: ListTagResources).
func (c *Client) ListTagResources(ctx context.Context, resourceType TaggedType, names []string) (map[string]Tags, error) {
	tags := map[string]Tags{}
	for _, name := range names {
		tags[name] = Tags{}
	}
	for tag, err := range pages(OpListTagResources.Name, func(token string) (page[taggedResource], error) {
		var out struct {
			NextToken    string
			TagResources []taggedResource
		}
		err := c.do(ctx, OpListTagResources, struct {
			ResourceType  TaggedType `param:"ResourceType,required"`
			ResourceNames []string   `param:"ResourceNames,required,json"`
			NextToken     string     `param:"NextToken"`
			PageSize      int        `param:"PageSize"`
		}{resourceType, names, token, 100}, &out)
		return page[taggedResource]{out.TagResources, out.NextToken}, err
	}) {
		if err != nil {
			return nil, err
		}
		if of := tags[tag.ResourceName]; of != nil {
			of[tag.TagKey] = tag.TagValue
		}
	}
	return tags, nil
}

// taggedResource is one tag of one resource.
type taggedResource struct{ ResourceName, TagKey, TagValue string }
