package emulator

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"
)

// v1Request signs with V1: common parameters in the query, the others in the body.
func (c client) v1Request(of api, action string, p params) *http.Request {
	c.t.Helper()
	query := params{
		"Action": action, "Version": of.version, "Format": "JSON", "AccessKeyId": c.key.ID,
		"SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0", "SignatureNonce": newNonce(),
		"Timestamp": c.clock.Now().Format(wireTime),
	}
	if c.token != "" {
		query["SecurityToken"] = c.token
	}
	all := params{}
	maps.Copy(all, query)
	maps.Copy(all, p)
	query["Signature"] = signV1(c.key.Secret, "POST&%2F&"+percentEncode(all.canonical()))
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+"/?"+query.canonical(), strings.NewReader(p.canonical()))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// v3FormRequest signs with V3 and puts all parameters into a form body.
func (c client) v3FormRequest(of api, action string, p params) *http.Request {
	c.t.Helper()
	r := c.newRequest(of, action, nil)
	body := p.canonical()
	formed, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+"/", strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	formed.Header = r.Header.Clone()
	formed.Header.Del("Authorization")
	formed.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	signTestRequest(formed, body, c.key)
	return formed
}

func TestEveryWayOfSigningReachesTheSameOperation(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	for name, request := range map[string]*http.Request{
		"v3-query": s.root.newRequest(ram, "CreateUser", params{"UserName": "v3-query", "Comments": "a+b *~/中&=%"}),
		"v3-form":  s.root.v3FormRequest(ram, "CreateUser", params{"UserName": "v3-form", "Comments": "a+b *~/中&=%"}),
		"v1-form":  s.root.v1Request(ram, "CreateUser", params{"UserName": "v1-form", "Comments": "a+b *~/中&=%"}),
	} {
		got := send(t, request)
		if got.at("User.UserName") != name || got.at("User.Comments") != "a+b *~/中&=%" {
			t.Errorf("%s: got %d %v", name, got.Status, got.Body)
		}
		if got.Header.Get("X-Ram-Emulator") != "1" {
			t.Errorf("%s: the answer does not say that it comes from the emulator", name)
		}
		if want := start.Format(http.TimeFormat); got.Header.Get("Date") != want {
			t.Errorf("%s: the answer is dated %q, want %q", name, got.Header.Get("Date"), want)
		}
	}
}

