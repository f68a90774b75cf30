package ramclient

import (
	"context"
	"encoding/json"
	"iter"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// ExternalApplication is an OAuth application of somebody else (an official one such as
// official-cli, or a third party's) that is installed in the account.
type ExternalApplication struct {
	// AppID has 19 digits and is the same in every account.
	AppID       string `json:"ForeignAppId"`
	DisplayName string
	// AppPrincipalName is "<application>@app.<account id>.onaliyun.com".
	AppPrincipalName string
	// TenantID is the account in which the application is installed.
	TenantID string `json:"TenantId"`
	// Scopes are what the application may ask users to consent to.
	Scopes                 ApplicationScopes `json:"DelegatedScope"`
	CreateDate, UpdateDate Time
}

// ApplicationScope is one right of an application, such as "openid".
type ApplicationScope struct{ Name, Description string }

// ApplicationScopes are the rights of an application.
type ApplicationScopes []ApplicationScope

// UnmarshalJSON implements json.Unmarshaler. The service wraps the list twice.
func (s *ApplicationScopes) UnmarshalJSON(data []byte) error {
	var wrapped struct {
		PredefinedScopes struct{ PredefinedScope []ApplicationScope }
	}
	if err := json.Unmarshal(data, &wrapped); err != nil {
		return err
	}
	*s = wrapped.PredefinedScopes.PredefinedScope
	return nil
}

type externalApplicationAnswer struct{ ExternalApplication ExternalApplication }

func (a *externalApplicationAnswer) Check() error {
	return missing("ExternalApplication.ForeignAppId", a.ExternalApplication.AppID)
}

// externalApplication calls one of the operations that answer with an application.
func (c *Client) externalApplication(ctx context.Context, op rpc.Operation, in any) (ExternalApplication, error) {
	var out externalApplicationAnswer
	err := c.do(ctx, op, in, &out)
	return out.ExternalApplication, err
}

// ProvisionExternalApplication installs an application (IMS 2019-08-15:
// ProvisionExternalApplication). Scopes cannot be changed later but by removing and
// installing it again. The codes for an unknown application and for one that is
// installed already are not documented; EntityNotExist.* and EntityAlreadyExists.* are
// expected.
func (c *Client) ProvisionExternalApplication(ctx context.Context, appID string, scopes []string) (ExternalApplication, error) {
	return c.externalApplication(ctx, OpProvisionExternalApplication, struct {
		AppID  string `param:"AppId,required"`
		Scopes string `param:"Scopes"`
	}{appID, strings.Join(scopes, ";")})
}

// GetExternalApplication reads an installed application (IMS 2019-08-15:
// GetExternalApplication). The code for one that is not installed is not documented;
// EntityNotExist.* is expected.
func (c *Client) GetExternalApplication(ctx context.Context, appID string) (ExternalApplication, error) {
	return c.externalApplication(ctx, OpGetExternalApplication, applicationByID{appID})
}

// DeprovisionExternalApplication removes an application from the account, and with it
// everybody's logins through it (IMS 2019-08-15: DeprovisionExternalApplication).
// Errors: as GetExternalApplication.
func (c *Client) DeprovisionExternalApplication(ctx context.Context, appID string) error {
	return c.do(ctx, OpDeprovisionExternalApplication, applicationByID{appID}, nil)
}

// ListExternalApplications lists the installed applications with all their attributes
// (IMS 2019-08-15: ListExternalApplications). The operation documents no parameters but
// may answer with a marker, which is then sent as everywhere else.
func (c *Client) ListExternalApplications(ctx context.Context) iter.Seq2[ExternalApplication, error] {
	return pages(OpListExternalApplications.Name, func(marker string) (page[ExternalApplication], error) {
		var out struct {
			marked
			ExternalApplications struct{ ExternalApplication []ExternalApplication }
		}
		err := c.do(ctx, OpListExternalApplications, struct {
			Marker string `param:"Marker"`
		}{marker}, &out)
		if err != nil {
			return page[ExternalApplication]{}, err
		}
		next, err := out.after(OpListExternalApplications.Name)
		return page[ExternalApplication]{out.ExternalApplications.ExternalApplication, next}, err
	})
}

type applicationByID struct {
	AppID string `param:"AppId,required"`
}
