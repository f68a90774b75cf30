package accesskey_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A relay stands between the provider and the service, where a test can do something at
// a given call: before it reaches the service, or instead of passing the answer on.
type relay struct {
	mu    sync.Mutex
	hooks map[string][]hook
	every hook // of every call that no other hook is for; nil passes it on
}

// A hook handles one call. Forward passes it on to the service.
type hook func(w http.ResponseWriter, r *http.Request, forward http.Handler)

func newRelay(t *testing.T, w *world) *relay {
	t.Helper()
	target, err := url.Parse(w.URL)
	w.must(err)
	// The Host that the client signed stays as it is.
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host }}
	to := &relay{hooks: map[string][]hook{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if next := to.next(r.Header.Get("x-acs-action")); next != nil {
			next(w, r, forward)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		for operation, left := range to.hooks {
			if len(left) > 0 {
				t.Errorf("%d hooks of %s were not reached", len(left), operation)
			}
		}
	})
	w.arguments["request_timeout"] = "2s"
	w.arguments["endpoints"] = map[string]any{"ram": server.URL, "ims": server.URL, "sts": server.URL, "resource_manager": server.URL}
	w.restart()
	return to
}

// at queues what is to happen at the next calls of the operation, one each.
func (r *relay) at(operation string, hooks ...hook) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hooks[operation] = append(r.hooks[operation], hooks...)
}

// always is for every call that nothing is queued for; nil passes them on.
func (r *relay) always(every hook) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.every = every
}

func (r *relay) next(operation string) hook {
	r.mu.Lock()
	defer r.mu.Unlock()
	queue := r.hooks[operation]
	if len(queue) == 0 {
		return r.every
	}
	r.hooks[operation] = queue[1:]
	return queue[0]
}

func reset(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }

func pass(w http.ResponseWriter, r *http.Request, forward http.Handler) { forward.ServeHTTP(w, r) }

// actThenReset lets the service act and loses the answer.
func actThenReset(_ http.ResponseWriter, r *http.Request, forward http.Handler) {
	forward.ServeHTTP(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

// actThenHang lets the service act and never answers; the client runs into its timeout.
func actThenHang(_ http.ResponseWriter, r *http.Request, forward http.Handler) {
	forward.ServeHTTP(httptest.NewRecorder(), r)
	<-r.Context().Done()
}

// and does something more before the hook.
func and(first func(), then hook) hook {
	return func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		first()
		then(w, r, forward)
	}
}

// wantNothingLost checks that the service has the key in state, and besides it only the
// keys given.
func (w *world) wantNothingLost(key acctest.Object, others map[string]ramclient.AccessKeyStatus) {
	w.t.Helper()
	want := map[string]ramclient.AccessKeyStatus{}
	maps.Copy(want, others)
	if key.Exists() {
		id := w.text(key, "access_key_id")
		want[id] = ramclient.AccessKeyStatus(w.text(key, "status"))
		client := w.ClientFor(acctest.Key{ID: id, Secret: w.text(key, "secret")})
		if _, err := client.GetCallerIdentity(w.t.Context()); err != nil && want[id] == ramclient.AccessKeyActive {
			w.t.Errorf("the key in state does not sign: %v", err)
		}
	}
	w.wantLive(want)
}

// The answer is lost and the key is there: it is put away, and another one is made.
func TestAccessKey_lostAnswer(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]hook{"reset": actThenReset, "timeout": actThenHang} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, acctest.New(t))
			newRelay(t, w).at("CreateAccessKey", fault)
			key, diags := w.Apply(w.plan(gone, config()))
			if diags.HasError() {
				t.Fatalf("apply: %q", diags.Errors())
			}
			lost := w.recycled()
			if len(lost) != 1 {
				t.Fatalf("keys in the bin: %v, want the lost one", lost)
			}
			acctest.RequireAmong(t, diags.Warnings(), lost[0], "secret", "was lost", "recycle bin",
				"RestoreAccessKeyFromRecycleBin --UserId "+w.user.UserID+" --UserAccessKeyId "+lost[0])
			w.wantNothingLost(key, nil)
			if got := w.Emulator.Count("CreateAccessKey"); got != 3 {
				t.Errorf("%d requests, want 3: the lost one, its repetition, and one for another key", got)
			}
			w.wantEmptyPlan(key, config())
		})
	}
}

