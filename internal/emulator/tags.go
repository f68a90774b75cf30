package emulator

import (
	"maps"
	"strings"
	"unicode/utf8"
)

// newTags adds tags to those a resource has, or says why not. The old map stays as
// it is, so that a refused call changes nothing.
func newTags(old map[string]string, add []tagParam, longestValue int) (map[string]string, *apiError) {
	if len(add) > maxTags {
		return nil, limitExceeded("Tag", maxTags)
	}
	tags := map[string]string{}
	maps.Copy(tags, old)
	given := map[string]bool{}
	for _, tag := range add {
		if refused := checkTag(tag, longestValue); refused != nil {
			return nil, refused
		}
		if given[tag.Key] {
			return nil, invalidParameter("Tag.Key", "The tag key %s is given twice.", tag.Key)
		}
		given[tag.Key] = true
		tags[tag.Key] = tag.Value
	}
	if len(tags) > maxTags {
		return nil, limitExceeded("Tag", maxTags)
	}
	return tags, nil
}

func checkTag(tag tagParam, longestValue int) *apiError {
	lower := strings.ToLower(tag.Key)
	switch {
	case tag.Key == "" || utf8.RuneCountInString(tag.Key) > maxTagKeyLength:
		return invalidParameter("Tag.Key", "A tag key has 1 to %d characters.", maxTagKeyLength)
	case utf8.RuneCountInString(tag.Value) > longestValue:
		return invalidParameter("Tag.Value", "A tag value has at most %d characters.", longestValue)
	case strings.HasPrefix(lower, "acs:"), strings.HasPrefix(lower, "aliyun"):
		return invalidParameter("Tag.Key", "A tag key must not start with acs: or aliyun.")
	case strings.Contains(lower, "http://"), strings.Contains(lower, "https://"):
		return invalidParameter("Tag.Key", "A tag key must not contain http:// or https://.")
	default:
		return nil
	}
}

// hasTags tells whether a resource has every tag asked for.
func hasTags(tags map[string]string, asked []tagParam) bool {
	for _, tag := range asked {
		if value, has := tags[tag.Key]; !has || !tag.wants(tag.Key, value) {
			return false
		}
	}
	return true
}

// wants tells whether a tag is the one asked for; an empty value asks for the key alone.
func (t tagParam) wants(key, value string) bool {
	return t.Key == key && (t.Value == "" || t.Value == value)
}

// viewTags is the shape of tags within an object: Tags.Tag[].
func viewTags(tags map[string]string) map[string]any {
	list := []any{}
	for _, key := range sortedKeys(tags) {
		list = append(list, map[string]string{"TagKey": key, "TagValue": tags[key]})
	}
	return map[string]any{"Tag": list}
}
