package ramclient

import (
	"context"
	"iter"
	"strconv"
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

// ScopedAttachment is a policy attached for a resource group or the whole account.
type ScopedAttachment struct {
	PolicyName    string        `param:"PolicyName,required"`
	PolicyType    PolicyType    `param:"PolicyType,required"`
	PrincipalType PrincipalType `param:"PrincipalType,required"`
	PrincipalName string        `param:"PrincipalName,required"`
	// ResourceGroupID is the id of a resource group, or the account id for the whole account.
	ResourceGroupID string `param:"ResourceGroupId,required"`
}

// AttachPolicy grants a policy within a scope (ResourceManager 2020-03-31:
// AttachPolicy). Errors: EntityNotExist.{Policy,User,Group,Role},
// EntityNotExists.ResourceGroup, EntityAlreadyExists.*.
func (c *Client) AttachPolicy(ctx context.Context, in ScopedAttachment) error {
	return c.do(ctx, OpAttachPolicy, in, nil)
}

// DetachPolicy takes a grant within a scope back (ResourceManager 2020-03-31:
// DetachPolicy). Errors: as AttachPolicy, and EntityNotExist.*.Policy.
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
// (ResourceManager 2020-03-31: ListPolicyAttachments).
func (c *Client) ListPolicyAttachments(ctx context.Context, in ListPolicyAttachmentsInput) iter.Seq2[PolicyAttachment, error] {
	seen := 0
	return pages(OpListPolicyAttachments.Name, func(marker string) (page[PolicyAttachment], error) {
		number := 1
		if marker == "" {
			seen = 0
		} else {
			number, _ = strconv.Atoi(marker)
		}
		var out struct {
			TotalCount        int
			PolicyAttachments struct{ PolicyAttachment []PolicyAttachment }
		}
		err := c.do(ctx, OpListPolicyAttachments, struct {
			PolicyName      string        `param:"PolicyName"`
			PolicyType      PolicyType    `param:"PolicyType"`
			PrincipalType   PrincipalType `param:"PrincipalType"`
			PrincipalName   string        `param:"PrincipalName"`
			ResourceGroupID string        `param:"ResourceGroupId"`
			PageNumber      int           `param:"PageNumber"`
			PageSize        int           `param:"PageSize"`
		}{in.PolicyName, in.PolicyType, in.PrincipalType, in.PrincipalName, in.ResourceGroupID, number, 100}, &out)
		got := page[PolicyAttachment]{items: out.PolicyAttachments.PolicyAttachment}
		if seen += len(got.items); len(got.items) > 0 && seen < out.TotalCount {
			got.next = strconv.Itoa(number + 1)
		}
		return got, err
	})
}
