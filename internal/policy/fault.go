package policy

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Fault is one thing wrong with a document, and where.
type Fault struct {
	// Line and Column count from 1; a column is one character, not one byte.
	Line, Column int
	// Path names the element, such as Statement[0].Action[1]; empty where the text is no
	// JSON, or where the fault is of the document as a whole.
	Path string
	// Msg says what was found and what was expected.
	Msg string
}

// SyntaxError is the fault which keeps Parse from giving a text a meaning.
type SyntaxError = Fault

// Error implements error.
func (f *Fault) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", f.Line, f.Column, f.message())
}

func (f *Fault) message() string {
	if f.Path == "" {
		return f.Msg
	}
	return f.Path + ": " + f.Msg
}

// maxFaults is as many as a person reads; the rest shows when these are mended.
const maxFaults = 20

// faults collects what is wrong with one text.
type faults struct {
	text  string
	found []*Fault
}

func (f *faults) add(offset int, path, format string, args ...any) {
	if len(f.found) == maxFaults {
		return
	}
	line, column := position(f.text, offset)
	f.found = append(f.found, &Fault{line, column, path, fmt.Sprintf(format, args...)})
}

// sort puts the faults in the order of the text.
func (f *faults) sort() {
	slices.SortStableFunc(f.found, func(a, b *Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

func (f *faults) join() error {
	joined := make([]error, len(f.found))
	for i, fault := range f.found {
		joined[i] = fault
	}
	return errors.Join(joined...)
}

// joinMessages leaves out the positions, for a text which nobody has seen.
func (f *faults) joinMessages() error {
	joined := make([]error, len(f.found))
	for i, fault := range f.found {
		joined[i] = errors.New(fault.message())
	}
	return errors.Join(joined...)
}

// position turns a byte offset into line and column.
func position(text string, offset int) (line, column int) {
	before := text[:offset]
	line = 1 + strings.Count(before, "\n")
	column = 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return line, column
}
