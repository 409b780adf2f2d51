/* Objects of ours that stand in the place of one of the application's.
 *
 * Whatever Python asks such an object, other than what its type is for, the
 * object it stands for answers: attributes (__class__, __dict__ and __wrapped__
 * among them) are read, set and deleted there; repr, str, hash and comparison
 * are its own. type(x) alone tells the difference.
 */
#ifndef UNSLOW_AGENT_DELEGATE_H
#define UNSLOW_AGENT_DELEGATE_H

#include "agent/abi.h"

/* First member of the object. The target is strong; NULL once the collector
 * has cleared it. */
struct py_delegate {
	struct py_head head;
	py_object target;
};

/* The slots of such a type, beside those it is for. */
py_object delegate_getattro(py_object self, py_object name);
int delegate_setattro(py_object self, py_object name, py_object value);
py_object delegate_repr(py_object self);
py_object delegate_str(py_object self);
py_ssize delegate_hash(py_object self);
py_object delegate_compare(py_object self, py_object other, int operator);
/* For a type whose only reference is the target. */
int delegate_traverse(py_object self, py_visit visit, void *data);
int delegate_clear(py_object self);

#define DELEGATE_SLOTS \
	{PY_SLOT_GETATTRO, (void *)delegate_getattro}, \
		{PY_SLOT_SETATTRO, (void *)delegate_setattro}, \
		{PY_SLOT_REPR, (void *)delegate_repr}, {PY_SLOT_STR, (void *)delegate_str}, \
		{PY_SLOT_HASH, (void *)delegate_hash}, \
	{ \
		PY_SLOT_RICHCOMPARE, (void *)delegate_compare \
	}

/* A type whose instances begin with struct py_delegate. NULL: an exception is
 * set, or there are too many of them. GIL held. */
py_object delegate_type(struct py_type_spec *spec);

/* What `object` stands for, if it is one of these; else itself. Borrowed. */
py_object delegate_target(py_object object);

#endif
