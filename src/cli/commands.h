/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The subcommands of the one program. Each takes its own arguments, argv[0] being its name, and
 * answers the exit status: 0 done (or yes), 1 done and the answer is no, 2 wrong usage, 3 the
 * environment failed. Data goes to standard output, words to standard error.
 */
#ifndef PV_CLI_COMMANDS_H
#define PV_CLI_COMMANDS_H

#include "base/error.h"
#include "base/str.h"

int pv_cli_judge(int argc, char **argv);
int pv_cli_measure(int argc, char **argv);
int pv_cli_policy(int argc, char **argv);
int pv_cli_policy_analyze(int argc, char **argv); /* argv[0]: analyze */
int pv_cli_policy_desk(int argc, char **argv);    /* the versions on a desk, replay --draft */
int pv_cli_policy_replay(int argc, char **argv);
int pv_cli_policy_kept(int argc, char **argv); /* guarantees and cases */
int pv_cli_policy_exception(int argc, char **argv);
int pv_cli_organization(int argc, char **argv);
int pv_cli_person_command(int argc, char **argv);
int pv_cli_account_command(int argc, char **argv);
int pv_cli_interest_command(int argc, char **argv);
int pv_cli_delegation(int argc, char **argv);
int pv_cli_source(int argc, char **argv);
int pv_cli_conversation(int argc, char **argv);
int pv_cli_post(int argc, char **argv);
int pv_cli_audit(int argc, char **argv);
int pv_cli_serve(int argc, char **argv);
int pv_cli_demo(int argc, char **argv);
int pv_cli_doctor(int argc, char **argv);

/* policy.c: French when the environment's language is. */
bool pv_cli_in_french(void);
const char *pv_cli_words(const struct pv_words *words);
/* A policy file's text, below `mem`; PV_NOT_FOUND, PV_UNAVAILABLE or PV_TOO_LARGE. */
enum pv_status pv_cli_read_policy(
	TALLOC_CTX *mem, const char *path, struct pv_str *out, struct pv_error *error);

#endif
