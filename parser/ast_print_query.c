/* SPDX-License-Identifier: Apache-2.0
 *
 * Printing of queries, FROM items and data changes. See ast_print.c for the law.
 *
 * Inputs of set operations stand in parentheses unless they are a plain SELECT or VALUES without
 * clauses; joins on the right side of a join always do.
 */
#include "parser/ast_print.h"

static bool needs_parens_as_input(const AstQuery *query)
{
    return query->with || query->order_by.count || query->limit || query->offset ||
           query->locking.count || query->body->kind == AST_SET_OPERATION;
}

static void print_query_node(TextBuilder *out, const AstQuery *query)
{
    if (query->with) {
        ast_print(out, query->with);
        put(out, " ");
    }
    ast_print(out, query->body);
    put_list_clause(out, " ORDER BY ", &query->order_by);
    if (query->limit && !query->with_ties)
        put_clause(out, " LIMIT ", query->limit);
    put_clause(out, " OFFSET ", query->offset);
    if (query->with_ties) {
        put(out, " FETCH FIRST ");
        put_operand(out, query->limit);
        put(out, " ROWS WITH TIES");
    }
    for (i32 i = 0; i < query->locking.count; i++)
        put_clause(out, " ", query->locking.items[i]);
}

static void print_select(TextBuilder *out, const AstSelect *select)
{
    put(out, "SELECT");
    put_if(out, select->distinct != DISTINCT_NONE, " DISTINCT");
    put_optional_list(out, " ON ", &select->distinct_on);
    put_list_clause(out, " ", &select->targets);
    put_clause(out, " ", select->into);
    put_list_clause(out, " FROM ", &select->from);
    put_clause(out, " WHERE ", select->where);
    put_list_clause(out, select->group_distinct ? " GROUP BY DISTINCT " : " GROUP BY ",
                    &select->group_by);
    put_clause(out, " HAVING ", select->having);
    for (i32 i = 0; i < select->windows.count; i++) {
        put(out, i == 0 ? " WINDOW " : ", ");
        print_identifier(out, select->windows.items[i]->window.name);
        put_clause(out, " AS ", select->windows.items[i]);
    }
}

static void print_set_operation(TextBuilder *out, const AstSetOperation *operation)
{
    static const char *const words[] = {" UNION ", " INTERSECT ", " EXCEPT "};
    for (i32 i = 0; i < operation->inputs.count; i++) {
        const Ast *input = operation->inputs.items[i];
        bool parens = needs_parens_as_input(&input->query);
        if (i > 0) {
            put(out, words[operation->kind]);
            put_if(out, operation->all, "ALL ");
        }
        put_if(out, parens, "(");
        ast_print(out, input);
        put_if(out, parens, ")");
    }
}

static void print_cte(TextBuilder *out, const AstCte *cte)
{
    static const char *const forms[] = {" AS (", " AS MATERIALIZED (", " AS NOT MATERIALIZED ("};
    print_identifier(out, cte->name);
    put_optional_list(out, " ", &cte->columns);
    put_clause(out, forms[cte->materialized], cte->statement);
    put(out, ")");
    if (cte->search != SEARCH_NONE) {
        put(out, cte->search == SEARCH_DEPTH ? " SEARCH DEPTH" : " SEARCH BREADTH");
        put_list_clause(out, " FIRST BY ", &cte->search_by);
        put_word(out, " SET ", cte->search_column);
    }
    if (cte->cycle.count) {
        put_list_clause(out, " CYCLE ", &cte->cycle);
        put_word(out, " SET ", cte->cycle_mark);
        put_clause(out, " TO ", cte->cycle_value);
        put_clause(out, " DEFAULT ", cte->cycle_default);
        put_word(out, " USING ", cte->cycle_path);
    }
}

static void print_sort(TextBuilder *out, const AstSort *sort)
{
    static const char *const directions[] = {"", " ASC", " DESC", " USING "};
    static const char *const nulls[] = {"", " NULLS FIRST", " NULLS LAST"};
    ast_print(out, sort->expr);
    put(out, directions[sort->direction]);
    if (sort->op.count)
        put_operator_name(out, &sort->op, sort->op.count > 1);
    put(out, nulls[sort->nulls]);
}

static void print_grouping_set(TextBuilder *out, const AstGroupingSet *set)
{
    static const char *const words[] = {"", "ROLLUP ", "CUBE ", "GROUPING SETS "};
    put(out, words[set->kind]);
    put_in_parens(out, &set->items);
}

static void print_bound(TextBuilder *out, AstBound bound, const Ast *value)
{
    static const char *const words[] = {"UNBOUNDED PRECEDING", " PRECEDING", "CURRENT ROW",
                                        " FOLLOWING", "UNBOUNDED FOLLOWING"};
    if (value)
        put_operand(out, value);
    put(out, words[bound]);
}

