package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
)

// checkDocument refuses a document that is too long or breaks the grammar.
func checkDocument(parameter, text string, validate func(string) error) *apiError {
	if n := policylang.Size(text); n < 1 || n > maxPolicySize {
		return invalidParameter(parameter+".Length",
			"The length of %s must be between 1 and %d characters.", parameter, maxPolicySize)
	}
	if err := validate(text); err != nil {
		return malformedPolicyDocument(err)
	}
	return nil
}

// document is a stored document as answers show it: as it was sent, or spelled anew.
func (c *call) document(text string) string {
	if c.config.RespaceDocuments {
		return respace(text)
	}
	return text
}

// respace spells a document another way without changing what it means: keys in
// alphabetical order, indented, and every string that may stand in a list in one.
func respace(text string) string {
	var document struct {
		Version   string `json:",omitempty"`
		Statement []map[string]any
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&document); err != nil {
		panic(fmt.Sprintf("emulator: stored document does not decode: %v", err)) // checked when stored
	}
	for _, statement := range document.Statement {
		for _, name := range []string{"Action", "NotAction", "Resource", "NotResource"} {
			intoList(statement, name)
		}
		principals, _ := statement["Principal"].(map[string]any)
		for kind := range principals {
			intoList(principals, kind)
		}
		conditions, _ := statement["Condition"].(map[string]any)
		for _, operator := range conditions {
			keys, _ := operator.(map[string]any)
			for key := range keys {
				intoList(keys, key)
			}
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "    ")
	if err := encoder.Encode(map[string]any{"Statement": document.Statement, "Version": document.Version}); err != nil {
		panic(fmt.Sprintf("emulator: document does not encode: %v", err)) // decoded above
	}
	return strings.TrimSpace(out.String())
}

func intoList(object map[string]any, name string) {
	value, has := object[name]
	if _, isList := value.([]any); has && !isList {
		object[name] = []any{value}
	}
}
