package emulator

import (
	"fmt"
	"testing"
	"time"
)

func TestRates(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{EnforceRates: true})
	create := func(n int) reply { return s.root.do(ram, "CreateUser", params{"UserName": fmt.Sprint("user", n)}) }
	for n := range 20 {
		if got := create(n); got.Status != 200 {
			t.Fatalf("call %d of the first second: got %d %s, want success", n+1, got.Status, got.Code)
		}
	}
	s.clock.Advance(250 * time.Millisecond)
	got := create(20)
	if got.Status != 400 || got.Code != "Throttling.User" || got.Header.Get("X-Acs-Retry-After") != "750" {
		t.Errorf("the 21st call: got %d %s with %v, want 400 Throttling.User after 750 ms", got.Status, got.Code, got.Header)
	}
	s.root.must(ims, "CreateUser", params{"UserPrincipalName": upn(s, "ims"), "DisplayName": "x"})
	s.other.must(ram, "CreateUser", params{"UserName": "bot"})
	s.clock.Advance(750 * time.Millisecond)
	if got := create(20); got.Status != 200 {
		t.Errorf("in the next second: got %d %s, want success", got.Status, got.Code)
	}
}

func TestThrottleStatusIsASwitch(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{ThrottleStatus: 429})
	s.Fail("ListUsers", Throttle(0))
	s.root.refused(ram, "ListUsers", nil, 429, "Throttling.User")
}

func TestLatencyPassesOnTheClock(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{Latency: 50 * time.Millisecond})
	s.root.must(ram, "ListUsers", nil)
	if got, want := s.clock.Now(), start.Add(50*time.Millisecond); !got.Equal(want) {
		t.Errorf("after one call it is %s, want %s", got, want)
	}
}
