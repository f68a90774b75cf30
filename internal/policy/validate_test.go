package policy

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lines is an error's text by lines, nil for no error.
func lines(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}

func TestValidateIdentity(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []string
	}{
		"everything":             {allow(`"Action":"*","Resource":"*"`), nil},
		"a list of each":         {allow(`"Action":["oss:Get*","ecs:Describe?"],"Resource":["acs:oss:*:*:b","acs:oss:*:*:b/*"]`), nil},
		"NotAction, NotResource": {allow(`"NotAction":"ram:*","NotResource":"acs:ram:*:*:user/root"`), nil},
		"*:*":                    {allow(`"Action":"*:*","Resource":"*"`), nil},
		"empty region, colons":   {allow(`"Action":"log:Get","Resource":"acs:log::*:project/a:b/c d"`), nil},
		"unknown operator":       {allow(`"Action":"*","Resource":"*","Condition":{"ForAnyValue:StringEquals":{"k":"v"}}`), nil},
		"unquoted values":        {allow(`"Action":"*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":true},"NumericEquals":{"k":[1]}}`), nil},
		"all white space":        {"\t{\r\n \"Version\" : \"1\" , \"Statement\" : [ { \"Effect\" : \"Deny\" , \"Action\" : [ \"*\" ] , \"Resource\" : \"*\" } ] }\n", nil},

		"no JSON": {"{", []string{`line 1, column 2: found the end of the text, expected a key in double quotes`}},
		"a list":  {"[]", []string{`line 1, column 1: found a list, expected a policy: an object with Version and Statement`}},
		"no version": {`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, []string{
			`line 1, column 1: the policy has no Version, expected "Version": "1"`,
		}},
		"another version": {`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, []string{
			`line 1, column 12: Version: found "2012-10-17", expected "1", the only version of RAM's policy language`,
		}},
		"empty version": {`{"Version":"","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, []string{
			`line 1, column 12: Version: found "", expected "1", the only version of RAM's policy language`,
		}},
		"no resource": {allow(`"Action":"*"`), []string{
			`line 1, column 29: Statement[0]: the statement has no Resource, expected "Resource": "*" or ARNs`,
		}},
		"a principal": {allow(`"Action":"*","Resource":"*","Principal":{"RAM":"*"}`), []string{
			`line 1, column 75: Statement[0].Principal: found Principal in a permission policy, expected none: it speaks for whom it is attached to`,
		}},
		"action without service": {allow(`"Action":["ecs:*","CreateUser"],"Resource":"*"`), []string{
			`line 1, column 65: Statement[0].Action[1]: found "CreateUser", expected service:Operation such as "ram:CreateUser", or "*"`,
		}},
		"action with a space": {allow(`"Action":"ram: CreateUser","Resource":"*"`), []string{
			`line 1, column 56: Statement[0].Action: found "ram: CreateUser", expected service:Operation such as "ram:CreateUser", or "*"`,
		}},
		"empty action": {allow(`"Action":"","Resource":"*"`), []string{
			`line 1, column 56: Statement[0].Action: found "", expected service:Operation such as "ram:CreateUser", or "*"`,
		}},
		"another cloud's ARN": {allow(`"Action":"*","Resource":"arn:aws:s3:::b"`), []string{
			`line 1, column 71: Statement[0].Resource: found "arn:aws:s3:::b", expected acs:service:region:account:relative-id such as "acs:ram:*:1234567890123456:user/alice", or "*"`,
		}},
		"short ARN": {allow(`"Action":"*","NotResource":["*","acs:oss:*"]`), []string{
			`line 1, column 79: Statement[0].NotResource[1]: found "acs:oss:*", expected acs:service:region:account:relative-id such as "acs:ram:*:1234567890123456:user/alice", or "*"`,
		}},
		"unknown keys": {`{"Version":"1","Id":"x","Statement":[{"Sid":"s","Effect":"Allow","Action":"*","Resource":"*","conditions":{}}]}`, []string{
			`line 1, column 16: Id: found the key "Id", expected one of Version, Statement`,
			`line 1, column 45: Statement[0].Sid: RAM's policy language has no Sid, remove it`,
			`line 1, column 94: Statement[0].conditions: found the key "conditions", expected Condition (keys are spelt exactly so)`,
		}},
		"everything wrong at once": {"{\n \"version\": \"1\",\n \"Statement\": [\n  {\"Effect\": \"allow\", \"actions\": [\"a:b\"]},\n  {\"Effect\": \"Deny\", \"Action\": 7, \"Resource\": \"x\"}\n ]\n}", []string{
			`line 1, column 1: the policy has no Version, expected "Version": "1"`,
			`line 2, column 2: version: found the key "version", expected Version (keys are spelt exactly so)`,
			`line 4, column 3: Statement[0]: the statement has no Action, expected Action or NotAction`,
			`line 4, column 3: Statement[0]: the statement has no Resource, expected "Resource": "*" or ARNs`,
			`line 4, column 14: Statement[0].Effect: found "allow", expected "Allow" or "Deny", spelt exactly so`,
			`line 4, column 23: Statement[0].actions: found the key "actions", expected Action (keys are spelt exactly so)`,
			`line 5, column 32: Statement[1].Action: found the number 7, expected a string in double quotes`,
			`line 5, column 47: Statement[1].Resource: found "x", expected acs:service:region:account:relative-id such as "acs:ram:*:1234567890123456:user/alice", or "*"`,
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, lines(ValidateIdentity(test.text))); diff != "" {
				t.Errorf("ValidateIdentity(%s) (-want +got)\n%s", test.text, diff)
			}
		})
	}
}

