package policy

import (
	"strings"
	"unicode/utf8"
)

// fold is the spelling by which names that ignore case are compared.
func fold(s string) string { return strings.ToLower(s) }

// glob matches text against a pattern in which * is any run of characters, also an empty
// one, and ? is exactly one. Its time is at most the product of the two lengths.
func glob(pattern, text string) bool {
	p, t := 0, 0
	star, resume := -1, 0 // the last * seen, and where its run may be extended to
	for t < len(text) {
		_, size := utf8.DecodeRuneInString(text[t:])
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, t
			p++
		case p < len(pattern) && pattern[p] == '?':
			p, t = p+1, t+size
		case p < len(pattern) && pattern[p] == text[t]:
			p, t = p+1, t+1
		case star >= 0:
			_, size := utf8.DecodeRuneInString(text[resume:])
			resume += size
			p, t = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// An arn is acs:service:region:account:relative. The relative part may hold colons and
// slashes of its own.
type arn struct {
	whole                              string
	service, region, account, relative string
	ok                                 bool // has the five segments
}

func splitARN(s string) arn {
	parts := strings.SplitN(s, ":", 5)
	if len(parts) != 5 || parts[0] != "acs" {
		return arn{whole: s}
	}
	return arn{s, parts[1], parts[2], parts[3], parts[4], true}
}

// matches says whether a Resource value of a policy covers this ARN. Segments compare one
// by one, so that no * reaches over a colon before the relative part.
func (a arn) matches(pattern string) bool {
	if pattern == "*" {
		return true
	}
	p := splitARN(pattern)
	if !p.ok || !a.ok {
		return p.ok == a.ok && glob(pattern, a.whole)
	}
	relative, wanted := a.relative, p.relative
	if a.service == "ram" && strings.HasPrefix(fold(relative), "role/") {
		// The service is reported to return role names of ARNs in lower case.
		relative, wanted = fold(relative), fold(wanted)
	}
	return glob(p.service, a.service) &&
		(p.region == "" || glob(p.region, a.region)) &&
		glob(p.account, a.account) &&
		glob(wanted, relative)
}
