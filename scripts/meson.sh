# SPDX-License-Identifier: AGPL-3.0-or-later
# Build folders (sourced after common.sh): build/release/ what people run, build/test/ the sanitized one the tests run,
# build/fuzz/ clang's, build/bench/ and build/coverage/ what their names say.

# pv_meson FOLDER OPTION…: sets a build folder up where it is not, or not with these options, and builds it; of it,
# only the program $pv_only where that is set.
pv_meson() {
	pv_build_dir=$1
	shift
	if [ -d ui/dist ]; then
		set -- "$@" -Dui="$PV_ROOT/ui/dist"
	fi
	# A folder keeps the defaults it was set up with: when those change, it starts anew.
	pv_options=$pv_build_dir/.pv-options
	pv_wanted="$(pv_hash meson.build meson_options.txt) ${CC:-} $*"
	if [ ! -f "$pv_build_dir/build.ninja" ] || [ "$(cat "$pv_options" 2>/dev/null)" != "$pv_wanted" ]; then
		rm -rf "$pv_build_dir"
		pv_meson_log=$(mktemp)
		meson setup "$pv_build_dir" "$@" >"$pv_meson_log" 2>&1 </dev/null || {
			cat "$pv_meson_log" >&2
			rm -f "$pv_meson_log"
			pv_die 1 "meson could not set up $pv_build_dir"
		}
		rm -f "$pv_meson_log"
		printf '%s\n' "$pv_wanted" >"$pv_options"
	fi
	pv_say "compiling into $pv_build_dir"
	# Small programs that run during the build leave their memory to the kernel.
	pv_asan_kept=${ASAN_OPTIONS:-}
	ASAN_OPTIONS=detect_leaks=0
	export ASAN_OPTIONS
	if [ -t 2 ]; then
		ninja -C "$pv_build_dir" -j "$PV_JOBS" ${pv_only:+"$pv_only"} >&2 || pv_die 1 'the program does not compile'
	else
		pv_ninja_log=$pv_build_dir/.pv-ninja.log
		if ! ninja -C "$pv_build_dir" -j "$PV_JOBS" -k 20 ${pv_only:+"$pv_only"} >"$pv_ninja_log" 2>&1; then
			# From the first failure on; the whole when none is named.
			if grep -q '^FAILED: [^b]' "$pv_ninja_log"; then
				sed -n '/^FAILED/,$p' "$pv_ninja_log" | grep -v '^\[[0-9]*/[0-9]*\] ' | head -n 150 >&2
			else
				tail -n 60 "$pv_ninja_log" >&2
			fi
			pv_die 1 'the program does not compile'
		fi
	fi
	ASAN_OPTIONS=$pv_asan_kept
}

# The program as people run it: build/portevoix.
pv_release() {
	pv_need_build
	pv_ui
	pv_meson build/release --buildtype=release -Dtests=false
	ln -sfn release/src/cli/portevoix build/portevoix
}