static void print_window(TextBuilder *out, const AstWindow *window)
{
    static const char *const units[] = {"", " ROWS", " RANGE", " GROUPS"};
    static const char *const excludes[] = {"", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP",
                                           " EXCLUDE TIES"};
    if (window->bare) {
        print_identifier(out, window->reference);
        return;
    }
    put(out, "(");
    put_word(out, "", window->reference);
    put_list_clause(out, " PARTITION BY ", &window->partition);
    put_list_clause(out, " ORDER BY ", &window->order_by);
    if (window->units != FRAME_DEFAULT) {
        put(out, units[window->units]);
        put(out, " BETWEEN ");
        print_bound(out, window->start, window->start_value);
        put(out, " AND ");
        print_bound(out, window->end, window->end_value);
        put(out, excludes[window->exclude]);
    }
    put(out, ")");
}

static void print_locking(TextBuilder *out, const AstLocking *locking)
{
    static const char *const strengths[] = {"KEY SHARE", "SHARE", "NO KEY UPDATE", "UPDATE"};
    static const char *const waits[] = {"", " NOWAIT", " SKIP LOCKED"};
    put(out, "FOR ");
    put(out, strengths[locking->strength]);
    put_list_clause(out, " OF ", &locking->tables);
    put(out, waits[locking->wait]);
}

static void print_into(TextBuilder *out, const AstInto *into)
{
    static const char *const kinds[] = {"INTO TABLE ", "INTO TEMPORARY TABLE ",
                                        "INTO UNLOGGED TABLE "};
    put(out, kinds[into->persistence]);
    put_name(out, &into->table);
}

/* ---- FROM ---- */

static void print_from_table(TextBuilder *out, const AstFromTable *table)
{
    put_if(out, table->only, "ONLY ");
    put_name(out, &table->name);
    put_clause(out, " ", table->alias);
    put_clause(out, " ", table->sample);
}

static void print_from_query(TextBuilder *out, const AstFromQuery *from)
{
    put_if(out, from->lateral, "LATERAL ");
    put_clause(out, "(", from->query);
    put(out, ")");
    put_clause(out, " ", from->alias);
}

static void print_from_function(TextBuilder *out, const AstFromFunction *from)
{
    put_if(out, from->lateral, "LATERAL ");
    if (from->rows_from)
        put_optional_list(out, "ROWS FROM ", &from->functions);
    else
        put_list(out, &from->functions);
    put_if(out, from->ordinality, " WITH ORDINALITY");
    put_clause(out, " ", from->alias);
    put_optional_list(out, from->alias ? " " : " AS ", &from->definitions);
}

static void print_xml_namespaces(TextBuilder *out, const AstList *namespaces)
{
    for (i32 i = 0; i < namespaces->count; i++) {
        const AstTarget *one = &namespaces->items[i]->target;
        put(out, i == 0 ? "XMLNAMESPACES(" : ", ");
        put_if(out, !one->label.data, "DEFAULT ");
        put_operand(out, one->expr);
        put_word(out, " AS ", one->label);
    }
    put_if(out, namespaces->count > 0, "), ");
}

static void print_from_xml(TextBuilder *out, const AstFromXml *from)
{
    put(out, from->lateral ? "LATERAL XMLTABLE(" : "XMLTABLE(");
    print_xml_namespaces(out, &from->namespaces);
    put_operand(out, from->row);
    put(out, " PASSING ");
    put_operand(out, from->document);
    put_list_clause(out, " COLUMNS ", &from->columns);
    put(out, ")");
    put_clause(out, " ", from->alias);
}

static void print_xml_column(TextBuilder *out, const AstXmlColumn *column)
{
    print_identifier(out, column->name);
    put_clause(out, " ", column->type);
    put_if(out, !column->type, " FOR ORDINALITY");
    if (column->path) {
        put(out, " PATH ");
        put_operand(out, column->path);
    }
    if (column->fallback) {
        put(out, " DEFAULT ");
        put_operand(out, column->fallback);
    }
    put_if(out, column->not_null, " NOT NULL");
}

static void print_join_kind(TextBuilder *out, const AstFromJoin *join)
{
    static const char *const words[] = {" CROSS JOIN ", " JOIN ", " LEFT JOIN ", " RIGHT JOIN ",
                                        " FULL JOIN "};
    put_if(out, join->natural, " NATURAL");
    put(out, words[join->kind]);
}