func TestGatewayRefuses(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	created := s.root.must(ram, "CreateAccessKey", params{"UserName": "bot"})
	bot := s.as(Key{created.at("AccessKey.AccessKeyId"), created.at("AccessKey.AccessKeySecret")})
	s.root.must(ram, "UpdateAccessKey", params{"UserName": "bot", "UserAccessKeyId": bot.key.ID, "Status": "Inactive"})
	created = s.root.must(ram, "CreateAccessKey", params{"UserName": "bot"})
	gone := s.as(Key{created.at("AccessKey.AccessKeyId"), created.at("AccessKey.AccessKeySecret")})
	s.root.must(ram, "DeleteAccessKey", params{"UserName": "bot", "UserAccessKeyId": gone.key.ID})

	// change signs a valid call again after changing it; spoil changes it afterwards.
	change := func(edit func(*http.Request)) *http.Request {
		r := s.root.newRequest(ram, "GetUser", params{"UserName": "bot"})
		edit(r)
		r.Header.Del("Authorization")
		signTestRequest(r, "", s.root.key)
		return r
	}
	spoil := func(edit func(*http.Request)) *http.Request {
		r := s.root.newRequest(ram, "GetUser", params{"UserName": "bot"})
		edit(r)
		return r
	}
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	without := func(name string) func(*http.Request) { return func(r *http.Request) { r.Header.Del(name) } }
	query := func(text string) func(*http.Request) { return func(r *http.Request) { r.URL.RawQuery += text } }

	used := s.root.newRequest(ram, "GetUser", params{"UserName": "bot"})
	send(t, used)

	for name, test := range map[string]struct {
		request *http.Request
		status  int
		code    string
	}{
		"unknown key":             {s.as(Key{"LTAIexample000000000001", "testsecret"}).newRequest(ram, "GetUser", nil), 404, "InvalidAccessKeyId.NotFound"},
		"disabled key":            {bot.newRequest(ram, "GetUser", nil), 400, "InvalidAccessKeyId.Inactive"},
		"key in the recycle bin":  {gone.newRequest(ram, "GetUser", nil), 404, "InvalidAccessKeyId.NotFound"},
		"wrong secret":            {s.as(Key{s.root.key.ID, "testsecret"}).newRequest(ram, "GetUser", nil), 400, "SignatureDoesNotMatch"},
		"wrong secret, V1":        {s.as(Key{s.root.key.ID, "testsecret"}).v1Request(ram, "GetUser", nil), 400, "SignatureDoesNotMatch"},
		"parameter added":         {spoil(query("&Comments=x")), 400, "SignatureDoesNotMatch"},
		"nonce used":              {used, 400, "SignatureNonceUsed"},
		"too old":                 {change(header("x-acs-date", start.Add(-15*time.Minute-time.Second).Format(wireTime))), 400, "InvalidTimeStamp.Expired"},
		"too new":                 {change(header("x-acs-date", start.Add(15*time.Minute+time.Second).Format(wireTime))), 400, "InvalidTimeStamp.Expired"},
		"odd date":                {change(header("x-acs-date", "Fri, 02 Jan 2026 03:04:05 GMT")), 400, "InvalidTimeStamp.Format"},
		"no date":                 {change(without("x-acs-date")), 400, "MissingX-Acs-Date"},
		"no nonce":                {change(without("x-acs-signature-nonce")), 400, "MissingX-Acs-Signature-Nonce"},
		"unsigned x-acs- header":  {spoil(header("x-acs-credentials-provider", "default")), 400, "IncompleteSignature"},
		"unsigned content-type":   {spoil(header("content-type", "text/plain")), 400, "IncompleteSignature"},
		"wrong body hash":         {spoil(header("x-acs-content-sha256", strings.Repeat("0", 64))), 400, "IncompleteSignature"},
		"malformed authorization": {spoil(header("Authorization", "ACS3-HMAC-SHA256 Signature=x")), 400, "IncompleteSignature"},
		"other algorithm":         {spoil(header("Authorization", "ACS3-HMAC-SM3 Credential=a,SignedHeaders=b,Signature=c")), 400, "IncompleteSignature"},
		"no signature":            {spoil(without("Authorization")), 400, "MissingAccessKeyId"},
		"token for a lasting key": {s.withToken(s.root.key.ID, s.root.key.Secret, "token").newRequest(ram, "GetUser", nil), 400, "InvalidSecurityToken.MismatchWithAccessKey"},
		"STS id without token":    {s.as(Key{"STS.example", "testsecret"}).newRequest(ram, "GetUser", nil), 400, "MissingSecurityToken"},
		"unknown STS id":          {s.withToken("STS.example", "testsecret", "token").newRequest(ram, "GetUser", nil), 404, "InvalidAccessKeyId.NotFound"},
		"no action":               {change(without("x-acs-action")), 400, "MissingAction"},
		"no version":              {change(without("x-acs-version")), 400, "MissingVersion"},
		"unknown action":          {change(header("x-acs-action", "GetNothing")), 404, "InvalidAction.NotFound"},
		"action of another API":   {s.root.newRequest(ram, "ListUsersInRecycleBin", nil), 404, "InvalidAction.NotFound"},
		"unknown version":         {change(header("x-acs-version", "1999-12-31")), 400, "InvalidVersion"},
		"unknown parameter":       {s.root.newRequest(ram, "GetUser", params{"UserName": "bot", "Usrname": "x"}), 400, "InvalidParameter"},
		"repeated parameter":      {change(query("&UserName=bot")), 400, "InvalidParameter"},
		"missing parameter":       {s.root.newRequest(ram, "GetUser", nil), 400, "MissingUserName"},
		"another path":            {change(func(r *http.Request) { r.URL.Path = "/v1/users" }), 400, "InvalidParameter"},
		"another method":          {change(func(r *http.Request) { r.Method = http.MethodPut }), 400, "InvalidParameter"},
		"foreign host":            {change(func(r *http.Request) { r.Host = "ram.aliyuncs.com" }), 403, "Forbidden.Host"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := send(t, test.request)
			if got.Status != test.status || got.Code != test.code {
				t.Fatalf("got %d %q (%s), want %d %q", got.Status, got.Code, got.at("Message"), test.status, test.code)
			}
			for _, field := range []string{"RequestId", "HostId", "Message", "Recommend"} {
				if got.at(field) == "" {
					t.Errorf("the error has no %s", field)
				}
			}
			if got.Header.Get("X-Ram-Emulator") != "1" {
				t.Error("the error does not say that it comes from the emulator")
			}
		})
	}
}

func TestDatesAreGoodFor15Minutes(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	for _, skew := range []time.Duration{-15 * time.Minute, 15 * time.Minute} {
		r := s.root.newRequest(ram, "ListUsers", nil)
		r.Header.Set("x-acs-date", start.Add(skew).Format(wireTime))
		r.Header.Del("Authorization")
		signTestRequest(r, "", s.root.key)
		if got := send(t, r); got.Status != http.StatusOK {
			t.Errorf("skew of %s: got %d %s, want success", skew, got.Status, got.Code)
		}
	}
}

