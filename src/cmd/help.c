#include "cmd/help.h"

#include <string.h>

enum { VERB_COLUMN = 22 };

void help_all(FILE *out)
{
	fputs("unslow finds out why a Python web app is slow, leaking or failing, and says what to "
	      "change.\n\nUsage: unslow VERB [options] …\n",
	      out);
	const char *group = "";
	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (strcmp(group, verb->group) != 0) {
			group = verb->group;
			fprintf(out, "\n%s\n", group);
		}
		/* By hand: "%-*s" counts bytes, and "CMD…" has more bytes than columns. */
		int column = fprintf(out, "  %s", verb->name);
		if (verb->operands) {
			column += fprintf(out, " %s", verb->operands);
			if (strstr(verb->operands, "…"))
				column -= (int)strlen("…") - 1;
		}
		fprintf(out, "%*s%s\n", column < VERB_COLUMN ? VERB_COLUMN - column : 1, "",
			verb->summary);
	}
	fputs("\nOptions of every verb\n", out);
	opt_print_help(common_options, out);
	fputs("\nStart here\n"
	      "  unslow run -- gunicorn app:app     then use the app, then press Ctrl-C\n"
	      "\n`unslow VERB --help` explains a verb; `unslow FILE.rec` is `unslow why "
	      "FILE.rec`.\n"
	      "An answer goes to standard output; where unslow started a command, which has that "
	      "for\n"
	      "itself (run, time … -- CMD), to standard error, as all talk does.\n"
	      "Exit status: 0 done, 1 --fail-on was crossed, it failed, or the recording does not "
	      "have\n"
	      "what was asked for, 2 usage, 3 no such target, 4 no permission, 5 unreadable "
	      "recording;\n"
	      "`run` passes on its command's status.\n",
	      out);
}

void help_verb(const struct verb *verb, FILE *out)
{
	fprintf(out, "unslow %s: %s\n\nUsage: unslow %s [options]%s%s\n\n", verb->name,
		verb->summary, verb->name, verb->operands ? " " : "",
		verb->operands ? verb->operands : "");
	if (verb->options->type != OPT_END) {
		fputs("Options\n", out);
		opt_print_help(verb->options, out);
		fputc('\n', out);
	}
	fputs("Options of every verb\n", out);
	opt_print_help(common_options, out);
	if (verb->details)
		fprintf(out, "\n%s", verb->details);
	if (verb->examples)
		fprintf(out, "\nExamples\n%s", verb->examples);
}

static void complete_options(const char *verb, const struct opt *table, FILE *out)
{
	for (const struct opt *opt = table; opt->type != OPT_END; opt++) {
		if (opt->hidden)
			continue;
		const char letter[] = {'-', opt->letter, '\0'};
		fprintf(out, "option\t%s\t--%s\t%s\t%s\t%s\n", verb, opt->name,
			opt->letter ? letter : "", opt->value ? opt->value : "", opt->help);
	}
}

void help_completion(FILE *out)
{
	for (const struct verb *verb = verbs; verb->name; verb++)
		fprintf(out, "verb\t%s\t%s\n", verb->name, verb->summary);
	complete_options("", common_options, out);
	for (const struct verb *verb = verbs; verb->name; verb++)
		complete_options(verb->name, verb->options, out);
}

/* Text as roff takes it: no control line by accident, hyphens as typed. */
static void roff(const char *text, FILE *out)
{
	bool line_start = true;
	for (; *text; text++) {
		if (line_start && (*text == '.' || *text == '\''))
			fputs("\\&", out);
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			fputc(*text, out);
		line_start = *text == '\n';
	}
}

static void man_options(const struct opt *table, FILE *out)
{
	for (const struct opt *opt = table; opt->type != OPT_END; opt++) {
		if (opt->hidden)
			continue;
		fputs(".TP\n\\fB", out);
		if (opt->letter)
			fprintf(out, "\\-%c\\fR, \\fB", opt->letter);
		fputs("\\-\\-", out);
		roff(opt->name, out);
		fputs("\\fR", out);
		if (opt->value)
			fprintf(out, opt->type == OPT_ATTACHED ? "[=\\fI%s\\fR]" : " \\fI%s\\fR",
				opt->value);
		fputc('\n', out);
		roff(opt->help, out);
		fputc('\n', out);
	}
}

static void man_lines(const char *heading, const char *text, FILE *out)
{
	if (!text)
		return;
	fprintf(out, ".PP\n%s\n.nf\n", heading);
	roff(text, out);
	fputs(".fi\n", out);
}

void help_man(FILE *out)
{
	fputs(".TH UNSLOW 1 \"\" \"unslow " UNSLOW_VERSION "\"\n.SH NAME\n"
	      "unslow \\- find out why a Python web app is slow\n.SH SYNOPSIS\n"
	      ".B unslow\n.I VERB\n[options] \\&...\n.SH VERBS\n",
	      out);
	for (const struct verb *verb = verbs; verb->name; verb++) {
		fprintf(out, ".SS unslow %s %s\n", verb->name,
			verb->operands ? verb->operands : "");
		roff(verb->summary, out);
		fputs(".\n", out);
		man_options(verb->options, out);
		man_lines("", verb->details, out);
		man_lines("Examples:", verb->examples, out);
	}
	fputs(".SH OPTIONS OF EVERY VERB\n", out);
	man_options(common_options, out);
	fputs(".SH OUTPUT\n"
	      "An answer goes to standard output, talk and progress to standard error. A command "
	      "that unslow starts\n(\\fBrun\\fR, \\fBtime\\fR with a command) has standard "
	      "output for itself: there the answer and what\n\\fB\\-\\-load\\fR measured go to "
	      "standard error, and \\fBunslow why\\fR says it again on standard output.\n"
	      "A view or an export of what is not in the recording (calls not counted, memory not "
	      "sampled, no heap\nwalked, nothing left by the filters) prints nothing, with "
	      "\\-\\-json columns without rows and a note;\nstandard error says why and what to "
	      "type, and the status is 1. What was looked for and is not\nthere, as of statements "
	      "in a run without a database, is an answer: a line, and status 0.\n"
	      ".SH EXIT STATUS\n"
	      "0 done; 1 \\-\\-fail\\-on was crossed, it failed, or the recording does not have "
	      "what was asked for;\n2 usage; 3 no such target or not a Python it knows;\n"
	      "4 no permission; 5 unreadable recording. \\fBrun\\fR passes on the "
	      "status of its command if that is\nnot zero (126, 127 and 128+n as env(1)); its own "
	      "failure is 125.\n.SH ENVIRONMENT\n.TP\n.B NO_COLOR, CLICOLOR_FORCE\n"
	      "no colours; colours even if the output is not a terminal (NO_COLOR wins)\n"
	      ".TP\n.B UNSLOW_DISABLE\nset to 1, the agent in a process does nothing\n",
	      out);
}