// The request is lost before it reaches the service: it is simply repeated.
func TestAccessKey_lostRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	newRelay(t, w).at("CreateAccessKey", reset)
	key, diags := w.Apply(w.plan(gone, config()))
	wantNone(t, "diagnostics", append(diags.Errors(), diags.Warnings()...))
	w.wantNothingLost(key, nil)
	w.wantRecycled()
	if got := w.Emulator.Count("CreateAccessKey"); got != 1 {
		t.Errorf("%d requests reached the service, want 1", got)
	}
}

// Three answers in a row are lost: those of one request and of its repetitions.
func TestAccessKey_lostThreeTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	newRelay(t, w).at("CreateAccessKey", actThenReset, actThenReset, actThenReset)
	key, diags := w.Apply(w.plan(gone, config()))
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	lost := w.recycled()
	if len(lost) != 1 {
		t.Fatalf("keys in the bin: %v, want the lost one", lost)
	}
	acctest.RequireAmong(t, diags.Warnings(), lost[0], "was lost", "RestoreAccessKeyFromRecycleBin")
	w.wantNothingLost(key, nil)
}

// Both keys that are asked for are lost: none stays active, and the error says so.
func TestAccessKey_lostBothKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	newRelay(t, w).at("CreateAccessKey", actThenReset, pass, actThenReset)
	left, diags := w.Apply(w.plan(gone, config()))
	acctest.RequireAmong(t, diags.Errors(), `Cannot create an AccessKey for RAM user "ci"`, "connection was lost")
	if left.Exists() {
		t.Errorf("in state: %v", w.Attributes(left.Value))
	}
	w.wantNothingLost(gone, nil)
	if got := len(w.recycled()); got != 2 {
		t.Errorf("%d keys in the bin, want 2", got)
	}
	for _, id := range w.recycled() {
		acctest.RequireAmong(t, diags.Warnings(), id)
	}
	// The next run has a free way.
	w.restart()
	w.wantNothingLost(w.apply(gone, config()), nil)
}

// No answer ever comes: what appeared may be ours or not, so it is named and stays.
func TestAccessKey_neverAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	to := newRelay(t, w)
	planned := w.plan(gone, config())
	to.always(func(rw http.ResponseWriter, r *http.Request, forward http.Handler) {
		if r.Header.Get("x-acs-action") == "CreateAccessKey" {
			actThenReset(rw, r, forward)
		}
		forward.ServeHTTP(rw, r)
	})
	left, diags := w.Apply(planned)
	if left.Exists() || len(w.live()) != 1 {
		t.Errorf("state %v, keys %v", w.Attributes(left.Value), w.live())
	}
	for id, status := range w.live() {
		acctest.RequireAmong(t, diags.Errors(), id, "Whether the request ever reached the service is not known", "not touched", "Next step")
		if status != "Active" {
			t.Errorf("%s is %s", id, status)
		}
	}
}

