/* SPDX-License-Identifier: Apache-2.0
 *
 * An AVL tree whose nodes are counted and immutable. Recursion depth is the height: at most 1.44
 * log2 n. Its memory is that of the durable state and is not refused (see README, memory).
 */
#include "storage/persistent_map.h"

const void *map_get(const MapNode *map, MapKey key)
{
    while (map) {
        int order = map_key_compare(key, map->key);
        if (order == 0)
            return map->value;
        map = order < 0 ? map->left : map->right;
    }
    return NULL;
}

const MapNode *map_next(const MapNode *map, MapKey from)
{
    const MapNode *best = NULL;
    while (map) {
        if (map_key_compare(map->key, from) < 0) {
            map = map->right;
            continue;
        }
        best = map;
        map = map->left;
    }
    return best;
}

static void node_closer(void *thing)
{
    MapNode *node = thing;
    counted_drop(node->value);
    counted_drop(node->left);
    counted_drop(node->right);
}

static i32 height_of(const MapNode *map)
{
    return map ? map->height : 0;
}

/* Takes over the counts of left and right (also when it fails), keeps value. */
static const MapNode *node_make(MapKey key, const void *value, const MapNode *left,
                                const MapNode *right, Error *error)
{
    MapNode *node = counted_make((i64)sizeof *node, NULL, node_closer, error);
    if (!node) {
        counted_drop(left);
        counted_drop(right);
        return NULL;
    }
    *node = (MapNode){key, counted_keep(value), left, right,
                      1 + (i32)max_i64(height_of(left), height_of(right))};
    return node;
}

/* The tree (left, key, right) where right is two higher; takes over left and right. */
static const MapNode *rotate_left(MapKey key, const void *value, const MapNode *left,
                                  const MapNode *right, Error *error)
{
    const MapNode *middle = right->left, *top = NULL;
    if (height_of(middle) <= height_of(right->right)) {
        const MapNode *low = node_make(key, value, left, counted_keep(middle), error);
        if (low)
            top = node_make(right->key, right->value, low, counted_keep(right->right), error);
    } else {
        const MapNode *low = node_make(key, value, left, counted_keep(middle->left), error);
        const MapNode *high = low ? node_make(right->key, right->value, counted_keep(middle->right),
                                              counted_keep(right->right), error)
                                  : NULL;
        if (high)
            top = node_make(middle->key, middle->value, low, high, error);
        else
            counted_drop(low);
    }
    counted_drop(right);
    return top;
}

static const MapNode *rotate_right(MapKey key, const void *value, const MapNode *left,
                                   const MapNode *right, Error *error)
{
    const MapNode *middle = left->right, *top = NULL;
    if (height_of(middle) <= height_of(left->left)) {
        const MapNode *high = node_make(key, value, counted_keep(middle), right, error);
        if (high)
            top = node_make(left->key, left->value, counted_keep(left->left), high, error);
    } else {
        const MapNode *high = node_make(key, value, counted_keep(middle->right), right, error);
        const MapNode *low = high ? node_make(left->key, left->value, counted_keep(left->left),
                                              counted_keep(middle->left), error)
                                  : NULL;
        if (low)
            top = node_make(middle->key, middle->value, low, high, error);
        else
            counted_drop(high);
    }
    counted_drop(left);
    return top;
}

static const MapNode *balance(MapKey key, const void *value, const MapNode *left,
                              const MapNode *right, Error *error)
{
    i32 lean = height_of(right) - height_of(left);
    if (lean > 1)
        return rotate_left(key, value, left, right, error);
    if (lean < -1)
        return rotate_right(key, value, left, right, error);
    return node_make(key, value, left, right, error);
}

static const MapNode *put(const MapNode *map, MapKey key, const void *value, Error *error)
{
    if (!map)
        return node_make(key, value, NULL, NULL, error);
    int order = map_key_compare(key, map->key);
    if (order == 0)
        return node_make(key, value, counted_keep(map->left), counted_keep(map->right), error);
    const MapNode *changed = put(order < 0 ? map->left : map->right, key, value, error);
    if (!changed)
        return NULL;
    return order < 0 ? balance(map->key, map->value, changed, counted_keep(map->right), error)
                     : balance(map->key, map->value, counted_keep(map->left), changed, error);
}

bool map_put(const MapNode *map, MapKey key, const void *value, const MapNode **out, Error *error)
{
    *out = put(map, key, value, error);
    return *out != NULL;
}

/* key is in map. The empty tree is a good answer: *out = NULL. */
static bool take_out(const MapNode *map, MapKey key, const MapNode **out, Error *error)
{
    int order = map_key_compare(key, map->key);
    const MapNode *changed;
    if (order != 0) {
        if (!take_out(order < 0 ? map->left : map->right, key, &changed, error))
            return false;
        *out = order < 0 ? balance(map->key, map->value, changed, counted_keep(map->right), error)
                         : balance(map->key, map->value, counted_keep(map->left), changed, error);
        return *out != NULL;
    }
    if (!map->left || !map->right) {
        *out = counted_keep(map->left ? map->left : map->right);
        return true;
    }
    const MapNode *successor = map->right;
    while (successor->left)
        successor = successor->left;
    if (!take_out(map->right, successor->key, &changed, error))
        return false;
    *out = balance(successor->key, successor->value, counted_keep(map->left), changed, error);
    return *out != NULL;
}

bool map_remove(const MapNode *map, MapKey key, const MapNode **out, Error *error)
{
    if (map_get(map, key))
        return take_out(map, key, out, error);
    *out = counted_keep(map);
    return true;
}

bool map_change(const MapNode **map, MapKey key, const void *value, Error *error)
{
    const MapNode *changed;
    if (!map_put(*map, key, value, &changed, error))
        return false;
    counted_drop(*map);
    *map = changed;
    return true;
}

bool map_change_remove(const MapNode **map, MapKey key, Error *error)
{
    const MapNode *changed;
    if (!map_remove(*map, key, &changed, error))
        return false;
    counted_drop(*map);
    *map = changed;
    return true;
}
