package policy

import "testing"

// The two policies of the vendor's page on AccessKeys, "let users manage their own".
const (
	createOwnKey = `{ "Version": "1", "Statement": [ { "Effect": "Allow", "Action": [ "ram:CreateAccessKey", "ram:ListAccessKeys" ], "Resource": "acs:ram:*:ACCOUNT_ID:user/USER_NAME" } ] }`
	manageOwnKey = `{ "Version": "1", "Statement": [ { "Effect": "Allow", "Action": [ "ram:CreateAccessKey", "ram:ListAccessKeys", "ram:UpdateAccessKey", "ram:DeleteAccessKey", "ram:GetAccessKeyLastUsed", "ram:ListAccessKeysInRecycleBin" ], "Resource": "acs:ram:*:ACCOUNT_ID:user/USER_NAME" } ] }`
)

func TestVendorPoliciesLetUsersManageTheirOwnKeysOnly(t *testing.T) {
	t.Parallel()
	const own = "acs:ram:*:ACCOUNT_ID:user/USER_NAME"
	tests := []struct {
		name, document, action, resource string
		want                             Decision
	}{
		{"create", createOwnKey, "ram:CreateAccessKey", own, Allow},
		{"create", createOwnKey, "ram:ListAccessKeys", own, Allow},
		{"create", createOwnKey, "ram:UpdateAccessKey", own, NoMatch},
		{"create", createOwnKey, "ram:DeleteAccessKey", own, NoMatch},
		{"create", createOwnKey, "ram:CreateAccessKey", "acs:ram:*:ACCOUNT_ID:user/ANOTHER", NoMatch},
		{"create", createOwnKey, "ram:CreateAccessKey", "acs:ram:*:ANOTHER:user/USER_NAME", NoMatch},
		{"create", createOwnKey, "ram:CreateUser", own, NoMatch},
		{"manage", manageOwnKey, "ram:CreateAccessKey", own, Allow},
		{"manage", manageOwnKey, "ram:ListAccessKeys", own, Allow},
		{"manage", manageOwnKey, "ram:UpdateAccessKey", own, Allow},
		{"manage", manageOwnKey, "ram:DeleteAccessKey", own, Allow},
		{"manage", manageOwnKey, "ram:GetAccessKeyLastUsed", own, Allow},
		{"manage", manageOwnKey, "ram:ListAccessKeysInRecycleBin", own, Allow},
		{"manage", manageOwnKey, "ram:DeleteAccessKeyInRecycleBin", own, NoMatch},
		{"manage", manageOwnKey, "ram:DeleteAccessKey", "acs:ram:*:ACCOUNT_ID:user/ANOTHER", NoMatch},
	}
	for _, test := range tests {
		if err := ValidateIdentity(test.document); err != nil {
			t.Errorf("%s: got %v, want a valid policy", test.name, err)
		}
		got := mustParse(t, test.document).Evaluate(Request{Action: test.action, Resource: test.resource})
		if got != test.want {
			t.Errorf("%s: %s on %s: got %s, want %s", test.name, test.action, test.resource, got, test.want)
		}
	}
}

