/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"
#include "cli/commands.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	struct pv_words summary;
};

/* A new command is a row here, a prototype in commands.h and a file of its own. */
static const struct command commands[] = {
	{"serve", pv_cli_serve, {"le bureau lui-même", "the desk itself"}},
	{"demo", pv_cli_demo,
		{"un bureau d'exemple dans un dossier vide", "an example desk in an empty folder"}},
	{"doctor", pv_cli_doctor,
		{"ce qui empêcherait une publication de partir, et le remède",
			"what would stop a post from leaving, and the remedy"}},
	{"judge", pv_cli_judge,
		{"ce qu'une politique dit de publications, et pourquoi",
			"what a policy says of posts, and why"}},
	{"measure", pv_cli_measure,
		{"la longueur d'un texte sur un réseau, ses liens, mentions et mots-dièse",
			"how long a text is on a network, its links, mentions and hashtags"}},
	{"policy", pv_cli_policy,
		{"vérifier, rejouer, adopter des politiques éditoriales",
			"check, replay and adopt editorial policies"}},
	{"organization", pv_cli_organization,
		{"les organisations du bureau", "the desk's organisations"}},
	{"person", pv_cli_person_command,
		{"les personnes, leurs rôles et leurs jetons", "people, their roles and tokens"}},
	{"account", pv_cli_account_command,
		{"les comptes où publier", "the accounts to publish on"}},
	{"post", pv_cli_post,
		{"écrire, faire approuver, planifier et publier",
			"write, have approved, schedule and publish"}},
	{"source", pv_cli_source,
		{"les fils suivis et leurs articles", "the feeds followed and their articles"}},
	{"conversation", pv_cli_conversation,
		{"ce que répondent les lecteurs, et y répondre",
			"what readers answer, and answering them"}},
	{"interest", pv_cli_interest_command,
		{"les registres d'intérêts", "the registers of interests"}},
	{"delegation", pv_cli_delegation,
		{"qui remplace qui pendant une absence", "who stands in for whom while away"}},
	{"audit", pv_cli_audit,
		{"qui a changé quoi, et si la chaîne tient",
			"who changed what, and whether the chain holds"}},
};

static void list_commands(FILE *to)
{
	static const struct pv_words usage = {
		.fr = "Usage : portevoix COMMANDE [OPTIONS]\n",
		.en = "Usage: portevoix COMMAND [OPTIONS]\n",
	};
	static const struct pv_words more = {
		.fr = "\nportevoix COMMANDE --help en dit plus, avec un exemple.\n",
		.en = "\nportevoix COMMAND --help says more, with an example.\n",
	};
	fprintf(to, "%s\n", pv_cli_words(&usage));
	for (size_t i = 0; i < PV_COUNT(commands); i++)
		fprintf(to, "  %-13s %s\n", commands[i].name, pv_cli_words(&commands[i].summary));
	fputs(pv_cli_words(&more), to);
}

int main(int argc, char **argv)
{
	/* a reader that left is an error of writing like another */
	signal(SIGPIPE, SIG_IGN);
	const char *name = argc > 1 ? argv[1] : NULL;
	if (name && strcmp(name, "--version") == 0) {
		puts("portevoix " PV_VERSION);
		return 0;
	}
	if (name && (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)) {
		list_commands(stdout);
		return 0;
	}
	for (size_t i = 0; name && i < PV_COUNT(commands); i++)
		if (strcmp(name, commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	list_commands(stderr);
	return 2;
}
