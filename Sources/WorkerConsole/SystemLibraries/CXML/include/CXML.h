// libxml2's reader, whose own headers lie in a folder that only this target looks into.
#ifndef CXML_H
#define CXML_H

#include <stdint.h>

typedef struct cx_reader cx_reader;

enum { CX_START = 1, CX_TEXT = 2, CX_END = 3, CX_OTHER = 4, CX_DONE = 0, CX_FAILED = -1 };

/// Reads from bytes that stay where they are until `cx_close`. NULL without memory.
cx_reader *cx_open(const char *bytes, int32_t count);
/// The next piece of the document: one of the constants above.
int cx_next(cx_reader *reader);
/// True when the element that begins has its end in the same tag.
int cx_is_empty(cx_reader *reader);
/// The name of the element without its prefix; NULL when there is none. Valid until the next piece.
const char *cx_name(cx_reader *reader);
/// The text. Valid until the next piece.
const char *cx_text(cx_reader *reader);
void cx_close(cx_reader *reader);

#endif
