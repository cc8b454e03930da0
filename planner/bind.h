/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of the binder: its state, scopes, and the functions its files share. Private to
 * planner/.
 *
 * A Scope is what names mean at one query level; scopes chain outwards. A column found in an outer
 * scope marks the levels it crossed as correlated. Aggregates belong to the innermost level whose
 * columns their arguments use.
 */
#ifndef GOTGAN_BIND_H
#define GOTGAN_BIND_H

#include "parser/parser.h"
#include "planner/bound.h"
#include "planner/planner.h"

/* What is being bound: decides whether aggregates may stand here, and the words of the error. */
typedef enum BindPlace {
    PLACE_TARGET,
    PLACE_HAVING,
    PLACE_ORDER,
    PLACE_WHERE,
    PLACE_GROUP,
    PLACE_JOIN,
    PLACE_FROM_FUNCTION,
    PLACE_FROM_QUERY,
    PLACE_VALUES,
    PLACE_VALUES_SINGLE, /* the only row of INSERT ... VALUES */
    PLACE_LIMIT,
    PLACE_OFFSET,
    PLACE_RETURNING,
    PLACE_UPDATE,
    PLACE_CHECK,
    PLACE_DEFAULT,
    PLACE_COPY_WHERE,
    PLACE_GENERATED,
    PLACE_AGGREGATE, /* inside an aggregate's arguments */
    PLACE_FILTER,
    PLACE_UTILITY, /* EXECUTE arguments and such */
} BindPlace;

enum { VIEW_DEPTH_MAX = 100, ROW_COLUMNS_MAX = 1664 };

typedef struct ScopeColumn {
    Text name;
    Expr *expr;
} ScopeColumn;

/* A name of the FROM clause: an alias with its columns. */
typedef struct ScopeItem {
    Text alias;    /* data == NULL: an unnamed join */
    Text schema;   /* of a relation without alias, for s.t.a; else data == NULL */
    Text relation; /* the table's own name, also behind an alias; else data == NULL */
    ScopeColumn *columns;
    i32 column_count;
    bool by_name;      /* t.a finds it */
    bool by_column;    /* a finds it, and * lists it */
    bool lateral_only; /* visible to LATERAL items only */
    bool scalar;       /* a function of one value: its row is the value */
    BoundFrom *from;   /* NULL: a join */
    bool nullable;     /* an outer join may miss it */
    Expr *never_null;  /* a column declared NOT NULL; NULL: none */
    bool lateral_bad;  /* named by LATERAL but not allowed (right or full join, or: */
    bool is_target;    /* what UPDATE and DELETE change) */
} ScopeItem;

typedef struct Level Level;
typedef struct Binder Binder;
typedef struct StoredBind StoredBind;

/* One CTE name that is visible. */
typedef struct CteName {
    Text name;
    i32 number;
    struct CteName *outer;
} CteName;

/* A scalar sub-query of a level: how it is written, and its number. */
typedef struct WrittenSubquery {
    Text text;
    i32 number;
    struct WrittenSubquery *older;
} WrittenSubquery;

/* A query level while it is bound. */
typedef struct Scope {
    struct Scope *outer;
    ScopeItem *items;
    i32 count, capacity;
    i32 *owned; /* column ids this level's FROM made: first, count pairs */
    i32 owned_count, owned_capacity;
    i32 column_uses; /* references to its columns so far, from sub-queries too */
    BoundAggregate *aggregates;
    i32 aggregate_count, aggregate_capacity;
    i32 aggregate_uses;   /* the same of its aggregates */
    i32 aggregate_offset; /* of the last one met */
    BoundSetCall *set_calls;
    i32 set_call_count, set_call_capacity;
    i32 set_calls_met;   /* also those equal to one before */
    i32 last_set_offset; /* of the last one met */
    BindPlace place;
    bool lateral; /* names of lateral_only items may be used */
    WrittenSubquery *subqueries;
    i32 limit_variable; /* PLACE_LIMIT, PLACE_OFFSET: where a column of this level was used */
    CteName *ctes;
    AstList coming_ctes; /* while WITH is bound: the one at work and those behind it */
} Scope;

