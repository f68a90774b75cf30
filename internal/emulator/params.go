package emulator

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// params are the parameters of one operation, query and form body merged, without
// the common ones of the gateway.
type params map[string]string

// tagParam is a tag as a request gives it.
type tagParam struct{ Key, Value string }

// decode fills an input struct and refuses what does not fit it. Field names are
// parameter names unless the tag says otherwise:
//
//	UserName string      `param:",required"`       mandatory
//	Comments *string                               nil unless sent
//	Password string      `param:",secret"`         kept out of the request log
//	Tags     []tagParam  `param:"Tag"`             Tag.1.Key, Tag.1.Value, Tag.2.Key, …
//	Keys     []string    `param:"TagKey"`          TagKey.1, TagKey.2, …
//	Names    []string    `param:"ResourceNames,json"`  one JSON text
//
// Embedded structs count as if their fields stood in the input.
func (p params) decode(action string, input any) *apiError {
	known := map[string]bool{}
	if err := p.fill(reflect.ValueOf(input).Elem(), known); err != nil {
		return err
	}
	for _, name := range sortedKeys(p) {
		if !known[name] {
			return errUnknownParameter(action, name)
		}
	}
	return nil
}

// secretNames lists the parameters of an input that must not be logged.
func secretNames(input reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(input) {
		if field := readField(f); field.secret {
			names = append(names, field.name)
		}
	}
	return names
}

type field struct {
	name                   string
	required, secret, json bool
}

func readField(f reflect.StructField) field {
	name, options, _ := strings.Cut(f.Tag.Get("param"), ",")
	if name == "" {
		name = f.Name
	}
	options = "," + options + ","
	return field{
		name:     name,
		required: strings.Contains(options, ",required,"),
		secret:   strings.Contains(options, ",secret,"),
		json:     strings.Contains(options, ",json,"),
	}
}

func (p params) fill(target reflect.Value, known map[string]bool) *apiError {
	for i := range target.NumField() {
		if target.Type().Field(i).Anonymous {
			if err := p.fill(target.Field(i), known); err != nil {
				return err
			}
			continue
		}
		f := readField(target.Type().Field(i))
		if target.Field(i).Kind() == reflect.Slice && !f.json {
			if err := p.fillList(f, target.Field(i), known); err != nil {
				return err
			}
			continue
		}
		known[f.name] = true
		text, sent := p[f.name]
		if f.required && text == "" {
			return errMissing(f.name)
		}
		if !sent {
			continue
		}
		if err := setScalar(f, target.Field(i), text); err != nil {
			return err
		}
	}
	return nil
}

func setScalar(f field, target reflect.Value, text string) *apiError {
	if f.json {
		if err := json.Unmarshal([]byte(text), target.Addr().Interface()); err != nil {
			return invalidParameter(f.name, "The parameter %s is not the JSON it should be.", f.name)
		}
		return nil
	}
	if target.Kind() == reflect.Pointer {
		target.Set(reflect.New(target.Type().Elem()))
		target = target.Elem()
	}
	switch target.Kind() {
	case reflect.String:
		target.SetString(text)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return invalidParameter(f.name, "The parameter %s must be a whole number.", f.name)
		}
		target.SetInt(int64(n))
	case reflect.Bool:
		if text != "true" && text != "false" {
			return invalidParameter(f.name, "The parameter %s must be true or false.", f.name)
		}
		target.SetBool(text == "true")
	default:
		panic("emulator: no decoding for parameter " + f.name) // a mistake in an input struct
	}
	return nil
}

// fillList reads Name.1, Name.2, … (or Name.1.Key, … for structs); the numbers start
// at 1 and have no gap, so what follows a gap counts as unknown.
func (p params) fillList(f field, target reflect.Value, known map[string]bool) *apiError {
	for n := 1; ; n++ {
		element := reflect.New(target.Type().Elem()).Elem()
		prefix := f.name + "." + strconv.Itoa(n)
		sent := false
		if element.Kind() == reflect.String {
			var text string
			text, sent = p[prefix]
			known[prefix] = sent
			element.SetString(text)
		} else {
			for i := range element.NumField() {
				name := prefix + "." + element.Type().Field(i).Name
				if text, ok := p[name]; ok {
					sent, known[name] = true, true
					element.Field(i).SetString(text)
				}
			}
		}
		if !sent {
			break
		}
		target.Set(reflect.Append(target, element))
	}
	if f.required && target.Len() == 0 {
		return errMissing(f.name)
	}
	return nil
}
