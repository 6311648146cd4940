/* Photographs of strangers: any bytes are read without harm, and what is stripped tells no place and strips to itself. */
#include "fuzz.h"
#include "rules/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int32_t latitude = 0, longitude = 0;
    uint8_t *exact = malloc(size ? size : 1), *out = malloc(size ? size : 1),
            *again = malloc(size ? size : 1);
    require(exact && out && again);
    if (size)
        memcpy(exact, data, size);
    if (picture_place(exact, size, &latitude, &longitude)) {
        require(latitude >= -90000000 && latitude <= 90000000);
        require(longitude >= -180000000 && longitude <= 180000000);
        require(latitude || longitude);
    }
    size_t n = picture_strip(exact, size, out);
    require(n <= size);
    if (n) {
        require(!picture_place(out, n, &latitude, &longitude));
        require(picture_strip(out, n, again) == n && !memcmp(out, again, n));
    }
    free(exact);
    free(out);
    free(again);
    return 0;
}
