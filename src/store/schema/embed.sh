#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# embed.sh FILE.sql… - writes the C table of migrations (store/migrate.h) on standard output.
# A file is NNNN-name.sql; comments and empty lines stay out: every connection would keep them.
set -eu
echo '#include "store/migrate.h"'
echo 'const struct pv_migration pv_migrations[] = {'
for file in "$@"; do
	base=$(basename "$file" .sql)
	number=$(echo "${base%%-*}" | sed 's/^0*//')
	echo "	{$number, \"${base#*-}\","
	sed -e 's/[[:space:]]*--.*$//' -e '/^[[:space:]]*$/d' -e 's/^[[:space:]]*//' \
		-e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^.*$/	"&\\n"/' "$file"
	echo '	},'
done
echo '};'
echo 'const size_t pv_migrations_n = sizeof pv_migrations / sizeof pv_migrations[0];'
