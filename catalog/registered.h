/* SPDX-License-Identifier: Apache-2.0
 *
 * regclass, regtype, regnamespace, regrole and regproc by name: what 't'::regclass means and how an
 * oid of these types is shown.
 *
 * types/ reads and prints such values as numbers; whoever has a CatalogView calls this instead: the
 * binder for literals, the two kernels for casts from and to text.
 */
#ifndef GOTGAN_REGISTERED_H
#define GOTGAN_REGISTERED_H

#include "base/text.h"
#include "catalog/catalog.h"
#include "functions/function.h"

/* The oid that text names: digits, "-" (0) or a name. Throws PostgreSQL's error for a name that
 * leads nowhere; 0A000 for names of regprocedure, regoper and regoperator. */
u32 registered_read(Query *q, const CatalogView *view, Text text, u32 type);
/* The name, with its schema where it would not be found without, in quotes where needed; the number
 * when it names nothing. In q's arena. */
Text registered_text(Query *q, const CatalogView *view, u32 type, u32 oid);

/* text -> result->type; args[0].type -> text. */
KernelStatus registered_from_text(KernelCall *call);
KernelStatus registered_to_text(KernelCall *call);

#endif
