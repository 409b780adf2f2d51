#include "probe/native_cfi.h"

#include "probe/native_entry.h"

/* By DWARF's numbers (System V ABI, x86-64, figure 3.36; DWARF for the Arm 64-bit
 * Architecture, 4.1). */
#if defined(__aarch64__)
enum { STACK_POINTER = 31 };
#else
enum { STACK_POINTER = 7 };
#endif

enum { INSTRUCTIONS_MAX = 4096, STATES_MAX = 8, VALUES_MAX = 16, OPERATIONS_MAX = 64 };

/* --- rules -------------------------------------------------------------------- */

enum rule_kind {
	RULE_SAME,
	RULE_UNDEFINED,
	RULE_AT,
	RULE_IS,
	RULE_REGISTER,
	RULE_AT_EXPRESSION,
	RULE_IS_EXPRESSION
};

struct rule {
	enum rule_kind kind;
	int64_t value; /* offset from the frame's address (CFA), or a register */
	struct cursor expression;
};

struct rules {
	struct rule registers[CFI_REGISTERS];
	struct rule frame; /* RULE_REGISTER with `offset`, or RULE_IS_EXPRESSION */
	int64_t offset;
};

struct machine {
	const struct native_entry *entry;
	struct rules now, initial, remembered[STATES_MAX];
	size_t remembered_count;
	uint64_t location, until;
	bool bad;
};

static void set(struct machine *m, uint64_t reg, enum rule_kind kind, int64_t value)
{
	if (reg < CFI_REGISTERS) /* others (vectors) are of no use here */
		m->now.registers[reg] = (struct rule){.kind = kind, .value = value};
}

static void set_expression(struct machine *m, uint64_t reg, enum rule_kind kind, struct cursor *c)
{
	const uint64_t bytes = cursor_uleb(c);
	const struct cursor expression = cursor_part(c, bytes);
	if (reg < CFI_REGISTERS)
		m->now.registers[reg] = (struct rule){.kind = kind, .expression = expression};
}

static void restore(struct machine *m, uint64_t reg)
{
	if (reg < CFI_REGISTERS)
		m->now.registers[reg] = m->initial.registers[reg];
}

static int64_t scaled(const struct machine *m, int64_t value)
{
	return (int64_t)((uint64_t)value * (uint64_t)m->entry->data_factor);
}

/* False: the function's rules at `until` are complete. */
static bool advance(struct machine *m, uint64_t delta)
{
	m->location += delta * m->entry->code_factor;
	return m->location <= m->until;
}

static void define_frame(struct machine *m, uint64_t reg, int64_t offset)
{
	m->now.frame = (struct rule){.kind = RULE_REGISTER, .value = (int64_t)reg};
	m->now.offset = offset;
	m->bad |= reg >= CFI_REGISTERS;
}

static void remember(struct machine *m, bool take_back)
{
	if (take_back ? !m->remembered_count : m->remembered_count == STATES_MAX)
		m->bad = true;
	else if (take_back)
		m->now = m->remembered[--m->remembered_count];
	else
		m->remembered[m->remembered_count++] = m->now;
}

