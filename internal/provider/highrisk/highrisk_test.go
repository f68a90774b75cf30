package highrisk_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/highrisk"
)

var (
	warn = highrisk.Rules{Level: highrisk.Warn}
	deny = highrisk.Rules{Level: highrisk.Error}
)

func except(rules highrisk.Rules, exceptions ...string) highrisk.Rules {
	rules.Exceptions = exceptions
	return rules
}

func allow(action, resource string, more ...string) string {
	return `{"Effect": "Allow", "Action": ` + action + `, "Resource": "` + resource + `"` + strings.Join(more, "") + `}`
}

func document(statements ...string) string {
	return `{"Version": "1", "Statement": [` + strings.Join(statements, ",") + `]}`
}

func TestJudgePolicy(t *testing.T) {
	t.Parallel()
	const ofAction, all, ram, sts = `{"Effect": "Deny", "Action": "ram:*", "Resource": "*"}`, "(*:*)", "(ram:*)", "(sts:AssumeRole on *)"
	tests := map[string]struct {
		document string
		want     []string // parts of the one warning; none if empty
	}{
		"everything":                {document(allow(`"*"`, "*")), []string{all}},
		"everything, spelled out":   {document(allow(`"*:*"`, "acs:*:*:*:*")), []string{all}},
		"everything in one account": {document(allow(`"*"`, "acs:*:*:1000000000000001:*")), []string{all}},
		"everything but identities": {document(`{"Effect": "Allow", "NotAction": ["ram:*", "ims:*"], "Resource": "*"}`), []string{all}},
		"all of RAM":                {document(allow(`"ram:*"`, "*")), []string{ram}},
		"all of RAM among others":   {document(allow(`["oss:Get*", "RAM:*"]`, "acs:ram:*:*:*")), []string{ram}},
		"RAM and STS":               {document(allow(`["ram:*", "sts:*"]`, "*")), []string{ram, sts}},
		"any role":                  {document(allow(`"sts:AssumeRole"`, "*")), []string{sts}},
		"any role of an account":    {document(allow(`"sts:Assume*"`, "acs:ram::1000000000000001:role/*")), []string{sts}},

		"one role":               {document(allow(`"sts:AssumeRole"`, "acs:ram::1000000000000001:role/ci")), nil},
		"roles of a prefix":      {document(allow(`"sts:AssumeRole"`, "acs:ram::1000000000000001:role/ci-*")), nil},
		"RAM, taken back":        {document(allow(`"ram:*"`, "*"), ofAction), nil},
		"RAM, under a condition": {document(allow(`"ram:*"`, "*", `, "Condition": {"Bool": {"acs:MFAPresent": "true"}}`)), nil},
		"RAM of oneself":         {document(allow(`"ram:*"`, "acs:ram:*:1000000000000001:user/${acs:PrincipalName}")), nil},
		"a service":              {document(allow(`"oss:*"`, "*")), nil},
		"reading RAM":            {document(allow(`["ram:Get*", "ram:List*"]`, "*")), nil},
		"no document":            {`{`, nil},
		"a denial":               {document(`{"Effect": "Deny", "Action": "*", "Resource": "*"}`), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			warn.JudgePolicy("wide", test.document, path.Root("policy_document"), &diags)
			requireOne(t, diags, diag.SeverityWarning, test.want, "policy_document", `RAM policy "wide" is high-risk`, `"policy/wide"`)
			if len(test.want) == 1 && strings.Count(diags[0].Detail(), "It allows") != 1 {
				t.Errorf("got more than %q: %q", test.want, diags[0].Detail())
			}
		})
	}
}

