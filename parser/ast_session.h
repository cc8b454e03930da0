/* SPDX-License-Identifier: Apache-2.0
 *
 * The raw tree's statements about the session and its transaction; ast.h tells the law of it.
 */
#ifndef GOTGAN_AST_SESSION_H
#define GOTGAN_AST_SESSION_H

#include "parser/ast_list.h"

typedef struct AstExplain {
    AstList options; /* AST_OPTION; the words ANALYZE and VERBOSE arrive as options */
    Ast *statement;
} AstExplain;

typedef enum AstSetScope { SET_SESSION, SET_LOCAL } AstSetScope;

typedef enum AstSetAction {
    SET_VALUES,       /* SET name = values */
    SET_TO_DEFAULT,   /* SET name = DEFAULT */
    SET_RESET,        /* RESET name */
    SET_RESET_ALL,    /* RESET ALL */
    SET_FROM_CURRENT, /* SET name FROM CURRENT */
} AstSetAction;

/* The SQL spellings are settings: TIME ZONE -> timezone (LOCAL is DEFAULT; INTERVAL '..' is an
 * AST_CAST), SCHEMA -> search_path, NAMES -> client_encoding, ROLE -> role, SESSION AUTHORIZATION
 * -> session_authorization, SEED -> seed, XML OPTION -> xmloption. */
typedef struct AstSet {
    AstSetScope scope;
    AstSetAction action;
    Text name;      /* dots inside: gotgan.name */
    AstList values; /* AST_CONSTANT, AST_IDENTIFIER (a bare word), AST_CAST */
} AstSet;

typedef struct AstShow {
    Text name; /* data == NULL: ALL. TIME ZONE -> timezone, TRANSACTION ISOLATION LEVEL ->
                  transaction_isolation, SESSION AUTHORIZATION -> session_authorization */
} AstShow;

typedef struct AstSetConstraints {
    AstList names; /* AST_NAME; count == 0: ALL */
    bool deferred; /* DEFERRED, not IMMEDIATE */
} AstSetConstraints;

typedef enum AstIsolation {
    ISOLATION_DEFAULT,
    ISOLATION_READ_UNCOMMITTED,
    ISOLATION_READ_COMMITTED,
    ISOLATION_REPEATABLE_READ,
    ISOLATION_SERIALIZABLE,
} AstIsolation;
typedef enum AstAccess { ACCESS_DEFAULT, ACCESS_READ_WRITE, ACCESS_READ_ONLY } AstAccess;
typedef enum AstDeferrable { DEFERRABLE_DEFAULT, DEFERRABLE_YES, DEFERRABLE_NO } AstDeferrable;

/* When a mode is written twice the last one counts. */
typedef struct AstTransactionModes {
    AstIsolation isolation;
    AstAccess access;
    AstDeferrable deferrable;
} AstTransactionModes;

typedef enum AstTransactionCommand {
    TRANSACTION_BEGIN,
    TRANSACTION_START,
    TRANSACTION_COMMIT,
    TRANSACTION_ROLLBACK,
    TRANSACTION_SAVEPOINT,
    TRANSACTION_RELEASE,
    TRANSACTION_ROLLBACK_TO,
    TRANSACTION_PREPARE, /* PREPARE TRANSACTION 'id' */
    TRANSACTION_COMMIT_PREPARED,
    TRANSACTION_ROLLBACK_PREPARED,
} AstTransactionCommand;

typedef struct AstTransaction {
    AstTransactionCommand command;
    AstTransactionModes modes; /* BEGIN, START */
    Text name;                 /* of the savepoint, or the prepared transaction's id */
    bool chain;                /* AND CHAIN */
} AstTransaction;

typedef struct AstSetTransaction {
    bool session; /* SESSION CHARACTERISTICS */
    bool local;   /* SET LOCAL TRANSACTION */
    AstTransactionModes modes;
    Text snapshot; /* SET TRANSACTION SNAPSHOT 'id' */
} AstSetTransaction;

typedef struct AstPrepare {
    Text name;
    AstList types; /* AST_TYPE */
    Ast *statement;
} AstPrepare;

typedef struct AstExecute {
    Text name;
    AstList args;
} AstExecute;

/* AST_DEALLOCATE, AST_CLOSE, AST_LISTEN, AST_UNLISTEN; data == NULL: ALL, or UNLISTEN * . */
typedef struct AstWord {
    Text name;
} AstWord;

typedef enum AstChoice { CHOICE_DEFAULT, CHOICE_YES, CHOICE_NO } AstChoice;

typedef struct AstDeclare {
    Text name;
    bool binary, hold;     /* WITH HOLD */
    AstChoice scroll;      /* SCROLL, NO SCROLL */
    AstChoice insensitive; /* INSENSITIVE, ASENSITIVE (= NO) */
    Ast *query;            /* AST_QUERY */
} AstDeclare;

typedef enum AstFetchDirection {
    FETCH_FORWARD,  /* count rows; NEXT is FORWARD 1 */
    FETCH_BACKWARD, /* count rows; PRIOR is BACKWARD 1 */
    FETCH_ABSOLUTE, /* FIRST is ABSOLUTE 1, LAST is ABSOLUTE -1 */
    FETCH_RELATIVE,
} AstFetchDirection;

enum { FETCH_ALL = INT32_MAX };

typedef struct AstFetch {
    Text cursor;
    AstFetchDirection direction;
    i32 count; /* may be negative; FETCH_ALL */
    bool move; /* MOVE: rows are skipped, not sent */
} AstFetch;

typedef enum AstDiscard { DISCARD_ALL, DISCARD_PLANS, DISCARD_SEQUENCES, DISCARD_TEMP } AstDiscard;

typedef struct AstDiscardStatement {
    AstDiscard what;
} AstDiscardStatement;

typedef struct AstVacuum {
    bool analyze;    /* the statement is ANALYZE, not VACUUM */
    AstList options; /* AST_OPTION */
    AstList targets; /* AST_VACUUM_TARGET */
} AstVacuum;

typedef struct AstVacuumTarget {
    Name name;
    AstList columns; /* AST_IDENTIFIER */
} AstVacuumTarget;

/* In PostgreSQL's order of strength. */
typedef enum AstLockMode {
    MODE_ACCESS_SHARE = 1,
    MODE_ROW_SHARE,
    MODE_ROW_EXCLUSIVE,
    MODE_SHARE_UPDATE_EXCLUSIVE,
    MODE_SHARE,
    MODE_SHARE_ROW_EXCLUSIVE,
    MODE_EXCLUSIVE,
    MODE_ACCESS_EXCLUSIVE,
} AstLockMode;

typedef struct AstLock {
    AstList tables; /* AST_FROM_TABLE */
    AstLockMode mode;
    bool nowait;
} AstLock;

typedef struct AstNotify {
    Text channel;
    Text payload; /* data == NULL: none */
} AstNotify;

typedef struct AstDo {
    Text language; /* data == NULL: plpgsql */
    Text body;
} AstDo;

typedef struct AstCallProcedure {
    Ast *call; /* AST_CALL */
} AstCallProcedure;

typedef struct AstUnsupported {
    Text feature; /* "GRANT", "CREATE FUNCTION": for the message of error 0A000 */
    Text text;    /* the statement as written */
} AstUnsupported;

#endif
