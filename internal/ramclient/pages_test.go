package ramclient

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPages(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	tests := map[string]struct {
		pages map[string]page[int]
		want  []int
		err   string
	}{
		"one page":          {map[string]page[int]{"": {items: []int{1, 2}}}, []int{1, 2}, ""},
		"an empty one":      {map[string]page[int]{"": {}}, nil, ""},
		"several":           {map[string]page[int]{"": {[]int{1}, "a"}, "a": {nil, "b"}, "b": {items: []int{2}}}, []int{1, 2}, ""},
		"the same marker":   {map[string]page[int]{"": {[]int{1}, "a"}, "a": {[]int{2}, "a"}}, []int{1, 2}, "L: the service gave the same page marker twice"},
		"a longer circle":   {map[string]page[int]{"": {[]int{1}, "a"}, "a": {[]int{2}, "b"}, "b": {[]int{3}, "a"}}, []int{1, 2, 3}, "L: the service gave the same page marker twice"},
		"the second breaks": {map[string]page[int]{"": {[]int{1}, "a"}}, []int{1}, "broken"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []int
			message := ""
			for item, err := range pages("L", func(marker string) (page[int], error) {
				p, ok := test.pages[marker]
				if !ok {
					return p, broken
				}
				return p, nil
			}) {
				if err != nil {
					message = err.Error()
					continue
				}
				got = append(got, item)
			}
			if diff := cmp.Diff(test.want, got); diff != "" || message != test.err {
				t.Errorf("items (-want +got)\n%s\nerror: got %q, want %q", diff, message, test.err)
			}
		})
	}
}

func TestPagesAreAskedForWhenNeeded(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, err := range pages("L", func(string) (page[int], error) {
		asked++
		return page[int]{[]int{1, 2}, "more"}, nil
	}) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if asked != 1 {
		t.Errorf("asked for %d pages, want 1", asked)
	}
}

func TestListsThatAreCutOff(t *testing.T) {
	t.Parallel()
	service := newFake(t, map[string]func(request) string{
		"ListRoles": always(`{"RequestId":"R","IsTruncated":true,"Roles":{"Role":[]}}`),
	})
	_, err := collect(service.client().ListRoles(t.Context()))
	if want := "ListRoles: the service says that there are more pages but gives no marker"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
