package emulator

import (
	"encoding/base64"
	"slices"
	"strings"
)

// pageParams are the parameters of lists that page by marker.
type pageParams struct {
	Marker   string
	MaxItems *int
}

// pageSize is the documented number of items of a page.
type pageSize struct{ standard, largest int }

// count is how many items a page may hold; asked is what the request wants of it.
func (c *call) count(parameter string, asked *int, size pageSize) (int, *apiError) {
	count := size.standard
	if asked != nil {
		if count = *asked; count < 1 || count > size.largest {
			return 0, invalidParameter(parameter, "%s must be between 1 and %d.", parameter, size.largest)
		}
	}
	if c.config.PageSize > 0 {
		count = min(count, c.config.PageSize)
	}
	return count, nil
}

// cut takes the keys of one page out of a sorted list, and the marker of the next
// page, empty at the end. A marker names the last key given out, so that a page
// begins behind it even if that object is gone.
func (c *call) cut(keys []string, parameter, marker string, count int) (cut []string, next string, refused *apiError) {
	if marker != "" {
		behind, refused := c.readMarker(parameter, marker)
		if refused != nil {
			return nil, "", refused
		}
		at, found := slices.BinarySearch(keys, behind)
		if found {
			at++
		}
		keys = keys[at:]
	}
	if len(keys) <= count {
		return keys, "", nil
	}
	return keys[:count], c.marker(keys[count-1]), nil
}

// page is one page of a list in the order of its keys, under wrapper and element as
// in Users.User[].
func page[T any](
	c *call, in pageParams, size pageSize, objects map[string]T, wrapper, element string, view func(T) any,
) (answer, *apiError) {
	count, refused := c.count("MaxItems", in.MaxItems, size)
	if refused != nil {
		return nil, refused
	}
	keys, next, refused := c.cut(sortedKeys(objects), "Marker", in.Marker, count)
	if refused != nil {
		return nil, refused
	}
	items := []any{}
	for _, key := range keys {
		items = append(items, view(objects[key]))
	}
	out := answer{wrapper: map[string]any{element: items}, "IsTruncated": next != ""}
	if next != "" {
		out["Marker"] = next
	}
	return out, nil
}

// marker is opaque to clients: it names operation, account and the last key.
func (c *call) marker(last string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.op.name + "\x00" + c.caller.AccountID + "\x00" + last))
}

func (c *call) readMarker(parameter, marker string) (string, *apiError) {
	text, err := base64.RawURLEncoding.DecodeString(marker)
	last, ours := strings.CutPrefix(string(text), c.op.name+"\x00"+c.caller.AccountID+"\x00")
	if err != nil || !ours {
		return "", invalidParameter(parameter, "The parameter %s is invalid.", parameter)
	}
	return last, nil
}

// listed is the answer of a list that does not page.
func listed[T any](wrapper, element string, objects []T, view func(T) any) answer {
	items := []any{}
	for _, object := range objects {
		items = append(items, view(object))
	}
	return answer{wrapper: map[string]any{element: items}}
}
