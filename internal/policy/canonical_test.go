package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCanonical(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"everything at once": {
			`{ "Statement": [
				{"Resource": ["b", "a", "b"], "Effect": "Allow", "Action": ["OSS:GetObject", "oss:getobject"],
				 "Condition": {"StringLike": {"k2": ["z", "a"], "k1": [1]}, "Bool": {"acs:MFAPresent": true}}},
				{"NotAction": "*", "Effect": "Deny", "NotResource": ["*"]} ], "Version": "\u0031" }`,
			`{"Version":"1","Statement":[` +
				`{"Effect":"Allow","Action":"oss:getobject","Resource":["a","b"],"Condition":{"Bool":{"acs:MFAPresent":"true"},"StringLike":{"k1":"1","k2":["a","z"]}}},` +
				`{"Effect":"Deny","NotAction":"*","NotResource":"*"}]}`,
		},
		"trust": {
			trust(`"Principal":{"Service":["ECS.aliyuncs.com"],"RAM":["acs:ram::1:user/B","acs:ram::1:role/ECSAdmin","acs:ram::1:role/ecsadmin"]}`),
			`{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["acs:ram::1:role/ecsadmin","acs:ram::1:user/B"],"Service":"ecs.aliyuncs.com"},"Action":"sts:assumerole"}]}`,
		},
		"unknown elements are kept": {
			`{"Id":[2, 1, {"b":null,"a":1.0}],"Statement":[{"Sid":"s","Effect":"Allow","Action":"*","New":"\u00e9<"}]}`,
			`{"Statement":[{"Sid":"s","Effect":"Allow","Action":"*","New":"é<"}],"Id":[2,1,{"a":1.0,"b":null}]}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Canonical(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Canonical(%s) (-want +got)\n%s", test.text, diff)
			}
		})
	}
	if _, err := Canonical("{"); err == nil {
		t.Error("Canonical({) gave no error")
	}
}

func TestRenderAsWrittenKeepsCaseAndOrder(t *testing.T) {
	t.Parallel()
	got := mustParse(t, `{ "Statement": [ {"Action": ["ram:GetUser", "RAM:Create*", "ram:GetUser"], "Resource": ["*"], "Effect": "Deny"},
		{"Effect": "Allow", "Action": "*", "Condition": {"StringLike": {"b": "2", "a": "1"}, "Bool": {"c": true}}} ], "Version": "1" }`).render(asWritten)
	want := `{"Version":"1","Statement":[{"Effect":"Deny","Action":["ram:GetUser","RAM:Create*"],"Resource":"*"},` +
		`{"Effect":"Allow","Action":"*","Condition":{"StringLike":{"b":"2","a":"1"},"Bool":{"c":"true"}}}]}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	base := allow(`"Action":["oss:GetObject","oss:PutObject"],"Resource":["acs:oss:*:*:b"],"Condition":{"IpAddress":{"acs:SourceIp":["10.0.0.0/8","::1"]}}`)
	user := trust(`"Principal":{"RAM":"acs:ram::1:user/Alice"}`)
	role := trust(`"Principal":{"RAM":["acs:ram::1:role/Admin"]}`)
	tests := map[string]struct {
		a, b string
		want bool
	}{
		"same text":             {base, base, true},
		"white space":           {base, "\n" + base + " ", true},
		"order of actions":      {base, allow(`"Action":["oss:PutObject","oss:GetObject"],"Resource":"acs:oss:*:*:b","Condition":{"IpAddress":{"acs:SourceIp":["::1","10.0.0.0/8"]}}`), true},
		"case of actions":       {base, allow(`"Action":["OSS:putobject","oss:GetObject"],"Resource":"acs:oss:*:*:b","Condition":{"IpAddress":{"acs:SourceIp":["::1","10.0.0.0/8"]}}`), true},
		"case of a role":        {role, trust(`"Principal":{"RAM":"acs:ram::1:role/admin"}`), true},
		"condition in quotes":   {allow(`"Action":"*","Condition":{"Bool":{"k":true}}`), allow(`"Action":"*","Condition":{"Bool":{"k":["true"]}}`), true},
		"escapes":               {allow(`"Action":"*","Resource":"a\/\u0062"`), allow(`"Action":"*","Resource":"a/b"`), true},
		"statement twice":       {`{"Statement":[{"Effect":"Deny","Action":"*"},{"Effect":"Deny","Action":["*"]}]}`, `{"Statement":[{"Effect":"Deny","Action":"*"}]}`, true},
		"order of statements":   {`{"Statement":[{"Effect":"Deny","Action":"*"},{"Effect":"Allow","Action":"*"}]}`, `{"Statement":[{"Effect":"Allow","Action":"*"},{"Effect":"Deny","Action":"*"}]}`, true},
		"empty condition":       {allow(`"Action":"*","Condition":{}`), allow(`"Action":"*"`), true},
		"same text, no policy":  {"not JSON", "not JSON", true},
		"no policies":           {"{", "{ ", false},
		"one no policy":         {base, "", false},
		"one more action":       {base, allow(`"Action":["oss:GetObject"],"Resource":["acs:oss:*:*:b"],"Condition":{"IpAddress":{"acs:SourceIp":["10.0.0.0/8","::1"]}}`), false},
		"another effect":        {allow(`"Action":"*"`), `{"Version":"1","Statement":[{"Effect":"Deny","Action":"*"}]}`, false},
		"Action and NotAction":  {allow(`"Action":"*"`), allow(`"NotAction":"*"`), false},
		"case of a resource":    {allow(`"Action":"*","Resource":"acs:oss:*:*:B"`), allow(`"Action":"*","Resource":"acs:oss:*:*:b"`), false},
		"case of a user":        {user, trust(`"Principal":{"RAM":"acs:ram::1:user/alice"}`), false},
		"case of a key":         {allow(`"Action":"*","Condition":{"Bool":{"k":"true"}}`), allow(`"Action":"*","Condition":{"Bool":{"K":"true"}}`), false},
		"a condition more":      {allow(`"Action":"*"`), allow(`"Action":"*","Condition":{"Bool":{"k":"true"}}`), false},
		"another operator":      {allow(`"Action":"*","Condition":{"StringLike":{"k":"v"}}`), allow(`"Action":"*","Condition":{"StringEquals":{"k":"v"}}`), false},
		"another kind":          {trust(`"Principal":{"RAM":"x"}`), trust(`"Principal":{"Service":"x"}`), false},
		"no resource, all":      {allow(`"Action":"*"`), allow(`"Action":"*","Resource":"*"`), false},
		"unknown element":       {allow(`"Action":"*","X":[1,2]`), allow(`"Action":"*","X":[2,1]`), false},
		"with and without Sid":  {allow(`"Action":"*","Sid":"s"`), allow(`"Action":"*"`), false},
		"with, without version": {`{"Version":"1","Statement":[{"Effect":"Deny","Action":"*"}]}`, `{"Statement":[{"Effect":"Deny","Action":"*"}]}`, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Equal(test.a, test.b); got != test.want {
				t.Errorf("Equal(\n%s,\n%s)\ngot %t, want %t", test.a, test.b, got, test.want)
			}
			if got := Equal(test.b, test.a); got != test.want {
				t.Errorf("not symmetric: Equal(\n%s,\n%s)\ngot %t, want %t", test.b, test.a, got, test.want)
			}
		})
	}
}
