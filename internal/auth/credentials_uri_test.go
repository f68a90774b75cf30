package auth

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

const goodAnswer = `{"Code":"Success","AccessKeyId":"STS.example","AccessKeySecret":"testsecret","SecurityToken":"testtoken","Expiration":"2026-01-02T05:04:05Z"}`

// serve answers every request with handler and returns the base URL.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func TestCredentialsURIAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		end    time.Time // of a good answer
		want   []string  // parts of the error; nil for a good answer
	}{
		"complete":            {200, goodAnswer, testStart.Add(2 * time.Hour), nil},
		"without Code":        {200, strings.Replace(goodAnswer, `"Code":"Success",`, "", 1), testStart.Add(2 * time.Hour), nil},
		"offset and fraction": {200, strings.Replace(goodAnswer, "05:04:05Z", "06:04:05.000+01:00", 1), testStart.Add(2 * time.Hour), nil},
		"without Expiration":  {200, strings.Replace(goodAnswer, "Expiration", "X", 1), testStart.Add(15 * time.Minute), nil},
		"Code not Success":    {200, strings.Replace(goodAnswer, "Success", "Failed", 1), time.Time{}, []string{"Code is not Success"}},
		"no id":               {200, strings.Replace(goodAnswer, "AccessKeyId", "X", 1), time.Time{}, []string{"AccessKeyId is missing"}},
		"no token":            {200, strings.Replace(goodAnswer, "SecurityToken", "X", 1), time.Time{}, []string{"SecurityToken is missing"}},
		"no JSON":             {200, "testsecret", time.Time{}, []string{"not the expected JSON"}},
		"huge":                {200, strings.Repeat(testSecret, 10000), time.Time{}, []string{"larger than 64 KiB"}},
		"204":                 {204, "", time.Time{}, []string{"HTTP status 204, want 200"}},
		"404":                 {404, goodAnswer, time.Time{}, []string{"HTTP status 404, want 200"}},
		"expired":             {200, strings.Replace(goodAnswer, "2026", "2025", 1), time.Time{}, []string{"ended at 2025"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet || r.URL.RawQuery != "key=testsecret" {
					t.Errorf("request is %s ?%s, want GET ?key=testsecret", r.Method, r.URL.RawQuery)
				}
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			})
			source, err := Resolve(Config{
				Arguments: Arguments{CredentialsURI: rpc.NewSecret(strings.Replace(base, "//", "//me:testsecret@", 1) + "/testtoken?key=testsecret")},
				Machine:   testMachine(nil, nil),
			})
			if err != nil {
				t.Fatal(err)
			}
			c, err := source.Credentials(t.Context())
			if test.want != nil {
				wantError(t, err, append(test.want, "credentials URI at "+base)...)
				return
			}
			if err != nil || c.AccessKeyID != "STS.example" || c.SecurityToken.Reveal() != testToken || !c.Expiration.Equal(test.end) {
				t.Errorf("got %v until %s, %v, want STS.example until %s", c.AccessKeyID, c.Expiration, err, test.end)
			}
			if want := "credentials URI at " + base; source.Description != want {
				t.Errorf("description is %s, want %s", source.Description, want)
			}
		})
	}
}

func TestCredentialsURITriesAgain(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		switch calls.Add(1) {
		case 1:
			w.WriteHeader(http.StatusBadGateway)
		case 2:
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			_, _ = w.Write([]byte(goodAnswer))
		}
	})
	machine := testMachine(map[string]string{"ALIBABA_CLOUD_CREDENTIALS_URI": base}, nil)
	source, err := Resolve(Config{Machine: machine})
	if err != nil {
		t.Fatal(err)
	}
	mustCredentials(t, source)
	if got, want := machine.Clock.Now().Sub(testStart), 600*time.Millisecond; calls.Load() != 3 || got != want {
		t.Errorf("took %d calls with %s of pauses, want 3 with %s", calls.Load(), got, want)
	}
}

func TestCredentialsURIIsFetchedAnewBeforeItEnds(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		_, _ = w.Write([]byte(strings.Replace(goodAnswer, "Expiration", "X", 1)))
	})
	machine := testMachine(nil, nil)
	source, err := Resolve(Config{Arguments: Arguments{CredentialsURI: rpc.NewSecret(base)}, Machine: machine})
	if err != nil {
		t.Fatal(err)
	}
	mustCredentials(t, source)
	machine.Clock.(*clock.Fake).Advance(10 * time.Minute)
	mustCredentials(t, source)
	if got := calls.Load(); got != 1 {
		t.Errorf("fetched %d times in 10 minutes, want 1", got)
	}
	machine.Clock.(*clock.Fake).Advance(5 * time.Minute)
	mustCredentials(t, source)
	if got := calls.Load(); got != 2 {
		t.Errorf("fetched %d times in 15 minutes, want 2", got)
	}
}

