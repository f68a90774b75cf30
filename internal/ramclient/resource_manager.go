package ramclient

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// PrincipalType is ResourceManager's word for whom a policy is attached to.
type PrincipalType string

// The types of principals and how each is named.
const (
	// PrincipalUser is named "<name>@<alias>.onaliyun.com".
	PrincipalUser PrincipalType = "IMSUser"
	// PrincipalGroup is named "<name>@group.<alias>.onaliyun.com".
	PrincipalGroup PrincipalType = "IMSGroup"
	// PrincipalRole is named "<name>@role.<alias>.onaliyunservice.com".
	PrincipalRole PrincipalType = "ServiceRole"
)

// Principal is a user, a group or a role by its bare name, such as "ci".
type Principal struct {
	Type PrincipalType
	Name string
}

// ScopedAttachment is a policy attached for a resource group or the whole account.
type ScopedAttachment struct {
	PolicyName    string        `param:"PolicyName,required"`
	PolicyType    PolicyType    `param:"PolicyType,required"`
	PrincipalType PrincipalType `param:"PrincipalType,required"`
	PrincipalName string        `param:"PrincipalName,required"`
	// ResourceGroupID is the id of a resource group, or the account id for the whole account.
	ResourceGroupID string `param:"ResourceGroupId,required"`
}

// DetachPolicy takes a grant within a scope back (ResourceManager 2020-03-31:
// DetachPolicy). Errors: EntityNotExist.{Policy,User,Group,Role},
// EntityNotExist.*.Policy, EntityNotExists.ResourceGroup.
func (c *Client) DetachPolicy(ctx context.Context, in ScopedAttachment) error {
	return c.do(ctx, OpDetachPolicy, in, nil)
}

// PolicyAttachment is one grant of an account.
type PolicyAttachment struct {
	PolicyName      string
	PolicyType      PolicyType
	PrincipalType   PrincipalType
	PrincipalName   string
	ResourceGroupID string `json:"ResourceGroupId"`
	Description     string
	AttachDate      Time
}

// ListPolicyAttachmentsInput narrows the list down; every field may be empty.
type ListPolicyAttachmentsInput struct {
	PolicyName      string        `param:"PolicyName"`
	PolicyType      PolicyType    `param:"PolicyType"`
	PrincipalType   PrincipalType `param:"PrincipalType"`
	PrincipalName   string        `param:"PrincipalName"`
	ResourceGroupID string        `param:"ResourceGroupId"`
}

// ListPolicyAttachments lists the grants of the account in every scope, 100 a page
// (ResourceManager 2020-03-31: ListPolicyAttachments). Pages are numbered, so they move
// while others attach and detach: what is not among the answers may be there all the same.
func (c *Client) ListPolicyAttachments(ctx context.Context, in ListPolicyAttachmentsInput) iter.Seq2[PolicyAttachment, error] {
	seen := 0
	return pages(OpListPolicyAttachments.Name, func(marker string) (page[PolicyAttachment], error) {
		number := 1
		if marker == "" {
			seen = 0
		} else {
			number, _ = strconv.Atoi(marker)
		}
		items, total, err := c.policyAttachmentsPage(ctx, in, number)
		got := page[PolicyAttachment]{items: items}
		if seen += len(items); len(items) > 0 && seen < total {
			got.next = strconv.Itoa(number + 1)
		}
		return got, err
	})
}

// policyAttachmentsPage reads one page, counted from 1, and how many grants there are
// on all pages.
func (c *Client) policyAttachmentsPage(ctx context.Context, in ListPolicyAttachmentsInput, number int) (items []PolicyAttachment, total int, err error) {
	var out struct {
		TotalCount        int
		PolicyAttachments struct{ PolicyAttachment []PolicyAttachment }
	}
	err = c.do(ctx, OpListPolicyAttachments, struct {
		PolicyName      string        `param:"PolicyName"`
		PolicyType      PolicyType    `param:"PolicyType"`
		PrincipalType   PrincipalType `param:"PrincipalType"`
		PrincipalName   string        `param:"PrincipalName"`
		ResourceGroupID string        `param:"ResourceGroupId"`
		PageNumber      int           `param:"PageNumber"`
		PageSize        int           `param:"PageSize"`
	}{in.PolicyName, in.PolicyType, in.PrincipalType, in.PrincipalName, in.ResourceGroupID, number, 100}, &out)
	return out.PolicyAttachments.PolicyAttachment, out.TotalCount, err
}

// steadyReadings is how often a list of several pages is read at most until it comes out
// the same twice.
const steadyReadings = 5

// AttachmentsInResourceGroup reads the grants for one resource group, completely: a list
// of several pages is read until it comes out the same twice (ResourceManager 2020-03-31:
// ListPolicyAttachments). Errors: EntityNotExists.ResourceGroup.
func (c *Client) AttachmentsInResourceGroup(ctx context.Context, resourceGroupID string) ([]PolicyAttachment, error) {
	if resourceGroupID == "" {
		return nil, errors.New("AttachmentsInResourceGroup: name the resource group")
	}
	in := ListPolicyAttachmentsInput{ResourceGroupID: resourceGroupID}
	first, total, err := c.policyAttachmentsPage(ctx, in, 1)
	if err != nil || len(first) >= total {
		return first, err
	}
	var before []PolicyAttachment
	for range steadyReadings {
		all, err := collect(c.ListPolicyAttachments(ctx, in))
		if err != nil || slices.Equal(all, before) {
			return all, err
		}
		before = all
	}
	return nil, fmt.Errorf("%s: the grants for resource group %s keep changing while they are listed", OpListPolicyAttachments.Name, resourceGroupID)
}

// AttachmentsForResourceGroups lists the grants that the lists by principal and by policy
// do not show, those for a resource group, as far as in does not rule them out. Grants for
// the whole account carry the id of the account instead of that of a group.
func (c *Client) AttachmentsForResourceGroups(ctx context.Context, accountID string, in ListPolicyAttachmentsInput) ([]PolicyAttachment, error) {
	all, err := collect(c.ListPolicyAttachments(ctx, in))
	return slices.DeleteFunc(all, func(grant PolicyAttachment) bool { return grant.ResourceGroupID == accountID }), err
}

// Of gives the policies that the principal has among the grants. DefaultVersion stays
// empty.
func (p Principal) Of(grants []PolicyAttachment) []AttachedPolicy {
	var held []AttachedPolicy
	for _, grant := range grants {
		if grant.principal() == p {
			held = append(held, grant.attached())
		}
	}
	return held
}

// principal is to whom the policy is attached. The domain of its name says nothing more:
// every grant is one of the account.
func (a PolicyAttachment) principal() Principal {
	name, _, _ := strings.Cut(a.PrincipalName, "@")
	return Principal{a.PrincipalType, name}
}

func (a PolicyAttachment) attached() AttachedPolicy {
	return AttachedPolicy{PolicyName: a.PolicyName, PolicyType: a.PolicyType, Description: a.Description, AttachDate: a.AttachDate}
}
