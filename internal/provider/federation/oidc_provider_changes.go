package federation

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// change is one call of an update.
type change struct {
	// what completes "Cannot … of OIDC provider".
	what string
	send func(context.Context, *ramclient.Client) error
	// record notes the change in the state.
	record func(*oidcProviderModel)
}

// changes lead from the prior state to the planned one.
func (m oidcProviderModel) changes(prior oidcProviderModel) []change {
	var all []change
	if in, ok := m.updateInput(prior); ok {
		all = append(all, change{
			what: "change the description or the issuance limit",
			send: func(ctx context.Context, client *ramclient.Client) error {
				_, err := client.UpdateOIDCProvider(ctx, in)
				return err
			},
			record: func(state *oidcProviderModel) {
				state.Description, state.IssuanceLimitTime = m.Description, m.IssuanceLimitTime
			},
		})
	}
	clientIDs := memberSet{
		kind: "client ID", limit: maxClientIDs, provider: m.Name.ValueString(),
		add: (*ramclient.Client).AddClientIDToOIDCProvider, remove: (*ramclient.Client).RemoveClientIDFromOIDCProvider,
		of: func(state *oidcProviderModel) *types.Set { return &state.ClientIDs },
	}
	fingerprints := memberSet{
		kind: "fingerprint", limit: maxFingerprints, provider: m.Name.ValueString(),
		add: (*ramclient.Client).AddFingerprintToOIDCProvider, remove: (*ramclient.Client).RemoveFingerprintFromOIDCProvider,
		of: func(state *oidcProviderModel) *types.Set { return &state.Fingerprints },
	}
	all = append(all, clientIDs.changes(members(prior.ClientIDs), members(m.ClientIDs))...)
	return append(all, fingerprints.changes(members(prior.Fingerprints), members(m.Fingerprints))...)
}

// updateInput asks only for what differs from the prior state; ok is false if nothing does.
func (m oidcProviderModel) updateInput(prior oidcProviderModel) (in ramclient.UpdateOIDCProviderInput, ok bool) {
	in = ramclient.UpdateOIDCProviderInput{OIDCProviderName: m.Name.ValueString()}
	if !m.Description.Equal(prior.Description) {
		description := m.Description.ValueString() // null clears, as "" does
		in.NewDescription, ok = &description, true
	}
	if !m.IssuanceLimitTime.Equal(prior.IssuanceLimitTime) {
		in.IssuanceLimitTime, ok = int(m.IssuanceLimitTime.ValueInt64()), true
	}
	return in, ok
}

// memberSet is one of the sets of a provider, whose members the service adds and removes
// one at a time. Only what differs is touched.
type memberSet struct {
	kind     string
	limit    int
	provider string
	add      func(client *ramclient.Client, ctx context.Context, provider, member string) (ramclient.OIDCProvider, error)
	remove   func(client *ramclient.Client, ctx context.Context, provider, member string) (ramclient.OIDCProvider, error)
	of       func(*oidcProviderModel) *types.Set
}

// changes add before they remove, so that what is accepted before and after is accepted
// in between. Only a full set makes room first, for one member at a time.
func (s memberSet) changes(prior, wanted []string) []change {
	added, removed := without(wanted, prior), without(prior, wanted)
	size := len(prior)
	var all []change
	for _, member := range added {
		if size == s.limit && len(removed) > 0 {
			all, removed = append(all, s.removal(removed[0])), removed[1:]
			size--
		}
		all = append(all, s.addition(member))
		size++
	}
	for _, member := range removed {
		all = append(all, s.removal(member))
	}
	return all
}

func (s memberSet) addition(member string) change {
	return change{
		what: "add the " + s.kind + " " + member,
		send: func(ctx context.Context, client *ramclient.Client) error {
			_, err := s.add(client, ctx, s.provider, member)
			if ramclient.IsAlreadyExists(err) {
				return nil // it is there, from an earlier try whose answer was lost
			}
			return err
		},
		record: func(state *oidcProviderModel) {
			set := s.of(state)
			*set = setOrNull(append(members(*set), member))
		},
	}
}

func (s memberSet) removal(member string) change {
	return change{
		what: "remove the " + s.kind + " " + member,
		send: func(ctx context.Context, client *ramclient.Client) error {
			_, err := s.remove(client, ctx, s.provider, member)
			if ramclient.IsNotFound(err) && ramclient.Code(err) != "EntityNotExist.OIDCProvider" {
				return nil // the member is gone already
			}
			return err
		},
		record: func(state *oidcProviderModel) {
			set := s.of(state)
			*set = setOrNull(without(members(*set), []string{member}))
		},
	}
}

// without is the first list without the members of the second.
func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(one string) bool { return slices.Contains(others, one) })
}
