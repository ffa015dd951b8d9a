#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# embed.sh NAME OUT.c FOLDER [PREFIX=FILE]…: writes the files of FOLDER ('' for none), and those named, into a C
# table (struct pv_asset, src/web/assets.h) called pv_assets_NAME, sorted by path. Text is kept compressed as well.
# Bytes stay outside the C text: .incbin reads them when the table is assembled.
set -eu
LC_ALL=C
export LC_ALL
name=$1 out=$2 folder=$3
shift 3
work=$out.d
rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)
: > "$work/list"
if [ -n "$folder" ] && [ -d "$folder" ]; then
	folder=$(cd "$folder" && pwd)
	(cd "$folder" && find . -type f ! -name '*.map' | sed 's|^\./||') | while read -r path; do
		printf '%s\t%s\n' "$path" "$folder/$path"
	done >> "$work/list"
fi
for pair; do
	file=${pair#*=}
	printf '%s\t%s\n' "${pair%%=*}" "$(cd "$(dirname "$file")" && pwd)/$(basename "$file")" >> "$work/list"
done
sort "$work/list" > "$work/sorted"

type_of() {
	case $1 in
	*.html) echo 'text/html; charset=utf-8' ;;
	*.js | *.mjs) echo 'text/javascript; charset=utf-8' ;;
	*.css) echo 'text/css; charset=utf-8' ;;
	*.json) echo 'application/json' ;;
	*.webmanifest) echo 'application/manifest+json' ;;
	*.svg) echo 'image/svg+xml' ;;
	*.png) echo 'image/png' ;;
	*.jpg | *.jpeg) echo 'image/jpeg' ;;
	*.ico) echo 'image/vnd.microsoft.icon' ;;
	*.woff2) echo 'font/woff2' ;;
	*atom*.xml) echo 'application/atom+xml; charset=utf-8' ;;
	*rss*.xml) echo 'application/rss+xml; charset=utf-8' ;;
	*.xml) echo 'application/xml; charset=utf-8' ;;
	*.txt | *.yaml) echo 'text/plain; charset=utf-8' ;;
	*) echo 'application/octet-stream' ;;
	esac
}

{
	echo '/* Written by tools/embed.sh. */'
	echo '#include "web/assets.h"'
	i=0
	tab=$(printf '\t')
	while IFS="$tab" read -r path file; do
		# A copy: the table is assembled later, and elsewhere the file may have changed by then.
		cp "$file" "$work/$i"
		embed() {
			printf 'extern const char pv_%s_%s[], pv_%s_%s_end[];\n' "$name" "$1" "$name" "$1"
			printf '__asm__(".section .rodata\\n.balign 16\\npv_%s_%s:\\n.incbin \\"%s\\"\\npv_%s_%s_end:\\n.byte 0\\n.previous\\n");\n' \
				"$name" "$1" "$2" "$name" "$1"
		}
		embed "$i" "$work/$i"
		case $path in
		*.html | *.js | *.mjs | *.css | *.json | *.svg | *.webmanifest | *.xml | *.txt | *.yaml)
			gzip -9 -n -c "$file" > "$work/$i.gz"
			if [ "$(wc -c < "$work/$i.gz")" -lt "$(wc -c < "$work/$i")" ]; then
				embed "${i}_gz" "$work/$i.gz"
			else
				rm "$work/$i.gz"
			fi
			;;
		esac
		i=$((i + 1))
	done < "$work/sorted"
	printf '\nconst struct pv_asset pv_assets_%s[] = {\n' "$name"
	i=0
	while IFS="$tab" read -r path file; do
		digest=$(sha256sum "$work/$i" | cut -c 1-32)
		packed=NULL packed_end=NULL hashed=false
		if [ -f "$work/$i.gz" ]; then
			packed=pv_${name}_${i}_gz packed_end=pv_${name}_${i}_gz_end
		fi
		# Vite's names under assets/ end in a digest of their content.
		case $path in assets/*-????????.*) hashed=true ;; esac
		printf '\t{"%s", "%s", "\\"%s\\"", pv_%s_%s, pv_%s_%s_end, %s, %s, %s},\n' "$path" "$(type_of "$path")" \
			"$digest" "$name" "$i" "$name" "$i" "$packed" "$packed_end" "$hashed"
		i=$((i + 1))
	done < "$work/sorted"
	[ "$i" -gt 0 ] || printf '\t{0},\n'
	printf '};\nconst size_t pv_assets_%s_n = %s;\n' "$name" "$i"
} > "$out.new"
# Unchanged: the time stays too, and nothing is compiled again.
if cmp -s "$out.new" "$out"; then rm "$out.new"; else mv "$out.new" "$out"; fi
