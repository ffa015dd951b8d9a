/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "dispatch/lease.h"

#include "base/id.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int lease_close(struct pv_lease *lease)
{
	if (lease->fd >= 0)
		close(lease->fd);
	return 0;
}

/* The id written in the file, or a new one. */
static bool read_id(int fd, struct pv_env *env, char out[PV_ID_SIZE])
{
	ssize_t n = pread(fd, out, PV_ID_LENGTH, 0);
	out[PV_ID_LENGTH] = 0;
	if (n == PV_ID_LENGTH && pv_id_valid(out))
		return true;
	pv_id_new(env, out);
	return ftruncate(fd, 0) == 0 && pwrite(fd, out, PV_ID_LENGTH, 0) == PV_ID_LENGTH;
}

static enum pv_status lock_file(
	struct pv_lease *lease, struct pv_desk *desk, char id[PV_ID_SIZE], struct pv_error *error)
{
	char *path = talloc_asprintf(lease, "%s/dispatch.lock", desk->data_dir);
	if (!path)
		return pv_fail_nomem(error);
	lease->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lease->fd < 0)
		return pv_fail(error, PV_UNAVAILABLE, "%s ne s'ouvre pas : %s.",
			"%s cannot be opened: %s.", path, strerror(errno));
	lease->sole = flock(lease->fd, LOCK_EX | LOCK_NB) == 0;
	if (lease->sole && !read_id(lease->fd, desk->env, id))
		return pv_fail(error, PV_UNAVAILABLE, "%s ne s'écrit pas : %s.",
			"%s cannot be written: %s.", path, strerror(errno));
	return PV_OK;
}

enum pv_status pv_lease_open(
	TALLOC_CTX *mem, struct pv_desk *desk, struct pv_lease **out, struct pv_error *error)
{
	char id[PV_ID_SIZE];
	struct pv_lease *lease = talloc_zero(mem, struct pv_lease);
	if (!lease)
		return pv_fail_nomem(error);
	lease->fd = -1;
	talloc_set_destructor(lease, lease_close);
	pv_id_new(desk->env, id);
	enum pv_status status = desk->data_dir ? lock_file(lease, desk, id, error) : PV_OK;
	if (status == PV_OK) {
		lease->node = talloc_asprintf(lease, "%s#%s", desk->node ? desk->node : "desk", id);
		if (!lease->node)
			status = pv_fail_nomem(error);
	}
	if (status != PV_OK) {
		talloc_free(lease);
		return status;
	}
	*out = lease;
	return PV_OK;
}
