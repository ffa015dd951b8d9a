# SPDX-License-Identifier: AGPL-3.0-or-later
# Fuzz targets (sourced after common.sh and meson.sh): fuzz/<room>/fuzz_NAME.c, corpus in fuzz/<room>/corpus-NAME/.

pv_fuzz_sources() {
	grep -rlE 'LLVMFuzzerTestOneInput' fuzz 2>/dev/null | grep '\.c$' || true
}

pv_fuzz_build() {
	pv_need_build
	pv_need 'fuzzing' clang=clang libclang-rt-14-dev
	CC=clang
	export CC
	pv_meson build/fuzz --buildtype=debugoptimized -Dwerror=true -Dfuzz=true -Dc_args=-fsanitize=fuzzer-no-link -Dtests=false \
		-Db_sanitize=address,undefined -Db_lundef=false
	unset CC
}

# The programs built, one a line.
pv_fuzz_targets() {
	find build/fuzz/fuzz -type f -perm -u+x ! -name '*.so' ! -name '*.a' 2>/dev/null | LC_ALL=C sort
}

# pv_fuzz_corpus PROGRAM: its corpus folder, if there is one; fuzz_NAME goes with corpus-NAME.
pv_fuzz_corpus() {
	pv_fuzz_name=$(basename "$1")
	pv_fuzz_room=$(basename "$(dirname "$1")")
	for pv_dir in "fuzz/$pv_fuzz_room/corpus-${pv_fuzz_name#fuzz_}" "fuzz/$pv_fuzz_room/corpus-$pv_fuzz_name" \
		"fuzz/$pv_fuzz_room/corpus-${pv_fuzz_name#fuzz-}"; do
		[ ! -d "$pv_dir" ] || {
			printf '%s\n' "$pv_dir"
			return 0
		}
	done
}
