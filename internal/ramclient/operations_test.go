package ramclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

func at(text string) Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return Time{t}
}

func all[T any](list iter.Seq2[T, error]) (any, error) {
	items, err := collect(list)
	return items, err
}

func nothing(err error) (any, error) { return nil, err }

func value[T any](v T, err error) (any, error) { return v, err }

const (
	someUser = `"UserId":"200000000000000001","UserPrincipalName":"ci@example.onaliyun.com","DisplayName":"CI"`
	someRole = `"RoleId":"300000000000000001","RoleName":"ops","Arn":"acs:ram::1000000000000001:role/ops"`
)

var (
	ci      = User{UserID: "200000000000000001", UserPrincipalName: "ci@example.onaliyun.com", UserName: "ci", DisplayName: "CI"}
	ops     = Role{RoleID: "300000000000000001", RoleName: "ops", ARN: "acs:ram::1000000000000001:role/ops"}
	readOSS = PolicyRef{PolicyName: "ReadOSS", PolicyType: PolicyCustom}
	someKey = AccessKeyRef{UserPrincipalName: "ci@example.onaliyun.com", AccessKeyID: "LTAIexample000000000001"}
	binned  = RecycledAccessKeyRef{UserID: "200000000000000001", AccessKeyID: "LTAIexample000000000001"}
)

// operationTest is one call: what it sends, and what it makes of an answer. RequestId is
// added to the answer.
type operationTest struct {
	op          rpc.Operation
	call        func(context.Context, *Client) (any, error)
	query, body string
	answer      string
	want        any
}

