/* SPDX-License-Identifier: Apache-2.0
 *
 * Session: one connection's state: settings, transaction, prepared statements and portals. Private
 * to server/.
 *
 * Ownership law: a Session belongs to its connection's thread. Others touch only control.interrupt,
 * the connection's eventfd and its queue.
 */
#ifndef GOTGAN_SESSION_H
#define GOTGAN_SESSION_H

#include "catalog/sequence_values.h"
#include "executor/executor.h"
#include "parser/parser.h"
#include "planner/bound.h"
#include "server/protocol.h"
#include "server/server.h"
#include "server/settings.h"

typedef struct Session Session;

/* A prepared statement; the unnamed one too. */
typedef struct Statement {
    struct Statement *next;
    Text name;
    Arena arena;    /* text, ast, types */
    Text text;      /* whole text the ast's offsets count in */
    const Ast *ast; /* NULL: the empty statement */
    u32 *types;     /* declared parameter types */
    i32 type_count;
    Prepared *prepared;
    i32 portals;  /* made of it and open */
    bool lasting; /* Parse or PREPARE came to its end: it outlives what made it */
    bool dropped; /* its name is free; goes with the last portal */
    bool is_sql;  /* made by PREPARE */
} Statement;

typedef struct ResultWriter ResultWriter;
typedef struct CopySource CopySource;

typedef struct Portal {
    struct Portal *next;
    Text name;
    bool nested; /* in another: it has no name */
    Arena arena;
    Statement *statement;
    Value *values;
    i32 value_count;
    const i16 *formats;
    i32 format_count;
    Snapshot *snapshot;
    Prepared *prepared;
    PlanTree *plan;
    Execution *run;
    ExecutionInput input;
    Environment env;
    CatalogView view;
    RegisteredNames names; /* of view */
    ResultWriter *writer;
    bool opened, done;
    i64 sent;            /* rows of earlier Executes */
    bool implicit_names; /* from a simple Query: RowDescription goes first */
} Portal;

typedef enum BlockState {
    BLOCK_NONE,   /* every message its own transaction */
    BLOCK_OPEN,   /* after BEGIN */
    BLOCK_FAILED, /* 25P02 until ROLLBACK */
} BlockState;

/* What COMMIT or ROLLBACK asked for: done after the command's own portal is closed. */
typedef enum SessionEnd { END_NOTHING, END_COMMIT, END_ROLLBACK } SessionEnd;

struct Session {
    Server *server;
    Connection *connection;
    Session *next, **link; /* in the server's list */
    pthread_t thread;      /* the connection's */
    i32 pid;
    u32 secret;
    Arena arena;         /* of the session */
    Arena message_arena; /* of the message at hand */
    QueryControl control;
    Query q; /* of the message at hand */
    Settings settings;
    Text schema_at_work; /* CREATE SCHEMA runs its elements: first in the path; else data == NULL */
    Text path_at_work[SEARCH_PATH_MAX + 1];
    Text user, database;
    BlockState block;
    bool several_statements;  /* of the simple Query at hand: they share one transaction */
    Transaction *transaction; /* NULL: none begun */
    bool wrote;               /* in the transaction at hand */
    bool touched_temporary;   /* it has written or made a temporary relation */
    bool used_temporary;      /* or read one */
    bool on_commit_tables;    /* the session has made tables with ON COMMIT DELETE ROWS or DROP */
    SessionEnd ending;
    bool chain;    /* AND CHAIN */
    bool tag_sent; /* EXECUTE: its statement has sent the tag */
    i64 transaction_us, statement_us;
    Statement *statements;
    Portal *portals;
    Portal *running;
    bool skip_to_sync; /* after an error in the extended protocol */
    bool copy_lost;    /* COPY got a message that is none of its own: what comes next is unknown */
    bool terminate;
    Text error_text;         /* the text that error positions count in */
    _Atomic i64 deadline_us; /* of the statement at hand, monotonic; 0: none */
    u32 lock_wait;           /* the wait for a lock that lock_since_us is about; 0: none */
    i64 lock_since_us;
    bool ready;         /* ReadyForQuery was the last thing said */
    i64 ready_since_us; /* 0: not idle */
    CopySource *copy_source;
    SessionSequences sequences;
    RandomState random;
};

/* A connection's whole life; frees the session. */
void session_serve(Server *server, int socket);

/* ---- session.c: the way of a query ---- */
void send_parse_notices(Query *q, Session *session, Text text, const ParsedText *parsed);
void statement_prepare(Query *q, Session *session, Statement *statement);
/* Binds it again when what it was bound to has changed; 0A000 when its columns would be others. */
void statement_revalidate(Query *q, Session *session, Statement *statement);
/* 25P02 in a failed block, unless the statement ends it. NULL: the empty statement, which may run.
 */
void session_check_block(Query *q, const Session *session, const Ast *ast);
void portal_open(Query *q, Session *session, Portal *portal);
/* Runs the portal for at most rows rows (0: all); sends the tag when it is done. */
void portal_execute(Query *q, Session *session, Portal *portal, i64 rows);
void portal_close(Session *session, Portal *portal);
/* Runs a plan to its end into a sink: COPY TO, EXPLAIN ANALYZE, CREATE TABLE AS. Rows given out. */
i64 plan_run(Query *q, Session *session, const Portal *portal, PlanTree *plan, ResultSink sink,
             PlanCounters *counters);
/* One turn of waiting for workers: writes results, feeds COPY, notes cancel and time-out. */
void session_pump(Query *q, Session *session, Execution *run);
/* TicketWait of DDL and commit: waits in connection_wait. */
void session_wait_ticket(void *session, Query *q, Ticket *ticket);

