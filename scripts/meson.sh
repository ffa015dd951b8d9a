# SPDX-License-Identifier: AGPL-3.0-or-later
# Build folders (sourced after common.sh): build/ is the release, build/test/ the sanitized one the tests run,
# build/fuzz/ clang's, build/bench/ and build/coverage/ what their names say.

# pv_meson FOLDER OPTION…: sets a build folder up, or brings its options up to date, and builds it.
pv_meson() {
	pv_build_dir=$1
	shift
	if [ -d ui/dist ]; then
		set -- "$@" -Dui="$PV_ROOT/ui/dist"
	fi
	pv_options=$pv_build_dir/.pv-options
	if [ ! -f "$pv_build_dir/build.ninja" ]; then
		meson setup "$pv_build_dir" "$@" >"${TMPDIR:-/tmp}/pv-meson.$$" 2>&1 || {
			cat "${TMPDIR:-/tmp}/pv-meson.$$" >&2
			rm -f "${TMPDIR:-/tmp}/pv-meson.$$"
			pv_die 1 "meson could not set up $pv_build_dir"
		}
		rm -f "${TMPDIR:-/tmp}/pv-meson.$$"
		printf '%s\n' "$*" >"$pv_options"
	elif [ "$(cat "$pv_options" 2>/dev/null)" != "$*" ]; then
		meson configure "$pv_build_dir" "$@" >&2 || pv_die 1 "meson refuses the options of $pv_build_dir"
		printf '%s\n' "$*" >"$pv_options"
	fi
	pv_say "compiling into $pv_build_dir"
	if [ -t 2 ]; then
		ninja -C "$pv_build_dir" -j "$PV_JOBS" >&2 || pv_die 1 'the program does not compile'
	else
		pv_ninja_log=$pv_build_dir/.pv-ninja.log
		if ! ninja -C "$pv_build_dir" -j "$PV_JOBS" -k 20 >"$pv_ninja_log" 2>&1; then
			grep -v '^\[[0-9]*/[0-9]*\] \(Compiling\|Linking\|Generating\)' "$pv_ninja_log" | tail -n 120 >&2
			pv_die 1 'the program does not compile'
		fi
	fi
}

# The program as people run it: build/portevoix.
pv_release() {
	pv_need_build
	pv_ui
	pv_meson build --buildtype=release -Dtests=false
	ln -sfn src/cli/portevoix build/portevoix
}