var operationTests = map[string]operationTest{
	"create a user": {
		OpCreateUser, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreateUser(ctx, CreateUserInput{
				UserPrincipalName: "ci@example.onaliyun.com", DisplayName: "CI", Comments: "c", Email: "e@example.com",
				MobilePhone: "86-18600000000", Tags: Tags{"b": "2", "a": "1"},
			}))
		},
		"Comments=c&DisplayName=CI&Email=e%40example.com&MobilePhone=86-18600000000&Tag.1.Key=a&Tag.1.Value=1&Tag.2.Key=b&Tag.2.Value=2&UserPrincipalName=ci%40example.onaliyun.com",
		"",
		`{"User":{` + someUser + `,"Comments":"c","Email":"e@example.com","MobilePhone":"86-18600000000","CreateDate":"2026-01-02T03:04:05Z",
		"ProvisionType":"Manual","Tags":{"Tag":[{"TagKey":"a","TagValue":"1"}]}}}`,
		User{
			UserID: ci.UserID, UserPrincipalName: ci.UserPrincipalName, UserName: "ci", DisplayName: "CI", Comments: "c",
			Email: "e@example.com", MobilePhone: "86-18600000000", ProvisionType: "Manual",
			CreateDate: at("2026-01-02T03:04:05Z"), Tags: Tags{"a": "1"},
		},
	},
	"get a user by id": {
		OpGetUser, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetUser(ctx, GetUserInput{UserID: "200000000000000001"}))
		},
		"UserId=200000000000000001", "",
		`{"User":{` + someUser + `,"UserName":"ci","LastLoginDate":""}}`, ci,
	},
	"get a user by name": {
		OpGetUser, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetUser(ctx, GetUserInput{UserPrincipalName: "ci@example.onaliyun.com"}))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"User":{` + someUser + `}}`, ci,
	},
	"get a user by key": {
		OpGetUser, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetUser(ctx, GetUserInput{AccessKeyID: "LTAIexample000000000001"}))
		},
		"UserAccessKeyId=LTAIexample000000000001", "",
		`{"User":{` + someUser + `}}`, ci,
	},
	"rename a user and clear its comments": {
		OpUpdateUser, func(ctx context.Context, c *Client) (any, error) {
			return value(c.UpdateUser(ctx, UpdateUserInput{
				UserID: ci.UserID, NewUserPrincipalName: new("ci@example.onaliyun.com"), NewComments: new(""),
			}))
		},
		"NewComments=&NewUserPrincipalName=ci%40example.onaliyun.com&UserId=200000000000000001", "",
		`{"User":{` + someUser + `}}`, ci,
	},
	"delete a user": {
		OpDeleteUser, func(ctx context.Context, c *Client) (any, error) { return nothing(c.DeleteUser(ctx, ci.UserID)) },
		"UserId=200000000000000001", "", `{}`, nil,
	},
	"list users": {
		OpListUsers, func(ctx context.Context, c *Client) (any, error) { return all(c.ListUsers(ctx)) },
		"MaxItems=1000&Status=active%2Cfreeze", "",
		`{"IsTruncated":false,"Users":{"User":[{` + someUser + `,"Status":"freeze","Tags":{"Tag":[]}}]}}`,
		[]User{{
			UserID: ci.UserID, UserPrincipalName: ci.UserPrincipalName, UserName: "ci", DisplayName: "CI", Status: "freeze", Tags: Tags{},
		}},
	},
	"list no users": {
		OpListUsers, func(ctx context.Context, c *Client) (any, error) { return all(c.ListUsers(ctx)) },
		"MaxItems=1000&Status=active%2Cfreeze", "", `{}`, []User(nil),
	},
	"list deleted users": {
		OpListUsersInRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return all(c.ListUsersInRecycleBin(ctx, "ci@example.onaliyun.com"))
		},
		"Filter=UserPrincipalName%20eq%20ci%40example.onaliyun.com&MaxItems=100", "",
		`{"Users":{"User":[{` + someUser + `,"RecycleDate":"2026-01-02T03:04:05Z","DeleteDate":"2026-02-01T03:04:05Z"}]}}`,
		[]RecycledUser{{
			UserID: ci.UserID, UserPrincipalName: ci.UserPrincipalName, DisplayName: "CI",
			RecycleDate: at("2026-01-02T03:04:05Z"), DeleteDate: at("2026-02-01T03:04:05Z"),
		}},
	},
	"get a deleted user": {
		OpGetUserInRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetUserInRecycleBin(ctx, GetRecycledUserInput{UserID: ci.UserID}))
		},
		"UserId=200000000000000001", "", `{"User":{` + someUser + `}}`,
		RecycledUser{UserID: ci.UserID, UserPrincipalName: ci.UserPrincipalName, DisplayName: "CI"},
	},
	"restore a user": {
		OpRestoreUserFromRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.RestoreUserFromRecycleBin(ctx, ci.UserID))
		},
		"UserId=200000000000000001", "", `{}`, nil,
	},
	"purge a user": {
		OpDeleteUserInRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DeleteUserInRecycleBin(ctx, ci.UserID))
		},
		"UserId=200000000000000001", "", `{}`, nil,
	},
	"create a key": {
		OpCreateAccessKey, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreateAccessKey(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"AccessKey":{"AccessKeyId":"LTAIexample000000000001","AccessKeySecret":"testsecret","Status":"Active","CreateDate":"2026-01-02T03:04:05Z"}}`,
		CreatedAccessKey{
			AccessKey{AccessKeyID: "LTAIexample000000000001", Status: AccessKeyActive, CreateDate: at("2026-01-02T03:04:05Z")},
			rpc.NewSecret("testsecret"),
		},
	},
	"list keys": {
		OpListAccessKeys, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ListAccessKeys(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"AccessKeys":{"AccessKey":[{"AccessKeyId":"LTAIexample000000000001","Status":"Inactive","CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-03T03:04:05Z"}]}}`,
		[]AccessKey{{"LTAIexample000000000001", AccessKeyInactive, at("2026-01-02T03:04:05Z"), at("2026-01-03T03:04:05Z")}},
	},
	"list no keys": {
		OpListAccessKeys, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ListAccessKeys(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "", `{"AccessKeys":{"AccessKey":[]}}`,
		[]AccessKey{},
	},
	"disable a key": {
		OpUpdateAccessKey, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.UpdateAccessKey(ctx, someKey, AccessKeyInactive))
		},
		"Status=Inactive&UserAccessKeyId=LTAIexample000000000001&UserPrincipalName=ci%40example.onaliyun.com", "", `{}`, nil,
	},
	"delete a key": {
		OpDeleteAccessKey, func(ctx context.Context, c *Client) (any, error) { return nothing(c.DeleteAccessKey(ctx, someKey)) },
		"UserAccessKeyId=LTAIexample000000000001&UserPrincipalName=ci%40example.onaliyun.com", "", `{}`, nil,
	},
	"last use of a key": {
		OpGetAccessKeyLastUsed, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetAccessKeyLastUsed(ctx, someKey))
		},
		"UserAccessKeyId=LTAIexample000000000001&UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"AccessKeyLastUsed":{"LastUsedDate":"2026-01-02T03:04:05Z","ServiceName":"Ram"}}`,
		AccessKeyLastUsed{at("2026-01-02T03:04:05Z"), "Ram"},
	},
	"a key never used": {
		OpGetAccessKeyLastUsed, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetAccessKeyLastUsed(ctx, someKey))
		},
		"UserAccessKeyId=LTAIexample000000000001&UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"AccessKeyLastUsed":{"LastUsedDate":"N/A","ServiceName":"N/A"}}`,
		AccessKeyLastUsed{ServiceName: "N/A"},
	},
	"list deleted keys": {
		OpListAccessKeysInRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ListAccessKeysInRecycleBin(ctx, ci.UserID))
		},
		"UserId=200000000000000001", "",
		`{"AccessKeys":{"AccessKey":[{"AccessKeyId":"LTAIexample000000000001","RecycleDate":"2026-01-02T03:04:05Z"}]}}`,
		[]RecycledAccessKey{{AccessKeyID: "LTAIexample000000000001", RecycleDate: at("2026-01-02T03:04:05Z")}},
	},
	"find a deleted key": {
		OpGetAccessKeyInfoInRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetAccessKeyInfoInRecycleBin(ctx, "LTAIexample000000000001"))
		},
		"UserAccessKeyId=LTAIexample000000000001", "",
		`{"AccessKey":{"AccessKeyId":"LTAIexample000000000001","UserId":"200000000000000001","UserPrincipalName":"ci@example.onaliyun.com","UserRecycled":true}}`,
		RecycledAccessKeyInfo{RecycledAccessKey{AccessKeyID: "LTAIexample000000000001"}, ci.UserID, ci.UserPrincipalName, true},
	},
	"restore a key": {
		OpRestoreAccessKeyFromRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.RestoreAccessKeyFromRecycleBin(ctx, binned))
		},
		"UserAccessKeyId=LTAIexample000000000001&UserId=200000000000000001", "", `{}`, nil,
	},
	"purge a key": {
		OpDeleteAccessKeyInRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DeleteAccessKeyInRecycleBin(ctx, binned))
		},
		"UserAccessKeyId=LTAIexample000000000001&UserId=200000000000000001", "", `{}`, nil,
	},
	"get a login profile": {
		OpGetLoginProfile, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetLoginProfile(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"LoginProfile":{"UserPrincipalName":"ci@example.onaliyun.com","Status":"Active","MFABindRequired":true,"PasswordResetRequired":false,"LastLoginTime":""}}`,
		LoginProfile{UserPrincipalName: ci.UserPrincipalName, Status: "Active", MFABindRequired: true},
	},
	"delete a login profile": {
		OpDeleteLoginProfile, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DeleteLoginProfile(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "", `{}`, nil,
	},
	"get MFA": {
		OpGetUserMFAInfo, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetUserMFAInfo(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"IsMFAEnable":true,"MFADevice":{"SerialNumber":"acs:ram::1000000000000001:mfa/ci","Type":"VMFA"}}`,
		MFAInfo{true, MFADevice{"acs:ram::1000000000000001:mfa/ci", "VMFA"}},
	},
	"unbind MFA": {
		OpUnbindMFADevice, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.UnbindMFADevice(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "", `{"MFADevice":{"SerialNumber":"s"}}`, nil,
	},
	"groups of a user": {
		OpListGroupsForUser, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ListGroupsForUser(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"Groups":{"Group":[{"GroupId":"g-1","GroupName":"dev","DisplayName":"Dev","Comments":"c","JoinDate":"2026-01-02T03:04:05Z"}]}}`,
		[]UserGroup{{"g-1", "dev", "Dev", "c", at("2026-01-02T03:04:05Z")}},
	},
	"leave a group": {
		OpRemoveUserFromGroup, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.RemoveUserFromGroup(ctx, ci.UserPrincipalName, "dev"))
		},
		"GroupName=dev&UserPrincipalName=ci%40example.onaliyun.com", "", `{}`, nil,
	},
	"tag users": {
		OpTagUsers, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.TagUsers(ctx, []string{"1", "2"}, Tags{"k": "v"}))
		},
		"ResourceId.1=1&ResourceId.2=2&ResourceType=user&Tag.1.Key=k&Tag.1.Value=v", "", `{}`, nil,
	},
	"untag users": {
		OpUntagUsers, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.UntagUsers(ctx, []string{"1"}, []string{"k", "l"}))
		},
		"ResourceId.1=1&ResourceType=user&TagKey.1=k&TagKey.2=l", "", `{}`, nil,
	},
	"tags of users": {
		OpListUserTags, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ListUserTags(ctx, []string{"1", "2"}))
		},
		"PageSize=100&ResourceId.1=1&ResourceId.2=2&ResourceType=user", "",
		`{"TagResources":{"TagResource":[{"ResourceType":"user","ResourceId":"1","TagKey":"k","TagValue":"v"}]}}`,
		map[string]Tags{"1": {"k": "v"}, "2": {}},
	},
	"tag roles": {
		OpTagResources, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.TagResources(ctx, TaggedRole, []string{"ops"}, Tags{"k": "v"}))
		},
		`ResourceNames=["ops"]&ResourceType=role&Tag=[{"Key":"k","Value":"v"}]`, "", `{}`, nil,
	},
	"untag policies": {
		OpUntagResources, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.UntagResources(ctx, TaggedPolicy, []string{"p"}, []string{"k"}))
		},
		`ResourceNames=["p"]&ResourceType=policy&TagKeys=["k"]`, "", `{}`, nil,
	},
	"tags of roles": {
		OpListTagResources, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ListTagResources(ctx, TaggedRole, []string{"ops", "dev"}))
		},
		`PageSize=100&ResourceNames=["ops","dev"]&ResourceType=role`, "",
		`{"TagResources":[{"ResourceType":"role","ResourceName":"ops","TagKey":"k","TagValue":"v"}]}`,
		map[string]Tags{"ops": {"k": "v"}, "dev": {}},
	},
	"create a role": {
		OpCreateRole, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreateRole(ctx, CreateRoleInput{
				RoleName: "ops", AssumeRolePolicyDocument: "{}", Description: "d", MaxSessionDuration: 7200, Tags: Tags{"k": "v"},
			}))
		},
		`Description=d&MaxSessionDuration=7200&RoleName=ops&Tag=[{"Key":"k","Value":"v"}]`, "AssumeRolePolicyDocument={}",
		`{"Role":{` + someRole + `,"MaxSessionDuration":7200,"AssumeRolePolicyDocument":"{ }","Description":"d"}}`,
		Role{RoleID: ops.RoleID, RoleName: "ops", ARN: ops.ARN, MaxSessionDuration: 7200, AssumeRolePolicyDocument: "{ }", Description: "d"},
	},
	"get a role": {
		OpGetRole, func(ctx context.Context, c *Client) (any, error) { return value(c.GetRole(ctx, "ops")) },
		"RoleName=ops", "", `{"Role":{` + someRole + `}}`, ops,
	},
	"update a role": {
		OpUpdateRole, func(ctx context.Context, c *Client) (any, error) {
			return value(c.UpdateRole(ctx, UpdateRoleInput{RoleName: "ops", NewAssumeRolePolicyDocument: "{}", NewDescription: new("")}))
		},
		"NewDescription=&RoleName=ops", "NewAssumeRolePolicyDocument={}", `{"Role":{` + someRole + `}}`, ops,
	},
	"delete a role": {
		OpDeleteRole, func(ctx context.Context, c *Client) (any, error) { return nothing(c.DeleteRole(ctx, "ops")) },
		"RoleName=ops", "", `{}`, nil,
	},
	"list roles": {
		OpListRoles, func(ctx context.Context, c *Client) (any, error) { return all(c.ListRoles(ctx)) },
		"MaxItems=1000", "",
		`{"Roles":{"Role":[{` + someRole + `,"Tags":{"Tag":[{"TagKey":"k","TagValue":"v"}]}}]}}`,
		[]Role{{RoleID: ops.RoleID, RoleName: "ops", ARN: ops.ARN, Tags: Tags{"k": "v"}}},
	},
	"create a policy": {
		OpCreatePolicy, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreatePolicy(ctx, CreatePolicyInput{PolicyName: "ReadOSS", PolicyDocument: "{}", Description: "d", Tags: Tags{"k": "v"}}))
		},
		`Description=d&PolicyName=ReadOSS&Tag=[{"Key":"k","Value":"v"}]`, "PolicyDocument={}",
		`{"Policy":{"PolicyName":"ReadOSS","PolicyType":"Custom","DefaultVersion":"v1","Description":"d"}}`,
		Policy{PolicyName: "ReadOSS", PolicyType: PolicyCustom, DefaultVersion: "v1", Description: "d"},
	},
	"get a policy": {
		OpGetPolicy, func(ctx context.Context, c *Client) (any, error) { return value(c.GetPolicy(ctx, readOSS)) },
		"PolicyName=ReadOSS&PolicyType=Custom", "",
		`{"Policy":{"PolicyName":"ReadOSS","PolicyType":"Custom","DefaultVersion":"v2","AttachmentCount":3},
		"DefaultPolicyVersion":{"VersionId":"v2","IsDefaultVersion":true,"PolicyDocument":"{}"}}`,
		PolicyWithDocument{
			Policy{PolicyName: "ReadOSS", PolicyType: PolicyCustom, DefaultVersion: "v2", AttachmentCount: 3},
			PolicyVersion{VersionID: "v2", IsDefaultVersion: true, PolicyDocument: "{}"},
		},
	},
	"list policies": {
		OpListPolicies, func(ctx context.Context, c *Client) (any, error) { return all(c.ListPolicies(ctx, PolicySystem)) },
		"MaxItems=1000&PolicyType=System", "",
		`{"Policies":{"Policy":[{"PolicyName":"AdministratorAccess","PolicyType":"System"}]}}`,
		[]Policy{{PolicyName: "AdministratorAccess", PolicyType: PolicySystem}},
	},
	"describe a policy": {
		OpUpdatePolicyDescription, func(ctx context.Context, c *Client) (any, error) {
			return value(c.UpdatePolicyDescription(ctx, "ReadOSS", ""))
		},
		"NewDescription=&PolicyName=ReadOSS", "", `{"Policy":{"PolicyName":"ReadOSS"}}`,
		Policy{PolicyName: "ReadOSS"},
	},
	"delete a policy with its versions": {
		OpDeletePolicy, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DeletePolicy(ctx, "ReadOSS", true))
		},
		"CascadingDelete=true&PolicyName=ReadOSS", "", `{}`, nil,
	},
	"create a version": {
		OpCreatePolicyVersion, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreatePolicyVersion(ctx, CreatePolicyVersionInput{PolicyName: "ReadOSS", PolicyDocument: "{}", SetAsDefault: true}))
		},
		"PolicyName=ReadOSS&SetAsDefault=true", "PolicyDocument={}",
		`{"PolicyVersion":{"VersionId":"v2","IsDefaultVersion":true,"PolicyDocument":"{}","CreateDate":"2026-01-02T03:04:05Z"}}`,
		PolicyVersion{"v2", true, "{}", at("2026-01-02T03:04:05Z")},
	},
	"get a version": {
		OpGetPolicyVersion, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetPolicyVersion(ctx, readOSS, "v2"))
		},
		"PolicyName=ReadOSS&PolicyType=Custom&VersionId=v2", "", `{"PolicyVersion":{"VersionId":"v2"}}`,
		PolicyVersion{VersionID: "v2"},
	},
	"list versions": {
		OpListPolicyVersions, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ListPolicyVersions(ctx, readOSS))
		},
		"PolicyName=ReadOSS&PolicyType=Custom", "",
		`{"PolicyVersions":{"PolicyVersion":[{"VersionId":"v1"},{"VersionId":"v2","IsDefaultVersion":true}]}}`,
		[]PolicyVersion{{VersionID: "v1"}, {VersionID: "v2", IsDefaultVersion: true}},
	},
	"set the default version": {
		OpSetDefaultPolicyVersion, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.SetDefaultPolicyVersion(ctx, "ReadOSS", "v1"))
		},
		"PolicyName=ReadOSS&VersionId=v1", "", `{}`, nil,
	},
	"delete a version": {
		OpDeletePolicyVersion, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DeletePolicyVersion(ctx, "ReadOSS", "v1"))
		},
		"PolicyName=ReadOSS&VersionId=v1", "", `{}`, nil,
	},
	"attach to a user": {
		OpAttachPolicyToUser, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.AttachPolicyToUser(ctx, UserPolicy{"ci", "ReadOSS", PolicyCustom, ""}))
		},
		"PolicyName=ReadOSS&PolicyType=Custom&UserName=ci", "", `{}`, nil,
	},
	"attach to a group within a resource group": {
		OpAttachPolicyToGroup, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.AttachPolicyToGroup(ctx, GroupPolicy{"dev", "ReadOSS", PolicyCustom, "rg-1"}))
		},
		"GroupName=dev&PolicyName=ReadOSS&PolicyType=Custom&ResourceGroupId=rg-1", "", `{}`, nil,
	},
	"attach to a role": {
		OpAttachPolicyToRole, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.AttachPolicyToRole(ctx, RolePolicy{"ops", "ReadOSS", PolicyCustom, ""}))
		},
		"PolicyName=ReadOSS&PolicyType=Custom&RoleName=ops", "", `{}`, nil,
	},
	"detach from a user": {
		OpDetachPolicyFromUser, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DetachPolicyFromUser(ctx, UserPolicy{"ci", "ReadOSS", PolicyCustom, "rg-1"}))
		},
		"PolicyName=ReadOSS&PolicyType=Custom&ResourceGroupId=rg-1&UserName=ci", "", `{}`, nil,
	},
	"detach from a group": {
		OpDetachPolicyFromGroup, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DetachPolicyFromGroup(ctx, GroupPolicy{"dev", "ReadOSS", PolicyCustom, ""}))
		},
		"GroupName=dev&PolicyName=ReadOSS&PolicyType=Custom", "", `{}`, nil,
	},
	"detach from a role": {
		OpDetachPolicyFromRole, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DetachPolicyFromRole(ctx, RolePolicy{"ops", "ReadOSS", PolicyCustom, ""}))
		},
		"PolicyName=ReadOSS&PolicyType=Custom&RoleName=ops", "", `{}`, nil,
	},
	"policies of a user": {
		OpListPoliciesForUser, func(ctx context.Context, c *Client) (any, error) { return value(c.ListPoliciesForUser(ctx, "ci")) },
		"UserName=ci", "",
		`{"Policies":{"Policy":[{"PolicyName":"ReadOSS","PolicyType":"Custom","Description":"d","DefaultVersion":"v1","AttachDate":"2026-01-02T03:04:05Z"}]}}`,
		[]AttachedPolicy{{"ReadOSS", PolicyCustom, "d", "v1", at("2026-01-02T03:04:05Z")}},
	},
	"policies of a group": {
		OpListPoliciesForGroup, func(ctx context.Context, c *Client) (any, error) { return value(c.ListPoliciesForGroup(ctx, "dev")) },
		"GroupName=dev", "", `{"Policies":{"Policy":[]}}`,
		[]AttachedPolicy{},
	},
	"policies of a role": {
		OpListPoliciesForRole, func(ctx context.Context, c *Client) (any, error) { return value(c.ListPoliciesForRole(ctx, "ops")) },
		"RoleName=ops", "", `{}`, []AttachedPolicy(nil),
	},
	"entities of a policy": {
		OpListEntitiesForPolicy, func(ctx context.Context, c *Client) (any, error) { return value(c.ListEntitiesForPolicy(ctx, readOSS)) },
		"PolicyName=ReadOSS&PolicyType=Custom", "",
		`{"Users":{"User":[{"UserId":"1","UserName":"ci","DisplayName":"CI"}]},"Groups":{"Group":[{"GroupName":"dev","Comments":"c"}]},
		"Roles":{"Role":[{"RoleId":"3","RoleName":"ops","Arn":"acs:ram::1000000000000001:role/ops","Description":"d"}]}}`,
		PolicyEntities{
			[]PolicyUser{{UserID: "1", UserName: "ci", DisplayName: "CI"}},
			[]PolicyGroup{{GroupName: "dev", Comments: "c"}},
			[]PolicyRole{{RoleID: "3", RoleName: "ops", ARN: ops.ARN, Description: "d"}},
		},
	},
	"attach within a scope": {
		OpAttachPolicy, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.AttachPolicy(ctx, ScopedAttachment{"ReadOSS", PolicyCustom, PrincipalUser, "ci@example.onaliyun.com", "rg-1"}))
		},
		"PolicyName=ReadOSS&PolicyType=Custom&PrincipalName=ci%40example.onaliyun.com&PrincipalType=IMSUser&ResourceGroupId=rg-1", "", `{}`, nil,
	},
	"detach within a scope": {
		OpDetachPolicy, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DetachPolicy(ctx, ScopedAttachment{"ReadOSS", PolicyCustom, PrincipalRole, "ops@role.example.onaliyunservice.com", "rg-1"}))
		},
		"PolicyName=ReadOSS&PolicyType=Custom&PrincipalName=ops%40role.example.onaliyunservice.com&PrincipalType=ServiceRole&ResourceGroupId=rg-1", "", `{}`, nil,
	},
	"attachments of a principal": {
		OpListPolicyAttachments, func(ctx context.Context, c *Client) (any, error) {
			return all(c.ListPolicyAttachments(ctx, ListPolicyAttachmentsInput{PrincipalType: PrincipalGroup, PrincipalName: "dev@group.example.onaliyun.com"}))
		},
		"PageNumber=1&PageSize=100&PrincipalName=dev%40group.example.onaliyun.com&PrincipalType=IMSGroup", "",
		`{"TotalCount":1,"PageNumber":1,"PageSize":100,"PolicyAttachments":{"PolicyAttachment":[{"PolicyName":"ReadOSS","PolicyType":"Custom",
		"PrincipalType":"IMSGroup","PrincipalName":"dev@group.example.onaliyun.com","ResourceGroupId":"rg-1","AttachDate":"2026-01-02T03:04:05Z"}]}}`,
		[]PolicyAttachment{{"ReadOSS", PolicyCustom, PrincipalGroup, "dev@group.example.onaliyun.com", "rg-1", "", at("2026-01-02T03:04:05Z")}},
	},
	"account alias": {
		OpGetAccountAlias, func(ctx context.Context, c *Client) (any, error) { return value(c.GetAccountAlias(ctx)) },
		"", "", `{"AccountAlias":"example"}`, "example",
	},
	"no account alias": {
		OpGetAccountAlias, func(ctx context.Context, c *Client) (any, error) { return value(c.GetAccountAlias(ctx)) },
		"", "", `{}`, "",
	},
	"default domain": {
		OpGetDefaultDomain, func(ctx context.Context, c *Client) (any, error) { return value(c.GetDefaultDomain(ctx)) },
		"", "", `{"DefaultDomainName":"example.onaliyun.com"}`, "example.onaliyun.com",
	},
	"account summary": {
		OpGetAccountSummary, func(ctx context.Context, c *Client) (any, error) { return value(c.GetAccountSummary(ctx)) },
		"", "", `{"SummaryMap":{"Users":3,"UsersQuota":5000,"AccessKeysPerUserQuota":2,"Unknown":1}}`,
		AccountSummary{Users: 3, UsersQuota: 5000, AccessKeysPerUserQuota: 2},
	},
	"assume a role": {
		OpAssumeRole, func(ctx context.Context, c *Client) (any, error) {
			return value(c.AssumeRole(ctx, AssumeRoleInput{
				RoleARN: ops.ARN, RoleSessionName: "s1", DurationSeconds: 900, Policy: "{}", ExternalID: "x",
			}))
		},
		"DurationSeconds=900&RoleArn=acs%3Aram%3A%3A1000000000000001%3Arole%2Fops&RoleSessionName=s1", "ExternalId=x&Policy={}",
		`{"Credentials":{"AccessKeyId":"STS.testid","AccessKeySecret":"testsecret","SecurityToken":"token","Expiration":"2026-01-02T03:04:05Z"},
		"AssumedRoleUser":{"Arn":"acs:ram::1000000000000001:role/ops/s1","AssumedRoleId":"3:s1"}}`,
		RoleSession{
			RoleSessionCredentials{"STS.testid", rpc.NewSecret("testsecret"), rpc.NewSecret("token"), at("2026-01-02T03:04:05Z")},
			AssumedRoleUser{"acs:ram::1000000000000001:role/ops/s1", "3:s1"},
		},
	},
	"assume a role with a token": {
		OpAssumeRoleWithOIDC, func(ctx context.Context, c *Client) (any, error) {
			return value(c.AssumeRoleWithOIDC(ctx, AssumeRoleWithOIDCInput{
				OIDCProviderARN: "acs:ram::1000000000000001:oidc-provider/ci", RoleARN: ops.ARN, OIDCToken: rpc.NewSecret("testtoken"),
				RoleSessionName: "s1", DurationSeconds: 900, Policy: "{}",
			}))
		},
		"DurationSeconds=900&OIDCProviderArn=acs%3Aram%3A%3A1000000000000001%3Aoidc-provider%2Fci&RoleArn=acs%3Aram%3A%3A1000000000000001%3Arole%2Fops&RoleSessionName=s1",
		"OIDCToken=testtoken&Policy={}",
		`{"Credentials":{"AccessKeyId":"STS.testid","AccessKeySecret":"testsecret","SecurityToken":"token","Expiration":"2026-01-02T03:04:05Z"},
		"AssumedRoleUser":{"Arn":"acs:ram::1000000000000001:role/ops/s1","AssumedRoleId":"3:s1"},"OIDCTokenInfo":{"Subject":"x"}}`,
		RoleSession{
			RoleSessionCredentials{"STS.testid", rpc.NewSecret("testsecret"), rpc.NewSecret("token"), at("2026-01-02T03:04:05Z")},
			AssumedRoleUser{"acs:ram::1000000000000001:role/ops/s1", "3:s1"},
		},
	},
	"who am I": {
		OpGetCallerIdentity, func(ctx context.Context, c *Client) (any, error) { return value(c.GetCallerIdentity(ctx)) },
		"", "",
		`{"AccountId":"1000000000000001","Arn":"acs:ram::1000000000000001:user/ci","IdentityType":"RAMUser","PrincipalId":"2","UserId":"2"}`,
		CallerIdentity{"1000000000000001", "acs:ram::1000000000000001:user/ci", IdentityRAMUser, "2", "2", ""},
	},
}

func TestOperations(t *testing.T) {
	t.Parallel()
	for name, test := range operationTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := newFake(t, map[string]func(request) string{
				test.op.Name: always(withRequestID(test.answer)),
			})
			got, err := test.call(t.Context(), service.client())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmp.Comparer(func(a, b rpc.Secret) bool { return a == b })); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			want := []request{{test.op.Name, test.op.Version, query(t, test.query), query(t, test.body)}}
			if diff := cmp.Diff(want, service.sent(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("requests (-want +got)\n%s", diff)
			}
		})
	}
}

func withRequestID(answer string) string {
	if answer == "{}" {
		return `{"RequestId":"R"}`
	}
	return `{"RequestId":"R",` + strings.TrimPrefix(answer, "{")
}

func query(t *testing.T, encoded string) url.Values {
	t.Helper()
	values, err := url.ParseQuery(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func TestEveryOperationIsTestedAndDeclaredOnce(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for _, test := range operationTests {
		tested[test.op.Product+"."+test.op.Name] = true
	}
	seen := map[string]bool{}
	for _, op := range Operations() {
		key := op.Product + "." + op.Name
		if !tested[key] {
			t.Errorf("%s has no test", key)
		}
		if seen[key] {
			t.Errorf("%s is declared twice", key)
		}
		seen[key] = true
		if op.Version == "" || op.Retry == 0 || op.Rate == 0 {
			t.Errorf("%s is incomplete: %+v", key, op)
		}
		reads := strings.HasPrefix(op.Name, "Get") || strings.HasPrefix(op.Name, "List") || strings.HasPrefix(op.Name, "AssumeRole")
		if reads == op.Mutates {
			t.Errorf("%s: Mutates is %v", key, op.Mutates)
		}
		creates := strings.HasPrefix(op.Name, "Create") || strings.HasPrefix(op.Name, "Restore")
		if creates != (op.Retry == rpc.RetryIfRejected) {
			t.Errorf("%s: Retry is %v", key, op.Retry)
		}
	}
}

// Whoever has the token needs no credentials, and none are sent.
func TestAssumeRoleWithOIDCNeedsNoCredentials(t *testing.T) {
	t.Parallel()
	service := newFake(t, map[string]func(request) string{OpAssumeRoleWithOIDC.Name: always(withRequestID(operationTests["assume a role with a token"].answer))})
	client := New(Config{Endpoints: Endpoints{STS: service.URL}, HTTPClient: service.Client(), Clock: clock.NewFake(start)})
	session, err := client.AssumeRoleWithOIDC(t.Context(), AssumeRoleWithOIDCInput{
		OIDCProviderARN: "acs:ram::1000000000000001:oidc-provider/ci", RoleARN: ops.ARN, OIDCToken: rpc.NewSecret("testtoken"), RoleSessionName: "s1",
	})
	if err != nil || session.Credentials.AccessKeyID != "STS.testid" {
		t.Errorf("got %q, %v, want STS.testid", session.Credentials.AccessKeyID, err)
	}
	if got := OpAssumeRoleWithOIDC.Permission(); got != "" || !OpAssumeRoleWithOIDC.Unsigned {
		t.Errorf("needs permission %q, unsigned is %t, want none and true", got, OpAssumeRoleWithOIDC.Unsigned)
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	for want, op := range map[string]rpc.Operation{
		"ram:CreateUser":            OpCreateUser,
		"ram:TagResources":          OpTagUsers,
		"ram:ListPolicyAttachments": OpListPolicyAttachments,
		"sts:AssumeRole":            OpAssumeRole,
		"":                          OpGetCallerIdentity,
	} {
		if got := op.Permission(); got != want {
			t.Errorf("%s: got %q, want %q", op.Name, got, want)
		}
	}
}

// An answer without what identifies the thing is worse than an error: it would be taken
// for an object without a name, or a key without a secret.
func TestIncompleteAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		call string
		want string
	}{
		"user":     {"get a user by id", "User.UserId"},
		"key":      {"create a key", "AccessKey.AccessKeyId"},
		"role":     {"get a role", "Role.RoleId"},
		"policy":   {"get a policy", "Policy.PolicyName"},
		"version":  {"get a version", "PolicyVersion.VersionId"},
		"bin":      {"find a deleted key", "AccessKey.AccessKeyId"},
		"user bin": {"get a deleted user", "User.UserId"},
		"domain":   {"default domain", "DefaultDomainName"},
		"session":  {"assume a role", "Credentials.AccessKeyId"},
		"identity": {"who am I", "AccountId"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			operation := operationTests[test.call]
			service := newFake(t, map[string]func(request) string{operation.op.Name: always(`{"RequestId":"R"}`)})
			_, err := operation.call(t.Context(), service.client())
			var failure *rpc.Error
			if want := "the answer cannot be used: it has no " + test.want; !errors.As(err, &failure) || failure.Message != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

// Where the service takes the caller if nobody is named, a forgotten name must not
// reach it.
func TestNobodyIsNamed(t *testing.T) {
	t.Parallel()
	service := newFake(t, nil)
	c := service.client()
	calls := map[string]func() error{
		"CreateAccessKey": func() error { _, err := c.CreateAccessKey(t.Context(), ""); return err },
		"ListAccessKeys":  func() error { _, err := c.ListAccessKeys(t.Context(), ""); return err },
		"UpdateAccessKey": func() error { return c.UpdateAccessKey(t.Context(), AccessKeyRef{AccessKeyID: "k"}, AccessKeyInactive) },
		"DeleteAccessKey": func() error { return c.DeleteAccessKey(t.Context(), AccessKeyRef{AccessKeyID: "k"}) },
		"DeleteUser":      func() error { return c.DeleteUser(t.Context(), "") },
		"DeleteAccessKeyInRecycleBin": func() error {
			return c.DeleteAccessKeyInRecycleBin(t.Context(), RecycledAccessKeyRef{AccessKeyID: "k"})
		},
		"GetUser": func() error { _, err := c.GetUser(t.Context(), GetUserInput{}); return err },
		"GetUser twice": func() error {
			_, err := c.GetUser(t.Context(), GetUserInput{UserID: "1", UserPrincipalName: "n"})
			return err
		},
		"GetUserInRecycleBin": func() error { _, err := c.GetUserInRecycleBin(t.Context(), GetRecycledUserInput{}); return err },
		"UntagUsers":          func() error { return c.UntagUsers(t.Context(), []string{"1"}, nil) },
	}
	for name, call := range calls {
		if err := call(); err == nil || errors.As(err, new(*rpc.Error)) {
			t.Errorf("%s: got %v, want a refusal before sending", name, err)
		}
	}
	if got := service.counts(); got != nil {
		t.Errorf("sent %v", got)
	}
}

func TestListsGoThroughAllPages(t *testing.T) {
	t.Parallel()
	service := newFake(t, map[string]func(request) string{
		"ListUsers": func(r request) string {
			if r.Query.Get("Marker") == "" {
				return `{"RequestId":"R","IsTruncated":true,"Marker":"m2","Users":{"User":[{"UserId":"1"}]}}`
			}
			return `{"RequestId":"R","IsTruncated":false,"Users":{"User":[{"UserId":"` + r.Query.Get("Marker") + `"}]}}`
		},
		"ListPolicyAttachments": func(r request) string {
			return `{"RequestId":"R","TotalCount":3,"PolicyAttachments":{"PolicyAttachment":[{"PolicyName":"p` + r.Query.Get("PageNumber") + `"}]}}`
		},
		"ListTagResources": func(r request) string {
			if r.Query.Get("NextToken") == "" {
				return `{"RequestId":"R","NextToken":"t","TagResources":[{"ResourceName":"a","TagKey":"1","TagValue":"x"}]}`
			}
			return `{"RequestId":"R","NextToken":"","TagResources":[{"ResourceName":"a","TagKey":"2","TagValue":"y"},{"ResourceName":"stranger"}]}`
		},
	})
	c := service.client()
	users, err := collect(c.ListUsers(t.Context()))
	if err != nil || len(users) != 2 || users[1].UserID != "m2" {
		t.Errorf("users: got %v, %v", users, err)
	}
	list := c.ListPolicyAttachments(t.Context(), ListPolicyAttachmentsInput{})
	for range 2 { // an iterator can be used again
		var names []string
		for attachment, err := range list {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, attachment.PolicyName)
		}
		if diff := cmp.Diff([]string{"p1", "p2", "p3"}, names); diff != "" {
			t.Errorf("attachments (-want +got)\n%s", diff)
		}
	}
	tags, err := c.ListTagResources(t.Context(), TaggedRole, []string{"a"})
	if diff := cmp.Diff(map[string]Tags{"a": {"1": "x", "2": "y"}}, tags); diff != "" || err != nil {
		t.Errorf("tags (-want +got)\n%s%v", diff, err)
	}
}

func TestErrorsAreHandedOn(t *testing.T) {
	t.Parallel()
	for name, test := range operationTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := newFake(t, map[string]func(request) string{test.op.Name: always(refusal(403, "NoPermission"))})
			if _, err := test.call(t.Context(), service.client()); !IsNoPermission(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// FuzzDecode puts any answer in the way of every operation: a value or an error must
// come back, and never a success that lacks what the operation promises.
func FuzzDecode(f *testing.F) {
	for _, test := range operationTests {
		f.Add(withRequestID(test.answer))
	}
	f.Add(`{"RequestId":"R","User":null,"Role":[],"Users":{"User":[null]}}`)
	f.Fuzz(func(t *testing.T, answer string) {
		client := New(Config{
			Credentials: testCredentials{}, Clock: clock.NewFake(start), MaxRetries: -1,
			HTTPClient: &http.Client{Transport: answering(answer)},
		})
		for name, test := range operationTests {
			got, err := test.call(t.Context(), client)
			if err != nil {
				continue
			}
			if !json.Valid([]byte(answer)) {
				t.Errorf("%s takes %q for %s", name, answer, fmt.Sprint(got))
			}
			if key, ok := got.(CreatedAccessKey); ok && key.AccessKeySecret.IsEmpty() {
				t.Errorf("a key without a secret from %q", answer)
			}
			if user, ok := got.(User); ok && user.UserID == "" {
				t.Errorf("a user without an id from %q", answer)
			}
		}
	})
}

// answering gives every request the same answer, without a network.
type answering string

func (a answering) RoundTrip(*http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	_, _ = recorder.WriteString(string(a))
	return recorder.Result(), nil
}
