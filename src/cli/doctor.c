/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `portevoix doctor`: what would stop a due post from being published now, and the remedy. */
#include "base/json.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/place.h"
#include "desk/pulse.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

enum { FINDINGS_MAX = 200, ASK_MS = 5000, SPACE_STOP_MB = 64, SPACE_NOTE_MB = 512 };

/* The day this was written: a clock before it is wrong. */
#define BEFORE_US INT64_C(1735689600000000) /* 2025-01-01 */

static const char help[] =
	"Usage: portevoix doctor [--data DIR] [--database URL] [--json]\n"
	"\n"
	"Looks for what would stop a due post from being published now, and says the remedy:\n"
	"the folder's rights and space, the database, the clock, the running desk and its\n"
	"dispatcher, accounts to sign in to, paused organisations, missing policies.\n"
	"\n"
	"  --data DIR       the folder ($PORTEVOIX_DATA, portevoix-data)\n"
	"  --database URL   sqlite:FILE or postgresql://… (in DIR)\n"
	"  --json           "
	"{\"ok\",\"checks\":[{\"name\",\"state\",\"words\":{fr,en},\"remedy\":{fr,en}|null}]}\n"
	"  --help           this\n"
	"\n"
	"Example:\n"
	"  $ portevoix doctor --data /srv/portevoix\n"
	"  ok    folder      /srv/portevoix is yours alone.\n"
	"\n"
	"Leaves with 0 when nothing stops a post, 1 when something would, 2 on wrong usage.\n";

enum state { STATE_OK, STATE_NOTE, STATE_STOP };
static const char *const state_names[] = {"ok", "note", "stop"};

struct finding {
	const char *name;
	enum state state;
	struct pv_words words, remedy; /* remedy NULL: none is needed */
};

struct doctor {
	TALLOC_CTX *mem;
	struct pv_place place;
	struct finding findings[FINDINGS_MAX];
	size_t n;
};

/* ---- noting ------------------------------------------------------------------------------------ */

static void note(struct doctor *doctor, const char *name, enum state state,
	const struct pv_words *words, const struct pv_words *remedy)
{
	if (doctor->n == FINDINGS_MAX)
		return;
	doctor->findings[doctor->n++] = (struct finding){.name = name,
		.state = state,
		.words = *words,
		.remedy = remedy ? *remedy : (struct pv_words){0}};
}

/* Words with arguments, made the way errors are. */
#define SAY(doctor, out, fr_text, en_text, ...)                            \
	do {                                                               \
		struct pv_error said = PV_ERROR_IN((doctor)->mem);         \
		pv_fail(&said, PV_INVALID, fr_text, en_text, __VA_ARGS__); \
		(out) = said.words;                                        \
	} while (0)

/* ---- the folder -------------------------------------------------------------------------------- */

/* False: there is no use in looking further. */
static bool look_at_folder(struct doctor *doctor)
{
	const char *data = doctor->place.data;
	struct pv_words words, remedy;
	struct stat stat_now;
	if (stat(data, &stat_now) != 0 || !S_ISDIR(stat_now.st_mode)) {
		SAY(doctor, words, "Il n'y a pas de dossier %s.", "There is no folder %s.", data);
		SAY(doctor, remedy,
			"Donnez le bon avec --data, ou démarrez : portevoix serve --data %s",
			"Give the right one with --data, or start: portevoix serve --data %s",
			data);
		note(doctor, "folder", STATE_STOP, &words, &remedy);
		return false;
	}
	if (access(data, R_OK | W_OK | X_OK) != 0) {
		SAY(doctor, words, "%s ne peut être lu et écrit par ce compte.",
			"%s cannot be read and written by this account.", data);
		SAY(doctor, remedy, "sudo chown -R $(id -un) %s", "sudo chown -R $(id -un) %s",
			data);
		note(doctor, "folder", STATE_STOP, &words, &remedy);
		return false;
	}
	if (stat_now.st_mode & 077) {
		SAY(doctor, words, "%s est ouvert à d'autres comptes de la machine.",
			"%s is open to other accounts of this machine.", data);
		SAY(doctor, remedy, "chmod 700 %s", "chmod 700 %s", data);
		note(doctor, "folder", STATE_NOTE, &words, &remedy);
	} else {
		SAY(doctor, words, "%s n'est qu'à vous.", "%s is yours alone.", data);
		note(doctor, "folder", STATE_OK, &words, NULL);
	}
	return true;
}

