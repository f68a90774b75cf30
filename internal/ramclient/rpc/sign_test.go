package rpc

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

const emptyBodyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// The first vector is the worked example of the API gateway's page on signature V3; the
// others follow the same steps, computed by hand outside of this code.
func TestSign(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		url, body string
		headers   map[string]string
		creds     Credentials
		want      string
	}{
		"published example": {
			url: "https://ecs.cn-shanghai.aliyuncs.com/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
			headers: map[string]string{
				"x-acs-action": "RunInstances", "x-acs-version": "2014-05-26",
				"x-acs-date":            "2023-10-26T10:22:32Z",
				"x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
				"User-Agent":            "is not signed",
			},
			creds: Credentials{AccessKeyID: "YourAccessKeyId", AccessKeySecret: NewSecret("YourAccessKeySecret")},
			want: "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;" +
				"x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
		},
		"body and session": {
			url:  "https://ram.aliyuncs.com/",
			body: "RoleName=demo&MaxSessionDuration=3600&AssumeRolePolicyDocument=%7B%22Version%22%3A%221%22%7D",
			headers: map[string]string{
				"content-type": "application/x-www-form-urlencoded",
				"x-acs-action": "CreateRole", "x-acs-version": "2015-05-01",
				"x-acs-date":            "2026-01-02T03:04:05Z",
				"x-acs-signature-nonce": "fedcba9876543210fedcba9876543210",
				"x-acs-accesskey-id":    "STS.testid", "x-acs-security-token": "tok/en+1==",
			},
			creds: Credentials{AccessKeyID: "STS.testid", AccessKeySecret: NewSecret("testsecret")},
			want: "ACS3-HMAC-SHA256 Credential=STS.testid,SignedHeaders=content-type;host;x-acs-accesskey-id;x-acs-action;" +
				"x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version," +
				"Signature=dd54842595d13f6f61b0440c0951a8a49f2db8f03fb0aadec24a319ef3432b0e",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, test.url, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range test.headers {
				req.Header.Set(name, value)
			}
			req.Header.Set("x-acs-content-sha256", hexSHA256([]byte(test.body)))
			sign(req, test.creds)
			if got := req.Header.Get("Authorization"); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// A request as the client builds it, with every kind of character that encoders differ on.
func TestRequestIsSignedInCanonicalForm(t *testing.T) {
	t.Parallel()
	client := New(Config{
		Endpoints: map[string]string{"IMS": "https://ims.aliyuncs.com"},
		Nonce:     func() string { return "0123456789abcdef0123456789abcdef" },
	})
	op := Operation{Product: "IMS", Version: "2019-08-15", Name: "CreateUser"}
	params, err := encode(struct {
		UserPrincipalName string `param:"UserPrincipalName"`
		DisplayName       string `param:"DisplayName"`
		Comments          string `param:"Comments"`
	}{"ci-bot@example.onaliyun.com", "CI bot", "a+b*c~d/中"})
	if err != nil {
		t.Fatal(err)
	}
	endpoint, err := client.endpoint(op)
	if err != nil {
		t.Fatal(err)
	}
	call := &call{client: client, op: op, endpoint: endpoint, params: params}
	req := call.request(t.Context(), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Credentials{AccessKeyID: "testid", AccessKeySecret: NewSecret("testsecret")})

	want := "Comments=a%2Bb%2Ac~d%2F%E4%B8%AD&DisplayName=CI%20bot&UserPrincipalName=ci-bot%40example.onaliyun.com"
	if got := req.URL.RawQuery; got != want {
		t.Errorf("query\ngot  %s\nwant %s", got, want)
	}
	if got := req.Header.Get("x-acs-content-sha256"); got != emptyBodyHash {
		t.Errorf("body hash: got %s, want %s", got, emptyBodyHash)
	}
	if got := req.Header.Get("Content-Type"); got != "" {
		t.Errorf("content type of an empty body: got %q, want none", got)
	}
	want = "Signature=f206dc86972b6161f72cce014b4c1017463d88f000e57ea3b95e1a2a4ae1ca31"
	if got := req.Header.Get("Authorization"); !strings.HasSuffix(got, want) {
		t.Errorf("got %s, want …%s", got, want)
	}
}
