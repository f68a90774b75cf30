package policy

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const account = "1234567890123456"

// allow is a permission policy around one more part of its statement.
func allow(rest string) string {
	return `{"Version":"1","Statement":[{"Effect":"Allow",` + rest + `}]}`
}

// trust is a trust policy around its Principal and possibly more.
func trust(rest string) string {
	return allow(`"Action":"sts:AssumeRole",` + rest)
}

func mustParse(t testing.TB, text string) *Document {
	t.Helper()
	doc, err := Parse(text)
	if err != nil {
		t.Fatalf("Parse(%s): %v", text, err)
	}
	return doc
}

func TestParseNamesTheFirstFaultAndItsPlace(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"empty":                 {"", "line 1, column 1: found the end of the text, expected a JSON object"},
		"only space":            {" \n ", "line 2, column 2: found the end of the text, expected a JSON object"},
		"no JSON":               {"Version: 1", `line 1, column 1: found "V", expected a value (a string in double quotes, a list or an object)`},
		"no object":             {`["Allow"]`, "line 1, column 1: found a list, expected a policy: an object with Version and Statement"},
		"byte order mark":       {"\uFEFF{}", "line 1, column 1: found a byte order mark (save the file without one), expected a value (a string in double quotes, a list or an object)"},
		"two documents":         {"{\"Statement\":[]}\n{}", `line 2, column 1: found "{", expected nothing after the end of the document`},
		"comma after last key":  {"{\n  \"Version\": \"1\",\n}", `line 3, column 1: found "}" after a comma, expected another key, or no comma`},
		"comma after last item": {allow(`"Action":["a:b",]`), `line 1, column 63: found "]" after a comma, expected another value, or no comma`},
		"missing comma":         {"{\n  \"Version\": \"1\"\n  \"Statement\": []\n}", `line 3, column 3: found a string, expected "," or "}"`},
		"missing comma in list": {`{"Statement":[{} {}]}`, `line 1, column 18: found "{", expected "," or "]"`},
		"missing colon":         {`{"Version" "1"}`, `line 1, column 12: found a string, expected ":" after key "Version"`},
		"missing value":         {`{"Version":}`, `line 1, column 12: found "}", expected a value (a string in double quotes, a list or an object)`},
		"unquoted key":          {`{Version:"1"}`, `line 1, column 2: found "V", expected a key in double quotes`},
		"single quotes":         {`{'Version':'1'}`, `line 1, column 2: found "'", expected a key in double quotes`},
		"typographic quotes":    {`{“Version”:"1"}`, `line 1, column 2: found the typographic quotation mark “, expected a key in double quotes`},
		"column in characters":  {`{"説明":"ÄÖ", x}`, `line 1, column 13: found "x", expected a key in double quotes`},
		"windows line ends":     {"{\r\n\r\n  x", `line 3, column 3: found "x", expected a key in double quotes`},
		"cut short":             {`{"Version":"1"`, `line 1, column 15: found the end of the text, expected "," or "}"`},
		"open string":           {`{"Version":"1`, `line 1, column 12: the string that begins here has no closing "`},
		"string over a line":    {"{\"Version\":\"1\n\"}", `line 1, column 12: the string that begins here has no closing " on its line`},
		"tab in string":         {"{\"a\tb\":1}", `line 1, column 4: found the control character U+0009 inside a string, expected its escape \u0009`},
		"unknown escape":        {`{"a\x":1}`, `line 1, column 4: found an unknown escape, expected one of \" \\ \/ \b \f \n \r \t \uXXXX`},
		"short escape":          {`{"a\u12":1}`, `line 1, column 4: found an unfinished escape, expected \u and four hexadecimal digits`},
		"lone surrogate":        {`{"\ud83dx":1}`, `line 1, column 3: found half of a surrogate pair, expected both halves`},
		"cut escape":            {`{"a\`, `line 1, column 5: found the end of the text, expected the rest of an escape`},
		"not UTF-8":             {"{\"a\xff\":1}", `line 1, column 4: found byte 0xff, which is not UTF-8, expected a character of the string`},
		"leading zero":          {`{"a":01}`, `line 1, column 7: found "1", expected "," or "}"`},
		"bare minus":            {`{"a":-}`, `line 1, column 7: found "}", expected a digit`},
		"bare point":            {`{"a":1.}`, `line 1, column 8: found "}", expected a digit after the decimal point`},
		"bare exponent":         {`{"a":1e+}`, `line 1, column 9: found "}", expected a digit of the exponent`},
		"duplicate key":         {"{\"Version\":\"1\",\n \"Version\":\"1\"}", `line 2, column 2: key "Version" appears twice in one object, first at line 1, column 2`},
		"duplicate by escape":   {`{"Version":"1","\u0056ersion":"1"}`, `line 1, column 16: key "Version" appears twice in one object, first at line 1, column 2`},
		"too deep":              {strings.Repeat("[", 70), `line 1, column 65: values are nested more than 64 deep`},

		"no statement":             {`{"Version":"1"}`, `line 1, column 1: the policy has no Statement, expected "Statement": [ {…} ]`},
		"version as number":        {`{"Version":1,"Statement":[]}`, `line 1, column 12: Version: found the number 1, expected a string in double quotes`},
		"one statement, no list":   {`{"Version":"1","Statement":{"Effect":"Allow"}}`, `line 1, column 28: Statement: found an object, expected a list of statements: [ {…} ]`},
		"no statements":            {`{"Version":"1","Statement":[]}`, `line 1, column 28: Statement: found an empty list, expected at least one statement`},
		"statement as string":      {`{"Version":"1","Statement":["x"]}`, `line 1, column 29: Statement[0]: found "x", expected a statement: an object`},
		"no effect":                {`{"Statement":[{"Action":"*"}]}`, `line 1, column 15: Statement[0]: the statement has no Effect, expected "Effect": "Allow" or "Effect": "Deny"`},
		"first of two in the text": {`{"Statement":[{"Action":7}]}`, `line 1, column 15: Statement[0]: the statement has no Effect, expected "Effect": "Allow" or "Effect": "Deny"`},
		"effect in lower case":     {`{"Statement":[{"Effect":"allow","Action":"*"}]}`, `line 1, column 25: Statement[0].Effect: found "allow", expected "Allow" or "Deny", spelt exactly so`},
		"effect as boolean":        {`{"Statement":[{"Effect":true,"Action":"*"}]}`, `line 1, column 25: Statement[0].Effect: found the boolean true, expected "Allow" or "Deny", spelt exactly so`},
		"no action":                {`{"Statement":[{"Effect":"Deny"}]}`, `line 1, column 15: Statement[0]: the statement has no Action, expected Action or NotAction`},
		"action and NotAction":     {allow(`"Action":"a:b","NotAction":"c:d"`), `line 1, column 62: Statement[0]: found both Action and NotAction, expected one of them`},
		"both resources":           {allow(`"Action":"*","NotResource":"*","Resource":"*"`), `line 1, column 78: Statement[0]: found both NotResource and Resource, expected one of them`},
		"empty action":             {allow(`"Action":[]`), `line 1, column 56: Statement[0].Action: found an empty list, expected at least one value`},
		"null in action":           {allow(`"Action":["a:b",null]`), `line 1, column 63: Statement[0].Action[1]: found null, expected a string in double quotes`},
		"object as resource":       {allow(`"Action":"*","Resource":{}`), `line 1, column 71: Statement[0].Resource: found an object, expected a string in double quotes`},
		"principal as string":      {allow(`"Action":"*","Principal":"*"`), `line 1, column 72: Statement[0].Principal: found "*", expected an object with RAM, Service or Federated, such as {"RAM": "acs:ram::1234567890123456:root"}`},
		"empty principal":          {allow(`"Action":"*","Principal":{}`), `line 1, column 72: Statement[0].Principal: found an empty object, expected RAM, Service or Federated in it`},
		"condition as list":        {allow(`"Action":"*","Condition":[]`), `line 1, column 72: Statement[0].Condition: found a list, expected an object such as {"StringEquals": {"acs:SourceVpc": "vpc-1"}}`},
		"operator without key":     {allow(`"Action":"*","Condition":{"Bool":"true"}`), `line 1, column 80: Statement[0].Condition.Bool: found "true", expected an object of condition keys and their values`},
		"operator with no key":     {allow(`"Action":"*","Condition":{"Bool":{}}`), `line 1, column 80: Statement[0].Condition.Bool: found an empty object, expected a condition key and its values`},
		"condition value object":   {allow(`"Action":"*","Condition":{"Bool":{"k":[{}]}}`), `line 1, column 86: Statement[0].Condition.Bool.k[0]: found an object, expected a string in double quotes`},
		"condition value null":     {allow(`"Action":"*","Condition":{"Bool":{"k":null}}`), `line 1, column 85: Statement[0].Condition.Bool.k: found null, expected a string in double quotes`},
		"condition value none":     {allow(`"Action":"*","Condition":{"Bool":{"k":[]}}`), `line 1, column 85: Statement[0].Condition.Bool.k: found an empty list, expected at least one value`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(test.text)
			var fault *SyntaxError
			if !errors.As(err, &fault) {
				t.Fatalf("Parse(%s)\ngot  %v\nwant %s", test.text, err, test.want)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("Parse(%s) (-want +got)\n%s", test.text, diff)
			}
		})
	}
}

func TestParseGivesFieldsForTheCaller(t *testing.T) {
	t.Parallel()
	_, err := Parse("{\n \"Statement\": 7}")
	want := &SyntaxError{Line: 2, Column: 15, Path: "Statement", Msg: "found the number 7, expected a list of statements: [ {…} ]"}
	var got *SyntaxError
	errors.As(err, &got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestStatementsShowWhatWasRead(t *testing.T) {
	t.Parallel()
	doc := mustParse(t, `{"Version":"1","Statement":[
		{"Sid":"one","Effect":"Allow","Action":"ram:Get*","NotResource":["acs:oss:*:*:a","acs:oss:*:*:b"],
		 "Condition":{"Bool":{"acs:MFAPresent":true},"NumericLessThan":{"k":[1.5,"2"]}}},
		{"Effect":"Deny","NotAction":["sts:AssumeRole"],"Principal":{"RAM":["\u0061cs:ram::`+account+`:root"],"Service":"ecs.aliyuncs.com"}}]}`)
	want := []Statement{{
		SID: "one", Effect: EffectAllow, Actions: []string{"ram:Get*"},
		NotResources: []string{"acs:oss:*:*:a", "acs:oss:*:*:b"},
		Conditions: []Condition{
			{Operator: "Bool", Key: "acs:MFAPresent", Values: []string{"true"}},
			{Operator: "NumericLessThan", Key: "k", Values: []string{"1.5", "2"}},
		},
	}, {
		Effect: EffectDeny, NotActions: []string{"sts:AssumeRole"},
		Principals: map[string][]string{"RAM": {"acs:ram::" + account + ":root"}, "Service": {"ecs.aliyuncs.com"}},
	}}
	if diff := cmp.Diff(want, doc.Statements()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
