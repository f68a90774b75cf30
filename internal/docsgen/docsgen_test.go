package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/policy"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

func TestPermissionSection(t *testing.T) {
	t.Parallel()
	got, err := permissionSection("ram_example", permission.Table{
		Read:     []rpc.Operation{ramclient.OpGetRole, ramclient.OpListTagResources},
		Create:   []rpc.Operation{ramclient.OpCreateRole},
		Delete:   []rpc.Operation{ramclient.OpDeleteRole, ramclient.OpGetCallerIdentity},
		Optional: []rpc.Operation{ramclient.OpListPoliciesForRole, ramclient.OpListRoles, ramclient.OpDetachPolicyFromRole},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "| To | the caller needs |\n" +
		"| --- | --- |\n" +
		"| Read | `ram:GetRole`, `ram:ListTagResources` |\n" +
		"| Create | `ram:CreateRole` |\n" +
		"| Delete | `ram:DeleteRole` |\n" +
		"\nEvery plan reads, so the permissions to read are always needed.\n" +
		"\nThese may be missing:\n\n" +
		"| Permission | What it adds |\n" +
		"| --- | --- |\n" +
		"| `ram:ListRoles` | Many objects are read with a few calls, instead of one call each. |\n" +
		"| `ram:ListPoliciesForRole`, `ram:DetachPolicyFromRole` | `force_destroy`: what is in the way of deleting is found and removed. |\n" +
		"\nA policy with all that is needed:\n\n```json\n" +
		"{\n  \"Version\": \"1\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Action\": [\n" +
		"        \"ram:CreateRole\",\n        \"ram:DeleteRole\",\n        \"ram:GetRole\",\n        \"ram:ListTagResources\"\n" +
		"      ],\n      \"Resource\": \"*\"\n    }\n  ]\n}\n```\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPermissionSection_none(t *testing.T) {
	t.Parallel()
	got, err := permissionSection("ram_example", permission.Table{Read: []rpc.Operation{ramclient.OpGetCallerIdentity}})
	if want := "None.\n"; got != want || err != nil {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestPermissionSection_withoutPurpose(t *testing.T) {
	t.Parallel()
	_, err := permissionSection("ram_example", permission.Table{
		Read:     []rpc.Operation{ramclient.OpGetRole},
		Optional: []rpc.Operation{{Name: "DoSomethingNew", PermissionScope: "ram"}},
	})
	if err == nil || !strings.Contains(err.Error(), "DoSomethingNew") {
		t.Errorf("got %v; want an error that names DoSomethingNew", err)
	}
}

// TestPermissionSections_policies parses the policy on each page.
func TestPermissionSections_policies(t *testing.T) {
	t.Parallel()
	sections, err := permissionSections(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(sections) < 11 {
		t.Errorf("got %d sections, want one for each resource and data source", len(sections))
	}
	document := regexp.MustCompile("(?s)```json\n(.*)\n```")
	for name, text := range sections {
		found := document.FindStringSubmatch(text)
		if found == nil {
			if text != "None.\n" {
				t.Errorf("%s: no policy in %q", name, text)
			}
			continue
		}
		if err := policy.ValidateIdentity(found[1]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAssumptionSections_holdEveryAssumptionOnce(t *testing.T) {
	t.Parallel()
	var page strings.Builder
	for _, text := range assumptionSections() {
		page.WriteString(text)
	}
	for _, one := range emulator.Assumptions() {
		if n := strings.Count(page.String(), "| `"+one.ID+"` |"); n != 1 {
			t.Errorf("%s is on the page %d times, want once", one.ID, n)
		}
	}
}

func TestFillPage(t *testing.T) {
	t.Parallel()
	sections := map[string]string{"permissions of Resource ram_role": "| table |\n"}
	tests := []struct {
		name, page, want, wantErr string
	}{
		{"marker", "# a\n\n<!-- docsgen: permissions of Resource ram_role -->\n\n## b", "# a\n\n| table |\n\n## b\n", ""},
		{"nothing to do", "# a\n", "# a\n", ""},
		{"unknown marker", "<!-- docsgen: permissions of Resource ram_rule -->\n", "", "nothing to put in place"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := fillPage(test.page, sections, map[string]bool{})
			if test.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), test.wantErr) {
					t.Errorf("got error %v, want %q", err, test.wantErr)
				}
				return
			}
			if got != test.want || err != nil {
				t.Errorf("got %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

// TestFill_missesSectionsWithoutMarker fails where a template has lost its marker.
func TestFill_missesSectionsWithoutMarker(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	page := filepath.Join(dir, "role.md")
	if err := os.WriteFile(page, []byte("<!-- docsgen: permissions of Resource ram_role -->\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := fill(t.Context(), dir)
	if err == nil || !strings.Contains(err.Error(), "assumptions confirmed") || strings.Contains(err.Error(), "permissions of Resource ram_role ") {
		t.Errorf("got %v; want an error that names every section but that of ram_role", err)
	}
	if text := read(t, page); !strings.Contains(text, "`ram:GetRole`") {
		t.Errorf("the page became %q", text)
	}
}

// TestPrintSchema_kinds finds every kind of thing that the provider offers in what
// tfplugindocs reads.
func TestPrintSchema_kinds(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := printSchema(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	var file struct {
		Providers map[string]map[string]json.RawMessage `json:"provider_schemas"`
	}
	if err := json.Unmarshal(out.Bytes(), &file); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"action_schemas", "data_source_schemas", "ephemeral_resource_schemas", "functions", "list_resource_schemas", "provider", "resource_identity_schemas", "resource_schemas",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(file.Providers["ram"]))); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	var functions map[string]struct {
		Return     json.RawMessage `json:"return_type"`
		Parameters []struct {
			Name     string
			Type     json.RawMessage
			Nullable bool `json:"is_nullable"`
		}
	}
	if err := json.Unmarshal(file.Providers["ram"]["functions"], &functions); err != nil {
		t.Fatal(err)
	}
	trust := functions["trust_policy"]
	if len(trust.Parameters) != 2 || string(trust.Return) != `"string"` {
		t.Fatalf("trust_policy is %+v; want two parameters, and a text", trust)
	}
	if one := trust.Parameters[1]; one.Name != "conditions" || string(one.Type) != `"dynamic"` || !one.Nullable {
		t.Errorf("the second parameter of trust_policy is %+v; want conditions of any type, which may be null", one)
	}
}

func TestRun_usage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"fill"}, {"schema", "x"}, {"other"}} {
		if err := run(t.Context(), args, &strings.Builder{}); err == nil || !strings.HasPrefix(err.Error(), "usage: ") {
			t.Errorf("run(%q) = %v; want the usage", args, err)
		}
	}
}
