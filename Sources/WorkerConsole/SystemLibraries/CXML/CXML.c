#include "CXML.h"

#include <libxml/xmlreader.h>

static xmlTextReaderPtr real(cx_reader *reader) { return (xmlTextReaderPtr)reader; }

static void ignore(void *context, const char *message, xmlParserSeverities severity, xmlTextReaderLocatorPtr locator) {
    (void)context, (void)message, (void)severity, (void)locator;
}

cx_reader *cx_open(const char *bytes, int32_t count) {
    // No network, no messages of its own, and entities stay what they are.
    xmlTextReaderPtr reader =
        xmlReaderForMemory(bytes, count, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (reader) xmlTextReaderSetErrorHandler(reader, ignore, NULL);
    return (cx_reader *)reader;
}

int cx_next(cx_reader *reader) {
    int result = xmlTextReaderRead(real(reader));
    if (result != 1) return result == 0 ? CX_DONE : CX_FAILED;
    switch (xmlTextReaderNodeType(real(reader))) {
    case XML_READER_TYPE_ELEMENT: return CX_START;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_WHITESPACE:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE: return CX_TEXT;
    case XML_READER_TYPE_END_ELEMENT: return CX_END;
    default: return CX_OTHER;
    }
}

int cx_is_empty(cx_reader *reader) { return xmlTextReaderIsEmptyElement(real(reader)) == 1; }

const char *cx_name(cx_reader *reader) { return (const char *)xmlTextReaderConstLocalName(real(reader)); }

const char *cx_text(cx_reader *reader) { return (const char *)xmlTextReaderConstValue(real(reader)); }

void cx_close(cx_reader *reader) { xmlFreeTextReader(real(reader)); }
