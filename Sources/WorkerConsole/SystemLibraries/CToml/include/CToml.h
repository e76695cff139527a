#ifndef CTOML_H
#define CTOML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A place in the text: both counted from 1, columns in Unicode scalars; line 0 stands for no place.
typedef struct {
    uint32_t line;
    uint32_t column;
} ctoml_place;

typedef enum : uint8_t {
    CTOML_TABLE_BEGIN,
    CTOML_TABLE_END,
    CTOML_ARRAY_BEGIN,
    CTOML_ARRAY_END,
    CTOML_STRING,
    CTOML_INTEGER,
    CTOML_FLOAT,
    CTOML_BOOLEAN,
    CTOML_DATE
} ctoml_kind;

/// One step of a walk through the document in the order of the text.
///
/// Begins and ends are paired; the first pair is the root table. The texts belong to the document.
typedef struct {
    ctoml_kind kind;
    /// The table is written in braces.
    bool is_inline;
    /// The value of a boolean.
    bool boolean;
    /// UTF-8, not ended by a zero byte; NULL for the root and for elements of arrays.
    const char *key;
    size_t key_length;
    ctoml_place key_place;
    /// Where the value begins, and what follows it; for a table with a header, the header.
    ctoml_place begin;
    ctoml_place end;
    /// The value of a string, UTF-8, not ended by a zero byte.
    const char *text;
    size_t text_length;
    int64_t integer;
    double real;
} ctoml_event;

typedef struct ctoml_document ctoml_document;

/// Reads a text with toml++, TOML 1.1 included.
///
/// Keys with very many dots make tables that are freed recursively: the caller bounds their number.
/// - Returns: A document for ctoml_free, also when the text is wrong; NULL without memory.
ctoml_document *ctoml_parse(const char *bytes, size_t length);

/// The walk; NULL when the text is wrong.
const ctoml_event *ctoml_events(const ctoml_document *document, size_t *count);

/// What is wrong, ended by a zero byte, and where; NULL when nothing is.
const char *ctoml_error(const ctoml_document *document, ctoml_place *place);

void ctoml_free(ctoml_document *document);

#ifdef __cplusplus
}
#endif

#endif
