#include "load/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "load/cookies.h"

void pool_free(struct pool *pool)
{
	for (size_t i = 0; i < pool->slots.count; i++) {
		connection_close(&pool->slots.items[i]->connection);
		cookies_free(pool->slots.items[i]->jar);
		free(pool->slots.items[i]);
	}
	vec_free(&pool->slots);
	vec_free(&pool->idle);
	vec_free(&pool->closed);
}

struct slot *pool_take_closed(struct pool *pool)
{
	if (pool->closed.count)
		return pool->closed.items[--pool->closed.count];
	if (pool->slots.count >= pool->limit)
		return NULL;
	struct slot *slot = mem_alloc(sizeof *slot);
	*vec_push(&pool->slots) = slot;
	return slot;
}

void pool_put_closed(struct pool *pool, struct slot *slot)
{
	*vec_push(&pool->closed) = slot;
}

struct slot *pool_take_idle(struct pool *pool)
{
	return pool->idle.count ? pool->idle.items[--pool->idle.count] : NULL;
}

void pool_put_idle(struct pool *pool, struct slot *slot)
{
	slot->idle_index = (uint32_t)pool->idle.count;
	*vec_push(&pool->idle) = slot;
}

void pool_remove_idle(struct pool *pool, struct slot *slot)
{
	struct slot **items = pool->idle.items;
	pool->idle.count--;
	for (uint32_t i = slot->idle_index; i < pool->idle.count; i++) {
		items[i] = items[i + 1];
		items[i]->idle_index = i;
	}
}
