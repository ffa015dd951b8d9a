# SPDX-License-Identifier: AGPL-3.0-or-later
#: ./dev fmt [FILE…]
#:
#: Puts the C code into the house's style (.clang-format): the files named, or all of src, tests, bench and fuzz.
#:
#: example: ./dev fmt src/base/mem.c
pv_need 'fmt' clang-format=clang-format
if [ $# -gt 0 ]; then
	exec clang-format -i -- "$@"
fi
find src tests bench fuzz -name node_modules -prune -o \( -name '*.c' -o -name '*.h' \) -type f -print |
	xargs -r clang-format -i
