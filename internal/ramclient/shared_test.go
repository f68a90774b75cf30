package ramclient

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// together runs n reads, ten at a time as Terraform does, and reports their errors.
func together(t *testing.T, n int, read func(i int) error) {
	t.Helper()
	var wait sync.WaitGroup
	slots := make(chan struct{}, 10)
	for i := range n {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			if err := read(i); err != nil {
				t.Errorf("read %d: %v", i, err)
			}
		})
	}
	wait.Wait()
}

func userID(i int) string { return strconv.Itoa(200000000000000000 + i) }

func principalName(i int) string { return fmt.Sprintf("user-%d@example.onaliyun.com", i) }

func userJSON(i int) string {
	return fmt.Sprintf(`{"UserId":%q,"UserPrincipalName":%q,"Tags":{"Tag":[{"TagKey":"n","TagValue":"%d"}]}}`, userID(i), principalName(i), i)
}

// account is a service with so many users, of which the list does not show the hidden.
func account(users int, hidden ...int) map[string]func(request) string {
	return map[string]func(request) string{
		"GetUser": func(r request) string {
			for i := range users {
				if r.Query.Get("UserId") == userID(i) || r.Query.Get("UserPrincipalName") == principalName(i) {
					return fmt.Sprintf(`{"RequestId":"R","User":%s}`, userJSON(i))
				}
			}
			return refusal(404, "EntityNotExist.User")
		},
		"ListUsers": func(r request) string {
			from, _ := strconv.Atoi(r.Query.Get("Marker"))
			items := []json.RawMessage{}
			for i := from; i < min(users, from+1000); i++ {
				if !slices.Contains(hidden, i) {
					items = append(items, json.RawMessage(userJSON(i)))
				}
			}
			page, err := json.Marshal(map[string]any{
				"RequestId": "R", "IsTruncated": from+1000 < users, "Marker": strconv.Itoa(from + 1000),
				"Users": map[string]any{"User": items},
			})
			if err != nil {
				panic(err)
			}
			return string(page)
		},
		"UpdateUser": always(fmt.Sprintf(`{"RequestId":"R","User":%s}`, userJSON(0))),
	}
}

// readUser reads user i and looks at whether it is that one.
func readUser(t *testing.T, s *SharedReads, i int) error {
	t.Helper()
	in := GetUserInput{UserID: userID(i)}
	if i%2 == 1 {
		in = GetUserInput{UserPrincipalName: principalName(i)}
	}
	user, err := s.User(t.Context(), in)
	if err == nil && (user.UserID != userID(i) || user.Tags["n"] != strconv.Itoa(i)) {
		return fmt.Errorf("got %+v", user)
	}
	return err
}

func TestSharedUsers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answers map[string]func(request) string
		reads   int
		want    []string
	}{
		"few are read one by one":        {account(2000), 3, []string{"GetUser: 3"}},
		"more make it list":              {account(2000), 4, []string{"GetUser: 3", "ListUsers: 1"}},
		"half of them are on one page":   {account(2000), 1000, []string{"GetUser: 3", "ListUsers: 1"}},
		"all of them":                    {account(2000), 2000, []string{"GetUser: 3", "ListUsers: 2"}},
		"what the list lacks is checked": {account(20, 15, 17), 20, []string{"GetUser: 5", "ListUsers: 1"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := newFake(t, test.answers)
			shared := service.client().Shared()
			together(t, test.reads, func(i int) error { return readUser(t, shared, i) })
			if diff := cmp.Diff(test.want, service.counts()); diff != "" {
				t.Errorf("calls (-want +got)\n%s", diff)
			}
			together(t, test.reads, func(i int) error { return readUser(t, shared, i) })
			if diff := cmp.Diff(test.want, service.counts()); diff != "" {
				t.Errorf("calls after reading all again (-want +got)\n%s", diff)
			}
		})
	}
}

