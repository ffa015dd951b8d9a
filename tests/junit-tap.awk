# SPDX-License-Identifier: AGPL-3.0-or-later
# Meson's JUnit file, an element a line, as TAP: one line a case, what it printed below a failed one.
function attribute(line, name,    at, rest) {
	at = match(line, " " name "=\"[^\"]*\"")
	if (!at)
		return ""
	rest = substr(line, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
	gsub(/&lt;/, "<", rest)
	gsub(/&gt;/, ">", rest)
	gsub(/&quot;/, "\"", rest)
	gsub(/&#10;/, " ", rest)
	gsub(/&amp;/, "\\&", rest)
	return rest
}
function close_case() {
	if (title == "")
		return
	number++
	printf "%sok %d - %s%s\n", (bad ? "not " : ""), number, title, (skip ? " # SKIP " why : "")
	title = ""
}
/^<testsuite / {
	close_case()
	suite = attribute($0, "name")
	errors = attribute($0, "errors") + attribute($0, "failures")
	seen_bad = 0
}
/^<testcase / {
	close_case()
	title = suite ": " attribute($0, "name")
	bad = skip = 0
	why = ""
}
/^<(failure|error)/ {
	bad = 1
	seen_bad++
}
/^<skipped/ {
	skip = 1
	why = attribute($0, "message")
}
# A program that dies between its cases is an error of the suite, of no case.
/^<\/testsuite>/ {
	close_case()
	if (errors > seen_bad)
		printf "not ok %d - %s: the program itself failed\n", ++number, suite
}
END {
	close_case()
	printf "1..%d\n", number
}
