/* SPDX-License-Identifier: Apache-2.0
 *
 * Buddy allocation in slabs of 64 MB: order k is MEMORY_LARGE << k bytes. Free pieces of an order
 * are a doubly linked list through the pieces themselves; a slab remembers for each of its 1,024
 * smallest places whether a free piece begins there and of which order, which is all that merging
 * with the buddy needs. Slabs ask for huge pages: a fault then brings 2 MB.
 *
 * One mutex: pieces are large, so calls are rare. Under a sanitizer every piece is malloc's, so
 * that overruns are seen.
 */
#define GOTGAN_BASE_MAY_ALLOCATE
#define _GNU_SOURCE
#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(GOTGAN_ASAN) || defined(GOTGAN_TSAN)
static const bool SLABS = false;
#else
static const bool SLABS = true;
#endif

enum {
    ORDERS = 11, /* 64 KB .. 64 MB */
    PLACES = 1 << (ORDERS - 1),
    ALIGNMENT = 64,
    NOT_FREE = 0xff,
};
static const i64 SLAB_BYTES = (i64)MEMORY_LARGE << (ORDERS - 1);

typedef struct Piece {
    struct Piece *next, *previous; /* in the list of its order */
    struct Slab *slab;
} Piece;

typedef struct Slab {
    struct Slab *next;
    u8 *start;
    u8 free_order[PLACES]; /* of the free piece that begins at this place */
} Slab;

static struct {
    pthread_mutex_t mutex;
    Slab *slabs;
    Piece *free[ORDERS];
} memory = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static i32 order_of(i64 size)
{
    i32 order = 0;
    while ((i64)MEMORY_LARGE << order < size)
        order++;
    return order;
}

static i64 place_of(const Slab *slab, const void *piece)
{
    return ((const u8 *)piece - slab->start) / MEMORY_LARGE;
}

static void list_add(Slab *slab, i64 place, i32 order)
{
    Piece *piece = (Piece *)(slab->start + place * MEMORY_LARGE);
    *piece = (Piece){memory.free[order], NULL, slab};
    if (piece->next)
        piece->next->previous = piece;
    memory.free[order] = piece;
    slab->free_order[place] = (u8)order;
}

static void list_remove(Piece *piece)
{
    i64 place = place_of(piece->slab, piece);
    i32 order = piece->slab->free_order[place];
    if (piece->previous)
        piece->previous->next = piece->next;
    else
        memory.free[order] = piece->next;
    if (piece->next)
        piece->next->previous = piece->previous;
    piece->slab->free_order[place] = NOT_FREE;
}

static bool slab_add(void)
{
    /* twice as much address space, to cut an aligned slab out of it */
    u8 *map = mmap(NULL, (size_t)(2 * SLAB_BYTES), PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED)
        return false;
    u8 *start = (u8 *)align_up((i64)(uintptr_t)map, SLAB_BYTES);
    if (start > map)
        munmap(map, (size_t)(start - map));
    munmap(start + SLAB_BYTES, (size_t)(map + SLAB_BYTES - start));
    Slab *slab = malloc(sizeof *slab);
    if (!slab) {
        munmap(start, (size_t)SLAB_BYTES);
        return false;
    }
    madvise(start, (size_t)SLAB_BYTES, MADV_HUGEPAGE);
    *slab = (Slab){memory.slabs, start, {0}};
    memset(slab->free_order, NOT_FREE, sizeof slab->free_order);
    memory.slabs = slab;
    list_add(slab, 0, ORDERS - 1);
    return true;
}

static void *piece_take(i32 order)
{
    i32 from = order;
    while (from < ORDERS && !memory.free[from])
        from++;
    if (from == ORDERS) {
        if (!slab_add())
            return NULL;
        from = ORDERS - 1;
    }
    Piece *piece = memory.free[from];
    Slab *slab = piece->slab;
    i64 place = place_of(slab, piece);
    list_remove(piece);
    while (from > order) { /* the upper halves stay free */
        from--;
        list_add(slab, place + ((i64)1 << from), from);
    }
    return piece;
}

static Slab *slab_of(const void *piece)
{
    u8 *start = (u8 *)((uintptr_t)piece & ~(uintptr_t)(SLAB_BYTES - 1));
    Slab *slab = memory.slabs;
    while (slab && slab->start != start)
        slab = slab->next;
    verify(slab);
    return slab;
}

static void piece_give(void *piece, i32 order)
{
    Slab *slab = slab_of(piece);
    i64 place = place_of(slab, piece);
    for (; order < ORDERS - 1; order++) {
        i64 buddy = place ^ ((i64)1 << order);
        if (slab->free_order[buddy] != order)
            break;
        list_remove((Piece *)(slab->start + buddy * MEMORY_LARGE));
        place &= ~((i64)1 << order);
    }
    list_add(slab, place, order);
}

i64 memory_size(i64 bytes)
{
    if (bytes < MEMORY_LARGE || bytes > SLAB_BYTES)
        return align_up(bytes, bytes < MEMORY_LARGE ? ALIGNMENT : 4096);
    return (i64)MEMORY_LARGE << order_of(bytes);
}

void *memory_take(i64 size)
{
    if (size < MEMORY_LARGE || !SLABS)
        return aligned_alloc(ALIGNMENT, (size_t)size);
    if (size > SLAB_BYTES) {
        void *map =
            mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (map == MAP_FAILED)
            return NULL;
        madvise(map, (size_t)size, MADV_HUGEPAGE);
        return map;
    }
    pthread_mutex_lock(&memory.mutex);
    void *piece = piece_take(order_of(size));
    pthread_mutex_unlock(&memory.mutex);
    return piece;
}

void memory_give(void *piece, i64 size)
{
    if (!piece)
        return;
    if (size < MEMORY_LARGE || !SLABS) {
        free(piece);
    } else if (size > SLAB_BYTES) {
        munmap(piece, (size_t)size);
    } else {
        pthread_mutex_lock(&memory.mutex);
        piece_give(piece, order_of(size));
        pthread_mutex_unlock(&memory.mutex);
    }
}

/* Pages of large pieces move without being copied. */
void *memory_regrow(void *piece, i64 size, i64 used, i64 new_size)
{
    if (SLABS && piece && size > SLAB_BYTES && new_size > SLAB_BYTES) {
        void *moved = mremap(piece, (size_t)size, (size_t)new_size, MREMAP_MAYMOVE);
        return moved == MAP_FAILED ? NULL : moved;
    }
    void *fresh = memory_take(new_size);
    if (!fresh)
        return NULL;
    if (used)
        memcpy(fresh, piece, (size_t)used);
    memory_give(piece, size);
    return fresh;
}

i64 memory_trim(void)
{
    i64 bytes = 0;
    pthread_mutex_lock(&memory.mutex);
    for (Slab **link = &memory.slabs; *link;) {
        Slab *slab = *link;
        if (slab->free_order[0] != ORDERS - 1) {
            link = &slab->next;
            continue;
        }
        list_remove((Piece *)slab->start);
        *link = slab->next;
        munmap(slab->start, (size_t)SLAB_BYTES);
        free(slab);
        bytes += SLAB_BYTES;
    }
    pthread_mutex_unlock(&memory.mutex);
    return bytes;
}
