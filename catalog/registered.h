/* SPDX-License-Identifier: Apache-2.0
 *
 * regclass, regtype, regnamespace, regrole and regproc by name: what 't'::regclass means and how an
 * oid of these types is shown.
 *
 * types/ reads and prints such values as numbers unless FormatSettings.names says how else: the
 * session puts there what registered_names makes of its CatalogView, and literals, casts, results
 * and COPY have names.
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

/* For FormatSettings.names; the view must live as long. */
RegisteredNames registered_names(const CatalogView *view);

/* text -> result->type, a kernel. */
KernelStatus registered_from_text(KernelCall *call);

#endif