func TestEvaluatePermissions(t *testing.T) {
	t.Parallel()
	const alice = "acs:ram::1:user/alice"
	getAlice := Request{Action: "ram:GetUser", Resource: alice}
	deny := func(rest string) string {
		return `{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny",` + rest + `}]}`
	}
	from := func(key string, values ...string) Request {
		return Request{Action: "ram:GetUser", Resource: alice, Context: map[string][]string{key: values}}
	}
	tests := map[string]struct {
		document string
		request  Request
		want     Decision
	}{
		"everything":                    {allow(`"Action":"*","Resource":"*"`), getAlice, Allow},
		"exact":                         {allow(`"Action":"ram:GetUser","Resource":"` + alice + `"`), getAlice, Allow},
		"case of the action":            {allow(`"Action":"RAM:getuser","Resource":"*"`), getAlice, Allow},
		"pattern of the action":         {allow(`"Action":"ram:Get*","Resource":"*"`), getAlice, Allow},
		"one character of the action":   {allow(`"Action":"ram:Get?ser","Resource":"*"`), getAlice, Allow},
		"another action":                {allow(`"Action":"ram:ListUsers","Resource":"*"`), getAlice, NoMatch},
		"action is no prefix":           {allow(`"Action":"ram:Get","Resource":"*"`), getAlice, NoMatch},
		"another resource":              {allow(`"Action":"*","Resource":"acs:ram:*:1:user/bob"`), getAlice, NoMatch},
		"NotAction names another":       {allow(`"NotAction":["ram:CreateUser","oss:*"],"Resource":"*"`), getAlice, Allow},
		"NotAction names it":            {allow(`"NotAction":"RAM:*","Resource":"*"`), getAlice, NoMatch},
		"NotResource names another":     {allow(`"Action":"*","NotResource":["acs:ram:*:1:user/bob"]`), getAlice, Allow},
		"NotResource names it":          {allow(`"Action":"*","NotResource":["acs:ram:*:1:user/bob","acs:ram:*:1:user/a*"]`), getAlice, NoMatch},
		"explicit deny":                 {deny(`"Action":"ram:GetUser","Resource":"*"`), getAlice, Deny},
		"deny of another":               {deny(`"Action":"ram:GetUser","Resource":"acs:ram:*:1:user/bob"`), getAlice, Allow},
		"deny all but":                  {deny(`"NotAction":"ram:GetUser","Resource":"*"`), getAlice, Allow},
		"condition holds":               {allow(`"Action":"*","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}`), from("acs:SourceIp", "10.1.2.3"), Allow},
		"condition fails":               {allow(`"Action":"*","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}`), from("acs:SourceIp", "11.1.2.3"), NoMatch},
		"key is missing":                {allow(`"Action":"*","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}`), getAlice, NoMatch},
		"case of the key":               {allow(`"Action":"*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"}}`), from("acs:mfapresent", "true"), NoMatch},
		"deny strangers":                {deny(`"Action":"*","Resource":"*","Condition":{"NotIpAddress":{"acs:SourceIp":"10.0.0.0/8"}}`), from("acs:SourceIp", "11.1.2.3"), Deny},
		"deny strangers, not friends":   {deny(`"Action":"*","Resource":"*","Condition":{"NotIpAddress":{"acs:SourceIp":"10.0.0.0/8"}}`), from("acs:SourceIp", "10.1.2.3"), Allow},
		"deny strangers, key missing":   {deny(`"Action":"*","Resource":"*","Condition":{"NotIpAddress":{"acs:SourceIp":"10.0.0.0/8"}}`), getAlice, Deny},
		"the time":                      {allow(`"Action":"*","Resource":"*","Condition":{"DateLessThan":{"acs:CurrentTime":"2026-02-01T00:00:00+08:00"}}`), from("acs:CurrentTime", "2026-01-31T15:59:59Z"), Allow},
		"the time is over":              {allow(`"Action":"*","Resource":"*","Condition":{"DateLessThan":{"acs:CurrentTime":"2026-02-01T00:00:00+08:00"}}`), from("acs:CurrentTime", "2026-01-31T16:00:00Z"), NoMatch},
		"unquoted boolean":              {allow(`"Action":"*","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":true}}`), from("acs:SecureTransport", "true"), Allow},
		"two keys, one fails":           {allow(`"Action":"*","Resource":"*","Condition":{"StringEquals":{"a":"1","b":"2"}}`), from("a", "1"), NoMatch},
		"two operators, one fails":      {allow(`"Action":"*","Resource":"*","Condition":{"StringEquals":{"a":"1"},"NumericGreaterThan":{"a":"1"}}`), from("a", "1"), NoMatch},
		"two operators hold":            {allow(`"Action":"*","Resource":"*","Condition":{"StringEquals":{"a":"2"},"NumericGreaterThan":{"a":"1"}}`), from("a", "2"), Allow},
		"unknown operator grants not":   {allow(`"Action":"*","Resource":"*","Condition":{"StringMatches":{"a":"2"}}`), from("a", "2"), NoMatch},
		"unknown operator denies":       {deny(`"Action":"*","Resource":"*","Condition":{"StringMatches":{"a":"2"}}`), from("a", "3"), Deny},
		"unknown element grants not":    {allow(`"Action":"*","Resource":"*","NotPrincipal":{}`), getAlice, NoMatch},
		"unknown element denies":        {deny(`"Action":"*","Resource":"*","NotPrincipal":{}`), getAlice, Deny},
		"a Sid changes nothing":         {allow(`"Sid":"s","Action":"*","Resource":"*"`), getAlice, Allow},
		"action without resource":       {allow(`"Action":"*","Resource":"acs:ram:*:1:*"`), Request{Action: "ram:GetAccountAlias", Resource: "*"}, NoMatch},
		"action without resource and *": {allow(`"Action":"*","Resource":"*"`), Request{Action: "ram:GetAccountAlias", Resource: "*"}, Allow},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := mustParse(t, test.document).Evaluate(test.request); got != test.want {
				t.Errorf("%s\n%+v: got %s, want %s", test.document, test.request, got, test.want)
			}
		})
	}
}

