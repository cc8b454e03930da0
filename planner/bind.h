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
    PLACE_VALUES,
    PLACE_LIMIT,
    PLACE_RETURNING,
    PLACE_UPDATE,
    PLACE_CHECK,
    PLACE_DEFAULT,
    PLACE_AGGREGATE, /* inside an aggregate's arguments */
    PLACE_FILTER,
    PLACE_UTILITY, /* EXECUTE arguments and such */
} BindPlace;

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
    bool lateral_bad;  /* named by LATERAL but not allowed (right or full join) */
} ScopeItem;

typedef struct Level Level;
typedef struct Binder Binder;

/* One CTE name that is visible. */
typedef struct CteName {
    Text name;
    i32 number;
    struct CteName *outer;
} CteName;

/* A query level while it is bound. */
typedef struct Scope {
    struct Scope *outer;
    ScopeItem *items;
    i32 count, capacity;
    i32 *owned; /* column ids this level's FROM made: first, count pairs */
    i32 owned_count, owned_capacity;
    BoundAggregate *aggregates;
    i32 aggregate_count, aggregate_capacity;
    BindPlace place;
    bool lateral; /* names of lateral_only items may be used */
    CteName *ctes;
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
    bool set_input; /* the next query is an input of a set operation */
};

/* ---- bind.c ---- */
i32 bind_new_column(Binder *b, Text name, Type type, Lane lane);
i32 bind_new_subquery(Binder *b, BoundQuery *query);
void bind_use(Binder *b, const CatalogRelation *relation, u32 privileges);
Expr *bind_column_ref(Binder *b, i32 column, i32 offset);
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
Text bind_target_name(Query *q, const Ast *expr);
void bind_sort_direction(Binder *b, const Ast *sort, bool *descending, bool *nulls_first);
/* Coerces a whole-query output to a type: adds a projection when needed. */
void bind_query_coerce(Binder *b, BoundQuery *query, const Type *types, i32 count,
                       CastContext context);
void bind_with(Binder *b, const Ast *with);

/* ---- bind_from.c ---- */
void scope_open(Binder *b, Scope *scope);
void scope_close(Binder *b, Scope *scope);
BoundFrom *bind_from_item(Binder *b, const Ast *item);
void bind_from_list(Binder *b, const AstList *list, BoundQuery *query);
/* Makes the FROM item of a relation and adds it to the scope. */
BoundFrom *bind_relation(Binder *b, const CatalogRelation *relation, const Ast *alias, i32 offset);
const CatalogRelation *bind_find_relation(Binder *b, Name name);
Expr *scope_find_column(Binder *b, const Ast *column);
ScopeItem *scope_find_item(Binder *b, Name name);

/* ---- bind_group.c ---- */
/* Rewrites what stands above the grouping; 42803 for columns that are not grouped. */
void bind_grouping(Binder *b, BoundQuery *query, const AstList *group_by);

/* ---- bind_expr.c ---- */
Expr *bind_expr(Binder *b, const Ast *ast);
/* bind_expr, then a boolean or 42804 `argument of WHERE must be type boolean, not type x`. */
Expr *bind_condition(Binder *b, const Ast *ast, BindPlace place, const char *what);
bool expr_is_unknown(const Expr *expr);

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
/* numeric in the NUM lane, whatever lane it has. */
Expr *expr_as_num(Query *q, Expr *expr);
Expr *expr_as_lane(Query *q, Expr *expr, Lane lane);
void exprs_same_lane(Query *q, Expr **exprs, i32 count);
bool type_is_string(u32 oid);

/* ---- bind_dml.c, bind_ddl.c ---- */
void bind_insert(Binder *b, const Ast *ast);
void bind_update(Binder *b, const Ast *ast);
void bind_delete(Binder *b, const Ast *ast);
void bind_copy(Binder *b, const Ast *ast);
void bind_truncate(Binder *b, const Ast *ast);
void bind_copy_target(Binder *b, const Ast *ast);
void bind_create_table(Binder *b, const Ast *ast);
void bind_create_table_as(Binder *b, const Ast *ast);
void bind_create_view(Binder *b, const Ast *ast);
void bind_create_schema(Binder *b, const Ast *ast);
void bind_drop(Binder *b, const Ast *ast);
void bind_alter_table(Binder *b, const Ast *ast);
void bind_rename(Binder *b, const Ast *ast);
void bind_explain(Binder *b, const Ast *ast);

#endif
