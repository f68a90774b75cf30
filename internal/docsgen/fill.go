package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// marker is a line that a template leaves for docsgen, such as
// "<!-- docsgen: permissions of Resource ram_role -->".
var marker = regexp.MustCompile(`(?m)^<!-- docsgen: (.*) -->$`)

// fill replaces every marker in the Markdown pages under dir.
func fill(ctx context.Context, dir string) error {
	sections, err := permissionSections(ctx)
	if err != nil {
		return err
	}
	maps.Copy(sections, assumptionSections())
	sections["high-risk policies"] = highRiskSection()
	if sections["arguments"], err = argumentSection(ctx); err != nil {
		return err
	}

	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	used := map[string]bool{}
	err = fs.WalkDir(root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".md" {
			return err
		}
		page, err := root.ReadFile(path)
		if err != nil {
			return err
		}
		filled, err := fillPage(string(page), sections, used)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return root.WriteFile(path, []byte(filled), 0o644)
	})
	if err != nil {
		return err
	}
	return unused(sections, used)
}

// fillPage replaces the markers of one page, ends it with one newline and notes which
// sections it used.
func fillPage(page string, sections map[string]string, used map[string]bool) (string, error) {
	var errs []error
	filled := marker.ReplaceAllStringFunc(page, func(line string) string {
		name := marker.FindStringSubmatch(line)[1]
		section, ok := sections[name]
		if !ok {
			errs = append(errs, fmt.Errorf("nothing to put in place of %q", line))
		}
		used[name] = true
		return strings.TrimSuffix(section, "\n")
	})
	return strings.TrimRight(filled, "\n") + "\n", errors.Join(errs...)
}

// unused complains of sections that no page has a marker for: a page that lost it would
// otherwise silently lose its content.
func unused(sections map[string]string, used map[string]bool) error {
	var errs []error
	for name := range sections {
		if !used[name] {
			errs = append(errs, fmt.Errorf("no page has the marker %q", "<!-- docsgen: "+name+" -->"))
		}
	}
	return errors.Join(errs...)
}
