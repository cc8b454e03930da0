/* SPDX-License-Identifier: Apache-2.0
 *
 * The raw tree's definitions: CREATE, ALTER, DROP, COMMENT; ast.h tells the law of it.
 */
#ifndef GOTGAN_AST_DEFINITION_H
#define GOTGAN_AST_DEFINITION_H

#include "parser/ast_change.h"
#include "parser/ast_query.h"

typedef enum AstOnCommit {
    AST_ON_COMMIT_DEFAULT,
    AST_ON_COMMIT_PRESERVE,
    AST_ON_COMMIT_DELETE,
    AST_ON_COMMIT_DROP,
} AstOnCommit;

typedef struct AstCreateTable {
    Name name;
    AstPersistence persistence;
    AstOnCommit on_commit;
    bool if_not_exists;
    AstList elements; /* AST_COLUMN_DEFINITION, AST_CONSTRAINT, AST_TABLE_LIKE */
    AstList inherits; /* AST_NAME */
    AstList options;  /* AST_OPTION: WITH (...) */
    Text access_method, tablespace;
} AstCreateTable;

typedef struct AstColumnDefinition {
    Text name;
    Ast *type; /* AST_TYPE */
    Name collation;
    Text compression;
    AstList constraints; /* AST_CONSTRAINT */
} AstColumnDefinition;

typedef enum AstConstraintKind {
    AST_CONSTRAINT_NULL,
    AST_CONSTRAINT_NOT_NULL,
    AST_CONSTRAINT_DEFAULT,     /* expr */
    AST_CONSTRAINT_CHECK,       /* expr */
    AST_CONSTRAINT_GENERATED,   /* expr: GENERATED ALWAYS AS (expr) STORED */
    AST_CONSTRAINT_IDENTITY,    /* GENERATED ALWAYS | BY DEFAULT AS IDENTITY [(options)] */
    AST_CONSTRAINT_PRIMARY_KEY, /* columns (empty in a column constraint) */
    AST_CONSTRAINT_UNIQUE,      /* columns (empty in a column constraint) */
    AST_CONSTRAINT_FOREIGN_KEY, /* columns (empty in a column constraint), references,
                                 * foreign_columns
                                 */
} AstConstraintKind;

typedef enum AstReferential {
    REFERENTIAL_NO_ACTION,
    REFERENTIAL_RESTRICT,
    REFERENTIAL_CASCADE,
    REFERENTIAL_SET_NULL,
    REFERENTIAL_SET_DEFAULT,
} AstReferential;

typedef enum AstMatch { MATCH_SIMPLE, MATCH_FULL, MATCH_PARTIAL } AstMatch;

typedef struct AstConstraint {
    AstConstraintKind kind;
    Text name; /* CONSTRAINT name; data == NULL: none */
    Ast *expr;
    bool always; /* IDENTITY: ALWAYS, not BY DEFAULT */
    bool no_inherit, not_valid;
    bool nulls_not_distinct; /* UNIQUE NULLS NOT DISTINCT */
    bool deferrable, deferred;
    u32 attributes; /* bits of the attributes written behind a column's constraint: the parser's */
    AstMatch match;
    AstReferential on_update, on_delete;
    AstList columns;   /* AST_IDENTIFIER */
    AstList including; /* AST_IDENTIFIER */
    AstList options;   /* AST_OPTION: WITH (...), or the sequence options of IDENTITY */
    Name references;
    AstList foreign_columns; /* AST_IDENTIFIER */
    AstList delete_columns;  /* ON DELETE SET NULL (a, b) */
    Text index;              /* UNIQUE | PRIMARY KEY USING INDEX name */
    Text tablespace;
} AstConstraint;

/* Bits of AstTableLike.including. */
enum {
    LIKE_COMMENTS = 1,
    LIKE_COMPRESSION = 2,
    LIKE_CONSTRAINTS = 4,
    LIKE_DEFAULTS = 8,
    LIKE_GENERATED = 16,
    LIKE_IDENTITY = 32,
    LIKE_INDEXES = 64,
    LIKE_STATISTICS = 128,
    LIKE_STORAGE = 256,
    LIKE_ALL = 511,
};