static void look_at_space(struct doctor *doctor)
{
	struct statvfs disk;
	struct pv_words words, remedy;
	if (statvfs(doctor->place.data, &disk) != 0)
		return;
	int64_t free_mb = (int64_t)((double)disk.f_bavail * (double)disk.f_frsize / 1e6);
	enum state state = free_mb < SPACE_STOP_MB   ? STATE_STOP
			   : free_mb < SPACE_NOTE_MB ? STATE_NOTE
						     : STATE_OK;
	SAY(doctor, words, "%" PRId64 " Mo libres sur le disque.",
		"%" PRId64 " MB free on the disk.", free_mb);
	SAY(doctor, remedy, "Libérez de la place à côté de %s.", "Make room beside %s.",
		doctor->place.data);
	note(doctor, "space", state, &words, state == STATE_OK ? NULL : &remedy);
}

/* ---- the clock --------------------------------------------------------------------------------- */

static void look_at_clock(struct doctor *doctor, struct pv_env *env)
{
	static const struct pv_words wrong = {"L'horloge de la machine est dans le passé.",
		"The machine's clock is in the past."};
	static const struct pv_words loose = {
		"Rien ne règle l'horloge de la machine : les heures promises peuvent dériver.",
		"Nothing sets the machine's clock: promised times may drift."};
	static const struct pv_words right = {"L'horloge est réglée.", "The clock is set."};
	static const struct pv_words remedy = {"timedatectl set-ntp true (ou installez chrony)",
		"timedatectl set-ntp true (or install chrony)"};
	struct timex clock = {0};
	if (pv_env_now_us(env) < BEFORE_US)
		note(doctor, "clock", STATE_STOP, &wrong, &remedy);
	else if (adjtimex(&clock) < 0 || (clock.status & STA_UNSYNC))
		note(doctor, "clock", STATE_NOTE, &loose, &remedy);
	else
		note(doctor, "clock", STATE_OK, &right, NULL);
}

/* ---- the database ------------------------------------------------------------------------------ */

static struct pv_desk *look_at_database(struct doctor *doctor)
{
	static const struct pv_words fine = {
		"La base de données est à jour et accepte une écriture.",
		"The database is up to date and takes a write."};
	static const struct pv_words remedy = {"Vérifiez le disque et l'adresse --database; sinon, "
					       "reprenez la dernière sauvegarde : "
					       "portevoix restore",
		"Check the disk and the --database address; else take the last backup: "
		"portevoix restore"};
	struct pv_desk *desk = NULL;
	struct pv_error error = PV_ERROR_IN(doctor->mem);
	enum pv_status status = pv_place_open(doctor->mem, &doctor->place, &desk, &error);
	if (status == PV_OK)
		status = pv_desk_pulse_write(desk, &error);
	if (status != PV_OK) {
		note(doctor, "database", STATE_STOP, &error.words, &remedy);
		return NULL;
	}
	note(doctor, "database", STATE_OK, &fine, NULL);
	return desk;
}

/* ---- the running desk -------------------------------------------------------------------------- */

static void not_running(struct doctor *doctor)
{
	static const struct pv_words words = {
		"Aucun bureau ne répond : rien ne part tant qu'il n'est pas en marche.",
		"No desk answers: nothing goes out while none runs."};
	struct pv_words remedy;
	SAY(doctor, remedy, "portevoix serve --data %s", "portevoix serve --data %s",
		doctor->place.data);
	note(doctor, "running", STATE_STOP, &words, &remedy);
}

