package ramclient

import "context"

// SharedReads answers the reads of many resources with few calls. It is meant for the
// refresh of a plan: an answer may be as old as the SharedReads' client, but never older
// than the client's last write. Whoever needs the present state (data sources, reads
// that follow a write, repeated reads) asks the Client.
//
// Equal reads in flight are one call, and a success is kept. Lists that belong to one
// owner (the policies of a role, the keys of a user) are read once for all resources of
// the owner. When many users, groups or OIDC providers are read one by one, or the tags
// of many roles or policies, or attachments of many principals, a list of all takes over,
// see catalogue; what it does not show is read singly before it counts as gone, and if it
// is refused, single reads go on for good.
//
// What is returned is shared: do not change it.
type SharedReads struct {
	client *Client

	users      *directory[User]
	groups     *directory[Group]
	providers  *directory[OIDCProvider]
	roles      memo[Role]
	policies   memo[PolicyWithDocument]
	roleTags   *directory[Tags]
	policyTags *directory[Tags]

	userPolicies  memo[[]AttachedPolicy]
	groupPolicies memo[[]AttachedPolicy]
	rolePolicies  memo[[]AttachedPolicy]
	scopes        memo[[]PolicyAttachment] // by resource group
	attachments   *catalogue[AttachmentRef, AttachedPolicy]
	accessKeys    memo[[]AccessKey]
	recycledKeys  memo[[]RecycledAccessKey]
	userGroups    memo[[]UserGroup]
	groupMembers  memo[[]GroupMember]
	assignments   memo[[]ApplicationAssignment]
	domain        memo[string]
}

func newSharedReads(c *Client) *SharedReads {
	return &SharedReads{
		client:      c,
		attachments: newCatalogue(c.attachmentEntries),
		users: newDirectory(c.usersPage, func(user User) (User, []string) {
			return user, []string{byID(user.UserID), byPrincipalName(user.UserPrincipalName)}
		}),
		groups:    newDirectory(c.groupsPage, func(group Group) (Group, []string) { return group, []string{group.GroupName} }),
		providers: newDirectory(c.oidcProvidersPage, func(p OIDCProvider) (OIDCProvider, []string) { return p, []string{p.OIDCProviderName} }),
		roleTags:  newDirectory(c.rolesPage, func(role Role) (Tags, []string) { return orNone(role.Tags), []string{role.RoleName} }),
		policyTags: newDirectory(func(ctx context.Context, marker string) (page[Policy], error) {
			return c.policiesPage(ctx, PolicyCustom, marker)
		}, func(policy Policy) (Tags, []string) { return orNone(policy.Tags), []string{policy.PolicyName} }),
	}
}

// User reads a user; see Client.GetUser. Status is filled only if a list answered.
func (s *SharedReads) User(ctx context.Context, in GetUserInput) (User, error) {
	if err := in.check(); err != nil {
		return User{}, err
	}
	get := func(ctx context.Context) (User, error) { return s.client.GetUser(ctx, in) }
	switch {
	case in.UserID != "":
		return s.users.get(ctx, byID(in.UserID), get)
	case in.UserPrincipalName != "":
		return s.users.get(ctx, byPrincipalName(in.UserPrincipalName), get)
	}
	return s.users.singles.get(ctx, "key "+in.AccessKeyID, get)
}

func byID(userID string) string                       { return "id " + userID }
func byPrincipalName(userPrincipalName string) string { return "name " + userPrincipalName }

// Role reads a role without its tags; see Client.GetRole.
func (s *SharedReads) Role(ctx context.Context, roleName string) (Role, error) {
	return s.roles.get(ctx, roleName, func(ctx context.Context) (Role, error) {
		return s.client.GetRole(ctx, roleName)
	})
}

// RoleTags reads the tags of a role; empty if it has none.
func (s *SharedReads) RoleTags(ctx context.Context, roleName string) (Tags, error) {
	return s.roleTags.get(ctx, roleName, func(ctx context.Context) (Tags, error) {
		return s.tagsOf(ctx, TaggedRole, roleName)
	})
}

// Policy reads a policy with its document, without its tags; see Client.GetPolicy.
func (s *SharedReads) Policy(ctx context.Context, policy PolicyRef) (PolicyWithDocument, error) {
	return s.policies.get(ctx, string(policy.PolicyType)+" "+policy.PolicyName, func(ctx context.Context) (PolicyWithDocument, error) {
		return s.client.GetPolicy(ctx, policy)
	})
}

// PolicyTags reads the tags of a custom policy; empty if it has none.
func (s *SharedReads) PolicyTags(ctx context.Context, policyName string) (Tags, error) {
	return s.policyTags.get(ctx, policyName, func(ctx context.Context) (Tags, error) {
		return s.tagsOf(ctx, TaggedPolicy, policyName)
	})
}

func (s *SharedReads) tagsOf(ctx context.Context, resourceType TaggedType, name string) (Tags, error) {
	tags, err := s.client.ListTagResources(ctx, resourceType, []string{name})
	return tags[name], err
}

