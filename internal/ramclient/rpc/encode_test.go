package rpc

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

type renamed map[string]string

func (r renamed) Parameter() any {
	var pairs []struct{ Key, Value string }
	for key, value := range r {
		pairs = append(pairs, struct{ Key, Value string }{key, value})
	}
	return pairs
}

func TestEncode(t *testing.T) {
	t.Parallel()
	type pair struct{ Key, Value string }
	empty := ""
	tests := map[string]struct {
		in                  any
		wantQuery, wantBody string
	}{
		"nothing": {in: nil},
		"texts, numbers and booleans": {
			in: struct {
				Name string `param:"UserName"`
				Max  int    `param:"MaxItems"`
				All  bool   `param:"All"`
				Note string
			}{"a b", 1000, true, "has no tag"},
			wantQuery: "All=true&MaxItems=1000&UserName=a%20b",
		},
		"zero values are left out, pointers to them are not": {
			in: struct {
				A string  `param:"A"`
				B int     `param:"B"`
				C bool    `param:"C"`
				D *string `param:"D"`
				E *string `param:"E"`
			}{E: &empty},
			wantQuery: "E=",
		},
		"a repeated list counts from one": {
			in: struct {
				Keys []string `param:"TagKey"`
				Tags []pair   `param:"Tag"`
			}{[]string{"k", "l"}, []pair{{"a", "1"}, {"b", ""}}},
			wantQuery: "Tag.1.Key=a&Tag.1.Value=1&Tag.2.Key=b&Tag.2.Value=&TagKey.1=k&TagKey.2=l",
		},
		"a JSON list": {
			in: struct {
				Names []string `param:"ResourceNames,json"`
				Tags  []pair   `param:"Tag,json"`
				None  []string `param:"None,json"`
			}{[]string{"a"}, []pair{{"k", "v"}}, []string{}},
			wantQuery: "ResourceNames=%5B%22a%22%5D&Tag=%5B%7B%22Key%22%3A%22k%22%2C%22Value%22%3A%22v%22%7D%5D",
		},
		"documents and secrets go into the body": {
			in: struct {
				Name     string `param:"Name"`
				Document string `param:"Document,required,body"`
				Password Secret `param:"Password"`
				Token    Secret `param:"Token"`
			}{"n", "{}", NewSecret("p w"), Secret{}},
			wantQuery: "Name=n", wantBody: "Document=%7B%7D&Password=p%20w",
		},
		"a field may be sent as something else": {
			in: struct {
				Tags renamed `param:"Tag"`
				None renamed `param:"None"`
			}{renamed{"k": "v"}, renamed{}},
			wantQuery: "Tag.1.Key=k&Tag.1.Value=v",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := encode(test.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.wantQuery, test.wantBody}, []string{formEncode(got.query), formEncode(got.body)}); diff != "" {
				t.Errorf("query and body (-want +got)\n%s", diff)
			}
		})
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   any
		want string
	}{
		"a missing field": {
			struct {
				Name string `param:"UserName,required"`
			}{}, "UserName is required",
		},
		"an empty required list": {
			struct {
				Names []string `param:"Names,required,json"`
			}{[]string{}}, "Names is required",
		},
		"what is no struct": {"text", "input is string, not a struct"},
		"a type without a spelling": {
			struct {
				F float64 `param:"F"`
			}{1.5}, "F: a parameter cannot be a float64",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := encode(test.in); err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
