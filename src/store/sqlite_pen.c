/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/sqlite_pen.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

struct pv_pen {
	pthread_mutex_t turn;
	dev_t device;
	ino_t number;
	unsigned users;
	struct pv_pen *next;
};

static pthread_mutex_t pens_lock = PTHREAD_MUTEX_INITIALIZER;
static struct pv_pen *pens;

struct pv_pen *pv_pen_join(const char *path)
{
	struct stat file;
	if (stat(path, &file) != 0)
		return NULL;
	pthread_mutex_lock(&pens_lock);
	struct pv_pen *pen = pens;
	while (pen && (pen->device != file.st_dev || pen->number != file.st_ino))
		pen = pen->next;
	if (!pen && (pen = calloc(1, sizeof *pen))) {
		pthread_mutex_init(&pen->turn, NULL);
		pen->device = file.st_dev;
		pen->number = file.st_ino;
		pen->next = pens;
		pens = pen;
	}
	if (pen)
		pen->users++;
	pthread_mutex_unlock(&pens_lock);
	return pen;
}

void pv_pen_leave(struct pv_pen *pen)
{
	if (!pen)
		return;
	pthread_mutex_lock(&pens_lock);
	if (--pen->users == 0) {
		struct pv_pen **at = &pens;
		while (*at != pen)
			at = &(*at)->next;
		*at = pen->next;
		pthread_mutex_destroy(&pen->turn);
		free(pen);
	}
	pthread_mutex_unlock(&pens_lock);
}

bool pv_pen_take(struct pv_pen *pen, int timeout_ms)
{
	if (!pen)
		return true;
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	return pthread_mutex_clocklock(&pen->turn, CLOCK_MONOTONIC, &until) == 0;
}

void pv_pen_give(struct pv_pen *pen)
{
	if (pen)
		pthread_mutex_unlock(&pen->turn);
}
