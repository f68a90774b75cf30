package policy

import (
	"regexp"
	"slices"
	"strings"
)

// ValidateIdentity checks a permission policy: one attached to a user, a group or a role,
// or passed to AssumeRole (whose smaller limit the caller checks).
// It returns all faults in the order of the text, joined, each a *Fault; nil if there are
// none.
//
// It refuses what the service is documented to refuse. Condition operators and keys,
// service codes and names of operations are open sets and not checked.
// RAM: "Policy structure and syntax", "Policy elements".
func ValidateIdentity(text string) error { return validate(text, checkIdentity).join() }

// ValidateTrust checks the trust policy of a role, and answers as ValidateIdentity does.
// RAM: "Edit the trust policy of a RAM role".
func ValidateTrust(text string) error { return validate(text, checkTrust).join() }

func validate(text string, check func(*faults, statement)) *faults {
	doc, f := read(text)
	if doc == nil {
		return f
	}
	if size := Size(text); size > MaxDocumentSize {
		f.add(0, "", "the document has %d characters, white space included; the service takes at most %d", size, MaxDocumentSize)
	}
	switch {
	case !doc.hasVersion:
		f.add(doc.offset, "", `the policy has no Version, expected "Version": "1"`)
	case doc.version.text != Version:
		f.add(doc.version.offset, "Version", `found %s, expected "1", the only version of RAM's policy language`, quote(doc.version.text))
	}
	f.refuseUnknown("", doc.unknown, documentElements)
	for _, s := range doc.statements {
		if s.hasSID {
			f.add(s.sid.offset, s.path+".Sid", "RAM's policy language has no Sid, remove it")
		}
		f.refuseUnknown(s.path+".", s.unknown, statementElements)
		check(f, s)
	}
	f.sort()
	return f
}

func checkIdentity(f *faults, s statement) {
	if s.trusting {
		f.add(s.principalOffset, s.path+".Principal", "found Principal in a permission policy, expected none: it speaks for whom it is attached to")
	}
	if s.resource.name == "" {
		f.add(s.offset, s.path, `the statement has no Resource, expected "Resource": "*" or ARNs`)
	}
	for i, v := range s.action.values {
		if !actionForm.MatchString(v.text) {
			f.add(v.offset, s.action.path(s, i), `found %s, expected service:Operation such as "ram:CreateUser", or "*"`, quote(v.text))
		}
	}
	for i, v := range s.resource.values {
		if v.text != "*" && !resourceForm.MatchString(v.text) {
			f.add(v.offset, s.resource.path(s, i), `found %s, expected acs:service:region:account:relative-id such as "acs:ram:*:1234567890123456:user/alice", or "*"`, quote(v.text))
		}
	}
}

func checkTrust(f *faults, s statement) {
	if s.effect == EffectDeny {
		f.add(s.effectOffset, s.path+".Effect", `found "Deny", expected "Allow": a trust policy only lists who may assume the role`)
	}
	if s.resource.name != "" {
		f.add(s.resource.offset, s.path+"."+s.resource.name, "found %s in a trust policy, expected none: it is about the role it belongs to", s.resource.name)
	}
	if s.action.negated {
		f.add(s.action.offset, s.path+".NotAction", `found NotAction in a trust policy, expected "Action": "sts:AssumeRole"`)
	}
	for i, v := range s.action.values {
		if !s.action.negated && !slices.Contains(trustActions, fold(v.text)) {
			f.add(v.offset, s.action.path(s, i), `found %s, expected "sts:AssumeRole" (for OIDC and SAML too)`, quote(v.text))
		}
	}
	if !s.trusting {
		f.add(s.offset, s.path, `the statement has no Principal, expected who may assume the role, such as "Principal": {"RAM": "acs:ram::1234567890123456:root"}`)
	}
	for _, list := range s.principals {
		path := s.path + ".Principal." + list.kind
		form, known := principalForms[list.kind]
		if !known {
			f.add(list.offset, path, "found the key %s, expected RAM, Service or Federated", quote(list.kind))
			continue
		}
		for _, v := range list.values {
			if !form.pattern.MatchString(v.text) {
				f.add(v.offset, path, "found %s, which is no principal, expected %s", quote(v.text), form.expected)
			}
		}
	}
}

var (
	actionForm   = regexp.MustCompile(`^(\*|[^\s:]+:\S+)$`)
	resourceForm = regexp.MustCompile(`(?s)^acs:[^\s:]+:[^\s:]*:[^\s:]*:.+$`)
)

// trustActions, folded. One action stands for all three ways to assume a role; the two
// others go with a source identity and with session tags, and nothing says that the
// service refuses them.
var trustActions = []string{"sts:assumerole", "sts:setsourceidentity", "sts:tagsession"}

// principalForms are the values under each key of Principal. Names have the characters
// that the service allows for users and roles, so none has a wildcard; an account may be *.
var principalForms = map[string]struct {
	pattern  *regexp.Regexp
	expected string
}{
	"RAM": {
		regexp.MustCompile(`^(\*|acs:ram::(\d{16}|\*):(root|(user|role)/[A-Za-z0-9._-]{1,64}))$`),
		"acs:ram::<account id of 16 digits>:root, …:user/<name> or …:role/<name>",
	},
	"Service": {
		regexp.MustCompile(`(?i)^(\d{16}@)?([a-z0-9-]+\.)+[a-z]+$`),
		"the host of a service such as ecs.aliyuncs.com, or <account id>@ecs.aliyuncs.com",
	},
	"Federated": {
		regexp.MustCompile(`^acs:ram::\d{16}:(saml|oidc)-provider/[^\s/*?]{1,128}$`),
		"acs:ram::<account id of 16 digits>:saml-provider/<name> or …:oidc-provider/<name>",
	},
}

var (
	documentElements  = []string{"Version", "Statement"}
	statementElements = []string{"Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "Condition"}
)

func (f *faults) refuseUnknown(prefix string, unknown []member, known []string) {
	for _, m := range unknown {
		expected := "one of " + strings.Join(known, ", ")
		for _, element := range known {
			if strings.TrimSuffix(fold(m.key), "s") == fold(element) {
				expected = element + " (keys are spelt exactly so)"
			}
		}
		f.add(m.offset, prefix+m.key, "found the key %s, expected %s", quote(m.key), expected)
	}
}