func TestSharedUsersWithoutAUsableList(t *testing.T) {
	t.Parallel()
	for _, failure := range []string{refusal(403, "NoPermission"), refusal(500, "InternalError"), "{}"} {
		answers := account(20)
		answers["ListUsers"] = always(failure)
		service := newFake(t, answers)
		shared := service.client().Shared()
		together(t, 20, func(i int) error { return readUser(t, shared, i) })
		if diff := cmp.Diff([]string{"GetUser: 20", "ListUsers: 1"}, service.counts()); diff != "" {
			t.Errorf("%s: calls (-want +got)\n%s", failure, diff)
		}
	}
}

func TestSharedUserThatIsGone(t *testing.T) {
	t.Parallel()
	service := newFake(t, account(19))
	shared := service.client().Shared()
	together(t, 19, func(i int) error { return readUser(t, shared, i) })
	if err := readUser(t, shared, 19); !IsNotFound(err) {
		t.Errorf("got %v, want not found", err)
	}
	if diff := cmp.Diff([]string{"GetUser: 4", "ListUsers: 1"}, service.counts()); diff != "" {
		t.Errorf("calls (-want +got)\n%s", diff)
	}
}

func TestAWriteEndsSharing(t *testing.T) {
	t.Parallel()
	service := newFake(t, account(20))
	client := service.client()
	together(t, 20, func(i int) error { return readUser(t, client.Shared(), i) })
	if _, err := client.UpdateUser(t.Context(), UpdateUserInput{UserID: userID(0)}); err != nil {
		t.Fatal(err)
	}
	together(t, 20, func(i int) error { return readUser(t, client.Shared(), i) })
	want := []string{"GetUser: 23", "ListUsers: 1", "UpdateUser: 1"}
	if diff := cmp.Diff(want, service.counts()); diff != "" {
		t.Errorf("calls (-want +got)\n%s", diff)
	}

	service.answer("UpdateUser", refusal(500, "InternalError"))
	if _, err := client.UpdateUser(t.Context(), UpdateUserInput{UserID: userID(0)}); !IsAmbiguous(err) {
		t.Fatalf("got %v", err)
	}
	if err := readUser(t, client.Shared(), 0); err != nil {
		t.Fatal(err)
	}
	want = []string{"GetUser: 24", "ListUsers: 1", "UpdateUser: 2"}
	if diff := cmp.Diff(want, service.counts()); diff != "" {
		t.Errorf("calls after a write that failed (-want +got)\n%s", diff)
	}
}

