/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What two versions say differently, in words. */
#include "court.h"

#include "policy/difference.h"

#include <stdio.h>
#include <string.h>

#define NBSP "\u00a0"

static const char base[] =
	"  - id: client\n"
	"    kind: category\n"
	"    label: {fr: \"Les clients, non.\", en: \"Clients, no.\"}\n"
	"    when: {origin: client}\n"
	"    then: refuse\n"
	"  - id: often\n"
	"    kind: quota\n"
	"    label: {fr: Deux par mois., en: Two a month.}\n"
	"    count: {interest: commercial}\n"
	"    at_most: 2\n"
	"    window: 30 days\n"
	"    then: warn\n"
	"exceptions:\n"
	"  - {id: summer, lifts: [client], when: {account: house-fb}, from: 2026-06-01, until: "
	"2026-08-31, granted_by: lea, reason: {fr: L'été., en: Summer.}}\n";

/* `text` with its first `from` replaced. */
static char *edited(TALLOC_CTX *mem, const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	assert_non_null(at);
	return talloc_asprintf(mem, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static struct pv_policy_changes between(TALLOC_CTX *mem, const char *was, const char *is)
{
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_policy_changes changes = {0};
	assert_int_equal(pv_policy_difference(mem, court_policy(mem, was), court_policy(mem, is),
				 &changes, &error),
		PV_OK);
	return changes;
}

static const struct {
	const char *what, *from, *to;
	const char *line; /* kind part id */
	const char *fr, *en;
} rows[] = {
	{"a verdict", "then: refuse", "then: approve", "changed rule client",
		"Verdict" NBSP ": refusé devient approbation requise.",
		"Verdict: refused becomes approval required."},
	{"firm", "then: refuse", "then: refuse\n    firm: yes", "changed rule client",
		"Ferme" NBSP ": non devient oui.", "Firm: no becomes yes."},
	{"a condition", "{origin: client}", "{origin: [client, partner], stance: organisation}",
		"changed rule client",
		"Quand" NBSP ": provenance" NBSP ": client devient provenance" NBSP
		": client ou partenaire; posture du compte" NBSP ": organisation.",
		"When: origin: client becomes origin: client or partner; account's stance: "
		"organisation."},
	{"a condition that was none", "    when: {origin: client}\n", "", "changed rule client",
		"Quand" NBSP ": provenance" NBSP ": client devient toujours.",
		"When: origin: client becomes always."},
	{"an exception to a rule", "then: refuse", "then: refuse\n    unless: {topic: none}",
		"changed rule client", "Sauf quand" NBSP ": désormais sujet" NBSP ": rien.",
		"Except when: now topic: nothing."},
	{"two members of a rule", "{fr: Deux par mois., en: Two a month.}\n",
		"{fr: Moins., en: Less.}\n    when: {lang: fr}\n", "changed rule often",
		"Libellé" NBSP ": «" NBSP "Deux par mois." NBSP "» devient «" NBSP "Moins." NBSP
		"». Quand" NBSP ": toujours devient langue" NBSP ": «" NBSP "fr" NBSP "».",
		"Label: “Two a month.” becomes “Less.”. When: always becomes language: “fr”."},
	{"a number of its own kind", "at_most: 2", "at_most: 25%", "changed rule often",
		"Au plus" NBSP ": «" NBSP "2" NBSP "» devient «" NBSP "25%" NBSP "».",
		"At most: “2” becomes “25%”."},
	{"a window", "window: 30 days", "window: 1 days", "changed rule often",
		"Période" NBSP ": 30" NBSP "jours devient 1" NBSP "jour.",
		"Window: 30" NBSP "days becomes 1" NBSP "day."},
	{"a rule more", "exceptions:",
		"  - id: ask\n    kind: invite\n    label: {fr: Invitez., en: Invite.}\n    words: "
		"{fr: [dites], en: [say, tell]}\n    then: warn\nexceptions:",
		"added rule ask",
		"Règle ajoutée. Sorte de règle" NBSP ": invitation. Verdict" NBSP
		": autorisé avec un avertissement. Mots" NBSP ": en français «" NBSP "dites" NBSP
		"»; en anglais «" NBSP "say" NBSP "» ou «" NBSP "tell" NBSP "».",
		"Rule added. Kind of rule: invitation. Verdict: allowed with a warning. Words: in "
		"French “dites”; in English “say” or “tell”."},
	{"an exception that ends earlier", "until: 2026-08-31", "until: 2026-07-31",
		"changed exception summer",
		"Jusqu'au" NBSP ": «" NBSP "2026-08-31" NBSP "» devient «" NBSP "2026-07-31" NBSP
		"».",
		"Until: “2026-08-31” becomes “2026-07-31”."},
	{"the default", "default: allow", "default: refuse", "changed top default",
		"Quand aucune règle ne parle" NBSP ": autorisé devient refusé.",
		"When no rule speaks: allowed becomes refused."},
	{"folds", "fold: {facebook: 40}", "fold: {facebook: 40, x: 280}", "changed top fold",
		"Caractères avant «" NBSP "voir plus" NBSP "»" NBSP
		": facebook 40 devient facebook 40 et x 280.",
		"Characters before “see more”: facebook 40 becomes facebook 40 and x 280."},
	{"a list", "shorteners: [bit.ly, ow.ly]", "shorteners: [bit.ly, t.co, is.gd]",
		"changed top shorteners",
		"Raccourcisseurs de liens" NBSP ": «" NBSP "t.co" NBSP "» et «" NBSP "is.gd" NBSP
		"» s'ajoutent; «" NBSP "ow.ly" NBSP "» n'y est plus.",
		"Link shorteners: “t.co” and “is.gd” are added; “ow.ly” is no longer there."},
	{"an account", "stance: hosted, platform: facebook", "stance: personal, platform: facebook",
		"changed account host-fb",
		"Posture" NBSP ": communauté d'autrui devient personnel.",
		"Stance: hosted community becomes personal."},
	{"who approves", "  by: [editor]\n  count: 1", "  by: [editor, director]\n  count: 2",
		"changed approvals approvals",
		"Rôles qui approuvent" NBSP ": «" NBSP "director" NBSP
		"» s'ajoute. Personnes nécessaires" NBSP ": 1 devient 2.",
		"Roles that approve: “director” is added. People needed: 1 becomes 2."},
	{"two further steps", "  count: 1\n",
		"  count: 1\n  then: [{by: [director], count: 2}, {by: [board, mayor]}]\n",
		"changed approvals approvals",
		"Étapes" NBSP ": 1." NBSP "«" NBSP "editor" NBSP "» (1" NBSP
		"personne) devient 1." NBSP "«" NBSP "editor" NBSP "» (1" NBSP
		"personne), puis 2." NBSP "«" NBSP "director" NBSP "» (2" NBSP
		"personnes), puis 3." NBSP "«" NBSP "board" NBSP "» ou «" NBSP "mayor" NBSP
		"» (1" NBSP "personne).",
		"Steps: 1." NBSP "“editor” (1" NBSP "person) becomes 1." NBSP "“editor” (1" NBSP
		"person), then 2." NBSP "“director” (2" NBSP "people), then 3." NBSP
		"“board” or “mayor” (1" NBSP "person)."},
	{"a rule's own steps", "then: refuse\n",
		"then: approve\n    approval: {valid: 2 days, then: [{by: [director]}]}\n",
		"changed rule client",
		"Verdict" NBSP ": refusé devient approbation requise. Approbation de cette "
		"règle" NBSP ": désormais Étapes" NBSP ": 1." NBSP "«" NBSP "editor" NBSP
		"» (1" NBSP "personne), puis 2." NBSP "«" NBSP "director" NBSP "» (1" NBSP
		"personne); Jamais" NBSP ": auteur et qui partage l'intérêt; Vaut" NBSP ": 2" NBSP
		"jours.",
		"Verdict: refused becomes approval required. This rule's approval: now Steps: "
		"1." NBSP "“editor” (1" NBSP "person), then 2." NBSP "“director” (1" NBSP
		"person); Never: author and someone who shares the interest; Holds for: 2" NBSP
		"days."},
	{"a tie's domain", "relation: client, org: client, domains: [client.example]",
		"relation: client, org: client, domains: [client.test]",
		"changed organisation house",
		"Liens d'intérêt" NBSP ": «" NBSP "Le Client" NBSP "», domaines" NBSP ": «" NBSP
		"client.test" NBSP "» s'ajoute; «" NBSP "client.example" NBSP "» n'y est plus.",
		"Interests: “Le Client”, domains: “client.test” is added; “client.example” is no "
		"longer there."},
	{"all of a tie but its name and handles",
		"relation: client, org: client, domains: [client.example]",
		"relation: owner, until: 2026-12-31", "changed organisation house",
		"Liens d'intérêt" NBSP ": «" NBSP "Le Client" NBSP "», lien" NBSP
		": client devient propriétaire; organisation" NBSP ": plus rien (c'était «" NBSP
		"client" NBSP "»); domaines" NBSP ": plus rien (c'était «" NBSP
		"client.example" NBSP "»); jusqu'au" NBSP ": désormais «" NBSP "2026-12-31" NBSP
		"».",
		"Interests: “Le Client”, tie: client becomes owner; organisation: no longer "
		"anything (it was “client”); domains: no longer anything (it was "
		"“client.example”); until: now “2026-12-31”."},
	{"a tie in another's place", "names: [Le Client, Client inc.]", "names: [Le Mécène]",
		"changed organisation house",
		"Liens d'intérêt" NBSP ": «" NBSP "Le Mécène" NBSP "» (client; organisation" NBSP
		": «" NBSP "client" NBSP "»; domaines" NBSP ": «" NBSP "client.example" NBSP
		"»; identifiants" NBSP ": «" NBSP "@Client" NBSP "») s'ajoute; «" NBSP
		"Le Client" NBSP "» (client; noms" NBSP ": «" NBSP "Le Client" NBSP "» et «" NBSP
		"Client inc." NBSP "»; organisation" NBSP ": «" NBSP "client" NBSP
		"»; domaines" NBSP ": «" NBSP "client.example" NBSP "»; identifiants" NBSP
		": «" NBSP "@Client" NBSP "») n'y est plus.",
		"Interests: “Le Mécène” (client; organisation: “client”; domains: "
		"“client.example”; handles: “@Client”) is added; “Le Client” (client; names: “Le "
		"Client” and “Client inc.”; organisation: “client”; domains: “client.example”; "
		"handles: “@Client”) is no longer there."},
	{"a tie changed and another beside it",
		"relation: client, org: client, domains: [client.example], handles: "
		"[\"@Client\"]}\n",
		"relation: client, org: client, handles: [\"@Client\"]}\n"
		"      - {names: [Voisin], relation: family, feeds: "
		"[\"https://voisin.example/feed\"]}\n",
		"changed organisation house",
		"Liens d'intérêt" NBSP ": «" NBSP "Le Client" NBSP "», domaines" NBSP
		": plus rien (c'était «" NBSP "client.example" NBSP "») — «" NBSP "Voisin" NBSP
		"» (proche; fils" NBSP ": «" NBSP "https://voisin.example/feed" NBSP "») s'ajoute.",
		"Interests: “Le Client”, domains: no longer anything (it was “client.example”) — "
		"“Voisin” (family; feeds: “https://voisin.example/feed”) is added."},
	{"a topic", "  urgent:\n", "  urgent: {fr: [vite]}\n", "changed topic urgent",
		"Mots" NBSP ": désormais en français «" NBSP "vite" NBSP "».",
		"Words: now in French “vite”."},
	{"a disclosure gone",
		"  opening:\n    position: start\n    fr: [\"Lien d'intérêt :\"]\n    en: "
		"[\"Disclosure:\"]\n",
		"", "removed disclosure opening",
		"Divulgation retirée. Place" NBSP ": au début. Formulations" NBSP
		": en français «" NBSP "Lien d'intérêt :" NBSP "»; en anglais «" NBSP
		"Disclosure:" NBSP "».",
		"Disclosure removed. Position: at the start. Wordings: in French “Lien d'intérêt "
		":”; in English “Disclosure:”."},
};

static void one_change(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		char *was = talloc_asprintf(mem, "%s%s", court_head, base);
		char *is = edited(mem, was, rows[i].from, rows[i].to);
		struct pv_policy_changes changes = between(mem, was, is);
		if (changes.n != 1)
			fail_msg("%s: %zu changes", rows[i].what, changes.n);
		const struct pv_policy_change *change = &changes.items[0];
		char *line = talloc_asprintf(mem, "%s %s %s", pv_change_kind_names[change->kind],
			change->part, change->id);
		assert_string_equal(line, rows[i].line);
		assert_string_equal(change->words.fr, rows[i].fr);
		assert_string_equal(change->words.en, rows[i].en);
		assert_true(change->label.fr[0] && change->label.en[0]);
	}
}

/* Turned round, what was added is removed, and as many things changed. */
static void the_other_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		char *was = talloc_asprintf(mem, "%s%s", court_head, base);
		char *is = edited(mem, was, rows[i].from, rows[i].to);
		struct pv_policy_changes there = between(mem, was, is);
		struct pv_policy_changes back = between(mem, is, was);
		static const enum pv_change_kind turned[] = {[PV_CHANGE_ADDED] = PV_CHANGE_REMOVED,
			[PV_CHANGE_REMOVED] = PV_CHANGE_ADDED,
			[PV_CHANGE_CHANGED] = PV_CHANGE_CHANGED};
		assert_int_equal(back.n, there.n);
		assert_int_equal(back.items[0].kind, turned[there.items[0].kind]);
		assert_string_equal(back.items[0].id, there.items[0].id);
	}
}

