package tagging

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Plan sets tags_all in the plan of a resource: the merge of its tags with the
// defaults, or unknown as long as either is. Tags that are written although the provider
// is to ignore them are an error: no plan would ever be empty. A nil settings is a provider
// whose configuration is not known yet.
func Plan(ctx context.Context, settings *Settings, resp *resource.ModifyPlanResponse) {
	var tags types.Map
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("tags"), &tags)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if settings != nil {
		settings.refuseIgnored(tags, &resp.Diagnostics)
	}
	all := types.MapUnknown(types.StringType)
	if settings != nil && !settings.DefaultUnknown && whollyKnown(tags) {
		all = value(settings.All(Strings(tags)))
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("tags_all"), all)...)
}

func (s Settings) refuseIgnored(tags types.Map, diags *diag.Diagnostics) {
	var ignored []string
	for key := range tags.Elements() {
		if s.ignores(key) {
			ignored = append(ignored, key)
		}
	}
	if len(ignored) == 0 {
		return
	}
	slices.Sort(ignored)
	diags.AddAttributeError(path.Root("tags"), "Tags are written and ignored", fmt.Sprintf(
		"The provider leaves these tags alone, as its ignore_tags says, so they would never be set: %s.\n"+
			"Next step: remove them here, or from ignore_tags in the provider block.", strings.Join(ignored, ", ")))
}

// FromServer gives the attributes tags and tags_all for what the service has. Written
// is the value of tags so far: it tells which pairs are the resource's own, and whether
// no tags are written as null or as an empty map.
func (s Settings) FromServer(onServer map[string]string, written types.Map) (tags, all types.Map) {
	seen := s.Seen(onServer)
	own := s.Own(seen, Strings(written))
	if len(own) == 0 && written.IsNull() {
		return types.MapNull(types.StringType), value(seen)
	}
	return value(own), value(seen)
}

// Strings are the pairs of a known map attribute; none for null.
func Strings(from types.Map) map[string]string {
	pairs := map[string]string{}
	for key, element := range from.Elements() {
		if text, ok := element.(types.String); ok {
			pairs[key] = text.ValueString()
		}
	}
	return pairs
}

func whollyKnown(tags types.Map) bool {
	if tags.IsUnknown() {
		return false
	}
	for _, element := range tags.Elements() {
		if element.IsUnknown() {
			return false
		}
	}
	return true
}

func value(pairs map[string]string) types.Map {
	elements := make(map[string]attr.Value, len(pairs))
	for key, text := range pairs {
		elements[key] = types.StringValue(text)
	}
	return types.MapValueMust(types.StringType, elements)
}

// maxTags is how many tags an object can carry (IMS and RAM API, TagResources).
const maxTags = 20

// Apply carries a change of tags_all out: first what is added or changed, then what is
// removed, so that an interruption leaves too many tags rather than too few. Where both
// together do not fit, what is removed goes first.
func Apply(ctx context.Context, have, want types.Map, set func(context.Context, map[string]string) error, remove func(context.Context, []string) error) error {
	change := Difference(Strings(have), Strings(want))
	add := func() error {
		if len(change.Set) == 0 {
			return nil
		}
		return set(ctx, change.Set)
	}
	takeAway := func() error {
		if len(change.Remove) == 0 {
			return nil
		}
		return remove(ctx, change.Remove)
	}
	first, second := add, takeAway
	if len(want.Elements())+len(change.Remove) > maxTags {
		first, second = takeAway, add
	}
	if err := first(); err != nil {
		return err
	}
	return second()
}
