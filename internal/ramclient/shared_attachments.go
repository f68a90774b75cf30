package ramclient

import (
	"context"
	"fmt"
	"slices"
)

// AttachmentRef names one policy that one principal has.
type AttachmentRef struct {
	PolicyRef
	Principal Principal
	// AccountID is the account of it all.
	AccountID string
	// ResourceGroupID is what the policy is attached for; empty for the whole account.
	ResourceGroupID string
}

// Attachment finds one attachment and reports false if there is none. It may come from
// the list of all attachments; that it is missing is always said by PoliciesOf. Errors:
// EntityNotExist.{User,Group,Role}, EntityNotExists.ResourceGroup.
func (s *SharedReads) Attachment(ctx context.Context, ref AttachmentRef) (AttachedPolicy, bool, error) {
	owner := fmt.Sprintf("%s %s", ref.Principal.Type, ref.Principal.Name)
	if ref.ResourceGroupID != "" {
		owner = ref.ResourceGroupID // a resource group is read as a whole
	}
	if found, ok := s.attachments.find(ctx, owner, ref.inScope()); ok {
		return found, true, nil
	}
	held, err := s.PoliciesOf(ctx, ref.Principal, ref.ResourceGroupID)
	at := slices.IndexFunc(held, func(policy AttachedPolicy) bool {
		return policy.PolicyName == ref.PolicyName && policy.PolicyType == ref.PolicyType
	})
	if err != nil || at < 0 {
		return AttachedPolicy{}, false, err
	}
	return held[at], true, nil
}

// PoliciesOf reads all policies that a principal has for a resource group, or with an
// empty one for the whole account; see Client.PoliciesOf. Resource groups are read once for
// all their principals.
func (s *SharedReads) PoliciesOf(ctx context.Context, principal Principal, resourceGroupID string) ([]AttachedPolicy, error) {
	if resourceGroupID != "" {
		grants, err := s.scopes.get(ctx, resourceGroupID, func(ctx context.Context) ([]PolicyAttachment, error) {
			return s.client.AttachmentsInResourceGroup(ctx, resourceGroupID)
		})
		return principal.Of(grants), err
	}
	switch principal.Type {
	case PrincipalUser:
		return s.PoliciesForUser(ctx, principal.Name)
	case PrincipalGroup:
		return s.PoliciesForGroup(ctx, principal.Name)
	default:
		return s.PoliciesForRole(ctx, principal.Name)
	}
}

// PoliciesOf lists all policies that a principal has for a resource group, or with an
// empty one for the whole account. ListPoliciesFor… hides the former, so they come from
// ListPolicyAttachments, which does not tell whether the principal exists. Errors:
// EntityNotExist.{User,Group,Role}, EntityNotExists.ResourceGroup.
func (c *Client) PoliciesOf(ctx context.Context, principal Principal, resourceGroupID string) ([]AttachedPolicy, error) {
	if resourceGroupID != "" {
		grants, err := c.AttachmentsInResourceGroup(ctx, resourceGroupID)
		return principal.Of(grants), err
	}
	switch principal.Type {
	case PrincipalUser:
		return c.ListPoliciesForUser(ctx, principal.Name)
	case PrincipalGroup:
		return c.ListPoliciesForGroup(ctx, principal.Name)
	default:
		return c.ListPoliciesForRole(ctx, principal.Name)
	}
}

// attachmentEntries reads a page of ListPolicyAttachments for a catalogue. The marker says
// which page it is, and how many attachments the ones before it showed.
func (c *Client) attachmentEntries(ctx context.Context, marker string) (map[AttachmentRef]AttachedPolicy, string, error) {
	number, seen := 1, 0
	if marker != "" {
		if _, err := fmt.Sscanf(marker, "%d after %d", &number, &seen); err != nil {
			return nil, "", err
		}
	}
	items, total, err := c.policyAttachmentsPage(ctx, ListPolicyAttachmentsInput{}, number)
	if err != nil {
		return nil, "", err
	}
	entries := make(map[AttachmentRef]AttachedPolicy, len(items))
	for _, item := range items {
		entries[AttachmentRef{
			PolicyRef: PolicyRef{PolicyName: item.PolicyName, PolicyType: item.PolicyType},
			Principal: item.principal(), ResourceGroupID: item.ResourceGroupID,
		}] = item.attached()
	}
	if seen += len(items); len(items) == 0 || seen >= total {
		return entries, "", nil
	}
	return entries, fmt.Sprintf("%d after %d", number+1, seen), nil
}

// inScope spells the attachment as the list does, where the whole account is a resource
// group called like the account.
func (r AttachmentRef) inScope() AttachmentRef {
	r.ResourceGroupID = orElse(r.ResourceGroupID, r.AccountID)
	r.AccountID = ""
	return r
}
