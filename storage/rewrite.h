/* SPDX-License-Identifier: Apache-2.0
 *
 * Flush (delta rows into a row group) and merge (small or heavily deleted row groups into one): the
 * background work that rewrites rows.
 */
#ifndef GOTGAN_REWRITE_H
#define GOTGAN_REWRITE_H

#include "storage/maintenance.h"

/* The jobs of storage_jobs(). */
bool flush_ready(Storage *storage);
bool flush_step(Storage *storage, Error *error);
bool merge_ready(Storage *storage);
bool merge_step(Storage *storage, Error *error);
/* A rewrite only queues its record; this writes the queue and ends the rewrite. */
bool publication_ready(Storage *storage);
bool publication_step(Storage *storage, Error *error);

#endif
