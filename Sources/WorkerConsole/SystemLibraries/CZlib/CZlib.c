#include "CZlib.h"

#include <stdlib.h>

z_stream *cz_open(int window_bits)
{
    z_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL)
        return NULL;
    if (inflateInit2(stream, window_bits) != Z_OK) {
        free(stream);
        return NULL;
    }
    return stream;
}

void cz_close(z_stream *stream)
{
    inflateEnd(stream);
    free(stream);
}
