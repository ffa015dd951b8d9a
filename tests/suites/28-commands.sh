# SPDX-License-Identifier: AGPL-3.0-or-later
# about: organisations, people, accounts, registers, policies and the audit chain by command, on both engines
# needs: binary postgres
# limit: 240
cd "$PV_TEST_TMP" || exit 1
number=0
bad=0

# answer NAME RIGHT? DETAIL
answer() {
	number=$((number + 1))
	if [ "$2" = yes ]; then
		echo "ok $number - $1"
	else
		bad=1
		echo "not ok $number - $1"
		printf '%s\n' "$3" | sed 's/^/    /'
	fi
}

# leaves NAME EXIT-CODE ARGUMENT…: standard input is the caller's; output stays in `out`, words in `err`
leaves() {
	name=$1
	wanted=$2
	shift 2
	"$PV_BIN" "$@" >out 2>err
	code=$?
	if [ "$code" = "$wanted" ]; then right=yes; else right=no; fi
	answer "$name" "$right" "left with $code, not $wanted: $(cat err)"
}

# says NAME TEXT [FILE]: the text stands in what was answered
says() {
	if grep -qF -- "$2" "${3:-out}"; then right=yes; else right=no; fi
	answer "$1" "$right" "$2 is not in: $(cat "${3:-out}")"
}

cat >coop.yaml <<'TEXT'
policy: coop
version: 1
title: {fr: Essai, en: Trial}
timezone: America/Toronto
default: allow
organisations:
  coop: {names: [Coop]}
accounts:
  coop-journal: {owner: coop, stance: organisation, platform: journal}
rules:
  - id: all
    kind: category
    label: {fr: "Tout.", en: "All."}
    when: {stance: organisation}
    then: allow
TEXT
sed 's/kind: category/kind: nothing/' coop.yaml >wrong.yaml

story() {
	leaves "$1: an organisation" 0 organization add --name 'Coop du Faubourg' --slug coop
	says "$1: its slug" '"slug":"coop"'
	leaves "$1: its slug again" 1 organization add --name 'Autre' --slug coop
	leaves "$1: without a name" 2 organization add --slug other
	says "$1: says where" '/name:' err
	leaves "$1: an unknown option" 2 organization add --nom Coop
	leaves "$1: a person, invited" 0 person add --name Léa --login Lea@coop.example --slug lea
	says "$1: the link to hand over" 'http://127.0.0.1:8080/#/invitation?token='
	echo 'une phrase entière' | leaves "$1: a person with a password" 0 \
		person add --name Marc --login marc@coop.example --slug marc --password-stdin
	says "$1: no longer invited" '"invited":false'
	echo 'court' | leaves "$1: too short a password" 2 person add --name X --login x@x.example --password-stdin
	leaves "$1: a seat" 0 person seat marc coop --role owner
	leaves "$1: a reviewer's seat" 0 person seat lea@coop.example coop --role reviewer --policy-role editor
	leaves "$1: another seat for her" 0 person seat lea coop --role editor
	says "$1: the role changed" '"role":"editor"'
	leaves "$1: the last owner stays" 1 person seat marc coop --role reader
	leaves "$1: nobody of that name" 1 person seat nobody coop --role reader
	leaves "$1: who is there" 0 person list --organization coop
	[ "$(wc -l <out)" -eq 2 ] && right=yes || right=no
	answer "$1: two of them" $right "$(cat out)"
	leaves "$1: a token" 0 person token marc --name script --scope read --scope write
	says "$1: shown once" '"token":"pv_'
	leaves "$1: an unknown scope" 2 person token marc --name script --scope admin
	leaves "$1: a register's entry" 0 interest add --person marc --name 'Carnet de Marc' --relation author \
		--domain https://www.CarnetDeMarc.example/
	says "$1: as it is kept" '"domains":["carnetdemarc.example"]'
	id=$(sed 's/.*"id":"\([^"]*\)","organization_id".*/\1/' out)
	leaves "$1: whose register?" 2 interest add --name X --relation author
	leaves "$1: an entry changed" 0 interest change "$id" --domain hote.example/@marc --feed https://hote.example/@marc/rss
	says "$1: with its feed" '"feeds":["https://hote.example/@marc/rss"]'
	says "$1: the rest stays" '"names":["Carnet de Marc"]'
	former=$id
	id=$(sed 's/.*"id":"\([^"]*\)","organization_id".*/\1/' out)
	leaves "$1: the former one has ended" 1 interest change "$former" --name X
	leaves "$1: an entry that ends" 0 interest end "$id"
	leaves "$1: ended once" 1 interest end "$id"
	leaves "$1: nothing stands" 0 interest list --person marc
	[ ! -s out ] && right=yes || right=no
	answer "$1: an empty register" $right "$(cat out)"
	leaves "$1: an account" 0 account add --organization coop --network journal
	says "$1: its slug" '"slug":"coop-journal"'
	leaves "$1: pause it" 0 account pause coop-journal
	says "$1: paused" '"state":"paused"'
	leaves "$1: resume it" 0 account resume coop-journal
	leaves "$1: no such network" 2 account add --organization coop --network telegraph
	leaves "$1: a policy with a problem" 1 policy adopt coop wrong.yaml
	says "$1: says where" 'wrong.yaml:12:' err
	leaves "$1: a sound one" 0 policy adopt coop coop.yaml --note 'Première version'
	says "$1: adopted" '"state":"adopted"'
	leaves "$1: its versions" 0 policy list coop
	[ "$(wc -l <out)" -eq 1 ] && right=yes || right=no
	answer "$1: one of them" $right "$(cat out)"
	id=$(sed 's/.*{"id":"\([^"]*\)".*/\1/' out)
	leaves "$1: a draft over the past" 0 policy replay --draft "$id" --months 6
	says "$1: nothing was published yet" '{"summary":{"cases":0,"changed":0,'
	leaves "$1: too long a past" 2 policy replay --draft "$id" --months 0
	leaves "$1: beside no such version" 2 policy replay --draft "$id" --against nowhere
	leaves "$1: no such draft" 1 policy replay --draft nowhere
	leaves "$1: a role to lend" 0 person seat marc coop --role owner --policy-role editor
	leaves "$1: one who reads" 0 person add --name Nour --login nour@coop.example --slug nour
	leaves "$1: their seat" 0 person seat nour coop --role reader
	leaves "$1: an absence" 0 delegation add coop --person marc --to lea --until 2099-01-04T13:00:00Z --why 'Congés' \
		--from 2098-12-28T13:00:00Z
	leaves "$1: without its end" 2 delegation add coop --person marc --to lea
	says "$1: says where" '/until:' err
	leaves "$1: nobody to stand in" 2 delegation add coop --person marc --until 2099-01-04T13:00:00Z
	leaves "$1: of nobody we know" 1 delegation add coop --person nobody --to lea --until 2099-01-04T13:00:00Z
	leaves "$1: by the one who is away" 0 delegation add coop --as marc --to lea@coop.example \
		--from 2097-01-01T00:00:00Z --until 2097-02-01T00:00:00Z
	sooner=$(sed 's/.*{"id":"\([^"]*\)".*/\1/' out)
	leaves "$1: who stands in for whom" 0 delegation list coop
	says "$1: Léa for Marc" '"person":"Marc"'
	says "$1: with the roles he lends" '"policy_roles":["editor"]'
	says "$1: and why" '"why":"Congés"'
	[ "$(wc -l <out)" -eq 2 ] && right=yes || right=no
	answer "$1: both of them" $right "$(cat out)"
	leaves "$1: not for who only reads" 1 delegation end "$sooner" --as nour
	leaves "$1: it is not needed" 0 delegation end "$sooner"
	leaves "$1: nor a second time" 0 delegation end "$sooner"
	leaves "$1: the other one stays" 0 delegation list coop
	[ "$(wc -l <out)" -eq 1 ] && right=yes || right=no
	answer "$1: alone" $right "$(cat out)"
	leaves "$1: no such absence" 1 delegation end nowhere
	leaves "$1: pause all" 0 organization pause coop --why 'Un deuil.'
	leaves "$1: why?" 2 organization pause coop
	leaves "$1: resume" 0 organization resume coop
	leaves "$1: a month's report" 0 organization report coop --month 2026-01
	says "$1: of an empty month" '"posts":0'
	leaves "$1: the same for a spreadsheet" 0 organization report coop --csv yes
	says "$1: its columns" 'date,time,account,network,author'
	leaves "$1: no such month" 2 organization report coop --month 2026-13
	leaves "$1: open the journal" 0 organization change coop --journal-open yes --about-fr 'Nous'
	says "$1: it is open" '"open":true'
	leaves "$1: the chain holds" 0 audit verify
	says "$1: says so" '"holds":true'
	leaves "$1: what was done" 0 audit list --organization coop
	says "$1: by whom and why" '"why":"Un deuil."'
}

