package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

func TestSurplus(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		versions []string
		inForce  string
		keep     int
		want     []string
	}{
		"nothing to delete":             {[]string{"v1", "v2"}, "v2", 5, nil},
		"just as many as are kept":      {[]string{"v1", "v2", "v3"}, "v3", 3, nil},
		"the oldest goes":               {[]string{"v1", "v2", "v3"}, "v3", 2, []string{"v1"}},
		"the one in force stays":        {[]string{"v1", "v2", "v3"}, "v1", 2, []string{"v2"}},
		"only the one in force is kept": {[]string{"v1", "v2", "v3"}, "v2", 1, []string{"v1", "v3"}},
		"ten is newer than nine":        {[]string{"v10", "v9", "v11"}, "v11", 2, []string{"v9"}},
		"the list's order is no matter": {[]string{"v5", "v3", "v4", "v2"}, "v5", 3, []string{"v2"}},
		"a list that lags behind":       {[]string{"v1"}, "v2", 1, []string{"v1"}},
	}
	for name, test := range tests {
		var versions []ramclient.PolicyVersion
		for _, id := range test.versions {
			versions = append(versions, ramclient.PolicyVersion{VersionID: id})
		}
		got := surplus(versions, test.inForce, test.keep)
		if diff := cmp.Diff(test.want, append([]string(nil), got...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
