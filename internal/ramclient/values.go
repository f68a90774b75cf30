package ramclient

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Time is a point in time of an answer: RFC 3339 in UTC, to the second. A field that
// is absent, empty or a word such as "N/A" (a key that was never used) is the zero time.
type Time struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (t *Time) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	if text == "" || text[0] < '0' || text[0] > '9' {
		*t = Time{}
		return nil
	}
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return fmt.Errorf("%q is not a time as in RFC 3339", text)
	}
	*t = Time{parsed.UTC()}
	return nil
}

// Tags are the tags of a user, a role or a policy by their keys. Nil in an answer that
// does not speak of tags, empty if it says that there are none.
type Tags map[string]string

// UnmarshalJSON implements json.Unmarshaler. The services write {"Tag":[…]}.
func (t *Tags) UnmarshalJSON(data []byte) error {
	var wrapped struct {
		Tag []struct{ TagKey, TagValue string }
	}
	if err := json.Unmarshal(data, &wrapped); err != nil {
		return err
	}
	if string(data) == "null" {
		return nil
	}
	*t = Tags{}
	for _, tag := range wrapped.Tag {
		(*t)[tag.TagKey] = tag.TagValue
	}
	return nil
}

// tag is how requests spell one, in parameters (Tag.1.Key) as in JSON.
type tag struct{ Key, Value string }

// Parameter implements rpc.Parameter. Sorted, so that equal tags are equal requests.
func (t Tags) Parameter() any {
	var list []tag
	for _, key := range slices.Sorted(maps.Keys(t)) {
		list = append(list, tag{key, t[key]})
	}
	return list
}

// UserNameOf is the part of a user principal name before the @. RAM knows users by it.
func UserNameOf(userPrincipalName string) string {
	name, _, _ := strings.Cut(userPrincipalName, "@")
	return name
}

// missing is the error of an answer that lacks a field without which it is of no use.
func missing(name, value string) error {
	if value == "" {
		return fmt.Errorf("it has no %s", name)
	}
	return nil
}
