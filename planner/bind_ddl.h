/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files that bind definitions share. Private to planner/.
 */
#ifndef GOTGAN_BIND_DDL_H
#define GOTGAN_BIND_DDL_H

#include "planner/bind.h"

/* A table as it shall be, while it is put together. */
typedef struct TableBind {
    Binder *b;
    CatalogRelation *relation;
    PlanCommand *command;
    CatalogConstraint *keys; /* as written, not made yet: table_make_keys */
    i32 key_count, key_capacity;
} TableBind;

/* What ALTER names. */
typedef struct AlterTarget {
    const CatalogRelation *relation; /* NULL: there is none, as a notice says */
    const CatalogConstraint *index;  /* the name is that of the index of this key of the relation;
                                        NULL: it is the relation's own */
} AlterTarget;

/* ---- bind_ddl.c ---- */
PlanCommand *ddl_command(Binder *b, CommandKind kind, const char *tag);
void ddl_notice(Binder *b, PlanCommand *command, ErrorCode code, Text text);
/* table_column_label, or table_label for an empty column, cut so that it fits into a name. */
Text ddl_joined_name(Query *q, Text table, Text column, Text label);
/* 42701 for a column of a table that has the name of a system column of PostgreSQL's. */
void ddl_check_column_name(Binder *b, Text name);
/* The value of an option in WITH (...) as a text; true when it has none. */
Text ddl_option_text(const Ast *value);
/* 22023 when it is no Boolean. */
void ddl_check_option_flag(Binder *b, const Ast *option);
/* Runs a nested statement into its own Bound. */
Bound *ddl_bind_inner(Binder *b, const Ast *ast);
/* There is one role, by its name or as whoever asks; 42704. */
Text ddl_role(Binder *b, Text written);
/* 42939 for names that are reserved. */
void ddl_check_schema_name(Binder *b, Text name);
/* 0A000 for a name in another database, 42601 for one of too many parts; commands say it without a
 * position. */
void ddl_check_name(Binder *b, Name name);
/* The relation of a name as commands say it: 3F000, 42P01 without a position. */
const CatalogRelation *ddl_named_relation(Binder *b, Name name);
/* The schema a qualified name says; 3F000 when there is none. NULL: the name is not qualified. */
const CatalogSchema *ddl_named_schema(Binder *b, Name name);

/* A new relation where the name says, or NULL when IF NOT EXISTS finds one. */
CatalogRelation *ddl_new_relation(Binder *b, Name name, AstPersistence persistence,
                                  PlanCommand *command);

/* ---- bind_view_options.c ---- */
/* CREATE VIEW: WITH (...) and WITH CHECK OPTION. */
void ddl_view_options(Binder *b, const AstCreateView *create, CatalogRelation *view);
/* 0A000 for check_option of a view that takes no rows. */
void ddl_set_view_options(Binder *b, CatalogRelation *view, const AstList *options);
void ddl_reset_view_options(Binder *b, CatalogRelation *view, const AstList *options);

/* ---- bind_alter_object.c ---- */
/* "ALTER TABLE", "ALTER VIEW" ... */
const char *ddl_alter_tag(AstObjectKind object);
AlterTarget ddl_alter_target(Binder *b, Name name, bool if_exists, PlanCommand *command);
CatalogRelation *ddl_relation_copy(Binder *b, const CatalogRelation *relation);
/* Can each action be asked of the target? 42809, 0A000. */
void ddl_check_actions(Binder *b, const AstAlterTable *alter, const AlterTarget *target);
/* 42809 unless the target is what stands behind ALTER; TABLE stands for all of them. */
void ddl_check_target_kind(Binder *b, AstObjectKind written, const AlterTarget *target);
/* Is there a relation or an index of the name? */
bool ddl_name_is_taken(Binder *b, const CatalogSchema *schema, Text name);

/* ---- bind_sequence.c ---- */
/* A sequence of type bigint, without a relation yet, into the command. */
PlanSequence *ddl_add_sequence(Binder *b, PlanCommand *command);
/* A change of a sequence that is there, as it is now, into the command. */
PlanSequence *ddl_change_sequence(Binder *b, PlanCommand *command, const CatalogRelation *relation);
/* The sequence to change, or NULL with a notice for IF EXISTS. */
const CatalogRelation *ddl_named_sequence(Binder *b, Name name, bool if_exists,
                                          PlanCommand *command);
