package ramclient

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const accountID = "1000000000000001"

// grants is a service with attachments that may change while they are listed.
type grants struct {
	mu  sync.Mutex
	all []PolicyAttachment
	// afterPage is called with the number of each page that was given out.
	afterPage func(g *grants, page int)
}

// numberedGrants are two policies for each user.
func numberedGrants(users int) *grants {
	g := &grants{}
	for i := range users {
		for policy := range 2 {
			g.all = append(g.all, granted(i, policy))
		}
	}
	return g
}

func granted(user, policy int) PolicyAttachment {
	return PolicyAttachment{
		PolicyName: fmt.Sprintf("policy-%d", policy), PolicyType: PolicyCustom, ResourceGroupID: accountID,
		PrincipalType: PrincipalUser, PrincipalName: fmt.Sprintf("user-%d@example.onaliyun.com", user),
	}
}

func (g *grants) service(t *testing.T) *fake {
	t.Helper()
	return newFake(t, map[string]func(request) string{
		"ListPolicyAttachments": g.page,
		"ListPoliciesForUser":   g.ofUser,
		"AttachPolicyToUser":    always(`{"RequestId":"R"}`),
	})
}

func (g *grants) page(r request) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var chosen []PolicyAttachment
	for _, grant := range g.all {
		if in := r.Query.Get("ResourceGroupId"); in == "" || in == grant.ResourceGroupID {
			chosen = append(chosen, grant)
		}
	}
	number, err := strconv.Atoi(r.Query.Get("PageNumber"))
	if err != nil {
		panic(err)
	}
	from := min((number-1)*100, len(chosen))
	items := []map[string]any{}
	for _, grant := range chosen[from:min(from+100, len(chosen))] {
		items = append(items, map[string]any{
			"PolicyName": grant.PolicyName, "PolicyType": grant.PolicyType, "ResourceGroupId": grant.ResourceGroupID,
			"PrincipalType": grant.PrincipalType, "PrincipalName": grant.PrincipalName,
		})
	}
	if g.afterPage != nil {
		g.afterPage(g, number)
	}
	return marshal(map[string]any{"RequestId": "R", "TotalCount": len(chosen), "PolicyAttachments": map[string]any{"PolicyAttachment": items}})
}

func (g *grants) ofUser(r request) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	items := []map[string]any{}
	for _, grant := range g.all {
		if grant.ResourceGroupID == accountID && strings.HasPrefix(grant.PrincipalName, r.Query.Get("UserName")+"@") {
			items = append(items, map[string]any{"PolicyName": grant.PolicyName, "PolicyType": grant.PolicyType})
		}
	}
	return marshal(map[string]any{"RequestId": "R", "Policies": map[string]any{"Policy": items}})
}

// detach takes away the first policy of the user; the caller holds the lock.
func (g *grants) detach(user int) {
	for i, grant := range g.all {
		if grant == granted(user, 0) {
			g.all = append(g.all[:i:i], g.all[i+1:]...)
			return
		}
	}
}