func TestListsOfAnOwnerAreReadOnce(t *testing.T) {
	t.Parallel()
	service := newFake(t, map[string]func(request) string{
		"ListPoliciesForUser":        always(`{"RequestId":"R","Policies":{"Policy":[{"PolicyName":"p"}]}}`),
		"ListPoliciesForGroup":       always(`{"RequestId":"R","Policies":{"Policy":[{"PolicyName":"p"}]}}`),
		"ListPoliciesForRole":        always(`{"RequestId":"R","Policies":{"Policy":[{"PolicyName":"p"}]}}`),
		"ListPolicyAttachments":      always(`{"RequestId":"R","TotalCount":1,"PolicyAttachments":{"PolicyAttachment":[{"PolicyName":"p","PrincipalType":"IMSUser","PrincipalName":"ci@example.onaliyun.com"}]}}`),
		"ListAccessKeys":             always(`{"RequestId":"R","AccessKeys":{"AccessKey":[{"AccessKeyId":"k"}]}}`),
		"ListAccessKeysInRecycleBin": always(`{"RequestId":"R","AccessKeys":{"AccessKey":[{"AccessKeyId":"k"}]}}`),
		"ListUsersForGroup":          always(`{"RequestId":"R","Users":{"User":[{"UserId":"1"}]}}`),
		"ListApplicationAssignments": always(`{"RequestId":"R","ApplicationAssignments":[{"PrincipalType":"role","PrincipalName":"ops"}]}`),
		"ListGroupsForUser":          always(`{"RequestId":"R","Groups":{"Group":[{"GroupName":"g"}]}}`),
		"GetDefaultDomain":           always(`{"RequestId":"R","DefaultDomainName":"example.onaliyun.com"}`),
		"GetUser":                    always(`{"RequestId":"R","User":` + userJSON(0) + `}`),
	})
	shared := service.client().Shared()
	ctx := t.Context()
	tests := map[string]func(owner string) (int, error){
		"ListPoliciesForUser":  func(o string) (int, error) { l, err := shared.PoliciesForUser(ctx, o); return len(l), err },
		"ListPoliciesForGroup": func(o string) (int, error) { l, err := shared.PoliciesForGroup(ctx, o); return len(l), err },
		"ListPoliciesForRole":  func(o string) (int, error) { l, err := shared.PoliciesForRole(ctx, o); return len(l), err },
		"ListPolicyAttachments": func(o string) (int, error) {
			l, err := shared.PoliciesOf(ctx, Principal{PrincipalUser, "ci"}, o)
			return len(l), err
		},
		"ListAccessKeys":             func(o string) (int, error) { l, err := shared.AccessKeys(ctx, o); return len(l), err },
		"ListAccessKeysInRecycleBin": func(o string) (int, error) { l, err := shared.RecycledAccessKeys(ctx, o); return len(l), err },
		"ListGroupsForUser":          func(o string) (int, error) { l, err := shared.GroupsForUser(ctx, o); return len(l), err },
		"ListUsersForGroup":          func(o string) (int, error) { l, err := shared.UsersForGroup(ctx, o); return len(l), err },
		"ListApplicationAssignments": func(o string) (int, error) { l, err := shared.ApplicationAssignments(ctx, o); return len(l), err },
		"GetUser": func(o string) (int, error) {
			_, err := shared.User(ctx, GetUserInput{AccessKeyID: o})
			return 1, err
		},
	}
	var want []string
	want = append(want, "GetDefaultDomain: 1")
	for _, action := range []string{
		"GetUser", "ListAccessKeys", "ListAccessKeysInRecycleBin", "ListApplicationAssignments", "ListGroupsForUser",
		"ListPoliciesForGroup", "ListPoliciesForRole", "ListPoliciesForUser", "ListPolicyAttachments", "ListUsersForGroup",
	} {
		read := tests[action]
		together(t, 30, func(i int) error {
			n, err := read([]string{"a", "b"}[i%2]) // 15 resources of each of two owners
			if err == nil && n != 1 {
				err = fmt.Errorf("%s: got %d items", action, n)
			}
			return err
		})
		want = append(want, action+": 2")
	}
	together(t, 30, func(int) error { _, err := shared.DefaultDomain(ctx); return err })
	if diff := cmp.Diff(want, service.counts()); diff != "" {
		t.Errorf("calls (-want +got)\n%s", diff)
	}
}

