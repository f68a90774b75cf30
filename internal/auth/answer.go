package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// assumedLifetime is how long a session is used whose end the source does not tell.
const assumedLifetime = 15 * time.Minute

// answer is the JSON of the ECS metadata service and of a credentials URI:
// {"Code":"Success","AccessKeyId":…,"AccessKeySecret":…,"SecurityToken":…,"Expiration":…}.
type answer struct {
	Code            string
	AccessKeyID     string `json:"AccessKeyId"`
	AccessKeySecret rpc.Secret
	SecurityToken   rpc.Secret
	Expiration      string
}

// parseAnswer returns a session; Expiration is zero if none is given or it is not
// RFC 3339. Errors name fields only.
func parseAnswer(body []byte) (rpc.Credentials, error) {
	var a answer
	if json.Unmarshal(body, &a) != nil {
		return rpc.Credentials{}, errors.New("the answer is not the expected JSON object")
	}
	if a.Code != "" && a.Code != "Success" {
		return rpc.Credentials{}, errors.New("the answer's Code is not Success")
	}
	if err := missing(
		setting{"AccessKeyId", a.AccessKeyID},
		setting{"AccessKeySecret", a.AccessKeySecret.Reveal()},
		setting{"SecurityToken", a.SecurityToken.Reveal()},
	); err != nil {
		return rpc.Credentials{}, fmt.Errorf("in the answer %w", err)
	}
	return rpc.Credentials{
		AccessKeyID:     a.AccessKeyID,
		AccessKeySecret: a.AccessKeySecret,
		SecurityToken:   a.SecurityToken,
		Expiration:      parseExpiration(a.Expiration),
	}, nil
}

// parseExpiration reads RFC 3339 with or without fraction and offset, else it is zero.
func parseExpiration(text string) time.Time {
	end, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return end
}
