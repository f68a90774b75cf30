package auth

import (
	"fmt"
	"strings"
)

// Modes as config.json spells them. Case matters, as in the Alibaba Cloud CLI.
const (
	modeAK                     = "AK"
	modeStsToken               = "StsToken"
	modeRAMRoleArn             = "RamRoleArn"
	modeRAMRoleArnWithRoleName = "RamRoleArnWithRoleName"
	modeEcsRAMRole             = "EcsRamRole"
	modeExternal               = "External"
	modeChainableRAMRoleArn    = "ChainableRamRoleArn"
	modeCredentialsURI         = "CredentialsURI"
	modeOIDC                   = "OIDC"
	modeCloudSSO               = "CloudSSO"
	modeOAuth                  = "OAuth"
	modeRsaKeyPair             = "RsaKeyPair"
	modeBearerToken            = "BearerToken"
	modeAnonymous              = "Anonymous"
)

// A mode is one way a profile can describe credentials (aliyun-cli 3.4, package config).
type mode struct {
	name string
	// build makes the source of a profile; nil if the mode cannot be used.
	build func(*resolver, profile) (*Source, error)
	// refusal says why the mode cannot be used.
	refusal string
}

const (
	notInThisVersion = "this version of the provider does not support the mode"
	cannotSign       = "it cannot sign calls to RAM, IMS or STS"
)

// modes is a function only because profiles of one mode build profiles of others.
func modes() []mode {
	return []mode{
		{name: modeAK, build: accessKeyProfile},
		{name: modeStsToken, build: stsTokenProfile},
		{name: modeRAMRoleArn, build: roleProfile},
		{name: modeChainableRAMRoleArn, build: chainProfile},
		{name: modeEcsRAMRole, build: instanceRoleProfile},
		{name: modeRAMRoleArnWithRoleName, build: roleOverInstanceRoleProfile},
		{name: modeExternal, build: externalProfile},
		{name: modeCredentialsURI, build: credentialsURIProfile},
		{name: modeOIDC, build: oidcProfile, refusal: notInThisVersion}, // without Config.AssumeRoleWithOIDC
		{name: modeCloudSSO, build: cloudSSOProfile},
		{name: modeOAuth, build: oauthProfile},
		{name: modeRsaKeyPair, build: keyPairProfile},
		{name: modeBearerToken, refusal: cannotSign},
		{name: modeAnonymous, refusal: cannotSign},
	}
}

// findMode returns the builder of a mode, or an error that says what would work.
func (r *resolver) findMode(name string) (mode, error) {
	var usable []string
	for _, m := range modes() {
		if m.build == nil || m.name == modeOIDC && r.AssumeRoleWithOIDC == nil {
			continue
		}
		if m.name == name {
			return m, nil
		}
		usable = append(usable, m.name)
	}
	return mode{}, fmt.Errorf("%s; use one of %s", refusalOf(name), strings.Join(usable, ", "))
}

func refusalOf(name string) string {
	for _, m := range modes() {
		if m.name == name {
			return fmt.Sprintf("mode %s cannot be used: %s", name, m.refusal)
		}
		if strings.EqualFold(m.name, name) {
			return fmt.Sprintf("unknown mode %q (case matters: %s)", name, m.name)
		}
	}
	return fmt.Sprintf("unknown mode %q", name)
}
