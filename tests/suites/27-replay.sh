# SPDX-License-Identifier: AGPL-3.0-or-later
# about: portevoix policy replay as a script uses it: what changes, the sums, sequences, bad lines, pipes, threads
# needs: binary
# limit: 240
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
	LC_ALL=C.UTF-8 "$PV_BIN" policy replay "$@" >out 2>err
	echo "$?" >code
	echo "$wanted" >wanted
	check "$name" wanted code
}

# sums MEMBER…: of the summary, one a line
sums() {
	for member; do
		tail -n 1 out | grep -o "\"$member\":\(\[[^]]*\]\|[^],}[]*\)" | head -n 1 | sed "s/^\"$member\":/$member /"
	done
}

seed=$root/examples/policies/seed.yaml
sed 's/at_most: 2$/at_most: 1/; s/when: {stance: personal}/when: {stance: personal, interest: project}/' "$seed" >draft.yaml

# favourite ID DAY: a human favourite of Jeune Pousse, which Léa approved
favourite() {
	echo "{\"id\":\"$1\",\"policy\":\"seed\",\"account\":\"pousse-ig\",\"author\":\"marc\",\"at\":\"2026-04-$2T16:00:00Z\",\
\"people\":{\"lea\":{\"roles\":[\"editor\"]}},\"post\":{\"lang\":[\"fr\"],\"text\":\"Et vous?\"},\
\"declared\":{\"interest\":\"personal_favourite\",\"human\":[\"behind_the_scenes\"],\"axis\":\"human\"},\
\"approvals\":[{\"by\":\"lea\",\"at\":\"2026-04-${2}T15:00:00Z\"}],\"verdict\":\"allow\",\"figures\":{\"reads\":$3}}"
}
own() {
	echo "{\"id\":$1,\"account\":\"marc-x\",\"author\":\"marc\",\"at\":\"2026-04-$2T12:00:00Z\",\"post\":{\"text\":\"Bonjour\"}$3}"
}

{
	favourite f1 02 100
	own 1 03 ',"verdict":"allow"'
	favourite f2 04 5000
	favourite f3 05 20
	own 2 06 ',"verdict":"warn"'
} >past
leaves 'the same policy' 0 --policy "$seed" --against "$seed" --sequence <past
sums cases changed errors refused >summed
printf 'cases 5\nchanged 0\nerrors 0\nrefused 1\n' >expected
check 'changes nothing, and that is a yes' expected summed
wc -l <out | tr -d ' ' >lines
echo 1 >expected
check 'nothing but the summary' expected lines

leaves 'from the seed policy to a draft' 0 --policy draft.yaml --against "$seed" --sequence <past
sed '$d' out >changes
cat >expected <<'TEXT'
{"id":1,"was":"allow","is":"warn","decided_by":["default"]}
{"id":"f2","was":"allow","is":"refuse","decided_by":["favourites-limit"]}
{"id":2,"was":"allow","is":"warn","decided_by":["default"]}
TEXT
check 'what changes, in order' expected changes
sums cases changed stricter milder refused newly_refused rules sequence from to >summed
cat >expected <<'TEXT'
cases 5
changed 3
stricter 3
milder 0
refused 2
newly_refused 1
rules [{"rule":"default","changed":2,"refused":0},{"rule":"favourites-limit","changed":1,"refused":2}]
sequence true
from "2026-04-02T16:00:00.000Z"
to "2026-04-06T12:00:00.000Z"
TEXT
check 'the sums' expected summed
grep -o '"matrix":{"allow":{[^}]*}' out >matrix
echo '"matrix":{"allow":{"allow":1,"warn":2,"disclose":0,"approve":0,"refuse":1}' >expected
check 'from which verdict to which' expected matrix
grep -o '"most_read":{.*},"sequence' out >most
echo '"most_read":{"known":3,"posts":1,"at_least":5000,"human":1,"refused":1,"refused_known":2,"refused_share":0.5,"refused_human":1,"refused_human_share":1.0},"sequence' >expected
check 'the most read' expected most

leaves 'without a sequence each case has its own history' 0 --policy draft.yaml --against "$seed" <past
sums changed refused sequence >summed
printf 'changed 2\nrefused 0\nsequence false\n' >expected
check 'which is none here' expected summed

leaves 'beside the verdicts that were kept' 0 --policy "$seed" --sequence <past
sed '$d' out >changes
cat >expected <<'TEXT'
{"id":"f3","was":"allow","is":"refuse","decided_by":["favourites-limit"]}
{"id":2,"was":"warn","is":"allow","decided_by":["own-platform"]}
TEXT
check 'what changes beside them' expected changes
leaves 'beside the policies that the cases name' 0 --policy draft.yaml --policies "$root/examples/policies" --sequence <past
sed '$d' out >changes
cat >expected <<'TEXT'
{"id":1,"was":"allow","is":"warn","decided_by":["default"]}
{"id":"f2","was":"allow","is":"refuse","decided_by":["favourites-limit"]}
TEXT
check 'and beside the kept verdict of a case that names none' expected changes

