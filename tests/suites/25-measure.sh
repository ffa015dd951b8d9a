# SPDX-License-Identifier: AGPL-3.0-or-later
# about: portevoix measure as a script uses it: answers, bad lines, exit codes, answers line by line
# needs: binary
# limit: 120
cd "$PV_TEST_TMP" || exit 1
number=0
bad=0

# check NAME EXPECTED-FILE ACTUAL-FILE
check() {
	number=$((number + 1))
	if cmp -s "$2" "$3"; then
		echo "ok $number - $1"
	else
		bad=1
		echo "not ok $number - $1"
		diff "$2" "$3" | sed 's/^/    /'
	fi
}

# leaves NAME EXIT-CODE ARGUMENT…: standard input is the caller's, standard output stays in `out`
leaves() {
	name=$1
	wanted=$2
	shift 2
	"$PV_BIN" measure "$@" >out 2>err
	echo "$?" >code
	echo "$wanted" >wanted
	check "$name" wanted code
}

# shellcheck disable=SC2016
printf '%s\n' '{"id":"a","text":"Lu sur exemple.fr #presse via @uqam $ABC"}' \
	'{"text":"\u00e9t\u00e9 \ud83d\udc4d","id":[1,{"b":null}],"note":{"x":[1,2]}}' '' '{"text":""}' >in
leaves 'a text for X' 0 --network x <in
cat >expected <<'TEXT'
{"id":"a","length":53,"limit":280,"valid":true,"links":[{"text":"exemple.fr","start":7,"end":17}],"mentions":[{"text":"uqam","start":30,"end":35}],"hashtags":[{"text":"presse","start":18,"end":25}],"cashtags":[{"text":"ABC","start":36,"end":40}]}
{"id":[1,{"b":null}],"length":6,"limit":280,"valid":true,"links":[],"mentions":[],"hashtags":[],"cashtags":[]}
{"id":null,"length":0,"limit":280,"valid":false,"links":[],"mentions":[],"hashtags":[],"cashtags":[]}
TEXT
check 'its answers' expected out

printf '%s\n' '{"id":1,"text":"👩‍🔬 #été @a.test"}' >in
leaves 'a text for Bluesky' 0 --network=bluesky <in
cat >expected <<'TEXT'
{"id":1,"length":14,"limit":300,"valid":true,"links":[],"mentions":[{"text":"a.test","start":9,"end":16}],"hashtags":[{"text":"été","start":4,"end":8}],"cashtags":[],"bytes":26,"bytes_limit":3000}
TEXT
check 'its answer' expected out

printf '%s\n' '{"id":1,"text":"https://exemple.fr/a/b @a@b.org abcdef"}' >in
leaves 'a server with limits of its own' 0 --network mastodon --limit 12 --link-length 8 <in
cat >expected <<'TEXT'
{"id":1,"length":18,"limit":12,"valid":false,"links":[{"text":"https://exemple.fr/a/b","start":0,"end":22}],"mentions":[{"text":"a@b.org","start":23,"end":31}],"hashtags":[],"cashtags":[],"fits":32}
TEXT
check 'what fits there' expected out

printf '%b' '{"id":7,"text":"a",}\n{"id":8,"text":12}\nnothing\n{"id":9}\n[1]\n' \
	'{"id":10,"text":"\\ud83d"}\n{"text":"\0377","id":11}\n{"id":12,"id":13,"text":""}\n' \
	'{"id":14,"text":"ok"} {}\n{"id":15,"text":"après' >in
leaves 'lines that cannot be read' 1 --network journal <in
sed 's/,"message":.*//' out >places
cat >expected <<'TEXT'
{"id":7,"error":{"line":1,"column":20
{"id":8,"error":{"line":2,"column":16
{"id":null,"error":{"line":3,"column":1
{"id":9,"error":{"line":4,"column":9
{"id":null,"error":{"line":5,"column":1
{"id":10,"error":{"line":6,"column":24
{"id":null,"error":{"line":7,"column":10
{"id":12,"error":{"line":8,"column":14
{"id":14,"error":{"line":9,"column":23
{"id":15,"error":{"line":10,"column":23
TEXT
check 'each has its line and its column' expected places

leaves 'no network' 2 </dev/null
leaves 'a network that is not' 2 --network myspace </dev/null
leaves 'an option that is not' 2 --network x --loud </dev/null
leaves 'a limit that is not' 2 --network x --limit many </dev/null
leaves 'words after the options' 2 --network x words </dev/null
leaves 'help' 0 --help </dev/null
grep -c 'Example' out >lines
echo 1 >expected
check 'help has an example' expected lines
leaves 'an empty input' 0 --network x </dev/null
leaves 'no input at all' 3 --network x <&-
if [ -w /dev/full ]; then
	echo '{"text":"a"}' | "$PV_BIN" measure --network x >/dev/full 2>err
	echo "$?" >code
	echo 3 >expected
	check 'a full disk' expected code
fi

# a program that asks line by line is answered line by line
mkfifo asks answers
"$PV_BIN" measure --network x <asks >answers &
exec 3>asks 4<answers
: >seen
for n in 1 2 3; do
	echo "{\"id\":$n,\"text\":\"a\"}" >&3
	read -r answer <&4
	echo "$answer" | cut -c 1-8 >>seen
done
exec 3>&- 4<&-
wait
printf '{"id":%s,\n' 1 2 3 >expected
check 'line by line' expected seen

echo "1..$number"
exit "$bad"
