/* Where a photograph says it was taken (EXIF): for officers. JPEG, PNG and WebP; libc only: this file is compiled into the
 * parser child. Any bytes are fine. Pure, thread-safe. */
#ifndef RULES_PICTURE_H
#define RULES_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Millionths of a degree, south and west negative. false: it does not say, or says nonsense (0, 0 included: a camera
 * without a fix). Only the beginning of the file is needed, as far as its EXIF reaches. */
bool picture_place(const void *bytes, size_t n, int32_t *ret_latitude, int32_t *ret_longitude);

#endif