func marshal(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func refOf(user, policy int) AttachmentRef {
	return AttachmentRef{
		PolicyRef: PolicyRef{fmt.Sprintf("policy-%d", policy), PolicyCustom},
		Principal: Principal{PrincipalUser, fmt.Sprintf("user-%d", user)}, AccountID: accountID,
	}
}

// requireAttached reads whether the user has the policy and fails unless that is as
// wanted.
func requireAttached(ctx context.Context, s *SharedReads, user, policy int, want bool) error {
	_, got, err := s.Attachment(ctx, refOf(user, policy))
	if err == nil && got != want {
		return fmt.Errorf("user-%d has policy-%d: %t, want %t", user, policy, got, want)
	}
	return err
}

func TestSharedAttachments_callsOfAPlan(t *testing.T) {
	t.Parallel()
	const principals = 1000 // with 2,000 attachments, on 20 pages
	inOrder := func(n int) []int {
		users := make([]int, n)
		for i := range users {
			users[i] = i
		}
		return users
	}
	backwards := inOrder(principals)
	for i := range backwards {
		backwards[i] = principals - 1 - i
	}
	mixed := rand.New(rand.NewPCG(1, 2)).Perm(principals) // any order, but always the same
	tests := map[string]struct {
		users []int
		want  []string
	}{
		"3 in order":          {inOrder(3), []string{"ListPoliciesForUser: 3"}},
		"4 in order":          {inOrder(4), []string{"ListPoliciesForUser: 3", "ListPolicyAttachments: 1"}},
		"4 from the end":      {backwards[:4], []string{"ListPoliciesForUser: 4", "ListPolicyAttachments: 9"}},
		"10 in mixed order":   {mixed[:10], []string{"ListPoliciesForUser: 4", "ListPolicyAttachments: 14"}},
		"1000 in order":       {inOrder(principals), []string{"ListPoliciesForUser: 3", "ListPolicyAttachments: 20"}},
		"1000 backwards":      {backwards, []string{"ListPoliciesForUser: 14", "ListPolicyAttachments: 20"}},
		"1000 in mixed order": {mixed, []string{"ListPoliciesForUser: 5", "ListPolicyAttachments: 20"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := numberedGrants(principals).service(t)
			shared := service.client().Shared()
			for range 2 { // the second time costs nothing
				for _, user := range test.users {
					for policy := range 2 {
						if err := requireAttached(t.Context(), shared, user, policy, true); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			if diff := cmp.Diff(test.want, service.counts()); diff != "" {
				t.Errorf("calls (-want +got)\n%s", diff)
			}
			if got, most := len(service.sent()), 2*min(len(test.users), 20)+5; got > most {
				t.Errorf("%d calls, want at most %d", got, most)
			}
		})
	}
}

func TestSharedAttachments_tenAtATime(t *testing.T) {
	t.Parallel()
	service := numberedGrants(1000).service(t)
	shared := service.client().Shared()
	together(t, 2000, func(i int) error { return requireAttached(t.Context(), shared, i*7%1000, i/1000, true) })
	if got, most := len(service.sent()), 2*20+5; got > most {
		t.Errorf("%d calls (%v), want at most %d", got, service.counts(), most)
	}
}

func TestSharedAttachments_withoutThePermissionForTheList(t *testing.T) {
	t.Parallel()
	service := numberedGrants(100).service(t)
	service.answer("ListPolicyAttachments", refusal(403, "NoPermission"))
	shared := service.client().Shared()
	together(t, 200, func(i int) error { return requireAttached(t.Context(), shared, i%100, i/100, true) })
	if diff := cmp.Diff([]string{"ListPoliciesForUser: 100", "ListPolicyAttachments: 1"}, service.counts()); diff != "" {
		t.Errorf("calls (-want +got)\n%s", diff)
	}
}

// While the list is read, somebody detaches what was on its first page: everything moves
// up, and what was first on the next page is on none.
func TestSharedAttachments_changedWhileTheyAreListed(t *testing.T) {
	t.Parallel()
	g := numberedGrants(150)
	g.afterPage = func(g *grants, page int) {
		if page == 1 {
			g.detach(0)
			g.all = append(g.all, granted(0, 5))
		}
	}
	service := g.service(t)
	shared := service.client().Shared()
	for user := range 149 { // without the last one, who keeps the list going to its end
		if err := requireAttached(t.Context(), shared, user+1, 0, true); err != nil {
			t.Error(err)
		}
	}
	if err := requireAttached(t.Context(), shared, 149, 1, true); err != nil {
		t.Error(err)
	}
	// 3 first ones, and user-50, who was on the border.
	if diff := cmp.Diff([]string{"ListPoliciesForUser: 4", "ListPolicyAttachments: 3"}, service.counts()); diff != "" {
		t.Errorf("calls (-want +got)\n%s", diff)
	}
	if err := requireAttached(t.Context(), shared, 0, 5, true); err != nil {
		t.Error(err)
	}
	if err := requireAttached(t.Context(), shared, 148, 9, false); err != nil { // never was
		t.Error(err)
	}
}

// Each phase has a client of its own, and sees what was changed since the last one.
func TestSharedAttachments_changedBetweenPhases(t *testing.T) {
	t.Parallel()
	g := numberedGrants(50)
	service := g.service(t)
	for phase := range 3 {
		shared := service.client().Shared()
		together(t, 50, func(i int) error { return requireAttached(t.Context(), shared, i, 0, i >= phase) })
		g.mu.Lock()
		g.detach(phase)
		g.mu.Unlock()
	}
}

func TestSharedAttachments_areForgottenAfterAWrite(t *testing.T) {
	t.Parallel()
	g := numberedGrants(50)
	service := g.service(t)
	client := service.client()
	together(t, 50, func(i int) error { return requireAttached(t.Context(), client.Shared(), i, 0, true) })
	g.mu.Lock()
	g.detach(20)
	g.mu.Unlock()
	if err := client.AttachPolicyToUser(t.Context(), UserPolicy{UserName: "x", PolicyName: "y", PolicyType: PolicyCustom}); err != nil {
		t.Fatal(err)
	}
	together(t, 50, func(i int) error { return requireAttached(t.Context(), client.Shared(), i, 0, i != 20) })
}

// A write that comes in while a page is under way makes the page worthless.
func TestSharedAttachments_aWriteOvertakesAPage(t *testing.T) {
	t.Parallel()
	g := numberedGrants(50)
	service := g.service(t)
	client := service.client()
	for user := range 3 {
		if err := requireAttached(t.Context(), client.Shared(), user, 0, true); err != nil {
			t.Fatal(err)
		}
	}
	g.afterPage = func(g *grants, _ int) {
		g.detach(10)
		if err := client.AttachPolicyToUser(t.Context(), UserPolicy{UserName: "x", PolicyName: "y", PolicyType: PolicyCustom}); err != nil {
			t.Error(err)
		}
	}
	if err := requireAttached(t.Context(), client.Shared(), 10, 0, false); err != nil {
		t.Error(err)
	}
}

func TestSharedAttachments_whoGivesUpDoesNotEndTheList(t *testing.T) {
	t.Parallel()
	g := numberedGrants(50)
	service := g.service(t)
	shared := service.client().Shared()
	for user := range 3 {
		if err := requireAttached(t.Context(), shared, user, 0, true); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	g.afterPage = func(*grants, int) { cancel() }
	if err := requireAttached(ctx, shared, 10, 0, true); err == nil {
		t.Error("a read that was given up succeeded")
	}
	g.mu.Lock()
	g.afterPage = nil
	g.mu.Unlock()
	for user := range 20 {
		if err := requireAttached(t.Context(), shared, 20+user, 0, true); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff([]string{"ListPoliciesForUser: 3", "ListPolicyAttachments: 2"}, service.counts()); diff != "" {
		t.Errorf("calls (-want +got)\n%s", diff)
	}
}

// inGroup puts what numberedGrants made into a resource group.
func inGroup(g *grants, resourceGroupID string) *grants {
	for i := range g.all {
		g.all[i].ResourceGroupID = resourceGroupID
	}
	return g
}

func TestSharedAttachments_ofAResourceGroupAreReadOnce(t *testing.T) {
	t.Parallel()
	service := inGroup(numberedGrants(40), "rg-1").service(t)
	shared := service.client().Shared()
	together(t, 80, func(i int) error {
		ref := refOf(i%40, i/40)
		ref.ResourceGroupID = "rg-1"
		_, attached, err := shared.Attachment(t.Context(), ref)
		if err == nil && !attached {
			err = fmt.Errorf("%v is not attached", ref)
		}
		return err
	})
	if err := requireAttached(t.Context(), shared, 0, 0, false); err != nil { // for the whole account
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"ListPoliciesForUser: 1", "ListPolicyAttachments: 1"}, service.counts()); diff != "" {
		t.Errorf("calls (-want +got)\n%s", diff)
	}
}

func TestSharedAttachments_ofAResourceGroupNeedPermission(t *testing.T) {
	t.Parallel()
	service := inGroup(numberedGrants(1), "rg-1").service(t)
	service.answer("ListPolicyAttachments", refusal(403, "NoPermission"))
	ref := refOf(0, 0)
	ref.ResourceGroupID = "rg-1"
	if _, _, err := service.client().Shared().Attachment(t.Context(), ref); !IsNoPermission(err) {
		t.Errorf("got %v, want NoPermission", err)
	}
}

// A list of several pages counts once it came out the same twice.
func TestAttachmentsInResourceGroup_changedWhileTheyAreListed(t *testing.T) {
	t.Parallel()
	g := inGroup(numberedGrants(75), "rg-1")
	first := 0
	g.afterPage = func(g *grants, page int) {
		if page != 1 {
			return
		}
		if first++; first == 2 { // the first time it is read alone, to learn how many there are
			g.all = g.all[1:]
		}
	}
	service := g.service(t)
	got, err := service.client().AttachmentsInResourceGroup(t.Context(), "rg-1")
	if err != nil || len(got) != 149 {
		t.Errorf("got %d attachments, %v, want 149", len(got), err)
	}
	if diff := cmp.Diff([]string{"ListPolicyAttachments: 7"}, service.counts()); diff != "" { // 1 and 3 times 2
		t.Errorf("calls (-want +got)\n%s", diff)
	}

	g.afterPage = func(g *grants, page int) {
		if page == 1 {
			g.all = append(g.all, g.all[0])[1:]
		}
	}
	if _, err := service.client().AttachmentsInResourceGroup(t.Context(), "rg-1"); err == nil || !strings.Contains(err.Error(), "keep changing") {
		t.Errorf("got %v, want that they keep changing", err)
	}
}
