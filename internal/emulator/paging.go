package emulator

import (
	"encoding/base64"
	"strings"
)

// pageParams are the parameters of lists that page by marker.
type pageParams struct {
	Marker   string
	MaxItems *int
}

// pageSize is the documented number of items of a page.
type pageSize struct{ standard, largest int }

// page cuts one page out of a list in the order of its keys and adds it to the
// answer under wrapper and element, as in Users.User[]. The marker names the last
// key given out, so that a page begins behind it even if that object is gone.
func page[T any](
	c *call, in pageParams, size pageSize, objects map[string]T, wrapper, element string, view func(T) any,
) (answer, *apiError) {
	count := size.standard
	if in.MaxItems != nil {
		if count = *in.MaxItems; count < 1 || count > size.largest {
			return nil, invalidParameter("MaxItems", "MaxItems must be between 1 and %d.", size.largest)
		}
	}
	if c.config.PageSize > 0 {
		count = min(count, c.config.PageSize)
	}
	behind, refused := c.readMarker(in.Marker)
	if refused != nil {
		return nil, refused
	}
	items, truncated, last := []any{}, false, ""
	for _, key := range sortedKeys(objects) {
		if in.Marker != "" && key <= behind {
			continue
		}
		if truncated = len(items) == count; truncated {
			break
		}
		items, last = append(items, view(objects[key])), key
	}
	out := answer{wrapper: map[string]any{element: items}, "IsTruncated": truncated}
	if truncated {
		out["Marker"] = c.marker(last)
	}
	return out, nil
}

// marker is opaque to clients: it names operation, account and the last key.
func (c *call) marker(last string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.op.name + "\x00" + c.caller.AccountID + "\x00" + last))
}

func (c *call) readMarker(marker string) (string, *apiError) {
	if marker == "" {
		return "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(marker)
	last, ours := strings.CutPrefix(string(text), c.op.name+"\x00"+c.caller.AccountID+"\x00")
	if err != nil || !ours {
		return "", invalidParameter("Marker", "The parameter Marker is invalid.")
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
