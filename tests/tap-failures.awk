# SPDX-License-Identifier: AGPL-3.0-or-later
# Shows the failed cases of a TAP stream with the diagnostics around them.
/^[ \t]*not ok/ { show = 1; print; next }
/^[ \t]*ok / { show = 0; next }
/^Bail out!/ { print; next }
/^1\.\.[0-9]+/ { show = 0 }
show { print }