// A colleague's keys are never touched, whenever they appear.
func TestAccessKey_lostAnswerAndAColleague(t *testing.T) {
	t.Parallel()
	t.Run("key of before", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, acctest.New(t))
		theirs := w.colleagueKey()
		newRelay(t, w).at("CreateAccessKey", actThenReset)
		key, diags := w.Apply(w.plan(gone, config()))
		if diags.HasError() {
			t.Fatal(diags.Errors())
		}
		w.wantNothingLost(key, map[string]ramclient.AccessKeyStatus{theirs: "Active"})
	})
	t.Run("key of before that the first list does not show", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, acctest.New(t))
		planned := w.plan(gone, config())
		w.Emulator.Fail("ListAccessKeys", emulator.StaleReads(1))
		theirs := w.colleagueKey()
		w.Clock.Advance(5 * time.Second)
		newRelay(t, w).at("CreateAccessKey", actThenReset)
		_, diags := w.Apply(planned)
		if got := w.live()[theirs]; got != "Active" {
			t.Errorf("the colleague's key is %q, want Active: %q", got, diags.Errors())
		}
	})
	t.Run("key made meanwhile", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, acctest.New(t))
		theirs := ""
		newRelay(t, w).at("CreateAccessKey", and(func() { theirs = w.colleagueKey() }, actThenReset))
		left, diags := w.Apply(w.plan(gone, config()))
		acctest.RequireAmong(t, diags.Errors(), "more than one key appeared", theirs, "None was touched")
		live := w.live()
		if left.Exists() || len(live) != 2 || live[theirs] != "Active" {
			t.Errorf("state %v, keys %v", w.Attributes(left.Value), live)
		}
		for id, status := range live {
			acctest.RequireAmong(t, diags.Errors(), id)
			if status != "Active" {
				t.Errorf("%s is %s, want Active", id, status)
			}
		}
		w.wantRecycled()
	})
	t.Run("key made while ours never arrived", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, acctest.New(t))
		theirs := ""
		newRelay(t, w).at("CreateAccessKey", and(func() { theirs = w.colleagueKey() }, reset))
		key, diags := w.Apply(w.plan(gone, config()))
		wantNone(t, "error", diags.Errors())
		acctest.RequireAmong(t, diags.Warnings(), "whose secret is lost", theirs, "not touched")
		w.wantNothingLost(key, map[string]ramclient.AccessKeyStatus{theirs: "Active"})
		w.wantRecycled()
	})
	for name, test := range map[string]struct {
		then func(*world, ramclient.CreatedAccessKey)
		why  string
	}{
		"used": {func(w *world, key ramclient.CreatedAccessKey) {
			_, err := w.ClientFor(acctest.Key{ID: key.AccessKeyID, Secret: key.AccessKeySecret.Reveal()}).GetCallerIdentity(w.t.Context())
			w.must(err)
		}, "It has been used since"},
		"disabled": {func(w *world, key ramclient.CreatedAccessKey) {
			w.must(w.Client.UpdateAccessKey(w.t.Context(), w.ref(key.AccessKeyID), ramclient.AccessKeyInactive))
		}, "It has been disabled since"},
	} {
		t.Run("key made while ours failed, and "+name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, acctest.New(t, promptly))
			var theirs ramclient.CreatedAccessKey
			newRelay(t, w).at("CreateAccessKey", and(func() {
				theirs = w.failAndMake()
				test.then(w, theirs)
			}, pass))
			_, diags := w.Apply(w.plan(gone, config()))
			acctest.RequireAmong(t, diags.Errors(), theirs.AccessKeyID, test.why, "not touched", "Next step")
			w.wantRecycled()
		})
	}
	// This cannot be told from a key of ours whose answer was lost.
	t.Run("key made while ours failed, unused", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, acctest.New(t))
		var theirs ramclient.CreatedAccessKey
		newRelay(t, w).at("CreateAccessKey", and(func() { theirs = w.failAndMake() }, pass))
		_, diags := w.Apply(w.plan(gone, config()))
		wantNone(t, "error", diags.Errors())
		acctest.RequireAmong(t, diags.Warnings(), theirs.AccessKeyID, "If it was not this run that made it, restore it", "RestoreAccessKeyFromRecycleBin")
	})
	t.Run("key made while ours failed, with on_lost_answer", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, acctest.New(t))
		var theirs ramclient.CreatedAccessKey
		newRelay(t, w).at("CreateAccessKey", and(func() { theirs = w.failAndMake() }, pass))
		_, diags := w.Apply(w.plan(gone, config("on_lost_answer", "error")))
		acctest.RequireAmong(t, diags.Errors(), theirs.AccessKeyID, "not touched")
		w.wantLive(map[string]ramclient.AccessKeyStatus{theirs.AccessKeyID: "Active"})
	})
}