func TestSharedRolesAndPoliciesWithTheirTags(t *testing.T) {
	t.Parallel()
	role := func(i int) string {
		return fmt.Sprintf(`{"RoleId":"%d","RoleName":"role-%d","Arn":"a","Tags":{"Tag":[{"TagKey":"n","TagValue":"%d"}]}}`, i, i, i)
	}
	policy := func(i int) string {
		return fmt.Sprintf(`{"PolicyName":"policy-%d","Tags":{"Tag":[{"TagKey":"n","TagValue":"%d"}]}}`, i, i)
	}
	list := func(item func(int) string) string {
		items := item(0)
		for i := 1; i < 19; i++ {
			items += "," + item(i)
		}
		return items + `,{"RoleName":"role-19","PolicyName":"policy-19"}` // the last one has no tags
	}
	service := newFake(t, map[string]func(request) string{
		"GetRole": func(r request) string {
			return `{"RequestId":"R","Role":{"RoleId":"1","Arn":"a","RoleName":"` + r.Query.Get("RoleName") + `"}}`
		},
		"GetPolicy": func(r request) string {
			return `{"RequestId":"R","Policy":{"PolicyName":"` + r.Query.Get("PolicyName") + `"},"DefaultPolicyVersion":{"VersionId":"v1","PolicyDocument":"{}"}}`
		},
		"ListTagResources": func(r request) string {
			var names []string
			if err := json.Unmarshal([]byte(r.Query.Get("ResourceNames")), &names); err != nil {
				panic(err)
			}
			var i int
			if _, err := fmt.Sscanf(names[0], r.Query.Get("ResourceType")+"-%d", &i); err != nil {
				panic(err)
			}
			return fmt.Sprintf(`{"RequestId":"R","TagResources":[{"ResourceName":%q,"TagKey":"n","TagValue":"%d"}]}`, names[0], i)
		},
		"ListRoles":    always(`{"RequestId":"R","Roles":{"Role":[` + list(role) + `]}}`),
		"ListPolicies": always(`{"RequestId":"R","Policies":{"Policy":[` + list(policy) + `]}}`),
	})
	shared := service.client().Shared()
	wantTags := func(i int, tags Tags, err error) error {
		want := Tags{"n": strconv.Itoa(i)}
		if i == 19 {
			want = Tags{}
		}
		if diff := cmp.Diff(want, tags); diff != "" && err == nil {
			return errors.New("tags (-want +got)\n" + diff)
		}
		return err
	}
	together(t, 20, func(i int) error {
		name := fmt.Sprintf("role-%d", i)
		role, err := shared.Role(t.Context(), name)
		if err != nil || role.RoleName != name {
			return fmt.Errorf("got %+v, %w", role, err)
		}
		tags, err := shared.RoleTags(t.Context(), name)
		return wantTags(i, tags, err)
	})
	together(t, 20, func(i int) error {
		name := fmt.Sprintf("policy-%d", i)
		policy, err := shared.Policy(t.Context(), PolicyRef{name, PolicyCustom})
		if err != nil || policy.PolicyName != name {
			return fmt.Errorf("got %+v, %w", policy, err)
		}
		tags, err := shared.PolicyTags(t.Context(), name)
		return wantTags(i, tags, err)
	})
	want := []string{"GetPolicy: 20", "GetRole: 20", "ListPolicies: 1", "ListRoles: 1", "ListTagResources: 6"}
	if diff := cmp.Diff(want, service.counts()); diff != "" {
		t.Errorf("calls (-want +got)\n%s", diff)
	}
}

func TestSharedGroupsAndProviders(t *testing.T) {
	t.Parallel()
	service := newFake(t, map[string]func(request) string{
		"GetGroup": func(r request) string {
			return `{"RequestId":"R","Group":{"GroupId":"1","GroupName":"` + r.Query.Get("GroupName") + `"}}`
		},
		"GetOIDCProvider": func(r request) string {
			return `{"RequestId":"R","OIDCProvider":{"Arn":"a","OIDCProviderName":"` + r.Query.Get("OIDCProviderName") + `"}}`
		},
		"ListGroups": func(r request) string {
			if r.Query.Get("Marker") == "" {
				return `{"RequestId":"R","IsTruncated":true,"Marker":"2","Groups":{"Group":[` + many(0, 10, `{"GroupId":"1","GroupName":"n-%d"}`) + `]}}`
			}
			return `{"RequestId":"R","Groups":{"Group":[` + many(10, 19, `{"GroupId":"1","GroupName":"n-%d"}`) + `]}}`
		},
		"ListOIDCProviders": always(`{"RequestId":"R","OIDCProviders":{"OIDCProvider":[` + many(0, 19, `{"Arn":"a","OIDCProviderName":"n-%d"}`) + `]}}`),
		"DeleteGroup":       always(`{"RequestId":"R"}`),
	})
	client := service.client()
	read := func(i int) error {
		name := fmt.Sprintf("n-%d", i) // the last one is not in the lists yet
		group, err := client.Shared().Group(t.Context(), name)
		if err != nil || group.GroupName != name {
			return fmt.Errorf("got %+v, %w", group, err)
		}
		provider, err := client.Shared().OIDCProvider(t.Context(), name)
		if err != nil || provider.OIDCProviderName != name {
			return fmt.Errorf("got %+v, %w", provider, err)
		}
		return nil
	}
	want := []string{"GetGroup: 4", "GetOIDCProvider: 4", "ListGroups: 2", "ListOIDCProviders: 1"}
	for range 2 {
		together(t, 20, read)
		if diff := cmp.Diff(want, service.counts()); diff != "" {
			t.Errorf("calls (-want +got)\n%s", diff)
		}
	}
	if err := client.DeleteGroup(t.Context(), "other"); err != nil {
		t.Fatal(err)
	}
	together(t, 20, read)
	want = []string{"DeleteGroup: 1", "GetGroup: 24", "GetOIDCProvider: 24", "ListGroups: 2", "ListOIDCProviders: 1"}
	if diff := cmp.Diff(want, service.counts()); diff != "" {
		t.Errorf("calls after a write (-want +got)\n%s", diff)
	}
}