static void print_from_join(TextBuilder *out, const AstFromJoin *join)
{
    bool parens = join->right->kind == AST_FROM_JOIN && !join->right->from_join.alias;
    put_if(out, join->alias != NULL, "(");
    ast_print(out, join->left);
    print_join_kind(out, join);
    put_if(out, parens, "(");
    ast_print(out, join->right);
    put_if(out, parens, ")");
    put_clause(out, " ON ", join->condition);
    put_optional_list(out, " USING ", &join->using);
    put_word(out, " AS ", join->using_alias);
    put_if(out, join->alias != NULL, ")");
    put_clause(out, " ", join->alias);
}

static void print_sample(TextBuilder *out, const AstSample *sample)
{
    put(out, "TABLESAMPLE ");
    put_name(out, &sample->method);
    put_in_parens(out, &sample->args);
    if (sample->repeatable) {
        put_clause(out, " REPEATABLE (", sample->repeatable);
        put(out, ")");
    }
}

/* ---- Data changes ---- */

static void print_with(TextBuilder *out, const Ast *with)
{
    put_clause(out, "", with);
    put_if(out, with != NULL, " ");
}

static void print_overriding(TextBuilder *out, AstOverriding overriding)
{
    static const char *const words[] = {"", " OVERRIDING USER VALUE", " OVERRIDING SYSTEM VALUE"};
    put(out, words[overriding]);
}

static void print_insert(TextBuilder *out, const AstInsert *insert)
{
    const AstFromTable *table = &insert->table->from_table;
    print_with(out, insert->with);
    put(out, "INSERT INTO ");
    put_name(out, &table->name);
    if (table->alias)
        put_word(out, " AS ", table->alias->alias.name);
    put_optional_list(out, " ", &insert->columns);
    print_overriding(out, insert->overriding);
    if (insert->source)
        put_clause(out, " ", insert->source);
    else
        put(out, " DEFAULT VALUES");
    put_clause(out, " ", insert->on_conflict);
    put_list_clause(out, " RETURNING ", &insert->returning);
}

static void print_on_conflict(TextBuilder *out, const AstOnConflict *conflict)
{
    put(out, "ON CONFLICT");
    put_optional_list(out, " ", &conflict->elements);
    put_clause(out, " WHERE ", conflict->where);
    put_word(out, " ON CONSTRAINT ", conflict->constraint);
    put(out, conflict->update ? " DO UPDATE" : " DO NOTHING");
    put_list_clause(out, " SET ", &conflict->assignments);
    put_clause(out, " WHERE ", conflict->update_where);
}

static void print_update(TextBuilder *out, const AstUpdate *update)
{
    print_with(out, update->with);
    put_clause(out, "UPDATE ", update->table);
    put_list_clause(out, " SET ", &update->assignments);
    put_list_clause(out, " FROM ", &update->from);
    put_clause(out, " WHERE ", update->where);
    put_list_clause(out, " RETURNING ", &update->returning);
}

static void print_delete(TextBuilder *out, const AstDelete *delete)
{
    print_with(out, delete->with);
    put_clause(out, "DELETE FROM ", delete->table);
    put_list_clause(out, " USING ", &delete->using);
    put_clause(out, " WHERE ", delete->where);
    put_list_clause(out, " RETURNING ", &delete->returning);
}

static void print_merge(TextBuilder *out, const AstMerge *merge)
{
    print_with(out, merge->with);
    put_clause(out, "MERGE INTO ", merge->table);
    put_clause(out, " USING ", merge->source);
    put_clause(out, " ON ", merge->condition);
    for (i32 i = 0; i < merge->whens.count; i++)
        put_clause(out, " ", merge->whens.items[i]);
}

static void print_merge_when(TextBuilder *out, const AstMergeWhen *when)
{
    put(out, when->matched ? "WHEN MATCHED" : "WHEN NOT MATCHED");
    put_clause(out, " AND ", when->condition);
    switch (when->action) {
    case MERGE_NOTHING:
        put(out, " THEN DO NOTHING");
        return;
    case MERGE_DELETE:
        put(out, " THEN DELETE");
        return;
    case MERGE_UPDATE:
        put_list_clause(out, " THEN UPDATE SET ", &when->assignments);
        return;
    case MERGE_INSERT:
        put(out, " THEN INSERT");
        put_optional_list(out, " ", &when->columns);
        print_overriding(out, when->overriding);
        put_optional_list(out, " VALUES ", &when->values);
        put_if(out, when->values.count == 0, " DEFAULT VALUES");
        return;
    }
}

static void print_assignment(TextBuilder *out, const AstAssignment *assignment)
{
    if (assignment->multiple)
        put_in_parens(out, &assignment->columns);
    else
        put_list(out, &assignment->columns);
    put_clause(out, " = ", assignment->value);
}

static void print_assigned(TextBuilder *out, const AstAssigned *assigned)
{
    print_identifier(out, assigned->column);
    for (i32 i = 0; i < assigned->path.count; i++)
        ast_print(out, assigned->path.items[i]);
}