PORTEVOIX_DATA=$PWD/desk
export PORTEVOIX_DATA
leaves 'a mistyped folder is no desk' 3 organization list --data "$PWD/nowhere"
[ ! -e nowhere ] && right=yes || right=no
answer 'and none is begun there' $right nowhere
story sqlite
mode=$(stat -c %a desk desk/key desk/portevoix.db | tr '\n' ' ')
[ "$mode" = '700 600 600 ' ] && right=yes || right=no
answer 'the folder, the key and the database are for their owner alone' $right "$mode"

if [ -n "${PV_TEST_POSTGRES:-}" ]; then
	case $PV_TEST_POSTGRES in *\?*) joint='&' ;; *) joint='?' ;; esac
	schema=pv_commands_$$
	psql -q "$PV_TEST_POSTGRES" -c "CREATE SCHEMA $schema" >&2
	PORTEVOIX_DATA=$PWD/second
	PORTEVOIX_DATABASE="$PV_TEST_POSTGRES${joint}options=-csearch_path%3D$schema"
	export PORTEVOIX_DATABASE
	story postgresql
	psql -q "$PV_TEST_POSTGRES" -c "UPDATE $schema.audit SET why = 'rien' WHERE seq = 3" >&2
	leaves 'a trace that was edited' 1 audit verify
	says 'which one' '"first_bad":3'
	psql -q "$PV_TEST_POSTGRES" -c "DROP SCHEMA $schema CASCADE" >&2 2>/dev/null
else
	echo "PV_TEST_POSTGRES names no server: not run on PostgreSQL" >&2
	number=$((number + 1))
	echo "ok $number - commands on postgresql # SKIP no server"
fi
for command in organization person account interest delegation audit; do
	leaves "$command --help" 0 "$command" --help
	says "$command has an example" 'Example:'
	leaves "$command without a verb" 2 "$command"
done
echo "1..$number"
exit $bad
