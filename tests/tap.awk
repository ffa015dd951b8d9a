# SPDX-License-Identifier: AGPL-3.0-or-later
# Counts one suite's TAP: prints "passed failed skipped". -v code=N is the exit code of the suite.
#
# Cases are lines "ok …" and "not ok …" at the margin; "# SKIP" after one is a skip. Node's own runner nests: there
# the closing lines "# pass N", "# fail N", "# skipped N" count the single cases, and are added up when several runs
# follow each other. A plan with no such case, a bail-out, a non-zero exit without a failed case: one failure.
/^ok/ {
	if (tolower($0) ~ /# *skip/) skipped++
	else passed++
	seen++
}
/^not ok/ {
	if (tolower($0) ~ /# *todo/) skipped++
	else failed++
	seen++
}
/^Bail out!/ { bail = 1 }
/^1\.\.[0-9]+/ { split($1, plan, "[.][.]"); planned += plan[2]; plans++ }
/^# pass [0-9]+/ { node_pass += $3; node = 1 }
/^# fail [0-9]+/ { node_fail += $3 }
/^# cancelled [0-9]+/ { node_fail += $3 }
/^# (skipped|todo) [0-9]+/ { node_skip += $3 }
END {
	if (node) {
		failed = (node_fail > failed + 0) ? node_fail : failed + 0
		passed = node_pass
		skipped = node_skip
	} else if (plans && planned > seen) {
		failed += planned - seen
	}
	if (bail && !failed) failed = 1
	if (code != 0 && !failed) failed = 1
	if (!passed && !failed && !skipped) failed = 1
	printf "%d %d %d\n", passed, failed, skipped
}
