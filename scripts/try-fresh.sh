#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# The two commands of the README, in a Debian 12 with nothing on it.
#
#   scripts/try-fresh.sh [--keep] [--base DIR] [--mirror URL] COMMAND…
#
#   scripts/try-fresh.sh ./dev test                  # as root; a clone of HEAD in a new debootstrap folder
#   scripts/try-fresh.sh ./dev run                   # waits for the page and the sign-in, then stops it
#
#   --keep       leave the folder there and print its name
#   --base DIR   a debootstrap folder to copy instead of making one (made there if it is empty)
#   --mirror URL Debian's mirror; without it the first one of this machine's own apt sources
#
# The folder beside the sources called "shared" comes along when there is one. This machine's ways to packages (apt's
# sources, npm's settings, authorities that it trusts) are copied into the folder at run time, and never into the sources.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
keep=
base=
mirror=
while [ $# -gt 0 ]; do
	case $1 in
	--keep) keep=yes ;;
	--base) base=$2 && shift ;;
	--mirror) mirror=$2 && shift ;;
	-h | --help)
		sed -n 's/^# \{0,1\}//p' "$0" | sed '1d'
		exit 0
		;;
	-*) echo "try-fresh.sh: no option '$1'" >&2 && exit 2 ;;
	*) break ;;
	esac
	shift
done
[ $# -gt 0 ] || set -- ./dev test
[ "$(id -u)" -eq 0 ] || {
	echo 'try-fresh.sh: debootstrap and chroot want root' >&2
	exit 3
}
command -v debootstrap >/dev/null || {
	echo 'try-fresh.sh: install debootstrap first' >&2
	exit 3
}
if [ -z "$mirror" ]; then
	mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb  *\(\[[^]]*\] *\)\{0,1\}\([^ ]*\).*/\2/p' \
		/etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null | head -n 1)
fi

work=$(mktemp -d "${TMPDIR:-/var/tmp}/portevoix-fresh.XXXXXX")
debian=$work/debian
mounted=
clean() {
	for place in $mounted; do umount -l "$place" 2>/dev/null || true; done
	if [ -n "$keep" ]; then
		echo "kept: $debian" >&2
	elif ! grep -q " $work/" /proc/mounts; then
		rm -rf "$work"
	fi
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ -n "$base" ] && [ -x "$base/usr/bin/apt-get" ]; then
	cp -a "$base" "$debian"
else
	debootstrap --variant=minbase bookworm "$debian" ${mirror:+"$mirror"} >"$work/debootstrap.log" 2>&1 || {
		tail -n 20 "$work/debootstrap.log" >&2
		exit 3
	}
	if [ -n "$base" ]; then mkdir -p "$base" && cp -aT "$debian" "$base"; fi
fi

# This machine's ways to packages.
rm -f "$debian/etc/apt/sources.list"
for place in sources.list sources.list.d apt.conf.d preferences.d trusted.gpg.d keyrings; do
	[ ! -e "/etc/apt/$place" ] || cp -aT "/etc/apt/$place" "$debian/etc/apt/$place"
done
rm -f "$debian"/etc/apt/apt.conf.d/docker-* "$debian"/etc/apt/apt.conf.d/*packagekit* "$debian"/etc/apt/apt.conf.d/*appstream*
for key in /usr/share/keyrings/*.gpg; do [ -e "$debian$key" ] || cp "$key" "$debian/usr/share/keyrings/" 2>/dev/null || true; done
cp -L /etc/resolv.conf /etc/hosts "$debian/etc/"
# Authorities this machine trusts beyond Debian's, as one file that is read when the programs come.
authorities=
if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
	mkdir -p "$debian/etc/fresh"
	cp -L /etc/ssl/certs/ca-certificates.crt "$debian/etc/fresh/authorities.crt"
	authorities=/etc/fresh/authorities.crt
fi
mkdir -p "$debian/root"
if command -v npm >/dev/null; then
	# Only what says where packages come from: a builder's other settings stay here.
	for setting in registry strict-ssl proxy https-proxy; do
		value=$(npm config get "$setting" 2>/dev/null || true)
		case $value in '' | null | undefined) ;; *) echo "$setting=$value" ;; esac
	done >"$debian/root/.npmrc"
fi

# The sources: a clone of HEAD, as a person gets it.
mkdir -p "$debian/home/desk"
git -c safe.directory="$root" clone -q --no-hardlinks "$root" "$debian/home/desk/main"
if [ -d "$root/../shared" ]; then
	cp -aL "$root/../shared" "$debian/home/desk/shared"
fi

mount -t proc proc "$debian/proc" && mounted="$debian/proc"
mount -t tmpfs -o mode=1777 tmpfs "$debian/dev/shm" 2>/dev/null && mounted="$debian/dev/shm $mounted"
[ -c "$debian/dev/null" ] || mknod -m 666 "$debian/dev/null" c 1 3

# Nothing of this machine's environment but its proxies.
set -- chroot "$debian" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
	${CI:+CI="$CI"} ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
	${no_proxy:+no_proxy="$no_proxy"} ${authorities:+NODE_EXTRA_CA_CERTS="$authorities"} \
	${authorities:+npm_config_cafile="$authorities"} \
	sh -c 'cd /home/desk/main && exec "$@"' sh "$@"

began=$(date +%s)
case " $* " in
*' ./dev run '*)
	"$@" >"$work/run.log" 2>&1 &
	child=$!
	while kill -0 "$child" 2>/dev/null; do
		port=$(sed -n 's#^http://127\.0\.0\.1:\([0-9]*\)$#\1#p' "$work/run.log" | head -n 1)
		if [ -n "$port" ] && curl -fsS -o "$work/page" "http://127.0.0.1:$port/" 2>/dev/null; then
			break
		fi
		sleep 1
	done
	code=1
	if kill -0 "$child" 2>/dev/null; then
		echo "the desk answers on port $port after $(($(date +%s) - began)) s, a page of $(wc -c <"$work/page") bytes"
		curl -sS "http://127.0.0.1:$port/healthz" && echo
		kill "$child"
		code=0
	fi
	wait "$child" || true
	cat "$work/run.log"
	;;
*)
	code=0
	"$@" || code=$?
	;;
esac
echo "$(($(date +%s) - began)) s, exit $code" >&2
exit "$code"
