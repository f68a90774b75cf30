package emulator

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// exchangeOf makes the gateway read a request that is given as it goes over the wire.
func exchangeOf(t *testing.T, method, target, body string, header map[string]string) *exchange {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	for name, value := range header {
		r.Header.Set(name, value)
	}
	x := &exchange{http: r}
	if refused := x.read(); refused != nil {
		t.Fatalf("the gateway cannot read the request: %s", refused.Message)
	}
	return x
}

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

const baseHeaders = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"

func TestSignatureV3(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		target, body string
		header       map[string]string
		secret       string
		stringToSign string // hash line only; empty: not published
	}{
		"published: RunInstances": {
			target: "https://ecs.cn-shanghai.aliyuncs.com/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
			header: map[string]string{
				"x-acs-action": "RunInstances", "x-acs-version": "2014-05-26", "x-acs-date": "2023-10-26T10:22:32Z",
				"x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d", "x-acs-content-sha256": emptyHash,
				"Authorization": "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=" + baseHeaders +
					",Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
			},
			secret: "YourAccessKeySecret",
		},
		"query with every kind of character": {
			target: "https://ims.aliyuncs.com/?UserPrincipalName=ci-bot%40example.onaliyun.com&DisplayName=CI%20bot&Comments=a%2Bb%2Ac~d%2F%E4%B8%AD",
			header: map[string]string{
				"x-acs-action": "CreateUser", "x-acs-version": "2019-08-15", "x-acs-date": "2026-01-02T03:04:05Z",
				"x-acs-signature-nonce": "0123456789abcdef0123456789abcdef", "x-acs-content-sha256": emptyHash,
				"Authorization": "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=" + baseHeaders +
					",Signature=f206dc86972b6161f72cce014b4c1017463d88f000e57ea3b95e1a2a4ae1ca31",
			},
			secret:       "testsecret",
			stringToSign: "547a4632fe03e707cac95a7b2ab32dfc91e3000ab1d090d576e2c095fb1021db",
		},
		"form body and temporary credential": {
			target: "https://ram.aliyuncs.com/",
			body:   "RoleName=demo&MaxSessionDuration=3600&AssumeRolePolicyDocument=%7B%22Version%22%3A%221%22%7D",
			header: map[string]string{
				"x-acs-action": "CreateRole", "x-acs-version": "2015-05-01", "x-acs-date": "2026-01-02T03:04:05Z",
				"x-acs-signature-nonce": "fedcba9876543210fedcba9876543210",
				"x-acs-content-sha256":  "9af578766610d54c2cbaa5e8f34c9aba9d309207d047eb7bf7a2a6a5c4eeb96a",
				"x-acs-security-token":  "tok/en+1==", "x-acs-accesskey-id": "STS.testid",
				"content-type": "application/x-www-form-urlencoded",
				"Authorization": "ACS3-HMAC-SHA256 Credential=STS.testid,SignedHeaders=content-type;host;x-acs-accesskey-id;" +
					"x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version" +
					",Signature=dd54842595d13f6f61b0440c0951a8a49f2db8f03fb0aadec24a319ef3432b0e",
			},
			secret:       "testsecret",
			stringToSign: "74508a0b9c4fa6c0de1756a6b46a9d49f57e8b0dc05aeaa924427186cbdd058b",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := exchangeOf(t, http.MethodPost, test.target, test.body, test.header)
			got, refused := readV3(x)
			if refused != nil {
				t.Fatalf("got %s: %s", refused.Code, refused.Message)
			}
			if want := algorithmV3 + "\n" + test.stringToSign; test.stringToSign != "" && got.stringToSign != want {
				t.Errorf("string to sign:\ngot  %q\nwant %q", got.stringToSign, want)
			}
			if !got.matches(test.secret) {
				t.Errorf("the signature does not match: calculated %s, given %s", got.sign(test.secret, got.stringToSign), got.value)
			}
			if got.matches(test.secret + "x") {
				t.Error("the signature matches another secret too")
			}
		})
	}
}

func TestSignatureV1(t *testing.T) {
	t.Parallel()
	const common = "&Format=JSON&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&AccessKeyId=testid"
	for name, test := range map[string]struct {
		method, query, body string
		secret              string
	}{
		"published: CreateUser": {
			method: http.MethodGet,
			query: "Action=CreateUser&DisplayName=test&UserPrincipalName=test%40example.onaliyun.com&Version=2019-08-15" +
				"&SignatureNonce=3f6b4e80-56f7-11eb-a256-a9f756ea7e85&Timestamp=2021-01-15T06%3A02%3A28Z" + common +
				"&Signature=02heLegtw4%2BBFamznl1Ltj%2BvJ4A%3D",
			secret: "testsecret",
		},
		"form body: DeleteAccessKey": {
			method: http.MethodPost,
			query: "Action=DeleteAccessKey&Version=2015-05-01&Timestamp=2026-01-02T03:04:05Z&SignatureNonce=nonce-1" + common +
				"&Signature=9li4DbMAuGn6Gb0DjIzzL1wK7eA%3D",
			body:   "UserName=ci-bot&UserAccessKeyId=LTAIexample000000000001",
			secret: "testsecret",
		},
		"form body: AssumeRole": {
			method: http.MethodPost,
			query: "Action=AssumeRole&Version=2015-04-01&Timestamp=2026-01-02T03:04:05Z&SignatureNonce=nonce-1" + common +
				"&Signature=TwEPsj02yN05qk1T9l%2F4Y31Nbno%3D",
			body:   "RoleArn=acs%3Aram%3A%3A123456789012%3Arole%2Fdemo&RoleSessionName=terraform&DurationSeconds=3600",
			secret: "testsecret",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := exchangeOf(t, test.method, "https://ram.aliyuncs.com/?"+test.query, test.body,
				map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
			got, refused := readV1(x)
			if refused != nil {
				t.Fatalf("got %s: %s", refused.Code, refused.Message)
			}
			if !got.matches(test.secret) {
				t.Errorf("the signature does not match: calculated %s, given %s\nstring to sign %s",
					got.sign(test.secret, got.stringToSign), got.value, got.stringToSign)
			}
			if got.matches(test.secret + "x") {
				t.Error("the signature matches another secret too")
			}
		})
	}
}
