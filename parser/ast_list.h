/* SPDX-License-Identifier: Apache-2.0
 *
 * What every node of the raw tree is made of: child nodes, lists of them, names.
 *
 * Ownership law: that of ast.h.
 */
#ifndef GOTGAN_AST_LIST_H
#define GOTGAN_AST_LIST_H

#include "base/text.h"

typedef struct Ast Ast;

/* for (i32 i = 0; i < list.count; i++) use(list.items[i]); */
typedef struct AstList {
    Ast **items;
    i32 count, capacity;
} AstList;

/* A dotted name: a, s.a, c.s.a; count 0: absent. Parts are folded and unquoted. */
typedef struct Name {
    Text *parts;
    i32 count;
    i32 offset; /* of the first part */
} Name;

#endif
