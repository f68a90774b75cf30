package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// stateFile is the content of Config.StateFile. The warning comes first, so that
// whoever opens the file reads it.
type stateFile struct {
	Warning string `json:"warning"`
	Version int    `json:"version"`
	State   *state `json:"state"`
}

const (
	stateFileWarning = "This file of ram-emulator holds secrets in clear text: AccessKeys, passwords, session tokens. Do not share or commit it."
	stateFileVersion = 1
)

// readStateFile fills the state from a file; a missing file leaves it as it is.
func readStateFile(path string, into *state) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read state file: %w", err)
	}
	file := stateFile{State: into}
	if err := json.Unmarshal(text, &file); err != nil {
		return fmt.Errorf("state file %s is damaged: %w", path, err)
	}
	if file.Version != stateFileVersion {
		return fmt.Errorf("state file %s has version %d, this emulator reads version %d", path, file.Version, stateFileVersion)
	}
	return nil
}

// save writes the state file, if there is one: to a new file beside it, then renamed,
// so that a crash leaves the old state or the new one.
func (e *Emulator) save() error {
	if e.config.StateFile == "" {
		return nil
	}
	text, err := json.MarshalIndent(stateFile{stateFileWarning, stateFileVersion, e.state}, "", "  ")
	if err != nil {
		return fmt.Errorf("encode state: %w", err)
	}
	// os.CreateTemp gives mode 0600.
	file, err := os.CreateTemp(filepath.Dir(e.config.StateFile), ".ram-emulator-*")
	if err != nil {
		return fmt.Errorf("write state file: %w", err)
	}
	_, writeErr := file.Write(text)
	if err := errors.Join(writeErr, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write state file: %w", errors.Join(err, os.Remove(file.Name())))
	}
	if err := os.Rename(file.Name(), e.config.StateFile); err != nil {
		return fmt.Errorf("write state file: %w", errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}