/* ---- command_transaction.c ---- */
/* A transaction for the next statement: begins an implicit one when there is none. */
Transaction *session_transaction(Query *q, Session *session);
void session_commit(Query *q, Session *session);
void session_rollback(Session *session);
void session_fail(Session *session); /* after an error: roll back or mark the block failed */
char session_status(const Session *session);
/* COMMIT and ROLLBACK, once nothing of the command is open any more. */
void session_end_block(Query *q, Session *session);
/* Modes of the transaction at hand, or lasting ones: of those to come. */
void session_set_modes(Query *q, Session *session, const AstTransactionModes *modes, bool lasting);
/* The transaction at hand gets the isolation that is set, unless a query has fixed it. */
void session_apply_isolation(Session *session);
bool command_transaction(Query *q, Session *session, const Ast *ast, const char **tag);

/* ---- temporary.c ---- */
void temporary_note_uses(Session *session, const Bound *bound);
/* NULL: nothing was made. */
void temporary_note_definition(Session *session, const CatalogRelation *relation);
/* What ON COMMIT says, in the transaction that is about to commit. */
void temporary_before_commit(Query *q, Session *session);
/* DISCARD TEMP, in the transaction at hand. */
void temporary_discard(Query *q, Session *session);
/* A transaction of its own; what fails is logged. */
void temporary_drop_of_session(Session *session);

/* ---- command.c ---- */
void command_run(Query *q, const PlanTree *plan, const ResultSink *sink, void *portal_command);
typedef struct PortalCommand {
    Session *session;
    Portal *portal;
    const char *tag; /* what to answer; NULL: the plan's */
    i64 rows;        /* -1: the tag carries no count */
} PortalCommand;
void command_session(Query *q, PortalCommand *command, const Ast *ast);
void send_notices(Session *session, const PlanCommand *plan);
/* Makes the table and fills it; counters: of the query's nodes and two more; NULL: do not count. */
void create_as_run(Query *q, PortalCommand *command, const PlanTree *tree, PlanCounters *counters);
/* Rows of text columns (SHOW, EXPLAIN), one after the other in fields. */
void send_text_rows(PortalCommand *command, const Text *fields, i32 columns, i32 rows);

/* ---- command_explain.c ---- */
void explain_run(Query *q, PortalCommand *command, const PlanCommand *plan);

/* ---- command_execute.c ---- */
void prepare_run(Query *q, Session *session, const Portal *portal, const AstPrepare *prepare);
void execute_run(Query *q, PortalCommand *command, const AstExecute *execute);
/* EXPLAIN or CREATE TABLE AS of EXECUTE. */
void execute_within(Query *q, PortalCommand *command, const Ast *ast);

/* ---- timeouts.c ---- */
/* The statement's time begins; the time of the one before is over. */
void timeouts_begin(Session *session);
void timeouts_end(Session *session);
/* Interrupts the statement whose time is over; microseconds until this has to be asked again, -1:
 * never. ticket: it waits for a lock of its own; NULL: only its workers may. */
i64 timeouts_check(Session *session, const Ticket *ticket);
/* How long the session may wait for its next message, -1: for ever; 0 with error: no longer. */
i64 timeouts_idle(Session *session, Error *error);

/* ---- statement.c ---- */
Statement *statement_find(Session *session, Text name);
Statement *statement_make(Query *q, Session *session, Text name);
void statement_drop(Session *session, Statement *statement);
/* After an error: those that were being made, and those that a command made for itself. */
void statements_drop_unfinished(Session *session);
Portal *portal_find(Session *session, Text name);
Portal *portal_make(Query *q, Session *session, Text name, Statement *statement);
/* One that runs inside another: no message can name it, and nobody need look for its name. */
Portal *portal_make_nested(Query *q, Session *session, Statement *statement);
void portals_close_all(Session *session);

/* ---- extended.c, startup.c ---- */
void message_parse(Query *q, Session *session, Message *message);
void message_bind(Query *q, Session *session, Message *message);
void message_describe(Query *q, Session *session, Message *message);
void message_execute(Query *q, Session *session, Message *message);
void message_close(Query *q, Session *session, Message *message);
/* False: the connection ends here. */
bool session_start(Session *session);
void session_report_settings(Session *session, bool all);
/* The portal's view is open. */
void session_environment(Session *session, Portal *portal);

/* ---- result_writer.c ---- */
ResultWriter *result_writer_open(Query *q, Session *session, const PlanColumn *columns, i32 count,
                                 const i16 *formats, i32 format_count,
                                 const FormatSettings *format);
ResultSink result_writer_sink(ResultWriter *writer);
void result_writer_at_once(ResultWriter *writer, bool at_once);
/* A sink that counts and forgets. */
ResultSink counting_sink(Query *q, _Atomic i64 **rows);

/* ---- copy_protocol.c ---- */
void copy_in_begin(Query *q, Session *session, i32 columns);
/* True while the source wants to be fed. */
bool copy_in_feed(Query *q, Session *session, Execution *run);
/* Is there room for more CopyData, and may more come? */
bool copy_in_wants(Session *session);
void copy_in_end(Session *session);
const ByteSource *copy_in_source(Session *session);
void copy_out_run(Query *q, PortalCommand *command, const PlanCommand *plan);

/* ---- fn_sleep.c ---- */
KernelStatus fn_sleep(KernelCall *call);
KernelStatus fn_sleep_for(KernelCall *call);
KernelStatus fn_sleep_until(KernelCall *call);

#endif