func orNone(tags Tags) Tags {
	if tags == nil {
		return Tags{}
	}
	return tags
}

// PoliciesForUser reads the account-wide policies of a user; see Client.ListPoliciesForUser.
func (s *SharedReads) PoliciesForUser(ctx context.Context, userName string) ([]AttachedPolicy, error) {
	return s.userPolicies.get(ctx, userName, func(ctx context.Context) ([]AttachedPolicy, error) {
		return s.client.ListPoliciesForUser(ctx, userName)
	})
}

// PoliciesForGroup reads the account-wide policies of a group; see Client.ListPoliciesForGroup.
func (s *SharedReads) PoliciesForGroup(ctx context.Context, groupName string) ([]AttachedPolicy, error) {
	return s.groupPolicies.get(ctx, groupName, func(ctx context.Context) ([]AttachedPolicy, error) {
		return s.client.ListPoliciesForGroup(ctx, groupName)
	})
}

// PoliciesForRole reads the account-wide policies of a role; see Client.ListPoliciesForRole.
func (s *SharedReads) PoliciesForRole(ctx context.Context, roleName string) ([]AttachedPolicy, error) {
	return s.rolePolicies.get(ctx, roleName, func(ctx context.Context) ([]AttachedPolicy, error) {
		return s.client.ListPoliciesForRole(ctx, roleName)
	})
}

// AccessKeys reads the keys of a user; see Client.ListAccessKeys.
func (s *SharedReads) AccessKeys(ctx context.Context, userPrincipalName string) ([]AccessKey, error) {
	return s.accessKeys.get(ctx, userPrincipalName, func(ctx context.Context) ([]AccessKey, error) {
		return s.client.ListAccessKeys(ctx, userPrincipalName)
	})
}

// RecycledAccessKeys reads the keys of a user in the bin; see Client.ListAccessKeysInRecycleBin.
func (s *SharedReads) RecycledAccessKeys(ctx context.Context, userID string) ([]RecycledAccessKey, error) {
	return s.recycledKeys.get(ctx, userID, func(ctx context.Context) ([]RecycledAccessKey, error) {
		return s.client.ListAccessKeysInRecycleBin(ctx, userID)
	})
}

// GroupsForUser reads the groups of a user; see Client.ListGroupsForUser.
func (s *SharedReads) GroupsForUser(ctx context.Context, userPrincipalName string) ([]UserGroup, error) {
	return s.userGroups.get(ctx, userPrincipalName, func(ctx context.Context) ([]UserGroup, error) {
		return s.client.ListGroupsForUser(ctx, userPrincipalName)
	})
}

// Group reads a group; see Client.GetGroup.
func (s *SharedReads) Group(ctx context.Context, groupName string) (Group, error) {
	return s.groups.get(ctx, groupName, func(ctx context.Context) (Group, error) {
		return s.client.GetGroup(ctx, groupName)
	})
}

// UsersForGroup reads the members of a group; see Client.ListUsersForGroup.
func (s *SharedReads) UsersForGroup(ctx context.Context, groupName string) ([]GroupMember, error) {
	return s.groupMembers.get(ctx, groupName, func(ctx context.Context) ([]GroupMember, error) {
		return collect(s.client.ListUsersForGroup(ctx, groupName))
	})
}

// OIDCProvider reads an OIDC provider; see Client.GetOIDCProvider.
func (s *SharedReads) OIDCProvider(ctx context.Context, name string) (OIDCProvider, error) {
	return s.providers.get(ctx, name, func(ctx context.Context) (OIDCProvider, error) {
		return s.client.GetOIDCProvider(ctx, name)
	})
}

// ApplicationAssignments reads to whom an application is assigned; see
// Client.ListApplicationAssignments.
func (s *SharedReads) ApplicationAssignments(ctx context.Context, appID string) ([]ApplicationAssignment, error) {
	return s.assignments.get(ctx, appID, func(ctx context.Context) ([]ApplicationAssignment, error) {
		return collect(s.client.ListApplicationAssignments(ctx, appID))
	})
}

// DefaultDomain reads the account's default domain; see Client.GetDefaultDomain.
func (s *SharedReads) DefaultDomain(ctx context.Context) (string, error) {
	return s.domain.get(ctx, "", s.client.GetDefaultDomain)
}

// forget drops what was read, and cuts off what is being read, for a write may have
// overtaken it. From the first write on, the client is applying changes: nobody reads
// object after object any more, so the lists of all stay unused.
func (s *SharedReads) forget() {
	s.users.forget()
	s.groups.forget()
	s.providers.forget()
	s.roleTags.forget()
	s.policyTags.forget()
	s.roles.forget()
	s.policies.forget()
	s.userPolicies.forget()
	s.groupPolicies.forget()
	s.rolePolicies.forget()
	s.scopes.forget()
	s.attachments.forget()
	s.accessKeys.forget()
	s.recycledKeys.forget()
	s.userGroups.forget()
	s.groupMembers.forget()
	s.assignments.forget()
	s.domain.forget()
}
