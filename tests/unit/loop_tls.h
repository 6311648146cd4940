/* Certificates made on the spot and a TLS server on a thread, for the tests of daemon/loop. */
#ifndef TESTS_LOOP_TLS_H
#define TESTS_LOOP_TLS_H

#include "loop_world.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

struct tls_identity {
    X509 *certificate;
    EVP_PKEY *key;
};

/* subject_alt: "DNS:localhost,IP:127.0.0.1" or NULL for a CA; days may be negative: expired */
__attribute__((unused)) static struct tls_identity tls_identity_new(
    const char *name, const char *subject_alt, int days, const struct tls_identity *issuer)
{
    struct tls_identity id = {X509_new(), EVP_EC_gen("P-256")};
    X509V3_CTX context;
    static long serial = 1;
    X509_set_version(id.certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(id.certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(id.certificate), -20L * 86400);
    X509_gmtime_adj(X509_getm_notAfter(id.certificate), days * 86400L);
    X509_set_pubkey(id.certificate, id.key);
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(id.certificate), "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    const struct tls_identity *by = issuer ? issuer : &id;
    X509_set_issuer_name(id.certificate, X509_get_subject_name(by->certificate));
    X509V3_set_ctx(&context, by->certificate, id.certificate, NULL, NULL, 0);
    X509_EXTENSION *extension =
        X509V3_EXT_conf_nid(NULL, &context, subject_alt ? NID_subject_alt_name : NID_basic_constraints,
            subject_alt ? subject_alt : "critical,CA:TRUE");
    assert_non_null(extension);
    X509_add_ext(id.certificate, extension, -1);
    X509_EXTENSION_free(extension);
    assert_true(X509_sign(id.certificate, by->key, EVP_sha256()) > 0);
    return id;
}

__attribute__((unused)) static void tls_identity_free(struct tls_identity *id)
{
    X509_free(id->certificate);
    EVP_PKEY_free(id->key);
}

__attribute__((unused)) static void tls_write_ca(const struct tls_identity *ca, const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_X509(file, ca->certificate), 1);
    fclose(file);
}

__attribute__((unused)) static SSL_CTX *tls_server_context(const struct tls_identity *id)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    assert_int_equal(SSL_CTX_use_certificate(context, id->certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(context, id->key), 1);
    return context;
}

#endif
