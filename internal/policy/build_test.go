package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBuild(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		statements []Statement
		want       string
	}{
		"least": {
			[]Statement{{Actions: []string{"ram:Get*"}, Resources: []string{"*"}}},
			`{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:Get*","Resource":"*"}]}`,
		},
		"order is kept, repetition not": {
			[]Statement{
				{SID: "b", Effect: EffectDeny, NotActions: []string{"ram:B", "ram:A", "ram:B"}, NotResources: []string{"acs:ram:*:1:b", "acs:ram:*:1:a"}},
				{SID: "a", Actions: []string{"*"}, Resources: []string{"*"}},
			},
			`{"Version":"1","Statement":[{"Effect":"Deny","NotAction":["ram:B","ram:A"],"NotResource":["acs:ram:*:1:b","acs:ram:*:1:a"]},{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
		},
		"conditions merge": {
			[]Statement{{Actions: []string{"*"}, Resources: []string{"*"}, Conditions: []Condition{
				{"StringLike", "oss:Prefix", []string{"b/", ""}},
				{"Bool", "acs:SecureTransport", []string{"true"}},
				{"StringLike", "oss:Delimiter", []string{"/"}},
				{"StringLike", "oss:Prefix", []string{"a/<*>", "b/"}},
			}}},
			`{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":"true"},"StringLike":{"oss:Delimiter":"/","oss:Prefix":["b/","","a/<*>"]}}}]}`,
		},
		"trust": {
			[]Statement{{Actions: []string{"sts:AssumeRole"}, Principals: map[string][]string{
				"Service": {"ecs.aliyuncs.com"}, "RAM": {"acs:ram::" + account + ":root"},
			}}},
			`{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1234567890123456:root","Service":"ecs.aliyuncs.com"},"Action":"sts:AssumeRole"}]}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Build(test.statements)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestBuildErrors(t *testing.T) {
	t.Parallel()
	all := []string{"*"}
	tests := map[string]struct {
		statements []Statement
		want       []string
	}{
		"nothing": {nil, []string{"a policy needs at least one statement"}},
		"no action, both resources": {
			[]Statement{{Actions: all, Resources: all}, {Resources: all, NotResources: all}},
			[]string{"Statement[1]: it has no Action, expected Action or NotAction", "it has both Resource and NotResource, expected one of them"},
		},
		"both actions": {[]Statement{{Actions: all, NotActions: all, Resources: all}}, []string{"Statement[0]: it has both Action and NotAction, expected one of them"}},
		"wrong effect": {[]Statement{{Effect: "deny", Actions: all, Resources: all}}, []string{`Statement[0].Effect: found "deny", expected "Allow" or "Deny", spelt exactly so`}},
		"no resource":  {[]Statement{{Actions: all}}, []string{`Statement[0]: the statement has no Resource, expected "Resource": "*" or ARNs`}},
		"no values": {
			[]Statement{{Actions: all, Resources: all, Conditions: []Condition{{"Bool", "k", nil}}}},
			[]string{"Statement[0].Condition.Bool.k: found an empty list, expected at least one value"},
		},
		"wrong action": {
			[]Statement{{Actions: all, Resources: all}, {Actions: []string{"GetUser"}, Resources: all}},
			[]string{`Statement[1].Action: found "GetUser", expected service:Operation such as "ram:CreateUser", or "*"`},
		},
		"principal and resource": {
			[]Statement{{Actions: []string{"sts:AssumeRole"}, Resources: all, Principals: map[string][]string{"RAM": {"me"}}}},
			[]string{
				`Statement[0].Principal.RAM: found "me", which is no principal, expected acs:ram::<account id of 16 digits>:root, …:user/<name> or …:role/<name>`,
				"Statement[0].Resource: found Resource in a trust policy, expected none: it is about the role it belongs to",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Build(test.statements)
			if diff := cmp.Diff(test.want, lines(err)); diff != "" || got != "" {
				t.Errorf("got %q and (-want +got)\n%s", got, diff)
			}
		})
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	s := func(sid, action string) Statement {
		return Statement{SID: sid, Effect: EffectAllow, Actions: []string{action}, Resources: []string{"*"}}
	}
	doc := func(statements ...Statement) string {
		text, err := BuildSource(statements)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	tests := map[string]struct {
		sources   []string
		own       []Statement
		overrides []string
		want      []Statement
		err       string
	}{
		"nothing": {},
		"in order": {
			[]string{doc(s("", "s:1"), s("a", "s:2")), doc(s("", "s:1"))},
			[]Statement{s("", "o:1")},
			[]string{doc(s("", "v:1"))},
			[]Statement{s("", "s:1"), s("a", "s:2"), s("", "s:1"), s("", "o:1"), s("", "v:1")},
			"",
		},
		"own over source": {
			[]string{doc(s("a", "s:1"), s("b", "s:2"))},
			[]Statement{s("b", "o:2"), s("c", "o:3")},
			nil,
			[]Statement{s("a", "s:1"), s("b", "o:2"), s("c", "o:3")},
			"",
		},
		"override over both, later wins": {
			[]string{doc(s("a", "s:1"))},
			[]Statement{s("b", "o:2")},
			[]string{doc(s("b", "v:1"), s("a", "v:2")), doc(s("a", "w:1"))},
			[]Statement{s("a", "w:1"), s("b", "v:1")},
			"",
		},
		"twice among sources": {
			sources: []string{doc(s("a", "s:1")), doc(s("", "s:2"), s("a", "s:3"))},
			err:     `source documents: statements 0 and 2 have the same sid "a"`,
		},
		"twice among own": {own: []Statement{s("a", "s:1"), s("a", "s:3")}, err: `statements 0 and 1 have the same sid "a"`},
		"twice in an override": {
			overrides: []string{doc(s("a", "s:1"), s("a", "s:3"))},
			err:       `override document 0: statements 0 and 1 have the same sid "a"`,
		},
		"no policy": {sources: []string{doc(s("", "s:1")), "{"}, err: "source document 1: line 1, column 2: found the end of the text, expected a key in double quotes"},
		"unknown element": {
			overrides: []string{allow(`"Action":"*","Resource":"*","NotPrincipal":{}`)},
			err:       `override document 0: line 1, column 75: Statement[0].NotPrincipal: found the key "NotPrincipal", expected one of Effect, Action, NotAction, Resource, NotResource, Principal, Condition`,
		},
		"another language": {
			sources: []string{`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`},
			err:     `source document 0: line 1, column 12: Version: found "2012-10-17", expected "1"`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Merge(test.sources, test.own, test.overrides)
			if text := joined(err); text != test.err {
				t.Errorf("got error %s\nwant      %s", text, test.err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func joined(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestSIDsAreForMergeOnly(t *testing.T) {
	t.Parallel()
	statements := []Statement{{SID: "a", Actions: []string{"*"}, Resources: []string{"*"}}}
	for name, test := range map[string]struct {
		build func([]Statement) (string, error)
		want  string
	}{
		"Build":       {Build, `{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`},
		"BuildSource": {BuildSource, `{"Version":"1","Statement":[{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"}]}`},
	} {
		if got, err := test.build(statements); err != nil || got != test.want {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, test.want)
		}
	}
}