typedef struct AstTableLike {
    Name name;
    i32 including; /* bits, INCLUDING and EXCLUDING applied in order */
} AstTableLike;

typedef struct AstCreateTableAs {
    Name name;
    bool materialized; /* CREATE MATERIALIZED VIEW */
    AstPersistence persistence;
    AstOnCommit on_commit;
    bool if_not_exists, no_data;
    AstList columns; /* AST_IDENTIFIER */
    AstList options; /* AST_OPTION */
    Text access_method, tablespace;
    Ast *query; /* AST_QUERY or AST_EXECUTE */
} AstCreateTableAs;

typedef enum AstCheckOption { CHECK_NONE, CHECK_LOCAL, CHECK_CASCADED } AstCheckOption;

typedef struct AstCreateView {
    Name name;
    bool replace, recursive;
    AstPersistence persistence;
    AstList columns; /* AST_IDENTIFIER */
    AstList options; /* AST_OPTION */
    Ast *query;      /* AST_QUERY */
    AstCheckOption check;
} AstCreateView;

typedef struct AstRefresh {
    Name name;
    bool concurrently, no_data;
} AstRefresh;

typedef struct AstCreateSchema {
    Text name; /* data == NULL: the role's name */
    Text role; /* AUTHORIZATION; CURRENT_USER and such as written, in lower case */
    bool if_not_exists;
    AstList elements; /* statements: CREATE TABLE, CREATE VIEW, ... */
} AstCreateSchema;

/* Options: AST_OPTION named as, cache, cycle, increment, maxvalue, minvalue, owned_by, start,
 * restart, sequence_name; NO MINVALUE is an option without a value; owned_by's value is AST_NAME.
 */
typedef struct AstCreateSequence {
    Name name;
    bool alter; /* ALTER SEQUENCE */
    bool if_exists, if_not_exists;
    AstPersistence persistence;
    AstList options;
} AstCreateSequence;

typedef struct AstCreateIndex {
    Text name; /* data == NULL: chosen by the server */
    bool unique, concurrently, if_not_exists, nulls_not_distinct;
    Ast *table; /* AST_FROM_TABLE */
    Text method;
    AstList elements;  /* AST_INDEX_ELEMENT */
    AstList including; /* AST_INDEX_ELEMENT */
    AstList options;
    Text tablespace;
    Ast *where;
} AstCreateIndex;

typedef struct AstIndexElement {
    Ast *expr; /* AST_COLUMN of one part when a plain name was written */
    Name collation, operator_class;
    AstList options; /* of the operator class */
    AstDirection direction;
    AstNulls nulls;
} AstIndexElement;

typedef enum AstObjectKind {
    OBJECT_TABLE,
    OBJECT_VIEW,
    OBJECT_MATERIALIZED_VIEW,
    OBJECT_SEQUENCE,
    OBJECT_INDEX,
    OBJECT_SCHEMA,
    OBJECT_COLUMN,
    OBJECT_CONSTRAINT,
    OBJECT_DATABASE,
    OBJECT_ROLE,
    OBJECT_TYPE,
    OBJECT_DOMAIN,
    OBJECT_TABLESPACE,
    OBJECT_EXTENSION,
    OBJECT_COLLATION,
} AstObjectKind;

typedef struct AstDrop {
    AstObjectKind object;
    AstList names; /* AST_NAME; of types and domains AST_TYPE */
    bool if_exists, concurrently;
    AstBehavior behavior;
} AstDrop;

typedef struct AstAlterTable {
    AstObjectKind object;
    Ast *table; /* AST_FROM_TABLE */
    bool if_exists;
    AstList actions; /* AST_ALTER_ACTION */
} AstAlterTable;

