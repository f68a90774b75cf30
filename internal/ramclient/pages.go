package ramclient

import (
	"fmt"
	"iter"
)

// A page is one answer of a list; next is empty on the last one.
type page[T any] struct {
	items []T
	next  string
}

// pages walks a list from page to page, asking for each when it is needed. A marker
// seen before would go round in circles, so it is an error.
func pages[T any](operation string, fetch func(marker string) (page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		seen := map[string]bool{"": true}
		marker := ""
		for {
			got, err := fetch(marker)
			if err != nil {
				yield(none, err)
				return
			}
			for _, item := range got.items {
				if !yield(item, nil) {
					return
				}
			}
			if got.next == "" {
				return
			}
			if seen[got.next] {
				yield(none, fmt.Errorf("%s: the service gave the same page marker twice", operation))
				return
			}
			seen[got.next] = true
			marker = got.next
		}
	}
}

// marked is how most lists of RAM and IMS say whether there is more.
type marked struct {
	IsTruncated bool
	Marker      string
}

// after is the marker of the next page. A truncated list without one is cut off
// silently if nobody looks, so it is an error.
func (m marked) after(operation string) (string, error) {
	if !m.IsTruncated {
		return "", nil
	}
	if m.Marker == "" {
		return "", fmt.Errorf("%s: the service says that there are more pages but gives no marker", operation)
	}
	return m.Marker, nil
}

// collect reads an iterator to its end, or to its first error.
func collect[T any](items iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for item, err := range items {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}