// failAndMake lets the request under way fail inside the service, and makes a key in the
// same moment.
func (w *world) failAndMake() ramclient.CreatedAccessKey {
	w.t.Helper()
	key, err := w.Client.CreateAccessKey(w.t.Context(), w.user.UserPrincipalName)
	w.must(err)
	w.Emulator.Fail("CreateAccessKey", emulator.Refuse(500, "InternalError", "The request processing has failed."))
	return key
}

// The first copy of the request comes through only after its repetition was answered:
// the service does not act on it.
func TestAccessKey_lateRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	late := make(chan func(), 1)
	hold := func(_ http.ResponseWriter, r *http.Request, forward http.Handler) {
		held := r.Clone(t.Context())
		late <- func() { forward.ServeHTTP(httptest.NewRecorder(), held) }
		panic(http.ErrAbortHandler)
	}
	newRelay(t, w).at("CreateAccessKey", hold, func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		forward.ServeHTTP(w, r)
		(<-late)()
	})
	key, diags := w.Apply(w.plan(gone, config()))
	wantNone(t, "diagnostics", append(diags.Errors(), diags.Warnings()...))
	if got := w.Emulator.Count("CreateAccessKey"); got != 2 {
		t.Errorf("%d requests reached the service, want both copies", got)
	}
	w.wantNothingLost(key, nil)
}

// A key that was made in time but shows late is put away after the second one is safe.
func TestAccessKey_lateList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	planned := w.plan(gone, config())
	w.Emulator.Fail("CreateAccessKey", emulator.CommitThenReset())
	w.Emulator.Fail("ListAccessKeys", emulator.StaleReads(10)) // the first list, and the search for as long as it lasts
	key, diags := w.Apply(planned)
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	lost := w.recycled()
	if len(lost) != 1 {
		t.Fatalf("keys in the bin: %v, want the late one", lost)
	}
	acctest.RequireAmong(t, diags.Warnings(), lost[0], "was lost")
	w.wantNothingLost(key, nil)
}

// A full bin is not made to purge a key for the sake of one that nobody can use.
func TestAccessKey_lostAnswerAndAFullBin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	for range 3 {
		w.recycleKey(w.colleagueKey())
	}
	binned := w.recycled()
	w.Clock.Advance(time.Hour)
	w.Emulator.Fail("CreateAccessKey", emulator.CommitThenReset())
	key, diags := w.Apply(w.plan(gone, config()))
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	live := w.live()
	delete(live, w.text(key, "access_key_id"))
	for id, status := range live {
		if status != "Inactive" {
			t.Errorf("the lost key %s is %s", id, status)
		}
		acctest.RequireAmong(t, diags.Warnings(), id, "bin is full", "occupies one of the user's slots")
	}
	if len(live) != 1 {
		t.Errorf("other keys: %v, want the lost one", live)
	}
	w.wantRecycled(binned...)
}

func TestAccessKey_lostAnswerIsAnError(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{"acted": emulator.CommitThenReset(), "not acted": emulator.ResetBefore()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, acctest.New(t))
			w.Emulator.Fail("CreateAccessKey", fault)
			left, diags := w.Apply(w.plan(gone, config("on_lost_answer", "error")))
			if left.Exists() {
				t.Errorf("in state: %v", w.Attributes(left.Value))
			}
			acctest.RequireAmong(t, diags.Errors(), "The answer to creating an AccessKey", "was lost", "Next step")
			for id, status := range w.live() {
				acctest.RequireAmong(t, diags.Errors(), id, "not touched")
				if status != "Active" {
					t.Errorf("%s is %s, want it untouched", id, status)
				}
			}
			if got := w.Emulator.Count("CreateAccessKey"); got != 1 {
				t.Errorf("%d requests, want 1", got)
			}
		})
	}
}

// What was made cannot be found out: the error says so, and nothing is sent again.
func TestAccessKey_lostAnswerAndNoList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	to := newRelay(t, w)
	planned := w.plan(gone, config())
	to.at("CreateAccessKey", actThenReset)
	to.at("ListAccessKeys", pass, func(rw http.ResponseWriter, _ *http.Request, _ http.Handler) {
		rw.WriteHeader(http.StatusForbidden)
		_, _ = rw.Write([]byte(`{"RequestId":"R","Code":"NoPermission","Message":"You are not authorized."}`))
	})
	_, diags := w.Apply(planned)
	acctest.RequireAmong(t, diags.Errors(), "could not be found out", "NoPermission", "delete one that was created just now")
}

