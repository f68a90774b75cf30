package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// edit is one key of a profile with its new value, a string or an int64.
type edit struct {
	key   string
	value any
}

// editProfile returns config.json with some keys of the named profile changed. Every
// other byte stays as it is: what other tools keep there, known to us or not, the order,
// the indentation, a byte order mark.
func editProfile(content []byte, name string, edits []edit) ([]byte, error) {
	start, text, err := findProfileText(content, name)
	if err != nil {
		return nil, err
	}
	changed := text
	for _, e := range edits {
		value, err := json.Marshal(e.value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.key, err)
		}
		if changed, err = setMember(changed, e.key, value); err != nil {
			return nil, err
		}
	}
	return bytes.Join([][]byte{content[:start], changed, content[start+len(text):]}, nil), nil
}

// findProfileText returns the text of the first profile of that name, which is the one
// parseConfigFile uses, and where it begins.
func findProfileText(content []byte, name string) (int, []byte, error) {
	mark := len(content) - len(bytes.TrimPrefix(content, []byte(byteOrderMark)))
	top, err := members(content[mark:])
	if err != nil {
		return 0, nil, err
	}
	for _, member := range slices.Backward(top) { // of repeated keys encoding/json takes the last
		if !strings.EqualFold(member.key, "profiles") {
			continue
		}
		start := mark + member.start
		profiles, err := elements(content[start : mark+member.end])
		if err != nil {
			return 0, nil, err
		}
		for _, p := range profiles {
			var head struct {
				Name string `json:"name"`
			}
			text := content[start+p.start : start+p.end]
			if json.Unmarshal(text, &head) == nil && head.Name == name {
				return start + p.start, text, nil
			}
		}
		break
	}
	return 0, nil, fmt.Errorf("profile %q is gone", name)
}

// setMember replaces the value of a key, or adds the key at the end in the style of the
// object's first member. Spellings that differ in case are the same key to encoding/json.
func setMember(object []byte, key string, value []byte) ([]byte, error) {
	all, err := members(object)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, errors.New("the profile is empty")
	}
	out, copied, found := []byte(nil), 0, false
	for _, m := range all {
		if strings.EqualFold(m.key, key) {
			out = append(append(out, object[copied:m.start]...), value...)
			copied, found = m.end, true
		}
	}
	if !found {
		first, last := all[0], all[len(all)-1]
		space := object[1 : 1+bytes.IndexByte(object[1:], '"')]
		quoted, err := json.Marshal(key)
		if err != nil {
			return nil, err
		}
		out = append(out, object[:last.end]...)
		out = append(out, ',')
		out = append(append(out, space...), quoted...)
		out = append(append(out, object[first.keyEnd:first.start]...), value...)
		copied = last.end
	}
	return append(out, object[copied:]...), nil
}

// span is where a value stands in a JSON text; key and keyEnd are of a member only.
type span struct {
	key                string
	keyEnd, start, end int
}

// members lists the members of the object that text begins with.
func members(text []byte) ([]span, error) { return spans(text, '{') }

// elements lists the elements of the array that text begins with.
func elements(text []byte) ([]span, error) { return spans(text, '[') }

func spans(text []byte, opening json.Delim) ([]span, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if token, err := decoder.Token(); err != nil || token != opening {
		return nil, errNotAsExpected
	}
	var list []span
	for decoder.More() {
		var s span
		if opening == '{' {
			token, err := decoder.Token()
			if err != nil {
				return nil, errNotAsExpected
			}
			s.key, _ = token.(string) // the decoder has made sure of it
			s.keyEnd = int(decoder.InputOffset())
		}
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return nil, errNotAsExpected
		}
		s.end = int(decoder.InputOffset())
		s.start = s.end - len(value)
		list = append(list, s)
	}
	if _, err := decoder.Token(); err != nil {
		return nil, errNotAsExpected
	}
	return list, nil
}

var errNotAsExpected = errors.New("it is not JSON of the expected shape any more")

// replaceFile puts content in the place of a file at once: whoever reads it, or finds it
// after a crash, sees the old or the new content and never a part. A symbolic link stays
// one, and permissions and owner stay what they are; a new file is for its owner alone.
func replaceFile(path string, content []byte) (err error) {
	if path, err = followLinks(path); err != nil {
		return err
	}
	const ownerMayWrite fs.FileMode = 0o200
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		info = nil
	case err != nil:
		return err
	case info.Mode().Perm()&ownerMayWrite == 0:
		return &fs.PathError{Op: "write", Path: path, Err: fs.ErrPermission} // root could, but it is meant
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".tmp-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = temporary.Close()
			_ = os.Remove(temporary.Name())
		}
	}()
	if info != nil {
		if err := keepOwner(temporary, info); err != nil {
			return err
		}
		if err := temporary.Chmod(info.Mode().Perm()); err != nil {
			return err
		}
	}
	if _, err := temporary.Write(content); err != nil {
		return err
	}
	if err := temporary.Sync(); err != nil {
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	if err := os.Rename(temporary.Name(), path); err != nil {
		return err
	}
	syncDirectory(filepath.Dir(path))
	return nil
}

// followLinks is the file that path leads to; a file that does not exist is itself.
func followLinks(path string) (string, error) {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	return target, err
}
