/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Runs a command and prints the most memory it held, in KiB: bench_policy_peak COMMAND … */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	pid_t child = fork();
	if (child == 0) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	int status;
	struct rusage used;
	if (child < 0 || wait4(child, &status, 0, &used) != child || !WIFEXITED(status))
		return 3;
	fprintf(stderr, "%ld\n", used.ru_maxrss);
	return WEXITSTATUS(status);
}
