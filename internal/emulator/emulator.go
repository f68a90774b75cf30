package emulator

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Emulator is the local service. It is an http.Handler; one listener serves every
// product, because version and name together tell the operation.
type Emulator struct {
	config Config
	ids    *ids
	table  map[operationKey]*operation
	roots  map[string]Key // the root key each account began with

	mu       sync.Mutex // guards all below
	state    *state
	history  history
	nonces   nonces
	rates    rates
	faults   map[string][]pendingFault
	requests []Request
	// idleChecked is the day for which idle keys and logins were disabled.
	idleChecked time.Time
	issuers     *issuers
}

// AccountInfo is an emulated account with the key of its root.
type AccountInfo struct {
	ID      string
	Alias   string // empty until one is set
	RootKey Key
}

// Key is an AccessKey in clear text.
type Key struct{ ID, Secret string }

// New starts a service in memory, or continues the one in Config.StateFile. Root
// keys are new at each start, so that a key seen once opens no later run.
func New(config Config) (*Emulator, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	e := &Emulator{
		config:  config,
		ids:     &ids{source: config.Random},
		table:   tableOf(operations()),
		roots:   map[string]Key{},
		state:   newState(),
		rates:   rates{},
		faults:  map[string][]pendingFault{},
		issuers: newIssuers(config),
	}
	if config.StateFile != "" {
		if err := readStateFile(config.StateFile, e.state); err != nil {
			return nil, err
		}
	}
	now := config.Clock.Now()
	for _, a := range e.state.Accounts {
		a.RootKeys = nil // also of accounts that only the state file knows
	}
	for _, id := range config.Accounts {
		if e.state.Accounts[id] == nil {
			e.state.Accounts[id] = newAccount(id)
		}
		key := newAccessKey(e.ids, now)
		e.state.Accounts[id].RootKeys = []*accessKey{key}
		e.roots[id] = Key{key.ID, key.Secret}
	}
	e.remember(now)
	return e, e.save()
}

// Accounts lists the configured accounts in their configured order.
func (e *Emulator) Accounts() []AccountInfo {
	e.mu.Lock()
	defer e.mu.Unlock()
	var infos []AccountInfo
	for _, id := range e.config.Accounts {
		infos = append(infos, AccountInfo{ID: id, Alias: e.state.Accounts[id].Alias, RootKey: e.roots[id]})
	}
	return infos
}

// ServeHTTP answers one request: read, find the operation, verify the signature,
// meet a fault, act, log, write. What is no API call goes to an endpoint instead.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Ram-Emulator", "1")
	w.Header().Set("Date", e.config.Clock.Now().UTC().Format(http.TimeFormat))
	if e.config.Clock.Sleep(r.Context(), e.config.Latency) != nil {
		return // the client went away
	}
	logged := Request{RequestID: e.ids.request()}
	answered := e.answer(r, &logged)
	e.log(logged, answered)
	answered.write(w)
}

// answer sends a request to the endpoint at its path, or to the gateway of the APIs.
func (e *Emulator) answer(r *http.Request, logged *Request) response {
	x := &exchange{http: r, id: logged.RequestID, format: chooseFormat(r)}
	if !e.config.AllowRemote && !loopback(r.Host) {
		return failure(x.format, r.Host, x.id, errForeignHost(r.Host))
	}
	if at, below := findEndpoint(r); at != nil {
		return e.visit(r.Context(), at, below, r, logged)
	}
	return e.handle(r.Context(), x, logged)
}

func (e *Emulator) handle(ctx context.Context, x *exchange, logged *Request) response {
	refuse := func(err *apiError) response { return failure(x.format, x.http.Host, x.id, err) }
	refused := x.read()
	op := e.table[operationKey{x.version, x.action}]
	logged.Operation, logged.Params = x.action, withoutSecrets(x.business(), op)
	if refused != nil {
		return refuse(refused)
	}
	if op == nil {
		return refuse(e.explainUnknown(x))
	}
	logged.Product = op.api.product

	who, fault, refused := e.admit(x, op)
	if refused != nil {
		return refuse(refused)
	}
	logged.Account, logged.CallerARN = who.AccountID, who.arn()
	var past *state
	if fault != nil {
		logged.Fault, past = fault.name, fault.past
	}
	act := func() response {
		body, refused := e.act(x, op, who, past)
		if refused != nil {
			return refuse(refused)
		}
		return success(x.format, op.name, x.id, body)
	}
	if fault != nil {
		return fault.spoil(ctx, e, act, refuse)
	}
	return act()
}

// explainUnknown tells an unknown version from an unknown operation.
func (e *Emulator) explainUnknown(x *exchange) *apiError {
	for key := range e.table {
		if key.version == x.version {
			return errUnknownAction(x.action, x.version)
		}
	}
	return errUnknownVersion(x.version)
}

// admit verifies the signature, notes the use of the key and takes the next fault.
func (e *Emulator) admit(x *exchange, op *operation) (caller, *pendingFault, *apiError) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.retireIdle(e.config.Clock.Now())
	if op.open && x.signed == unsigned {
		return caller{}, e.nextFault(op.name), nil
	}
	known, refused := e.verify(x, op)
	if refused != nil {
		return caller{}, nil, refused
	}
	if known.key != nil {
		if refused := e.checkNetwork(known, x.http); refused != nil {
			return caller{}, nil, refused
		}
		known.key.used(op.api.product, e.config.Clock.Now(), e.config.LastUsedLag)
	}
	fault := e.nextFault(op.name)
	if fault != nil && fault.unreached {
		e.nonces.forget(x.nonce)
	}
	return known.caller, fault, nil
}

// act runs an operation on the state: rate, parameters, permission, deed. past, if
// given, is what a read sees instead of the present.
func (e *Emulator) act(x *exchange, op *operation, who caller, past *state) (answer, *apiError) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.config.Clock.Now()
	if refused := e.throttle(op, who.AccountID, now); refused != nil {
		return nil, refused
	}
	e.expire(now)
	seen := e.state
	if op.class.read {
		if seen = past; seen == nil {
			seen = e.asOf(now.Add(-e.config.Lag))
		}
	}
	c := e.newCall(x.http, seen, now)
	c.op, c.caller, c.account = op, who, seen.Accounts[who.AccountID]
	ready, refused := op.prepare(c, x.business())
	if refused != nil {
		return nil, refused
	}
	if refused := e.authorize(c, ready.resources); refused != nil {
		return nil, refused
	}
	body, refused := ready.run()
	if refused != nil || op.class.read {
		return body, refused
	}
	e.remember(now)
	if err := e.save(); err != nil {
		return nil, errStateFile(err)
	}
	return body, nil
}

// newCall is a call by nobody yet.
func (e *Emulator) newCall(r *http.Request, seen *state, now time.Time) *call {
	c := e.bareCall(now)
	c.state, c.conditions = seen, e.conditionsOf(r, now)
	return c
}

// bareCall is a call that came from no request, but from a test.
func (e *Emulator) bareCall(now time.Time) *call {
	return &call{config: &e.config, ids: e.ids, now: now.UTC(), state: e.state, issuers: e.issuers}
}

func (e *Emulator) log(line Request, answered response) {
	e.mu.Lock()
	defer e.mu.Unlock()
	line.Time, line.Code = e.config.Clock.Now(), answered.code
	if !answered.reset {
		line.Status = answered.status
	}
	if len(e.requests) == maxRequests {
		e.requests = slices.Delete(e.requests, 0, maxRequests/2)
	}
	e.requests = append(e.requests, line)
}

// stamp is how answers spell a time: UTC, whole seconds; "" for never.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(wireTime)
}
