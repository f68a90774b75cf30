package emulator

import (
	"maps"
	"slices"
)

func userTagOperations() []*operation {
	return []*operation{
		define(ims, "TagResources", relate, allUsers[tagUsers], tagResourcesIMS),
		define(ims, "UntagResources", relate, allUsers[untagUsers], untagResourcesIMS),
		define(ims, "ListTagResources", read, allUsers[listUserTags], listTagResourcesIMS),
	}
}

// taggedUsers says which users a tag call is about, by id or by principal name.
type taggedUsers struct {
	ResourceType   string   `param:",required"`
	IDs            []string `param:"ResourceId"`
	PrincipalNames []string `param:"ResourcePrincipalName"`
}

func (in taggedUsers) find(c *call) ([]*user, *apiError) {
	switch {
	case in.ResourceType != "user":
		return nil, invalidParameter("ResourceType", "ResourceType must be user.")
	case len(in.IDs) > 0 && len(in.PrincipalNames) > 0:
		return nil, invalidParameter("ResourceId", "Give ResourceId or ResourcePrincipalName, not both.")
	case len(in.IDs)+len(in.PrincipalNames) > maxTagResources:
		return nil, limitExceeded("Resource", maxTagResources)
	}
	var found []*user
	for _, id := range in.IDs {
		u, refused := userRef{UserID: id}.find(c)
		if refused != nil {
			return nil, refused
		}
		found = append(found, u)
	}
	for _, name := range in.PrincipalNames {
		u, refused := c.userPrincipal(name)
		if refused != nil {
			return nil, refused
		}
		found = append(found, u)
	}
	return found, nil
}

// findSome is find for calls that must name at least one user.
func (in taggedUsers) findSome(c *call) ([]*user, *apiError) {
	if len(in.IDs)+len(in.PrincipalNames) == 0 {
		return nil, errMissing("ResourceId")
	}
	return in.find(c)
}

type tagUsers struct {
	taggedUsers
	Tags []tagParam `param:"Tag,required"`
}

// tagResourcesIMS tags all users or none.
func tagResourcesIMS(c *call, in tagUsers) (answer, *apiError) {
	users, refused := in.findSome(c)
	if refused != nil {
		return nil, refused
	}
	tagged := make([]map[string]string, len(users))
	for i, u := range users {
		if tagged[i], refused = newTags(u.Tags, in.Tags, maxTagValueLengthUser); refused != nil {
			return nil, refused
		}
	}
	for i, u := range users {
		u.Tags = tagged[i]
	}
	return answer{}, nil
}

type untagUsers struct {
	taggedUsers
	Keys []string `param:"TagKey"`
	All  bool
}

func untagResourcesIMS(c *call, in untagUsers) (answer, *apiError) {
	users, refused := in.findSome(c)
	if refused != nil {
		return nil, refused
	}
	if refused := checkTagKeys(in.Keys, in.All); refused != nil {
		return nil, refused
	}
	for _, u := range users {
		u.Tags = withoutTags(u.Tags, in.Keys)
	}
	return answer{}, nil
}

// checkTagKeys wants keys, or All, not both.
func checkTagKeys(keys []string, all bool) *apiError {
	switch {
	case len(keys) == 0 && !all:
		return errMissing("TagKey")
	case len(keys) > 0 && all:
		return invalidParameter("All", "All is only valid without TagKey.")
	case len(keys) > maxTags:
		return limitExceeded("Tag", maxTags)
	default:
		return nil
	}
}

// withoutTags is what remains without the given keys; without keys, nothing does.
func withoutTags(tags map[string]string, keys []string) map[string]string {
	left := map[string]string{}
	if len(keys) == 0 {
		return left
	}
	maps.Copy(left, tags)
	for _, key := range keys {
		delete(left, key)
	}
	return left
}

type listUserTags struct {
	taggedUsers
	Tags      []tagParam `param:"Tag"`
	PageSize  *int
	NextToken string
}

// listTagResourcesIMS lists single tags, by user and key; the tags asked for choose
// which tags are shown.
func listTagResourcesIMS(c *call, in listUserTags) (answer, *apiError) {
	users, refused := in.find(c)
	switch {
	case refused != nil:
		return nil, refused
	case len(users) == 0 && len(in.Tags) == 0:
		return nil, errMissing("ResourceId")
	case len(users) == 0:
		users = inOrder(c.account.Users)
	}
	type row struct{ userID, key, value string }
	rows := map[string]row{}
	for _, u := range users {
		for key, value := range u.Tags {
			if len(in.Tags) == 0 || slices.ContainsFunc(in.Tags, func(t tagParam) bool { return t.wants(key, value) }) {
				rows[u.ID+"/"+key] = row{u.ID, key, value}
			}
		}
	}
	count, refused := c.count("PageSize", in.PageSize, pageSize{20, 100})
	if refused != nil {
		return nil, refused
	}
	keys, next, refused := c.cut(sortedKeys(rows), "NextToken", in.NextToken, count)
	if refused != nil {
		return nil, refused
	}
	items := []any{}
	for _, key := range keys {
		r := rows[key]
		items = append(items, map[string]string{"ResourceType": "user", "ResourceId": r.userID, "TagKey": r.key, "TagValue": r.value})
	}
	out := answer{"TagResources": map[string]any{"TagResource": items}, "IsTruncated": next != ""}
	if next != "" {
		out["NextToken"] = next
	}
	return out, nil
}
