package emulator

import "strings"

func resourceManagerOperations() []*operation {
	return []*operation{
		defineBetween(resourceManager, "AttachPolicy", relate, grantARNs[principalGrant], attach[principalGrant]),
		defineBetween(resourceManager, "DetachPolicy", relate, grantARNs[principalGrant], detach[principalGrant]),
		define(resourceManager, "ListPolicyAttachments", read, wholeAccount[listAttachmentsInput], listPolicyAttachments),
	}
}

// principalForm is how this API spells one kind of principal: a type, and a name with
// a domain of its own, such as staff@group.example.onaliyun.com.
type principalForm struct {
	kind                   principalKind
	name                   string // PrincipalType
	domainStart, domainEnd string // around the alias or id of the account
}

var principalForms = []principalForm{
	{principalUser, "IMSUser", "", domainSuffix},
	{principalGroup, "IMSGroup", "group.", domainSuffix},
	{principalRole, "ServiceRole", "role.", ".onaliyunservice.com"},
}

func formNamed(principalType string) (principalForm, *apiError) {
	for _, form := range principalForms {
		if form.name == principalType {
			return form, nil
		}
	}
	return principalForm{}, invalidParameter("PrincipalType", "PrincipalType must be IMSUser, IMSGroup or ServiceRole.")
}

// join spells a name as the account's principal.
func (f principalForm) join(a *account, name string) string {
	return name + "@" + f.domainStart + strings.TrimSuffix(a.domain(), domainSuffix) + f.domainEnd
}

// split takes a principal's name apart, and tells whether it is one of the account.
func (f principalForm) split(a *account, principal string) (name string, ours bool) {
	name, domain, _ := strings.Cut(principal, "@")
	label := strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(domain), f.domainStart), f.domainEnd)
	ours = label != "" && (label == a.Alias || label == a.ID) && strings.EqualFold(domain, f.domainStart+label+f.domainEnd)
	return name, ours
}

// principalGrant attaches or detaches by type and name of the principal. The scope is
// mandatory: a resource group, or the account's id for the whole account.
type principalGrant struct {
	PolicyType      string `param:",required"`
	PolicyName      string `param:",required"`
	PrincipalType   string `param:",required"`
	PrincipalName   string `param:",required"`
	ResourceGroupID string `param:"ResourceGroupId,required"`
}

func (in principalGrant) granted() grant {
	return grant{policyRef{PolicyName: in.PolicyName, PolicyType: in.PolicyType}, in.ResourceGroupID}
}

func (in principalGrant) principalARN(c *call) string {
	form, _ := formNamed(in.PrincipalType)
	name, _ := form.split(c.account, in.PrincipalName)
	switch form.kind {
	case principalUser:
		return userARN(c.account.ID, name)
	case principalGroup:
		return groupARN(c.account.ID, name)
	default:
		return roleARN(c.account.ID, name)
	}
}

func (in principalGrant) grantee(c *call) (grantee, *apiError) {
	form, refused := formNamed(in.PrincipalType)
	if refused != nil {
		return grantee{}, refused
	}
	name, ours := form.split(c.account, in.PrincipalName)
	if !ours {
		name = "" // nobody's name
	}
	switch form.kind {
	case principalUser:
		return userGrant{userNamed: userNamed{name}}.grantee(c)
	case principalGroup:
		return groupGrant{groupNamed: groupNamed{name}}.grantee(c)
	default:
		return roleGrant{roleNamed: roleNamed{name}}.grantee(c)
	}
}

// ListPolicyAttachments: every parameter narrows the list; pages have numbers.

type listAttachmentsInput struct {
	PolicyType, PolicyName, PrincipalType, PrincipalName string
	ResourceGroupID                                      string `param:"ResourceGroupId"`
	Language                                             string // of descriptions; there is but one
	numberedPage
}

func listPolicyAttachments(c *call, in listAttachmentsInput) (answer, *apiError) {
	chosen, refused := in.chosen(c)
	if refused != nil {
		return nil, refused
	}
	return numbered(c, in.numberedPage, chosen, "PolicyAttachments", "PolicyAttachment", c.attachmentView)
}

// numberedPage asks for one page of a list of this API, counted from 1.
type numberedPage struct{ PageNumber, PageSize *int }

func numbered[T any](
	c *call, in numberedPage, objects []T, wrapper, element string, view func(T) map[string]any,
) (answer, *apiError) {
	size, refused := c.count("PageSize", in.PageSize, pageSize{10, 100})
	if refused != nil {
		return nil, refused
	}
	number := intOr(in.PageNumber, 1)
	if number < 1 {
		return nil, invalidParameter("PageNumber", "PageNumber must be at least 1.")
	}
	var shown []T
	for i := range objects {
		if i/size == number-1 {
			shown = append(shown, objects[i])
		}
	}
	out := listed(wrapper, element, shown, func(object T) any { return view(object) })
	out["TotalCount"], out["PageNumber"], out["PageSize"] = len(objects), number, size
	return out, nil
}

func (in listAttachmentsInput) chosen(c *call) ([]attachment, *apiError) {
	var wrongType, wrongForm *apiError
	if in.PolicyType != "" {
		wrongType = checkPolicyType(in.PolicyType)
	}
	if in.PrincipalType != "" {
		_, wrongForm = formNamed(in.PrincipalType)
	}
	scope, noGroup := c.resourceGroup(in.ResourceGroupID)
	if refused := first(wrongType, wrongForm, noGroup); refused != nil {
		return nil, refused
	}
	var chosen []attachment
	for _, at := range c.account.Attachments {
		form, name := c.account.principal(at)
		asked, ours := form.split(c.account, in.PrincipalName)
		if (in.PolicyType == "" || in.PolicyType == at.PolicyType) &&
			(in.PolicyName == "" || fold(in.PolicyName) == fold(at.PolicyName)) &&
			(in.PrincipalType == "" || in.PrincipalType == form.name) &&
			(in.PrincipalName == "" || ours && fold(asked) == fold(name)) &&
			(in.ResourceGroupID == "" || scope == at.ResourceGroupID) {
			chosen = append(chosen, at)
		}
	}
	return chosen, nil
}

// principal is the form and the bare name of a grant's principal.
func (a *account) principal(at attachment) (principalForm, string) {
	switch at.PrincipalKind {
	case principalUser:
		return principalForms[0], a.userByID(at.PrincipalID).Name
	case principalGroup:
		return principalForms[1], a.groupByID(at.PrincipalID).Name
	default:
		return principalForms[2], a.roleByID(at.PrincipalID).Name
	}
}

func (c *call) attachmentView(at attachment) map[string]any {
	form, name := c.account.principal(at)
	scope := at.ResourceGroupID
	if scope == "" {
		scope = c.account.ID
	}
	return map[string]any{
		"PolicyType": at.PolicyType, "PolicyName": at.PolicyName, "PrincipalType": form.name,
		"PrincipalName": form.join(c.account, name), "ResourceGroupId": scope, "AttachDate": stamp(at.Attached),
		"Description": c.account.policy(at.PolicyType, at.PolicyName).Description,
	}
}
