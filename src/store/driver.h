/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What an engine must do for db.h: one table of operations each, sqlite.c and postgres.c. Private
 * to src/store.
 *
 * An engine's failure goes through pv_db_fail, which notes in `db` whether trying again may help
 * and that a transaction, if there is one, can only be rolled back.
 */
#ifndef PV_STORE_DRIVER_H
#define PV_STORE_DRIVER_H

#include "store/db.h"

/* A connection keeps so many prepared statements; within a row the one unused for longest goes. */
enum {
	PV_STATEMENTS_ROWS = 16,
	PV_STATEMENTS_ROW = 8,
	PV_STATEMENTS = PV_STATEMENTS_ROWS * PV_STATEMENTS_ROW,
};

/* How long a writer waits for the pen before it answers PV_UNAVAILABLE. */
enum { PV_BUSY_MS = 10000 };

struct pv_statement {
	const char *address; /* of the caller's text: the quick key */
	char *sql;           /* our copy: the sure one */
	void *handle;        /* the engine's; NULL: not prepared */
	unsigned generation; /* of the connection it was prepared on */
	unsigned number;     /* makes the engine's name of it */
	uint64_t used;       /* the turn of its last use */
	bool open;           /* rows are being read from it */
	bool reads;          /* it writes nothing */
	size_t n_params;
	unsigned char map[PV_PARAMS_MAX]; /* the engine's parameter i + 1 is $map[i] */
};

enum pv_step { PV_STEP_ROW, PV_STEP_END, PV_STEP_FAILED };

/* Rows: `cells` when they were read whole, else the engine's own cursor. */
struct pv_rows {
	struct pv_db *db;
	struct pv_statement *statement; /* SQLite: held open */
	void *handle;                   /* sqlite3_stmt or PGresult */
	const char **cells;             /* n_rows × n_columns, NULL for null */
	int n_rows, n_columns, at;
	int64_t changed;
	bool nomem;
	struct pv_error failure;
};

struct pv_db_driver {
	const char *name;
	/* The tokens of migrations. */
	const char *key, *text, *big, *blob;

	enum pv_status (*open)(struct pv_db *db, const char *address, struct pv_error *error);
	void (*close)(struct pv_db *db);

	/* Fills handle, n_params, map, reads. */
	enum pv_status (*prepare)(
		struct pv_db *db, struct pv_statement *statement, struct pv_error *error);
	void (*unprepare)(struct pv_db *db, struct pv_statement *statement);
	/* Runs it; what can be read stands in `rows`, before its first row. */
	enum pv_status (*run)(struct pv_db *db, struct pv_statement *statement,
		const struct pv_param *params, size_t n, struct pv_rows *rows,
		struct pv_error *error);
	enum pv_step (*next)(struct pv_rows *rows);
	bool (*is_null)(const struct pv_rows *rows, int column);
	int64_t (*integer)(const struct pv_rows *rows, int column);
	const char *(*string)(const struct pv_rows *rows, int column);
	void (*finish)(struct pv_rows *rows);

	enum pv_status (*begin)(struct pv_db *db, bool write, struct pv_error *error);
	/* The transaction is over whatever it answers. */
	enum pv_status (*commit)(struct pv_db *db, struct pv_error *error);
	void (*rollback)(struct pv_db *db);
	/* Several statements of DDL, without parameters. */
	enum pv_status (*script)(struct pv_db *db, const char *sql, struct pv_error *error);
	void (*rest)(struct pv_db *db);
	enum pv_status (*backup)(struct pv_db *db, const char *path, struct pv_error *error);
};

extern const struct pv_db_driver pv_db_sqlite;
extern const struct pv_db_driver pv_db_postgres;

enum pv_db_mode { PV_DB_FREE, PV_DB_READING, PV_DB_WRITING };

struct pv_db {
	const struct pv_db_driver *driver;
	struct pv_env *env;
	void *connection; /* sqlite3 or PGconn */
	void *pen;        /* SQLite: the process's turn at this file */
	enum pv_db_mode mode;
	bool broken;         /* a statement failed inside the transaction */
	bool again;          /* the last failure may pass by doing the whole work again */
	bool recorded;       /* the transaction left an audit entry */
	int64_t deeds;       /* transactions committed that did */
	unsigned generation; /* grows when a connection is made anew */
	unsigned numbers;
	uint64_t turn;
	struct pv_statement statements[PV_STATEMENTS];
};

/* Why a database did not do it. */
enum pv_db_trouble {
	PV_TROUBLE_KEY,      /* PV_CONFLICT: such a row exists */
	PV_TROUBLE_AGAIN,    /* deadlock, serialization: the whole work again */
	PV_TROUBLE_BUSY,     /* somebody held the pen for too long */
	PV_TROUBLE_FULL,     /* no room */
	PV_TROUBLE_READONLY, /* may not be written */
	PV_TROUBLE_DAMAGED,  /* not a database, or torn */
	PV_TROUBLE_IO,       /* reading or writing failed */
	PV_TROUBLE_LOST,     /* no connection, nothing was done */
	PV_TROUBLE_DOUBT,    /* no connection while a write was being confirmed: PV_UNCERTAIN */
	PV_TROUBLE_SLOW,     /* took too long and was stopped */
	PV_TROUBLE_NOMEM,
	PV_TROUBLE_LARGE, /* a value over the engine's limit */
	PV_TROUBLE_OURS,  /* the SQL is wrong */
};

/* `detail` is the engine's own words, for the person who mends it. */
enum pv_status pv_db_fail(
	struct pv_db *db, struct pv_error *error, enum pv_db_trouble trouble, const char *detail);

/* The transaction has left an audit entry: once committed, it is a deed. */
void pv_db_record(struct pv_db *db);

/* Migrations run DDL, and name types by engine. */
enum pv_status pv_db_script(struct pv_db *db, const char *sql, struct pv_error *error);

#endif