static void the_same(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	char *was = talloc_asprintf(mem, "%s%s", court_head, base);
	/* comments, and a rule that moved, say nothing else */
	char *is = edited(mem, was, "rules:", "# a word\nrules:");
	const char *first = strstr(base, "  - id: client"), *second = strstr(base, "  - id: often");
	const char *end = strstr(base, "exceptions:");
	char *moved = talloc_asprintf(mem, "%s%.*s%.*s%s", court_head, (int)(end - second), second,
		(int)(second - first), first, end);
	assert_int_equal(between(mem, was, is).n, 0);
	assert_int_equal(between(mem, was, moved).n, 0);
}

/* Whatever the samples say, every difference between them has words in both languages. */
static void samples(void **state)
{
	(void)state;
	static const char *const names[] = {"seed", "agency", "municipality", "regulated-finance"};
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	char *texts[4];
	size_t size;
	for (size_t i = 0; i < 4; i++) {
		texts[i] = court_read(mem, PV_SOURCE_ROOT "/examples/policies",
			talloc_asprintf(mem, "%s.yaml", names[i]), &size);
		assert_non_null(texts[i]);
	}
	for (size_t a = 0; a < 4; a++)
		for (size_t b = 0; b < 4; b++) {
			struct pv_policy_changes changes = between(mem, texts[a], texts[b]);
			assert_true(a == b ? changes.n == 0 : changes.n > 20);
			for (size_t i = 0; i < changes.n; i++) {
				assert_true(strlen(changes.items[i].words.fr) > 10);
				assert_true(strlen(changes.items[i].words.en) > 10);
			}
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_change),
		cmocka_unit_test(the_other_way),
		cmocka_unit_test(the_same),
		cmocka_unit_test(samples),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
