package emulator

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTagsOfRolesAndPolicies(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createRole("R1", trustAccount1)
	s.root.createRole("r2", trustAccount1)
	tagged := func(change params) params {
		p := params{"ResourceType": "role", "ResourceNames": `["r1","r2"]`, "Tag": `[{"Key":"env","Value":"test"},{"Key":"team","Value":"infra"}]`}
		maps.Copy(p, change)
		return p
	}
	s.root.must(ram, "TagResources", tagged(nil)).mustEqual(t, `{}`)
	s.root.must(ram, "ListTagResources", params{"ResourceType": "role", "ResourceNames": `["r1"]`}).mustEqual(t, `{"TagResources":[
		{"ResourceType":"role","ResourceName":"R1","TagKey":"env","TagValue":"test"},
		{"ResourceType":"role","ResourceName":"R1","TagKey":"team","TagValue":"infra"}]}`)

	first := s.root.must(ram, "ListTagResources", params{"ResourceType": "role", "PageSize": "3"})
	second := s.root.must(ram, "ListTagResources", params{"ResourceType": "role", "PageSize": "3", "NextToken": first.at("NextToken")})
	got := append(first.each("TagResources", "ResourceName"), second.each("TagResources", "ResourceName")...)
	if diff := cmp.Diff([]string{"R1", "R1", "r2", "r2"}, got); diff != "" || second.at("NextToken") != "" {
		t.Errorf("pages of tags, last token %q (-want +got):\n%s", second.at("NextToken"), diff)
	}

	s.root.must(ram, "UntagResources", params{"ResourceType": "role", "ResourceNames": `["r1"]`, "TagKeys": `["env"]`})
	s.root.must(ram, "UntagResources", params{"ResourceType": "role", "ResourceNames": `["r2"]`, "All": "true"})
	if diff := cmp.Diff([]string{"R1"}, s.root.must(ram, "ListRoles", params{"Tag": `[{"Key":"team","Value":"infra"}]`}).each("Roles.Role", "RoleName")); diff != "" {
		t.Errorf("roles of team infra (-want +got):\n%s", diff)
	}

	s.root.refused(ram, "TagResources", tagged(params{"ResourceType": "user"}), 400, "InvalidParameter.ResourceType")
	s.root.refused(ram, "TagResources", tagged(params{"ResourceNames": `["nobody"]`}), 404, "EntityNotExist.Role")
	s.root.refused(ram, "TagResources", tagged(params{"ResourceType": "policy", "ResourceNames": `["AdministratorAccess"]`}), 404, "EntityNotExist.Policy")
	s.root.refused(ram, "TagResources", tagged(params{"ResourceNames": `[]`}), 400, "MissingResourceNames")
	s.root.refused(ram, "TagResources", tagged(params{"Tag": `[]`}), 400, "MissingTag")
	s.root.refused(ram, "UntagResources", params{"ResourceType": "role", "ResourceNames": `["r1"]`, "TagKeys": `["team"]`, "All": "true"}, 400, "InvalidParameter.All")
}
