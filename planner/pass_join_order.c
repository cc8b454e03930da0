/* SPDX-License-Identifier: Apache-2.0
 *
 * Join order: each cluster of inner joins is taken apart into its relations and conditions and put
 * together again in the cheapest order: dynamic programming over subsets (bushy trees, no cross
 * products while a connected plan exists) up to 12 relations, greedy beyond. Cost of a join: the
 * rows it gives out, the rows probed, and twice the rows built.
 */
#include "planner/pass.h"

enum { DP_RELATIONS_MAX = 12, CLUSTER_MAX = 64 };

typedef struct Cluster {
    Planning *p;
    Logical *relations[CLUSTER_MAX];
    ColumnSet columns[CLUSTER_MAX];
    i32 count;
    i32 promised; /* relations that are there or will come from joins taken apart */
    ExprList conditions;
    u64 *condition_sides; /* relations each condition uses */
} Cluster;

static bool is_inner(const Logical *node)
{
    return node->kind == LOGICAL_JOIN && node->join.type == INNER_JOIN &&
           node->join.null_keys.count == 0;
}

static Logical *order(Planning *p, Logical *node);

static void collect(Cluster *cluster, Logical *node)
{
    Planning *p = cluster->p;
    if (is_inner(node) && cluster->promised < CLUSTER_MAX) {
        cluster->promised++;
        cluster->conditions = list_concat(p, cluster->conditions, node->join.conditions);
        collect(cluster, node->inputs[0]);
        collect(cluster, node->inputs[1]);
        return;
    }
    Logical *relation = order(p, node);
    estimate_rows(p, relation);
    cluster->columns[cluster->count] = logical_columns(p, relation);
    cluster->relations[cluster->count++] = relation;
}

static void find_sides(Cluster *cluster)
{
    cluster->condition_sides = make_array(cluster->p->q, u64, cluster->conditions.count);
    for (i32 i = 0; i < cluster->conditions.count; i++) {
        ColumnSet used = expr_columns(cluster->p, cluster->conditions.items[i]);
        for (i32 r = 0; r < cluster->count; r++)
            if (set_intersects(&used, &cluster->columns[r]))
                cluster->condition_sides[i] |= (u64)1 << r;
    }
}

/* Some condition reaches from a to b. */
static bool connected(const Cluster *cluster, u64 a, u64 b)
{
    for (i32 i = 0; i < cluster->conditions.count; i++) {
        u64 sides = cluster->condition_sides[i];
        if ((sides & a) && (sides & b) && !(sides & ~(a | b)))
            return true;
    }
    return false;
}

/* A plan for a set of relations. */
typedef struct Best {
    u64 left, right; /* 0: a single relation */
    f64 rows, cost;
    bool known;
} Best;

/* Joins two trees with every condition that becomes usable. */
static Logical *join_of(const Cluster *cluster, Logical *left, Logical *right, u64 a, u64 b)
{
    Planning *p = cluster->p;
    Logical *join = logical_new(p, LOGICAL_JOIN, left, right);
    join->join.type = INNER_JOIN;
    join->join.conditions.items = make_array(p->q, Expr *, cluster->conditions.count + 1);
    for (i32 i = 0; i < cluster->conditions.count; i++) {
        u64 sides = cluster->condition_sides[i];
        bool fits = !(sides & ~(a | b)), spans = (sides & a) && (sides & b);
        if (fits && spans)
            join->join.conditions.items[join->join.conditions.count++] =
                cluster->conditions.items[i];
    }
    return join;
}

static Logical *build(const Cluster *cluster, const Best *best, u64 set)
{
    const Best *own = &best[set];
    if (!own->left)
        return cluster->relations[__builtin_ctzll(set)];
    Logical *left = build(cluster, best, own->left), *right = build(cluster, best, own->right);
    Logical *join = join_of(cluster, left, right, own->left, own->right);
    join->rows = own->rows;
    return join;
}

/* Rows of a join of two known sets, from a node made only to be estimated. */
static f64 joined_rows(const Cluster *cluster, const Best *best, u64 a, u64 b, Logical **trees)
{
    Logical *join = join_of(cluster, trees[a], trees[b], a, b);
    estimate_rows(cluster->p, join);
    return join->rows;
}

