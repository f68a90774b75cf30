package policy

import (
	"fmt"
	"strings"
	"testing"
)

// Documents made at random are written twice, each time with another order, another
// white space, other escapes, and with or without lists of one: they must be equal, have
// one canonical spelling and decide alike. With one value changed they must differ.
func TestEqualSeesThroughEverySpelling(t *testing.T) {
	t.Parallel()
	for seed := range dice(200) {
		made := randomStatements(throw(seed, 1))
		one := respell(throw(seed, 2), made)
		two := respell(throw(seed, 3), made)
		if !Equal(one, two) {
			a, errA := Canonical(one)
			b, errB := Canonical(two)
			t.Fatalf("seed %d:\n%s\n%s\nare not equal:\n%s %v\n%s %v", seed, one, two, a, errA, b, errB)
		}
		docOne, docTwo := mustParse(t, one), mustParse(t, two)
		for _, request := range probes(docOne) {
			if a, b := docOne.Evaluate(request), docTwo.Evaluate(request); a != b {
				t.Errorf("seed %d: %+v: got %s and %s from\n%s\n%s", seed, request, a, b, one, two)
			}
		}
		for name, change := range map[string]func(*Statement){
			"effect": func(s *Statement) {
				s.Effect = map[Effect]Effect{EffectAllow: EffectDeny, EffectDeny: EffectAllow}[s.Effect]
			},
			"action":   func(s *Statement) { s.Actions = append(s.Actions[1:], "new:Action") },
			"resource": func(s *Statement) { s.Resources = append(s.Resources[1:], "acs:new:*:*:resource") },
			"condition": func(s *Statement) {
				s.Conditions = append(s.Conditions, Condition{"StringEquals", "new:key", []string{"v"}})
			},
		} {
			changed := append([]Statement(nil), made...)
			changed[0].Actions = append([]string(nil), changed[0].Actions...)
			changed[0].Resources = append([]string(nil), changed[0].Resources...)
			change(&changed[0])
			if three := respell(throw(seed, 4), changed); Equal(one, three) {
				t.Errorf("seed %d: another %s is no difference:\n%s\n%s", seed, name, one, three)
			}
		}
	}
}

// dice fall the same way in every run (Park and Miller's generator).
type dice int

func throw(seed, use dice) *dice {
	d := 1 + seed*10 + use
	return &d
}

func (d *dice) roll(sides int) int {
	*d = *d * 48271 % 2147483647
	return int(*d) / 7 % sides
}

func (d *dice) shuffle(items []string) {
	for i := len(items) - 1; i > 0; i-- {
		j := d.roll(i + 1)
		items[i], items[j] = items[j], items[i]
	}
}

// randomStatements differ in their SID, so that no change makes one the twin of another.
func randomStatements(random *dice) []Statement {
	some := func(values ...string) []string {
		random.shuffle(values)
		return values[:1+random.roll(len(values))]
	}
	statements := make([]Statement, 1+random.roll(4))
	for i := range statements {
		s := Statement{
			SID:       fmt.Sprint("s", i),
			Effect:    Effect(some("Allow", "Deny")[0]),
			Actions:   some("ram:GetUser", "ram:Create*", "oss:*", "ecs:DescribeInstance?"),
			Resources: some("acs:ram:*:1:user/é", "acs:oss::*:bucket/a\"b\\c", "acs:ecs:cn-?:1:instance/i", "*"),
		}
		for _, operator := range some("StringLike", "NumericLessThan", "Bool", "NotIpAddress")[1:] {
			for _, key := range some("acs:SourceIp", "k/\t", "界") {
				s.Conditions = append(s.Conditions, Condition{operator, key, some("true", "17", "10.0.0.0/8", "")})
			}
		}
		statements[i] = s
	}
	return statements
}

// respell writes statements as JSON in one of many ways.
func respell(random *dice, statements []Statement) string {
	shuffled := func(items []string) []string {
		items = append([]string(nil), items...)
		random.shuffle(items)
		return items
	}
	space := func() string { return []string{"", " ", "\n\t", "\r\n"}[random.roll(4)] }
	join := func(opening string, items []string, closing string) string {
		return opening + space() + strings.Join(shuffled(items), space()+","+space()) + space() + closing
	}
	text := func(s string) string {
		if s != "" && s[0] < 0x80 && random.roll(3) == 0 {
			return fmt.Sprintf(`"\u%04X`, s[0]) + jsonString(s[1:])[1:]
		}
		return jsonString(s)
	}
	list := func(values []string, spell func(string) string) string {
		var items []string
		for _, v := range values {
			for range 1 + random.roll(2) {
				items = append(items, spell(v))
			}
		}
		if len(items) == 1 && random.roll(2) == 0 {
			return items[0]
		}
		return join("[", items, "]")
	}
	action := func(s string) string {
		return text([]string{s, strings.ToUpper(s), strings.ToLower(s)}[random.roll(3)])
	}
	scalar := func(s string) string {
		if (s == "true" || s == "17") && random.roll(2) == 0 {
			return s
		}
		return text(s)
	}
	member := func(key, value string) string { return text(key) + space() + ":" + space() + value }

	var written []string
	for _, s := range statements {
		keys := map[string][]string{}
		for _, c := range s.Conditions {
			keys[c.Operator] = append(keys[c.Operator], member(c.Key, list(c.Values, scalar)))
		}
		var operators []string
		for operator, members := range keys {
			operators = append(operators, member(operator, join("{", members, "}")))
		}
		members := []string{
			member("Sid", text(s.SID)), member("Effect", text(string(s.Effect))),
			member("Action", list(s.Actions, action)), member("Resource", list(s.Resources, text)),
		}
		if len(operators) > 0 || random.roll(2) == 0 {
			members = append(members, member("Condition", join("{", operators, "}")))
		}
		written = append(written, join("{", members, "}"))
	}
	return space() + join("{", []string{member("Version", text("1")), member("Statement", join("[", written, "]"))}, "}")
}
