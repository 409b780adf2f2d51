/* Python stacks as small numbers, without the GIL: what only the core needs
 * beside agent.h's stack_here, stack_of_frames and code_id.
 *
 * Two lock-free tables map a 64-bit hash to an id: stacks by the hash of their
 * chain, code objects by the hash of their address and identity. A slot is
 * claimed by one compare-and-swap; whoever meets a slot being filled writes a
 * second entry of the same content, which the recorder folds.
 */
#ifndef UNSLOW_AGENT_STACK_H
#define UNSLOW_AGENT_STACK_H

/* Forget all ids: the child's dictionary starts anew. Called in the fork's
 * child, which has one thread. */
void stack_after_fork(void);

#endif