typedef enum AstAlterKind {
    ALTER_ADD_COLUMN,          /* definition; flag: IF NOT EXISTS */
    ALTER_DROP_COLUMN,         /* name; flag: IF EXISTS; behavior */
    ALTER_COLUMN_TYPE,         /* name; definition.type, .collation; expr: USING */
    ALTER_SET_DEFAULT,         /* name; expr */
    ALTER_DROP_DEFAULT,        /* name */
    ALTER_SET_NOT_NULL,        /* name */
    ALTER_DROP_NOT_NULL,       /* name */
    ALTER_DROP_EXPRESSION,     /* name; flag: IF EXISTS */
    ALTER_SET_STATISTICS,      /* name, or a column number in expr; number: AST_CONSTANT */
    ALTER_SET_STORAGE,         /* name; word */
    ALTER_SET_COMPRESSION,     /* name; word */
    ALTER_COLUMN_OPTIONS,      /* name; options; flag: RESET */
    ALTER_ADD_IDENTITY,        /* name; definition: AST_CONSTRAINT IDENTITY */
    ALTER_SET_IDENTITY,        /* name; options (generated, restart, and a sequence's) */
    ALTER_DROP_IDENTITY,       /* name; flag: IF EXISTS */
    ALTER_ADD_CONSTRAINT,      /* definition: AST_CONSTRAINT */
    ALTER_DROP_CONSTRAINT,     /* name; flag: IF EXISTS; behavior */
    ALTER_VALIDATE_CONSTRAINT, /* name */
    ALTER_ALTER_CONSTRAINT,    /* definition: AST_CONSTRAINT with name, deferrable, deferred */
    ALTER_OWNER,               /* word: the role */
    ALTER_SET_TABLESPACE,      /* word */
    ALTER_SET_LOGGED,          /* flag: UNLOGGED */
    ALTER_OPTIONS,             /* SET (options); flag: RESET */
    ALTER_CLUSTER_ON,          /* word: the index; data == NULL: SET WITHOUT CLUSTER */
    ALTER_INHERIT,             /* parent; flag: NO INHERIT */
    ALTER_REPLICA_IDENTITY,    /* word: nothing, full, default, or using index `name` */
    ALTER_TRIGGER, /* word: what stands before TRIGGER: "enable always", "disable", ...; name;
                      without one ALL, flag: USER */
    ALTER_RULE,    /* word, name: likewise */
    ALTER_OF_TYPE, /* parent: the type; flag: NOT OF */
    ALTER_WITHOUT_OIDS,
    ALTER_ROW_SECURITY,  /* word: enable, disable, force, no force */
    ALTER_ACCESS_METHOD, /* word */
} AstAlterKind;

typedef struct AstAlterAction {
    AstAlterKind kind;
    bool flag; /* see AstAlterKind */
    AstBehavior behavior;
    Text name;
    Text word;
    Ast *definition;
    Ast *expr;
    Ast *number;     /* SET STATISTICS number */
    AstList options; /* AST_OPTION */
    Name parent;
} AstAlterAction;

typedef struct AstRename {
    AstObjectKind
        object; /* what is renamed: OBJECT_COLUMN and OBJECT_CONSTRAINT are inside relation */
    AstObjectKind relation; /* the word after ALTER: TABLE, VIEW, ... */
    Ast *table;             /* AST_FROM_TABLE; NULL: schemas, databases, roles ... */
    Name name;              /* when table == NULL */
    Text from;              /* the column or constraint */
    Text to;
    bool if_exists;
} AstRename;

typedef struct AstAlterObject {
    AstObjectKind object;
    Name name;
    Text schema; /* SET SCHEMA; data == NULL: */
    Text owner;  /* OWNER TO */
    bool if_exists;
} AstAlterObject;

typedef struct AstComment {
    AstObjectKind object; /* COLUMN: the last part of name; CONSTRAINT: constraint ON name */
    Name name;
    Text constraint;
    Text text; /* data == NULL: IS NULL */
} AstComment;

/* The value: NULL (no value), AST_CONSTANT, AST_IDENTIFIER (a bare word: on, off, csv), AST_NAME,
 * AST_TYPE, AST_STAR (force_quote *), or AST_ROW of AST_IDENTIFIER (a list). */
typedef struct AstOption {
    Text space; /* space.name in WITH (space.name = value) */
    Text name;  /* in lower case unless quoted */
    Ast *value;
} AstOption;

#endif
