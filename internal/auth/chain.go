package auth

import "fmt"

// place is one possible home of credentials. find returns a source and why it was
// chosen; no source and why the place does not apply; or an error, which ends the search.
type place struct {
	name string
	find func() (*Source, string, error)
}

// base tries the places in order. The first one that has credentials wins and its
// failure is final: going on would act under another identity than the person meant.
func (r *resolver) base() (*Source, error) {
	places := []place{{"provider arguments", r.fromArguments}}
	if !r.Arguments.SkipDefaultChain {
		places = append(places,
			place{"environment AccessKey", r.fromEnvironmentKeys},
			place{"environment OIDC", r.fromEnvironmentOIDC},
			place{"environment profile", r.fromEnvironmentProfile},
			place{"environment credentials URI", r.fromEnvironmentURI},
			place{"config.json", r.fromCurrentProfile},
			place{"credentials file", r.fromCredentialsFile},
			place{"ECS metadata", r.fromInstance},
		)
	}
	for _, p := range places {
		source, why, err := p.find()
		if err != nil {
			return nil, err
		}
		r.attempts = append(r.attempts, Attempt{Place: p.name, Chosen: source != nil, Why: why})
		if source != nil {
			return source, nil
		}
	}
	if r.Arguments.SkipDefaultChain {
		return nil, fmt.Errorf("%w: skip_default_chain is set, so only provider arguments count", ErrNoCredentials)
	}
	return nil, ErrNoCredentials
}
