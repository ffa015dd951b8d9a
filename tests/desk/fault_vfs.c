/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "fault_vfs.h"

#include <sqlite3.h>
#include <string.h>

/* The real file stands behind ours in the same block. */
struct file {
	sqlite3_file base;
	sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;
static sqlite3_vfs fault_vfs;
static int countdown, fault_code;
static bool stays, happened, reads_too;

void pv_fault_set(int nth, int code, bool from_then_on)
{
	countdown = nth;
	fault_code = code;
	stays = from_then_on;
	happened = false;
}

bool pv_fault_happened(void)
{
	return happened;
}

void pv_fault_reads_too(bool yes)
{
	reads_too = yes;
}

/* The code to fail with now, or SQLITE_OK. */
static int fault(void)
{
	if (happened && stays)
		return fault_code;
	if (countdown == 0 || --countdown > 0)
		return SQLITE_OK;
	happened = true;
	return fault_code;
}

static sqlite3_file *real(sqlite3_file *f)
{
	return ((struct file *)f)->real;
}

static int x_close(sqlite3_file *f)
{
	return real(f)->pMethods ? real(f)->pMethods->xClose(real(f)) : SQLITE_OK;
}

static int x_read(sqlite3_file *f, void *to, int size, sqlite3_int64 at)
{
	if (reads_too && fault())
		return SQLITE_IOERR_READ;
	return real(f)->pMethods->xRead(real(f), to, size, at);
}

static int x_write(sqlite3_file *f, const void *from, int size, sqlite3_int64 at)
{
	int code = fault();
	return code ? code : real(f)->pMethods->xWrite(real(f), from, size, at);
}

static int x_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	int code = fault();
	return code ? code : real(f)->pMethods->xTruncate(real(f), size);
}

static int x_sync(sqlite3_file *f, int flags)
{
	int code = fault();
	if (code == SQLITE_IOERR_WRITE)
		return SQLITE_IOERR_FSYNC;
	return code ? code : real(f)->pMethods->xSync(real(f), flags);
}

static int x_size(sqlite3_file *f, sqlite3_int64 *out)
{
	return real(f)->pMethods->xFileSize(real(f), out);
}

static int x_lock(sqlite3_file *f, int level)
{
	return real(f)->pMethods->xLock(real(f), level);
}

static int x_unlock(sqlite3_file *f, int level)
{
	return real(f)->pMethods->xUnlock(real(f), level);
}

static int x_reserved(sqlite3_file *f, int *out)
{
	return real(f)->pMethods->xCheckReservedLock(real(f), out);
}

static int x_control(sqlite3_file *f, int operation, void *argument)
{
	return real(f)->pMethods->xFileControl(real(f), operation, argument);
}

static int x_sector(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int x_device(sqlite3_file *f)
{
	return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static int x_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
}

static int x_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	if (reads_too && flags & SQLITE_SHM_LOCK && fault())
		return SQLITE_IOERR_SHMLOCK;
	return real(f)->pMethods->xShmLock(real(f), at, n, flags);
}

static void x_shm_barrier(sqlite3_file *f)
{
	real(f)->pMethods->xShmBarrier(real(f));
}

static int x_shm_unmap(sqlite3_file *f, int remove)
{
	return real(f)->pMethods->xShmUnmap(real(f), remove);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = x_close,
	.xRead = x_read,
	.xWrite = x_write,
	.xTruncate = x_truncate,
	.xSync = x_sync,
	.xFileSize = x_size,
	.xLock = x_lock,
	.xUnlock = x_unlock,
	.xCheckReservedLock = x_reserved,
	.xFileControl = x_control,
	.xSectorSize = x_sector,
	.xDeviceCharacteristics = x_device,
	.xShmMap = x_shm_map,
	.xShmLock = x_shm_lock,
	.xShmBarrier = x_shm_barrier,
	.xShmUnmap = x_shm_unmap,
};

static int x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
	struct file *file = (struct file *)f;
	(void)vfs;
	file->real = (sqlite3_file *)(file + 1);
	memset(file->real, 0, (size_t)real_vfs->szOsFile);
	int code = real_vfs->xOpen(real_vfs, name, file->real, flags, out_flags);
	file->base.pMethods = file->real->pMethods ? &methods : NULL;
	return code;
}

void pv_fault_install(void)
{
	real_vfs = sqlite3_vfs_find(NULL);
	fault_vfs = *real_vfs;
	fault_vfs.zName = "fault";
	fault_vfs.szOsFile = (int)sizeof(struct file) + real_vfs->szOsFile;
	fault_vfs.xOpen = x_open;
	sqlite3_vfs_register(&fault_vfs, 1);
}
