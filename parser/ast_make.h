/* SPDX-License-Identifier: Apache-2.0
 *
 * What the grammar's actions call: constructors of Ast nodes that fold, flatten and check what
 * one rule alone cannot. Private to parser/: grammar.y and the three files that implement it
 * (ast_make.c: lists, names, expressions, types; query_make.c: queries, FROM, data changes;
 * statement_make.c: definitions and session statements).
 *
 * Ownership law: nodes are in the query's arena. Lists are passed by value and grow in place: the
 * list given to list_add is used up.
 */
#ifndef GOTGAN_AST_MAKE_H
#define GOTGAN_AST_MAKE_H

#include "parser/lexer.h"

/* One run of the parser. */
typedef struct Builder {
    Query *q;
    Lexer lexer;
    i32 token; /* offset of the token the grammar looks at */
    i32 start; /* of the current statement's first token; NO_START: none yet */
    RawStatement *statements;
    i32 count, capacity;
    i32 *global_words; /* offsets of GLOBAL in GLOBAL TEMPORARY */
    i32 global_word_count;
} Builder;

enum { NO_START = -1 };

/* A new node: NODE(AST_IS, offset, is, .operand = x). `g` must be in scope. */
#define NODE(kind_, at_, member_, ...)                                                             \
    ({                                                                                             \
        Ast *node_ = ast_new(g, kind_, (i32)(at_));                                                \
        node_->member_ = (__typeof__(node_->member_)){__VA_ARGS__};                                \
        node_;                                                                                     \
    })

/* Generated from grammar.y: parses all of g->lexer's text. */
void grammar_run(Builder *g);

/* ---- The run ---- */
void build_see(Builder *g, const Token *token);
void build_statement(Builder *g, Ast *ast);
_Noreturn void build_syntax_error(const Builder *g, i32 kind);
_Noreturn void build_overflow(const Builder *g);
_Noreturn void refuse_feature(const Builder *g, const Token *at, const char *message);
_Noreturn void refuse_limit_comma(const Builder *g, const Token *at);
_Noreturn void refuse_generated(const Builder *g, const Token *at);
/* 42939 for a name no role can have. */
Text role_name(const Builder *g, const Token *written);

/* ---- Lists and names ---- */
Ast *ast_new(Builder *g, AstKind kind, i32 offset);
AstList list_none(void);
AstList list_one(Builder *g, Ast *item);
AstList list_two(Builder *g, Ast *a, Ast *b);
AstList list_of_four(Builder *g, Ast *a, Ast *b, Ast *c, Ast *d); /* leaves NULLs out */
AstList list_add(Builder *g, AstList list, Ast *item);
Name name_one(Builder *g, const Token *token);
Name name_of(Builder *g, i32 offset, const char *part);
Name name_add(Builder *g, Name name, const Token *token);
Name name_before(Builder *g, const Token *token, Name rest);
Name name_from_path(Builder *g, const Token *token, AstList path);
Name relation_name(Builder *g, Name name); /* at most three parts */
Ast *name_node(Builder *g, Name name);
Ast *identifier_make(Builder *g, const Token *token);

typedef struct NewName {
    Name name;
    bool if_not_exists;
} NewName;

/* ---- Expressions ---- */
Ast *constant_make(Builder *g, AstConstantKind kind, i32 offset);
Ast *number_make(Builder *g, const Token *token);
Ast *integer_make(Builder *g, i32 value, i32 offset);
Ast *string_make(Builder *g, const Token *token);
Ast *upper_string_make(Builder *g, const Token *token);
Ast *minus_make(Builder *g, const Token *op, Ast *operand);
Ast *operator_make(Builder *g, const Token *op, Ast *left, Ast *right);
Ast *named_operator_make(Builder *g, const Token *op, Name name, Ast *left, Ast *right);
Ast *chain_make(Builder *g, const Token *op, AstKind kind, Ast *left, Ast *right);
Ast *not_make(Builder *g, const Token *op, Ast *operand);
Ast *like_make(Builder *g, const Token *op, AstLikeKind kind, bool negated, Ast *operand,
               Ast *pattern, Ast *escape);
