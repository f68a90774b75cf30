package policy

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// encoding/json keeps the last of two equal keys, ignores the case of keys, repairs
// broken text and gives offsets without lines, all of which would hide a slip in a
// document that grants permissions. Hence this reader: RFC 8259 and nothing else.

type kind string

const (
	objectKind kind = "an object"
	listKind   kind = "a list"
	stringKind kind = "a string"
	numberKind kind = "a number"
	boolKind   kind = "a boolean"
	nullKind   kind = "null"
)

// maxDepth bounds recursion; a policy nests five deep.
const maxDepth = 64

// A node is one JSON value and the byte offset at which it begins.
type node struct {
	kind     kind
	offset   int
	text     string // a string's content; the spelling of a number, boolean or null
	members  []member
	elements []node
}

type member struct {
	key    string
	offset int
	value  node
}

// describe shows a value in an error text: `a list`, `the number 1`, `"allow"`.
func (n node) describe() string {
	switch n.kind {
	case stringKind:
		return quote(n.text)
	case numberKind:
		return "the number " + excerpt(n.text)
	case boolKind:
		return "the boolean " + n.text
	default:
		return string(n.kind)
	}
}

// quote is a string as a person would write it in JSON, cut to a readable length.
func quote(s string) string { return jsonString(excerpt(s)) }

func excerpt(s string) string {
	const limit = 80
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit]) + "…"
}

// jsonString spells a string in JSON, with no escape that is not needed.
func jsonString(s string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s) // a string into a Builder cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}

// readJSON reads a text which is one JSON value.
func readJSON(text string) (node, *Fault) {
	s := scanner{text: text}
	value, err := s.document()
	if err == nil {
		return value, nil
	}
	line, column := position(text, err.offset)
	return node{}, &Fault{Line: line, Column: column, Msg: err.msg}
}

type scanner struct {
	text   string
	offset int
	depth  int
}

type scanError struct {
	offset int
	msg    string
}

func (s *scanner) errorAt(offset int, format string, args ...any) *scanError {
	return &scanError{offset, fmt.Sprintf(format, args...)}
}

// expected reports what stands at the current offset and what should.
func (s *scanner) expected(what string) *scanError {
	return s.errorAt(s.offset, "found %s, expected %s", s.found(), what)
}

func (s *scanner) found() string {
	if s.offset >= len(s.text) {
		return "the end of the text"
	}
	r, size := utf8.DecodeRuneInString(s.text[s.offset:])
	switch {
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf("byte 0x%02x, which is not UTF-8", s.text[s.offset])
	case r == '\uFEFF':
		return "a byte order mark (save the file without one)"
	case r == '“' || r == '”' || r == '„':
		return fmt.Sprintf("the typographic quotation mark %c", r)
	case r == '"':
		return "a string"
	case strconv.IsPrint(r):
		return fmt.Sprintf("%q", string(r))
	default:
		return fmt.Sprintf("the character U+%04X", r)
	}
}

func (s *scanner) document() (node, *scanError) {
	s.skipSpace()
	if s.offset >= len(s.text) {
		return node{}, s.expected("a JSON object")
	}
	value, err := s.value()
	if err != nil {
		return node{}, err
	}
	if s.skipSpace(); s.offset < len(s.text) {
		return node{}, s.expected("nothing after the end of the document")
	}
	return value, nil
}

func (s *scanner) skipSpace() {
	for s.offset < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.offset]) >= 0 {
		s.offset++
	}
}

// take moves past c, if that is what comes next.
func (s *scanner) take(c byte) bool {
	if s.skipSpace(); s.offset < len(s.text) && s.text[s.offset] == c {
		s.offset++
		return true
	}
	return false
}

func (s *scanner) value() (node, *scanError) {
	s.skipSpace()
	if s.offset >= len(s.text) {
		return node{}, s.expected("a value")
	}
	if s.depth++; s.depth > maxDepth {
		return node{}, s.errorAt(s.offset, "values are nested more than %d deep", maxDepth)
	}
	defer func() { s.depth-- }()
	start := s.offset
	switch c := s.text[s.offset]; {
	case c == '{':
		return s.object()
	case c == '[':
		return s.list()
	case c == '"':
		text, err := s.string()
		return node{kind: stringKind, offset: start, text: text}, err
	case c == '-' || isDigit(c):
		return s.number()
	}
	for literal, kind := range map[string]kind{"true": boolKind, "false": boolKind, "null": nullKind} {
		if strings.HasPrefix(s.text[s.offset:], literal) {
			s.offset += len(literal)
			return node{kind: kind, offset: start, text: literal}, nil
		}
	}
	return node{}, s.expected("a value (a string in double quotes, a list or an object)")
}

