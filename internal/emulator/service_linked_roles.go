package emulator

import (
	"fmt"
	"strings"
)

func serviceLinkedRoleOperations() []*operation {
	return []*operation{
		define(resourceManager, "CreateServiceLinkedRole", write, allRoles[createServiceLinkedRoleInput], createServiceLinkedRole),
		define(resourceManager, "DeleteServiceLinkedRole", write, roleARNOf[roleNamed], deleteServiceLinkedRole),
	}
}

// serviceLinkedRoles are the roles of some services; each service knows but one. No
// rule leads from the service to the name of its role.
var serviceLinkedRoles = map[string]string{
	"cloudsso.aliyuncs.com": "AliyunServiceRoleForCloudSSO",
	"hdr.aliyuncs.com":      "AliyunServiceRoleForHdr",
	"ons.aliyuncs.com":      "AliyunServiceRoleForOns",
	"polardb.aliyuncs.com":  "AliyunServiceRoleForPolarDB",
}

type createServiceLinkedRoleInput struct {
	ServiceName string `param:",required"`
	Description string
}

func createServiceLinkedRole(c *call, in createServiceLinkedRoleInput) (answer, *apiError) {
	name, known := serviceLinkedRoles[in.ServiceName]
	switch {
	case !known:
		return nil, invalidParameter("ServiceName", "The emulator knows no service-linked role of %s; it knows those of %s.",
			in.ServiceName, strings.Join(sortedKeys(serviceLinkedRoles), ", "))
	case c.account.Roles[fold(name)] != nil:
		return nil, alreadyExists("Role", "The role already exists: %s.", name)
	case len(c.account.Roles) >= maxRoles:
		return nil, limitExceeded("Role", maxRoles)
	}
	if refused := descriptionRule.check("Description", in.Description); refused != nil {
		return nil, refused
	}
	r := &role{
		ID: c.ids.role(), Name: name, Description: in.Description, MaxSessionDuration: standardSession, Created: c.now, Updated: c.now,
		TrustPolicy: fmt.Sprintf(`{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":[%q]}}],"Version":"1"}`, in.ServiceName),
	}
	c.account.Roles[fold(name)] = r
	view := c.roleView(r, "UpdateDate", "MaxSessionDuration")
	view["IsServiceLinkedRole"] = true
	return answer{"Role": view}, nil
}

// deleteServiceLinkedRole deletes at once what the service deletes in a task, once
// nothing uses the role any more.
func deleteServiceLinkedRole(c *call, in roleNamed) (answer, *apiError) {
	r, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	for service, name := range serviceLinkedRoles {
		if name == r.Name {
			c.account.unassign(r.ID)
			delete(c.account.Roles, fold(name))
			return answer{"DeletionTaskId": "task/acs-service-role/" + service + "/" + name + "/" + strings.ToLower(c.ids.request())}, nil
		}
	}
	return nil, notExist("ServiceLinkedRole", "The role %s is not a service-linked role.", r.Name)
}