Ast *is_make(Builder *g, const Token *op, Ast *operand, AstTest test, bool negated);
Ast *normalized_make(Builder *g, const Token *op, Ast *operand, Ast *form, bool negated);
Ast *overlaps_make(Builder *g, const Token *op, Ast *left, Ast *right);
Ast *row_make(Builder *g, const Token *at, AstList items, bool spelled);
Ast *subquery_make(Builder *g, AstKind kind, i32 offset, Ast *query);
Ast *column_make(Builder *g, const Token *first, AstList path);
Ast *apply_path(Builder *g, Ast *operand, AstList path);
Ast *call_make(Builder *g, Name name, AstList args, AstList order_by);
Ast *call_clauses(Builder *g, Ast *call, Ast *within_group, Ast *filter, Ast *over);
Ast *special_call(Builder *g, const Token *at, AstCallForm form, const char *name, AstList args);
Ast *substring_for(Builder *g, const Token *at, Ast *text, Ast *length);
Ast *treat_make(Builder *g, const Token *at, Ast *operand, Ast *type);
Ast *xml_element(Builder *g, const Token *at, const Token *name, AstList attributes, AstList args);
Ast *sql_value(Builder *g, const Token *at, AstSqlValueKind kind, const Token *precision);

/* ---- Types ---- */
typedef struct IntervalFields {
    i32 fields, precision;
} IntervalFields;

Ast *type_make(Builder *g, Name name, AstList modifiers);
Ast *system_type(Builder *g, const Token *at, const char *name, AstList modifiers);
Ast *type_finish(Builder *g, Ast *type); /* char and bit without a length have length 1 */
Ast *type_array(Ast *type, AstList bounds, bool setof);
Ast *float_type(Builder *g, const Token *at, const Token *precision);
Ast *interval_make(Builder *g, const Token *at, IntervalFields fields);
Ast *literal_type(Builder *g, Name name, AstList args, AstList order_by);
Ast *literal_make(Builder *g, Ast *type, const Token *string);
Ast *zone_interval(Builder *g, const Token *at, const Token *string, IntervalFields fields);

/* ---- Queries ---- */
typedef struct Limits {
    Ast *limit, *offset;
    bool with_ties;
    i32 limit_at, offset_at;
} Limits;
typedef struct FrameBound {
    AstBound kind;
    Ast *value;
    i32 offset;
} FrameBound;

Limits *limits_make(Builder *g, const Token *at, Ast *limit, Ast *offset, bool with_ties);
Limits *limits_join(Limits *limit, Limits *offset);
Ast *query_options(Builder *g, Ast *query, Ast *with, AstList order_by, const Limits *limits,
                   AstList locking);
Ast *select_make(Builder *g, const Token *at, Ast *distinct, AstList targets, Ast *into,
                 AstList from, Ast *where, Ast *group, Ast *having, AstList windows);
Ast *table_query(Builder *g, const Token *at, Ast *relation);
Ast *values_make(Builder *g, const Token *at, Ast *row);
Ast *values_add(Builder *g, Ast *query, Ast *row);
Ast *set_operation_make(Builder *g, const Token *op, AstSetOperationKind kind, bool all, Ast *left,
                        Ast *right);
Ast *cte_make(Builder *g, const Token *name, AstList columns, AstMaterialized materialized,
              Ast *statement, const Ast *search, const Ast *cycle);
Ast *target_make(Builder *g, Ast *expr, const Token *label);
Ast *into_make(Builder *g, const Token *at, AstPersistence persistence, Name name);
Ast *window_make(Builder *g, const Token *at, Text base, AstList partition, AstList order_by,
                 const Ast *frame);
FrameBound *frame_bound(Builder *g, i32 offset, AstBound kind, Ast *value);
Ast *frame_extent(Builder *g, const FrameBound *start, const FrameBound *end);
Ast *frame_make(Ast *extent, AstFrameUnits units, AstExclude exclude);
Ast *relation_make(Builder *g, Name name, bool only);
Ast *relation_alias(Ast *relation, Ast *alias, Ast *sample);
Ast *from_function_make(Builder *g, i32 offset, AstList functions, bool ordinality, bool rows_from);
Ast *column_alias_make(Builder *g, const Token *name, AstList definitions);
Ast *function_alias(Builder *g, Ast *function, const Ast *alias, bool lateral);
Ast *from_query_make(Builder *g, Ast *query, Ast *alias, bool lateral);
Ast *xml_column_make(Builder *g, const Token *name, Ast *type, AstList options); /* AST_OPTION */
Ast *join_make(Builder *g, const Token *at, AstJoinKind kind, Ast *left, Ast *right,
               Ast *condition);

