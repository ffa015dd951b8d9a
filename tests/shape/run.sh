# SPDX-License-Identifier: AGPL-3.0-or-later
# The tree against docs/ARCHITECTURE.md and the habits of CONTRIBUTING.md. TAP on standard output.
# tests/shape/run.sh [ROOT]: ROOT is the source tree (the project's own); tests/dev/run.sh gives it bad ones.
set -u
shape=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$shape/../..}" || exit 1
map=docs/ARCHITECTURE.md
number=0
bad=0
found=$(mktemp)
trap 'rm -f "$found"' EXIT

# tell TITLE: one case; what stands in $found is what is wrong.
tell() {
	number=$((number + 1))
	if [ -s "$found" ]; then
		bad=1
		printf 'not ok %d - %s\n' "$number" "$1"
		sed 's/^/    /' "$found"
	else
		printf 'ok %d - %s\n' "$number" "$1"
	fi
	: >"$found"
}

sources() {
	find src -type f \( -name '*.c' -o -name '*.h' \) | LC_ALL=C sort
}

# Rooms, their arrows, and the folders that are there.
awk -f "$shape/rooms.awk" -v mode=table "$map" >"$found"
tell 'the table of rooms can be read, and its arrows point to lines above'

for room in src/*/; do
	room=${room#src/}
	room=${room%/}
	find "src/$room" -name '*.[ch]' | grep -q . || continue
	grep -q "^| \`$room\` |" "$map" || echo "src/$room/ is in no line of $map" >>"$found"
done
tell 'every room of src/ is on the map'

sources | xargs -r grep -nE '^[[:space:]]*#[[:space:]]*include' /dev/null | awk -f "$shape/rooms.awk" -v mode=rooms "$map" - >"$found"
tell 'quoted includes are "room/header.h", along the arrows'

sources | xargs -r grep -nE '^[[:space:]]*#[[:space:]]*include' /dev/null | awk -f "$shape/rooms.awk" -v mode=libraries "$map" - >"$found"
tell 'each library is included only by the rooms that may use it'

sources | xargs -r grep -nhoE '^[[:space:]]*#[[:space:]]*include "[^"]+"' | sed 's/.*"\(.*\)"/\1/' | sort -u | while read -r header; do
	[ -f "src/$header" ] || case $header in
	*_gen.h | *_embedded.h | *generated*) ;;
	*) echo "\"$header\" is not in src/" ;;
	esac
done >"$found"
tell 'every included header is there'

# A string that begins like a statement.
sources | grep -v '^src/store/' | xargs -r grep -nE '"[[:space:]]*(SELECT [a-z0-9_*(].* FROM|INSERT INTO |UPDATE [a-z_]+ SET |DELETE FROM |CREATE TABLE |ALTER TABLE |DROP TABLE )' /dev/null >"$found"
tell 'SQL stands in src/store only'

find src tests bench fuzz ui/src ui/dev scripts dev -name node_modules -prune -o -name schema.d.ts -prune -o -type f \
	\( -name '*.c' -o -name '*.h' -o -name '*.ts' -o -name '*.svelte' -o -name '*.css' -o -name '*.mjs' -o -name '*.sh' -o -name dev \) -print 2>/dev/null |
	while IFS= read -r file; do
		lines=$(wc -l <"$file")
		[ "$lines" -le 600 ] || echo "$file: $lines lines (600 at most)"
	done >"$found"
tell 'no file is longer than 600 lines'

{
	sources
	find tests bench fuzz -name node_modules -prune -o -type f \( -name '*.c' -o -name '*.h' -o -name '*.sh' \) -print 2>/dev/null
} | while IFS= read -r file; do
	head -n 2 "$file" | grep -q 'SPDX-License-Identifier: AGPL-3.0-or-later' || echo "$file: no SPDX line at its head"
done >"$found"
tell 'every source says its licence on its first lines'

find src ui/src -name node_modules -prune -o -type f -print 2>/dev/null |
	xargs -r grep -nIwE 'TODO|FIXME|XXX|HACK' /dev/null >"$found"
tell 'nothing is left marked for later'

sources | xargs -r grep -nE '(^|[^a-zA-Z0-9_>.])(strcpy|strcat|sprintf|vsprintf|gets|strtok|system|popen|tmpnam|mktemp)[[:space:]]*\(' /dev/null |
	grep -vE '^[^:]*:[0-9]*:[[:space:]]*(/?\*|//)' >"$found"
tell 'no call that writes past its bounds or starts a shell'

find . -name node_modules -prune -o -name '.cache' -prune -o -name build -prune -o -name package-lock.json \
	-exec grep -lE '"resolved": *"https?:' {} + >"$found"
tell 'lock files record no download address'

{
	sed -n "s/.*dependency('\([^']*\)'.*/\1/p" meson.build tests/meson.build 2>/dev/null | sed 's/^icu-.*/ICU/; s/^sqlite3$/SQLite/; s/-2\.0$/2/; s/^threads$//'
	find . -name node_modules -prune -o -name .cache -prune -o -name build -prune -o -name var -prune -o -name package.json -print | while IFS= read -r file; do
		awk '/"(dependencies|devDependencies|optionalDependencies)": *\{/ { inside = 1; next } inside && /\}/ { inside = 0 } inside { split($0, q, "\""); print q[2] }' "$file"
	done
} | sort -u | while IFS= read -r name; do
	[ -z "$name" ] || grep -qF -- "$name" docs/DEPENDENCIES.md || echo "$name: no line in docs/DEPENDENCIES.md says why"
done >"$found"
tell 'every dependency has its reason in docs/DEPENDENCIES.md'

printf '1..%d\n' "$number"
exit "$bad"