static void consider(const Cluster *cluster, Best *best, Logical **trees, u64 a, u64 b)
{
    u64 set = a | b;
    if (!best[a].known || !best[b].known)
        return;
    f64 rows = best[set].known ? best[set].rows : joined_rows(cluster, best, a, b, trees);
    f64 small = best[a].rows < best[b].rows ? best[a].rows : best[b].rows;
    f64 large = best[a].rows + best[b].rows - small;
    f64 cost = best[a].cost + best[b].cost + rows + large + 2 * small;
    if (best[set].known && best[set].cost <= cost)
        return;
    bool larger_left = best[a].rows >= best[b].rows;
    best[set] = (Best){larger_left ? a : b, larger_left ? b : a, rows, cost, true};
    trees[set] = join_of(cluster, trees[best[set].left], trees[best[set].right], best[set].left,
                         best[set].right);
    trees[set]->rows = rows;
}

static Logical *dynamic(Cluster *cluster)
{
    Planning *p = cluster->p;
    u64 all = ((u64)1 << cluster->count) - 1;
    Best *best = make_array(p->q, Best, (i64)all + 1);
    Logical **trees = make_array(p->q, Logical *, (i64)all + 1);
    for (i32 r = 0; r < cluster->count; r++) {
        u64 set = (u64)1 << r;
        best[set] = (Best){0, 0, cluster->relations[r]->rows, 0, true};
        trees[set] = cluster->relations[r];
    }
    for (u64 set = 1; set <= all; set++) {
        if (!(set & (set - 1)))
            continue;
        query_check(p->q);
        for (i32 crossing = 0; crossing < 2 && !best[set].known; crossing++)
            for (u64 a = (set - 1) & set; a; a = (a - 1) & set)
                if (a > (set & ~a) && (crossing || connected(cluster, a, set & ~a)))
                    consider(cluster, best, trees, a, set & ~a);
    }
    return build(cluster, best, all);
}

/* Joins the pair with the fewest rows until one tree is left. */
static Logical *greedy(Cluster *cluster)
{
    Planning *p = cluster->p;
    Logical *trees[CLUSTER_MAX];
    u64 sets[CLUSTER_MAX];
    i32 count = cluster->count;
    for (i32 i = 0; i < count; i++) {
        trees[i] = cluster->relations[i];
        sets[i] = (u64)1 << i;
    }
    while (count > 1) {
        query_check(p->q);
        i32 best_a = -1, best_b = -1;
        f64 best_rows = 0;
        for (i32 crossing = 0; crossing < 2 && best_a < 0; crossing++) {
            for (i32 a = 0; a < count; a++) {
                for (i32 b = a + 1; b < count; b++) {
                    if (!crossing && !connected(cluster, sets[a], sets[b]))
                        continue;
                    Logical *join = join_of(cluster, trees[a], trees[b], sets[a], sets[b]);
                    estimate_rows(p, join);
                    if (best_a >= 0 && join->rows >= best_rows)
                        continue;
                    best_a = a;
                    best_b = b;
                    best_rows = join->rows;
                }
            }
        }
        trees[best_a] = join_of(cluster, trees[best_a], trees[best_b], sets[best_a], sets[best_b]);
        estimate_rows(p, trees[best_a]);
        sets[best_a] |= sets[best_b];
        trees[best_b] = trees[count - 1];
        sets[best_b] = sets[count - 1];
        count--;
    }
    return trees[0];
}

/* Conditions over fewer than two relations belong to no join of the new tree. */
static Logical *order_cluster(Planning *p, Logical *node)
{
    Cluster cluster = {.p = p, .promised = 1};
    collect(&cluster, node);
    find_sides(&cluster);
    Logical *tree = cluster.count <= DP_RELATIONS_MAX ? dynamic(&cluster) : greedy(&cluster);
    Expr **left_over = make_array(p->q, Expr *, cluster.conditions.count);
    i32 count = 0;
    for (i32 i = 0; i < cluster.conditions.count; i++)
        if (!(cluster.condition_sides[i] & (cluster.condition_sides[i] - 1)))
            left_over[count++] = cluster.conditions.items[i];
    return logical_filter(p, tree, left_over, count);
}

static Logical *order(Planning *p, Logical *node)
{
    stack_check(p->q);
    query_check(p->q);
    if (is_inner(node))
        return order_cluster(p, node);
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            node->inputs[i] = order(p, node->inputs[i]);
    return node;
}

Logical *pass_join_order(Planning *p, Logical *root)
{
    return order(p, root);
}