struct Binder {
    Query *q;
    const CatalogView *view;
    const Environment *env;
    Text text;
    Bound *bound;
    Scope *scope;
    i32 column_capacity, subquery_capacity, cte_capacity, use_capacity;
    bool parameters_fixed; /* all parameter types were declared */
    i32 view_depth;
    i32 volatile_calls;            /* bound so far */
    bool set_input;                /* the next query is an input of a set operation */
    const CatalogRelation *frozen; /* the view whose stored text is bound: its references */
    StoredBind *stored;            /* what is bound shall be stored: notes; NULL: it shall not */
};

/* ---- bind.c ---- */
i32 bind_new_column(Binder *b, Text name, Type type, Lane lane);
i32 bind_new_subquery(Binder *b, BoundQuery *query);
void bind_use(Binder *b, const CatalogRelation *relation, u32 privileges);
Expr *bind_column_ref(Binder *b, i32 column, i32 offset);
/* A sub-query inside expr; NULL: there is none. */
const Expr *bind_find_subquery(Binder *b, const Expr *expr);
void bind_statement(Binder *b, const Ast *ast);
/* "INSERT" ... for messages about what may stand where. */
const char *bind_place_name(BindPlace place);
_Noreturn void bind_unsupported(Binder *b, i32 offset, const char *feature);

/* ---- bind_type.c ---- */
Type bind_type(Binder *b, const Ast *type);
Text name_print(Query *q, Name name);

/* ---- bind_query.c ---- */
BoundQuery *bind_query(Binder *b, const Ast *query);
/* With the level's own WITH clause already visible. */
BoundTarget *bind_targets(Binder *b, const AstList *targets, i32 *count);
/* The columns of * or t.* */
Expr **bind_star(Binder *b, const Ast *star, i32 *count);
Text bind_target_name(Query *q, const Ast *expr);
void bind_sort_direction(Binder *b, const Ast *sort, bool *descending, bool *nulls_first);
/* Coerces a whole-query output to a type: adds a projection when needed. */
void bind_query_coerce(Binder *b, BoundQuery *query, const Type *types, i32 count,
                       CastContext context);
void bind_with(Binder *b, const Ast *with);
i32 bind_new_cte(Binder *b, BoundCte cte);

/* ---- bind_from.c ---- */
void scope_open(Binder *b, Scope *scope);
void scope_close(Binder *b, Scope *scope);
BoundFrom *bind_from_item(Binder *b, const Ast *item);
/* 42712 for a name of the scope's items [left, middle) that one behind them has too. */
void scope_check_names(Binder *b, i32 left, i32 middle);
void bind_from_list(Binder *b, const AstList *list, BoundQuery *query);
/* Makes the FROM item of a relation and adds it to the scope. */
BoundFrom *bind_relation(Binder *b, const CatalogRelation *relation, const Ast *alias, i32 offset);
/* Puts the columns of a FROM item into scope under alias; name: what it is called without. */
void scope_add_from(Binder *b, BoundFrom *from, const Ast *alias, Text name, Text schema,
                    i32 offset);
/* A query's outputs become the columns of a FROM item. */
void from_outputs(Binder *b, BoundFrom *from, const BoundQuery *query);
/* Around the bind of a FROM sub-query or function: items before it are visible to LATERAL only. */
typedef struct LateralGuard {
    i32 count;
    bool *before;
    bool lateral;
} LateralGuard;
LateralGuard lateral_begin(Binder *b, bool lateral);
void lateral_end(Binder *b, const LateralGuard *guard);
/* Adds a query under from->alias to the scope. */
void bind_add_query(Binder *b, BoundFrom *from);
/* A relation's name has at most three parts, the first of three is the database. */
void bind_check_name(Binder *b, Name name);
const CatalogRelation *bind_find_relation(Binder *b, Name name);
/* 0A000 when it is a temporary table or sequence of another session: what is in it is for that one
 * alone. */
void bind_check_session(Binder *b, const CatalogRelation *relation);
Expr *scope_find_column(Binder *b, const Ast *column);
ScopeItem *scope_find_item(Binder *b, Name name);
/* The FROM item a bare name means as a whole: no column has that name. NULL: none. */
ScopeItem *scope_whole_row(Binder *b, const Ast *column);
/* The columns in expr are named by the statement. */
void bind_mark_used(Binder *b, const Expr *expr);

