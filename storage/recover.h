/* SPDX-License-Identifier: Apache-2.0
 *
 * From files to state: what storage_open does between taking the lock and serving.
 */
#ifndef GOTGAN_RECOVER_H
#define GOTGAN_RECOVER_H

#include "storage/storage_state.h"

/* Makes a new directory's files, or reads MANIFEST, replays the log and starts a new log file.
 * Everything it shows is durable when it returns. XX001 when what must be there is not. */
must_check bool storage_recover(Storage *storage, Error *error);

#endif
