package compat

import (
	"testing"

	"github.com/alibabacloud-go/tea/tea"
	alibaba "github.com/aliyun/credentials-go/credentials"
)

// TestCredentials lets the credentials library of the SDKs assume a role across
// accounts, with an external id, and uses the session that it obtained.
func TestCredentials(t *testing.T) {
	t.Parallel()
	s := start(t)
	home, away := s.Accounts()[0], s.Accounts()[1]

	root := newOpenAPI(t, s, s.Root(), nil)
	principalName := "ci@" + home.ID + ".onaliyun.com"
	root.must(t, imsAPI, "CreateUser", map[string]string{"UserPrincipalName": principalName, "DisplayName": "ci"})
	root.must(t, ramAPI, "AttachPolicyToUser", map[string]string{
		"UserName": "ci", "PolicyType": "System", "PolicyName": "AliyunSTSAssumeRoleAccess",
	})
	key := credentialsIn(root.must(t, imsAPI, "CreateAccessKey", map[string]string{"UserPrincipalName": principalName})["AccessKey"].(map[string]any))

	awayRoot := newOpenAPI(t, s, credentials{ID: away.RootKey.ID, Secret: away.RootKey.Secret}, nil)
	awayRoot.must(t, ramAPI, "CreateRole", map[string]string{
		"RoleName": "partner",
		"AssumeRolePolicyDocument": `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
			"Principal":{"RAM":["acs:ram::` + home.ID + `:root"]},"Condition":{"StringEquals":{"sts:ExternalId":"contract-7"}}}]}`,
	})

	assume := func(externalID string) (*alibaba.CredentialModel, error) {
		credential, err := alibaba.NewCredential(&alibaba.Config{
			Type:            tea.String("ram_role_arn"),
			AccessKeyId:     tea.String(key.ID),
			AccessKeySecret: tea.String(key.Secret),
			RoleArn:         tea.String("acs:ram::" + away.ID + ":role/partner"),
			RoleSessionName: tea.String("compat"),
			ExternalId:      tea.String(externalID),
			STSEndpoint:     tea.String(s.HostTLS),
		})
		if err != nil {
			t.Fatal(err)
		}
		return credential.GetCredential()
	}

	if _, err := assume("contract-8"); err == nil {
		t.Error("the role let in a caller with the wrong external id")
	}
	session, err := assume("contract-7")
	if err != nil {
		t.Fatal(err)
	}
	identity := newOpenAPI(t, s, credentials{*session.AccessKeyId, *session.AccessKeySecret, *session.SecurityToken}, nil).
		must(t, stsAPI, "GetCallerIdentity", nil)
	if got, want := identity["Arn"], "acs:ram::"+away.ID+":assumed-role/partner/compat"; got != want {
		t.Errorf("Arn = %q, want %q", got, want)
	}
}