// The client's clock is off by minutes; the service's counts.
func TestAccessKey_lostAnswerWithAWrongClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t, func(c *emulator.Config) { c.Clock = ahead{c.Clock, 4 * time.Minute} }))
	w.Emulator.Fail("CreateAccessKey", emulator.CommitThenReset())
	key, diags := w.Apply(w.plan(gone, config()))
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	if got := len(w.recycled()); got != 1 {
		t.Errorf("%d keys in the bin, want the lost one", got)
	}
	w.wantNothingLost(key, nil)
}

// ahead is a clock that is fast.
type ahead struct {
	clock.Clock
	by time.Duration
}

func (a ahead) Now() time.Time { return a.Clock.Now().Add(a.by) }

// Two keys of one user at once, one of them with a lost answer: neither is taken for
// the other's.
func TestAccessKey_lostAnswerAmongSeveral(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	plans := []acctest.Planned{w.plan(gone, config()), w.plan(gone, config())}
	w.Emulator.Fail("CreateAccessKey", emulator.CommitThenReset())
	keys := make([]acctest.Object, len(plans))
	var wait sync.WaitGroup
	for n, planned := range plans {
		wait.Go(func() {
			var diags acctest.Diagnostics
			if keys[n], diags = w.Apply(planned); diags.HasError() {
				t.Errorf("apply: %q", diags.Errors())
			}
		})
	}
	wait.Wait()
	w.wantNothingLost(keys[0], map[string]ramclient.AccessKeyStatus{w.text(keys[1], "access_key_id"): "Active"})
	if got := len(w.recycled()); got != 1 {
		t.Errorf("%d keys in the bin, want the lost one", got)
	}
}

// A key of the same run and second, which the first list does not show yet, is known to
// be no lost one.
func TestAccessKey_lostAnswerBesideAnOwnKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	plans := []acctest.Planned{w.plan(gone, config()), w.plan(gone, config())}
	w.Emulator.Fail("ListAccessKeys", emulator.StaleReads(3)) // one for the first key, two for the second
	first, diags := w.Apply(plans[0])
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	w.Emulator.Fail("CreateAccessKey", emulator.ResetBefore())
	second, diags := w.Apply(plans[1])
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	w.wantNothingLost(second, map[string]ramclient.AccessKeyStatus{w.text(first, "access_key_id"): "Active"})
}

// An interrupt that comes while the key is made is too late: the answer is waited for.
func TestAccessKey_interruptedWhileSending(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]hook{"answered": pass, "answer lost": actThenReset} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, acctest.New(t))
			to := newRelay(t, w)
			ctx, interrupt := context.WithCancel(t.Context())
			w.Protocol = w.Env.Protocol(logged{t, ctx}, w.arguments)
			to.at("CreateAccessKey", and(interrupt, fault))
			key, diags := w.Apply(w.plan(gone, config()))
			if diags.HasError() || !key.Exists() {
				t.Fatalf("apply: %q", diags.Errors())
			}
			w.wantNothingLost(key, nil)
		})
	}
}

// No text shows a secret: not those of a key, not that of a key in trouble.
func TestAccessKey_unreadableAnswerShowsNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	const planted = "plantedsecret0123456789abcdef"
	newRelay(t, w).at("CreateAccessKey", func(rw http.ResponseWriter, _ *http.Request, _ http.Handler) {
		_, _ = rw.Write([]byte(`{"RequestId":"R","AccessKey":{"AccessKeySecret":"` + planted + `"`))
	})
	_, diags := w.Apply(w.plan(gone, config("on_lost_answer", "error")))
	for _, text := range append(diags.Errors(), diags.Warnings()...) {
		if strings.Contains(text, planted) {
			t.Errorf("shown: %s", text)
		}
	}
}
