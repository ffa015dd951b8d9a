# SPDX-License-Identifier: AGPL-3.0-or-later
# Names C functions longer than 70 lines: a remark, a screen is where a reader still sees the whole.
FNR == 1 { start = 0 }
/^[a-zA-Z_].*\(/ && !/;[ \t]*$/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
/^\{/ { start = FNR }
/^\}/ {
	if (start && FNR - start > 70)
		printf "%s:%d: %s has %d lines (70 at most reads well)\n", FILENAME, start, name, FNR - start - 1
	start = 0
}