func TestSignatureErrorEchoesTheStringToSign(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	wrong := s.as(Key{s.root.key.ID, "testsecret"})
	got := send(t, wrong.v1Request(ims, "CreateLoginProfile", params{"UserPrincipalName": "x@y", "Password": "hunter2hunter2"}))
	if got.Code != "SignatureDoesNotMatch" || !strings.Contains(got.at("Message"), "hunter2hunter2") {
		t.Errorf("got %s %q, want the string to sign with its secret, as the service sends it", got.Code, got.at("Message"))
	}
}

func TestSessionTokens(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	account := s.Accounts()[0].ID
	for _, id := range []string{"STS.one", "STS.two"} {
		s.state.Sessions[id] = &session{
			Caller: caller{AccountID: account, Kind: callerRole, ID: "300000000000000001", Name: "deploy", Session: "ci", KeyID: id},
			Secret: "testsecret", Token: "token-of-" + id, Expires: start.Add(time.Hour),
		}
	}
	send := func(token string) reply {
		t.Helper()
		return s.withToken("STS.one", "testsecret", token).do(ram, "ListUsers", nil)
	}
	for name, test := range map[string]struct {
		token, code string
	}{
		"own token":               {"token-of-STS.one", "NoPermission"}, // the signature holds
		"token of somebody else":  {"token-of-STS.two", "InvalidSecurityToken.MismatchWithAccessKey"},
		"token that never was":    {"nonsense", "InvalidSecurityToken.Malformed"},
		"no token":                {"", "MissingSecurityToken"},
		"own token, changed case": {"TOKEN-of-STS.one", "InvalidSecurityToken.Malformed"},
	} {
		if got := send(test.token); got.Code != test.code {
			t.Errorf("%s: got %d %s, want %s", name, got.Status, got.Code, test.code)
		}
	}
	s.clock.Advance(time.Hour)
	if got := send("token-of-STS.one"); got.Code != "InvalidSecurityToken.Expired" || got.Status != 400 {
		t.Errorf("after an hour: got %d %s, want 400 InvalidSecurityToken.Expired", got.Status, got.Code)
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"127.0.0.1": true, "127.0.0.1:80": true, "127.8.9.1:80": true, "[::1]:80": true, "::1": true,
		"localhost": true, "LOCALHOST:1": true, "ram.localhost:1": true, "localhost.": true,
		"": false, "ram.aliyuncs.com": false, "localhost.evil.example": false, "10.0.0.1:80": false,
		"evil-localhost": false, "0.0.0.0:80": false, "127.0.0.1.evil.example:80": false,
	} {
		if got := loopback(host); got != want {
			t.Errorf("loopback(%q) is %v, want %v", host, got, want)
		}
	}
}

func TestRemoteHostsAreServedOnRequest(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{AllowRemote: true})
	r := s.root.newRequest(ram, "ListUsers", nil)
	r.Host = "ram.example"
	r.Header.Del("Authorization")
	signTestRequest(r, "", s.root.key)
	if got := send(t, r); got.Status != http.StatusOK {
		t.Errorf("got %d %s, want success", got.Status, got.Code)
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ram, "CreateUser", params{"UserName": "a", "Comments": "<&>"})
	s.root.must(ram, "CreateUser", params{"UserName": "b"})
	r := s.root.newRequest(ram, "ListUsers", nil)
	r.Header.Set("Accept", "application/xml")
	r.Header.Del("Authorization")
	signTestRequest(r, "", s.root.key)
	text := body(t, r)
	for _, want := range []string{
		"<ListUsersResponse>", "<Users><User><Comments>&lt;&amp;&gt;</Comments>", "<UserName>a</UserName>",
		"</User><User>", "<UserName>b</UserName>", "<IsTruncated>false</IsTruncated>", "<RequestId>",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the XML lacks %s:\n%s", want, text)
		}
	}
	refused := s.root.newRequest(ram, "GetUser", params{"UserName": "nobody", "Format": "XML"})
	refused.Header.Del("Accept")
	if text := body(t, refused); !strings.Contains(text, "<Error>") || !strings.Contains(text, "<Code>EntityNotExist.User</Code>") {
		t.Errorf("the error is no XML error:\n%s", text)
	}
}

func FuzzGateway(f *testing.F) {
	f.Add("Action=GetUser&Version=2015-05-01&Signature=x&Tag.1.Key=", "a=b", "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=b")
	f.Add("%zz", "%", "ACS3-")
	f.Add("Tag.1.Key=a&Tag.2.Key=b", "", "")
	e, err := New(Config{AllowRemote: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, query, form, authorization string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/", strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", authorization)
		answered := recorder(t, e, r)
		if answered.Code == http.StatusOK {
			t.Errorf("an unsigned request was answered with %d: %s", answered.Code, answered.Body)
		}
	})
}