/* ---- bind_from_function.c ---- */
BoundFrom *bind_from_function(Binder *b, const Ast *item);

/* ---- bind_group.c ---- */
/* Rewrites what stands above the grouping; 42803 for columns that are not grouped. */
void bind_grouping(Binder *b, BoundQuery *query, const AstList *group_by);

/* ---- bind_set_call.c ---- */
/* The column that stands for a call of a set-returning function; 0A000 where none may stand. */
Expr *bind_set_call(Binder *b, Expr *call);
/* 0A000 when set calls were met since `before` (Scope.set_calls_met then), inside construct. */
void check_no_set_calls(Binder *b, i32 before, const char *construct);
/* Tells which set calls are made below the grouping. */
void bind_set_groups(Binder *b, BoundQuery *query);
/* For a column of a set call made below the grouping and not itself grouped: the column of a copy
 * of the call above it, made when first asked for. -1: another column. */
i32 set_call_above(Binder *b, BoundQuery *query, i32 column);
/* Does the expression use a set call of this level? */
bool has_set_call(Binder *b, const Expr *expr);

/* ---- bind_expr.c ---- */
Expr *bind_expr(Binder *b, const Ast *ast);
/* bind_expr, then a boolean or 42804 `argument of WHERE must be type boolean, not type x`. */
Expr *bind_condition(Binder *b, const Ast *ast, BindPlace place, const char *what);
bool expr_is_unknown(const Expr *expr);
/* Where the expression begins in the statement; -1: nowhere. */
i32 expr_location(Query *q, const Expr *expr);

Expr *expr_is(Query *q, Expr *operand, ExprTest test, bool negated, i32 offset);

/* ---- bind_row.c ---- */
/* Is it ROW(...) or the name of a FROM item? */
bool bind_is_row(Binder *b, const Ast *ast);
Expr **bind_row_fields(Binder *b, const Ast *ast, i32 *count);
/* The row as one value, of type record. */
Expr *bind_row_value(Binder *b, const Ast *ast);
Expr *bind_row_is_null(Binder *b, const Ast *ast, bool negated, i32 offset);
/* The same of a value of type record. */
Expr *row_value_is_null(Binder *b, Expr *value, bool negated, i32 offset);
/* Written rows: a = b AND c = d ..., or for the ordering operators the lexicographic form. */
Expr *compare_rows(Binder *b, Text symbol, Expr **left, Expr **right, i32 count, i32 offset);
/* Of two rows written with ROW. */
Expr *bind_row_comparison(Binder *b, Text symbol, const Ast *left, const Ast *right, i32 offset);
/* ROW(...) IS [NOT] DISTINCT FROM ROW(...) */
Expr *bind_rows_distinct(Binder *b, const Ast *ast);
/* What is known of the fields of values of type record; NULL: nothing. */
const RowShape *row_shape(const Bound *bound, Type type);
/* (row).field */
Expr *bind_field(Binder *b, const Ast *ast);
/* A row of VALUES, with t.* and (row).* taken apart; DEFAULT is NULL. */
Expr **bind_values_row(Binder *b, const AstList *items, i32 *count);
/* (row).*: its fields and their names. */
Expr **bind_field_star(Binder *b, const Ast *ast, Text **names, i32 *count);

/* ---- bind_argument.c ---- */
/* The arguments of a call of the function `name` in the order of its declaration, with defaults for
 * those left out. */
Expr **bind_argument_names(Binder *b, const Ast *call, Text name, Expr **args, i32 *nargs);

/* ---- bind_call.c ---- */
Expr *bind_function_call(Binder *b, const Ast *ast);
/* The operator resolved by PostgreSQL's rules; left NULL: prefix. */
Expr *bind_operator(Binder *b, Text symbol, Expr *left, Expr *right, i32 offset);
/* A call of a pg_catalog function by name with the given arguments. */
Expr *bind_named_call(Binder *b, const char *name, Expr *const *args, i32 count, i32 offset);
Expr *bind_row_call(Binder *b, const FunctionRow *row, Expr *const *args, i32 count, i32 offset);
/* The equality over two operands of one type, for DISTINCT, IN, NULLIF: its row and the operands
 * cast alike. */
