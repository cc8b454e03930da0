/* SPDX-License-Identifier: Apache-2.0
 *
 * The words the three printing files share. Private to parser/: ast_print.c (expressions, types,
 * the dispatch), ast_print_query.c (queries, FROM, data changes), ast_print_statement.c
 * (definitions, session).
 *
 * Ownership law: text grows in the builder; trees are only read.
 */
#ifndef GOTGAN_AST_PRINT_H
#define GOTGAN_AST_PRINT_H

#include "parser/parser.h"

void put(TextBuilder *out, const char *words);
void put_if(TextBuilder *out, bool condition, const char *words);
void put_name(TextBuilder *out, const Name *name);
void put_list(TextBuilder *out, const AstList *list); /* items with commas */
void put_in_parens(TextBuilder *out, const AstList *list);
void put_optional_list(TextBuilder *out, const char *before,
                       const AstList *list);                           /* before (a, b) */
void put_clause(TextBuilder *out, const char *before, const Ast *ast); /* nothing for NULL */
void put_list_clause(TextBuilder *out, const char *before, const AstList *list);
void put_word(TextBuilder *out, const char *before, Text name); /* an identifier, if there is one */
/* +, or OPERATOR(s.+) when spelled. */
void put_operator_name(TextBuilder *out, const Name *name, bool spelled);
void put_operand(TextBuilder *out, const Ast *ast); /* in parentheses unless it is a primary */

/* The kinds of the other two files. */
void print_query(TextBuilder *out, const Ast *ast);
void print_statement(TextBuilder *out, const Ast *ast);

#endif
