#include "load/cookie_date.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/scan.h"

enum { TOKEN_MAX = 16 };

struct date {
	bool has_time, has_day, has_month, has_year;
	struct tm tm;
};

static bool is_token_byte(char c)
{
	const char lower = (char)(c | 0x20);
	return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || c == ':';
}

static bool scan_part(const char **at, uint64_t most, int *part)
{
	uint64_t number;
	if (!scan_decimal(at, most, &number))
		return false;
	*part = (int)number;
	return true;
}

static bool read_time(const char *token, struct tm *tm)
{
	return scan_part(&token, 23, &tm->tm_hour) && scan_text(&token, ":") &&
	       scan_part(&token, 59, &tm->tm_min) && scan_text(&token, ":") &&
	       scan_part(&token, 59, &tm->tm_sec) && *token == '\0';
}

static bool read_month(const char *token, struct tm *tm)
{
	static const char months[][4] = {"jan", "feb", "mar", "apr", "may", "jun",
					 "jul", "aug", "sep", "oct", "nov", "dec"};
	for (int i = 0; i < 12; i++) {
		if (strncasecmp(token, months[i], 3) == 0) {
			tm->tm_mon = i;
			return true;
		}
	}
	return false;
}

/* Two digits are of 1970 to 2069. */
static bool read_year(const char *token, struct tm *tm)
{
	const size_t digits = strlen(token);
	int year;
	if ((digits != 2 && digits != 4) || !scan_part(&token, 9999, &year) || *token)
		return false;
	if (digits == 2)
		year += year < 70 ? 2000 : 1900;
	tm->tm_year = year - 1900;
	return year >= 1601;
}

static bool read_day(const char *token, struct tm *tm)
{
	return strlen(token) <= 2 && scan_part(&token, 31, &tm->tm_mday) && tm->tm_mday > 0 &&
	       *token == '\0';
}

/* A word is the first of these that is still missing and that it can be; else it says nothing. */
static void read_token(struct date *date, const char *token)
{
	if (!date->has_time && read_time(token, &date->tm))
		date->has_time = true;
	else if (!date->has_day && read_day(token, &date->tm))
		date->has_day = true;
	else if (!date->has_month && read_month(token, &date->tm))
		date->has_month = true;
	else if (!date->has_year && read_year(token, &date->tm))
		date->has_year = true;
}

bool cookie_date_read(const char *text, size_t length, int64_t *seconds)
{
	struct date date = {0};
	for (size_t i = 0; i < length;) {
		char token[TOKEN_MAX] = "";
		size_t of_token = 0;
		for (; i < length && is_token_byte(text[i]); i++, of_token++)
			if (of_token < TOKEN_MAX - 1)
				token[of_token] = text[i];
		if (of_token && of_token < TOKEN_MAX)
			read_token(&date, token);
		i += of_token == 0;
	}
	if (!date.has_time || !date.has_day || !date.has_month || !date.has_year)
		return false;
	*seconds = timegm(&date.tm);
	return true;
}