{
	own 1 03 ''
	own 2 04 ',"policy":"nothing","verdict":"allow"'
	own 3 05 ',"verdict":"perhaps"'
	own 4 05 ',"verdict":"allow","figures":{"reads":"many"}'
	own 5 07 ',"verdict":"warn"'
	own 6 06 ',"verdict":"allow"'
	echo '{"id":"n","account":"nowhere","author":"b","at":"2026-04-08T12:00:00Z","post":{},"verdict":"allow"}'
	echo 'not a case'
	own 7 08 ',"verdict":"warn"'
} >bad
leaves 'lines that cannot be replayed' 1 --policy "$seed" --policies "$root/examples/policies" --sequence <bad
sed '$d' out | sed 's/,"message":.*//; s/,"decided_by.*//' >places
cat >expected <<'TEXT'
{"id":1,"error":{"line":1,"column":1
{"id":2,"error":{"line":2,"column":1
{"id":3,"error":{"line":3,"column":108
{"id":4,"error":{"line":4,"column":135
{"id":5,"was":"warn","is":"allow"
{"id":6,"error":{"line":6,"column":1
{"id":"n","error":{"line":7,"column":1
{"id":null,"error":{"line":8,"column":1
{"id":7,"was":"warn","is":"allow"
TEXT
check 'each has its place, and the rest goes on' expected places
sums cases errors >summed
printf 'cases 2\nerrors 7\n' >expected
check 'and is told in the sums' expected summed
grep -c 'comes before the one above it (2026-04-07T12:00:00.000Z)' out >lines
grep -c 'Nothing says what was answered then' out >>lines
printf '1\n1\n' >expected
check 'out of order and without an answer, in words' expected lines

leaves 'no policy' 2 </dev/null
leaves 'an option that is not' 2 --policy "$seed" --loud </dev/null
leaves 'a word too many' 2 --policy "$seed" past </dev/null
leaves 'no thread at all' 2 --policy "$seed" --threads 0 </dev/null
leaves 'no such policy' 3 --policy nowhere.yaml </dev/null
leaves 'no such old policy' 3 --policy "$seed" --against nowhere.yaml </dev/null
sed 's/then: allow/then: alow/' "$seed" >wrong.yaml
leaves 'a policy with problems' 1 --policy wrong.yaml </dev/null
leaves 'no input at all' 3 --policy "$seed" <&-
leaves 'nothing to replay' 0 --policy "$seed" </dev/null
sums cases from >summed
printf 'cases 0\nfrom null\n' >expected
check 'is a summary too' expected summed
leaves 'help' 0 --help
grep -c 'Example' out >lines
echo 1 >expected
check 'help has an example' expected lines

# many cases: as many threads as there are, the same bytes, in the order of the input
awk 'BEGIN {
	for (i = 0; i < 4000; i++)
		printf "{\"id\":%d,\"account\":\"%s\",\"author\":\"a%d\",\"at\":\"2026-%02d-%02dT%02d:%02d:00Z\",\"post\":{\"text\":\"%s\"},\"declared\":{\"origin\":\"%s\"},\"verdict\":\"allow\"}\n",
			i, i % 3 ? "obs-fb" : "coop-fb", i % 7, 1 + int(i / 560), 1 + int(i % 560 / 20), i % 20, i % 60,
			i % 5 ? "Et vous?" : "Une enquête https://observatoire.example/" i, i % 4 ? "organisation" : "third_party"
}' >many
"$PV_BIN" policy replay --policy draft.yaml --against "$seed" --sequence --threads 1 <many >one
"$PV_BIN" policy replay --policy draft.yaml --against "$seed" --sequence --threads 7 <many >seven
check 'seven threads answer what one answers' one seven
"$PV_BIN" policy replay --policy "$seed" --sequence <many >kept
sed -n 's/^{"id":\([0-9]*\),.*/\1/p' kept >ids
sort -n ids >sorted
check 'in the order of the input' sorted ids
[ "$(wc -l <ids)" -gt 1000 ] && echo yes >lines || echo no >lines
echo yes >expected
check 'many of them change' expected lines

# a program that asks line by line is answered line by line
mkfifo asks answers
"$PV_BIN" policy replay --policy draft.yaml <asks >answers &
exec 3>asks 4<answers
: >seen
for n in 1 2 3; do
	own "$n" 03 ',"verdict":"allow"' >&3
	read -r answer <&4
	echo "$answer" | cut -c 1-8 >>seen
done
exec 3>&-
cat <&4 >/dev/null
exec 4<&-
wait
printf '{"id":%s,\n' 1 2 3 >expected
check 'line by line' expected seen

echo "1..$number"
exit "$bad"
