/* SPDX-License-Identifier: Apache-2.0
 *
 * Unified dictionaries: one code per string of a column for a whole table, whatever row group it
 * lies in. Made in memory from the row groups' own dictionaries as scans meet them; never written.
 *
 * Codes and entries only ever grow: a view taken earlier is a prefix of one taken later, and
 * whoever holds the dictionary may keep codes, entries and the bytes of their strings as long as
 * that.
 *
 * Ownership law: counted. The pool holds one count until it lets go, a Relation one more for as
 * long as it is open. Thread-safe.
 */
#ifndef GOTGAN_UNIFIED_DICTIONARY_H
#define GOTGAN_UNIFIED_DICTIONARY_H

#include "storage/cache.h"
#include "storage/relation.h"

enum {
    UNIFIED_ENTRIES_MAX = 1000000, /* more, or more memory: given up */
    UNIFIED_BYTES_MAX = 64 << 20,
};

/* From the codes of a row group's dictionary to the table's. Counted. */
typedef struct UnifiedMap {
    struct UnifiedMap *next; /* in its bucket; the dictionary's */
    u64 group;
    i32 count;
    bool identity; /* code i is code i */
    u32 codes[];
} UnifiedMap;

/* The entries there are now; nobody changes them. */
typedef struct UnifiedView {
    u64 identity; /* of the dictionary, as Vector.dictionary_id has it */
    const Str *entries;
    i32 count;
} UnifiedView;

/* The dictionary of a column of the relation's table, from the pool or a fresh one, with a count
 * for the caller; NULL: given up. */
must_check bool unified_dictionary_open(const Relation *relation, ColumnId column,
                                        UnifiedDictionary **out, Error *error);
/* Was this row group's dictionary met before? Its map, with a count for the caller, or NULL. */
UnifiedMap *unified_dictionary_find(UnifiedDictionary *dictionary, u64 group);
/* The map of a row group's dictionary of `count` different entries, which join the table's; with a
 * count for the caller. NULL: there are too many, or no memory: use the row group's own codes. */
UnifiedMap *unified_dictionary_join(UnifiedDictionary *dictionary, u64 group, const Str *entries,
                                    i32 count);
/* All codes of maps got before are in it. */
UnifiedView unified_dictionary_view(UnifiedDictionary *dictionary);

#endif
