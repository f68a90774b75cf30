package emulator

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"sync"
)

// ids makes every identifier and secret from one source of random bytes.
type ids struct {
	mu     sync.Mutex
	source io.Reader
}

func (s *ids) bytes(n int) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := make([]byte, n)
	if _, err := io.ReadFull(s.source, b); err != nil {
		panic(fmt.Sprintf("emulator: no random bytes: %v", err)) // crypto/rand never fails
	}
	return b
}

func (s *ids) pick(alphabet string, n int) string {
	picked := s.bytes(n)
	for i, b := range picked {
		picked[i] = alphabet[int(b)%len(alphabet)]
	}
	return string(picked)
}

const alphanumeric = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"

// request is an upper-case UUID, as in every answer.
func (s *ids) request() string {
	h := strings.ToUpper(hex.EncodeToString(s.bytes(16)))
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

// user is 18 digits, as user ids are.
func (s *ids) user() string { return "2" + s.pick("0123456789", 17) }

// role is 18 digits, as role ids are.
func (s *ids) role() string { return "3" + s.pick("0123456789", 17) }

// group follows the spelling g- and 16 letters seen in examples.
func (s *ids) group() string { return "g-" + s.pick("abcdefghijklmnopqrstuvwxyz0123456789", 16) }

// accessKey is LTAI5tEMU and 15 characters: the length of a real id, yet visibly not one.
func (s *ids) accessKey() string { return "LTAI5tEMU" + s.pick(alphanumeric, 15) }

// temporaryKey is the id of a session's key.
func (s *ids) temporaryKey() string { return "STS.EMU" + s.pick(alphanumeric, 18) }

// keyPair and sessionKey name a key pair and the sessions it gets (assumption
// "key-pair-ids").
func (s *ids) keyPair() string    { return "APK.EMU" + s.pick(alphanumeric, 18) }
func (s *ids) sessionKey() string { return "TMPSK.EMU" + s.pick(alphanumeric, 18) }

// secret is an AccessKey secret of 30 characters.
func (s *ids) secret() string { return s.pick(alphanumeric, 30) }

// bearer is a token of OAuth or CloudSSO; kind is shown in front.
func (s *ids) bearer(kind string) string { return kind + "-emu-" + s.pick(alphanumeric, 40) }

// token is a security token. It holds +, / and = now and then, as real ones do.
func (s *ids) token() string { return "CAIS" + base64.StdEncoding.EncodeToString(s.bytes(121)) }
