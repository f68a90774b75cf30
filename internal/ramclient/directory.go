package ramclient

import "context"

// A directory reads single objects by key, and from a list of all when they are many.
type directory[T any] struct {
	singles memo[T]
	list    *catalogue[string, T]
}

// newDirectory lists what page gives, under all the keys that an object has.
func newDirectory[T, I any](page func(ctx context.Context, marker string) (page[I], error), entry func(I) (value T, keys []string)) *directory[T] {
	return &directory[T]{list: newCatalogue(func(ctx context.Context, marker string) (map[string]T, string, error) {
		read, err := page(ctx, marker)
		entries := make(map[string]T, len(read.items))
		for _, item := range read.items {
			value, keys := entry(item)
			for _, key := range keys {
				entries[key] = value
			}
		}
		return entries, read.next, err
	})}
}

// get gives the object with the key, from the list or by single. If there is no list, a
// single read fails for the same reason or does without it.
func (d *directory[T]) get(ctx context.Context, key string, single func(context.Context) (T, error)) (T, error) {
	if listed, ok := d.list.find(ctx, key, key); ok {
		return listed, nil
	}
	return d.singles.get(ctx, key, single)
}

func (d *directory[T]) forget() {
	d.singles.forget()
	d.list.forget()
}
