// Package tagging merges the tags that a resource writes with the provider's
// default_tags, and keeps ignore_tags out of sight.
package tagging

import (
	"maps"
	"slices"
	"strings"
)

// Settings are the provider's default_tags and ignore_tags.
type Settings struct {
	// Default is added to every resource that has tags; the resource's own win.
	Default map[string]string
	// DefaultUnknown says that Default will be known only after apply.
	DefaultUnknown bool
	// IgnoreKeys and IgnorePrefixes name tags that are neither shown nor touched.
	IgnoreKeys, IgnorePrefixes []string
}

// All is what the object shall carry: the defaults, overridden by written.
func (s Settings) All(written map[string]string) map[string]string {
	all := make(map[string]string, len(s.Default)+len(written))
	maps.Copy(all, s.Default)
	maps.Copy(all, written)
	maps.DeleteFunc(all, func(key, _ string) bool { return s.ignores(key) })
	return all
}

// Seen is what the object carries as far as Terraform is concerned: the service's
// tags without the ignored ones.
func (s Settings) Seen(onServer map[string]string) map[string]string {
	seen := maps.Clone(onServer)
	if seen == nil {
		seen = map[string]string{}
	}
	maps.DeleteFunc(seen, func(key, _ string) bool { return s.ignores(key) })
	return seen
}

// Own is the part of seen that belongs to the resource's own `tags`: all but the
// pairs that equal a default and were not written in the resource itself. While the
// defaults are not known, whatever was not written may be one.
func (s Settings) Own(seen, written map[string]string) map[string]string {
	own := maps.Clone(seen)
	maps.DeleteFunc(own, func(key, value string) bool {
		fromDefault, isDefault := s.Default[key]
		_, isWritten := written[key]
		return !isWritten && (s.DefaultUnknown || isDefault && fromDefault == value)
	})
	return own
}

func (s Settings) ignores(key string) bool {
	if slices.Contains(s.IgnoreKeys, key) {
		return true
	}
	for _, prefix := range s.IgnorePrefixes {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// Change is what turns one set of tags into another.
type Change struct {
	// Set holds the pairs to write, Remove the keys to take away.
	Set    map[string]string
	Remove []string
}

// Difference is the change that turns have into want.
func Difference(have, want map[string]string) Change {
	change := Change{Set: map[string]string{}}
	for key, value := range want {
		if current, ok := have[key]; !ok || current != value {
			change.Set[key] = value
		}
	}
	for key := range have {
		if _, ok := want[key]; !ok {
			change.Remove = append(change.Remove, key)
		}
	}
	return change
}
