package emulator

import "slices"

func rolePolicyTagOperations() []*operation {
	return []*operation{
		define(ram, "TagResources", relate, wholeAccount[tagResources], tagResourcesRAM),
		define(ram, "UntagResources", relate, wholeAccount[untagResources], untagResourcesRAM),
		define(ram, "ListTagResources", read, wholeAccount[listTagResources], listTagResourcesRAM),
	}
}

// taggedResources says which roles, or which policies, a tag call is about.
type taggedResources struct {
	ResourceType string   `param:",required"`
	Names        []string `param:"ResourceNames,json"`
}

// tagged is a role or policy as tags see it.
type tagged struct {
	name string
	tags *map[string]string
}

// find lists the resources named; without names, all of the type.
func (in taggedResources) find(c *call) ([]tagged, *apiError) {
	all := map[string]tagged{}
	missing := errNoRole
	switch in.ResourceType {
	case "role":
		for key, r := range c.account.Roles {
			all[key] = tagged{r.Name, &r.Tags}
		}
	case "policy":
		missing = errNoPolicy
		for key, p := range c.account.Policies {
			all[key] = tagged{p.Name, &p.Tags}
		}
	default:
		return nil, invalidParameter("ResourceType", "ResourceType must be role or policy.")
	}
	if len(in.Names) == 0 {
		return inOrder(all), nil
	}
	if len(in.Names) > maxTagResources {
		return nil, limitExceeded("Resource", maxTagResources)
	}
	var found []tagged
	for _, name := range in.Names {
		resource, exists := all[fold(name)]
		if !exists {
			return nil, missing(name)
		}
		found = append(found, resource)
	}
	return found, nil
}

// findSome is find for calls that must name at least one resource.
func (in taggedResources) findSome(c *call) ([]tagged, *apiError) {
	if len(in.Names) == 0 {
		return nil, errMissing("ResourceNames")
	}
	return in.find(c)
}

type tagResources struct {
	taggedResources
	Tags []tagParam `param:"Tag,required,json"`
}

// tagResourcesRAM tags all resources or none.
func tagResourcesRAM(c *call, in tagResources) (answer, *apiError) {
	resources, refused := in.findSome(c)
	if refused != nil {
		return nil, refused
	}
	if len(in.Tags) == 0 {
		return nil, errMissing("Tag")
	}
	tags := make([]map[string]string, len(resources))
	for i, resource := range resources {
		if tags[i], refused = newTags(*resource.tags, in.Tags, maxTagValueLengthOther); refused != nil {
			return nil, refused
		}
	}
	for i, resource := range resources {
		*resource.tags = tags[i]
	}
	return answer{}, nil
}

type untagResources struct {
	taggedResources
	Keys []string `param:"TagKeys,json"`
	All  bool
}

func untagResourcesRAM(c *call, in untagResources) (answer, *apiError) {
	resources, refused := in.findSome(c)
	if refused := first(refused, checkTagKeys(in.Keys, in.All)); refused != nil {
		return nil, refused
	}
	for _, resource := range resources {
		*resource.tags = withoutTags(*resource.tags, in.Keys)
	}
	return answer{}, nil
}

type listTagResources struct {
	taggedResources
	Tags      []tagParam `param:"Tag,json"`
	PageSize  *int
	NextToken string
}

// listTagResourcesRAM lists single tags, by resource and key, in a bare list; the tags
// asked for choose which tags are shown.
func listTagResourcesRAM(c *call, in listTagResources) (answer, *apiError) {
	resources, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	rows := map[string]any{}
	for _, resource := range resources {
		for key, value := range *resource.tags {
			if len(in.Tags) == 0 || slices.ContainsFunc(in.Tags, func(t tagParam) bool { return t.wants(key, value) }) {
				rows[fold(resource.name)+"/"+key] = map[string]string{
					"ResourceType": in.ResourceType, "ResourceName": resource.name, "TagKey": key, "TagValue": value,
				}
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
		items = append(items, rows[key])
	}
	out := answer{"TagResources": items}
	if next != "" {
		out["NextToken"] = next
	}
	return out, nil
}
