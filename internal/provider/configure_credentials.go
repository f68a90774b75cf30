package provider

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// credentials are the arguments of package auth.
func (m providerModel) credentials(ctx context.Context, diags *diag.Diagnostics) auth.Arguments {
	arguments := auth.Arguments{
		AccessKeyID:        m.AccessKeyID.ValueString(),
		AccessKeySecret:    rpc.NewSecret(m.AccessKeySecret.ValueString()),
		SecurityToken:      rpc.NewSecret(m.SecurityToken.ValueString()),
		Profile:            m.Profile.ValueString(),
		ConfigFile:         m.ConfigFile.ValueString(),
		CredentialsURI:     rpc.NewSecret(m.CredentialsURI.ValueString()),
		ECSRAMRole:         written(ctx, m.ECSRAMRole, diags, ecsRAMRoleModel.argument),
		External:           written(ctx, m.External, diags, externalModel.argument),
		AssumeRoleWithOIDC: written(ctx, m.AssumeRoleWithOIDC, diags, oidcModel.argument),
		CloudSSO:           written(ctx, m.CloudSSO, diags, cloudSSOModel.argument),
		OAuth:              written(ctx, m.OAuth, diags, oauthModel.argument),
		SkipDefaultChain:   m.SkipDefaultChain.ValueBool(),
	}
	var roles []assumeRoleModel
	diags.Append(m.AssumeRole.ElementsAs(ctx, &roles, false)...)
	for _, role := range roles {
		arguments.AssumeRole = append(arguments.AssumeRole, auth.RoleArguments{
			RoleARN: role.RoleARN.ValueString(), SessionName: role.RoleSessionName.ValueString(),
			ExternalID: role.ExternalID.ValueString(), Policy: role.Policy.ValueString(),
			DurationSeconds: role.DurationSeconds.ValueInt64(),
		})
	}
	return arguments
}

// written reads a block of arguments; nil if it is not there.
func written[Model, Arguments any](ctx context.Context, block types.Object, diags *diag.Diagnostics, argument func(Model) Arguments) *Arguments {
	if block.IsNull() {
		return nil
	}
	var model Model
	diags.Append(block.As(ctx, &model, basetypes.ObjectAsOptions{})...)
	arguments := argument(model)
	return &arguments
}

func (m ecsRAMRoleModel) argument() auth.InstanceRoleArguments {
	return auth.InstanceRoleArguments{RoleName: m.RoleName.ValueString(), DisableIMDSv1: m.DisableIMDSv1.ValueBool()}
}

func (m oidcModel) argument() auth.OIDCArguments {
	return auth.OIDCArguments{
		OIDCProviderARN: m.OIDCProviderARN.ValueString(), RoleARN: m.RoleARN.ValueString(),
		Token: rpc.NewSecret(m.Token.ValueString()), TokenFile: m.TokenFile.ValueString(),
		SessionName: m.RoleSessionName.ValueString(), Policy: m.Policy.ValueString(),
		DurationSeconds: m.DurationSeconds.ValueInt64(),
	}
}

func (m cloudSSOModel) argument() auth.CloudSSOArguments {
	return auth.CloudSSOArguments{
		SignInURL: m.SignInURL.ValueString(), AccountID: m.AccountID.ValueString(),
		AccessConfigurationID: m.AccessConfigurationID.ValueString(), AccessToken: rpc.NewSecret(m.AccessToken.ValueString()),
	}
}

func (m oauthModel) argument() auth.OAuthArguments {
	return auth.OAuthArguments{Site: m.Site.ValueString(), AccessToken: rpc.NewSecret(m.AccessToken.ValueString())}
}

// argument reads what validation has found to be well formed.
func (m externalModel) argument() auth.ExternalArguments {
	line, argv, _ := commandOf(m.Command)
	timeout, _ := time.ParseDuration(m.Timeout.ValueString())
	return auth.ExternalArguments{Command: line, Argv: argv, Timeout: timeout}
}

// clientOver makes clients that differ in their credentials alone.
func clientOver(wire ramclient.Config) func(rpc.CredentialsProvider) *ramclient.Client {
	return func(credentials rpc.CredentialsProvider) *ramclient.Client {
		config := wire
		config.Credentials = credentials
		return ramclient.New(config)
	}
}

// assumeRoleOver lets the credential modes assume roles with the typed client.
func assumeRoleOver(wire ramclient.Config) auth.AssumeRoler {
	return func(ctx context.Context, base rpc.CredentialsProvider, endpoint string, in auth.AssumeRoleInput) (rpc.Credentials, error) {
		config := wire // links of a chain may be renewed at the same time
		config.Credentials, config.Endpoints = base, ramclient.Endpoints{STS: endpoint}
		session, err := ramclient.New(config).AssumeRole(ctx, ramclient.AssumeRoleInput{
			RoleARN: in.RoleARN, RoleSessionName: in.SessionName, ExternalID: in.ExternalID,
			Policy: in.Policy, DurationSeconds: int(in.Duration / time.Second),
		})
		return sessionCredentials(session), err
	}
}

// assumeRoleWithOIDCOver lets the credential modes exchange tokens with the typed client.
func assumeRoleWithOIDCOver(wire ramclient.Config) auth.OIDCAssumeRoler {
	return func(ctx context.Context, endpoint string, in auth.AssumeRoleWithOIDCInput) (rpc.Credentials, error) {
		config := wire
		config.Endpoints = ramclient.Endpoints{STS: endpoint}
		session, err := ramclient.New(config).AssumeRoleWithOIDC(ctx, ramclient.AssumeRoleWithOIDCInput{
			OIDCProviderARN: in.OIDCProviderARN, RoleARN: in.RoleARN, OIDCToken: in.Token,
			RoleSessionName: in.SessionName, Policy: in.Policy, DurationSeconds: int(in.Duration / time.Second),
		})
		return sessionCredentials(session), err
	}
}

// signers are the source and what it is assumed from, as connection.RefuseOnSelf sees
// them.
func signers(source *auth.Source, wire ramclient.Config) []connection.Signer {
	var all []connection.Signer
	for link := source; link != nil; link = link.Base {
		config := wire
		config.Credentials = link
		all = append(all, connection.Signer{
			Description: link.Description, RoleARN: link.RoleARN, AccessKeyID: link.AccessKeyID,
			Identity: func(ctx context.Context) (ramclient.CallerIdentity, error) {
				return ramclient.New(config).GetCallerIdentity(ctx)
			},
		})
	}
	return all
}

func sessionCredentials(session ramclient.RoleSession) rpc.Credentials {
	return rpc.Credentials{
		AccessKeyID:     session.Credentials.AccessKeyID,
		AccessKeySecret: session.Credentials.AccessKeySecret,
		SecurityToken:   session.Credentials.SecurityToken,
		Expiration:      session.Credentials.Expiration.Time,
	}
}

func credentialAdvice(err error) string {
	text := strings.TrimSuffix(err.Error(), ".") + "."
	if errors.Is(err, auth.ErrNoCredentials) {
		text += "\nNext step: set access_key_id and access_key_secret, or profile, in the provider block, or the environment variables ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET."
	}
	return text
}
