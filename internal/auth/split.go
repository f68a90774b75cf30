package auth

import (
	"errors"
	"strings"
	"unicode"
)

var (
	errEmptyCommand  = errors.New("the command is empty")
	errOpenQuote     = errors.New("a quote is not closed")
	errTrailingSlash = errors.New("a backslash at the end escapes nothing")
)

// splitCommand splits a command line into words as the Alibaba Cloud CLI does (3.4.11):
// quotes and, except on Windows, backslashes as in a POSIX shell, but no variables,
// globs, pipes or home directories. Errors do not quote the line.
func splitCommand(line string, windows bool) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord, quote := false, rune(0)
	runes := []rune(line)
	for i := 0; i < len(runes); i++ {
		c := runes[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == '\'':
			word.WriteRune(c)
		case c == '\\' && quote == '"':
			i = doubleQuotedEscape(&word, runes, i, windows)
		case quote == '"':
			word.WriteRune(c)
		case c == '\'' || c == '"':
			quote, inWord = c, true
		case c == '\\' && !windows:
			i++
			if i == len(runes) {
				return nil, errTrailingSlash
			}
			if runes[i] != '\n' {
				word.WriteRune(runes[i])
				inWord = true
			}
		case unicode.IsSpace(c):
			if inWord {
				words = append(words, word.String())
				word.Reset()
				inWord = false
			}
		default:
			word.WriteRune(c)
			inWord = true
		}
	}
	if quote != 0 {
		return nil, errOpenQuote
	}
	if inWord {
		words = append(words, word.String())
	}
	if len(words) == 0 || words[0] == "" {
		return nil, errEmptyCommand
	}
	return words, nil
}

// doubleQuotedEscape handles the backslash at i and returns the last index consumed.
func doubleQuotedEscape(word *strings.Builder, runes []rune, i int, windows bool) int {
	escapable := "\"\\$`"
	if windows {
		escapable = `"`
	}
	switch {
	case i+1 < len(runes) && strings.ContainsRune(escapable, runes[i+1]):
		word.WriteRune(runes[i+1])
		return i + 1
	case i+1 < len(runes) && runes[i+1] == '\n' && !windows:
		return i + 1
	default:
		word.WriteRune('\\')
		return i
	}
}
