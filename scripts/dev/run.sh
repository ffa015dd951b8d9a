# SPDX-License-Identifier: AGPL-3.0-or-later
#: ./dev run [--port N] [--data DIR]
#:
#: Installs what is missing, builds, fills DIR with the example organisations when it is empty, and starts the
#: desk on http://127.0.0.1:N. Prints the address and how to sign in. Ctrl-C stops it; the next run goes on from
#: the same data.
#:
#:   --port N     the port (8080)
#:   --data DIR   the folder of all data (var/demo)
#:
#: example: ./dev run --port 9000 --data var/mine
. scripts/node.sh
. scripts/meson.sh

port=8080
data=var/demo
while [ $# -gt 0 ]; do
	case $1 in
	--port | --data)
		[ $# -ge 2 ] || pv_die 2 "$1 wants a value"
		[ "$1" = --port ] && port=$2 || data=$2
		shift 2
		;;
	--port=*) port=${1#*=} && shift ;;
	--data=*) data=${1#*=} && shift ;;
	*) pv_die 2 "run has no option '$1'; see ./dev run --help" ;;
	esac
done
case $port in
'' | *[!0-9]*) pv_die 2 "--port wants a number: '$port'" ;;
esac
[ "$port" -ge 1 ] && [ "$port" -le 65535 ] || pv_die 2 "--port wants a number from 1 to 65535: '$port'"

pv_release
mkdir -p "$data"
build/portevoix demo --data "$data" --base-url "http://127.0.0.1:$port" || exit $?
exec build/portevoix serve --listen "127.0.0.1:$port" --data "$data"
