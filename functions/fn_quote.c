/* SPDX-License-Identifier: Apache-2.0
 *
 * SQL quoting: identifiers and literals.
 *
 * An identifier needs quotes unless it is made of lower-case letters, digits and underscores, does
 * not start with a digit and is no keyword that the grammar keeps for itself. A literal doubles
 * quotes, and takes the E'' form when it holds a backslash.
 */
#include "functions/text_make.h"

/* Keywords that cannot stand as a bare identifier everywhere, in byte order. */
// clang-format off
static const char *const keywords[] = {
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric",
    "authorization", "between", "bigint", "binary", "bit", "boolean", "both", "case", "cast",
    "char", "character", "check", "coalesce", "collate", "collation", "column", "concurrently",
    "constraint", "create", "cross", "current_catalog", "current_date", "current_role",
    "current_schema", "current_time", "current_timestamp", "current_user", "dec", "decimal",
    "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "exists",
    "extract", "false", "fetch", "float", "for", "foreign", "freeze", "from", "full", "grant",
    "greatest", "group", "grouping", "having", "ilike", "in", "initially", "inner", "inout",
    "int", "integer", "intersect", "interval", "into", "is", "isnull", "join", "lateral",
    "leading", "least", "left", "like", "limit", "localtime", "localtimestamp", "national",
    "natural", "nchar", "none", "normalize", "not", "notnull", "null", "nullif", "numeric",
    "offset", "on", "only", "or", "order", "out", "outer", "overlaps", "overlay", "placing",
    "position", "precision", "primary", "real", "references", "returning", "right", "row",
    "select", "session_user", "setof", "similar", "smallint", "some", "substring", "symmetric",
    "table", "tablesample", "then", "time", "timestamp", "to", "trailing", "treat", "trim",
    "true", "union", "unique", "user", "using", "values", "varchar", "variadic", "verbose",
    "when", "where", "window", "with", "xmlattributes", "xmlconcat", "xmlelement", "xmlexists",
    "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable",
};
// clang-format on

static bool is_keyword(Text text)
{
    i32 low = 0, high = countof(keywords);
    while (low < high) {
        i32 middle = (low + high) / 2;
        int order = text_compare(text, text_from(keywords[middle]));
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

static bool needs_quotes(Text text, Look *look)
{
    if (text.len == 0 || (text.data[0] >= '0' && text.data[0] <= '9'))
        return true;
    for (i64 i = 0; i < text.len && look_goes_on(look); i++) {
        char c = text.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return true;
    }
    return is_keyword(text);
}

/* The text with every `quote` (and backslash, when asked) doubled. */
static void add_doubled(TextMaker *maker, Text text, char quote, bool backslashes)
{
    for (i64 i = 0; i < text.len && !maker->failed; i++) {
        char c = text.data[i];
        if (c == quote || (backslashes && c == '\\'))
            maker_byte(maker, c);
        maker_byte(maker, c);
    }
}

void maker_identifier(TextMaker *maker, Text text)
{
    Look look = look_open(maker->arena->budget, maker->error);
    if (!needs_quotes(text, &look)) {
        maker_add(maker, text);
        return;
    }
    maker_byte(maker, '"');
    add_doubled(maker, text, '"', false);
    maker_byte(maker, '"');
}

void maker_literal(TextMaker *maker, Text text)
{
    bool backslashes = text_find_byte(text, '\\') < text.len;
    if (backslashes)
        maker_byte(maker, 'E');
    maker_byte(maker, '\'');
    add_doubled(maker, text, '\'', backslashes);
    maker_byte(maker, '\'');
}
