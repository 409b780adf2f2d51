/* Where CPython keeps what we read: one plain row of offsets a version.
 *
 * Rows for 3.8–3.12 are generated from each release's own headers by
 * scripts/make-layouts (offsetof only) into layout_table.c; 3.13+ is decoded
 * from the target's own _Py_DebugOffsets by the field order of its minor. The
 * agent verifies a row by public API and publishes it in its channel header;
 * verified beats table. PY_UNKNOWN marks a field a version does not have.
 * No allocation, no Python.h, no Linux: the agent and BPF include this.
 */
#ifndef UNSLOW_PYTHON_LAYOUT_H
#define UNSLOW_PYTHON_LAYOUT_H

#include <stdint.h>

#define PY_UNKNOWN 0xFFFFu

/* How a thread's newest frame is found. */
enum py_frame_kind {
	PY_FRAME_OBJECT = 1, /* 3.8–3.10: tstate->frame is a PyFrameObject, linked by f_back */
	PY_FRAME_CFRAME,     /* 3.11–3.12: tstate->cframe->current_frame, _PyInterpreterFrame */
	PY_FRAME_CURRENT,    /* 3.13+: tstate->current_frame */
};

/* What lasti/prev_instr means. */
enum py_instr_kind {
	PY_INSTR_LASTI_BYTES = 1, /* 3.8–3.9: f_lasti, bytes, -1 before the first */
	PY_INSTR_LASTI_UNITS,     /* 3.10: f_lasti, two-byte units */
	PY_INSTR_PREV,            /* 3.11–3.12: pointer to the last executed code unit */
	PY_INSTR_NEXT,            /* 3.13+: instr_ptr, pointer to the current or next unit */
};

enum py_line_format {
	PY_LINES_LNOTAB = 1, /* 3.8–3.9: co_lnotab (PEP 3 byte pairs, Objects/lnotab_notes.txt) */
	PY_LINES_LINETABLE,  /* 3.10: co_linetable, PEP 626 */
	PY_LINES_LOCATIONS,  /* 3.11+: co_linetable, Objects/locations.md */
};

/* All values are byte offsets inside the named struct unless said otherwise. */
struct py_layout {
	uint32_t version_hex; /* PY_VERSION_HEX of the headers; minor decides */
	uint8_t frame_kind;   /* enum py_frame_kind */
	uint8_t instr_kind;   /* enum py_instr_kind */
	uint8_t line_format;  /* enum py_line_format */
	uint8_t free_threaded;

	/* _PyRuntimeState */
	uint16_t runtime_interpreters_head;
	uint16_t runtime_gil; /* 3.8–3.11: struct _gil_runtime_state in the runtime; else unknown */
	/* PyInterpreterState */
	uint16_t interp_next;
	uint16_t interp_threads_head;
	uint16_t interp_id;
	uint16_t interp_gil;       /* 3.12+: pointer to struct _gil_runtime_state (ceval.gil) */
	uint16_t interp_size_hint; /* sizeof, saturating: bound for sanity checks */
	/* struct _gil_runtime_state */
	uint16_t gil_locked;
	uint16_t gil_last_holder;
	uint16_t gil_cond;
	uint16_t gil_mutex;       /* held by whoever changes the words above */
	uint16_t gil_switch_cond; /* end of the wait objects a GIL waiter blocks on */
	uint16_t gil_size;
	/* PyThreadState */
	uint16_t tstate_next;
	uint16_t tstate_interp;
	uint16_t tstate_frame;            /* frame, cframe or current_frame, by frame_kind */
	uint16_t tstate_thread_id;        /* pthread_self() */
	uint16_t tstate_native_thread_id; /* kernel tid; 3.11+ */
	uint16_t tstate_context;          /* PyObject *context */
	uint16_t tstate_curexc;           /* 3.8–3.11 curexc_type, 3.12+ current_exception */
	uint16_t tstate_datastack_chunk;  /* 3.11+: newest _PyStackChunk */
	uint16_t tstate_datastack_top;    /* 3.11+: end of what is used in it */
	uint16_t tstate_root_cframe;      /* 3.11–3.12: the oldest _PyCFrame, inside the state */
	uint16_t cframe_current_frame;    /* 3.11–3.12: inside _PyCFrame */
	uint16_t cframe_previous;
	uint16_t chunk_previous; /* 3.11+: inside _PyStackChunk */
	uint16_t chunk_size;     /* bytes of the whole chunk, its header included */
	/* PyFrameObject (3.8–3.10) or _PyInterpreterFrame (3.11+) */
	uint16_t frame_back;     /* f_back or previous */
	uint16_t frame_code;     /* f_code or f_executable */
	uint16_t frame_instr;    /* f_lasti, prev_instr or instr_ptr */
	uint16_t frame_owner;    /* 3.11+ */
	uint16_t frame_is_entry; /* 3.11: bool, the oldest frame of an evaluation loop; 3.12+ has
				    a shim frame there */
	uint16_t frame_size;
	uint8_t frame_owner_thread;    /* value of `owner` for frames in a thread's chunks */
	uint8_t frame_owner_object;    /* value of `owner` for frames inside a frame object */
	uint8_t frame_owner_cstack;    /* value of `owner` for shim frames to skip; 0xFF: none */
	uint8_t frame_owner_generator; /* value of `owner` for generators' frames; 0xFF: none */
	/* PyCodeObject */
	uint16_t code_filename;
	uint16_t code_name;
	uint16_t code_qualname; /* 3.11+; else unknown: co_name is used */
	uint16_t code_first_line;
	uint16_t code_line_table;
	uint16_t code_instructions; /* 3.11+: co_code_adaptive inside the object; 3.8–3.10: co_code
				       (bytes object) */
	uint16_t code_first_traceable; /* 3.11+: int, in units; a frame before it is incomplete */
	uint16_t code_version;         /* 3.12+: u32, no two code objects of a process share it */
	uint16_t code_flags;
	/* bytes, str, object headers */
	uint16_t object_type;
	uint16_t bytes_size; /* ob_size */
	uint16_t bytes_data;
	uint16_t str_length;
	uint16_t str_state;
	uint16_t str_data_ascii;   /* compact ASCII */
	uint16_t str_data_compact; /* compact, not ASCII */
	/* Context variables: PyContext and HAMT (3.8–3.14 share the shape) */
	uint16_t context_vars;      /* PyContext.ctx_vars → PyHamtObject */
	uint16_t hamt_root;         /* PyHamtObject.h_root */
	uint16_t hamt_bitmap;       /* Bitmap node: b_bitmap u32 */
	uint16_t hamt_bitmap_array; /* Bitmap node: b_array of PyObject* pairs */
	uint16_t hamt_array;        /* Array node: a_array of 32 pointers */
	/* generator-like objects */
	uint16_t gen_frame; /* gi_frame (object, ≤ 3.10) or gi_iframe (inline, 3.11+) */
	uint16_t type_name; /* PyTypeObject.tp_name */
};

/* Generated rows (layout_table.c), one a minor. */
extern const struct py_layout py_layout_table[];
extern const unsigned py_layout_count;

/* The row of a version's minor (patch releases of a minor agree), NULL if there
 * is none: below 3.8, or newer than known. `version_hex` as PY_VERSION_HEX. */
const struct py_layout *py_layout_for(uint32_t version_hex);

#endif