/* What /healthz of the running desk says, check by check. */
static void take_health(struct doctor *doctor, const json_t *health)
{
	static const struct pv_words remedy = {"Lisez le journal du bureau, puis redémarrez-le.",
		"Read the desk's log, then start it again."};
	size_t i;
	json_t *check;
	json_array_foreach(json_object_get(health, "checks"), i, check)
	{
		const json_t *words = json_object_get(check, "words");
		const char *name = pv_json_text(check, "name");
		const char *fr = pv_json_text(words, "fr"), *en = pv_json_text(words, "en");
		bool ok = pv_json_bool(check, "ok", false);
		if (!name || !fr || !en || (ok && strcmp(name, "database") == 0))
			continue;
		note(doctor, talloc_strdup(doctor->mem, name), ok ? STATE_OK : STATE_STOP,
			&(struct pv_words){
				talloc_strdup(doctor->mem, fr), talloc_strdup(doctor->mem, en)},
			ok ? NULL : &remedy);
	}
}

static void look_at_running(struct doctor *doctor, struct pv_desk *desk)
{
	struct pv_error error = PV_ERROR_IN(doctor->mem);
	struct pv_http_response response = {0};
	PV_JSON json_t *health = NULL;
	const char *url = pv_place_note_url(doctor->mem, doctor->place.data);
	const struct pv_http_request request = {
		.method = "GET",
		.url = url ? talloc_asprintf(doctor->mem, "%s/healthz", url) : NULL,
		.timeout_ms = ASK_MS,
	};
	struct pv_words words;
	if (!request.url ||
		pv_place_reach(doctor->mem, &doctor->place, desk, NULL, 0, &error) != PV_OK ||
		pv_env_http(desk->env, doctor->mem, &request, &response, &error) != PV_OK ||
		response.outcome != PV_HTTP_ANSWERED ||
		pv_json_parse(response.body, response.body_size, &health, &error) != PV_OK) {
		not_running(doctor);
		return;
	}
	SAY(doctor, words, "Le bureau répond à %s.", "The desk answers at %s.", url);
	note(doctor, "running", STATE_OK, &words, NULL);
	take_health(doctor, health);
}

/* ---- what holds posts back --------------------------------------------------------------------- */

static void note_sign_in(struct doctor *doctor, const struct pv_pulse_hold *hold)
{
	struct pv_words words, remedy;
	SAY(doctor, words,
		"%s : le compte %s (%s) est à reconnecter; %" PRId64 " publication(s) l'attendent.",
		"%s: the account %s (%s) must be signed in to again; %" PRId64
		" publication(s) wait for it.",
		hold->organization, hold->subject, hold->detail, hold->waiting);
	SAY(doctor, remedy, "Ouvrez Comptes, %s, et reconnectez-le.",
		"Open Accounts, %s, and connect it.", hold->subject);
	note(doctor, "account", hold->waiting ? STATE_STOP : STATE_NOTE, &words, &remedy);
}

static void note_paused(struct doctor *doctor, const struct pv_pulse_hold *hold)
{
	static const struct pv_words remedy = {
		"Reprenez quand la raison est passée : page de l'organisation, Reprendre.",
		"Resume when the reason is gone: the organisation's page, Resume."};
	struct pv_words words;
	SAY(doctor, words, "%s est en pause (« %s »); %" PRId64 " publication(s) attendent.",
		"%s is paused (\"%s\"); %" PRId64 " publication(s) wait.", hold->organization,
		hold->detail, hold->waiting);
	note(doctor, "pause", hold->waiting ? STATE_STOP : STATE_NOTE, &words, &remedy);
}

static void note_asking(struct doctor *doctor, const struct pv_pulse_hold *hold)
{
	static const struct pv_words remedy = {
		"Ouvrez Aujourd'hui : chaque publication y dit pourquoi, et se décide en un geste.",
		"Open Today: each publication says why there, and is decided in one step."};
	struct pv_words words;
	SAY(doctor, words, "%s, %s (%s) : %" PRId64 " publication(s) attendent une décision.",
		"%s, %s (%s): %" PRId64 " publication(s) wait for a decision.", hold->organization,
		hold->subject, hold->detail, hold->waiting);
	note(doctor, "decision", STATE_NOTE, &words, &remedy);
}

