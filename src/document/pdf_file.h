/* The fixed words of a PDF, for what writes and what reads them (private to this folder). */
#ifndef WEAL_DOCUMENT_PDF_FILE_H
#define WEAL_DOCUMENT_PDF_FILE_H

#include <inttypes.h>

#define PDF_HEAD "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"
#define PDF_ATTACHMENT_TYPE " 0 obj\n<</Type/EmbeddedFile/Subtype/application#2Fjson/Length "
#define PDF_ATTACHMENT_BEGIN ">>\nstream\n"
#define PDF_ATTACHMENT_HEAD PDF_ATTACHMENT_TYPE "%010zu" PDF_ATTACHMENT_BEGIN
#define PDF_ATTACHMENT_FOOT "\nendstream\nendobj\n"
#define PDF_END_BEGIN "startxref\n"
#define PDF_END_FOOT "\n%%EOF\n"
#define PDF_END PDF_END_BEGIN "%" PRId64 "\n%%%%EOF\n"
enum { PDF_LENGTH_DIGITS = 10 };

#endif
