package compat

import (
	"errors"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/alibabacloud-go/tea/tea"
)

// signatures are what the SDK core calls "signature algorithm": by default it signs
// with ACS3-HMAC-SHA256, and "v2" means the query signature of version 1.0.
var signatures = map[string]*string{"V3": nil, "V1": tea.String("v2")}

// TestOpenAPI walks the core of the official Go SDKs through the services with both
// of its signatures.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	for name, algorithm := range signatures {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			account := s.Accounts()[0].ID
			root := newOpenAPI(t, s, s.Root(), algorithm)

			user := root.must(t, imsAPI, "CreateUser", map[string]string{
				"UserPrincipalName": "ci@" + account + ".onaliyun.com", "DisplayName": "CI & 試験 *~+",
			})["User"].(map[string]any)
			if got, want := user["DisplayName"], "CI & 試験 *~+"; got != want {
				t.Errorf("DisplayName = %q, want %q", got, want)
			}

			users := root.must(t, ramAPI, "ListUsers", nil)["Users"].(map[string]any)["User"].([]any)
			if len(users) != 1 || users[0].(map[string]any)["UserName"] != "ci" {
				t.Errorf("ListUsers = %v, want the user ci", users)
			}

			trust := `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::` + account + `:root"]}}]}`
			role := root.must(t, ramAPI, "CreateRole", map[string]string{
				"RoleName": "reader", "AssumeRolePolicyDocument": trust,
			})["Role"].(map[string]any)
			if got, want := role["Arn"], "acs:ram::"+account+":role/reader"; got != want {
				t.Errorf("Arn = %q, want %q", got, want)
			}

			root.must(t, ramAPI, "AttachPolicyToUser", map[string]string{
				"UserName": "ci", "PolicyType": "System", "PolicyName": "AliyunSTSAssumeRoleAccess",
			})
			key := root.must(t, imsAPI, "CreateAccessKey", map[string]string{
				"UserPrincipalName": "ci@" + account + ".onaliyun.com",
			})["AccessKey"].(map[string]any)
			ci := newOpenAPI(t, s, credentialsIn(key), algorithm)

			session := ci.must(t, stsAPI, "AssumeRole", map[string]string{
				"RoleArn": role["Arn"].(string), "RoleSessionName": "compat",
			})["Credentials"].(map[string]any)
			assumed := newOpenAPI(t, s, credentialsIn(session), algorithm)
			identity := assumed.must(t, stsAPI, "GetCallerIdentity", nil)
			if got, want := identity["Arn"], "acs:ram::"+account+":assumed-role/reader/compat"; got != want {
				t.Errorf("Arn = %q, want %q", got, want)
			}
		})
	}
}

// TestOpenAPI_refusals checks that the core understands the emulator's errors.
func TestOpenAPI_refusals(t *testing.T) {
	t.Parallel()
	for name, algorithm := range signatures {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			root := s.Root()
			for _, test := range []struct {
				name   string
				client openAPI
				action string
				params map[string]string
				want   string
			}{
				{"unknown key", newOpenAPI(t, s, credentials{ID: "LTAIexample000000000001", Secret: "testsecret"}, algorithm), "ListUsers", nil, "InvalidAccessKeyId.NotFound"},
				{"wrong secret", newOpenAPI(t, s, credentials{ID: root.ID, Secret: "testsecret"}, algorithm), "ListUsers", nil, "SignatureDoesNotMatch"},
				{"no such user", newOpenAPI(t, s, root, algorithm), "GetUser", map[string]string{"UserName": "nobody"}, "EntityNotExist.User"},
			} {
				t.Run(test.name, func(t *testing.T) { // not parallel: the SDK races with itself on one host
					_, err := test.client.call(ramAPI, test.action, test.params)
					var refused *tea.SDKError
					if !errors.As(err, &refused) || tea.StringValue(refused.Code) != test.want {
						t.Errorf("error = %v, want code %s", err, test.want)
					}
				})
			}
		})
	}
}

// The products and the versions of their APIs.
type product struct{ name, version string }

var (
	imsAPI = product{"Ims", "2019-08-15"}
	ramAPI = product{"Ram", "2015-05-01"}
	stsAPI = product{"Sts", "2015-04-01"}
)

// credentialsIn reads what CreateAccessKey and AssumeRole answer.
func credentialsIn(answer map[string]any) credentials {
	token, _ := answer["SecurityToken"].(string)
	return credentials{answer["AccessKeyId"].(string), answer["AccessKeySecret"].(string), token}
}

type openAPI struct{ *openapi.Client }

func newOpenAPI(t *testing.T, s service, signer credentials, algorithm *string) openAPI {
	t.Helper()
	client, err := openapi.NewClient(&utils.Config{
		AccessKeyId:        tea.String(signer.ID),
		AccessKeySecret:    tea.String(signer.Secret),
		SecurityToken:      tea.String(signer.Token),
		Endpoint:           tea.String(s.Host),
		Protocol:           tea.String("HTTP"),
		SignatureAlgorithm: algorithm,
	})
	if err != nil {
		t.Fatal(err)
	}
	return openAPI{client}
}

func (c openAPI) must(t *testing.T, p product, action string, params map[string]string) map[string]any {
	t.Helper()
	body, err := c.call(p, action, params)
	if err != nil {
		t.Fatalf("%s: %v", action, err)
	}
	return body
}

func (c openAPI) call(p product, action string, params map[string]string) (map[string]any, error) {
	query := map[string]*string{}
	for name, value := range params {
		query[name] = &value
	}
	answer, err := c.CallApi(
		&utils.Params{
			Action: tea.String(action), Version: tea.String(p.version),
			Pathname: tea.String("/"), Method: tea.String("POST"), AuthType: tea.String("AK"), Style: tea.String("RPC"),
			ReqBodyType: tea.String("formData"), BodyType: tea.String("json"),
		},
		&utils.OpenApiRequest{Query: query},
		&dara.RuntimeOptions{},
	)
	if err != nil {
		return nil, err
	}
	return answer["body"].(map[string]any), nil
}