func TestFetchRepeatsWhatMayPass(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		want   int64 // calls
	}{
		"429":                       {http.StatusTooManyRequests, "", 3},
		"500":                       {http.StatusInternalServerError, "", 3},
		"503, a page":               {http.StatusServiceUnavailable, "<html>", 3},
		"400 of STS, throttling":    {http.StatusBadRequest, `{"Code":"Throttling.User","Message":"slow"}`, 3},
		"403 of CloudSSO, the same": {http.StatusForbidden, `{"ErrorCode":"Throttling"}`, 3},
		"400":                       {http.StatusBadRequest, `{"Code":"InvalidParameter"}`, 1},
		"401":                       {http.StatusUnauthorized, `{"error":"invalid_token"}`, 1},
		"403":                       {http.StatusForbidden, `{"ErrorCode":"AccessDenied"}`, 1},
		"404, a page":               {http.StatusNotFound, "<html>Throttling", 1},
		"200 whatever it says":      {http.StatusOK, `{"Code":"Throttling"}`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int64
			address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			})
			f := fetcher{transport: http.DefaultTransport, clock: clock.NewFake(testStart), jitter: func() float64 { return 0 }, timeout: time.Minute, tries: 3}
			if status, _, err := f.do(t.Context(), http.MethodGet, address, nil); status != test.status || err != nil {
				t.Errorf("got %d, %v, want %d", status, err, test.status)
			}
			if got := calls.Load(); got != test.want {
				t.Errorf("%d calls, want %d", got, test.want)
			}
		})
	}
}

func TestFetchFollowsNoRedirectToAnotherHost(t *testing.T) {
	t.Parallel()
	other := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the other host was called") })
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/same":
			http.Redirect(w, r, "/good", http.StatusFound)
		case "/good":
			_, _ = w.Write([]byte(goodAnswer))
		default:
			http.Redirect(w, r, other+"/testsecret", http.StatusFound)
		}
	})
	machine := testMachine(nil, nil)
	for path, want := range map[string]string{"/same": "", "/other": "redirected to another host"} {
		source, err := Resolve(Config{Arguments: Arguments{CredentialsURI: rpc.NewSecret(base + path)}, Machine: machine})
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Credentials(t.Context())
		if want == "" && err != nil {
			t.Errorf("%s: %v", path, err)
		} else if want != "" {
			wantError(t, err, want)
		}
	}
}

func TestFetchNetworkErrorsShowNoURL(t *testing.T) {
	t.Parallel()
	f := fetcher{transport: http.DefaultTransport, clock: clock.NewFake(testStart), jitter: func() float64 { return 0 }, tries: 1}
	release := make(chan struct{})
	slow := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	t.Cleanup(func() { close(release) })
	broken := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		connection, _, _ := w.(http.Hijacker).Hijack()
		_, _ = connection.Write([]byte("testsecret is no HTTP\r\n\r\n"))
		_ = connection.Close()
	})
	for address, want := range map[string]string{
		slow:                   "no answer within 50ms",
		broken:                 "not HTTP",
		"http://127.0.0.1:1":   "connection refused",
		"http://127.0.0.1:bad": "cannot be used",
	} {
		f.timeout = time.Minute
		if address == slow {
			f.timeout = 50 * time.Millisecond
		}
		_, _, err := f.do(t.Context(), http.MethodGet, address+"/?key=testsecret", nil)
		wantError(t, err, want)
	}
}

func TestCredentialsURIRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		uri  string
		env  map[string]string
		want []string
	}{
		"file":        {uri: "file:///testsecret", want: []string{"provider argument credentials_uri", "http or https"}},
		"no host":     {uri: "http:///testsecret", want: []string{"http or https"}},
		"not a URL":   {uri: "http://%zz testsecret", want: []string{"http or https"}},
		"kill switch": {uri: "http://127.0.0.1/", env: map[string]string{"ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS": "TRUE"}, want: []string{"ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS forbids"}},
		"under the emulator": {
			uri: "https://creds.example.com/testsecret", env: map[string]string{"RAM_PROVIDER_EMULATOR_ONLY": "1"},
			want: []string{"RAM_PROVIDER_EMULATOR_ONLY", "creds.example.com"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Resolve(Config{Arguments: Arguments{CredentialsURI: rpc.NewSecret(test.uri)}, Machine: testMachine(test.env, nil)})
			wantError(t, err, test.want...)
		})
	}
}

func TestCredentialsURIOverPlainHTTPWarns(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]int{"http://creds.example.com/": 1, "https://creds.example.com/": 0, "http://localhost:1/": 0} {
		source, err := Resolve(Config{Machine: testMachine(map[string]string{"ALIBABA_CLOUD_CREDENTIALS_URI": uri}, nil)})
		if err != nil || len(source.Warnings) != want {
			t.Errorf("%s: %v, warnings %v, want %d", uri, err, source.Warnings, want)
		}
	}
}