/* TRUNCATE ... RESTART IDENTITY. */
void ddl_restart_owned(Binder *b, PlanCommand *command, u32 table);
/* serial and its kin: the type such a column has. */
bool table_serial_type(Binder *b, const Ast *definition, Type *type);
void table_add_serial(TableBind *t, CatalogColumn *column);
/* 22023 unless it is an integer. */
void table_check_identity_type(TableBind *t, const CatalogColumn *column);
void table_add_identity(TableBind *t, CatalogColumn *column, const Ast *constraint);
void table_like_identity(TableBind *t, CatalogColumn *column, const CatalogRelation *source,
                         const CatalogColumn *from);
/* ALTER COLUMN SET GENERATED, SET option, RESTART. */
void table_set_identity(TableBind *t, CatalogColumn *column, const AstList *options);
/* Does its default wait for a sequence that the command makes? */
bool table_default_is_pending(const CatalogColumn *column);

/* ---- bind_storage.c: 42704, 22023 for what PostgreSQL does not know ---- */
void ddl_check_storage(Binder *b, const AstList *options, Text access_method, Text tablespace);
void ddl_check_key_storage(Binder *b, const AstConstraint *key);

/* ---- bind_table.c ---- */
CatalogColumn *table_add_column(TableBind *t, const Ast *definition);
/* The constraints written behind the column at index. */
void table_column_constraints(TableBind *t, const Ast *definition, i32 index);
void table_constraint(TableBind *t, const Ast *constraint);
/* The keys written since the last call: those that say the same become one, all get names. */
void table_make_keys(TableBind *t);
/* Is there a relation or an index of the name in the table's schema, or will the command make one?
 */
bool table_relation_is_named(const TableBind *t, Text name);
bool table_constraint_is_named(const CatalogRelation *relation, Text name);
/* 42710 */
_Noreturn void table_fail_constraint_named(TableBind *t, Text name);
void table_warn_about_keys(TableBind *t);
/* DEFAULT; returns it as a value of the column's type. */
Expr *table_set_default(TableBind *t, CatalogColumn *column, const Ast *expr);
/* ALTER: rows that are there must satisfy the check. */
void table_verify(TableBind *t, Text name, Expr *check);
/* LIKE: its columns. Keys and checks come after all columns are there. */
void table_like_columns(TableBind *t, const Ast *like);
void table_like_constraints(TableBind *t, const Ast *like);
/* The text of a CHECK with a column of the table under another name. */
Text table_rename_in_check(TableBind *t, Text check, Text from, Text to);
/* 42804: a DEFAULT or generated column of another type. */
_Noreturn void table_fail_default_type(Binder *b, const CatalogColumn *column, const Expr *expr,
                                       i32 offset);

/* ---- bind_generated.c ---- */
/* GENERATED ALWAYS AS; returns it as a value of the column's type, over positions of the row. */
Expr *table_set_generated(TableBind *t, CatalogColumn *column, const Ast *expr);
/* The column's expression names a column of the table that gets another name. */
void table_rename_in_generated(TableBind *t, CatalogColumn *column, Text from, Text to);

/* ---- bind_drop_name.c ---- */
/* One name of a DROP. */
typedef struct DropName {
    Binder *b;
    PlanCommand *command;
    AstObjectKind object;
    Name name;
    bool if_exists;
} DropName;
/* The relation, or the table whose key has the index of the name; NULL: there is none, which IF
 * EXISTS has said. */
const CatalogRelation *drop_named_relation(const DropName *named, const CatalogConstraint **index);
/* 3F000, or what IF EXISTS says. */
void drop_no_such_schema(const DropName *named, Text schema);
/* DROP of a kind of which nothing can be dropped: says so. */
void drop_others(Binder *b, PlanCommand *command, const AstDrop *drop);

/* ---- bind_drop.c ---- */
/* Adds what depends on a column and is dropped with it, also the sequences it owns, but for columns
 * of the table itself that are made from it; 2BP01 without CASCADE. Defaults of the table that
 * count by one of the sequences go from t->relation. */
void drop_column_dependents(TableBind *t, const CatalogColumn *column, AstBehavior behavior);
/* Adds the sequence of a column that was an identity; 2BP01 when something depends on it. */
void drop_identity_sequence(TableBind *t, const CatalogColumn *column);
/* "view v", "table s.t": as messages describe an object; the schema only where it is needed. */
Text drop_describe(Binder *b, const CatalogRelation *relation);

#endif
