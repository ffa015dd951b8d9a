# SPDX-License-Identifier: AGPL-3.0-or-later
# about: portevoix judge and policy check as a script uses them: answers, bad lines, exit codes, places
# needs: binary
# limit: 180
root=$PWD
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
	LC_ALL=C.UTF-8 "$PV_BIN" "$@" >out 2>err
	echo "$?" >code
	echo "$wanted" >wanted
	check "$name" wanted code
}

policies=$root/examples/policies
cat >in <<'TEXT'
{"id":"a","policy":"seed","account":"marc-x","author":"marc","at":"2026-03-02T12:00:00-05:00","post":{"lang":["fr"],"text":"Bonjour"},"expect":{"verdict":"refuse"}}

{"id":7,"policy":"seed","account":"obs-fb","author":"marc","at":"2026-03-02T12:00:00-05:00","post":{"lang":["fr"],"text":"Bonjour"},"declared":{"origin":"own_creation","interest":"org_favourite"}}
TEXT
leaves 'two cases' 0 judge --policies "$policies" <in
sed 's/,"explanation":.*//' out >short
cat >expected <<'TEXT'
{"id":"a","verdict":"allow","decided_by":["own-platform"],"also":[],"satisfied":[],"lifted":[],"overridden":[]
{"id":7,"verdict":"refuse","decided_by":["own-creation"],"also":["plain-link"],"satisfied":[],"lifted":[],"overridden":[]
TEXT
check 'their answers' expected short
grep -c '"explanation":{"fr":"[^"]*","en":"[^"]*"}}$' out >lines
echo 2 >expected
check 'explained in both languages' expected lines
leaves 'every case by one policy' 0 judge --policy "$policies/municipality.yaml" </dev/null
leaves 'with remarks' 0 judge --policies "$policies" --remarks <in
grep -c '"remarks":\[.*"remedies":\[' out >lines
check 'there they are' expected lines

cat >in <<'TEXT'
{"id":"x","policy":"seed","account":"marc-x","author":"marc","at":"noon","post":{}}
{"id":"y","policy":"nothing","account":"a","author":"b","at":"2026-03-02T12:00:00Z","post":{}}
{"id":"z","policy":"../policies/seed","account":"a","author":"b","at":"2026-03-02T12:00:00Z","post":{}}
{"id":"n","policy":"seed","account":"nowhere","author":"b","at":"2026-03-02T12:00:00Z","post":{}}
not a case
{"id":"ok","policy":"seed","account":"marc-x","author":"marc","at":"2026-03-02T12:00:00Z","post":{}}
TEXT
leaves 'lines that cannot be judged' 1 judge --policies "$policies" <in
sed 's/,"message":.*//; s/,"decided_by.*//' out >places
cat >expected <<'TEXT'
{"id":"x","error":{"line":1,"column":67
{"id":"y","error":{"line":2,"column":1
{"id":"z","error":{"line":3,"column":1
{"id":"n","error":{"line":4,"column":1
{"id":null,"error":{"line":5,"column":1
{"id":"ok","verdict":"allow"
TEXT
check 'each has its place, and the rest goes on' expected places

leaves 'neither policies nor a policy' 2 judge </dev/null
leaves 'both' 2 judge --policies . --policy x </dev/null
leaves 'an option that is not' 2 judge --loud </dev/null
leaves 'no such policy' 3 judge --policy nowhere.yaml </dev/null
leaves 'help' 0 judge --help
grep -c 'Example' out >lines
echo 1 >expected
check 'help has an example' expected lines
leaves 'no input at all' 3 judge --policies "$policies" <&-

leaves 'sound policies' 0 policy check "$policies"/*.yaml
: >expected
check 'nothing to say of them' expected out
sed 's/then: allow/then: alow/; s/^version: 1/version: one/' "$policies/seed.yaml" >seed.yaml
leaves 'a policy with problems' 1 policy check "$policies/agency.yaml" seed.yaml
sed 's/: "[^"]*" is.*//' out | head -n 2 >places
grep -n 'then: alow' seed.yaml | head -n 1 | sed 's/:.*/:11/' >line
printf 'seed.yaml:4:10\nseed.yaml:%s\n' "$(cat line)" >expected
check 'each at its line and column' expected places
leaves 'judged by it' 1 judge --policy seed.yaml </dev/null
leaves 'no such file' 3 policy check nowhere.yaml
leaves 'no file' 2 policy check
LC_ALL=fr_CA.UTF-8 "$PV_BIN" policy check seed.yaml >out
grep -c "n'est pas un nombre entier" out >lines
echo 1 >expected
check 'in French where the environment is' expected lines

# a program that asks line by line is answered line by line
mkfifo asks answers
"$PV_BIN" judge --policies "$policies" <asks >answers &
exec 3>asks 4<answers
: >seen
for n in 1 2 3; do
	echo "{\"id\":$n,\"policy\":\"seed\",\"account\":\"marc-x\",\"author\":\"marc\",\"at\":\"2026-03-02T12:00:00Z\",\"post\":{}}" >&3
	read -r answer <&4
	echo "$answer" | cut -c 1-8 >>seen
done
exec 3>&- 4<&-
wait
printf '{"id":%s,\n' 1 2 3 >expected
check 'line by line' expected seen

echo "1..$number"
exit "$bad"
