// The functions with a variable number of arguments are called through pointers here.
#define CURL_DISABLE_TYPECHECK
#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

// What is called of libcurl. Each function stands here under its own name and goes on to the library, which is loaded by
// the first call: loading it with the program would take a third of the time of a start that has no use for it.
#define EACH(DO)                                                                                                       \
    DO(curl_easy_cleanup) DO(curl_easy_getinfo) DO(curl_easy_init) DO(curl_easy_setopt) DO(curl_easy_strerror)         \
    DO(curl_getdate) DO(curl_global_init) DO(curl_multi_add_handle) DO(curl_multi_cleanup) DO(curl_multi_info_read)    \
    DO(curl_multi_init) DO(curl_multi_perform) DO(curl_multi_poll) DO(curl_multi_remove_handle)                        \
    DO(curl_multi_setopt) DO(curl_multi_wakeup) DO(curl_slist_append) DO(curl_slist_free_all)

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define DECLARE(name) static __typeof__(&name) real_##name;
EACH(DECLARE)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[256];

static void load(void) {
    // The name of its interface since 2006, on every distribution.
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    const char *missing = NULL;
    if (!library) {
        snprintf(failure, sizeof failure, "%s", dlerror());
        return;
    }
#define FIND(name)                                                                                                     \
    if (!(real_##name = (__typeof__(&name))dlsym(library, #name))) missing = #name;
    EACH(FIND)
    if (missing) snprintf(failure, sizeof failure, "libcurl.so.4 has no %s", missing);
}

const char *cc_failure(void) {
    pthread_once(&once, load);
    return failure[0] ? failure : NULL;
}

CURLcode curl_global_init(long flags) { return cc_failure() ? CURLE_FAILED_INIT : real_curl_global_init(flags); }

time_t curl_getdate(const char *text, const time_t *unused) {
    return cc_failure() ? -1 : real_curl_getdate(text, unused);
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text) {
    return cc_failure() ? NULL : real_curl_slist_append(list, text);
}

void curl_slist_free_all(struct curl_slist *list) {
    if (!cc_failure()) real_curl_slist_free_all(list);
}

CURL *curl_easy_init(void) { return cc_failure() ? NULL : real_curl_easy_init(); }

void curl_easy_cleanup(CURL *handle) {
    if (!cc_failure()) real_curl_easy_cleanup(handle);
}

const char *curl_easy_strerror(CURLcode code) { return cc_failure() ? failure : real_curl_easy_strerror(code); }

CURLM *curl_multi_init(void) { return cc_failure() ? NULL : real_curl_multi_init(); }

CURLMcode curl_multi_cleanup(CURLM *multi) { return cc_failure() ? CURLM_BAD_HANDLE : real_curl_multi_cleanup(multi); }

CURLMcode curl_multi_add_handle(CURLM *multi, CURL *handle) {
    return cc_failure() ? CURLM_BAD_HANDLE : real_curl_multi_add_handle(multi, handle);
}

CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *handle) {
    return cc_failure() ? CURLM_BAD_HANDLE : real_curl_multi_remove_handle(multi, handle);
}

CURLMcode curl_multi_perform(CURLM *multi, int *running) {
    return cc_failure() ? CURLM_BAD_HANDLE : real_curl_multi_perform(multi, running);
}

CURLMcode curl_multi_poll(CURLM *multi, struct curl_waitfd extra[], unsigned count, int milliseconds, int *ready) {
    return cc_failure() ? CURLM_BAD_HANDLE : real_curl_multi_poll(multi, extra, count, milliseconds, ready);
}

CURLMcode curl_multi_wakeup(CURLM *multi) { return cc_failure() ? CURLM_BAD_HANDLE : real_curl_multi_wakeup(multi); }

#define SET(handle, option, value) (cc_failure() ? CURLE_FAILED_INIT : real_curl_easy_setopt(handle, option, value))

CURLcode cc_set_long(CURL *handle, CURLoption option, long value) { return SET(handle, option, value); }

CURLcode cc_set_size(CURL *handle, CURLoption option, curl_off_t value) { return SET(handle, option, value); }

CURLcode cc_set_text(CURL *handle, CURLoption option, const char *value) { return SET(handle, option, value); }

CURLcode cc_set_pointer(CURL *handle, CURLoption option, void *value) { return SET(handle, option, value); }

CURLcode cc_set_list(CURL *handle, CURLoption option, struct curl_slist *value) { return SET(handle, option, value); }

CURLcode cc_set_taker(CURL *handle, CURLoption option, size_t (*taker)(char *, size_t, size_t, void *)) {
    return SET(handle, option, taker);
}

CURLcode cc_set_progress(CURL *handle, int (*progress)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t)) {
    return SET(handle, CURLOPT_XFERINFOFUNCTION, progress);
}

long cc_get_long(CURL *handle, CURLINFO information) {
    long value = 0;
    if (!cc_failure()) real_curl_easy_getinfo(handle, information, &value);
    return value;
}

void *cc_get_pointer(CURL *handle, CURLINFO information) {
    void *value = NULL;
    if (!cc_failure()) real_curl_easy_getinfo(handle, information, &value);
    return value;
}

CURLMcode cc_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return cc_failure() ? CURLM_BAD_HANDLE : real_curl_multi_setopt(multi, option, value);
}

CURL *cc_next_ended(CURLM *multi, CURLcode *result) {
    int left = 0;
    if (cc_failure()) return NULL;
    for (CURLMsg *message; (message = real_curl_multi_info_read(multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}
