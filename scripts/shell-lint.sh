# SPDX-License-Identifier: AGPL-3.0-or-later
# Every shell script of ours. Left aside by number: sourced files that cannot be followed or are seen one at a time (SC1090,
# SC1091, SC2034, SC2154, SC2317), file names without blanks (SC2012, SC2038), A && B || C where B cannot fail
# (SC2015), text that only looks like a variable (SC2016).
# shellcheck disable=SC2046
exec shellcheck -s sh -x -e SC1090,SC1091,SC2012,SC2015,SC2016,SC2034,SC2038,SC2154,SC2317 dev .ci/run \
	$(find scripts tests bench -name node_modules -prune -o -name '*.sh' -type f -print)
