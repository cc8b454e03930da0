/* SPDX-License-Identifier: Apache-2.0
 *
 * Kernels that look into the catalogue: a row function of the query world inside a kernel of the
 * durable world.
 *
 * A CatalogRow reads its arguments and writes its result like any row function (functions/kernel.h)
 * and throws through q; what it throws becomes the row's error. q's arena is the call's: it lives
 * until the chunk ends.
 */
#ifndef GOTGAN_CATALOG_KERNEL_H
#define GOTGAN_CATALOG_KERNEL_H

#include "catalog/catalog.h"
#include "functions/kernel.h"

typedef void CatalogRow(Query *q, KernelCall *call, i32 i);

/* Runs row for every row that is selected and, by result->valid, not NULL; put_null is allowed. */
KernelStatus catalog_rows(KernelCall *call, CatalogRow *row);
/* The same for an operation that is not STRICT: row sees NULL arguments. */
KernelStatus catalog_rows_all(KernelCall *call, CatalogRow *row);

/* An oid argument. */
static inline u32 arg_oid(const KernelCall *call, i32 arg, i32 i)
{
    return (u32)arg_i64(call, arg, i);
}

void attach_definition_functions(void); /* fn_definition.c */
void attach_privilege_functions(void);  /* fn_privilege.c */
void attach_comment_functions(void);    /* comment.c */
void attach_sequence_functions(void);   /* fn_sequence.c */
/* Attaches and asserts that nobody else has. */
void attach(Operation operation, KernelFunction kernel);

// clang-format off
#define CATALOG_KERNEL(row)                                                                        \
    static KernelStatus row##_kernel(KernelCall *call) { return catalog_rows(call, row); }
// clang-format on

#endif