static void print_truncate(TextBuilder *out, const AstTruncate *truncate)
{
    put_list_clause(out, "TRUNCATE TABLE ", &truncate->tables);
    put_if(out, truncate->restart, " RESTART IDENTITY");
    put_if(out, truncate->behavior == BEHAVIOR_CASCADE, " CASCADE");
}

static void print_copy(TextBuilder *out, const AstCopy *copy)
{
    put(out, "COPY ");
    put_name(out, &copy->table);
    put_optional_list(out, " ", &copy->columns);
    if (copy->query) {
        put_clause(out, "(", copy->query);
        put(out, ")");
    }
    put(out, copy->from ? " FROM " : " TO ");
    put_if(out, copy->end == COPY_PROGRAM, "PROGRAM ");
    if (copy->end == COPY_STANDARD)
        put(out, copy->from ? "STDIN" : "STDOUT");
    else
        print_string(out, copy->file);
    put_optional_list(out, " WITH ", &copy->options);
    put_clause(out, " WHERE ", copy->where);
}

static void print_current_of(TextBuilder *out, const AstCurrentOf *current)
{
    put_word(out, "CURRENT OF ", current->cursor);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wswitch-enum" /* complete in ast_print(), which calls this */
void print_query(TextBuilder *out, const Ast *ast)
{
    switch (ast->kind) {
    case AST_CURRENT_OF:
        print_current_of(out, &ast->current_of);
        return;
    case AST_QUERY:
        print_query_node(out, &ast->query);
        return;
    case AST_SELECT:
        print_select(out, &ast->select);
        return;
    case AST_VALUES:
        put_list_clause(out, "VALUES ", &ast->values.rows);
        return;
    case AST_SET_OPERATION:
        print_set_operation(out, &ast->set_operation);
        return;
    case AST_WITH:
        put_list_clause(out, ast->with.recursive ? "WITH RECURSIVE " : "WITH ", &ast->with.ctes);
        return;
    case AST_CTE:
        print_cte(out, &ast->cte);
        return;
    case AST_TARGET:
        ast_print(out, ast->target.expr);
        put_word(out, " AS ", ast->target.label);
        return;
    case AST_SORT:
        print_sort(out, &ast->sort);
        return;
    case AST_GROUPING_SET:
        print_grouping_set(out, &ast->grouping_set);
        return;
    case AST_WINDOW:
        print_window(out, &ast->window);
        return;
    case AST_LOCKING:
        print_locking(out, &ast->locking);
        return;
    case AST_INTO:
        print_into(out, &ast->into);
        return;
    case AST_FROM_TABLE:
        print_from_table(out, &ast->from_table);
        return;
    case AST_FROM_QUERY:
        print_from_query(out, &ast->from_query);
        return;
    case AST_FROM_FUNCTION:
        print_from_function(out, &ast->from_function);
        return;
    case AST_FROM_XML:
        print_from_xml(out, &ast->from_xml);
        return;
    case AST_FROM_JOIN:
        print_from_join(out, &ast->from_join);
        return;
    case AST_FUNCTION_ITEM:
        ast_print(out, ast->function_item.call);
        put_optional_list(out, " AS ", &ast->function_item.definitions);
        return;
    case AST_XML_COLUMN:
        print_xml_column(out, &ast->xml_column);
        return;
    case AST_SAMPLE:
        print_sample(out, &ast->sample);
        return;
    case AST_ALIAS:
        put_word(out, "AS ", ast->alias.name);
        put_optional_list(out, " ", &ast->alias.columns);
        return;
    case AST_IDENTIFIER:
        print_identifier(out, ast->identifier.name);
        return;
    case AST_NAME:
        put_name(out, &ast->name.name);
        return;
    case AST_INSERT:
        print_insert(out, &ast->insert);
        return;
    case AST_ON_CONFLICT:
        print_on_conflict(out, &ast->on_conflict);
        return;
    case AST_UPDATE:
        print_update(out, &ast->update);
        return;
    case AST_DELETE:
        print_delete(out, &ast->delete);
        return;
    case AST_MERGE:
        print_merge(out, &ast->merge);
        return;
    case AST_MERGE_WHEN:
        print_merge_when(out, &ast->merge_when);
        return;
    case AST_ASSIGNMENT:
        print_assignment(out, &ast->assignment);
        return;
    case AST_ASSIGNED:
        print_assigned(out, &ast->assigned);
        return;
    case AST_TRUNCATE:
        print_truncate(out, &ast->truncate);
        return;
    case AST_COPY:
        print_copy(out, &ast->copy);
        return;
    default:
        unreachable();
    }
}
#pragma GCC diagnostic pop
