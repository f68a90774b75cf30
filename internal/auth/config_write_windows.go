package auth

import (
	"io/fs"
	"os"
)

// keepOwner has nothing to do: a new file inherits the directory's access list.
func keepOwner(*os.File, fs.FileInfo) error { return nil }

// syncDirectory has nothing to do: a directory cannot be synced here.
func syncDirectory(string) {}