func TestValidateTrust(t *testing.T) {
	t.Parallel()
	noPrincipal := func(kind, value, expected string) []string {
		column := 46 + len(`"Action":"sts:AssumeRole","Principal":{"":`) + len(kind) + 1
		return []string{`line 1, column ` + strconv.Itoa(column) + `: Statement[0].Principal.` + kind + `: found "` + value + `", which is no principal, expected ` + expected}
	}
	const (
		ram       = "acs:ram::<account id of 16 digits>:root, …:user/<name> or …:role/<name>"
		service   = "the host of a service such as ecs.aliyuncs.com, or <account id>@ecs.aliyuncs.com"
		federated = "acs:ram::<account id of 16 digits>:saml-provider/<name> or …:oidc-provider/<name>"
	)
	principals := map[string]struct {
		kind, value string
		want        string // empty: a principal
	}{
		"account":             {"RAM", "acs:ram::" + account + ":root", ""},
		"any account":         {"RAM", "acs:ram::*:root", ""},
		"anybody":             {"RAM", "*", ""},
		"user":                {"RAM", "acs:ram::" + account + ":user/a.b-c_d", ""},
		"role":                {"RAM", "acs:ram::" + account + ":role/ECSAdmin", ""},
		"service":             {"Service", "ecs.aliyuncs.com", ""},
		"service for account": {"Service", account + "@ecs.aliyuncs.com", ""},
		"SAML":                {"Federated", "acs:ram::" + account + ":saml-provider/idp", ""},
		"OIDC":                {"Federated", "acs:ram::" + account + ":oidc-provider/git_hub", ""},

		"bare account":            {"RAM", account, ram},
		"short account":           {"RAM", "acs:ram::123456789012345:root", ram},
		"long account":            {"RAM", "acs:ram::12345678901234567:root", ram},
		"masked account":          {"RAM", "acs:ram::100******0719:user/Alice", ram},
		"no account":              {"RAM", "acs:ram:::root", ram},
		"a region":                {"RAM", "acs:ram:cn-hangzhou:" + account + ":root", ram},
		"group":                   {"RAM", "acs:ram::" + account + ":group/dev", ram},
		"nameless user":           {"RAM", "acs:ram::" + account + ":user/", ram},
		"wildcard user":           {"RAM", "acs:ram::" + account + ":user/*", ram},
		"session of a role":       {"RAM", "acs:ram::" + account + ":role/a/session", ram},
		"newline at the end":      {"RAM", "acs:ram::" + account + `:root\n`, ram},
		"another cloud":           {"RAM", "arn:aws:iam::123456789012:root", ram},
		"login name":              {"RAM", "alice@example.onaliyun.com", ram},
		"service under RAM":       {"RAM", "ecs.aliyuncs.com", ram},
		"any service":             {"Service", "*", service},
		"service as URL":          {"Service", "https://ecs.aliyuncs.com", service},
		"service without a dot":   {"Service", "ecs", service},
		"account under Service":   {"Service", "acs:ram::" + account + ":root", service},
		"provider of any account": {"Federated", "acs:ram::*:saml-provider/idp", federated},
		"provider without name":   {"Federated", "acs:ram::" + account + ":saml-provider/", federated},
		"issuer URL":              {"Federated", "https://token.actions.githubusercontent.com", federated},
	}
	for name, test := range principals {
		t.Run("principal/"+name, func(t *testing.T) {
			t.Parallel()
			text := trust(`"Principal":{"` + test.kind + `":"` + test.value + `"}`)
			var want []string
			if test.want != "" {
				want = noPrincipal(test.kind, test.value, test.want)
			}
			if diff := cmp.Diff(want, lines(ValidateTrust(text))); diff != "" {
				t.Errorf("ValidateTrust(%s) (-want +got)\n%s", text, diff)
			}
		})
	}

	const root = `"Principal":{"RAM":"acs:ram::` + account + `:root"}`
	documents := map[string]struct {
		text string
		want []string
	}{
		"a list of each kind": {trust(`"Principal":{"RAM":["acs:ram::` + account + `:user/a","acs:ram::` + account + `:role/b"],"Service":["ecs.aliyuncs.com"]}`), nil},
		"with an external id": {trust(root + `,"Condition":{"StringEquals":{"sts:ExternalId":"abc"}}`), nil},
		"with more actions":   {allow(`"Action":["sts:assumerole","sts:SetSourceIdentity","sts:TagSession"],` + root), nil},

		"no principal": {allow(`"Action":"sts:AssumeRole"`), []string{
			`line 1, column 29: Statement[0]: the statement has no Principal, expected who may assume the role, such as "Principal": {"RAM": "acs:ram::1234567890123456:root"}`,
		}},
		"a resource": {trust(root + `,"Resource":"*"`), []string{
			`line 1, column 126: Statement[0].Resource: found Resource in a trust policy, expected none: it is about the role it belongs to`,
		}},
		"a deny": {`{"Version":"1","Statement":[{"Effect":"Deny","Action":"sts:AssumeRole",` + root + `}]}`, []string{
			`line 1, column 39: Statement[0].Effect: found "Deny", expected "Allow": a trust policy only lists who may assume the role`,
		}},
		"another action": {allow(`"Action":["sts:AssumeRole","sts:*"],` + root), []string{
			`line 1, column 74: Statement[0].Action[1]: found "sts:*", expected "sts:AssumeRole" (for OIDC and SAML too)`,
		}},
		"NotAction": {allow(`"NotAction":"ram:*",` + root), []string{
			`line 1, column 47: Statement[0].NotAction: found NotAction in a trust policy, expected "Action": "sts:AssumeRole"`,
		}},
		"unknown kind": {trust(`"Principal":{"AWS":"*"}`), []string{
			`line 1, column 86: Statement[0].Principal.AWS: found the key "AWS", expected RAM, Service or Federated`,
		}},
		"kind in lower case": {trust(`"Principal":{"ram":"*"}`), []string{
			`line 1, column 86: Statement[0].Principal.ram: found the key "ram", expected RAM, Service or Federated`,
		}},
		"one of two": {trust("\n\"Principal\":{\"RAM\":[\n\"acs:ram::" + account + ":root\",\n\"me\"]}"), []string{
			`line 4, column 1: Statement[0].Principal.RAM: found "me", which is no principal, expected ` + ram,
		}},
	}
	for name, test := range documents {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, lines(ValidateTrust(test.text))); diff != "" {
				t.Errorf("ValidateTrust(%s) (-want +got)\n%s", test.text, diff)
			}
		})
	}
}

