package main

import (
	"fmt"
	"maps"
	"math"
	"time"
)

// A workload is what an account is to have, and what that costs at the least.
type workload struct {
	users, keys, userGrants int
	roles, policies         int // with one grant each
}

// mix is the realistic account of n users: one key and two policies for each, and a role
// with a custom policy of its own for every tenth.
func mix(n int) workload {
	return workload{users: n, keys: n, userGrants: 2 * n, roles: n / 10, policies: n / 10}
}

// objects is how many resources Terraform manages.
func (w workload) objects() int {
	return w.users + w.keys + w.userGrants + w.roles + 2*w.policies
}

// phase is one command of Terraform on a workload.
type phase string

// The phases in which a workload is measured.
const (
	create  phase = "create"
	plan    phase = "plan without changes"
	retag   phase = "change one tag everywhere"
	destroy phase = "destroy"
)

var phases = []phase{create, plan, retag, destroy}

// needed are the calls that the phase cannot do without, by operation, as the API offers
// them: what is created, changed or deleted needs a call each; users and attachments can
// be listed, 1,000 and 100 on a page; keys are listed by user; the documents of roles and
// policies are read one by one.
func (w workload) needed(p phase) map[string]int {
	reads := map[string]int{
		"ListUsers": pages(w.users, 1000), "ListAccessKeys": w.keys, "ListPolicyAttachments": pages(w.userGrants+w.policies, 100),
		"GetRole": w.roles, "GetPolicy": w.policies, "ListRoles": pages(w.roles, 1000), "ListPolicies": pages(w.policies, 1000),
	}
	writes := map[string]int{}
	switch p {
	case create:
		return map[string]int{
			"CreateUser": w.users, "CreateAccessKey": w.keys, "AttachPolicyToUser": w.userGrants,
			"CreateRole": w.roles, "CreatePolicy": w.policies, "AttachPolicyToRole": w.policies,
		}
	case plan:
		return reads
	case retag: // a call tags up to 50 objects, but Terraform updates no more than these at once
		writes = map[string]int{
			"IMS TagResources": pages(w.users, parallelism), "RAM TagResources": pages(w.roles, parallelism) + pages(w.policies, parallelism),
		}
	case destroy:
		writes = map[string]int{
			"DetachPolicyFromUser": w.userGrants, "UpdateAccessKey": w.keys, "DeleteAccessKey": w.keys, "DeleteUser": w.users,
			"DetachPolicyFromRole": w.policies, "DeleteRole": w.roles, "DeletePolicy": w.policies,
		}
	}
	maps.Copy(reads, writes)
	return reads
}

func pages(items, size int) int { return (items + size - 1) / size }

// parallelism is how many resources Terraform works on at once unless told otherwise.
const parallelism = 10

// Documented rates per operation and account, "Limits" page of RAM, December 2025.
const (
	readsPerSecond     = 100
	writesPerSecond    = 20
	relationsPerSecond = 10
)

func perSecond(operation string) float64 {
	switch operation {
	case "AttachPolicyToUser", "DetachPolicyFromUser", "AttachPolicyToRole", "DetachPolicyFromRole", "IMS TagResources", "RAM TagResources":
		return relationsPerSecond
	case "ListUsers", "ListAccessKeys", "ListPolicyAttachments", "GetRole", "GetPolicy", "ListRoles", "ListPolicies":
		return readsPerSecond
	}
	return writesPerSecond
}

// latency of every answer of the emulator.
const latency = 50 * time.Millisecond

// floor is the least time that anybody needs for the calls: the operation that fills its
// quota longest, or all of them one after the other on that many lines.
func floor(needed map[string]int, parallel int) time.Duration {
	longest, total := 0.0, 0
	for operation, count := range needed {
		longest = math.Max(longest, float64(count)/perSecond(operation))
		total += count
	}
	lines := time.Duration(math.Ceil(float64(total)/float64(parallel))) * latency
	return max(time.Duration(longest*float64(time.Second)), lines)
}

// inTurn is how long the calls take if one operation fills its quota after the other.
func inTurn(needed map[string]int) time.Duration {
	sum := 0.0
	for operation, count := range needed {
		sum += float64(count) / perSecond(operation)
	}
	return time.Duration(sum * float64(time.Second))
}

const requiredProvider = `terraform {
  required_providers {
    ram = { source = "ramprovider/ram" }
  }
}
`

// providerBlock signs with a key.
func providerBlock(endpoint, keyID, keySecret string) string {
	return requiredProvider + fmt.Sprintf(`
variable "tag" { default = "first" }
provider "ram" {
  access_key_id     = %[2]q
  access_key_secret = %[3]q
  endpoints         = { ram = %[1]q, ims = %[1]q, sts = %[1]q, resource_manager = %[1]q }
  plaintext_secrets = "allow"
  default_tags      = { tags = { run = var.tag } }
}
`, endpoint, keyID, keySecret)
}

// configuration is the workload in Terraform's language, by file: a module for each person
// and for each job. With resources of a thousand instances that refer to each other,
// Terraform would look at all instances of one for each instance of the other.
func (w workload) configuration(endpoint, keyID, keySecret string) map[string]string {
	return map[string]string{
		"main.tf": providerBlock(endpoint, keyID, keySecret) + people(w.users) + fmt.Sprintf(`
locals {
  jobs = { for i in range(%d) : format("job-%%04d", i) => i }
}

module "person" {
  source   = "./person"
  for_each = local.people
  name     = each.key
}

module "job" {
  source   = "./job"
  for_each = local.jobs
  name     = each.key
}
`, w.roles),

		"person/main.tf": requiredProvider + `
variable "name" {}

resource "ram_user" "this" {
  name = var.name
}

resource "ram_access_key" "this" {
  user_name = ram_user.this.name
}

resource "ram_user_policy_attachment" "oss" {
  user_name   = ram_user.this.name
  policy_name = "AliyunOSSReadOnlyAccess"
  policy_type = "System"
}

resource "ram_user_policy_attachment" "ecs" {
  user_name   = ram_user.this.name
  policy_name = "AliyunECSReadOnlyAccess"
  policy_type = "System"
}
`,

		"job/main.tf": requiredProvider + `
variable "name" {}

resource "ram_role" "this" {
  name = var.name
  assume_role_policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ecs.aliyuncs.com"] } }]
  })
}

resource "ram_policy" "this" {
  name = var.name
  policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = ["oss:GetObject"], Resource = ["acs:oss:*:*:${var.name}/*"] }]
  })
}

resource "ram_role_policy_attachment" "this" {
  role_name   = ram_role.this.name
  policy_name = ram_policy.this.name
  policy_type = "Custom"
}
`,
	}
}
