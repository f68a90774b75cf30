package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// modeSecretPlaces are the places in which the credential modes that take tokens have
// them, for TestAccSecrets_areNowhereButInTheState.
func modeSecretPlaces() map[string]func(*testing.T, *secretRun) {
	return map[string]func(*testing.T, *secretRun){
		"in an OIDC token": func(t *testing.T, s *secretRun) {
			t.Helper()
			role, provider := makeFederated(t, s.env)
			token := issueToken(t, s.env, time.Hour)
			s.plant(token)
			s.variables = map[string]string{"TF_VAR_token": token}
			s.block = fmt.Sprintf("assume_role_with_oidc = { oidc_provider_arn = %q, role_arn = %q, token = var.token }", provider, role)
		},
		"in the token file of a pod": func(t *testing.T, s *secretRun) {
			t.Helper()
			role, provider := makeFederated(t, s.env)
			token, file := issueToken(t, s.env, time.Hour), filepath.Join(t.TempDir(), "token")
			acctest.Must(t, os.WriteFile(file, []byte(token), 0o600))
			s.plant(token)
			s.variables = map[string]string{
				"ALIBABA_CLOUD_ROLE_ARN": role, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": provider, "ALIBABA_CLOUD_OIDC_TOKEN_FILE": file,
			}
		},
		"in a login of the CLI that is renewed": func(t *testing.T, s *secretRun) {
			t.Helper()
			tokens := logInAlice(t, s.env)
			s.plant(tokens.AccessToken, tokens.RefreshToken)
			s.profile = profileJSON(t, attributes{
				"name": "it", "mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": tokens.AccessToken,
				"oauth_refresh_token": tokens.RefreshToken, "oauth_access_token_expire": 1,
			})
			s.variables = map[string]string{"ALIBABA_CLOUD_ENDPOINT_OAUTH": s.endpoint}
			s.block = `profile = "it"`
		},
		"in a login of CloudSSO": func(t *testing.T, s *secretRun) {
			t.Helper()
			makeOperator(t, s.env, `"Service":"ecs.aliyuncs.com"`)
			login, err := s.env.Emulator.LogInToCloudSSO("alice@example.com", emulator.CloudSSOAccess{
				AccountID: s.env.AccountID, AccessConfigurationID: "ac-admin", RoleName: "operator",
			})
			acctest.Must(t, err)
			s.plant(login.AccessToken)
			s.variables = map[string]string{"TF_VAR_token": login.AccessToken}
			s.block = fmt.Sprintf("cloud_sso = { sign_in_url = %q, account_id = %q, access_configuration_id = \"ac-admin\", access_token = var.token }", s.endpoint, s.env.AccountID)
		},
		"in a credentials URI": func(t *testing.T, s *secretRun) {
			t.Helper()
			acctest.Must(t, s.env.Emulator.SetCredentialsURI("terraform", makeOperator(t, s.env, `"Service":"ecs.aliyuncs.com"`)))
			s.plant("planted-query")
			s.variables = map[string]string{"ALIBABA_CLOUD_CREDENTIALS_URI": s.endpoint + "/credentials/terraform?key=planted-query"}
		},
		"in the output of a program": func(t *testing.T, s *secretRun) {
			t.Helper()
			held, file := assume(t, s.env), filepath.Join(t.TempDir(), "session.json")
			text, err := json.Marshal(map[string]string{
				"mode": "StsToken", "access_key_id": held.id, "access_key_secret": held.secret, "sts_token": held.token, "note": "planted-note",
			})
			acctest.Must(t, err)
			acctest.Must(t, os.WriteFile(file, text, 0o600))
			s.plant(held.secret, held.token, "planted-note")
			s.block = fmt.Sprintf("external = { command = [\"cat\", %q] }", file)
		},
	}
}

func profileJSON(t *testing.T, profile attributes) string {
	t.Helper()
	text, err := json.Marshal(attributes{"current": profile["name"], "profiles": []attributes{profile}})
	acctest.Must(t, err)
	return string(text)
}
