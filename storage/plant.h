/* SPDX-License-Identifier: Apache-2.0
 *
 * Planted bugs: mistakes in the protocol of durability that a test switches on to prove that the
 * crash test would see them. In release builds the question has the constant answer no.
 */
#ifndef GOTGAN_PLANT_H
#define GOTGAN_PLANT_H

#include "base/base.h"

typedef enum PlantedBug {
    PLANT_NOTHING,
    PLANT_NO_DIRECTORY_SYNC,     /* after a new WAL file is made */
    PLANT_RENAME_BEFORE_SYNC,    /* MANIFEST takes its name before its bytes are down */
    PLANT_ACK_BEFORE_SYNC,       /* commits are answered before fdatasync */
    PLANT_RECOVERY_WITHOUT_SYNC, /* recovery shows what it did not make durable */
    PLANT_LOST_DELETE,           /* flush and merge forget what was deleted meanwhile */
    PLANT_DELETES_WITHOUT_SYNC,  /* MANIFEST names delete vectors that are not down */
} PlantedBug;

#ifdef NDEBUG
static inline bool planted(PlantedBug bug)
{
    return false;
}
#else
bool planted(PlantedBug bug);
/* Tests, while nothing runs. */
void plant_bug(PlantedBug bug);
#endif

#endif
