/* SPDX-License-Identifier: Apache-2.0
 *
 * Which views take rows for the table they select from: what was found out when the view was made,
 * followed down to the table.
 */
#include "catalog/catalog.h"

const char *view_form_detail(ViewForm form)
{
    switch (form) {
    case VIEW_SIMPLE:
        return NULL;
    case VIEW_WITH_DISTINCT:
        return "Views containing DISTINCT are not automatically updatable.";
    case VIEW_WITH_GROUP_BY:
        return "Views containing GROUP BY are not automatically updatable.";
    case VIEW_WITH_HAVING:
        return "Views containing HAVING are not automatically updatable.";
    case VIEW_WITH_SET_OPERATION:
        return "Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable.";
    case VIEW_WITH_WITH:
        return "Views containing WITH are not automatically updatable.";
    case VIEW_WITH_LIMIT:
        return "Views containing LIMIT or OFFSET are not automatically updatable.";
    case VIEW_WITH_AGGREGATES:
        return "Views that return aggregate functions are not automatically updatable.";
    case VIEW_WITH_SET_FUNCTIONS:
        return "Views that return set-returning functions are not automatically updatable.";
    case VIEW_WITH_SAMPLE:
        return "Views containing TABLESAMPLE are not automatically updatable.";
    case VIEW_FORM_NONE:
    case VIEW_OF_SEVERAL:
        return "Views that do not select from a single table or view are not automatically "
               "updatable.";
    }
    return "Views that do not select from a single table or view are not automatically updatable.";
}

static bool has_base_column(const CatalogRelation *view)
{
    for (i32 i = 0; i < view->base_column_count; i++)
        if (view->base_columns[i])
            return true;
    return false;
}

/* Views that replaced each other may go round in a circle. */
enum { CHAIN_MAX = 100 };

RelationWrites relation_writes(Query *q, const CatalogView *view, const CatalogRelation *relation)
{
    static const RelationWrites nothing = {false, false, false};
    RelationWrites writes = {true, true, true};
    for (i32 i = 0; relation && i < CHAIN_MAX; i++) {
        if (relation->kind == RELATION_TABLE)
            return relation->built_in ? nothing : writes;
        if (relation->view_form != VIEW_SIMPLE)
            return nothing;
        writes.insert &= has_base_column(relation);
        writes.update &= has_base_column(relation);
        relation = catalog_relation(q, view, relation->base);
    }
    return nothing;
}

bool column_is_writable(Query *q, const CatalogView *view, const CatalogRelation *relation,
                        i32 number)
{
    for (i32 i = 0; relation && i < CHAIN_MAX; i++) {
        if (relation->kind == RELATION_TABLE)
            return !relation->built_in;
        if (relation->view_form != VIEW_SIMPLE || number > relation->base_column_count ||
            relation->base_columns[number - 1] == 0)
            return false;
        number = relation->base_columns[number - 1];
        relation = catalog_relation(q, view, relation->base);
    }
    return false;
}
