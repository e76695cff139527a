// zlib: the functions that open a stream are macros, which Swift cannot import.
#ifndef CZLIB_H
#define CZLIB_H

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>

/// Makes a stream that decompresses; `window_bits` as for inflateInit2. NULL when there is no memory.
z_stream *cz_open(int window_bits);
void cz_close(z_stream *stream);

#endif