func (s *scanner) object() (node, *scanError) {
	object := node{kind: objectKind, offset: s.offset}
	s.offset++
	if s.take('}') {
		return object, nil
	}
	seen := map[string]int{}
	for {
		if s.skipSpace(); s.offset >= len(s.text) || s.text[s.offset] != '"' {
			if len(object.members) > 0 && s.offset < len(s.text) && s.text[s.offset] == '}' {
				return node{}, s.errorAt(s.offset, `found "}" after a comma, expected another key, or no comma`)
			}
			return node{}, s.expected("a key in double quotes")
		}
		m := member{offset: s.offset}
		var err *scanError
		if m.key, err = s.string(); err != nil {
			return node{}, err
		}
		if first, twice := seen[m.key]; twice {
			line, column := position(s.text, first)
			return node{}, s.errorAt(m.offset, "key %s appears twice in one object, first at line %d, column %d", quote(m.key), line, column)
		}
		seen[m.key] = m.offset
		if !s.take(':') {
			return node{}, s.expected(`":" after key ` + quote(m.key))
		}
		if m.value, err = s.value(); err != nil {
			return node{}, err
		}
		object.members = append(object.members, m)
		if s.take('}') {
			return object, nil
		}
		if !s.take(',') {
			return node{}, s.expected(`"," or "}"`)
		}
	}
}

func (s *scanner) list() (node, *scanError) {
	list := node{kind: listKind, offset: s.offset}
	s.offset++
	if s.take(']') {
		return list, nil
	}
	for {
		if s.skipSpace(); len(list.elements) > 0 && s.offset < len(s.text) && s.text[s.offset] == ']' {
			return node{}, s.errorAt(s.offset, `found "]" after a comma, expected another value, or no comma`)
		}
		element, err := s.value()
		if err != nil {
			return node{}, err
		}
		list.elements = append(list.elements, element)
		if s.take(']') {
			return list, nil
		}
		if !s.take(',') {
			return node{}, s.expected(`"," or "]"`)
		}
	}
}

func (s *scanner) number() (node, *scanError) {
	start := s.offset
	if s.text[s.offset] == '-' {
		s.offset++
	}
	if s.offset < len(s.text) && s.text[s.offset] == '0' {
		s.offset++
	} else if !s.digits() {
		return node{}, s.expected("a digit")
	}
	if s.offset < len(s.text) && s.text[s.offset] == '.' {
		if s.offset++; !s.digits() {
			return node{}, s.expected("a digit after the decimal point")
		}
	}
	if s.offset < len(s.text) && (s.text[s.offset] == 'e' || s.text[s.offset] == 'E') {
		s.offset++
		if s.offset < len(s.text) && (s.text[s.offset] == '+' || s.text[s.offset] == '-') {
			s.offset++
		}
		if !s.digits() {
			return node{}, s.expected("a digit of the exponent")
		}
	}
	return node{kind: numberKind, offset: start, text: s.text[start:s.offset]}, nil
}

func (s *scanner) digits() bool {
	start := s.offset
	for s.offset < len(s.text) && isDigit(s.text[s.offset]) {
		s.offset++
	}
	return s.offset > start
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (s *scanner) string() (string, *scanError) {
	start := s.offset
	s.offset++
	var b strings.Builder
	for {
		if s.offset >= len(s.text) {
			return "", s.errorAt(start, `the string that begins here has no closing "`)
		}
		switch c := s.text[s.offset]; {
		case c == '"':
			s.offset++
			return b.String(), nil
		case c == '\\':
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
		case c == '\n' || c == '\r':
			return "", s.errorAt(start, `the string that begins here has no closing " on its line`)
		case c < ' ':
			return "", s.errorAt(s.offset, "found the control character U+%04X inside a string, expected its escape \\u%04x", c, c)
		default:
			r, size := utf8.DecodeRuneInString(s.text[s.offset:])
			if r == utf8.RuneError && size == 1 {
				return "", s.expected("a character of the string")
			}
			b.WriteString(s.text[s.offset : s.offset+size])
			s.offset += size
		}
	}
}

var escapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (s *scanner) escape() (rune, *scanError) {
	start := s.offset
	if s.offset++; s.offset >= len(s.text) {
		return 0, s.expected("the rest of an escape")
	}
	if r, ok := escapes[s.text[s.offset]]; ok {
		s.offset++
		return r, nil
	}
	if s.text[s.offset] != 'u' {
		return 0, s.errorAt(start, `found an unknown escape, expected one of \" \\ \/ \b \f \n \r \t \uXXXX`)
	}
	first, ok := s.hexEscape(start)
	if ok && !utf16.IsSurrogate(first) {
		return first, nil
	}
	if ok {
		if second, ok := s.hexEscape(s.offset); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r, nil
			}
		}
		return 0, s.errorAt(start, "found half of a surrogate pair, expected both halves")
	}
	return 0, s.errorAt(start, `found an unfinished escape, expected \u and four hexadecimal digits`)
}

// hexEscape reads \uXXXX at offset, and moves past it if it is one.
func (s *scanner) hexEscape(offset int) (rune, bool) {
	const length = len(`\uXXXX`)
	if len(s.text) < offset+length || s.text[offset:offset+2] != `\u` {
		return 0, false
	}
	code, err := strconv.ParseUint(s.text[offset+2:offset+length], 16, 16)
	if err != nil {
		return 0, false
	}
	s.offset = offset + length
	return rune(code), true
}
