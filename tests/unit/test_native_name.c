/* Names of C++ and Rust: as the sources have them, or as they are; never past what is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "probe/native_name.h"

/* Expected by c++filt, less arguments. */
static const char *const known[][2] = {
	{"_Znwm", "operator new"},
	{"_ZdlPvm", "operator delete"},
	{"_Z3foov", "foo"},
	{"_Z3fooiPKcRSt6vectorIiSaIiEE", "foo"},
	{"_ZN4fast6Parser5parseERKSs", "fast::Parser::parse"},
	{"_ZNK4fast6ParserclEi", "fast::Parser::operator()"},
	{"_ZN4fast6ParserC1Ev", "fast::Parser::Parser"},
	{"_ZN4fast6ParserD0Ev", "fast::Parser::~Parser"},
	{"_ZN4fast4TreeIiSaIiEEC2ERKS2_", "fast::Tree<…>::Tree"},
	{"_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector<…>::push_back"},
	{"_ZNSs4_Rep9_S_createEmmRKSaIcE", "std::string::_Rep::_S_create"},
	{"_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE9_M_createERmm",
	 "std::__cxx11::basic_string<…>::_M_create"},
	{"_ZNSsC1ERKSs", "std::string::basic_string"},
	{"_ZNSt10filesystem7__cxx114path5parseEv", "std::filesystem::__cxx11::path::parse"},
	{"_ZN12_GLOBAL__N_14pool8allocateEm", "(anonymous namespace)::pool::allocate"},
	{"_ZN3foo4makeB5cxx11Ev", "foo::make"},
	{"_ZSt4moveIRiEONSt16remove_referenceIT_E4typeEOS2_", "std::move<…>"},
	{"_ZZN3foo3barEvENKUlvE_clEv", "foo::bar::{lambda}::operator()"},
	{"_ZZN3foo3barEvENKUliE0_clEi", "foo::bar::{lambda}::operator()"},
	{"_ZZN3foo3barEiE5cache", "foo::bar::cache"},
	{"_ZN3foocvbEv", "foo::operator (…)"},
	{"_ZN3fooaSERKS_", "foo::operator="},
	{"_ZL6helperPv", "helper"},
	{"_ZN3foo3barEPFivES1_.cold", "foo::bar.cold"},
	{"_Z5applyIXadL_Z3foovEEEvv", "apply<…>"},
	{"_Z4findIL4KIND1EEl6BufferIXT_EES1_", "find<…>"},
	{"_Z5applyIXplT_Li1EEEvv", NULL}, /* an expression */
	{"_ZN5arrayILm16ELb1EE3getEv", "array<…>::get"},
	{"_ZN3foo3barIJiPKcEEEvDpT_", "foo::bar<…>"},
	{"_ZN4core3ptr42drop_in_place$LT$alloc..string..String$GT$17h0123456789abcdefE",
	 "core::ptr::drop_in_place<alloc::string::String>"},
	{"_ZN5alloc7raw_vec19RawVec$LT$T$C$A$GT$14grow_amortized17h0123456789abcdefE",
	 "alloc::raw_vec::RawVec<T,A>::grow_amortized"},
};

static void test_names_of_sources(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		char name[256];
		const bool is_known = native_name(known[i][0], name, sizeof name);
		if (is_known != (known[i][1] != NULL))
			fail_msg("%s: %s", known[i][0], is_known ? name : "not known");
		if (known[i][1])
			assert_string_equal(name, known[i][1]);
	}
}

static void test_what_is_none(void **state)
{
	static const char *const none[] = {
		"",         "malloc",     "_Z",
		"_Z0",      "_ZN",        "_ZNE",
		"_Z5ab",    "_ZN3",       "_Z99999999999999999999a",
		"_ZC1",     "_ZNC1Ev",    "_ZTV3foo",
		"_ZN1aE1",  "_ZNS_3fooE", "_ZNIiE3fooE",
		"_R3foo",   "_ZN3fooIiE", "_Z3fooZ",
		"_ZGV3foo", "_ZN3fooUlE",
	};
	char name[64];
	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (native_name(none[i], name, sizeof name))
			fail_msg("%s: %s", none[i], name);
	assert_false(native_name("_ZN4fast6Parser5parseERKSs", name, 19));
	assert_true(native_name("_ZN4fast6Parser5parseERKSs", name, 20));
	assert_false(native_name("_Z3foov", name, 0));
}

/* In memory of just its size: a read past it is seen by ASan. */
static void read_exactly(const char *symbol, size_t length)
{
	char *copy = malloc(length + 1), *name = malloc(40);
	assert_true(copy && name);
	memcpy(copy, symbol, length);
	copy[length] = '\0';
	if (native_name(copy, name, 40))
		assert_in_range(strlen(name), 1, 39);
	free(copy);
	free(name);
}

static void test_any_bytes(void **state)
{
	static const char letters[] = "_ZNSKTLEIJXUlCDt0123456789abcvPRFAM.sB$d";
	uint64_t random = 12345;
	char symbol[512];
	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		for (size_t length = 0; length <= strlen(known[i][0]); length++)
			read_exactly(known[i][0], length);
	for (int run = 0; run < 200000; run++) {
		size_t length = 2;
		memcpy(symbol, "_Z", 2);
		if (run % 2) {
			const char *from = known[(size_t)run % (sizeof known / sizeof *known)][0];
			length = strlen(from);
			memcpy(symbol, from, length);
		}
		for (int n = 0; n < (run % 2 ? 3 : 20); n++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			const char letter = letters[(random >> 33) % (sizeof letters - 1)];
			if (run % 2)
				symbol[2 + (random >> 20) % (length - 2)] = letter;
			else
				symbol[length++] = letter;
		}
		read_exactly(symbol, length);
	}
}

/* One in another without end: as deep as is allowed, and no deeper. */
static void test_steps_into_one_another(void **state)
{
	static const char *const steps[] = {"N1aI", "Z1aI", "P", "FP", "1aI", "ZN1a", "AP_", "J"};
	static char symbol[1 << 16];
	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		char name[64];
		size_t length = (size_t)snprintf(symbol, sizeof symbol, "_Z1aI");
		while (length + 8 < sizeof symbol)
			length += (size_t)snprintf(symbol + length, sizeof symbol - length, "%s",
						   steps[i]);
		assert_false(native_name(symbol, name, sizeof name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_of_sources),
		cmocka_unit_test(test_what_is_none),
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_steps_into_one_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
