package application

import (
	"context"
	"fmt"
	"slices"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// An assignee is one user or role that an application is assigned to.
type assignee struct {
	appID string
	kind  ramclient.AssigneeType
	name  string
}

// String says in words which assignment is meant.
func (a assignee) String() string {
	return fmt.Sprintf("assignment of %s to RAM %s %q", object(a.appID), a.kind, a.name)
}

// request is the assignment as the service takes it: users by their principal name.
func (a assignee) request(ctx context.Context, c *connection.Connection) (ramclient.ApplicationAssignment, error) {
	wanted := ramclient.ApplicationAssignment{AppID: a.appID, PrincipalType: a.kind, PrincipalName: a.name}
	var err error
	if a.kind == ramclient.AssigneeUser {
		wanted.PrincipalName, err = c.PrincipalName(ctx, a.name)
	}
	return wanted, err
}

// among says whether the assignment is in the list.
func among(assigned []ramclient.ApplicationAssignment, wanted ramclient.ApplicationAssignment) bool {
	return slices.ContainsFunc(assigned, wanted.SamePrincipal)
}

// missingParent tells from an error which end of an assignment the service does not
// know. The codes are not documented; those of users and roles are the ones that they
// have everywhere, and what else is missing can only be the application.
func (a assignee) missingParent(err error) (connection.Parent, bool) {
	switch {
	case !ramclient.IsNotFound(err):
		return connection.Parent{}, false
	case ramclient.Code(err) == "EntityNotExist.User":
		return connection.Parent{Kind: connection.User, Name: a.name}, true
	case ramclient.Code(err) == "EntityNotExist.Role":
		return connection.Parent{Kind: connection.Role, Name: a.name}, true
	default:
		return connection.Parent{Kind: connection.Application, Name: a.appID}, true
	}
}