func TestEvaluateSetOfDocuments(t *testing.T) {
	t.Parallel()
	var (
		allows  = mustParse(t, allow(`"Action":"*","Resource":"*"`))
		denies  = mustParse(t, `{"Version":"1","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`)
		silent  = mustParse(t, allow(`"Action":"oss:*","Resource":"*"`))
		request = Request{Action: "ram:GetUser", Resource: "acs:ram::1:user/a"}
	)
	tests := map[string]struct {
		docs []*Document
		want Decision
	}{
		"none":               {nil, NoMatch},
		"silent":             {[]*Document{silent}, NoMatch},
		"one allows":         {[]*Document{silent, allows, silent}, Allow},
		"deny before allow":  {[]*Document{denies, allows}, Deny},
		"deny behind allow":  {[]*Document{allows, silent, denies}, Deny},
		"deny without allow": {[]*Document{denies}, Deny},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Evaluate(test.docs, request); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestEvaluateTrust(t *testing.T) {
	t.Parallel()
	const (
		a = "1000000000000001"
		b = "1000000000000002"
	)
	alice := Principal{AccountID: b, Type: PrincipalUser, Name: "Alice"}
	thirdParty := trust(`"Principal":{"RAM":"acs:ram::` + b + `:root"},"Condition":{"StringEquals":{"sts:ExternalId":"secret-of-ours"}}`)
	github := trust(`"Principal":{"Federated":"acs:ram::` + a + `:oidc-provider/gh"},
		"Condition":{"StringEquals":{"oidc:aud":"sts.aliyuncs.com"},"StringLike":{"oidc:sub":"repo:org/app:*"}}`)
	provider := Principal{AccountID: a, Type: PrincipalFederated, Name: "acs:ram::" + a + ":oidc-provider/gh"}
	tests := map[string]struct {
		document  string
		principal Principal
		context   map[string][]string
		want      Decision
	}{
		"the user":           {trust(`"Principal":{"RAM":"acs:ram::` + b + `:user/Alice"}`), alice, nil, Allow},
		"another user":       {trust(`"Principal":{"RAM":"acs:ram::` + b + `:user/Bob"}`), alice, nil, NoMatch},
		"user of A":          {trust(`"Principal":{"RAM":"acs:ram::` + a + `:user/Alice"}`), alice, nil, NoMatch},
		"the account":        {trust(`"Principal":{"RAM":"acs:ram::` + b + `:root"}`), alice, nil, Allow},
		"session of a role":  {trust(`"Principal":{"RAM":"acs:ram::` + b + `:role/ci"}`), Principal{AccountID: b, Type: PrincipalRole, Name: "CI"}, nil, Allow},
		"one of a list":      {trust(`"Principal":{"RAM":["acs:ram::` + a + `:root","acs:ram::` + b + `:user/Alice"]}`), alice, nil, Allow},
		"one of two kinds":   {trust(`"Principal":{"Service":"ecs.aliyuncs.com","RAM":"acs:ram::` + b + `:user/Alice"}`), alice, nil, Allow},
		"service":            {trust(`"Principal":{"Service":"ecs.aliyuncs.com"}`), Principal{Type: PrincipalService, Name: "ecs.aliyuncs.com"}, nil, Allow},
		"user for a service": {trust(`"Principal":{"Service":"ecs.aliyuncs.com"}`), alice, nil, NoMatch},
		"external id":        {thirdParty, alice, map[string][]string{"sts:ExternalId": {"secret-of-ours"}}, Allow},
		"wrong external id":  {thirdParty, alice, map[string][]string{"sts:ExternalId": {"guess"}}, NoMatch},
		"no external id":     {thirdParty, alice, nil, NoMatch},
		"OIDC":               {github, provider, map[string][]string{"oidc:aud": {"sts.aliyuncs.com"}, "oidc:sub": {"repo:org/app:ref:refs/heads/main"}}, Allow},
		"OIDC, another repo": {github, provider, map[string][]string{"oidc:aud": {"sts.aliyuncs.com"}, "oidc:sub": {"repo:evil/app:ref:refs/heads/main"}}, NoMatch},
		"OIDC, no subject":   {github, provider, map[string][]string{"oidc:aud": {"sts.aliyuncs.com"}}, NoMatch},
		"nobody":             {trust(`"Principal":{"RAM":"*"}`), Principal{}, nil, NoMatch},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := ValidateTrust(test.document); err != nil {
				t.Fatal(err)
			}
			request := Request{Action: "sts:AssumeRole", Resource: "acs:ram::" + a + ":role/r", Principal: test.principal, Context: test.context}
			if got := mustParse(t, test.document).Evaluate(request); got != test.want {
				t.Errorf("%s\n%+v: got %s, want %s", test.document, request, got, test.want)
			}
			request.Action = "ram:GetRole"
			if got := mustParse(t, test.document).Evaluate(request); got != NoMatch {
				t.Errorf("ram:GetRole: got %s, want %s", got, NoMatch)
			}
		})
	}
}
