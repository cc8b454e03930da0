/* SPDX-License-Identifier: Apache-2.0
 *
 * The catalogue: what named objects mean. Storage keeps each object as bytes with a key; here they
 * become schemas, tables and views, with names looked up along a search path. Built-in objects
 * (types, functions, pg_catalog's relations, information_schema) come from tables and text in the
 * binary and look the same.
 *
 * Ownership law: what a look-up returns lives in the arena of the Query that asked, or for ever
 * (built-in); it describes one snapshot.
 */
#ifndef GOTGAN_CATALOG_H
#define GOTGAN_CATALOG_H

#include "base/query.h"
#include "storage/table_access.h"
#include "types/type.h"

/* PostgreSQL's numbers. */
enum {
    SCHEMA_PG_CATALOG = 11,
    SCHEMA_PG_TOAST = 99,
    SCHEMA_PUBLIC = 2200,
    SCHEMA_INFORMATION = 13000, /* information_schema; not fixed in PostgreSQL */
    ROLE_GOTGAN = 10,
    TABLESPACE_DEFAULT = 1663,
    TABLESPACE_GLOBAL = 1664,
    DATABASE_GOTGAN = 16383, /* below the first user object */
    FIRST_USER_OID = 16384,
};
/* Object classes are the oids of the catalogues that list them. */
enum {
    CLASS_RELATION = 1259,
    CLASS_SCHEMA = 2615,
    CLASS_SEQUENCE = 2224,    /* the definition of a sequence; its oid is the relation's */
    CLASS_DEFAULT = 2604,     /* of a column; no object of its own */
    CLASS_SEQUENCE_STATE = 1, /* where a sequence stands: no catalogue lists it */
    CLASS_DESCRIPTION = 2609, /* a COMMENT */
};
/* Classes of what is not kept as an object of its own, but can have a comment. */
enum {
    CLASS_TYPE = 1247,
    CLASS_TABLESPACE = 1213,
    CLASS_ROLE = 1260,
    CLASS_DATABASE = 1262,
    CLASS_CONSTRAINT = 2606,
};

typedef enum RelationKind {
    RELATION_TABLE = 'r',
    RELATION_VIEW = 'v',
    RELATION_SEQUENCE = 'S',
} RelationKind;

/* A temporary relation lies in the schema of one session and goes with it. */
typedef enum RelationPersistence {
    PERSISTENCE_PERMANENT = 0,
    PERSISTENCE_TEMPORARY = 't',
} RelationPersistence;

/* What COMMIT does with a temporary table. */
typedef enum OnCommit {
    ON_COMMIT_PRESERVE_ROWS = 0,
    ON_COMMIT_DELETE_ROWS = 'd',
    ON_COMMIT_DROP = 'x',
} OnCommit;

/* GENERATED ALWAYS AS (expression) STORED. */
typedef enum ColumnGenerated { GENERATED_NOT = 0, GENERATED_STORED = 's' } ColumnGenerated;

/* GENERATED ... AS IDENTITY. */
typedef enum ColumnIdentity {
    IDENTITY_NOT = 0,
    IDENTITY_ALWAYS = 'a',
    IDENTITY_BY_DEFAULT = 'd',
} ColumnIdentity;

/* What keeps a view from taking rows for the table it selects from; a byte of the view's bytes. */
typedef enum ViewForm {
    VIEW_FORM_NONE = 0, /* a table, or a built-in view */
    VIEW_SIMPLE = 's',  /* nothing does */
    VIEW_WITH_DISTINCT = 'd',
    VIEW_WITH_GROUP_BY = 'g',
    VIEW_WITH_HAVING = 'h',
    VIEW_WITH_SET_OPERATION = 'u',
    VIEW_WITH_WITH = 'w',
    VIEW_WITH_LIMIT = 'l',
    VIEW_WITH_AGGREGATES = 'a',
    VIEW_WITH_SET_FUNCTIONS = 'f',
    VIEW_WITH_SAMPLE = 't',
    VIEW_OF_SEVERAL = 'm', /* or of none */
} ViewForm;

/* WITH CHECK OPTION. */
typedef enum ViewCheck {
    VIEW_CHECK_NONE = 0,
    VIEW_CHECK_LOCAL = 'l',
    VIEW_CHECK_CASCADED = 'c',
} ViewCheck;

typedef struct CatalogColumn {
    Text name;
    Type type;
    i32 number; /* attnum, from 1; never reused; also storage's ColumnId */
    bool not_null;
    bool dropped;      /* stays in the list to keep the numbers */
    Text default_expr; /* stored form; len 0: none; GENERATED_STORED: what it is made of */
    ColumnGenerated generated;
    ColumnIdentity identity;
} CatalogColumn;