static void note_no_policy(struct doctor *doctor, const struct pv_pulse_hold *hold)
{
	static const struct pv_words remedy = {"Adoptez une politique : tant qu'il n'y en a pas, "
					       "chaque publication demande une autre "
					       "personne.",
		"Adopt a policy: while there is none, every post asks for another person."};
	struct pv_words words;
	SAY(doctor, words, "%s n'a adopté aucune politique; %" PRId64 " publication(s) prévues.",
		"%s has adopted no policy; %" PRId64 " publication(s) planned.", hold->organization,
		hold->waiting);
	note(doctor, "policy", STATE_NOTE, &words, &remedy);
}

static void look_at_holds(struct doctor *doctor, struct pv_desk *desk)
{
	static const struct pv_words remedy = {
		"Vérifiez la base de données.", "Check the database."};
	struct pv_desk_holds holds;
	struct pv_error error = PV_ERROR_IN(doctor->mem);
	if (pv_desk_holds_read(desk, doctor->mem, &holds, &error) != PV_OK) {
		note(doctor, "database", STATE_STOP, &error.words, &remedy);
		return;
	}
	for (size_t i = 0; i < holds.n_sign_in; i++)
		note_sign_in(doctor, &holds.sign_in[i]);
	for (size_t i = 0; i < holds.n_paused; i++)
		note_paused(doctor, &holds.paused[i]);
	for (size_t i = 0; i < holds.n_asking; i++)
		note_asking(doctor, &holds.asking[i]);
	for (size_t i = 0; i < holds.n_no_policy; i++)
		note_no_policy(doctor, &holds.no_policy[i]);
}

/* ---- telling ----------------------------------------------------------------------------------- */

static bool stops(const struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->n; i++)
		if (doctor->findings[i].state == STATE_STOP)
			return true;
	return false;
}

static void tell_text(const struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->n; i++) {
		const struct finding *finding = &doctor->findings[i];
		printf("%-5s %-11s %s\n", state_names[finding->state], finding->name,
			pv_cli_words(&finding->words));
		if (finding->remedy.fr)
			printf("%-17s → %s\n", "", pv_cli_words(&finding->remedy));
	}
}

static int tell_json(const struct doctor *doctor)
{
	json_t *checks = json_array();
	for (size_t i = 0; checks && i < doctor->n; i++) {
		const struct finding *finding = &doctor->findings[i];
		json_t *remedy = finding->remedy.fr
					 ? json_pack("{s:s,s:s}", "fr", finding->remedy.fr, "en",
						   finding->remedy.en)
					 : json_null();
		json_array_append_new(checks,
			json_pack("{s:s,s:s,s:{s:s,s:s},s:o}", "name", finding->name, "state",
				state_names[finding->state], "words", "fr", finding->words.fr, "en",
				finding->words.en, "remedy", remedy));
	}
	PV_JSON json_t *all = json_pack("{s:b,s:o}", "ok", !stops(doctor), "checks", checks);
	char *text = all ? pv_json_dump(doctor->mem, all) : NULL;
	if (!text)
		return PV_EXIT_FAILED;
	puts(text);
	return PV_EXIT_DONE;
}

int pv_cli_doctor(int argc, char **argv)
{
	static const struct option options[] = {
		{"data", required_argument, NULL, 'd'},
		{"database", required_argument, NULL, 'u'},
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct doctor *doctor = talloc_zero(scope, struct doctor);
	bool json = false;
	int option;
	if (!doctor)
		return PV_EXIT_FAILED;
	doctor->mem = scope;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'd': doctor->place.data = optarg; break;
		case 'u': doctor->place.database = optarg; break;
		case 'j': json = true; break;
		case 'h': fputs(help, stdout); return PV_EXIT_DONE;
		default: return PV_EXIT_USAGE;
		}
	}
	if (optind != argc || pv_place_settle(scope, &doctor->place, NULL) != PV_OK)
		return PV_EXIT_USAGE;
	if (look_at_folder(doctor)) {
		look_at_space(doctor);
		struct pv_desk *desk = look_at_database(doctor);
		if (desk) {
			look_at_clock(doctor, desk->env);
			look_at_running(doctor, desk);
			look_at_holds(doctor, desk);
		}
	}
	if (json && tell_json(doctor) != PV_EXIT_DONE)
		return PV_EXIT_FAILED;
	if (!json)
		tell_text(doctor);
	return stops(doctor) ? PV_EXIT_NO : PV_EXIT_DONE;
}
