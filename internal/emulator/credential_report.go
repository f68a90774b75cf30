package emulator

import (
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"
)

func credentialReportOperations() []*operation {
	return []*operation{
		define(ims, "GenerateCredentialReport", write, wholeAccount[none], generateCredentialReport),
		define(ims, "GetCredentialReport", read, wholeAccount[reportPage], getCredentialReport),
	}
}

// credentialReport is what the credentials of an account were like at a time.
type credentialReport struct {
	Generated time.Time
	Rows      [][]string // in the order of reportColumns, the root account first
}

const (
	reportValidity = 4 * time.Hour // the service makes no newer one before
	maxReportUsers = 3500
)

// reportColumns are those of the page "Get a user credential report". Keys have no id.
var reportColumns = []string{
	"user", "user_creation_time", "user_last_logon",
	"password_exist", "password_active", "password_last_changed", "password_next_rotation", "mfa_active",
	"access_key_1_exist", "access_key_1_active", "access_key_1_last_rotated", "access_key_1_last_used",
	"access_key_2_exist", "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used",
}

const (
	reportTrue          = "TRUE"
	reportFalse         = "FALSE"
	reportNever         = "-"
	reportNotApplicable = "N/A"
)

func generateCredentialReport(c *call, _ none) (answer, *apiError) {
	if len(c.account.Users) > maxReportUsers {
		return nil, limitExceeded("CredentialReport.User", maxReportUsers)
	}
	if made := c.account.Report; made != nil && c.now.Before(made.Generated.Add(reportValidity)) {
		return answer{"State": "COMPLETE"}, nil
	}
	c.account.Report = c.credentialReport()
	return answer{"State": "STARTED"}, nil
}

func (c *call) credentialReport() *credentialReport {
	root := append([]string{
		"<root>", reportNotApplicable, reportNever,
		reportTrue, reportNotApplicable, reportNotApplicable, reportNotApplicable, reportFalse,
	}, c.keyColumns(c.account.RootKeys)...)
	report := &credentialReport{Generated: c.now, Rows: [][]string{root}}
	for _, u := range inOrder(c.account.Users) {
		row := append([]string{c.account.upn(u.Name), stamp(u.Created), orNever(u.LastLogin)}, c.passwordColumns(u)...)
		report.Rows = append(report.Rows, append(row, c.keyColumns(u.Keys)...))
	}
	return report
}

// passwordColumns go from password_exist to mfa_active.
func (c *call) passwordColumns(u *user) []string {
	mfa := reportBool(c.account.deviceOf(u.ID) != nil)
	if u.Login == nil {
		return []string{reportFalse, reportNotApplicable, reportNotApplicable, reportNotApplicable, mfa}
	}
	rotation := reportNever
	if age := c.account.Passwords.MaxPasswordAge; age > 0 && !u.Login.PasswordSet.IsZero() {
		rotation = stamp(u.Login.PasswordSet.Add(days(age)))
	}
	return []string{reportTrue, reportBool(u.Login.Status == keyActive), orNever(u.Login.PasswordSet), rotation, mfa}
}

// keyColumns describe two keys, oldest first.
func (c *call) keyColumns(keys []*accessKey) []string {
	var columns []string
	for slot := range maxKeysPerUser {
		if slot >= len(keys) {
			columns = append(columns, reportFalse, reportNotApplicable, reportNotApplicable, reportNotApplicable)
			continue
		}
		key := keys[slot]
		used, _ := key.visibleUse(c.now, c.config.LastUsedLag)
		columns = append(columns, reportTrue, reportBool(key.Status == keyActive), stamp(key.Created), orNever(used))
	}
	return columns
}

func reportBool(yes bool) string {
	return strings.ToUpper(strconv.FormatBool(yes))
}

func orNever(t time.Time) string {
	if t.IsZero() {
		return reportNever
	}
	return stamp(t)
}

// reportPage cuts the report; a page holds at most the root account and all users.
type reportPage struct {
	MaxItems  *int
	NextToken string
}

func getCredentialReport(c *call, in reportPage) (answer, *apiError) {
	report := c.account.Report
	if report == nil {
		return nil, notExist("CredentialReport", "There is no credential report; GenerateCredentialReport makes one.")
	}
	count, refused := c.count("MaxItems", in.MaxItems, pageSize{maxReportUsers + 1, maxReportUsers + 1})
	if refused != nil {
		return nil, refused
	}
	rows := map[string][]string{}
	for i, row := range report.Rows {
		rows[fmt.Sprintf("%04d", i)] = row
	}
	keys, next, refused := c.cut(sortedKeys(rows), "NextToken", in.NextToken, count)
	if refused != nil {
		return nil, refused
	}
	lines := [][]string{reportColumns}
	for _, key := range keys {
		lines = append(lines, rows[key])
	}
	out := answer{
		"Content":       base64.StdEncoding.EncodeToString(encodeCSV(lines)),
		"GeneratedTime": stamp(report.Generated),
		"IsTruncated":   strconv.FormatBool(next != ""), // a text, unlike in lists
	}
	if next != "" {
		out["NextToken"] = next
	}
	return out, nil
}

func encodeCSV(lines [][]string) []byte {
	var text strings.Builder
	if err := csv.NewWriter(&text).WriteAll(lines); err != nil {
		panic(fmt.Sprintf("emulator: credential report does not encode: %v", err)) // a builder takes every write
	}
	return []byte(text.String())
}