typedef enum ConstraintKind {
    CONSTRAINT_CHECK = 'c',
    CONSTRAINT_PRIMARY_KEY = 'p',
    CONSTRAINT_UNIQUE = 'u',
} ConstraintKind;

typedef struct CatalogConstraint {
    u32 oid;
    Text name;
    ConstraintKind kind;
    i32 *columns; /* attnums: of the key, or named in the check */
    i32 column_count;
    Text check_expr; /* stored form */
    bool deferrable, deferred, nulls_not_distinct;
    i32 *included; /* attnums: of INCLUDE */
    i32 included_count;
} CatalogConstraint;

/* An object a stored expression or view names. */
typedef struct CatalogDependency {
    u32 object_class, oid;
    i32 column; /* attnum; 0: the whole object */
} CatalogDependency;

typedef struct CatalogReferenceColumn {
    i32 number;
    Text name;
} CatalogReferenceColumn;

/* A relation in the FROM of a stored query, as it was when the query was stored: names of columns
 * in the query mean these, whatever the columns are called today. */
typedef struct CatalogReference {
    u32 oid;
    Text schema, name;
    bool aliased; /* an alias is written behind it */
    CatalogReferenceColumn *columns;
    i32 column_count;
} CatalogReference;

/* In the text of a stored query a relation is named by this byte and the number of its reference.
 */
#define REFERENCE_MARK '\1'

/* A table, view or system relation. */
typedef struct CatalogRelation {
    u32 oid;
    u32 schema;
    Text name;
    RelationKind kind;
    u32 owner;
    RelationPersistence persistence;
    OnCommit on_commit; /* of a temporary table */
    bool built_in;
    Version version;        /* of the object; 0: built-in */
    CatalogColumn *columns; /* dropped ones included: columns[i].number == i + 1 */
    i32 column_count;
    CatalogConstraint *constraints;
    i32 constraint_count;
    Text view_query; /* VIEW: stored form: relations are named by their number in references */
    ViewForm view_form;
    ViewCheck view_check;
    Text view_options; /* as written: a=b,c=d; security ones do nothing: one user owns everything */
    u32 base;          /* VIEW_SIMPLE: the relation it selects from */
    i32 *base_columns; /* VIEW_SIMPLE: per column the base's attnum; 0: it is no column of it */
    i32 base_column_count;
    CatalogDependency *depends;
    i32 depend_count;
    CatalogReference *references;
    i32 reference_count;
    const TableAccess *access; /* not a view: the one way to its rows */
    u64 relation;              /* for access->open */
} CatalogRelation;

typedef struct CatalogSchema {
    u32 oid;
    Text name;
    u32 owner;
    bool built_in;
    Version version;
} CatalogSchema;

/* A COMMENT: on an object of the class (PostgreSQL's number of the catalogue that lists it), or on
 * a column of it. */
typedef struct CatalogComment {
    u32 oid; /* of the comment itself */
    u32 object_class, object_oid;
    i32 column; /* attnum; 0: the object */
    Text text;
} CatalogComment;

/* What a statement sees of the catalogue. Filled by the session for each statement. */
typedef struct CatalogView {
    const Snapshot *snapshot;
    const Text *search_path; /* schema names; the temporary schema, then pg_catalog are searched
                                first unless they are listed */
    i32 search_path_count;
    Text user;
} CatalogView;

/* ---- look-ups: NULL when there is none; throw only 53200 and damage ---- */
const CatalogSchema *catalog_schema(Query *q, const CatalogView *view, u32 oid);
const CatalogSchema *catalog_schema_by_name(Query *q, const CatalogView *view, Text name);
const CatalogRelation *catalog_relation(Query *q, const CatalogView *view, u32 oid);
/* schema.data == NULL: along the search path. */
const CatalogRelation *catalog_relation_by_name(Query *q, const CatalogView *view, Text schema,
                                                Text name);
/* Oids of the schemas a bare name is looked for in, in order: the session's temporary schema and
 * pg_catalog first unless they are listed; entries that name no schema are left out. */
const u32 *catalog_search_path(Query *q, const CatalogView *view, i32 *count);
/* Without what is searched unasked. */
const u32 *catalog_listed_schemas(Query *q, const CatalogView *view, i32 *count);
/* The schema a name says in front of a dot: as by name, and pg_temp is the session's own. */
const CatalogSchema *catalog_qualifying_schema(Query *q, const CatalogView *view, Text name);
/* The first existing schema of the search path: where CREATE puts things; NULL: none. pg_temp on
 * the path counts as existing (catalog_temporary_schema). */
const CatalogSchema *catalog_current_schema(Query *q, const CatalogView *view);
/* Where the session of the snapshot's transaction has its temporary relations: "pg_temp_<number of
 * the session>", with oid 0 while nothing is in it. NULL: the snapshot is of no session. */