// many writes items of a list in one format, numbered.
func many(from, to int, format string) string {
	var items []string
	for i := from; i < to; i++ {
		items = append(items, fmt.Sprintf(format, i))
	}
	return strings.Join(items, ",")
}

// Whatever is shared must be forgotten after a write.
func TestAWriteEndsTheSharingOfEveryList(t *testing.T) {
	t.Parallel()
	service := newFake(t, map[string]func(request) string{
		"ListUsersForGroup":          always(`{"RequestId":"R"}`),
		"ListGroupsForUser":          always(`{"RequestId":"R"}`),
		"ListApplicationAssignments": always(`{"RequestId":"R","ApplicationAssignments":[]}`),
		"ListAccessKeys":             always(`{"RequestId":"R"}`),
		"ListAccessKeysInRecycleBin": always(`{"RequestId":"R"}`),
		"ListPoliciesForUser":        always(`{"RequestId":"R"}`),
		"ListPoliciesForGroup":       always(`{"RequestId":"R"}`),
		"ListPoliciesForRole":        always(`{"RequestId":"R"}`),
		"ListPolicyAttachments":      always(`{"RequestId":"R"}`),
		"GetDefaultDomain":           always(`{"RequestId":"R","DefaultDomainName":"example.onaliyun.com"}`),
		"AddUserToGroup":             always(`{"RequestId":"R"}`),
	})
	client, ctx := service.client(), t.Context()
	shared := client.Shared()
	readAll := func() {
		_, err1 := shared.UsersForGroup(ctx, "o")
		_, err2 := shared.GroupsForUser(ctx, "o")
		_, err3 := shared.ApplicationAssignments(ctx, "o")
		_, err4 := shared.AccessKeys(ctx, "o")
		_, err5 := shared.RecycledAccessKeys(ctx, "o")
		_, err6 := shared.PoliciesForUser(ctx, "o")
		_, err7 := shared.PoliciesForGroup(ctx, "o")
		_, err8 := shared.PoliciesForRole(ctx, "o")
		_, err9 := shared.PoliciesOf(ctx, Principal{PrincipalUser, "ci"}, "rg-o")
		_, err10 := shared.DefaultDomain(ctx)
		if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9, err10); err != nil {
			t.Error(err)
		}
	}
	readAll()
	readAll()
	if err := client.AddUserToGroup(ctx, "ci@example.onaliyun.com", "dev"); err != nil {
		t.Fatal(err)
	}
	readAll()
	want := []string{
		"AddUserToGroup: 1", "GetDefaultDomain: 2", "ListAccessKeys: 2", "ListAccessKeysInRecycleBin: 2", "ListApplicationAssignments: 2", "ListGroupsForUser: 2",
		"ListPoliciesForGroup: 2", "ListPoliciesForRole: 2", "ListPoliciesForUser: 2", "ListPolicyAttachments: 2", "ListUsersForGroup: 2",
	}
	if diff := cmp.Diff(want, service.counts()); diff != "" {
		t.Errorf("calls (-want +got)\n%s", diff)
	}
}

func TestSharedReadsRefuseWhatIsNotNamed(t *testing.T) {
	t.Parallel()
	service := newFake(t, nil)
	shared := service.client().Shared()
	if _, err := shared.User(t.Context(), GetUserInput{}); err == nil {
		t.Error("a user without a name was read")
	}
	if _, err := service.client().AttachmentsInResourceGroup(t.Context(), ""); err == nil {
		t.Error("the attachments in no resource group were read")
	}
	if got := service.counts(); got != nil {
		t.Errorf("sent %v", got)
	}
}
