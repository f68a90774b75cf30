package ramclient

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"strings"
)

// What is known of these operations is the page of CreateApplicationAssignment (IMS,
// Nov 2026), and of the two others that they exist. Everything beyond is inferred, and
// all of that is in this file: the parameters of Delete, and the parameters, the shape
// and the paging of List. Every shape in which the service writes its lists elsewhere
// is read; any other is an error, never an empty list.

// ApplicationAssignment lets one user or role log in through an installed official
// application. Groups cannot be assigned, and the account itself always has access.
type ApplicationAssignment struct {
	// AppID is of the application, as in ExternalApplication.
	AppID         string       `json:"-" param:"AppId,required"`
	PrincipalType AssigneeType `param:"PrincipalType,required"`
	// PrincipalName is the principal name of a user, the mere name of a role.
	PrincipalName string `param:"PrincipalName,required"`
}

// AssigneeType is whom an application is assigned to.
type AssigneeType string

// The types of assignees.
const (
	AssigneeUser AssigneeType = "user"
	AssigneeRole AssigneeType = "role"
)

// UnmarshalJSON implements json.Unmarshaler. Requests write "user"; answers may write "User".
func (t *AssigneeType) UnmarshalJSON(data []byte) error {
	var text string
	err := json.Unmarshal(data, &text)
	*t = AssigneeType(strings.ToLower(text))
	return err
}

// Name is the mere name of the user or role.
func (a ApplicationAssignment) Name() string {
	name, _, _ := strings.Cut(a.PrincipalName, "@")
	return name
}

// SamePrincipal says whether two assignments are of one principal. Only identities of the
// account itself are assigned, so the domain of a user tells nothing: where
// "ci@example.onaliyun.com" was written, "ci@1000000000000001.onaliyun.com" may be read.
// Neither is the case of a name certain to be kept.
func (a ApplicationAssignment) SamePrincipal(b ApplicationAssignment) bool {
	return a.PrincipalType == b.PrincipalType && strings.EqualFold(a.Name(), b.Name())
}

// CreateApplicationAssignment assigns an application (IMS 2019-08-15:
// CreateApplicationAssignment). No codes are documented; expected are EntityNotExist.* of
// the application and the principal, EntityAlreadyExists.* and InvalidParameter.*.
func (c *Client) CreateApplicationAssignment(ctx context.Context, in ApplicationAssignment) error {
	return c.do(ctx, OpCreateApplicationAssignment, in, nil)
}

// DeleteApplicationAssignment takes an application away from one principal (IMS
// 2019-08-15: DeleteApplicationAssignment). Errors: EntityNotExist.* is expected.
func (c *Client) DeleteApplicationAssignment(ctx context.Context, in ApplicationAssignment) error {
	return c.do(ctx, OpDeleteApplicationAssignment, in, nil)
}

// ListApplicationAssignments lists to whom an application is assigned (IMS 2019-08-15:
// ListApplicationAssignments). Errors: EntityNotExist.* is expected.
func (c *Client) ListApplicationAssignments(ctx context.Context, appID string) iter.Seq2[ApplicationAssignment, error] {
	return pages(OpListApplicationAssignments.Name, func(next string) (page[ApplicationAssignment], error) {
		style, place, _ := strings.Cut(next, " ")
		in := struct {
			AppID     string `param:"AppId,required"`
			Marker    string `param:"Marker"`
			NextToken string `param:"NextToken"`
		}{AppID: appID}
		switch style {
		case "Marker":
			in.Marker = place
		case "NextToken":
			in.NextToken = place
		}
		var out assignmentsAnswer
		if err := c.do(ctx, OpListApplicationAssignments, in, &out); err != nil {
			return page[ApplicationAssignment]{}, err
		}
		for i := range out.ApplicationAssignments.items {
			out.ApplicationAssignments.items[i].AppID = appID
		}
		next, err := out.next()
		return page[ApplicationAssignment]{out.ApplicationAssignments.items, next}, err
	})
}

type assignmentsAnswer struct {
	marked
	NextToken              string
	ApplicationAssignments assignmentList
}

// next is where the next page begins, in either of the services' styles.
func (a *assignmentsAnswer) next() (string, error) {
	if a.NextToken != "" {
		return "NextToken " + a.NextToken, nil
	}
	marker, err := a.after(OpListApplicationAssignments.Name)
	if marker != "" {
		marker = "Marker " + marker
	}
	return marker, err
}

// Check keeps an answer of an unknown shape from being taken for the end of assignments.
func (a *assignmentsAnswer) Check() error {
	if !a.ApplicationAssignments.told {
		return missing("ApplicationAssignments", "")
	}
	for _, item := range a.ApplicationAssignments.items {
		if err := missing("PrincipalName in an item", item.PrincipalName); err != nil {
			return err
		}
		if err := missing("PrincipalType in an item", string(item.PrincipalType)); err != nil {
			return err
		}
	}
	return nil
}

// assignmentList is [ … ] or {"ApplicationAssignment":[ … ]}.
type assignmentList struct {
	told  bool
	items []ApplicationAssignment
}

func (l *assignmentList) UnmarshalJSON(data []byte) error {
	l.told = true
	if bytes.HasPrefix(data, []byte("[")) || string(data) == "null" {
		return json.Unmarshal(data, &l.items)
	}
	var wrapped struct{ ApplicationAssignment *[]ApplicationAssignment }
	if err := json.Unmarshal(data, &wrapped); err != nil {
		return err
	}
	if l.told = wrapped.ApplicationAssignment != nil; l.told {
		l.items = *wrapped.ApplicationAssignment
	}
	return nil
}
