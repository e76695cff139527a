// What Swift cannot import from libcurl's headers: functions with a variable number of arguments. The library is loaded
// when one of its functions is first called.
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

/// Why libcurl cannot be loaded; NULL when it is. Without it handles are NULL and every call fails.
const char *cc_failure(void);

CURLcode cc_set_long(CURL *handle, CURLoption option, long value);
CURLcode cc_set_size(CURL *handle, CURLoption option, curl_off_t value);
/// libcurl keeps a copy of the text, but for CURLOPT_COPYPOSTFIELDS, where it copies as many bytes as were said before.
CURLcode cc_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode cc_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode cc_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
/// For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION.
CURLcode cc_set_taker(CURL *handle, CURLoption option, size_t (*taker)(char *, size_t, size_t, void *));
CURLcode cc_set_progress(CURL *handle, int (*progress)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t));
long cc_get_long(CURL *handle, CURLINFO information);
void *cc_get_pointer(CURL *handle, CURLINFO information);
CURLMcode cc_multi_set_long(CURLM *multi, CURLMoption option, long value);
/// The easy handle of a message that says that a transfer has ended, and how; NULL when there is none.
CURL *cc_next_ended(CURLM *multi, CURLcode *result);

#endif
