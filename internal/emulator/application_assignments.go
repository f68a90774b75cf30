package emulator

// Of these operations only CreateApplicationAssignment is documented in full ("IMS API:
// CreateApplicationAssignment"). What the other two take and answer, and every error
// code, is assumed: see the assumptions "assignment-…".

func applicationAssignmentOperations() []*operation {
	return []*operation{
		define(ims, "CreateApplicationAssignment", write, nil, createAssignment),
		define(ims, "DeleteApplicationAssignment", write, nil, deleteAssignment),
		define(ims, "ListApplicationAssignments", read, nil, listAssignments),
	}
}

type assignmentInput struct {
	appIDParam
	PrincipalName string `param:",required"` // user: principal name; role: bare name
	PrincipalType string `param:",required"` // user or role
}

// principal finds whom an assignment is about.
func (in assignmentInput) principal(c *call) (assignment, *apiError) {
	switch principalKind(in.PrincipalType) {
	case principalUser:
		u, refused := c.userPrincipal(in.PrincipalName)
		if refused != nil {
			return assignment{}, refused
		}
		if !c.settled(u.Created) {
			return assignment{}, errNoUser(in.PrincipalName)
		}
		return assignment{principalUser, u.ID, c.now}, nil
	case principalRole:
		r := c.account.Roles[fold(in.PrincipalName)]
		if r == nil || !c.settled(r.Created) {
			return assignment{}, errNoRole(in.PrincipalName)
		}
		return assignment{principalRole, r.ID, c.now}, nil
	case principalGroup:
	}
	return assignment{}, invalidParameter("PrincipalType", "PrincipalType must be user or role; groups cannot be assigned.")
}

func (in assignmentInput) find(c *call) (*externalApplication, assignment, *apiError) {
	app, refused := in.appIDParam.find(c)
	if refused != nil {
		return nil, assignment{}, refused
	}
	made, refused := in.principal(c)
	return app, made, refused
}

func createAssignment(c *call, in assignmentInput) (answer, *apiError) {
	app, made, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	if !c.settled(app.Created) {
		return nil, errNoApplication(app.ID)
	}
	if foreign, refused := c.foreign(app.ID); refused != nil || !foreign.official {
		return nil, invalidParameter("AppId", "The application %s is not official: every identity may use it.", app.ID)
	}
	if _, assigned := app.Assignments[made.PrincipalID]; assigned {
		return nil, alreadyExists("ApplicationAssignment", "The identity is assigned already: %s.", in.PrincipalName)
	}
	app.Assignments[made.PrincipalID] = made
	return answer{}, nil
}

func deleteAssignment(c *call, in assignmentInput) (answer, *apiError) {
	app, found, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	if _, assigned := app.Assignments[found.PrincipalID]; !assigned {
		return nil, notExist("ApplicationAssignment", "The identity is not assigned: %s.", in.PrincipalName)
	}
	delete(app.Assignments, found.PrincipalID)
	return answer{}, nil
}

type listAssignmentsInput struct {
	appIDParam
	pageParams
}

func listAssignments(c *call, in listAssignmentsInput) (answer, *apiError) {
	app, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	named := map[string]map[string]any{}
	for id, made := range app.Assignments {
		name := c.account.assignedName(made)
		named[string(made.PrincipalKind)+" "+fold(name)] = map[string]any{
			"AppId": app.ID, "PrincipalName": name, "PrincipalType": string(made.PrincipalKind), "PrincipalId": id,
			"CreateDate": milliseconds(made.Created),
		}
	}
	return page(c, in.pageParams, pageSize{100, 1000}, named, "ApplicationAssignments", "ApplicationAssignment",
		func(view map[string]any) any { return view })
}

// assignedName is the assigned identity's name as an assignment is created with.
func (a *account) assignedName(of assignment) string {
	if of.PrincipalKind == principalRole {
		return a.roleByID(of.PrincipalID).Name
	}
	return a.upn(a.userByID(of.PrincipalID).Name)
}

// unassign takes an identity that is being deleted off every application.
func (a *account) unassign(principalID string) {
	for _, app := range a.Applications {
		delete(app.Assignments, principalID)
	}
}