func TestJudgeTrust(t *testing.T) {
	t.Parallel()
	const (
		own       = "1000000000000001"
		wildcard  = "a wildcard"
		subject   = "without a condition on oidc:sub"
		audience  = "without a condition on oidc:aud"
		confused  = "trusts the whole account 1000000000000002 without an external id"
		ownRoot   = `{"RAM": "acs:ram::1000000000000001:root"}`
		otherRoot = `{"RAM": "acs:ram::1000000000000002:root"}`
		oidc      = `{"Federated": "acs:ram::1000000000000001:oidc-provider/gh"}`
	)
	trust := func(principal string, conditions ...string) string {
		condition := ""
		if len(conditions) > 0 {
			condition = `, "Condition": {` + strings.Join(conditions, ",") + `}`
		}
		return document(`{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": ` + principal + condition + `}`)
	}
	tests := map[string]struct {
		document string
		want     []string
	}{
		"anybody":                  {trust(`{"RAM": ["acs:ram::1000000000000001:root", "*"]}`), []string{wildcard}},
		"the root of any account":  {trust(`{"RAM": "acs:ram::*:root"}`), []string{wildcard}},
		"a role of any account":    {trust(`{"RAM": "acs:ram::*:role/ci"}`), []string{wildcard}},
		"anybody with external id": {trust(`{"RAM": "*"}`, `"StringEquals": {"sts:ExternalId": "x-1"}`), []string{wildcard}},
		"any OIDC token":           {trust(oidc), []string{subject, audience}},
		"any OIDC subject":         {trust(oidc, `"StringEquals": {"oidc:aud": "sts"}`), []string{subject}},
		"any OIDC audience":        {trust(oidc, `"StringLike": {"oidc:sub": "repo:x/*"}`), []string{audience}},
		"an OIDC subject like *":   {trust(oidc, `"StringEquals": {"oidc:aud": "sts"}`, `"StringLike": {"oidc:sub": ["a", "*"]}`), []string{subject}},
		"any OIDC subject but one": {trust(oidc, `"StringEquals": {"oidc:aud": "sts"}`, `"StringNotEquals": {"oidc:sub": "a"}`), []string{subject}},
		"another account":          {trust(otherRoot), []string{confused}},

		"another account, external id": {trust(otherRoot, `"StringEquals": {"sts:ExternalId": "x-1"}`), nil},
		"a user of another account":    {trust(`{"RAM": "acs:ram::1000000000000002:user/ci"}`), nil},
		"the own account":              {trust(ownRoot), nil},
		"a service":                    {trust(`{"Service": "ecs.aliyuncs.com"}`), nil},
		"SAML":                         {trust(`{"Federated": "acs:ram::1000000000000001:saml-provider/idp"}`), nil},
		"one OIDC subject":             {trust(oidc, `"StringEquals": {"oidc:aud": "sts", "oidc:sub": "repo:x/y"}`), nil},
		"nobody":                       {strings.Replace(trust(`{"RAM": "*"}`), "Allow", "Deny", 1), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			account := func() (string, bool) { return own, true }
			warn.JudgeTrust("ci", test.document, account, path.Root("assume_role_policy_document"), &diags)
			requireOne(t, diags, diag.SeverityWarning, test.want, "assume_role_policy_document", `The trust policy of RAM role "ci" is high-risk`, `"role/ci"`)

			var strict diag.Diagnostics
			deny.JudgeTrust("ci", test.document, account, path.Root("assume_role_policy_document"), &strict)
			if got, want := strict.HasError(), test.want != nil && test.want[0] != confused; got != want {
				t.Errorf("under error: %v, want an error: %t", strict, want)
			}
		})
	}
}

// The account is asked for only where it matters, and nothing is said without it.
func TestJudgeTrustWithoutAccount(t *testing.T) {
	t.Parallel()
	asked := 0
	account := func() (string, bool) { asked++; return "", false }
	var diags diag.Diagnostics
	for _, principal := range []string{`{"Service": "ecs.aliyuncs.com"}`, `{"RAM": "acs:ram::1000000000000002:root"}`} {
		warn.JudgeTrust("ci", document(`{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": `+principal+`}`), account, path.Empty(), &diags)
	}
	if asked != 1 || len(diags) != 0 {
		t.Errorf("asked %d times and got %v, want once and nothing", asked, diags)
	}
}