/* Instructions whose upper two bits are 0 (DWARF 5, 7.24). False: the rules are complete. */
static bool run_extended(struct machine *m, unsigned code, struct cursor *c)
{
	uint64_t reg;
	switch (code) {
	case 0x00: /* nop */
		break;
	case 0x01: /* set_loc */
		m->location = cursor_pointer(c, m->entry->encoding, 0);
		return m->location <= m->until;
	case 0x02: /* advance_loc1 */
		return advance(m, cursor_take(c, 1));
	case 0x03:
		return advance(m, cursor_take(c, 2));
	case 0x04:
		return advance(m, cursor_take(c, 4));
	case 0x05: /* offset_extended */
		reg = cursor_uleb(c);
		set(m, reg, RULE_AT, scaled(m, (int64_t)cursor_uleb(c)));
		break;
	case 0x06: /* restore_extended */
		restore(m, cursor_uleb(c));
		break;
	case 0x07: /* undefined */
		set(m, cursor_uleb(c), RULE_UNDEFINED, 0);
		break;
	case 0x08: /* same_value */
		set(m, cursor_uleb(c), RULE_SAME, 0);
		break;
	case 0x09: /* register */
		reg = cursor_uleb(c);
		set(m, reg, RULE_REGISTER, (int64_t)cursor_uleb(c));
		break;
	case 0x0a: /* remember_state */
		remember(m, false);
		break;
	case 0x0b: /* restore_state */
		remember(m, true);
		break;
	case 0x0c: /* def_cfa */
		reg = cursor_uleb(c);
		define_frame(m, reg, (int64_t)cursor_uleb(c));
		break;
	case 0x0d: /* def_cfa_register */
		define_frame(m, cursor_uleb(c), m->now.offset);
		break;
	case 0x0e: /* def_cfa_offset */
		m->now.offset = (int64_t)cursor_uleb(c);
		break;
	case 0x0f: { /* def_cfa_expression */
		const uint64_t bytes = cursor_uleb(c);
		m->now.frame = (struct rule){.kind = RULE_IS_EXPRESSION,
					     .expression = cursor_part(c, bytes)};
		break;
	}
	case 0x10: /* expression */
		reg = cursor_uleb(c);
		set_expression(m, reg, RULE_AT_EXPRESSION, c);
		break;
	case 0x11: /* offset_extended_sf */
		reg = cursor_uleb(c);
		set(m, reg, RULE_AT, scaled(m, cursor_sleb(c)));
		break;
	case 0x12: /* def_cfa_sf */
		reg = cursor_uleb(c);
		define_frame(m, reg, scaled(m, cursor_sleb(c)));
		break;
	case 0x13: /* def_cfa_offset_sf */
		m->now.offset = scaled(m, cursor_sleb(c));
		break;
	case 0x14: /* val_offset */
		reg = cursor_uleb(c);
		set(m, reg, RULE_IS, scaled(m, (int64_t)cursor_uleb(c)));
		break;
	case 0x15: /* val_offset_sf */
		reg = cursor_uleb(c);
		set(m, reg, RULE_IS, scaled(m, cursor_sleb(c)));
		break;
	case 0x16: /* val_expression */
		reg = cursor_uleb(c);
		set_expression(m, reg, RULE_IS_EXPRESSION, c);
		break;
	case 0x2d: /* GNU_window_save; on aarch64: the return address is signed, or not, from here
		    */
		break;
	case 0x2e: /* GNU_args_size */
		cursor_uleb(c);
		break;
	default:
		m->bad = true;
	}
	return true;
}

static void run(struct machine *m, struct cursor c)
{
	bool goes_on = true;
	for (int i = 0; i < INSTRUCTIONS_MAX && goes_on && !m->bad && c.at < c.end; i++) {
		const unsigned code = (unsigned)cursor_take(&c, 1), low = code & 0x3f;
		switch (code >> 6) {
		case 1: /* advance_loc */
			goes_on = advance(m, low);
			break;
		case 2: /* offset */
			set(m, low, RULE_AT, scaled(m, (int64_t)cursor_uleb(&c)));
			break;
		case 3:
			restore(m, low);
			break;
		default:
			goes_on = run_extended(m, low, &c);
		}
		m->bad |= c.bad;
	}
	m->bad |= goes_on && c.at < c.end; /* too many */
}

/* --- values ------------------------------------------------------------------- */

struct values {
	const struct cfi_frame *frame;
	cfi_reader *read;
	void *context;
};

static bool known(const struct cfi_frame *frame, uint64_t reg, uint64_t *value)
{
	if (reg >= CFI_REGISTERS || !(frame->known >> reg & 1))
		return false;
	*value = frame->registers[reg];
	return true;
}

struct stack {
	uint64_t items[VALUES_MAX];
	size_t count;
	bool bad;
};

static void push(struct stack *s, uint64_t value)
{
	if (s->count == VALUES_MAX)
		s->bad = true;
	else
		s->items[s->count++] = value;
}

static uint64_t pop(struct stack *s)
{
	if (!s->count) {
		s->bad = true;
		return 0;
	}
	return s->items[--s->count];
}

/* Those that compilers and linkers write in call frame information: of signal handlers' frames,
 * realigned stacks and the procedure linkage table. */
static void operate(struct stack *s, unsigned code, struct cursor *c, const struct values *v)
{
	enum { LITERAL = 0x30, REGISTER_PLUS = 0x70, LAST = 0x8f };
	uint64_t value = 0, other;
	if (code >= LITERAL && code < LITERAL + 32) {
		push(s, code - LITERAL);
		return;
	}
	if (code >= REGISTER_PLUS && code <= LAST) {
		s->bad |= !known(v->frame, code - REGISTER_PLUS, &value);
		push(s, value + (uint64_t)cursor_sleb(c));
		return;
	}
	switch (code) {
	case 0x06: /* deref */
		s->bad |= !v->read(v->context, pop(s), &value);
		push(s, value);
		break;
	case 0x08: /* const1u … const8s */
	case 0x0a:
	case 0x0c:
	case 0x0e:
		push(s, cursor_take(c, (size_t)1 << (code - 0x08) / 2));
		break;
	case 0x09:
	case 0x0b:
	case 0x0d:
	case 0x0f:
		push(s, (uint64_t)cursor_take_signed(c, (size_t)1 << (code - 0x09) / 2));
		break;
	case 0x10: /* constu */
		push(s, cursor_uleb(c));
		break;
	case 0x11: /* consts */
		push(s, (uint64_t)cursor_sleb(c));
		break;
	case 0x12: /* dup */
		value = pop(s);
		push(s, value);
		push(s, value);
		break;
	case 0x1a: /* and */
		value = pop(s);
		push(s, pop(s) & value);
		break;
	case 0x1c: /* minus */
		value = pop(s);
		push(s, pop(s) - value);
		break;
	case 0x22: /* plus */
		value = pop(s);
		push(s, pop(s) + value);
		break;
	case 0x23: /* plus_uconst */
		value = pop(s);
		push(s, value + cursor_uleb(c));
		break;
	case 0x24: /* shl */
		value = pop(s);
		other = pop(s);
		push(s, value < 64 ? other << value : 0);
		break;
	case 0x2a: /* ge, of signed values */
		value = pop(s);
		push(s, (int64_t)pop(s) >= (int64_t)value);
		break;
	default:
		s->bad = true;
	}
}

