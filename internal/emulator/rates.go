package emulator

import "time"

// rates counts calls per account and operation within the current second.
type rates map[rateKey]window

type rateKey struct{ account, product, operation string }

type window struct {
	start time.Time
	calls int
}

// throttle refuses a call beyond the documented rate of its operation. The quota
// counts whole seconds of the clock (assumption "rate-window").
func (e *Emulator) throttle(op *operation, account string, now time.Time) *apiError {
	if !e.config.EnforceRates {
		return nil
	}
	key := rateKey{account, op.api.product, op.name}
	w := e.rates[key]
	if second := now.Truncate(time.Second); !w.start.Equal(second) {
		w = window{start: second}
	}
	w.calls++
	e.rates[key] = w
	if w.calls > op.class.perSecond {
		return errThrottled(e.config.ThrottleStatus, w.start.Add(time.Second).Sub(now))
	}
	return nil
}
