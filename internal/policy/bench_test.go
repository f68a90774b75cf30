package policy

import (
	"fmt"
	"strings"
	"testing"
)

// large is a policy of 4,400 characters: forty statements of three actions each.
func large() string {
	statements := make([]string, 40)
	for i := range statements {
		statements[i] = fmt.Sprintf(`{"Effect":"Allow","Action":["ecs:Describe%d*","oss:Get%d","oss:Put%d"],"Resource":"acs:ecs:*:1:instance/i-%d"}`, i, i, i, i)
	}
	return `{"Version":"1","Statement":[` + strings.Join(statements, ",") + `]}`
}

func BenchmarkParse(b *testing.B) {
	text := large()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEqual(b *testing.B) {
	text := large()
	respaced := strings.ReplaceAll(text, ",", ", ")
	b.ReportAllocs()
	for b.Loop() {
		if !Equal(text, respaced) {
			b.Fatal("not equal")
		}
	}
}

func BenchmarkEvaluate(b *testing.B) {
	doc := mustParse(b, large())
	request := Request{Action: "oss:Put39", Resource: "acs:ecs:cn-hangzhou:1:instance/i-39"}
	b.ReportAllocs()
	for b.Loop() {
		if got := doc.Evaluate(request); got != Allow {
			b.Fatal(got)
		}
	}
}