const CatalogSchema *catalog_temporary_schema(Query *q, const CatalogView *view);
/* Is it the name of some session's temporary schema? */
bool catalog_is_temporary_name(Text schema);
/* Is the relation in the temporary schema of another session than the snapshot's? */
bool catalog_is_other_temporary(const CatalogView *view, const CatalogRelation *relation);
/* Found first under its bare name along the search path? */
bool catalog_relation_is_visible(Query *q, const CatalogView *view, u32 oid);
/* Calls visit for each relation (built-in ones first, then by oid); visit may throw. */
void catalog_relations(Query *q, const CatalogView *view,
                       void (*visit)(void *state, Query *q, const CatalogRelation *relation),
                       void *state);
/* The stored ones of one schema; others are not even decoded. */
void catalog_relations_of_schema(Query *q, const CatalogView *view, u32 schema,
                                 void (*visit)(void *state, Query *q,
                                               const CatalogRelation *relation),
                                 void *state);
/* Those of them in whose bytes the name stands: a constraint's, for one. */
void catalog_relations_naming(Query *q, const CatalogView *view, u32 schema, Text name,
                              void (*visit)(void *state, Query *q, const CatalogRelation *relation),
                              void *state);
void catalog_schemas(Query *q, const CatalogView *view,
                     void (*visit)(void *state, Query *q, const CatalogSchema *schema),
                     void *state);
/* Index into columns, or -1 (CATALOG_NO_COLUMN). */
#define CATALOG_NO_COLUMN (-1)
i32 catalog_column(const CatalogRelation *relation, Text name);
/* Objects (relations) that depend on this relation (column 0) or on this column of it. */
void catalog_dependents(Query *q, const CatalogView *view, u32 relation, i32 column,
                        void (*visit)(void *state, Query *q, const CatalogRelation *dependent),
                        void *state);

/* ---- comment.c ---- */
/* NULL: there is none. */
const CatalogComment *catalog_comment(Query *q, const Snapshot *snapshot, u32 object_class,
                                      u32 object_oid, i32 column);
/* The next one by oid, from this oid on; NULL: no more. */
const CatalogComment *catalog_comment_next(Query *q, const Snapshot *snapshot, u32 from);
/* Is it a class of objects that PostgreSQL shares between databases? */
bool class_is_shared(u32 object_class);

/* ---- changes: durable world ---- */
/* Encodes the object and puts it into the transaction. WRITE_WAIT as object_put. The caller has
 * checked names and holds no locks. */
WriteStatus catalog_put_relation(Transaction *transaction, const CatalogRelation *relation,
                                 Arena *arena, Ticket *ticket, Error *error);
WriteStatus catalog_put_schema(Transaction *transaction, const CatalogSchema *schema, Arena *arena,
                               Ticket *ticket, Error *error);
WriteStatus catalog_put_comment(Transaction *transaction, const CatalogComment *comment,
                                Arena *arena, Ticket *ticket, Error *error);
/* Makes what a fresh directory has (schema public) when it is not there. */
must_check bool catalog_bootstrap(Storage *storage, Budget *budget, Error *error);
/* The column list storage keeps for a table. */
must_check bool catalog_column_definitions(const CatalogRelation *relation, Arena *arena,
                                           ColumnDefinition **columns, i32 *count, Error *error);
/* Gives functions/ the kernels of functions that read the catalogue. */
void catalog_attach_functions(void);

/* ---- system relations ---- */
/* A relation of pg_catalog or gotgan computed on demand. Live ones (pg_stat_activity, pg_settings)
 * are registered by server/ before it listens. */
typedef struct SystemColumn {
    const char *name;
    u32 type;
} SystemColumn;
/* Appends rows: the i-th value for the i-th column, in the natural lane of its type. */
typedef struct SystemRows SystemRows;
must_check bool system_row(SystemRows *rows, const Value *values, Error *error);
typedef struct SystemRelation {
    u32 oid;
    const char *name;
    const SystemColumn *columns;
    i32 column_count;
    /* Fills rows; q's arena is theirs. equal[i] (may be NULL): the scan wants only rows whose i-th
     * column equals this value: a hint to look up instead of listing all. */
    void (*fill)(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows);
} SystemRelation;
void system_relation_register(const SystemRelation *relation);

/* ---- view_update.c: writing through views ---- */
/* Why the view takes no rows, as PostgreSQL's DETAIL says it; NULL: it does. */
const char *view_form_detail(ViewForm form);
/* What may be done to the relation, through all views below it. */
typedef struct RelationWrites {
    bool insert, update, delete;
} RelationWrites;
RelationWrites relation_writes(Query *q, const CatalogView *view, const CatalogRelation *relation);
/* Can the column (an attnum) get values? */
bool column_is_writable(Query *q, const CatalogView *view, const CatalogRelation *relation,
                        i32 number);

#endif
