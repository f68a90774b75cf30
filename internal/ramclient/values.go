package ramclient

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Time is a point in time of an answer: RFC 3339 in UTC, to the second, or (external
// applications) the milliseconds since 1970 as text. A field that is absent, empty or a
// word such as "N/A" (a key that was never used) is the zero time.
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
	if milliseconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		*t = Time{time.UnixMilli(milliseconds).UTC()}
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

// CommaList is a list that the service writes as one text, "a,b". Empty if there is none.
type CommaList []string

// UnmarshalJSON implements json.Unmarshaler.
func (l *CommaList) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	*l = nil
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			*l = append(*l, item)
		}
	}
	return nil
}

// Parameter implements rpc.Parameter.
func (l CommaList) Parameter() any { return strings.Join(l, ",") }

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
