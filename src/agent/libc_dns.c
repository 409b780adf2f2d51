/* Names looked up. The resolver's own connects and polls happen inside the C
 * library, where no hook sees them: the whole look-up is one call. */
#include <errno.h>
#include <netdb.h>
#include <string.h>

#include "agent/dict.h"
#include "agent/libc_io.h"
#include "agent/libc_real.h"

#define HOST_MAX 253 /* RFC 1035 */

static void dns_end(struct call *c, const char *host, int result)
{
	call_end(c, (struct call_facts){
			    .object = host ? dict_text_id(host, strnlen(host, HOST_MAX)) : 0,
			    .result = result,
			    .flags = result ? RECORD_FAILED : 0,
		    });
}

#define DNS_CALL(type, host, failed, real_call) \
	do { \
		struct call c; \
		if (!call_begin(&c, RECORD_DNS)) \
			return real_call; \
		type result = real_call; \
		dns_end(&c, (host), (failed)); \
		return result; \
	} while (0)

AGENT_EXPORT int getaddrinfo(const char *restrict node, const char *restrict service,
			     const struct addrinfo *restrict hints,
			     struct addrinfo **restrict found)
{
	DNS_CALL(int, node, result, REAL(getaddrinfo)(node, service, hints, found));
}

AGENT_EXPORT int getnameinfo(const struct sockaddr *restrict address, socklen_t address_length,
			     char *restrict host, socklen_t host_length, char *restrict service,
			     socklen_t service_length, int flags)
{
	DNS_CALL(int, NULL, result,
		 REAL(getnameinfo)(address, address_length, host, host_length, service,
				   service_length, flags));
}

AGENT_EXPORT struct hostent *gethostbyname(const char *name)
{
	DNS_CALL(struct hostent *, name, result ? 0 : EAI_NONAME, REAL(gethostbyname)(name));
}

AGENT_EXPORT struct hostent *gethostbyname2(const char *name, int family)
{
	DNS_CALL(struct hostent *, name, result ? 0 : EAI_NONAME,
		 REAL(gethostbyname2)(name, family));
}

AGENT_EXPORT struct hostent *gethostbyaddr(const void *address, socklen_t length, int family)
{
	DNS_CALL(struct hostent *, NULL, result ? 0 : EAI_NONAME,
		 REAL(gethostbyaddr)(address, length, family));
}

AGENT_EXPORT int gethostbyname_r(const char *restrict name, struct hostent *restrict entry,
				 char *restrict buffer, size_t size,
				 struct hostent **restrict found, int *restrict error)
{
	DNS_CALL(int, name, -result,
		 REAL(gethostbyname_r)(name, entry, buffer, size, found, error));
}

AGENT_EXPORT int gethostbyname2_r(const char *restrict name, int family,
				  struct hostent *restrict entry, char *restrict buffer,
				  size_t size, struct hostent **restrict found, int *restrict error)
{
	DNS_CALL(int, name, -result,
		 REAL(gethostbyname2_r)(name, family, entry, buffer, size, found, error));
}

AGENT_EXPORT int gethostbyaddr_r(const void *restrict address, socklen_t length, int family,
				 struct hostent *restrict entry, char *restrict buffer, size_t size,
				 struct hostent **restrict found, int *restrict error)
{
	DNS_CALL(int, NULL, -result,
		 REAL(gethostbyaddr_r)(address, length, family, entry, buffer, size, found, error));
}
