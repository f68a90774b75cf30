package rpc

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A Parameter is an input field that is sent as something else than itself.
type Parameter interface{ Parameter() any }

// parameters are the encoded input of an operation. What is secret or large travels
// in the body, so that it stays out of URLs and thereby out of access logs.
type parameters struct {
	query, body url.Values
	secrets     []string
}

// encode turns a struct into request parameters by its `param` tags:
//
//	Name     string            `param:"UserName,required"` // an empty value is refused before sending
//	Comments *string           `param:"NewComments"`       // nil is left out, a pointer to "" is sent empty
//	Document string            `param:"PolicyDocument,body"`
//	Password Secret            `param:"Password"`          // always in the body
//	Keys     []string          `param:"TagKey"`            // TagKey.1, TagKey.2, …
//	Tags     []struct{Key, Value string} `param:"Tag"`     // Tag.1.Key, Tag.1.Value, …
//	Names    []string          `param:"ResourceNames,json"`// ["a","b"]
//
// Zero values and empty lists are left out, other than through a pointer. A nil input has no parameters.
func encode(in any) (parameters, error) {
	p := parameters{query: url.Values{}, body: url.Values{}}
	if in == nil {
		return p, nil
	}
	v := reflect.ValueOf(in)
	if v.Kind() != reflect.Struct {
		return p, fmt.Errorf("input is %T, not a struct", in)
	}
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("param")
		if tag == "" {
			continue
		}
		name, flags, _ := strings.Cut(tag, ",")
		options := strings.Split(flags, ",")
		field := v.Field(i)
		if parameter, ok := field.Interface().(Parameter); ok {
			field = reflect.ValueOf(parameter.Parameter())
		}
		if field.IsZero() || field.Kind() == reflect.Slice && field.Len() == 0 {
			if slices.Contains(options, "required") {
				return p, fmt.Errorf("%s is required", name)
			}
			continue
		}
		values := p.query
		if slices.Contains(options, "body") {
			values = p.body
		}
		if err := p.add(values, name, field, slices.Contains(options, "json")); err != nil {
			return p, err
		}
	}
	return p, nil
}

func (p *parameters) add(values url.Values, name string, v reflect.Value, asJSON bool) error {
	if secret, ok := v.Interface().(Secret); ok {
		p.secrets = append(p.secrets, secret.Reveal())
		p.body.Set(name, secret.Reveal())
		return nil
	}
	if asJSON {
		text, err := json.Marshal(v.Interface())
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		values.Set(name, string(text))
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		return p.add(values, name, v.Elem(), false)
	case reflect.String:
		values.Set(name, v.String())
	case reflect.Bool:
		values.Set(name, strconv.FormatBool(v.Bool()))
	case reflect.Int:
		values.Set(name, strconv.FormatInt(v.Int(), 10))
	case reflect.Slice:
		for i := range v.Len() {
			if err := p.add(values, fmt.Sprintf("%s.%d", name, i+1), v.Index(i), false); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := p.add(values, name+"."+v.Type().Field(i).Name, v.Field(i), false); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("%s: a parameter cannot be a %s", name, v.Type())
	}
	return nil
}

// formEncode writes the values sorted by name in the one spelling that the signature
// allows: RFC 3986, so a space is %20 and not a plus.
func formEncode(values url.Values) string {
	return strings.ReplaceAll(values.Encode(), "+", "%20")
}