const FunctionRow *bind_equality(Binder *b, Expr **left, Expr **right, i32 offset);
BoundFrom *bind_set_function(Binder *b, const Ast *item);

/* ---- coerce.c ---- */
bool coerce_is_possible(u32 source, u32 target, CastContext context);
/* expr as target type; NULL when there is no such cast in this context. */
Expr *coerce_try(Binder *b, Expr *expr, Type target, CastContext context, i32 offset);
/* The same, 42846 / 42804 when impossible. */
Expr *coerce_explicit(Binder *b, Expr *expr, Type target, i32 offset);
Expr *coerce_assignment(Binder *b, Expr *expr, Type target, Text column, i32 offset);
/* Unknown literals become text. */
Expr *coerce_unknown(Binder *b, Expr *expr);
/* The type PostgreSQL picks for CASE, UNION, VALUES ...; construct names it in errors. */
Type coerce_common_type(Binder *b, Expr *const *exprs, i32 count, const char *construct);
/* All coerced to the type, and to one lane. */
void coerce_all(Binder *b, Expr **exprs, i32 count, Type type, const char *construct);
bool bpchar_is_of_any_length(const Expr *expr);
/* bpchar without a length: without its blanks at the end, as it is compared; other expressions as
 * they are. */
Expr *bpchar_stripped(Query *q, Expr *expr);
/* char(n) with its blanks when it becomes bpchar without a length; others as they are. */
Expr *bpchar_padded(Query *q, Expr *expr, Type target);
/* numeric in the NUM lane, whatever lane it has. */
Expr *expr_as_num(Query *q, Expr *expr);
Expr *expr_as_lane(Query *q, Expr *expr, Lane lane);
void exprs_same_lane(Query *q, Expr **exprs, i32 count);
bool type_is_string(u32 oid);

/* ---- bind_stored.c ---- */
void stored_note_table(Binder *b, const Ast *item, const CatalogRelation *relation);
void stored_note_string(Binder *b, const Ast *constant);
void stored_note_literal(Binder *b, i32 offset, Type type, const Value *value);
void stored_note_column(Binder *b, const Ast *column);
/* `*` in a list of targets stands for these. */
void stored_note_star(Binder *b, const AstList *list, const Ast *star, const BoundTarget *targets,
                      i32 count);
/* Fills view_query, references and depends; the query has been bound without an error. */
void stored_view(Binder *b, const Ast *query, CatalogRelation *view);
/* The text to keep of an expression; bind binds it as it will be bound from there. */
typedef Expr *StoredBindExpr(void *state, const Ast *copy);
Text stored_expr(Binder *b, const Ast *ast, StoredBindExpr *bind, void *state);
/* A text that stored_expr made, with a column under another name. */
Text stored_rename(Binder *b, Text text, StoredBindExpr *bind, void *state, Text from, Text to);

/* ---- bind_lock.c ---- */
/* FOR UPDATE and its kin; the outputs of the query are made. */
void bind_locking(Binder *b, const AstList *clauses, BoundQuery *query);

/* ---- bind_view_write.c ---- */
/* What INSERT, UPDATE or DELETE names, and the table whose rows it changes. */
typedef struct WriteTarget {
    const CatalogRelation *named, *table;
    const CatalogRelation **views; /* from named down to the table; none: named is the table */
    i32 view_count;
    const char *action; /* "insert into", "update", "delete from" */
} WriteTarget;
/* Follows views down to their table; 55000 when one of them takes no rows. */
WriteTarget bind_write_target(Binder *b, const CatalogRelation *relation, const char *action);
/* The attnum of a column of what is named; 42703. */
i32 write_target_column(Binder *b, const WriteTarget *target, Text name, i32 offset);
/* The attnum in the table of a column of what is named; 0A000 when it is an expression. */
i32 write_target_base(Binder *b, const WriteTarget *target, i32 number);
/* For an INSERT that gives values to some columns of the target (by attnum - 1): the columns of
 * views whose DEFAULTs it takes besides, by attnum - 1 of the table; NULL: it takes none. */
const CatalogColumn **write_target_defaults(Binder *b, const WriteTarget *target,
                                            const bool *given);