func TestJudgeGrant(t *testing.T) {
	t.Parallel()
	admin := highrisk.Grant{PolicyName: "AdministratorAccess", PolicyType: "System", Kind: "role", Name: "ci"}
	custom, reader, early := admin, admin, admin
	custom.PolicyType = "Custom"
	reader.PolicyName = "ReadOnlyAccess"
	early.PolicyType, early.Name = "", ""
	tests := map[string]struct {
		rules highrisk.Rules
		grant highrisk.Grant
		want  []string
	}{
		"administrator":            {warn, admin, []string{`System policy "AdministratorAccess" for RAM role "ci" is high-risk`, "everything in the account", `"role/ci"`}},
		"of unknown type and name": {warn, early, []string{`for a RAM role is high-risk`, `"policy/AdministratorAccess"`}},
		"error":                    {deny, admin, []string{`high_risk_policies is "error"`}},
		"custom":                   {warn, custom, nil},
		"read only":                {deny, reader, nil},
		"ignored":                  {highrisk.Rules{Level: highrisk.Ignore}, admin, nil},
		"not known yet":            {highrisk.Rules{}, admin, nil},
		"policy excepted":          {except(deny, "policy/AdministratorAccess"), admin, nil},
		"role excepted":            {except(deny, "user/ci", "role/ci"), admin, nil},
		"another excepted":         {except(deny, "user/ci", "role/cd", "policy/ci"), admin, []string{"is high-risk"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			test.rules.JudgeGrant(test.grant, path.Root("policy_name"), &diags)
			severity := diag.SeverityWarning
			if test.rules.Level == highrisk.Error {
				severity = diag.SeverityError
			}
			requireOne(t, diags, severity, test.want, "policy_name")
		})
	}
}

func TestExceptions(t *testing.T) {
	t.Parallel()
	const everybody = `{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": {"RAM": "*"}}]}`
	var diags diag.Diagnostics
	except(deny, "policy/break-glass").JudgePolicy("break-glass", everybody, path.Empty(), &diags)
	except(deny, "role/break-glass").JudgeTrust("break-glass", everybody, nil, path.Empty(), &diags)
	if len(diags) > 0 {
		t.Errorf("got %v, want nothing", diags)
	}
	for text, want := range map[string]bool{
		"policy/AdministratorAccess": true, "role/AliyunReservedSSO-x.y_z": true, "user/a": true, "group/b": true,
		"AdministratorAccess": false, "policy/": false, "policies/x": false, "role/*": false, "acs:ram::1:role/x": false,
	} {
		if got := highrisk.ExceptionPattern.MatchString(text); got != want {
			t.Errorf("%q is an exception: %t, want %t", text, got, want)
		}
	}
}

// requireOne fails the test unless there is one diagnostic at the attribute with all the
// parts, or none if want is empty.
func requireOne(t *testing.T, diags diag.Diagnostics, severity diag.Severity, want []string, attribute string, always ...string) {
	t.Helper()
	if len(want) == 0 {
		if len(diags) > 0 {
			t.Errorf("got %v, want nothing", diags)
		}
		return
	}
	if len(diags) != 1 {
		t.Fatalf("got %d diagnostics, want one with %q: %v", len(diags), want, diags)
	}
	at, isAt := diags[0].(diag.DiagnosticWithPath)
	if !isAt || at.Path().String() != attribute || diags[0].Severity() != severity {
		t.Errorf("got %v, want %v at %s", diags[0], severity, attribute)
	}
	text := diags[0].Summary() + "\n" + diags[0].Detail()
	var missing []string
	for _, part := range append(want, always...) {
		if !strings.Contains(text, part) {
			missing = append(missing, part)
		}
	}
	if diff := cmp.Diff([]string(nil), missing); diff != "" {
		t.Errorf("got %q without (+)\n%s", text, diff)
	}
}
