/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether two trees say the same: their kinds, and every field that ast_fields.def lists for the
 * kind's member of the union. Offsets do not count. And where a tree begins in the text.
 *
 * The table is made once per field by including ast_fields.def: rows carry the member's name, and
 * a kind's rows are found by that name's number. It recurses as deep as the trees are; stack_check
 * answers 54001.
 */
#include "parser/parser.h"

typedef enum FieldType {
    FIELD_NODE,
    FIELD_LIST,
    FIELD_NAME,
    FIELD_TEXT,
    FIELD_FLAG,
    FIELD_WORD,
    FIELD_PLACES, /* operand offsets: not compared */
} FieldType;

typedef struct FieldRow {
    const char *member;
    u16 at; /* offset inside Ast */
    u16 type;
} FieldRow;

// clang-format off
#define KIND(kind, member)
#define BARE(kind)
#define FIELD(member, field, type) {#member, offsetof(Ast, member.field), FIELD_##type},
static const FieldRow field_rows[] = {
#include "parser/ast_fields.def"
};
#undef KIND
#undef FIELD
#define KIND(kind, member) [kind] = #member,
#define FIELD(member, field, type)
static const char *const member_of[AST_KIND_COUNT] = {
#include "parser/ast_fields.def"
};
#undef KIND
#undef BARE
#undef FIELD
// clang-format on

static bool list_equal(Query *q, const AstList *a, const AstList *b)
{
    bool equal = a->count == b->count;
    for (i32 i = 0; i < a->count && equal; i++)
        equal = ast_equal(q, a->items[i], b->items[i]);
    return equal;
}

static bool optional_text_equal(Text a, Text b)
{
    return (a.data == NULL) == (b.data == NULL) && text_equal(a, b);
}

static bool name_equal(const Name *a, const Name *b)
{
    bool equal = a->count == b->count;
    for (i32 i = 0; i < a->count && equal; i++)
        equal = optional_text_equal(a->parts[i], b->parts[i]);
    return equal;
}

static bool field_equal(Query *q, FieldType type, const void *a, const void *b)
{
    switch (type) {
    case FIELD_NODE:
        return ast_equal(q, *(Ast *const *)a, *(Ast *const *)b);
    case FIELD_LIST:
        return list_equal(q, a, b);
    case FIELD_NAME:
        return name_equal(a, b);
    case FIELD_TEXT:
        return optional_text_equal(*(const Text *)a, *(const Text *)b);
    case FIELD_FLAG:
        return *(const bool *)a == *(const bool *)b;
    case FIELD_WORD:
        return memcmp(a, b, sizeof(i32)) == 0;
    case FIELD_PLACES:
        return true;
    }
    unreachable();
}

bool ast_equal(Query *q, const Ast *a, const Ast *b)
{
    stack_check(q);
    if (!a || !b || a->kind != b->kind)
        return a == b;
    const char *member = member_of[a->kind];
    for (i32 i = 0; member && i < countof(field_rows); i++) {
        const FieldRow *row = &field_rows[i];
        if (strcmp(row->member, member) == 0 &&
            !field_equal(q, (FieldType)row->type, (const u8 *)a + row->at, (const u8 *)b + row->at))
            return false;
    }
    return true;
}

static i32 earlier(i32 a, i32 b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

i32 ast_start(Query *q, const Ast *ast)
{
    stack_check(q);
    i32 start = ast->offset;
    const char *member = member_of[ast->kind];
    for (i32 i = 0; member && i < countof(field_rows); i++) {
        const FieldRow *row = &field_rows[i];
        const void *field = (const u8 *)ast + row->at;
        if (strcmp(row->member, member) != 0)
            continue;
        const Ast *child = row->type == FIELD_NODE ? *(Ast *const *)field : NULL;
        const AstList *list = row->type == FIELD_LIST ? field : NULL;
        if (child)
            start = earlier(start, ast_start(q, child));
        for (i32 j = 0; list && j < list->count; j++)
            if (list->items[j]) /* bounds of an array type may be none */
                start = earlier(start, ast_start(q, list->items[j]));
    }
    return start;
}