/* 42601: two values for one column of the table. */
_Noreturn void write_fail_twice(Binder *b, Text column);
/* The columns of what is named over those of the table, which are given by attnum (NULL: dropped).
 * wheres[i]: the condition of the i-th view; NULL: it has none. */
ScopeColumn *write_target_columns(Binder *b, const WriteTarget *target, Expr *const *table,
                                  i32 *count, Expr **wheres);
/* Adds what WITH CHECK OPTION asks of new rows; the source has all its outputs. */
void bind_view_checks(Binder *b, const WriteTarget *target, BoundModify *modify);
/* Fills view_form and the base of a view; its stored form is there. */
void bind_view_form(Binder *b, const Ast *ast, const BoundQuery *query, CatalogRelation *view);

/* ---- bind_returning.c ---- */
/* A bound INSERT, UPDATE or DELETE. */
typedef struct BoundWrite {
    BoundModify *modify;
    BoundQuery *query; /* RETURNING as a query over the CTE `main`; NULL: modify gives it */
    i32 main;
    BoundTarget *returning; /* names, types and origins of what comes back */
    i32 returning_count;
} BoundWrite;
/* from: the scope of the query that finds the rows, its first item the target; NULL: INSERT. */
BoundWrite bind_returning(Binder *b, BoundModify *modify, const WriteTarget *target, Text alias,
                          const AstList *list, const Scope *from);

/* ---- bind_dml.c: the row that is written ---- */
/* Puts the columns of the table into the current scope as positions among the live ones. */
void bind_row_scope(Binder *b, const CatalogRelation *relation);
/* The expression of a DEFAULT, a CHECK or a generated column. */
Expr *bind_stored_expr(Binder *b, Text stored);
/* Where among the live columns the attnum is, and which one is there. */
i32 relation_live_position(const CatalogRelation *relation, i32 number);
const CatalogColumn *relation_live_column(const CatalogRelation *relation, i32 position);

/* ---- bind_generated.c ---- */
/* Fills modify->generated. */
void bind_generated(Binder *b, const CatalogRelation *relation, PlanModify *modify);
/* Does the expression read one of the positions that are marked? */
bool generated_reads(Binder *b, const Expr *expr, const bool *positions);
/* Is column made from source? */
bool column_is_generated_from(Binder *b, const CatalogRelation *relation,
                              const CatalogColumn *column, const CatalogColumn *source);
typedef enum GivenBy {
    GIVEN_BY_INSERT,
    GIVEN_BY_OVERRIDING, /* INSERT ... OVERRIDING: identity columns may be named */
    GIVEN_BY_UPDATE,
} GivenBy;
/* given: per live column: the statement has a value for it that is not DEFAULT; 428C9 where none
 * may be: in generated columns, and identity columns that are GENERATED ALWAYS. */
void check_given_values(Binder *b, const CatalogRelation *relation, const bool *given, GivenBy by);
/* COPY: a column of its list, and its WHERE; 42P10 for generated columns. */
void check_copied_column(Binder *b, const CatalogColumn *column);
void check_copy_where(Binder *b, const CatalogRelation *relation, const Expr *condition);

/* ---- bind_dml.c, bind_ddl.c ---- */
void bind_write(Binder *b, const Ast *ast);
/* INSERT, UPDATE or DELETE in WITH. */
BoundCte bind_write_cte(Binder *b, const Ast *ast, Text name);
void bind_copy(Binder *b, const Ast *ast);
void bind_truncate(Binder *b, const Ast *ast);
void bind_copy_target(Binder *b, const Ast *ast);
void bind_create_table(Binder *b, const Ast *ast);
void bind_create_table_as(Binder *b, const Ast *ast);
void bind_create_view(Binder *b, const Ast *ast);
void bind_create_schema(Binder *b, const Ast *ast);
void bind_lock_table(Binder *b, const Ast *ast);
void bind_comment(Binder *b, const Ast *ast);
void bind_create_sequence(Binder *b, const Ast *ast);
void bind_drop(Binder *b, const Ast *ast);
void bind_alter_table(Binder *b, const Ast *ast);
void bind_rename(Binder *b, const Ast *ast);
void bind_alter_object(Binder *b, const Ast *ast);
void bind_explain(Binder *b, const Ast *ast);

#endif
