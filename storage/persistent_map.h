/* SPDX-License-Identifier: Apache-2.0
 *
 * A map that is never changed: putting and removing copy the path to the root and share the rest,
 * so that every snapshot keeps its own version for the price of a few nodes.
 *
 * Ownership law: a map is a counted node (NULL: empty); what put and remove give out is one count
 * for the caller. A node holds a count of its value and of its children.
 */
#ifndef GOTGAN_PERSISTENT_MAP_H
#define GOTGAN_PERSISTENT_MAP_H

#include "base/counted.h"

typedef struct MapKey {
    u64 high, low;
} MapKey;

typedef struct MapNode MapNode;
struct MapNode {
    MapKey key;
    const void *value; /* counted */
    const MapNode *left, *right;
    i32 height;
};

static inline int map_key_compare(MapKey a, MapKey b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return (a.low > b.low) - (a.low < b.low);
}

/* NULL: not there. The value lives as long as the map. */
const void *map_get(const MapNode *map, MapKey key);
/* The entry with the smallest key >= from; NULL: none. */
const MapNode *map_next(const MapNode *map, MapKey from);
/* *out = map with key -> value (added or replaced). */
must_check bool map_put(const MapNode *map, MapKey key, const void *value, const MapNode **out,
                        Error *error);
/* *out = map without key; the same map when it is not there. */
must_check bool map_remove(const MapNode *map, MapKey key, const MapNode **out, Error *error);

/* Replaces *map, dropping the old count: what a maker of a new version does. */
must_check bool map_change(const MapNode **map, MapKey key, const void *value, Error *error);
must_check bool map_change_remove(const MapNode **map, MapKey key, Error *error);

#endif
