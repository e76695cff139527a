// What Swift cannot import from OpenSSL's headers: macros that call functions, and macros with casts.
#ifndef COPENSSL_H
#define COPENSSL_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/// Refuses versions before this one (TLS1_2_VERSION). Returns 1 or 0.
int co_set_min_version(SSL_CTX *context, int version);
/// Keeps no memory for records while a connection is idle.
void co_release_buffers(SSL_CTX *context);
/// Keeps no sessions in memory: tickets hold them.
void co_keep_no_sessions(SSL_CTX *context);
void co_refuse_renegotiation(SSL_CTX *context);
/// Adds a certificate that leads from the context's own to an authority. Returns 1 or 0.
int co_add_chain_certificate(SSL_CTX *context, X509 *certificate);
/// Names the server that is wanted (RFC 6066, section 3). Returns 1 or 0.
int co_set_server_name(SSL *session, const char *name);

#endif
