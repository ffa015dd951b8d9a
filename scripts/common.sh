# SPDX-License-Identifier: AGPL-3.0-or-later
# Shared by ./dev and its commands (sourced, POSIX sh). PV_ROOT is the source root and the current folder.
#
# PV_CACHE   what is slow to fetch or compile, kept by the hash of what it was made from; safe to delete
# PV_JOBS    how many compilers at once

PV_CACHE=${PV_CACHE:-$PV_ROOT/.cache}
PV_JOBS=${PV_JOBS:-$(nproc 2>/dev/null || echo 2)}
export PV_CACHE PV_JOBS

pv_say() {
	printf 'dev: %s\n' "$*" >&2
}

# pv_die CODE WORDS…: 2 = wrong usage, 3 = the machine lacks something, 1 = the answer is no.
pv_die() {
	pv_code=$1
	shift
	pv_say "$*"
	exit "$pv_code"
}

# Prints the '#:' lines of a command's file: its help stands beside its code.
pv_help() {
	sed -n 's/^#: \{0,1\}//p' "$1"
}

pv_has() {
	command -v "$1" >/dev/null 2>&1
}

# pv_hash FILE…: one hash of names and contents.
pv_hash() {
	sha256sum -- "$@" | sha256sum | cut -c1-16
}

# pv_hash_tree FOLDER [FILE…]: one hash of everything below FOLDER that is source, and of the files named.
pv_hash_tree() {
	pv_tree=$1
	shift
	{
		find "$pv_tree" \( -name node_modules -o -name dist -o -name '.*' \) -prune -o -type f -print |
			LC_ALL=C sort | while IFS= read -r pv_file; do sha256sum -- "$pv_file"; done
		for pv_file; do [ ! -f "$pv_file" ] || sha256sum -- "$pv_file"; done
	} | sha256sum | cut -c1-16
}

# pv_need WHY PACKAGE…: Debian packages that must be there. 'tool=package' asks for a command first, so that one
# installed by other means counts. Asks apt only when something is missing, and says what it installs before.
pv_need() {
	pv_why=$1
	shift
	pv_missing=
	for pv_entry; do
		pv_package=${pv_entry#*=}
		case $pv_entry in
		*=*) pv_has "${pv_entry%%=*}" && continue ;;
		esac
		pv_installed "$pv_package" && continue
		case " $pv_missing " in *" $pv_package "*) continue ;; esac
		pv_missing="$pv_missing $pv_package"
	done
	[ -n "$pv_missing" ] || return 0
	pv_has apt-get || pv_die 3 "$pv_why needs these Debian packages or their like:$pv_missing"
	pv_sudo=
	if [ "$(id -u)" -ne 0 ]; then
		pv_has sudo || pv_die 3 "$pv_why needs packages; as root, run: apt-get install --no-install-recommends$pv_missing"
		pv_sudo='sudo -n'
		$pv_sudo true 2>/dev/null || pv_sudo=sudo
	fi
	pv_say "$pv_why: installing Debian packages:$pv_missing"
	pv_log=$(mktemp)
	# shellcheck disable=SC2086 # the lists are words on purpose
	if ! $pv_sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 update >"$pv_log" 2>&1 ||
		! $pv_sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 \
			-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
			install --no-install-recommends $pv_missing >>"$pv_log" 2>&1 </dev/null; then
		tail -n 30 "$pv_log" >&2
		rm -f "$pv_log"
		pv_die 3 "apt-get could not install:$pv_missing"
	fi
	rm -f "$pv_log"
}

pv_installed() {
	[ "$(dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | head -n 1)" = installed ]
}

# What the program is compiled with; docs/DEPENDENCIES.md gives the reason of each.
PV_PACKAGES_BUILD='cc=gcc libc6-dev meson=meson ninja=ninja-build pkg-config=pkg-config
	libtalloc-dev uthash-dev libjansson-dev libsodium-dev libicu-dev libfyaml-dev libpsl-dev
	libsqlite3-dev libpq-dev libcurl4-openssl-dev libxml2-dev libmicrohttpd-dev'
# The public suffix list itself, which libpsl reads, and the time zones that ICU does not carry.
PV_PACKAGES_RUN='publicsuffix ca-certificates tzdata'

pv_need_build() {
	# shellcheck disable=SC2086
	pv_need 'the build' $PV_PACKAGES_BUILD $PV_PACKAGES_RUN
}