static bool evaluate(struct cursor c, const struct values *v, const uint64_t *first, uint64_t *out)
{
	struct stack s = {.count = 0};
	if (first)
		push(&s, *first);
	for (int i = 0; i < OPERATIONS_MAX && !s.bad && !c.bad && c.at < c.end; i++)
		operate(&s, (unsigned)cursor_take(&c, 1), &c, v);
	*out = pop(&s);
	return !s.bad && !c.bad && c.at == c.end;
}

/* The frame's address (CFA): the stack pointer before the call. */
static bool frame_address(const struct rules *rules, const struct values *v, uint64_t *out)
{
	if (rules->frame.kind == RULE_IS_EXPRESSION)
		return evaluate(rules->frame.expression, v, NULL, out);
	if (rules->frame.kind != RULE_REGISTER ||
	    !known(v->frame, (uint64_t)rules->frame.value, out))
		return false;
	*out += (uint64_t)rules->offset;
	return true;
}

static bool register_value(const struct rule *rule, unsigned reg, const struct values *v,
			   uint64_t frame, uint64_t *out)
{
	uint64_t at;
	switch (rule->kind) {
	case RULE_SAME:
		return known(v->frame, reg, out);
	case RULE_AT:
		return v->read(v->context, frame + (uint64_t)rule->value, out);
	case RULE_IS:
		*out = frame + (uint64_t)rule->value;
		return true;
	case RULE_REGISTER:
		return known(v->frame, (uint64_t)rule->value, out);
	case RULE_AT_EXPRESSION:
		return evaluate(rule->expression, v, &frame, &at) && v->read(v->context, at, out);
	case RULE_IS_EXPRESSION:
		return evaluate(rule->expression, v, &frame, out);
	case RULE_UNDEFINED:
		break;
	}
	return false;
}

/* --- the step ----------------------------------------------------------------- */

enum cfi_end cfi_step(const struct native_elf *elf, uint64_t bias, cfi_reader *read, void *context,
		      struct cfi_frame *frame)
{
	struct native_entry entry;
	uint64_t address;
	if (!native_entry_find(elf, frame->pc - bias - frame->is_caller, &entry))
		return CFI_UNKNOWN;
	struct machine m = {.entry = &entry, .until = UINT64_MAX};
	run(&m, entry.initial);
	m.initial = m.now;
	m.location = entry.begin;
	m.until = frame->pc - bias - frame->is_caller;
	run(&m, entry.own);
	const struct values v = {frame, read, context};
	if (m.bad || entry.return_register >= CFI_REGISTERS || guarded_map_is_cut(&elf->map) ||
	    !frame_address(&m.now, &v, &address))
		return CFI_UNKNOWN;
	const struct rule *back = &m.now.registers[entry.return_register];
	if (back->kind == RULE_UNDEFINED)
		return CFI_OUTERMOST;
	struct cfi_frame caller = {.is_caller = !entry.is_signal};
	for (unsigned i = 0; i < CFI_REGISTERS; i++)
		if (register_value(&m.now.registers[i], i, &v, address, &caller.registers[i]))
			caller.known |= UINT64_C(1) << i;
	if (!known(&caller, entry.return_register, &caller.pc))
		return CFI_UNKNOWN;
	/* a stack grows downwards: a caller's frame lies above, or there would be no end */
	uint64_t before;
	if (!known(frame, STACK_POINTER, &before) || address < before ||
	    (address == before && caller.pc == frame->pc))
		return CFI_UNKNOWN;
	caller.registers[STACK_POINTER] = address;
	caller.known |= UINT64_C(1) << STACK_POINTER;
	*frame = caller;
	return caller.pc ? CFI_GOES_ON : CFI_OUTERMOST;
}

unsigned cfi_stack_pointer(void)
{
	return STACK_POINTER;
}
