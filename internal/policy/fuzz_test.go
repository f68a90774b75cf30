package policy

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		createOwnKey, manageOwnKey, "", "{", `[]`, `{"Version":"1","Statement":[]}`,
		allow(`"NotAction":["RAM:*","oss:Get?"],"NotResource":["acs:ram::1:role/A","*"],"X":{"b":1.50,"a":[null,"\ud83d\ude00"]}`),
		allow(`"Action":"*","Resource":"acs:ram:*:1:user/é","Condition":{"StringNotLike":{"k":["v*","w?"],"l":true},"NumericLessThan":{"k":1e3},"New":{"k":"v"}}`),
		trust(`"Principal":{"RAM":["acs:ram::1:root","acs:ram::1:role/Ä"],"Service":"1@ECS.aliyuncs.com","Federated":"f","New":"n"},"Sid":"s"`),
		`{"Statement":[{"Effect":"Deny","Action":"*"},{"Effect":"Allow","Action":["*","*"]},{"Effect":"Deny","Action":["*"]}],"Id":1}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := Parse(text)
		checkFaults(t, text, ValidateIdentity(text))
		checkFaults(t, text, ValidateTrust(text))
		if !Equal(text, text) {
			t.Error("a text does not equal itself")
		}
		if err != nil {
			checkFaults(t, text, err)
			return
		}
		if !json.Valid([]byte(text)) {
			t.Error("read what is no JSON")
		}
		for name, how := range map[string]spelling{"canonical": canonical, "as written": asWritten} {
			once := doc.render(how)
			respelt := mustParse(t, once)
			if twice := respelt.render(how); twice != once {
				t.Errorf("%s is no fixpoint:\n%s\n%s", name, once, twice)
			}
			if !Equal(text, once) {
				t.Errorf("%s changes the meaning: %s", name, once)
			}
			for _, request := range probes(doc) {
				if got, want := respelt.Evaluate(request), doc.Evaluate(request); got != want {
					t.Errorf("%s\n%+v: got %s, want %s", once, request, got, want)
				}
			}
		}
	})
}

// checkFaults wants every fault to point into the text.
func checkFaults(t *testing.T, text string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	faults := []error{err}
	var several interface{ Unwrap() []error }
	if errors.As(err, &several) {
		faults = several.Unwrap()
	}
	lines := strings.Split(text, "\n")
	for _, err := range faults {
		var fault *Fault
		if !errors.As(err, &fault) || fault.Msg == "" {
			t.Fatalf("got %#v, want a fault with a text", err)
		}
		if fault.Line < 1 || fault.Line > len(lines) || fault.Column < 1 || fault.Column > utf8.RuneCountInString(lines[fault.Line-1])+1 {
			t.Errorf("%v is outside of the text", fault)
		}
	}
}

// probes are requests which a document has a chance to match: made of its own values.
func probes(doc *Document) []Request {
	requests := []Request{{}}
	for _, s := range doc.Statements() {
		context := map[string][]string{}
		for _, c := range s.Conditions {
			context[c.Key] = append(context[c.Key], c.Values[0])
		}
		principals := []Principal{{}}
		for _, list := range s.Principals {
			for _, name := range list {
				principals = append(principals,
					Principal{Type: PrincipalService, Name: name},
					Principal{Type: PrincipalFederated, Name: name},
					Principal{AccountID: "1", Type: PrincipalRole, Name: name[strings.IndexByte(name, '/')+1:]},
					Principal{AccountID: "1", Type: PrincipalUser, Name: name[strings.IndexByte(name, '/')+1:]})
			}
		}
		for _, action := range append(s.Actions, s.NotActions...) {
			for _, resource := range append(append(s.Resources, s.NotResources...), "acs:ram::1:role/A") {
				for _, principal := range principals[:min(len(principals), 9)] {
					requests = append(requests,
						Request{action, resource, principal, context},
						Request{strings.ToUpper(action), resource, principal, nil},
						Request{action + "x", resource + "x", principal, context})
				}
			}
			if len(requests) > 200 {
				return requests
			}
		}
	}
	return requests
}

func FuzzGlob(f *testing.F) {
	f.Add("a*b?c", "aXXbYc")
	f.Add("*界?", "世界é")
	f.Add("**?*", "")
	f.Add("*ab*ab", "abaab")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if !utf8.ValidString(pattern) || !utf8.ValidString(text) || len(pattern)+len(text) > 200 {
			t.Skip()
		}
		expression := regexp.QuoteMeta(pattern)
		expression = strings.ReplaceAll(expression, `\*`, `.*`)
		expression = strings.ReplaceAll(expression, `\?`, `.`)
		want := regexp.MustCompile(`(?s)^` + expression + `$`).MatchString(text)
		if got := glob(pattern, text); got != want {
			t.Errorf("glob(%q, %q): got %t, want %t", pattern, text, got, want)
		}
	})
}
