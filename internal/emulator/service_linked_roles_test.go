package emulator

import "testing"

func TestServiceLinkedRoleIsNotToBeChanged(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	const name = "AliyunServiceRoleForHdr"
	created := s.root.must(resourceManager, "CreateServiceLinkedRole", params{"ServiceName": "hdr.aliyuncs.com", "Description": "HDR"})
	created.mustEqual(t, `{"Role":{"RoleId":%q,"RoleName":"AliyunServiceRoleForHdr","Arn":"acs:ram::1000000000000001:role/AliyunServiceRoleForHdr",
		"Description":"HDR","CreateDate":"2026-01-02T03:04:05Z","IsServiceLinkedRole":true,
		"AssumeRolePolicyDocument":"{\"Statement\":[{\"Action\":\"sts:AssumeRole\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":[\"hdr.aliyuncs.com\"]}}],\"Version\":\"1\"}"}}`,
		created.at("Role.RoleId"))
	s.root.refused(resourceManager, "CreateServiceLinkedRole", params{"ServiceName": "hdr.aliyuncs.com"}, 409, "EntityAlreadyExists.Role")
	s.root.refused(resourceManager, "CreateServiceLinkedRole", params{"ServiceName": "x.aliyuncs.com"}, 400, "InvalidParameter.ServiceName")

	s.root.refused(ram, "UpdateRole", params{"RoleName": name, "NewDescription": "mine"}, 400, "NotSupport.ReservedRole")
	s.root.refused(ram, "DeleteRole", params{"RoleName": name}, 400, "NotSupport.ReservedRole")
	grant := grantOf("RoleName", name, "System", "AdministratorAccess")
	s.root.refused(ram, "AttachPolicyToRole", grant, 400, "NotSupport.ReservedRole")
	s.root.refused(ram, "DetachPolicyFromRole", grant, 400, "NotSupport.ReservedRole")
	s.root.newUser("u", mayAssume).refused(sts, "AssumeRole", roleOf(1, name), 403, "NoPermission")
	if got := s.root.must(ram, "GetRole", params{"RoleName": name}).at("Role.Description"); got != "HDR" {
		t.Errorf("the role's description is %q, want HDR as before", got)
	}

	s.root.createRole("own", trustAccount1)
	s.root.refused(resourceManager, "DeleteServiceLinkedRole", params{"RoleName": "own"}, 404, "EntityNotExist.ServiceLinkedRole")
	s.root.refused(resourceManager, "DeleteServiceLinkedRole", params{"RoleName": "nobody"}, 404, "EntityNotExist.Role")
	if got := s.root.must(resourceManager, "DeleteServiceLinkedRole", params{"RoleName": name}).at("DeletionTaskId"); got == "" {
		t.Error("the deletion has no task id")
	}
	s.root.refused(ram, "GetRole", params{"RoleName": name}, 404, "EntityNotExist.Role")
}
