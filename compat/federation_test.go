package compat

import (
	"testing"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// TestFederation lets the credentials library of the SDKs bring a CI job's token, and
// ask a credentials URI.
func TestFederation(t *testing.T) {
	t.Parallel()
	s := start(t)
	account := s.Accounts()[0].ID
	roleARN, providerARN := "acs:ram::"+account+":role/deploy", "acs:ram::"+account+":oidc-provider/ci"
	root := newOpenAPI(t, s, s.Root(), nil)
	root.must(t, imsAPI, "CreateOIDCProvider", map[string]string{
		"OIDCProviderName": "ci", "IssuerUrl": "https://ci.example.com", "ClientIds": "deploy",
	})
	root.must(t, ramAPI, "CreateRole", map[string]string{
		"RoleName": "deploy",
		"AssumeRolePolicyDocument": `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
			"Principal":{"Federated":["` + providerARN + `"]},"Condition":{"StringEquals":{"oidc:sub":"repo:example/app"}}}]}`,
	})
	bring := func(subject string) (*providers.Credentials, error) {
		token, err := s.IssueToken(map[string]any{"iss": "https://ci.example.com", "aud": "deploy", "sub": subject})
		if err != nil {
			t.Fatal(err)
		}
		provider, err := providers.NewOIDCCredentialsProviderBuilder().WithOIDCProviderARN(providerARN).WithRoleArn(roleARN).
			WithRoleSessionName("compat").WithOIDCToken(token).WithSTSEndpoint(s.HostTLS).Build()
		if err != nil {
			t.Fatal(err)
		}
		return provider.GetCredentials()
	}
	if _, err := bring("repo:example/other"); err == nil {
		t.Error("the role let in a job of another repository")
	}
	federated, err := bring("repo:example/app")
	if err != nil {
		t.Fatal(err)
	}

	if err := s.SetCredentialsURI("deploy", roleARN); err != nil {
		t.Fatal(err)
	}
	provider, err := providers.NewURLCredentialsProviderBuilder().WithUrl("http://" + s.Host + "/credentials/deploy").Build()
	if err != nil {
		t.Fatal(err)
	}
	fetched, err := provider.GetCredentials()
	if err != nil {
		t.Fatal(err)
	}
	for got, session := range map[*providers.Credentials]string{federated: "compat", fetched: "credentials-uri"} {
		identity := newOpenAPI(t, s, credentials{got.AccessKeyId, got.AccessKeySecret, got.SecurityToken}, nil).must(t, stsAPI, "GetCallerIdentity", nil)
		if want := "acs:ram::" + account + ":assumed-role/deploy/" + session; identity["Arn"] != want {
			t.Errorf("Arn = %q, want %q", identity["Arn"], want)
		}
	}
}
