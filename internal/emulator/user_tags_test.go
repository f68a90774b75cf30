package emulator

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUserTags(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{PageSize: 2})
	var ids []string
	for _, name := range []string{"a", "b"} {
		ids = append(ids, s.root.must(ram, "CreateUser", params{"UserName": name}).at("User.UserId"))
	}
	s.root.must(ims, "TagResources", params{
		"ResourceType": "user", "ResourceId.1": ids[0], "ResourceId.2": ids[1],
		"Tag.1.Key": "team", "Tag.1.Value": "one", "Tag.2.Key": "env", "Tag.2.Value": "test",
	})
	s.root.must(ims, "TagResources", params{"ResourceType": "user", "ResourcePrincipalName.1": upn(s, "b"), "Tag.1.Key": "team", "Tag.1.Value": "two"})

	list := func(p params) []string {
		t.Helper()
		var found []string
		p["ResourceType"] = "user"
		for {
			got := s.root.must(ims, "ListTagResources", p)
			for n := range got.each("TagResources.TagResource", "TagKey") {
				at := fmt.Sprintf("TagResources.TagResource.%d.", n)
				found = append(found, got.at(at+"TagKey")+"="+got.at(at+"TagValue"))
			}
			if p["NextToken"] = got.at("NextToken"); p["NextToken"] == "" {
				return found
			}
		}
	}
	if diff := cmp.Diff([]string{"env=test", "team=one"}, list(params{"ResourceId.1": ids[0]})); diff != "" {
		t.Errorf("tags of a (-want +got):\n%s", diff)
	}
	if got := list(params{"ResourceId.1": ids[0], "ResourceId.2": ids[1]}); len(got) != 4 {
		t.Errorf("both users have %v, want four tags, in two pages", got)
	}
	if diff := cmp.Diff([]string{"team=two"}, list(params{"Tag.1.Key": "team", "Tag.1.Value": "two"})); diff != "" {
		t.Errorf("users of team two (-want +got):\n%s", diff)
	}
	s.root.must(ims, "UntagResources", params{"ResourceType": "user", "ResourceId.1": ids[1], "TagKey.1": "team"})
	if diff := cmp.Diff([]string{"env=test"}, list(params{"ResourceId.1": ids[1]})); diff != "" {
		t.Errorf("tags of b (-want +got):\n%s", diff)
	}
	s.root.must(ims, "UntagResources", params{"ResourceType": "user", "ResourceId.1": ids[1], "All": "true"})
	if got := list(params{"ResourceId.1": ids[1]}); len(got) != 0 {
		t.Errorf("after All the tags are %v", got)
	}
}

func TestTagRules(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	id := s.root.must(ram, "CreateUser", params{"UserName": "a"}).at("User.UserId")
	for name, test := range map[string]struct {
		key, value, code string
	}{
		"reserved":      {"acs:x", "v", "InvalidParameter.Tag.Key"},
		"reserved too":  {"AliyunX", "v", "InvalidParameter.Tag.Key"},
		"an address":    {"see https://x", "v", "InvalidParameter.Tag.Key"},
		"long key":      {strings.Repeat("k", 129), "v", "InvalidParameter.Tag.Key"},
		"long value":    {"k", strings.Repeat("v", 129), "InvalidParameter.Tag.Value"},
		"no key at all": {"", "v", "InvalidParameter.Tag.Key"},
	} {
		got := s.root.do(ims, "TagResources", params{"ResourceType": "user", "ResourceId.1": id, "Tag.1.Key": test.key, "Tag.1.Value": test.value})
		if got.Status != 400 || got.Code != test.code {
			t.Errorf("%s: got %d %s, want 400 %s", name, got.Status, got.Code, test.code)
		}
	}
	many := params{"ResourceType": "user", "ResourceId.1": id}
	for n := 1; n <= 20; n++ {
		many[fmt.Sprintf("Tag.%d.Key", n)] = fmt.Sprint("k", n)
	}
	s.root.must(ims, "TagResources", many)
	s.root.must(ims, "TagResources", params{"ResourceType": "user", "ResourceId.1": id, "Tag.1.Key": "k1", "Tag.1.Value": "again"})
	s.root.refused(ims, "TagResources", params{"ResourceType": "user", "ResourceId.1": id, "Tag.1.Key": "k21"}, 409, "LimitExceeded.Tag")
	s.root.refused(ims, "TagResources", params{"ResourceType": "role", "ResourceId.1": id, "Tag.1.Key": "k"}, 400, "InvalidParameter.ResourceType")
	s.root.refused(ims, "TagResources", params{"ResourceType": "user", "Tag.1.Key": "k"}, 400, "MissingResourceId")
	s.root.refused(ims, "TagResources", params{"ResourceType": "user", "ResourceId.1": id}, 400, "MissingTag")
	s.root.refused(ims, "TagResources", params{"ResourceType": "user", "ResourceId.1": id, "Tag.1.Key": "k1", "Tag.3.Key": "gap"}, 400, "InvalidParameter")
	s.root.refused(ims, "TagResources", params{"ResourceType": "user", "ResourceId.1": "1", "Tag.1.Key": "k"}, 404, "EntityNotExist.User")
	s.root.refused(ims, "UntagResources", params{"ResourceType": "user", "ResourceId.1": id}, 400, "MissingTagKey")
	s.root.refused(ims, "UntagResources", params{"ResourceType": "user", "ResourceId.1": id, "TagKey.1": "k1", "All": "true"}, 400, "InvalidParameter.All")
	s.root.refused(ims, "ListTagResources", params{"ResourceType": "user"}, 400, "MissingResourceId")
}