func TestSizeCountsCharactersAsSent(t *testing.T) {
	t.Parallel()
	document := func(size int) string {
		shell := allow(`"Action":"*","Resource":"acs:oss:*:*:"`)
		return strings.Replace(shell, `*:*:"`, `*:*:`+strings.Repeat("界", size-Size(shell))+`"`, 1)
	}
	if text := document(MaxDocumentSize); Size(text) != 6144 || ValidateIdentity(text) != nil {
		t.Errorf("a document of %d characters: got %v, want no fault at 6144", Size(text), ValidateIdentity(text))
	}
	want := []string{"line 1, column 1: the document has 6145 characters, white space included; the service takes at most 6144"}
	for name, text := range map[string]string{"content": document(MaxDocumentSize + 1), "white space": document(MaxDocumentSize) + "\n"} {
		if diff := cmp.Diff(want, lines(ValidateIdentity(text))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestValidateStopsAtAReadableNumberOfFaults(t *testing.T) {
	t.Parallel()
	text := allow(`"Resource":"*","Action":["x"` + strings.Repeat(`,"x"`, 100) + `]`)
	if got := len(lines(ValidateIdentity(text))); got != maxFaults {
		t.Errorf("got %d faults, want %d", got, maxFaults)
	}
}

func TestLongValuesAreCutInErrors(t *testing.T) {
	t.Parallel()
	err := ValidateIdentity(allow(`"Resource":"*","Action":"` + strings.Repeat("é", 5000) + `"`))
	if got := err.Error(); len(got) > 400 || !strings.Contains(got, "é…") {
		t.Errorf("got an error of %d bytes, want a short one with an ellipsis: %s", len(got), got)
	}
}
