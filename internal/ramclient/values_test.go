package ramclient

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTime(t *testing.T) {
	t.Parallel()
	when := Time{time.Date(2020, 10, 12, 9, 12, 0, 0, time.UTC)}
	tests := map[string]struct {
		json string
		want Time
		err  bool
	}{
		"as documented":  {`"2020-10-12T09:12:00Z"`, when, false},
		"another offset": {`"2020-10-12T17:12:00+08:00"`, when, false},
		"milliseconds":   {`"1602493920000"`, when, false},
		"empty":          {`""`, Time{}, false},
		"a word":         {`"N/A"`, Time{}, false},
		"null":           {`null`, Time{}, false},
		"no time":        {`"12 October"`, Time{}, true},
		"a number":       {`1602493920`, Time{}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got Time
			err := json.Unmarshal([]byte(test.json), &got)
			if (err != nil) != test.err || !got.Equal(test.want.Time) {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
		})
	}
}

func TestTagsTellAbsentFromEmpty(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		json string
		want Tags
	}{
		"absent":       {`{}`, nil},
		"null":         {`{"Tags":null}`, nil},
		"empty object": {`{"Tags":{}}`, Tags{}},
		"empty list":   {`{"Tags":{"Tag":[]}}`, Tags{}},
		"some":         {`{"Tags":{"Tag":[{"TagKey":"a","TagValue":"1"},{"TagKey":"b","TagValue":""}]}}`, Tags{"a": "1", "b": ""}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got struct{ Tags Tags }
			if err := json.Unmarshal([]byte(test.json), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got.Tags); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestCommaList(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		json string
		want CommaList
		err  bool
	}{
		"several": {`"a,b"`, CommaList{"a", "b"}, false},
		"one":     {`"a"`, CommaList{"a"}, false},
		"spaces":  {`" a, b ,"`, CommaList{"a", "b"}, false},
		"empty":   {`""`, nil, false},
		"null":    {`null`, nil, false},
		"a list":  {`["a"]`, CommaList{"kept"}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := CommaList{"kept"}
			err := json.Unmarshal([]byte(test.json), &got)
			if diff := cmp.Diff(test.want, got); diff != "" || (err != nil) != test.err {
				t.Errorf("(-want +got)\n%s\nerror: got %v, want %t", diff, err, test.err)
			}
		})
	}
}

func TestUserNameOf(t *testing.T) {
	t.Parallel()
	for upn, want := range map[string]string{"ci@example.onaliyun.com": "ci", "ci": "ci", "": ""} {
		if got := UserNameOf(upn); got != want {
			t.Errorf("of %q: got %q, want %q", upn, got, want)
		}
	}
}
