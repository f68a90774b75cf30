package emulator

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"strconv"
)

// response is an answer before it is written: what a fault may spoil.
type response struct {
	status   int
	header   http.Header
	body     []byte
	code     string // error code, empty on success
	reset    bool   // close the connection instead of answering
	truncate bool   // announce the whole body, send half of it
}

type format int

const (
	formatJSON format = iota
	formatXML
)

func (f format) contentType() string {
	if f == formatXML {
		return "text/xml;charset=utf-8"
	}
	return "application/json;charset=utf-8"
}

func success(f format, operation, requestID string, body answer) response {
	full := answer{"RequestId": requestID}
	maps.Copy(full, body)
	return encode(f, http.StatusOK, operation+"Response", full)
}

func failure(f format, host, requestID string, err *apiError) response {
	body := answer{
		"RequestId": requestID,
		"HostId":    host,
		"Code":      err.Code,
		"Message":   err.Message,
		"Recommend": "https://api.alibabacloud.com/troubleshoot?q=" + err.Code,
	}
	if err.Denied != nil {
		body["AccessDeniedDetail"] = err.Denied
	}
	r := encode(f, err.Status, "Error", body)
	r.code = err.Code
	maps.Copy(r.header, err.Header)
	return r
}

func encode(f format, status int, root string, body answer) response {
	text, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("emulator: answer does not encode: %v", err)) // only plain data inside
	}
	if f == formatXML {
		text = toXML(root, text)
	}
	return response{status: status, header: http.Header{"Content-Type": {f.contentType()}}, body: text}
}

// toXML spells a JSON object the way the service does: a list becomes its element
// repeated under the name of the list.
func toXML(root string, object []byte) []byte {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		panic(fmt.Sprintf("emulator: answer does not decode: %v", err)) // encoded a line ago
	}
	out := bytes.NewBufferString(xml.Header)
	writeXML(out, root, value)
	return out.Bytes()
}

func writeXML(out *bytes.Buffer, name string, value any) {
	if list, ok := value.([]any); ok {
		for _, element := range list {
			writeXML(out, name, element)
		}
		return
	}
	out.WriteString("<" + name + ">")
	switch v := value.(type) {
	case map[string]any:
		for _, key := range sortedKeys(v) {
			writeXML(out, key, v[key])
		}
	case nil:
	default:
		_ = xml.EscapeText(out, fmt.Append(nil, v)) // a buffer takes every write
	}
	out.WriteString("</" + name + ">")
}

// write sends the response; a reset or truncated one ends the connection.
func (r response) write(w http.ResponseWriter) {
	if r.reset {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), r.header)
	w.Header().Set("Content-Length", strconv.Itoa(len(r.body)))
	w.WriteHeader(r.status)
	if !r.truncate {
		_, _ = w.Write(r.body) // a client that went away needs no answer
		return
	}
	_, _ = w.Write(r.body[:len(r.body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}