/* ---- Data changes ---- */
Ast *insert_make(Builder *g, const Token *at, Ast *with, Name table, const Token *alias,
                 Ast *source, Ast *on_conflict, AstList returning);
Ast *assigned_make(Builder *g, const Token *column, AstList path);
Ast *on_conflict_make(const Token *at, Ast *target, bool update, AstList assignments, Ast *where);
Ast *merge_insert_make(const Token *at, Ast *condition, Ast *insert);

/* ---- Definitions ---- */
typedef struct CopyEnd {
    Text file; /* data == NULL: STDIN or STDOUT */
    i32 offset;
} CopyEnd;
typedef struct KeyAction {
    AstReferential action;
    i32 offset;
    AstList columns;
} KeyAction;
typedef enum ConstraintAttribute {
    ATTRIBUTE_DEFERRABLE,
    ATTRIBUTE_NOT_DEFERRABLE,
    ATTRIBUTE_DEFERRED,
    ATTRIBUTE_IMMEDIATE,
    ATTRIBUTE_NOT_VALID,
    ATTRIBUTE_NO_INHERIT,
} ConstraintAttribute;

Ast *option_make(Builder *g, const Token *at, const char *name, Ast *value);
Ast *word_option(Builder *g, const Token *at, const char *name, const char *word);
Ast *copy_make(Builder *g, const Token *at, Name table, AstList columns, bool from, bool program,
               CopyEnd end, AstList options, Ast *where); /* where: AST_TARGET or NULL */
AstList copy_old_options(Builder *g, Ast *binary, Ast *delimiter, AstList options);
Ast *column_definition_make(Builder *g, const Token *name, Ast *type, Text compression,
                            AstList qualifiers);
AstList qualifier_add(Builder *g, AstList list, Ast *qualifier);
Ast *constraint_make(Builder *g, const Token *at, AstConstraintKind kind, Ast *expr);
Ast *constraint_name(Ast *constraint, const Token *at, const Token *name);
Ast *attribute_make(Builder *g, const Token *at, ConstraintAttribute attribute);
Ast *attributes_apply(Builder *g, Ast *constraint, AstList attributes);
/* ALTER CONSTRAINT: only foreign keys can be altered, and neither validity nor inheritance. */
Ast *altered_constraint_make(Builder *g, const Token *name, AstList attributes);
Ast *key_actions_make(Builder *g, const KeyAction *update, const KeyAction *delete_action);
Ast *foreign_key_make(Builder *g, const Token *at, AstList columns, Name references,
                      AstList foreign_columns, AstMatch match, Ast *actions);
void note_global_word(Builder *g, const Token *word);
Ast *create_as_make(const Token *at, Ast *target, AstPersistence persistence, Ast *query,
                    bool no_data);
Ast *recursive_view(Builder *g, Ast *view);
Ast *create_schema_make(Builder *g, const Token *at, Text name, Text role, bool if_not_exists,
                        AstList elements);
Ast *create_index_make(const Token *at, bool unique, bool concurrently, Ast *index,
                       bool nulls_not_distinct, Ast *where);
Ast *index_element_make(Ast *element, Name collation, const Ast *operator_class,
                        AstDirection direction, AstNulls nulls);
Ast *alter_target_make(Builder *g, AstObjectKind object, Name name, bool if_exists);
Ast *alter_make(Builder *g, const Token *at, Ast *target, Ast *rest);

/* ---- Session ---- */
Ast *explain_make(Builder *g, const Token *at, AstList options, Ast *statement);
Ast *set_local(Ast *set, const Token *at);
Ast *setting_make(Builder *g, const char *name, Ast *value); /* NULL: to DEFAULT */
Text setting_dot(Builder *g, Text name, const Token *part);
AstTransactionModes modes_join(AstTransactionModes first, AstTransactionModes then);
Ast *declare_make(const Token *at, const Token *name, Ast *options, bool hold, Ast *query);
Ast *fetch_make(Builder *g, const Token *cursor, AstFetchDirection direction, i32 count);
Ast *do_join(Builder *g, Ast *left, Ast *right);
/* The token under other words: those an error calls it by. */
Token token_say(const Token *token, const char *words);
Ast *unsupported_make(Builder *g, const Token *a, const Token *b, const Token *c);

#endif
