/* SPDX-License-Identifier: Apache-2.0
 *
 * The one planted bug that is switched on: a test's state, absent from release builds.
 */
#include "storage/plant.h"

#ifndef NDEBUG
static PlantedBug active;

bool planted(PlantedBug bug)
{
    return active == bug;
}

void plant_bug(PlantedBug bug)
{
    active = bug;
}
#endif
