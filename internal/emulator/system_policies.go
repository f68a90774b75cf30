package emulator

import (
	"encoding/json"
	"fmt"
	"time"
)

// systemPolicies are those that every account finds, by fold(name); nobody changes
// them. It is a choice of common ones. Documents follow the pages "System policies for
// ECS" and those of the services; where a service publishes none, the document grants
// the service's own actions alone (assumption "system-policies").
var systemPolicies = asPolicies([]systemPolicy{
	{"AdministratorAccess", "Provides full access to Alibaba Cloud services and resources.", allow("*")},
	{
		"ReadOnlyAccess", "Provides read-only access to Alibaba Cloud services and resources.",
		allow("*:Describe*", "*:List*", "*:Get*", "*:BatchGet*", "*:Query*", "*:BatchQuery*", "actiontrail:LookupEvents"),
	},

	{"AliyunRAMFullAccess", "Provides full access to Resource Access Management (RAM).", allow("ram:*")},
	{"AliyunRAMReadOnlyAccess", "Provides read-only access to Resource Access Management (RAM).", allow("ram:Get*", "ram:List*")},
	{"AliyunSTSAssumeRoleAccess", "Provides access to the AssumeRole operation of Security Token Service (STS).", allow("sts:AssumeRole")},
	{
		"AliyunResourceDirectoryReadOnlyAccess", "Provides read-only access to Resource Directory.",
		allow("resourcemanager:Get*", "resourcemanager:List*"),
	},

	{
		"AliyunECSFullAccess", "Provides full access to Elastic Compute Service (ECS).",
		allow("ecs:*", "vpc:DescribeVpcs", "vpc:DescribeVSwitches"),
	},
	{
		"AliyunECSReadOnlyAccess", "Provides read-only access to Elastic Compute Service (ECS).",
		allow("ecs:Describe*", "ecs:List*", "vpc:DescribeVpcs", "vpc:DescribeVSwitches"),
	},
	{"AliyunVPCFullAccess", "Provides full access to Virtual Private Cloud (VPC).", allow("vpc:*")},
	{"AliyunVPCReadOnlyAccess", "Provides read-only access to Virtual Private Cloud (VPC).", allow("vpc:Describe*", "vpc:List*", "vpc:Get*")},
	{"AliyunSLBFullAccess", "Provides full access to Server Load Balancer (SLB).", allow("slb:*", "alb:*", "nlb:*")},
	{"AliyunSLBReadOnlyAccess", "Provides read-only access to Server Load Balancer (SLB).", allow("slb:Describe*", "slb:List*")},

	{"AliyunOSSFullAccess", "Provides full access to Object Storage Service (OSS).", allow("oss:*")},
	{"AliyunOSSReadOnlyAccess", "Provides read-only access to Object Storage Service (OSS).", allow("oss:Get*", "oss:List*")},
	{"AliyunRDSFullAccess", "Provides full access to ApsaraDB RDS.", allow("rds:*")},
	{"AliyunRDSReadOnlyAccess", "Provides read-only access to ApsaraDB RDS.", allow("rds:Describe*", "rds:List*")},
	{"AliyunKvstoreFullAccess", "Provides full access to Tair and ApsaraDB for Redis.", allow("kvstore:*")},
	{"AliyunKvstoreReadOnlyAccess", "Provides read-only access to Tair and ApsaraDB for Redis.", allow("kvstore:Describe*", "kvstore:List*")},

	{"AliyunARMSFullAccess", "Provides full access to Application Real-Time Monitoring Service (ARMS).", allow("arms:*")},
	{
		"AliyunARMSReadOnlyAccess", "Provides read-only access to Application Real-Time Monitoring Service (ARMS).",
		allow("arms:Get*", "arms:List*", "arms:Query*", "arms:Describe*", "arms:Search*", "arms:Check*"),
	},
	{"AliyunCloudMonitorFullAccess", "Provides full access to CloudMonitor.", allow("cms:*")},
	{
		"AliyunCloudMonitorReadOnlyAccess", "Provides read-only access to CloudMonitor.",
		allow("cms:Get*", "cms:List*", "cms:Query*", "cms:BatchQuery*", "cms:Describe*"),
	},
	{"AliyunLogFullAccess", "Provides full access to Simple Log Service.", allow("log:*")},
	{"AliyunLogReadOnlyAccess", "Provides read-only access to Simple Log Service.", allow("log:Get*", "log:List*", "log:Query*")},
	{"AliyunActionTrailFullAccess", "Provides full access to ActionTrail.", allow("actiontrail:*")},

	{"AliyunCSFullAccess", "Provides full access to Container Service for Kubernetes (ACK).", allow("cs:*")},
	{"AliyunContainerRegistryFullAccess", "Provides full access to Container Registry.", allow("cr:*")},
	{"AliyunContainerRegistryReadOnlyAccess", "Provides read-only access to Container Registry.", allow("cr:Get*", "cr:List*", "cr:PullRepository")},
	{"AliyunFCFullAccess", "Provides full access to Function Compute.", allow("fc:*")},
	{"AliyunKMSFullAccess", "Provides full access to Key Management Service (KMS).", allow("kms:*")},
	{"AliyunDNSFullAccess", "Provides full access to Alibaba Cloud DNS.", allow("alidns:*")},
	{"AliyunBSSReadOnlyAccess", "Provides read-only access to the Billing Management console.", allow("bss:Describe*", "bss:Get*", "bss:Query*", "bssapi:Get*", "bssapi:Query*")},
})

type systemPolicy struct{ name, description, document string }

// systemPoliciesSince is the date all of them carry; the service publishes none here.
var systemPoliciesSince = time.Date(2015, 4, 28, 0, 0, 0, 0, time.UTC)

func asPolicies(list []systemPolicy) map[string]*policy {
	policies := map[string]*policy{}
	for _, s := range list {
		p := &policy{Name: s.name, Description: s.description, Created: systemPoliciesSince, Updated: systemPoliciesSince}
		p.Default = p.add(s.document, systemPoliciesSince).ID
		policies[fold(p.Name)] = p
	}
	return policies
}

// allow is a document that allows actions on everything.
func allow(actions ...string) string {
	type statement struct{ Action, Resource, Effect any }
	text, err := json.MarshalIndent(struct {
		Version   string
		Statement []statement
	}{"1", []statement{{oneOrList(actions), "*", "Allow"}}}, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("emulator: system policy does not encode: %v", err)) // only strings inside
	}
	return string(text)
}

func oneOrList(values []string) any {
	if len(values) == 1 {
		return values[0]
	}
	return values
}
